//! Money owed back to a buyer: where it goes, who agrees, and that it goes once, whoever is faster. After each test every
//! invariant is checked, the refunds against the ledger among them.

mod cash;
mod choices;

use crate::kit::TestDb;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Movement, Placed, checkout, coop, goods, look, order, seller, tell};
use crate::on_both_engines;
use crate::reconciling::{counts, import, line};
use ganh::domain::account::MemberRole;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::payment::{MoneyCaseReason, MoneyCaseState};
use ganh::domain::product::ProductState;
use ganh::domain::refund::RefundState;
use ganh::domain::settlement::Settlement;
use ganh::gateway::bank::generic;
use ganh::service::deciding::{Resolution, resolve_case};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::refund_choices::{give_back_kept, pay_another_order, take_up_waiting_order, wait_for_goods};
use ganh::service::refund_sending::{mark_sent_back, undo_sent_back};
use ganh::service::refunding::{self, Seen, Wanted};
use ganh::service::{ending, handling, listing, operating, showing, verifying};
use ganh::store;
use ganh::store::bank::MoneyCase;
use ganh::store::refund::Refund;

pub async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 900).await;
    (app, coop, fruit)
}

pub async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

pub async fn refunds(kit: &Kit, order: &Placed) -> Vec<Refund> {
    let id = order.id.clone();
    kit.db.read(move |conn| store::refund::list_of_orders(conn, &[id])).await.expect("refunds")
}

/// A paid order that the cooperative cannot deliver.
pub async fn owed(app: &TestApp, coop: &Coop, fruit: &Goods, quantity: &str) -> Placed {
    let order = order(&app.kit, &[(fruit, quantity)]).await;
    tell(app, coop, &Movement::paying(coop, &order)).await.is(200);
    handling::decline_order(&app.kit, &coop.seller, &order.id, "Vườn bị ngập").await.expect("no");
    order
}

pub fn account() -> Wanted {
    Wanted::Account {
        bin: "970436".into(),
        account_number: "101 758 8888".into(),
        holder_name: "Nguyễn Thị Mua".into(),
    }
}

pub async fn ready(app: &TestApp, coop: &Coop, fruit: &Goods, quantity: &str) -> Placed {
    let order = owed(app, coop, fruit, quantity).await;
    refunding::say_where(&app.kit, &order.id, &account()).await.expect("said");
    order
}

/// The cooperative's own bank app sends it, and the bank tells.
pub fn leaving(coop: &Coop, order: &Placed) -> Movement {
    Movement { is_in: false, ..Movement::to(coop, format!("HF{}", order.code), order.total_vnd) }
}

/// An order that ended paid for goods that were gone: two kilograms there were, somebody else was faster.
pub async fn short(app: &TestApp, coop: &Coop) -> (Goods, Placed, String) {
    let fruit = goods(&app.kit, coop, "Nhãn hiếm", 20_000, 2).await;
    let raw = checkout(&[(&fruit, "2")]);
    let late = bank::orders(&app.kit, &raw).await.pop().expect("an order");
    app.clock.advance_s(15 * 60);
    ending::expire_orders(&app.kit).await.expect("a round");
    let faster = order(&app.kit, &[(&fruit, "2")]).await;
    tell(app, coop, &Movement::paying(coop, &faster)).await.is(200);
    tell(app, coop, &Movement::paying(coop, &late)).await.is(200);
    (fruit, late, raw.buyer.phone)
}

pub async fn cases(kit: &Kit, order: &Placed) -> Vec<MoneyCase> {
    let id = order.id.clone();
    kit.db.read(move |conn| store::bank::list_cases_of_order(conn, &id)).await.expect("cases")
}

