//! What other shops and payment servers got wrong, each named by its thread, as a test of ours (facts: reliability, 1.1 and 1.3).

use super::*;
use crate::kit::bank::checkout;
use futures_util::future::join_all;
use ganh::domain::message::MessageKind;
use ganh::service::{ending, handling};

/// How many messages of a kind are owed or told about an order.
async fn told(kit: &Kit, order: &Placed, kind: MessageKind) -> usize {
    use diesel::prelude::*;
    use ganh::store::schema::message;
    let id = order.id.clone();
    let count = move |conn: &mut store::Conn| {
        let rows = message::table.filter(message::order_id.eq(&id)).filter(message::kind.eq(kind));
        Ok::<_, ServiceError>(rows.select(message::id).load::<String>(conn).map_err(store::StoreError::from)?.len())
    };
    kit.db.read(count).await.expect("messages")
}

async fn received(kit: &Kit, order: &Placed) -> i64 {
    look(kit, &order.id).await.balance.received.vnd()
}

on_both_engines! {
    async fn btcpay_4978_a_payment_is_settled_once_however_often_it_is_told(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        let movement = Movement::paying(&coop, &order);
        for _ in 0..5 {
            tell(&app, &coop, &movement).await.is(200);
            ending::expire_orders(&app.kit).await.expect("a round");
            app.clock.advance_s(600);
        }
        assert_eq!(told(&app.kit, &order, MessageKind::OrderPaid).await, 1);
        // The clock asks in the cooperative's hours, once.
        for _ in 0..3 {
            ganh::service::answer_clock::ask_for_answers(&app.kit).await.expect("a round");
        }
        assert_eq!(told(&app.kit, &order, MessageKind::OrderToConfirm).await, 1);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }

    async fn btcpay_785_a_notice_that_comes_twice_at_once_is_one_payment(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        let movement = Movement::paying(&coop, &order);
        for answer in join_all((0..6).map(|_| tell(&app, &coop, &movement))).await {
            answer.is(200);
        }
        assert_eq!(received(&app.kit, &order).await, 40_000);
        assert_eq!(events(&app.kit, &coop, BankEventState::Booked).await.len(), 1);
        check(&app.kit).await;
    }

    async fn btcpay_1413_an_order_sent_again_after_a_failure_asks_for_money_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let raw = checkout(&[(&fruit, "2")]);
        // The first answer is lost on its way: the shop asks again with its key.
        let first = bank::place_with_key(&app.kit, &raw, "lost-answer").await.expect("placed");
        let again = bank::place_with_key(&app.kit, &raw, "lost-answer").await.expect("the same");
        assert_eq!((&first.purchase, first.replayed, again.replayed), (&again.purchase, false, true));
        let view = ganh::service::showing::show_purchase(&app.kit, &again.purchase).await.expect("a view");
        assert_eq!(view.orders.len(), 1);
        let order = Placed {
            id: view.orders[0].order.id.clone(),
            code: view.orders[0].order.code.clone(),
            total_vnd: view.orders[0].order.total_vnd.vnd(),
        };
        tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }

    async fn btcpay_1828_the_second_of_two_payments_completes_the_order(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::to(&coop, &order.code, 1)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::AwaitingPayment, Settlement::Partial));
        tell(&app, &coop, &Movement::to(&coop, &order.code, 39_999)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }

    async fn btcpay_5496_too_much_stays_too_much_when_the_order_moves_on(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::to(&coop, &order.code, 45_000)).await.is(200);
        handling::confirm_order(&app.kit, &coop.seller, &order.id).await.expect("confirmed");
        tell(&app, &coop, &Movement::to(&coop, &order.code, 45_000)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Confirmed, Settlement::Over));
        let cases = reasons(&app.kit, &coop).await;
        assert_eq!(cases, [(MoneyCaseReason::Over, 5_000), (MoneyCaseReason::Duplicate, 45_000)]);
        check(&app.kit).await;
    }

    async fn ofn_3925_one_last_item_is_sold_to_one_and_only_one_is_asked_for_money(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let last = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 1).await;
        let raws: Vec<_> = (0..3).map(|_| checkout(&[(&last, "1")])).collect();
        let placed = join_all(raws.iter().map(|raw| bank::place(&app.kit, raw))).await;
        assert_eq!(placed.iter().filter(|result| result.is_ok()).count(), 1);
        for refused in placed.into_iter().filter(Result::is_err) {
            assert_eq!(crate::kit::app::refusals(refused), ["refusal-sold-out"]);
        }
        check(&app.kit).await;
    }

    async fn ofn_7614_four_payments_for_one_order_are_all_in_the_books_and_three_go_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        for _ in 0..4 {
            tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        }
        assert_eq!(received(&app.kit, &order).await, 160_000);
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Duplicate, 40_000); 3]);
        check(&app.kit).await;
    }

    async fn ofn_4018_6417_12586_stock_never_falls_below_nothing(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 3).await;
        let placed = join_all((0..8).map(|_| async {
            bank::place(&app.kit, &checkout(&[(&fruit, "1")])).await
        })).await;
        assert_eq!(placed.iter().filter(|result| result.is_ok()).count(), 3);
        // Nothing is left: the next one is told so before any money is asked for.
        let late = bank::place(&app.kit, &checkout(&[(&fruit, "1")])).await;
        assert_eq!(crate::kit::app::refusals(late), ["refusal-sold-out"]);
        check(&app.kit).await;
    }

    async fn vendure_3065_paid_while_the_stock_went_is_booked_flagged_and_waits_for_a_person(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 2).await;
        let slow = order(&app.kit, &[(&fruit, "2")]).await;
        app.clock.advance_s(15 * 60);
        let quick = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &quick)).await.is(200);
        tell(&app, &coop, &Movement::paying(&coop, &slow)).await.is(200);
        assert_eq!(received(&app.kit, &slow).await, 40_000);
        assert_eq!(stands(&app.kit, &slow).await, (OrderState::Expired, Settlement::RefundDue));
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::ShortStock, 40_000)]);
        check(&app.kit).await;
    }

    async fn vendure_4930_baskets_that_want_the_same_goods_in_another_order_never_lock_each_other_out(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let one = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 50).await;
        let two = goods(&app.kit, &coop, "Ổi lê", 10_000, 50).await;
        let placed = join_all((0..24).map(|n| {
            let lines = if n % 2 == 0 { [(&one, "1"), (&two, "1")] } else { [(&two, "1"), (&one, "1")] };
            let raw = checkout(&lines);
            let kit = app.kit.clone();
            async move { bank::place(&kit, &raw).await.map(|_| ()) }
        })).await;
        assert!(placed.iter().all(Result::is_ok), "{placed:?}");
        check(&app.kit).await;
    }

    async fn medusa_13301_the_page_that_comes_back_only_reads_while_the_bank_books(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for _ in 0..6 {
            let placed = bank::place(&app.kit, &checkout(&[(&fruit, "1")])).await.expect("placed");
            let view = ganh::service::showing::show_purchase(&app.kit, &placed.purchase).await.expect("a view");
            let order = Placed {
                id: view.orders[0].order.id.clone(),
                code: view.orders[0].order.code.clone(),
                total_vnd: view.orders[0].order.total_vnd.vnd(),
            };
            let url = format!("/don/{}?k={}", order.code, ganh::service::showing::order_key(&app.kit, &order.id));
            let movement = Movement::paying(&coop, &order);
            let pages = join_all((0..4).map(|_| async { app.visitor().get(&url).await.status }));
            let (answer, pages) = futures_util::future::join(tell(&app, &coop, &movement), pages).await;
            answer.is(200);
            assert_eq!(pages, [200; 4]);
            assert_eq!(received(&app.kit, &order).await, 20_000);
            assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        }
        check(&app.kit).await;
    }
}
