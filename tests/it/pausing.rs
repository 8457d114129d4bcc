//! The storm switch: nothing is offered for the days of a pause, nobody who waits is forgotten or told twice, and no clock runs there.

use crate::handling::at_the_door;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::COMMUNE;
use crate::kit::bank::{self, Coop, Goods, look};
use crate::on_both_engines;
use crate::races::sound;
use futures_util::future::join_all;
use ganh::domain::id::OrderId;
use ganh::domain::order::OrderState;
use ganh::domain::time::Day;
use ganh::service::answer_clock::ask_for_answers;
use ganh::service::browsing;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::pausing::{PauseSaid, Pauser, end_pause, list_pauses, start_pause, tell_paused};
use ganh::store;

async fn open(app: &TestApp) -> (Coop, Goods) {
    let coop = bank::coop(&app.kit, "Nhãn Lồng").await;
    let fruit = bank::goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    (coop, fruit)
}

fn storm(until_on: Option<Day>) -> PauseSaid {
    PauseSaid { communes: vec![COMMUNE.to_owned()], from_on: None, until_on, message: "Bão số 5".to_owned() }
}

async fn arrives(kit: &Kit, fruit: &Goods) -> Option<Day> {
    let page = browsing::show_product(kit, &fruit.slug, browsing::commune_of(Some(COMMUNE))).await.expect("a page");
    page.card.arrives.map(|arrival| arrival.day)
}

async fn told(kit: &Kit, id: &OrderId) -> usize {
    let (id, kind) = (id.clone(), "delivery_paused");
    let owner = look(kit, &id).await.order.cooperative_id;
    let all = kit.db.read(move |conn| store::message::list_open(conn, Some(&owner), 100)).await.expect("words");
    all.into_iter().filter(|one| one.order_id.as_ref() == Some(&id) && one.kind == kind).count()
}

async fn tell_all(kit: &Kit) {
    while tell_paused(kit).await.expect("told") > 0 {}
}

on_both_engines! {
    async fn a_storm_moves_the_day_for_new_orders_and_is_told_once_to_those_who_wait(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        let today = kit.now().day();
        let waiting = at_the_door(kit, &[(&fruit, "1")]).await;
        let unpaid = bank::order(kit, &[(&fruit, "1")]).await;
        assert_eq!(arrives(kit, &fruit).await, Some(today));
        let operator = app.operator().await;
        operator.get("/van-hanh/tam-dung").await.is(200).says("Không có nơi nào");
        operator.post("/van-hanh/tam-dung", &[("communes", COMMUNE), ("from_on", "2020-01-01"), ("message", "Bão số 5")]).await.is(422).says("Bão số 5");
        let until = today.plus_days(1).to_string();
        for _twice in 0..2 {
            let said = [("communes", COMMUNE), ("until_on", &*until), ("message", "Bão số 5")];
            operator.post("/van-hanh/tam-dung", &said).await.is(303);
        }
        operator.get("/van-hanh/tam-dung").await.is(200).says("Bão số 5").says("Giao lại");
        assert_eq!(list_pauses(kit, None).await.expect("pauses").len(), 1);
        assert_eq!(arrives(kit, &fruit).await, Some(today.plus_days(2)));
        let later = bank::order(kit, &[(&fruit, "1")]).await;
        assert_eq!(look(kit, &later.id).await.delivery.deliver_on, Some(today.plus_days(2)));
        // Everybody tells at once: once it is told.
        for one in join_all((0..4).map(|_| tell_paused(kit))).await {
            one.expect("told");
        }
        tell_all(kit).await;
        assert_eq!((told(kit, &waiting.id).await, told(kit, &unpaid.id).await, told(kit, &later.id).await), (1, 0, 0));
        let pause = list_pauses(kit, None).await.expect("pauses").pop().expect("a pause").id;
        let manager = Pauser::Cooperative(coop.seller.clone());
        assert!(matches!(end_pause(kit, &manager, &pause).await, Err(ServiceError::NotFound)), "it is the operator's");
        for _twice in 0..2 {
            operator.post(&format!("/van-hanh/tam-dung/{pause}/thoi"), &[]).await.is(303);
        }
        assert_eq!(arrives(kit, &fruit).await, Some(today));
        sound(kit).await;
        app.stop().await;
    }

    async fn while_nobody_knows_the_end_nothing_is_promised_and_no_clock_runs(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        let order = at_the_door(kit, &[(&fruit, "1")]).await;
        let operator = Pauser::Operator(app.operator().await.operator_proof());
        start_pause(kit, &operator, &storm(None)).await.expect("paused");
        assert_eq!(arrives(kit, &fruit).await, None);
        app.visitor().get(&format!("/san-pham/{}?xa={COMMUNE}", fruit.slug)).await.is(200);
        assert_eq!(refusals(bank::place(kit, &bank::checkout(&[(&fruit, "1")])).await), ["refusal-paused"]);
        // Three days without a word: asked by nobody, declined by nobody.
        for _hour in 0..72 {
            app.clock.advance_s(3_600);
            while ask_for_answers(kit).await.expect("asked") > 0 {}
        }
        assert_eq!(look(kit, &order.id).await.order.state, OrderState::Placed);
        let pause = list_pauses(kit, None).await.expect("pauses").pop().expect("a pause").id;
        end_pause(kit, &operator, &pause).await.expect("ended");
        for _hour in 0..48 {
            app.clock.advance_s(3_600);
            while ask_for_answers(kit).await.expect("asked") > 0 {}
        }
        assert_eq!(look(kit, &order.id).await.order.state, OrderState::Declined, "the clock runs again");
        // A cooperative's own pause is its own.
        let other = bank::coop(kit, "Vải").await;
        let lychee = bank::goods(kit, &other, "Vải", 30_000, 9).await;
        let manager = app.signed_in(&coop.seller.account).await;
        manager.post("/ban-hang/them/tam-dung", &[("message", "")]).await.is(422).says("Chưa ghi lý do");
        manager.post("/ban-hang/them/tam-dung", &[("message", "Nghỉ giỗ tổ")]).await.is(303);
        manager.get("/ban-hang/them/giao").await.is(200).says("Nghỉ giỗ tổ");
        assert_eq!(arrives(kit, &fruit).await, None);
        assert!(arrives(kit, &lychee).await.is_some());
        sound(kit).await;
        app.stop().await;
    }
}
