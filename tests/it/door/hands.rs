//! Cash from a carrier's hands into the till: said, counted, short and over, taken back; both names on the slip.

use super::*;
use crate::kit::app::Actor;
use ganh::service::cash_hand_over::{undo_hand_over, withdraw_cash};
use ganh::service::cash_settling::settle_on_behalf;

on_both_engines! {
    async fn money_comes_into_the_till_when_the_cashier_has_counted_and_what_is_short_stands_apart(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let (mine, cashier) = (app.signed_in(&carrier.account).await, app.signed_in(&coop.seller.account).await);
        let order = on_the_way(&app.kit, &fruit, "17", &carrier).await;
        take(&app.kit, &carrier, &order, 340_000).await.expect("cash");
        mine.get("/ban-hang").await.is(200).says("Đang cầm 340.000");
        cashier.get("/ban-hang/tien").await.is(200).says("Tiền mặt đang ở ai").says(&carrier.name).says("340.000");
        mine.get("/ban-hang/nop-tien").await.is(200).says("340.000").says(order.code.as_text());
        let form = |more: &[(&'static str, &'static str)]| [&[("held", "340000"), ("total", "300.000")][..], more].concat();
        mine.post("/ban-hang/nop-tien", &form(&[("note[200000]", "1"), ("note[50000]", "1")])).await.is(422).says("Các tờ cộng lại là 250.000");
        mine.post("/ban-hang/nop-tien", &form(&[("note[7]", "1")])).await.is(422).says("Số tờ chưa đọc được");
        mine.post("/ban-hang/nop-tien", &form(&[])).await.is(422).says("Số đếm khác sổ");
        assert_eq!(held(&app.kit, &carrier).await, 340_000);
        let sent = mine.post("/ban-hang/nop-tien", &form(&[("note[200000]", "1"), ("note[100000]", "1"), ("agreed", "300000"), ("remark", "Thối nhầm")])).await.is(303);
        let slip = sent.location().split('?').next().expect("an address").to_owned();
        mine.get(&slip).await.is(200).says("Chờ đếm").says("Thôi nộp");
        // Until it is counted it stays where it is.
        assert_eq!((held(&app.kit, &carrier).await, stands_on(&app.kit, &coop, LedgerKind::Cash).await), (340_000, 0));
        mine.post("/ban-hang/nop-tien", &form(&[("agreed", "300000")])).await.is(409).says("đang chờ đếm");
        mine.post(&format!("{slip}/nhan"), &[("counted", "300000")]).await.is(403);
        cashier.get("/ban-hang").await.is(200).says("Đếm và nhận tiền nộp");
        cashier.get(&slip).await.is(200).says("đếm rồi nhận").says("340.000").says("Thối nhầm");
        cashier.post(&format!("{slip}/nhan"), &[("counted", "300.000")]).await.is(422).says("Ghi lý do");
        cashier.post(&format!("{slip}/nhan"), &[("counted", "3.400.000"), ("reason", "x")]).await.is(422).says("số 0");
        let done = [("counted", "300.000"), ("reason", "Thối nhầm cho khách")];
        cashier.post(&format!("{slip}/nhan"), &done).await.is(303);
        cashier.post(&format!("{slip}/nhan"), &done).await.is(303);
        let paper = mine.get(&slip).await.is(200);
        paper.says(&carrier.name).says(&coop.seller.name).says("Thiếu").says("40.000").says("Thối nhầm cho khách").says("200.000");
        assert_eq!(held(&app.kit, &carrier).await, 0);
        for (kind, sum) in [(LedgerKind::Cash, 300_000), (LedgerKind::CashDifference, 40_000), (LedgerKind::CashWithCarrier, 0)] {
            assert_eq!(stands_on(&app.kit, &coop, kind).await, sum, "{kind}");
        }
        cashier.get("/ban-hang/nop-tien").await.is(200).says("thiếu 40.000").says("Tổng đã nhận").says("300.000");
        mine.post(&format!("{slip}/rut"), &[]).await.is(409).says("đã có người đếm");
        check(&app.kit).await;
    }

    async fn too_much_and_kept_change_are_both_said(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let order = on_the_way(&app.kit, &fruit, "5", &carrier).await;
        take(&app.kit, &carrier, &order, 100_000).await.expect("cash");
        let keeps = CashSaid { kept: Money(30_000), ..says(70_000, 100_000) };
        for (wrong, key) in [
            (CashSaid { kept: Money(100_000), ..keeps.clone() }, "refusal-kept"),
            (CashSaid { seen: Money(90_000), ..keeps.clone() }, "refusal-held-changed"),
            (CashSaid { kept: Money(0), agreed: false, ..keeps.clone() }, "refusal-said-differs"),
            (CashSaid { notes: vec![(50_000, 1)], ..keeps.clone() }, "refusal-notes-sum"),
        ] {
            assert_eq!(refusals(say_cash(&app.kit, &carrier, &wrong).await), [key]);
        }
        let id = say_cash(&app.kit, &carrier, &CashSaid { agreed: false, ..keeps }).await.expect("said");
        // What is taken meanwhile is not covered.
        let next = on_the_way(&app.kit, &fruit, "1", &carrier).await;
        take(&app.kit, &carrier, &next, 20_000).await.expect("cash");
        confirm_cash(&app.kit, &coop.seller, &id, &counts(75_000, "Khách cho thêm")).await.expect("counted");
        assert_eq!(held(&app.kit, &carrier).await, 50_000);
        assert_eq!(stands_on(&app.kit, &coop, LedgerKind::CashDifference).await, -5_000);
        assert_eq!(refusals(say_cash(&app.kit, &coop.seller, &says(1, 0)).await), ["refusal-nothing-held"]);
        check(&app.kit).await;
    }

    async fn a_count_is_taken_back_by_an_entry_within_the_hour_by_who_counted(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (carrier, second) = (packer(&app.kit, &coop).await, seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await);
        let id = said(&app.kit, &coop, &fruit, &carrier).await;
        assert_eq!(refusals(undo_hand_over(&app.kit, &second, &id).await), ["refusal-not-counted-yet"]);
        confirm_cash(&app.kit, &coop.seller, &id, &counts(39_000, "Thiếu một tờ")).await.expect("counted");
        assert_eq!(refusals(undo_hand_over(&app.kit, &second, &id).await), ["refusal-undo-count"]);
        let other = packer(&app.kit, &coop).await;
        assert!(matches!(undo_hand_over(&app.kit, &other, &id).await, Err(ServiceError::Forbidden)));
        let cashier = app.signed_in(&coop.seller.account).await;
        cashier.post(&format!("/ban-hang/nop-tien/{id}/bo"), &[]).await.is(303);
        cashier.post(&format!("/ban-hang/nop-tien/{id}/bo"), &[]).await.is(409);
        for (kind, sum) in [(LedgerKind::Cash, 0), (LedgerKind::CashDifference, 0), (LedgerKind::CashWithCarrier, 40_000)] {
            assert_eq!(stands_on(&app.kit, &coop, kind).await, sum, "{kind}");
        }
        check(&app.kit).await;
        let again = say_cash(&app.kit, &carrier, &says(40_000, 40_000)).await.expect("said anew");
        confirm_cash(&app.kit, &second, &again, &counts(40_000, "")).await.expect("counted");
        app.clock.advance_s(3_601);
        assert_eq!(refusals(undo_hand_over(&app.kit, &second, &again).await), ["refusal-undo-count"]);
        assert_eq!(stands_on(&app.kit, &coop, LedgerKind::Cash).await, 40_000);
        check(&app.kit).await;
    }

    async fn nobody_counts_their_own_cash_while_somebody_else_could(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let alone = said(&app.kit, &coop, &fruit, &coop.seller).await;
        let exact = counts(40_000, "");
        assert_eq!(refusals(confirm_cash(&app.kit, &coop.seller, &alone, &exact).await), ["refusal-same-person"]);
        let says_so = CashCounted { is_same_person: true, ..exact.clone() };
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        assert_eq!(refusals(confirm_cash(&app.kit, &coop.seller, &alone, &says_so).await), ["refusal-second-person"]);
        let actor = app.signed_in(&coop.seller.account).await;
        actor.get(&format!("/ban-hang/nop-tien/{alone}")).await.is(200).says("Người khác phải đếm").says(&second.name);
        confirm_cash(&app.kit, &second, &alone, &exact).await.expect("counted by the other");
        // Where nobody else may, the slip says so.
        let single = coop_alone(&app).await;
        let fruit = goods(&app.kit, &single, "Ổi", 20_000, 100).await;
        let own = said(&app.kit, &single, &fruit, &single.seller).await;
        let actor = app.signed_in(&single.seller.account).await;
        let way = format!("/ban-hang/nop-tien/{own}");
        actor.get(&way).await.is(200).says("Tôi vừa giao hàng vừa giữ tiền");
        actor.post(&format!("{way}/nhan"), &[("counted", "40.000")]).await.is(422).says("Đánh dấu ô");
        actor.post(&format!("{way}/nhan"), &[("counted", "40.000"), ("same", "1")]).await.is(303);
        actor.get(&way).await.is(200).says("là một người");
        check(&app.kit).await;
    }

    async fn cash_of_somebody_who_is_gone_is_settled_by_a_manager_with_the_reason_on_the_slip(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        let order = on_the_way(&app.kit, &fruit, "5", &carrier).await;
        take(&app.kit, &carrier, &order, 100_000).await.expect("cash");
        let (manager, accountant) = (app.signed_in(&coop.seller.account).await, app.signed_in(&second.account).await);
        let form = |counted: &'static str, reason: &'static str| {
            [("carrier", carrier.account.as_text().to_owned()), ("held", "100000".into()), ("counted", counted.into()), ("reason", reason.into())]
        };
        let post = async |who: &Actor, fields: [(&str, String); 4]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            who.post("/ban-hang/nop-tien/thay", &fields).await
        };
        manager.get("/ban-hang/nop-tien").await.is(200).says(&format!("{} không tự nộp được?", carrier.name));
        assert!(!accountant.get("/ban-hang/nop-tien").await.is(200).body.contains("không tự nộp được"), "a manager's matter");
        post(&accountant, form("60.000", "Đã nghỉ việc")).await.is(403);
        post(&manager, form("60.000", "x")).await.is(422).says("Ghi lý do ghi thay");
        post(&manager, form("1.000.000", "Đã nghỉ việc")).await.is(422).says("số 0");
        let stale = settle_on_behalf(&app.kit, &coop.seller, &settles(&carrier, 99_000, 60_000, "Đã nghỉ việc")).await;
        assert_eq!(refusals(stale), ["refusal-settle-held"]);
        // What its carrier has said is counted as ever.
        let waiting = say_cash(&app.kit, &carrier, &says(100_000, 100_000)).await.expect("said");
        post(&manager, form("60.000", "Đã nghỉ việc")).await.is(409).says("đã báo nộp 100.000");
        withdraw_cash(&app.kit, &carrier, &waiting).await.expect("withdrawn");
        let done = post(&manager, form("60.000", "Đã nghỉ việc")).await.is(303);
        let slip = done.location().split('?').next().expect("an address").to_owned();
        manager.get(&slip).await.is(200).says("quản lý HTX ghi thay").says("Đã nghỉ việc").says("40.000").says(&coop.seller.name);
        post(&manager, form("60.000", "Đã nghỉ việc")).await.is(409);
        let sums = async || {
            let kinds = [LedgerKind::Cash, LedgerKind::CashDifference, LedgerKind::CashWithCarrier];
            [stands_on(&app.kit, &coop, kinds[0]).await, stands_on(&app.kit, &coop, kinds[1]).await, stands_on(&app.kit, &coop, kinds[2]).await]
        };
        assert_eq!((held(&app.kit, &carrier).await, sums().await), (0, [60_000, 40_000, 0]));
        check(&app.kit).await;
        // Taken back like any count; and then nothing at all was found.
        manager.post(&format!("{slip}/bo"), &[]).await.is(303);
        assert_eq!((held(&app.kit, &carrier).await, sums().await), (100_000, [0, 0, 100_000]));
        post(&manager, form("0", "Đã nghỉ việc, không liên lạc được")).await.is(303);
        assert_eq!((held(&app.kit, &carrier).await, sums().await), (0, [0, 100_000, 0]));
        let own = settle_on_behalf(&app.kit, &coop.seller, &settles(&coop.seller, 0, 0, "Của tôi")).await;
        assert_eq!(refusals(own), ["refusal-settle-own"]);
        let stranger = coop_alone(&app).await.seller;
        assert_eq!(refusals(settle_on_behalf(&app.kit, &stranger, &settles(&carrier, 100_000, 0, "Người lạ")).await), ["refusal-settle-held"]);
        check(&app.kit).await;
    }

    async fn another_cooperatives_slips_cash_and_doors_are_not_there(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let theirs = coop_alone(&app).await;
        let carrier = packer(&app.kit, &coop).await;
        let order = on_the_way(&app.kit, &fruit, "1", &carrier).await;
        let id = said(&app.kit, &coop, &fruit, &carrier).await;
        let row = show_door(&app.kit, &carrier, order.code.as_text()).await.expect("a door");
        assert!(row.cash.is_empty());
        let stranger = &theirs.seller;
        let refused = [
            show_door(&app.kit, stranger, order.code.as_text()).await.map(drop),
            door::take_order(&app.kit, stranger, &order.id).await,
            take(&app.kit, stranger, &order, 20_000).await,
            door::deliver_at_door(&app.kit, stranger, &order.id, Money(20_000)).await,
            confirm_cash(&app.kit, stranger, &id, &counts(40_000, "")).await,
            withdraw_cash(&app.kit, stranger, &id).await,
            undo_hand_over(&app.kit, stranger, &id).await,
            hand_over_view::show_slip(&app.kit, stranger, &id).await.map(drop),
        ];
        for (index, one) in refused.into_iter().enumerate() {
            assert!(matches!(one, Err(ServiceError::NotFound)), "{index}: {one:?}");
        }
        assert!(hand_over_view::list_holders(&app.kit, stranger).await.expect("nobody").is_empty());
        check(&app.kit).await;
    }
}

async fn coop_alone(app: &TestApp) -> Coop {
    coop(&app.kit, "Ổi Găng").await
}
