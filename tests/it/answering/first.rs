//! Confirm first, pay after: the code for the transfer appears after the cooperative's yes; money that comes early, late or never is
//! nobody's loss.

use super::*;
use ganh::service::answer_score;
use ganh::service::showing::order_key;

async fn first(kit: &Kit, coop: &bank::Coop) {
    let rules = AnswerRules { within_min: 60, accepts_stock: false, confirms_first: true };
    lay_down_rules(kit, &coop.seller, rules).await.expect("laid down");
}

async fn pays(kit: &Kit, coop: &bank::Coop, order: &bank::Placed, vnd: i64) -> Result<(), ServiceError> {
    money_list::mark_money_received(kit, &coop.seller, &order.id, Money(vnd)).await
}

on_both_engines! {
    async fn the_code_appears_after_the_yes_and_the_payment_needs_no_second_one(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        first(kit, &coop).await;
        let order = bank::order(kit, &[(&fruit, "2")]).await;
        let view = bank::look(kit, &order.id).await;
        assert_eq!((view.order.state, view.pay.is_none()), (OrderState::Placed, true));
        let anyone = app.visitor();
        let key = order_key(kit, &order.id);
        let own = format!("/don/{}?k={key}", order.code);
        let page = anyone.get(&own).await.body;
        assert!(page.contains("Chưa phải chuyển khoản") && !page.contains("/qr.png"), "{page}");
        let api = anyone.send(anyone.request("GET", &format!("/api/v1/orders/{}", order.code)).header("x-order-key", &key)).await;
        assert!(api.body.contains("\"state\":\"placed\"") && api.body.contains("\"payment\":null"), "{}", api.body);
        sound(kit).await;
        ask(kit).await;
        let (_, id, token) = link_of(kit, &order.id).await;
        answering::accept_by_link(kit, &id, &token).await.expect("yes");
        let view = bank::look(kit, &order.id).await;
        assert_eq!((view.order.state, view.pay.is_some()), (OrderState::AwaitingPayment, true));
        assert_eq!(words_of(kit, &order.id, MessageKind::OrderPayable).await.len(), 1);
        let page = anyone.get(&own).await.body;
        assert!(page.contains("HTX đã nhận đơn. Chuyển khoản trước") && page.contains("/qr.png"), "{page}");
        sound(kit).await;
        app.clock.advance_s(11 * 3_600);
        assert_eq!(ending::expire_orders(kit).await.expect("a round"), 0, "it is held for its payment");
        pays(kit, &coop, &order, 40_000).await.expect("paid");
        let last = moves(kit, &order.id).await.pop().expect("a move");
        assert_eq!((last.event, last.by_account_id.as_ref()), (OrderEvent::Confirmed, Some(&coop.seller.account)));
        sound(kit).await;
    }

    async fn a_second_press_agrees_once_and_asks_the_buyer_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        first(kit, &coop).await;
        let manager = app.signed_in(&coop.seller.account).await;
        let visitor = app.visitor();
        let product = fruit.product.clone();
        let offers = kit.db.read(move |conn| store::product::list_offers(conn, &[product])).await.expect("offers");
        visitor.post("/gio-hang", &[("offer", offers[0].id.as_text()), ("quantity", "2")]).await.is(303);
        visitor.get("/thanh-toan").await.is(200).says("HTX nhận đơn trước");
        let order = bank::order(kit, &[(&fruit, "2")]).await;
        let at = format!("/ban-hang/don/{}", order.code);
        let line = bank::look(kit, &order.id).await.lines[0].line.id.clone();
        let less = (format!("quantity[{line}]"), "1.5");
        manager.post(&format!("{at}/doi"), &[("seen", "placed"), (&less.0, "ba")]).await.is(422).says("value=\"ba\"");
        for _ in 0..2 {
            manager.post(&format!("{at}/doi"), &[("seen", "placed"), (&less.0, less.1)]).await.is(303);
        }
        assert_eq!(words_of(kit, &order.id, MessageKind::ChangeProposed).await.len(), 1);
        app.clock.advance_s(60);
        for _ in 0..2 {
            manager.post(&format!("{at}/nhan"), &[("seen", "placed")]).await.is(303);
        }
        assert_eq!(moves(kit, &order.id).await.iter().filter(|row| row.event == OrderEvent::Agreed).count(), 1);
        manager.post(&format!("{at}/nhac"), &[("seen", "placed")]).await.is(409).says("Đơn đã khác lúc trang này mở ra");
        sound(kit).await;
    }

    async fn what_is_not_paid_after_the_yes_goes_back_to_the_market_and_late_money_asks_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        first(kit, &coop).await;
        let order = bank::order(kit, &[(&fruit, "2")]).await;
        handling::confirm_order(kit, &coop.seller, &order.id).await.expect("yes");
        app.clock.advance_s(12 * 3_600 + 1);
        ending::expire_orders(kit).await.expect("a round");
        let view = bank::look(kit, &order.id).await;
        assert_eq!((view.order.state, view.settlement), (OrderState::Expired, Settlement::Unpaid));
        assert_eq!(words_of(kit, &order.id, MessageKind::OrderExpired).await.len(), 1);
        pays(kit, &coop, &order, 40_000).await.expect("late");
        let view = bank::look(kit, &order.id).await;
        assert_eq!((view.order.state, view.order.is_late), (OrderState::Placed, true), "hours later a yes is asked for again");
        handling::confirm_order(kit, &coop.seller, &order.id).await.expect("yes");
        assert_eq!(order_now(kit, &order.id).await.state, OrderState::Confirmed, "a paid order waits for no money");
        sound(kit).await;
    }

    async fn money_that_comes_before_the_yes_is_kept_and_only_what_is_missing_is_asked_for(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        first(kit, &coop).await;
        let (whole, part) = (bank::order(kit, &[(&fruit, "2")]).await, bank::order(kit, &[(&fruit, "3")]).await);
        pays(kit, &coop, &whole, 40_000).await.expect("early");
        pays(kit, &coop, &part, 10_000).await.expect("a part");
        sound(kit).await;
        app.clock.advance_s(3_600);
        for order in [&whole, &part] {
            handling::confirm_order(kit, &coop.seller, &order.id).await.expect("yes");
        }
        assert_eq!(order_now(kit, &whole.id).await.state, OrderState::Confirmed, "a paid order never waits for money");
        let view = bank::look(kit, &part.id).await;
        assert_eq!((view.order.state, view.due, view.settlement), (OrderState::AwaitingPayment, Money(50_000), Settlement::Partial));
        app.clock.advance_s(13 * 3_600);
        ending::expire_orders(kit).await.expect("a round");
        assert_eq!(bank::look(kit, &part.id).await.balance.refund_due, Money(10_000));
        sound(kit).await;
    }

    async fn planned_goods_wait_for_a_yes_wherever_they_are_sold(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 1).await;
        let said = ganh::service::listing::LotSaid {
            kind: ganh::domain::stock::LotKind::Planned,
            made_on: kit.now().day().plus_days(3),
            best_before: None,
            place: "Bãi sông".into(),
            commune_code: None,
            quantity: Base(5_000),
            word_of: ganh::domain::trace::WordOf::Grower,
            owner: None,
        };
        ganh::service::listing::add_lot(kit, &coop.seller, &fruit.product, &said).await.expect("a planned lot");
        let there = bank::order(kit, &[(&fruit, "1")]).await;
        let planned = bank::order(kit, &[(&fruit, "2")]).await;
        assert_eq!(order_now(kit, &there.id).await.state, OrderState::AwaitingPayment);
        assert_eq!(order_now(kit, &planned.id).await.state, OrderState::Placed);
        sound(kit).await;
    }

    async fn a_yes_a_no_and_money_at_once_leave_no_money_without_its_goods_or_its_way_back(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 5_000).await;
        first(kit, &coop).await;
        for round in 0..rounds() {
            let order = bank::order(kit, &[(&fruit, "1")]).await;
            let (yes, (no, paid)) = join(
                join_all((0..2).map(|_| handling::confirm_order(kit, &coop.seller, &order.id))),
                join(
                    async { if round % 2 == 0 { handling::decline_order(kit, &coop.seller, &order.id, "hết").await } else { ending::cancel_order(kit, &order.id).await } },
                    pays(kit, &coop, &order, 20_000),
                ),
            ).await;
            for error in yes.into_iter().chain([no]).filter_map(Result::err) {
                assert!(matches!(error, ServiceError::Changed(_)), "{error}");
            }
            // Whoever writes money down by hand is told that the order has ended; a bank's word is never refused.
            if let Err(error) = paid {
                assert!(matches!(error, ServiceError::Changed(_)), "{error}");
                continue;
            }
            let view = bank::look(kit, &order.id).await;
            let is_owed = view.balance.refund_due == Money(20_000);
            assert_eq!(is_owed, view.order.state.is_dead(), "round {round}: {:?}", view.order.state);
            assert_ne!(view.order.state, OrderState::AwaitingPayment, "round {round}: paid, and waiting for money");
        }
        sound(kit).await;
    }

    async fn how_soon_a_cooperative_answers_is_counted_from_its_moves_and_shown_from_five_orders_on(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Một", 1).await;
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        make::lot(kit, &seller, &product, Base(500_000)).await;
        let page = || async { app.visitor().get("/san-pham/nhan-long").await.body };
        for wait_min in [10, 20, 30, 130] {
            let order = make::order_of(kit, "nhan-long", "1").await;
            app.clock.advance_s(wait_min * 60);
            handling::confirm_order(kit, &seller, &order).await.expect("yes");
        }
        answer_score::refresh_scores(kit).await.expect("counted");
        assert!(!page().await.contains("Nhận đơn trong khoảng"), "four say nothing");
        let taken_back = make::order_of(kit, "nhan-long", "1").await;
        ending::cancel_order(kit, &taken_back).await.expect("taken back");
        let never = make::order_of(kit, "nhan-long", "1").await;
        app.clock.advance_s(4 * 3_600);
        ask(kit).await;
        assert_eq!(order_now(kit, &never).await.state, OrderState::Declined);
        assert_eq!(answer_score::refresh_scores(kit).await.expect("counted"), 1, "an hour has passed");
        assert_eq!(answer_score::refresh_scores(kit).await.expect("counted"), 0, "fresh");
        let score = answer_score::find_score(kit, &seller.cooperative).await.expect("read").expect("five");
        assert_eq!((score.orders, score.in_time, score.median_min), (5, 3, Some(30)));
        assert!(page().await.contains("Nhận đơn trong khoảng 30 phút, 60% đơn đúng hẹn"));
        let own = app.visitor().get(&format!("/htx/{}", ganh::domain::text::slug::slug("HTX Một"))).await.body;
        assert!(own.contains("60% đơn đúng hẹn"), "{own}");
    }
}
