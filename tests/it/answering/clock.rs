//! The clock: in turn, in the cooperative's hours, each stage once however many run it and however long nobody did.

use super::*;
use ganh::domain::account::GrantKind;
use ganh::service::people::{NewGrant, give_grant};

fn open(words: &[Message]) -> usize {
    words.iter().filter(|one| one.state == MessageState::Open).count()
}

on_both_engines! {
    async fn the_clock_asks_in_turn_and_declines_when_promise_and_grace_are_over(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Một", 1).await;
        let packer = make::person(kit, "Ông Đóng Gói", 2).await;
        ganh::service::people::add_member(kit, &seller.cooperative, &packer, "2", &[MemberRole::Packer]).await.expect("in");
        let helper = make::person(kit, "Cô Giúp", 3).await;
        let grant = NewGrant {
            kind: GrantKind::Helper, territory: make::TAN_HUNG.into(), basis: "QĐ 1".into(), office: None, valid_days: None,
        };
        give_grant(kit, &helper, grant).await.expect("a grant");
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        make::lot(kit, &seller, &product, Base(50_000)).await;
        let order = make::order_of(kit, "nhan-long", "1").await;
        let to_confirm = || words_of(kit, &order, MessageKind::OrderToConfirm);
        let unanswered = || words_of(kit, &order, MessageKind::OrderUnanswered);
        assert_eq!((ask(kit).await, ask(kit).await), (1, 0), "once");
        app.clock.advance_s(39 * 60);
        assert_eq!(ask(kit).await, 1, "the same person again");
        app.clock.advance_s(41 * 60);
        assert_eq!(ask(kit).await, 1, "the others");
        let asked: Vec<_> = to_confirm().await.into_iter().filter_map(|one| one.account_id).collect();
        assert_eq!(asked, [packer.clone(), packer.clone(), seller.account.clone()]);
        assert_eq!(open(&to_confirm().await), 1, "one card, the newest");
        app.clock.advance_s(19 * 60);
        assert_eq!(ask(kit).await, 1, "somebody of the cooperative calls");
        let calls = unanswered().await;
        assert_eq!((calls.len(), calls[0].cooperative_id.as_ref()), (1, Some(&seller.cooperative)));
        app.clock.advance_s(21 * 60);
        assert_eq!(ask(kit).await, 1, "the helper and the operator");
        let calls: Vec<_> = unanswered().await.into_iter().filter(|one| one.state == MessageState::Open).collect();
        assert_eq!((calls.len(), calls.iter().filter(|one| one.account_id.as_ref() == Some(&helper)).count()), (2, 1));
        assert!(calls.iter().all(|one| one.cooperative_id.is_none()), "in the market's own list");
        app.clock.advance_s(59 * 60);
        assert_eq!(ask(kit).await, 0, "the grace");
        app.clock.advance_s(60);
        assert_eq!(ask(kit).await, 1);
        let last = moves(kit, &order).await.pop().expect("a move");
        assert_eq!((last.event, last.by_kind), (OrderEvent::Declined, ActorKind::Clock));
        assert_eq!(last.reason.as_deref(), Some("HTX không kịp trả lời trong giờ đã hẹn."));
        assert_eq!(words_of(kit, &order, MessageKind::OrderDeclined).await.len(), 1);
        assert_eq!(open(&unanswered().await), 0, "nobody needs to call any more");
        sound(kit).await;
    }

    async fn nobody_is_asked_and_nothing_is_declined_at_night_and_the_buyer_reads_when_it_opens(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Một", 1).await;
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        make::lot(kit, &seller, &product, Base(50_000)).await;
        app.clock.set("2026-11-23T21:40:00+07:00".parse().expect("a time"));
        let order = make::order_of(kit, "nhan-long", "1").await;
        assert_eq!(ask(kit).await, 0);
        let key = ganh::service::showing::order_key(kit, &order);
        let page = app.visitor().get(&format!("/don/{}?k={key}", order_now(kit, &order).await.code)).await;
        assert!(page.body.contains("HTX mở lại lúc 06:00") || page.body.contains("HTX mở lại lúc 6"), "{}", page.body);
        app.clock.set("2026-11-24T06:00:00+07:00".parse().expect("a time"));
        assert_eq!(ask(kit).await, 1);
        // The promise ends at 8, the grace at 9; the worker comes back in the middle of the next night.
        app.clock.set("2026-11-25T02:00:00+07:00".parse().expect("a time"));
        ask(kit).await;
        assert_eq!(order_now(kit, &order).await.state, OrderState::Placed, "not at night");
        app.clock.set("2026-11-25T06:00:00+07:00".parse().expect("a time"));
        assert_eq!(ask(kit).await, 1);
        assert_eq!(order_now(kit, &order).await.state, OrderState::Declined);
        sound(kit).await;
    }

    async fn a_worker_off_for_a_day_and_on_again_closes_and_tells_everything_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 50).await;
        let unpaid = bank::order(kit, &[(&fruit, "1")]).await;
        let paid = bank::order(kit, &[(&fruit, "2")]).await;
        money_list::mark_money_received(kit, &coop.seller, &paid.id, Money(40_000)).await.expect("paid");
        app.clock.advance_s(23 * 3_600);
        let fresh = ganh::service::checkout::RawCheckout { payment: "cod".into(), ..bank::checkout(&[(&fruit, "1")]) };
        let fresh = bank::orders(kit, &fresh).await.remove(0);
        // Three hours of the promised four are over when the worker wakes: one word, the newest.
        app.clock.advance_s(3 * 3_600);
        for _ in 0..2 {
            let all = join_all((0..4).map(|_| async {
                ending::expire_orders(kit).await.expect("ended");
                ask(kit).await
            }));
            all.await;
        }
        for order in [&unpaid, &paid] {
            let ends = moves(kit, &order.id).await.into_iter().filter(|row| row.to_state.is_dead()).count();
            assert_eq!(ends, 1);
        }
        assert_eq!(words_of(kit, &unpaid.id, MessageKind::OrderExpired).await.len(), 1);
        assert_eq!(words_of(kit, &paid.id, MessageKind::OrderDeclined).await.len(), 1);
        assert_eq!(words_of(kit, &paid.id, MessageKind::OrderToConfirm).await.len(), 0, "too late to ask");
        let view = bank::look(kit, &paid.id).await;
        assert_eq!((view.settlement, view.balance.refund_due), (Settlement::RefundDue, Money(40_000)));
        let words = words_of(kit, &fresh.id, MessageKind::OrderToConfirm).await;
        assert_eq!(words.len(), 1, "one word, not three");
        assert!(words[0].args.contains("\"stage\":\"next\""), "{}", words[0].args);
        sound(kit).await;
    }
}