on_both_engines! {
    async fn the_buyer_says_where_and_staff_get_the_code_with_the_exact_sum(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = owed(&app, &coop, &fruit, "2").await;
        let key = showing::order_key(&app.kit, &order.id);
        let (page, buyer) = (format!("/don/{}?k={key}", order.code), app.visitor());
        buyer.get(&page).await.is(200).says("40.000").says("Gửi tài khoản cho HTX");
        let way = format!("/don/{}/tai-khoan-nhan?k={key}", order.code);
        buyer.post(&way, &[("bin", "970436"), ("account_number", "1"), ("holder_name", "Mua")]).await.is(422).says("Số tài khoản chưa đúng");
        let fields = [("bin", "970436"), ("account_number", "101 758 8888"), ("holder_name", "Nguyễn Thị Mua")];
        buyer.post(&format!("/don/{}/tai-khoan-nhan?k=sai", order.code), &fields).await.is(404);
        buyer.post(&way, &fields).await.is(303);
        buyer.post(&way, &fields).await.is(303);
        let shown = buyer.get(&page).await.is(200);
        shown.says("…8888");
        assert!(!shown.body.contains("1017588888"), "whoever holds the link sees no whole number");
        let actor = app.signed_in(&coop.seller.account).await;
        let staff = actor.get(&format!("/ban-hang/don/{}/tra-lai", order.code)).await.is(200);
        staff.says("1017588888").says("NGUYEN THI MUA").says(&format!("HF{}", order.code)).says("40.000");
        actor.get(&format!("/ban-hang/don/{}/tra-lai/ma-qr.png", order.code)).await.is(200);
        let way = format!("/ban-hang/don/{}/tra-lai", order.code);
        actor.post(&way, &[("amount", "39999"), ("account", "1017588888")]).await.is(409).says("Xem lại rồi bấm lần nữa");
        actor.post(&way, &[("amount", "40000"), ("account", "1017588889")]).await.is(409).says("tài khoản nhận đã đổi");
        let seen = [("amount", "40000"), ("account", "1017588888")];
        actor.post(&way, &seen).await.is(303);
        actor.post(&way, &seen).await.is(409);
        actor.get(&way).await.is(200).says("HTX tự ghi đã chuyển trả").says("Bỏ ghi nhầm này");
        assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Refunded);
        buyer.get(&page).await.is(200).says("HTX tự ghi đã chuyển trả");
        check(&app.kit).await;
    }

    async fn the_outgoing_movement_closes_a_refund_and_proves_a_persons_word(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (told, said) = (ready(&app, &coop, &fruit, "2").await, ready(&app, &coop, &fruit, "3").await);
        for wrong in [
            Movement { amount_vnd: 41_000, ..leaving(&coop, &told) },
            Movement { amount_vnd: 39_000, memo: told.code.to_string(), ..leaving(&coop, &told) },
            Movement { memo: "tra tien phan bon".into(), ..leaving(&coop, &told) },
        ] {
            tell(&app, &coop, &wrong).await.is(200);
            assert!(refunds(&app.kit, &told).await[0].state.is_under_way(), "{} proves nothing", wrong.memo);
        }
        tell(&app, &coop, &leaving(&coop, &told)).await.is(200);
        mark_sent_back(&app.kit, &coop.seller, &said.id, Money(60_000)).await.expect("said");
        assert_eq!(refunds(&app.kit, &said).await[0].state, RefundState::Sent);
        tell(&app, &coop, &leaving(&coop, &said)).await.is(200);
        for order in [&told, &said] {
            let rows = refunds(&app.kit, order).await;
            assert_eq!((rows.len(), rows[0].state, rows[0].closed_by_event.is_some()), (1, RefundState::Closed, true));
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.settlement, view.balance.refunded.vnd(), view.balance.refund_due), (Settlement::Refunded, order.total_vnd, Money(0)));
            let cases = cases(&app.kit, order).await;
            assert!(cases.iter().all(|case| case.state == MoneyCaseState::Resolved));
        }
        tell(&app, &coop, &leaving(&coop, &told)).await.is(200);
        assert_eq!(look(&app.kit, &told.id).await.balance.refunded.vnd(), told.total_vnd, "a second one is booked for nobody");
        check(&app.kit).await;
    }

    async fn a_large_refund_needs_a_second_person_signed_in_or_by_a_link_that_only_its_button_acts(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        let packer = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        let order = ready(&app, &coop, &fruit, "100").await;
        let amount = Money(order.total_vnd);
        assert_eq!(refusals(mark_sent_back(&app.kit, &coop.seller, &order.id, amount).await), ["refusal-refund-second"]);
        for nobody in [&coop.seller.account, &packer.account] {
            assert_eq!(refusals(refunding::ask_second(&app.kit, &coop.seller, &order.id, nobody).await), ["refusal-refund-who"]);
        }
        let (id, first) = refunding::ask_second(&app.kit, &coop.seller, &order.id, &second.account).await.expect("a link");
        let (_, token) = refunding::ask_second(&app.kit, &coop.seller, &order.id, &second.account).await.expect("another");
        let visitor = app.visitor();
        visitor.get(&format!("/duyet-tra/{id}?k={first}")).await.is(200).says("không còn dùng được");
        let way = format!("/duyet-tra/{id}?k={token}");
        visitor.get(&way).await.is(200).says("2.000.000").says("NGUYEN THI MUA");
        visitor.get(&way).await.is(200);
        assert_eq!(refunds(&app.kit, &order).await[0].state, RefundState::Ready, "showing changes nothing");
        visitor.post(&format!("/duyet-tra/{id}?k={first}"), &[]).await.is(409);
        visitor.post(&way, &[]).await.is(200).says("Bạn đã đồng ý");
        visitor.post(&way, &[]).await.is(409);
        assert_eq!(refusals(mark_sent_back(&app.kit, &second, &order.id, amount).await), ["refusal-refund-own-yes"]);
        // A new account is a new question.
        let elsewhere = Wanted::Account { bin: "970405".into(), account_number: "3900205123456".into(), holder_name: "A B".into() };
        refunding::say_where(&app.kit, &order.id, &elsewhere).await.expect("changed");
        assert_eq!(refusals(mark_sent_back(&app.kit, &coop.seller, &order.id, amount).await), ["refusal-refund-second"]);
        assert_eq!(refusals(refunding::approve(&app.kit, &second, &order.id, Money(1)).await), ["refusal-refund-changed"]);
        refunding::approve(&app.kit, &second, &order.id, amount).await.expect("agreed");
        mark_sent_back(&app.kit, &coop.seller, &order.id, amount).await.expect("sent");
        let row = refunds(&app.kit, &order).await.remove(0);
        assert_eq!((row.approved_by, row.sent_by), (Some(second.account), Some(coop.seller.account.clone())));
        check(&app.kit).await;
    }

    async fn a_link_dies_with_the_time_and_with_the_role(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        let order = ready(&app, &coop, &fruit, "100").await;
        let (id, token) = refunding::ask_second(&app.kit, &coop.seller, &order.id, &second.account).await.expect("a link");
        app.clock.advance_s(2 * 86_400 + 1);
        assert_eq!(refusals(refunding::approve_by_link(&app.kit, &id, &token).await), ["refusal-link-dead"]);
        let (id, token) = refunding::ask_second(&app.kit, &coop.seller, &order.id, &second.account).await.expect("a link");
        let (cooperative, account) = (coop.id.clone(), second.account.clone());
        app.kit.db.write(move |conn| {
            let member = store::member::find(conn, &cooperative, &account)?.expect("a member");
            store::member::delete_roles(conn, &member.id)
        }).await.expect("roles end");
        assert_eq!(refusals(refunding::approve_by_link(&app.kit, &id, &token).await), ["refusal-link-dead"]);
        check(&app.kit).await;
    }

    async fn a_late_refund_is_seen_by_the_operator_and_stops_new_listings(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = ready(&app, &coop, &fruit, "2").await;
        let operator = app.operator().await.operator_proof();
        let late = |today: operating::Today| today.refunds_late.len();
        app.clock.advance_s(86_400);
        assert_eq!(late(operating::list_todays_work(&app.kit, &operator).await.expect("today")), 0, "a day is given");
        listing::set_product_state(&app.kit, &coop.seller, &fruit.product, ProductState::Hidden).await.expect("hidden");
        app.clock.advance_s(60);
        assert_eq!(late(operating::list_todays_work(&app.kit, &operator).await.expect("today")), 1);
        let again = listing::set_product_state(&app.kit, &coop.seller, &fruit.product, ProductState::Published).await;
        assert_eq!(refusals(again), ["refusal-refund-late"]);
        let actor = app.signed_in(&coop.seller.account).await;
        let way = format!("/ban-hang/don/{}/tra-lai", order.code);
        for page in ["/ban-hang", "/ban-hang/hang"] {
            actor.get(page).await.is(200).says(&way);
        }
        let form = [("name", "Ổi lê"), ("category", "fruit"), ("price", "25.000"), ("quantity", "12,5"), ("place", "Vườn sau đê")];
        actor.post("/ban-hang/hang/dang-nhanh", &form).await.is(409).says(&way).says("đang trả tiền trễ");
        mark_sent_back(&app.kit, &coop.seller, &order.id, Money(40_000)).await.expect("sent");
        listing::set_product_state(&app.kit, &coop.seller, &fruit.product, ProductState::Published).await.expect("listed again");
        // A buyer who does not say where stops nobody; the operator sees it all the same.
        owed(&app, &coop, &fruit, "1").await;
        app.clock.advance_s(2 * 86_400);
        assert_eq!(late(operating::list_todays_work(&app.kit, &operator).await.expect("today")), 1);
        listing::set_product_state(&app.kit, &coop.seller, &fruit.product, ProductState::Hidden).await.expect("hidden");
        listing::set_product_state(&app.kit, &coop.seller, &fruit.product, ProductState::Published).await.expect("not stopped");
        check(&app.kit).await;
    }

    async fn another_cooperatives_refund_is_not_there_and_money_is_not_everybodys_matter(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let other = crate::kit::bank::coop(&app.kit, "Gà Đông Tảo").await;
        let packer = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        let order = ready(&app, &coop, &fruit, "2").await;
        let theirs = mark_sent_back(&app.kit, &other.seller, &order.id, Money(40_000)).await;
        assert!(matches!(theirs, Err(ServiceError::NotFound)), "{theirs:?}");
        let without = mark_sent_back(&app.kit, &packer, &order.id, Money(40_000)).await;
        assert!(matches!(without, Err(ServiceError::Forbidden)), "{without:?}");
        assert_eq!(refusals(wait_for_goods(&app.kit, &order.id).await), ["refusal-not-short"]);
        check(&app.kit).await;
    }

    async fn a_part_under_the_refunds_reference_leaves_the_rest_owed_and_a_second_telling_changes_nothing(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = ready(&app, &coop, &fruit, "3").await;
        let part = Movement { amount_vnd: 25_000, ..leaving(&coop, &order) };
        tell(&app, &coop, &part).await.is(200);
        tell(&app, &coop, &part).await.is(200);
        let rows = refunds(&app.kit, &order).await;
        let open = rows.iter().find(|row| row.state.is_under_way()).expect("the rest");
        assert_eq!((rows.len(), open.amount_vnd, open.state), (2, Money(35_000), RefundState::Ready));
        assert!(cases(&app.kit, &order).await.iter().any(|case| case.state == MoneyCaseState::Open), "somebody is still asked");
        check(&app.kit).await;
        tell(&app, &coop, &Movement { amount_vnd: 35_000, ..leaving(&coop, &order) }).await.is(200);
        let rows = refunds(&app.kit, &order).await;
        assert!(rows.len() == 2 && rows.iter().all(|row| row.state == RefundState::Closed), "{rows:#?}");
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.settlement, view.balance.refunded), (Settlement::Refunded, Money(60_000)));
        tell(&app, &coop, &Movement { amount_vnd: 35_000, ..leaving(&coop, &order) }).await.is(200);
        assert_eq!(look(&app.kit, &order.id).await.balance.refunded, Money(60_000));
        check(&app.kit).await;
    }

    async fn a_statement_line_closes_or_proves_it_and_is_shown_as_what_it_is(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (told, said) = (ready(&app, &coop, &fruit, "2").await, ready(&app, &coop, &fruit, "3").await);
        mark_sent_back(&app.kit, &coop.seller, &said.id, Money(60_000)).await.expect("said");
        let lines = [line(&leaving(&coop, &told)), line(&leaving(&coop, &said))];
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(2, 0, 0));
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(0, 0, 2));
        let actor = app.signed_in(&coop.seller.account).await;
        for order in [&told, &said] {
            assert_eq!(refunds(&app.kit, order).await[0].state, RefundState::Closed);
            assert_eq!(look(&app.kit, &order.id).await.balance.refunded.vnd(), order.total_vnd);
            actor.get(&format!("/ban-hang/don/{}/tra-lai", order.code)).await.is(200).says("Sao kê ngân hàng ghi đã chuyển trả");
            let key = showing::order_key(&app.kit, &order.id);
            app.visitor().get(&format!("/don/{}?k={key}", order.code)).await.is(200).says("Sao kê ngân hàng ghi đã chuyển trả");
        }
        check(&app.kit).await;
    }

    async fn a_movement_without_our_words_is_known_by_account_and_sum_when_only_one_refund_fits(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = bank::coop_paid_by(&app.kit, "Nhãn Lồng", BankProvider::Generic).await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 900).await;
        let bank_says = async |id: &str, direction: &str, amount: i64, memo: &str, payer: &str| {
            let body = serde_json::json!({
                "id": id, "account": coop.account_number, "amount_vnd": amount, "direction": direction, "memo": memo,
                "payer": "NGUYEN THI MUA", "payer_account": payer, "reference": id,
            }).to_string();
            let at_s = app.kit.now().unix_seconds();
            let secret = coop.receiving.secret.clone().expect("a secret");
            let visitor = app.visitor();
            let request = visitor
                .request("POST", &format!("/webhooks/bank/generic/{}", coop.receiving.path_id))
                .header("content-type", "application/json")
                .header(generic::TIMESTAMP_HEADER, at_s.to_string())
                .header(generic::SIGNATURE_HEADER, generic::sign(&secret, at_s, body.as_bytes()))
                .body(body);
            visitor.send(request).await.is(200);
        };
        let mut orders = Vec::new();
        for n in 0..3 {
            let order = order(&app.kit, &[(&fruit, "2")]).await;
            bank_says(&format!("in{n}"), "in", order.total_vnd, order.code.as_text(), "101 758 8888").await;
            handling::decline_order(&app.kit, &coop.seller, &order.id, "Vườn bị ngập").await.expect("no");
            orders.push(order);
        }
        // The buyer takes the account that the bank named, and never sees its whole number.
        let key = showing::order_key(&app.kit, &orders[0].id);
        let page = app.visitor().get(&format!("/don/{}?k={key}", orders[0].code)).await.is(200);
        page.says("…8888").says("NGUYEN THI MUA");
        assert!(!page.body.contains("1017588888"));
        refunding::say_where(&app.kit, &orders[0].id, &Wanted::WhereItCameFrom { bin: "970436".into() }).await.expect("said");
        bank_says("out1", "out", 40_001, "chuyen tien", "1017588888").await;
        bank_says("out2", "out", 40_000, "chuyen tien", "1017588889").await;
        assert_eq!(refunds(&app.kit, &orders[0]).await[0].state, RefundState::Ready);
        bank_says("out3", "out", 40_000, "chuyen tien", "1017588888").await;
        assert_eq!(refunds(&app.kit, &orders[0]).await[0].state, RefundState::Closed);
        for order in &orders[1..] {
            refunding::say_where(&app.kit, &order.id, &account()).await.expect("said");
        }
        bank_says("out4", "out", 40_000, "chuyen tien", "1017588888").await;
        for order in &orders[1..] {
            assert_eq!(refunds(&app.kit, order).await[0].state, RefundState::Ready, "two fit: nobody guesses");
        }
        check(&app.kit).await;
    }

    async fn what_was_said_to_be_sent_is_taken_back_within_the_hour_and_not_after_nor_when_proven(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = ready(&app, &coop, &fruit, "2").await;
        let since = refunds(&app.kit, &order).await[0].account_at;
        for _ in 0..2 {
            mark_sent_back(&app.kit, &coop.seller, &order.id, Money(40_000)).await.expect("said");
            let sent = refunds(&app.kit, &order).await.into_iter().find(|row| row.state == RefundState::Sent).expect("sent");
            app.clock.advance_s(3_600);
            undo_sent_back(&app.kit, &coop.seller, &sent.id).await.expect("within the hour");
            assert_eq!(refusals(undo_sent_back(&app.kit, &coop.seller, &sent.id).await), ["refusal-refund-undo"]);
            let open = refunds(&app.kit, &order).await.into_iter().find(|row| row.state.is_under_way()).expect("owed again");
            assert_eq!((open.amount_vnd, open.state, open.account_at), (Money(40_000), RefundState::Ready, since));
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.settlement, view.balance.refunded), (Settlement::RefundDue, Money(0)));
            check(&app.kit).await;
        }
        mark_sent_back(&app.kit, &coop.seller, &order.id, Money(40_000)).await.expect("said");
        let sent = refunds(&app.kit, &order).await.into_iter().find(|row| row.state == RefundState::Sent).expect("sent");
        tell(&app, &coop, &leaving(&coop, &order)).await.is(200);
        assert_eq!(refusals(undo_sent_back(&app.kit, &coop.seller, &sent.id).await), ["refusal-refund-undo"]);
        let other = ready(&app, &coop, &fruit, "1").await;
        mark_sent_back(&app.kit, &coop.seller, &other.id, Money(20_000)).await.expect("said");
        let sent = refunds(&app.kit, &other).await.remove(0);
        app.clock.advance_s(3_601);
        assert_eq!(refusals(undo_sent_back(&app.kit, &coop.seller, &sent.id).await), ["refusal-refund-undo"]);
        check(&app.kit).await;
    }

    async fn a_large_refund_is_not_made_small_by_sending_it_in_parts(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        refunding::ask_second_from(&app.kit, &coop.seller, Money(70_000)).await.expect("laid down");
        // Paid twice and a half: two cases of one debt.
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement { amount_vnd: 80_000, ..Movement::paying(&coop, &order) }).await.is(200);
        tell(&app, &coop, &Movement { amount_vnd: 20_000, ..Movement::paying(&coop, &order) }).await.is(200);
        let row = refunds(&app.kit, &order).await.remove(0);
        assert_eq!((row.amount_vnd, row.state), (Money(60_000), RefundState::AskedAccount), "over-payment and duplicate lead here");
        let duplicate = |cases: Vec<MoneyCase>| cases.into_iter().find(|case| case.reason == MoneyCaseReason::Duplicate).expect("a case");
        let case = duplicate(cases(&app.kit, &order).await);
        resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::SentBack).await.expect("small enough");
        let sent = refunds(&app.kit, &order).await;
        assert_eq!(sent.iter().filter(|row| row.state == RefundState::Sent).map(|row| row.amount_vnd).collect::<Vec<_>>(), [Money(20_000)]);
        // With it, and ten thousand more that come, it would be ninety thousand by one person.
        tell(&app, &coop, &Movement { amount_vnd: 30_000, ..Movement::paying(&coop, &order) }).await.is(200);
        refunding::say_where(&app.kit, &order.id, &account()).await.expect("said");
        assert_eq!(refusals(mark_sent_back(&app.kit, &coop.seller, &order.id, Money(70_000)).await), ["refusal-refund-second"]);
        let case = cases(&app.kit, &order).await.into_iter().find(|case| case.state == MoneyCaseState::Open).expect("a case");
        let part = resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::SentBack).await;
        assert_eq!(refusals(part), ["refusal-refund-second"], "nor part by part");
        let elsewhere = Seen { amount: Money(70_000), account_number: Some("1".into()) };
        assert_eq!(refusals(refunding::approve(&app.kit, &second, &order.id, elsewhere).await), ["refusal-refund-changed"]);
        refunding::approve(&app.kit, &second, &order.id, Money(70_000)).await.expect("agreed");
        resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::SentBack).await.expect("a part of what was agreed to");
        let open = refunds(&app.kit, &order).await.into_iter().find(|row| row.state.is_under_way()).expect("the rest");
        assert_eq!((open.state, open.approved_by.as_ref()), (RefundState::Approved, Some(&second.account)), "less than was agreed to");
        mark_sent_back(&app.kit, &coop.seller, &order.id, open.amount_vnd).await.expect("the rest");
        assert_eq!(look(&app.kit, &order.id).await.balance.refund_due, Money(0));
        check(&app.kit).await;
    }
}
