//! What a buyer may choose instead of the money: the next lot, other goods, or to leave it.

use super::*;

on_both_engines! {
    async fn who_paid_for_goods_that_were_gone_waits_for_the_next_lot_and_has_the_order_made_up(db: TestDb) {
        let (app, coop, _) = open(db).await;
        let (fruit, late, _) = short(&app, &coop).await;
        let key = showing::order_key(&app.kit, &late.id);
        let (page, buyer) = (format!("/don/{}?k={key}", late.code), app.visitor());
        buyer.get(&page).await.is(200).says("Tiền đã về nhưng hết hàng").says("Chờ đợt hàng tới").says("Đổi món khác").says("Lấy lại tiền");
        assert_eq!(refusals(take_up_waiting_order(&app.kit, &coop.seller, &late.id).await), ["refusal-not-waiting"], "the buyer has not said so");
        buyer.post(&format!("/don/{}/cho-mua-sau?k=sai", late.code), &[]).await.is(404);
        buyer.post(&format!("/don/{}/cho-mua-sau?k={key}", late.code), &[]).await.is(303);
        buyer.get(&page).await.is(200).says("Bạn đang chờ đợt hàng tới");
        app.clock.advance_s(3 * 86_400);
        let actor = app.signed_in(&coop.seller.account).await;
        let way = format!("/ban-hang/don/{}/tra-lai", late.code);
        actor.get(&way).await.is(200).says("Có hàng rồi, làm đơn này");
        actor.post(&way, &[("act", "take_up")]).await.is(409).says("chưa đủ cho đơn này");
        listing::set_product_state(&app.kit, &coop.seller, &fruit.product, ProductState::Hidden).await.expect("hidden");
        listing::set_product_state(&app.kit, &coop.seller, &fruit.product, ProductState::Published).await.expect("who waits stops nobody");
        bank::lot(&app.kit, &coop, &fruit.product, 5).await;
        actor.post(&way, &[("act", "take_up")]).await.is(303);
        actor.post(&way, &[("act", "take_up")]).await.is(409);
        let view = look(&app.kit, &late.id).await;
        assert_eq!((view.order.state, view.settlement, view.order.short_stock), (OrderState::Placed, Settlement::Settled, false));
        assert_eq!(refunds(&app.kit, &late).await[0].state, RefundState::Void);
        handling::confirm_order(&app.kit, &coop.seller, &late.id).await.expect("like any other");
        check(&app.kit).await;
    }

    async fn other_goods_of_the_cooperative_are_paid_with_what_is_owed_and_the_rest_stays_owed(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (_, late, phone) = short(&app, &coop).await;
        let mut raw = checkout(&[(&fruit, "1")]);
        raw.buyer.phone = phone;
        let (cheap, big) = (bank::orders(&app.kit, &raw).await.remove(0), {
            raw.lines[0].quantity = "3".into();
            bank::orders(&app.kit, &raw).await.remove(0)
        });
        let (strangers, key) = (order(&app.kit, &[(&fruit, "1")]).await, showing::order_key(&app.kit, &late.id));
        let (page, buyer) = (format!("/don/{}?k={key}", late.code), app.visitor());
        let way = format!("/don/{}/mon-khac?k={key}", late.code);
        for wrong in [strangers.code.as_text(), late.code.as_text(), "HT", ""] {
            buyer.post(&way, &[("other", wrong)]).await.is(422).says("Không thấy đơn");
        }
        buyer.post(&way, &[("other", cheap.code.as_text())]).await.is(303);
        assert_eq!(look(&app.kit, &cheap.id).await.order.state, OrderState::Placed);
        let open = refunds(&app.kit, &late).await.into_iter().find(|row| row.state.is_under_way()).expect("the rest");
        assert_eq!(open.amount_vnd, Money(20_000));
        check(&app.kit).await;
        buyer.post(&way, &[("other", cheap.code.as_text())]).await.is(409);
        // The rest is a part of the larger order, which goes on asking for what is missing.
        buyer.post(&way, &[("other", big.code.as_text())]).await.is(303);
        let view = look(&app.kit, &big.id).await;
        assert_eq!((view.order.state, view.settlement, view.due), (OrderState::AwaitingPayment, Settlement::Partial, Money(40_000)));
        buyer.get(&page).await.is(200).says(&format!("để trả đơn {}", big.code));
        assert!(cases(&app.kit, &late).await.iter().all(|case| case.state == MoneyCaseState::Resolved));
        tell(&app, &coop, &Movement { amount_vnd: 40_000, ..Movement::paying(&coop, &big) }).await.is(200);
        assert_eq!(look(&app.kit, &big.id).await.settlement, Settlement::Settled);
        handling::decline_order(&app.kit, &coop.seller, &big.id, "Hết").await.expect("no");
        assert_eq!(refunds(&app.kit, &big).await[0].amount_vnd, Money(60_000), "and is owed back like any money");
        check(&app.kit).await;
    }

    async fn once_an_account_is_given_staff_may_be_sending_and_the_buyer_cannot_choose_otherwise(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (_, late, phone) = short(&app, &coop).await;
        let mut raw = checkout(&[(&fruit, "1")]);
        raw.buyer.phone = phone;
        let other = bank::orders(&app.kit, &raw).await.remove(0);
        wait_for_goods(&app.kit, &late.id).await.expect("waits");
        refunding::say_where(&app.kit, &late.id, &account()).await.expect("would rather have the money");
        assert_eq!(refusals(wait_for_goods(&app.kit, &late.id).await), ["refusal-refund-being-sent"]);
        assert_eq!(refusals(pay_another_order(&app.kit, &late.id, &other.code).await), ["refusal-refund-being-sent"]);
        assert_eq!(refusals(take_up_waiting_order(&app.kit, &coop.seller, &late.id).await), ["refusal-not-waiting"]);
        check(&app.kit).await;
    }

    async fn what_a_buyer_left_with_the_cooperative_is_given_back_when_asked_for(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement { amount_vnd: 45_000, ..Movement::paying(&coop, &order) }).await.is(200);
        let case = cases(&app.kit, &order).await.remove(0);
        resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::Seen).await.expect("left");
        let kept = refunds(&app.kit, &order).await.remove(0);
        assert_eq!((kept.state, kept.amount_vnd), (RefundState::Kept, Money(5_000)));
        check(&app.kit).await;
        give_back_kept(&app.kit, &coop.seller, &kept.id).await.expect("asked for");
        assert_eq!(refusals(give_back_kept(&app.kit, &coop.seller, &kept.id).await), ["refusal-nothing-owed"]);
        let open = refunds(&app.kit, &order).await.into_iter().find(|row| row.state.is_under_way()).expect("owed");
        assert_eq!(open.amount_vnd, Money(5_000));
        check(&app.kit).await;
        mark_sent_back(&app.kit, &coop.seller, &order.id, Money(5_000)).await.expect("sent");
        check(&app.kit).await;
    }
}
