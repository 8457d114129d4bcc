//! «Đã nhận tiền» by a named person: credited once, confirmed by the bank's message, taken back within the hour.

use super::*;
use ganh::domain::money::Money;
use ganh::domain::payment::ProofGrade;
use ganh::service::ending;
use ganh::service::money_list::{mark_money_received, take_cash, undo_money_received};

async fn the_word(kit: &Kit, order: &Placed) -> BankEvent {
    let view = look(kit, &order.id).await;
    view.money.into_iter().find(|event| event.grade == ProofGrade::ByHand).expect("a person's word")
}

on_both_engines! {
    async fn a_word_is_confirmed_by_the_banks_message_and_credited_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        mark_money_received(&app.kit, &coop.seller, &order.id, Money(20_000)).await.expect("said");
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.order.state, view.settlement, view.proof()), (OrderState::Placed, Settlement::Settled, Some(ProofGrade::ByHand)));
        check(&app.kit).await;
        let movement = Movement::paying(&coop, &order);
        tell(&app, &coop, &movement).await.is(200);
        tell(&app, &coop, &movement).await.is(200);
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.balance.received.vnd(), view.proof()), (20_000, Some(ProofGrade::BankMessage)));
        assert!(reasons(&app.kit, &coop).await.is_empty());
        let word = the_word(&app.kit, &order).await;
        let undone = undo_money_received(&app.kit, &coop.seller, &word.id).await;
        assert_eq!(crate::kit::app::refusals(undone), ["refusal-undo-too-late"], "what the bank has confirmed stands");
        check(&app.kit).await;
    }

    async fn a_word_is_taken_back_within_the_hour_and_not_after(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (one, two) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await);
        for order in [&one, &two] {
            mark_money_received(&app.kit, &coop.seller, &order.id, Money(20_000)).await.expect("said");
        }
        let (first, second) = (the_word(&app.kit, &one).await, the_word(&app.kit, &two).await);
        app.clock.advance_s(3_600);
        undo_money_received(&app.kit, &coop.seller, &first.id).await.expect("within the hour");
        let again = undo_money_received(&app.kit, &coop.seller, &first.id).await;
        assert_eq!(crate::kit::app::refusals(again), ["refusal-undone-already"]);
        assert_eq!(stands(&app.kit, &one).await, (OrderState::Placed, Settlement::Unpaid));
        app.clock.advance_s(1);
        let late = undo_money_received(&app.kit, &coop.seller, &second.id).await;
        assert_eq!(crate::kit::app::refusals(late), ["refusal-undo-too-late"]);
        check(&app.kit).await;
        // The money comes after all.
        tell(&app, &coop, &Movement::paying(&coop, &one)).await.is(200);
        assert_eq!(stands(&app.kit, &one).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }

    async fn a_word_taken_back_leaves_other_money_to_pay_the_order(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        mark_money_received(&app.kit, &coop.seller, &order.id, Money(15_000)).await.expect("said");
        tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Over));
        undo_money_received(&app.kit, &coop.seller, &the_word(&app.kit, &order).await.id).await.expect("undone");
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn a_word_about_an_order_that_has_run_out_revives_it(db: TestDb) {
        let (app, ..) = open(db).await;
        for tidied in [true, false] {
            let (coop, fruit) = another(&app).await;
            let (late, part) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await);
            mark_money_received(&app.kit, &coop.seller, &part.id, Money(5_000)).await.expect("said");
            app.clock.advance_s(3_000);
            if tidied {
                ending::expire_orders(&app.kit).await.expect("a round");
            }
            mark_money_received(&app.kit, &coop.seller, &late.id, Money(20_000)).await.expect("said when there was time");
            assert_eq!(stands(&app.kit, &late).await, (OrderState::Placed, Settlement::Settled));
            check(&app.kit).await;
            // A part that was said and taken back after the order had ended leaves nothing to send back.
            ending::expire_orders(&app.kit).await.expect("a round");
            assert_eq!(stands(&app.kit, &part).await, (OrderState::Expired, Settlement::RefundDue));
            undo_money_received(&app.kit, &coop.seller, &the_word(&app.kit, &part).await.id).await.expect("undone");
            assert_eq!(stands(&app.kit, &part).await, (OrderState::Expired, Settlement::Unpaid));
            assert!(reasons(&app.kit, &coop).await.is_empty());
            check(&app.kit).await;
        }
    }

    async fn no_more_than_is_missing_can_be_said(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let say = async |amount| mark_money_received(&app.kit, &coop.seller, &order.id, Money(amount)).await;
        for wrong in [20_001, 0, -1] {
            assert_eq!(crate::kit::app::refusals(say(wrong).await), ["refusal-more-than-due"]);
        }
        take_cash(&app.kit, &coop.seller, &order.id, Money(20_000)).await.expect("cash");
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert_eq!(crate::kit::app::refusals(say(1).await), ["refusal-already-paid"]);
        let other = bank::coop(&app.kit, "Gà Đông Tảo").await;
        let theirs = mark_money_received(&app.kit, &other.seller, &order.id, Money(1)).await;
        assert!(matches!(theirs, Err(ServiceError::NotFound)), "{theirs:?}");
        check(&app.kit).await;
    }
}
