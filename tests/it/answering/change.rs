//! A change that the cooperative proposes: nothing is other until the buyer agrees to exactly that.

use super::*;
use ganh::domain::id::OrderLineId;

async fn line_of(kit: &Kit, order: &OrderId) -> OrderLineId {
    bank::look(kit, order).await.lines[0].line.id.clone()
}

fn less(line: &OrderLineId, quantity: i64) -> CanDo {
    CanDo { lines: vec![(line.clone(), Quantity(quantity))], deliver_on: None }
}

on_both_engines! {
    async fn a_paid_order_becomes_less_when_the_buyer_agrees_and_the_difference_is_owed_back(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        let order = bank::order(kit, &[(&fruit, "5")]).await;
        money_list::mark_money_received(kit, &coop.seller, &order.id, Money(100_000)).await.expect("paid");
        ask(kit).await;
        let (path, ..) = link_of(kit, &order.id).await;
        let line = line_of(kit, &order.id).await;
        let field = format!("quantity[{line}]");
        let anyone = app.visitor();
        for wrong in ["0", "5", "6", "x"] {
            assert_eq!(anyone.post(&path, &[("act", "change"), (&field, wrong)]).await.status, 422, "{wrong}");
        }
        let tomorrow = kit.now().day().plus_days(1).to_string();
        let fields = [("act", "change"), (field.as_str(), "3,5"), ("deliver_on", tomorrow.as_str())];
        assert_eq!(anyone.post(&path, &fields).await.status, 303);
        assert!(anyone.get(&path).await.body.contains("Đã hỏi khách"));
        let view = bank::look(kit, &order.id).await;
        assert_eq!((view.order.state, view.order.total_vnd), (OrderState::Placed, Money(100_000)), "nothing is other yet");
        let own = format!("/don/{}?k={}", order.code, ganh::service::showing::order_key(kit, &order.id));
        let page = anyone.get(&own).await.body;
        assert!(page.contains("HTX đề nghị đổi đơn") && page.contains("Đồng ý đổi"), "{page}");
        let proposal = page.split("name=\"proposal\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
        let agree = own.replace("?k=", "/dong-y-doi?k=");
        assert_eq!(anyone.post(&agree, &[("proposal", proposal)]).await.status, 303);
        assert_eq!(anyone.post(&agree, &[("proposal", proposal)]).await.status, 409, "once");
        let view = bank::look(kit, &order.id).await;
        assert_eq!((view.order.state, view.order.total_vnd), (OrderState::Confirmed, Money(70_000)));
        assert_eq!((view.balance.prepaid, view.balance.refund_due), (Money(70_000), Money(30_000)));
        assert_eq!(view.delivery.deliver_on.map(|day| day.to_string()), Some(tomorrow));
        let lot = fruit.lot.clone();
        let lot = kit.db.read(move |conn| store::lot::get(conn, &lot)).await.expect("the lot");
        assert_eq!(lot.held, Base(3_500));
        sound(kit).await;
    }

    async fn a_change_that_the_buyer_leaves_unanswered_ends_the_order_and_one_agreed_to_too_late_does_not_count(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        let order = bank::order(kit, &[(&fruit, "5")]).await;
        money_list::mark_money_received(kit, &coop.seller, &order.id, Money(100_000)).await.expect("paid");
        let line = line_of(kit, &order.id).await;
        proposing::propose(kit, &coop.seller, &order.id, &less(&line, 2_000)).await.expect("asked");
        let change = proposing::find_change(kit, &order.id).await.expect("read").expect("open");
        app.clock.advance_s(3 * 3_600);
        assert_eq!(ask(kit).await, 0, "the cooperative has answered; it is the buyer's turn");
        app.clock.set(change.proposal.until);
        let late = proposing::agree_to_change(kit, &order.id, &change.proposal.id).await;
        assert!(matches!(late, Err(ServiceError::Changed(_))), "{late:?}");
        app.clock.set("2026-11-24T12:00:00+07:00".parse().expect("a time"));
        assert_eq!(ask(kit).await, 1);
        let view = bank::look(kit, &order.id).await;
        assert_eq!((view.order.state, view.balance.refund_due), (OrderState::Declined, Money(100_000)));
        sound(kit).await;
    }

    async fn agreed_to_declined_cancelled_and_accepted_at_once_an_order_ends_up_one_thing(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 5_000).await;
        for round in 0..rounds() {
            let order = bank::order(kit, &[(&fruit, "5")]).await;
            money_list::mark_money_received(kit, &coop.seller, &order.id, Money(100_000)).await.expect("paid");
            let line = line_of(kit, &order.id).await;
            proposing::propose(kit, &coop.seller, &order.id, &less(&line, 2_000)).await.expect("asked");
            let change = proposing::find_change(kit, &order.id).await.expect("read").expect("open");
            let (agreed, (ended, again)) = join(
                join_all((0..3).map(|_| proposing::agree_to_change(kit, &order.id, &change.proposal.id))),
                join(
                    async { if round % 2 == 0 { ending::cancel_order(kit, &order.id).await } else { handling::confirm_order(kit, &coop.seller, &order.id).await } },
                    proposing::propose(kit, &coop.seller, &order.id, &less(&line, 1_000)),
                ),
            ).await;
            let won = agreed.iter().filter(|one| one.is_ok()).count() + usize::from(ended.is_ok());
            assert_eq!(won, 1, "round {round}: {agreed:?} {ended:?} {again:?}");
            let view = bank::look(kit, &order.id).await;
            assert_eq!(view.balance.received, Money(100_000));
            let due = if view.order.state == OrderState::Cancelled { 100_000 } else { 100_000 - view.order.total_vnd.vnd() };
            assert_eq!(view.balance.refund_due, Money(due), "round {round}");
        }
        sound(kit).await;
    }
}
