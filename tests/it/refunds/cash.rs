//! Money that goes back out of the till: a person's word, and none of the bank's matter.

use super::*;
use ganh::domain::books::Month;
use ganh::domain::ledger::LedgerKind;
use ganh::service::books::show_books;
use ganh::service::refund_sending::mark_paid_in_cash;

/// What stands on the bank and in the till.
async fn stands(kit: &Kit, coop: &Coop) -> (i64, i64) {
    let lines = show_books(kit, &coop.seller, Month::of(kit.now().day())).await.expect("books");
    let of = |kind| lines.iter().find(|line| line.kind == kind).expect("an account").closing.vnd();
    (of(LedgerKind::Bank), of(LedgerKind::Cash))
}

on_both_engines! {
    async fn a_refund_paid_in_cash_leaves_the_till_and_no_movement_is_its_proof(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = ready(&app, &coop, &fruit, "2").await;
        assert_eq!(stands(&app.kit, &coop).await, (40_000, 0));
        let actor = app.signed_in(&coop.seller.account).await;
        let way = format!("/ban-hang/don/{}/tra-lai", order.code);
        actor.get(&way).await.is(200).says("Đã trả tiền mặt").says("lấy từ quỹ của HTX");
        let seen = [("act", "cash"), ("amount", "40000"), ("account", "1017588888")];
        actor.post(&way, &[seen[0], ("amount", "39999"), seen[2]]).await.is(409);
        actor.post(&way, &seen).await.is(303);
        actor.post(&way, &seen).await.is(409);
        actor.get(&way).await.is(200).says("HTX tự ghi đã trả tiền mặt");
        let key = showing::order_key(&app.kit, &order.id);
        app.visitor().get(&format!("/don/{}?k={key}", order.code)).await.is(200).says("HTX tự ghi đã trả bạn tiền mặt");
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.settlement, view.balance.refunded), (Settlement::Refunded, Money(40_000)));
        assert_eq!(stands(&app.kit, &coop).await, (40_000, -40_000), "out of the till, not out of the account");
        assert!(cases(&app.kit, &order).await.iter().all(|case| case.state == MoneyCaseState::Resolved));
        check(&app.kit).await;
        // Money that leaves the account under the same words is another matter.
        tell(&app, &coop, &leaving(&coop, &order)).await.is(200);
        let rows = refunds(&app.kit, &order).await;
        assert_eq!((rows.len(), rows[0].state, rows[0].closed_by_event.as_ref()), (1, RefundState::Sent, None));
        assert_eq!(look(&app.kit, &order.id).await.balance.refunded, Money(40_000));
        check(&app.kit).await;
    }

    async fn cash_said_by_mistake_is_in_the_till_again_and_may_go_by_the_bank(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = ready(&app, &coop, &fruit, "2").await;
        mark_paid_in_cash(&app.kit, &coop.seller, &order.id, Money(40_000)).await.expect("said");
        let sent = refunds(&app.kit, &order).await.remove(0);
        undo_sent_back(&app.kit, &coop.seller, &sent.id).await.expect("taken back");
        assert_eq!(stands(&app.kit, &coop).await, (40_000, 0));
        check(&app.kit).await;
        tell(&app, &coop, &leaving(&coop, &order)).await.is(200);
        assert_eq!(stands(&app.kit, &coop).await, (0, 0));
        let closed = refunds(&app.kit, &order).await.into_iter().find(|row| row.state == RefundState::Closed).expect("closed");
        assert!(!closed.in_cash && closed.closed_by_event.is_some());
        check(&app.kit).await;
    }

    async fn cash_needs_the_second_person_as_a_transfer_does_and_verify_sees_a_till_that_disagrees(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        let order = ready(&app, &coop, &fruit, "100").await;
        let amount = Money(order.total_vnd);
        assert_eq!(refusals(mark_paid_in_cash(&app.kit, &coop.seller, &order.id, amount).await), ["refusal-refund-second"]);
        refunding::approve(&app.kit, &second, &order.id, amount).await.expect("agreed");
        assert_eq!(refusals(mark_paid_in_cash(&app.kit, &second, &order.id, amount).await), ["refusal-refund-own-yes"]);
        mark_paid_in_cash(&app.kit, &coop.seller, &order.id, amount).await.expect("paid");
        check(&app.kit).await;
        let id = refunds(&app.kit, &order).await.remove(0).id;
        app.kit.db.write(move |conn| {
            use diesel::prelude::*;
            use ganh::store::schema::refund;
            let row = diesel::update(refund::table.find(&id)).set(refund::in_cash.eq(false));
            row.execute(conn).map_err(store::StoreError::from)
        }).await.expect("a lie");
        let report = verifying::verify(&app.kit).await.expect("a report");
        assert!(report.broken().iter().any(|said| said.contains("booked out of the till")), "{:#?}", report.broken());
    }
}
