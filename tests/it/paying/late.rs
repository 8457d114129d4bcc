//! Money and time: after the hold has run out, with goods and without, tidied or not, after a cancellation; and what a person does
//! about it.

use super::*;
use ganh::domain::id::MoneyCaseId;
use ganh::service::money_list::{Resolution, resolve_case};
use ganh::service::{checkout::RawCheckout, ending};

const QUARTER_S: i64 = 15 * 60;

async fn resolve(kit: &Kit, coop: &Coop, id: &MoneyCaseId, how: Resolution) -> Vec<String> {
    match resolve_case(kit, &coop.seller, id, &how).await {
        Ok(()) => Vec::new(),
        refused => crate::kit::app::refusals(refused),
    }
}

on_both_engines! {
    async fn late_money_takes_the_goods_again_when_they_are_there(db: TestDb) {
        let (app, ..) = open(db).await;
        for tidied in [true, false] {
            let (coop, fruit) = another(&app).await;
            let order = order(&app.kit, &[(&fruit, "60")]).await;
            app.clock.advance_s(QUARTER_S);
            if tidied {
                assert_eq!(ending::expire_orders(&app.kit).await.expect("a round"), 1);
                assert_eq!(stands(&app.kit, &order).await.0, OrderState::Expired);
            }
            tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.settlement, view.order.is_late), (OrderState::Placed, Settlement::Settled, true));
            assert!(reasons(&app.kit, &coop).await.is_empty(), "nothing is left for a person");
            assert_eq!(ending::expire_orders(&app.kit).await.expect("a round"), 0);
            check(&app.kit).await;
        }
    }

    async fn late_money_without_goods_waits_for_a_person_and_is_owed_back(db: TestDb) {
        let (app, ..) = open(db).await;
        for tidied in [true, false] {
            let (coop, fruit) = another(&app).await;
            let late = order(&app.kit, &[(&fruit, "60")]).await;
            app.clock.advance_s(QUARTER_S);
            if tidied {
                ending::expire_orders(&app.kit).await.expect("a round");
            }
            let faster = order(&app.kit, &[(&fruit, "70")]).await;
            tell(&app, &coop, &Movement::paying(&coop, &faster)).await.is(200);
            tell(&app, &coop, &Movement::paying(&coop, &late)).await.is(200);
            let view = look(&app.kit, &late.id).await;
            assert_eq!((view.order.state, view.settlement), (OrderState::Expired, Settlement::RefundDue));
            assert!(view.order.is_late && view.order.short_stock);
            assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::ShortStock, 1_200_000)]);
            check(&app.kit).await;
            let case = open_case(&app.kit, &coop, MoneyCaseReason::ShortStock).await;
            assert_eq!(resolve(&app.kit, &coop, &case.id, Resolution::SentBack).await, Vec::<String>::new());
            assert_eq!(stands(&app.kit, &late).await, (OrderState::Expired, Settlement::Refunded));
            assert_eq!(resolve(&app.kit, &coop, &case.id, Resolution::SentBack).await, ["refusal-case-resolved"]);
            check(&app.kit).await;
        }
    }

    async fn the_rest_of_a_part_payment_after_the_end_revives_the_order_and_closes_its_cases(db: TestDb) {
        let (app, ..) = open(db).await;
        for tidied in [true, false] {
            let (coop, fruit) = another(&app).await;
            let order = order(&app.kit, &[(&fruit, "2")]).await;
            tell(&app, &coop, &Movement::to(&coop, &order.code, 15_000)).await.is(200);
            app.clock.advance_s(QUARTER_S);
            if tidied {
                ending::expire_orders(&app.kit).await.expect("a round");
                assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Refund, 15_000)]);
                check(&app.kit).await;
            }
            // The rest and a little more.
            tell(&app, &coop, &Movement::to(&coop, &order.code, 30_000)).await.is(200);
            assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Over));
            assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Over, 5_000)]);
            check(&app.kit).await;
        }
    }

    async fn money_of_a_cancelled_order_is_owed_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        ending::cancel_order(&app.kit, &order.id).await.expect("cancelled");
        ending::cancel_order(&app.kit, &order.id).await.expect("a second click");
        tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Cancelled, Settlement::RefundDue));
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Late, 20_000)]);
        check(&app.kit).await;
    }

    async fn a_paid_order_that_is_cancelled_owes_each_dong_back_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::to(&coop, &order.code, 25_000)).await.is(200);
        ending::cancel_order(&app.kit, &order.id).await.expect("cancelled");
        let mut asked = reasons(&app.kit, &coop).await;
        asked.sort_by_key(|(_, amount)| *amount);
        assert_eq!(asked, [(MoneyCaseReason::Over, 5_000), (MoneyCaseReason::Refund, 20_000)]);
        for reason in [MoneyCaseReason::Over, MoneyCaseReason::Refund] {
            let case = open_case(&app.kit, &coop, reason).await;
            assert_eq!(resolve(&app.kit, &coop, &case.id, Resolution::SentBack).await, Vec::<String>::new());
        }
        assert_eq!(look(&app.kit, &order.id).await.balance.refunded.vnd(), 25_000);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Cancelled, Settlement::Refunded));
        check(&app.kit).await;
    }

    async fn an_order_whose_time_is_up_is_expired_for_everybody_without_a_tidying_job(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let old = order(&app.kit, &[(&fruit, "100")]).await;
        let raw: RawCheckout = bank::checkout(&[(&fruit, "1")]);
        assert_eq!(crate::kit::app::refusals(bank::place(&app.kit, &raw).await), ["refusal-sold-out"]);
        app.clock.advance_s(QUARTER_S - 1);
        ending::renew_hold(&app.kit, &old.id).await.expect("renewed");
        app.clock.advance_s(1);
        assert_eq!(crate::kit::app::refusals(bank::place(&app.kit, &raw).await), ["refusal-sold-out"], "the page still asks");
        app.clock.advance_s(QUARTER_S);
        // Nobody has tidied: the goods are free, the order can be neither cancelled nor renewed, its sum is no candidate.
        bank::place(&app.kit, &raw).await.expect("the goods are free again");
        ending::renew_hold(&app.kit, &old.id).await.expect("no effect");
        assert_eq!(crate::kit::app::refusals(ending::cancel_order(&app.kit, &old.id).await), ["refusal-order-state"]);
        tell(&app, &coop, &Movement::to(&coop, "khong co ma", old.total_vnd)).await.is(200);
        assert_eq!(events(&app.kit, &coop, BankEventState::OtherMoney).await.len(), 1);
        check(&app.kit).await;
    }

    async fn unmatched_money_is_given_to_an_order_by_a_person_even_after_its_end(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::to(&coop, "quen ghi ma", 20_000)).await.is(200);
        let case = open_case(&app.kit, &coop, MoneyCaseReason::Unmatched).await;
        assert_eq!(resolve(&app.kit, &coop, &case.id, Resolution::SentBack).await, ["refusal-case-needs-decision"]);
        app.clock.advance_s(3_600);
        ending::expire_orders(&app.kit).await.expect("a round");
        assert_eq!(resolve(&app.kit, &coop, &case.id, Resolution::Assign(order.code.clone())).await, Vec::<String>::new());
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert_eq!(resolve(&app.kit, &coop, &case.id, Resolution::Assign(order.code.clone())).await, ["refusal-case-resolved"]);
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn money_that_is_too_much_for_the_order_it_is_given_to_owes_the_rest_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (one, two) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "2")]).await);
        tell(&app, &coop, &Movement::to(&coop, format!("{} {}", one.code, two.code), 60_000)).await.is(200);
        let case = open_case(&app.kit, &coop, MoneyCaseReason::TwoHits).await;
        assert_eq!(resolve(&app.kit, &coop, &case.id, Resolution::Assign(two.code.clone())).await, Vec::<String>::new());
        assert_eq!(stands(&app.kit, &two).await, (OrderState::Placed, Settlement::Over));
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Over, 20_000)]);
        check(&app.kit).await;
    }

    async fn another_cooperative_decides_nothing_about_our_money(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let other = bank::coop(&app.kit, "Gà Đông Tảo").await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::to(&coop, "quen ghi ma", 20_000)).await.is(200);
        let case = open_case(&app.kit, &coop, MoneyCaseReason::Unmatched).await;
        let answered = resolve_case(&app.kit, &other.seller, &case.id, &Resolution::OtherMoney).await;
        assert!(matches!(answered, Err(ServiceError::NotFound)), "{answered:?}");
        let theirs = resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::Assign(order.code.clone())).await;
        assert!(theirs.is_ok(), "{theirs:?}");
        check(&app.kit).await;
    }
}
