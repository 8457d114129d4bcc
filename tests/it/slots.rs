//! Days and windows with room for so many orders: chosen at the checkout, full when they are full, the last place taken by one. After
//! each test every invariant is checked.

use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, checkout, coop, goods, look};
use crate::on_both_engines;
use crate::races::{rounds, winners};
use futures_util::future::join_all;
use ganh::domain::slot::Opening;
use ganh::domain::time::Day;
use ganh::service::checkout::RawCheckout;
use ganh::service::delivery_ways::{self, Way, WindowSaid};
use ganh::service::kit::Kit;
use ganh::service::proposing::{self, CanDo};
use ganh::service::{ending, handling, ordering, verifying};

const MORNING: WindowSaid = WindowSaid { from_min: 420, to_min: 600, capacity: 2 };
const EVENING: WindowSaid = WindowSaid { from_min: 1020, to_min: 1140, capacity: 5 };

async fn way(kit: &Kit, coop: &Coop) -> Way {
    delivery_ways::list_ways(kit, &coop.seller).await.expect("ways").ways.remove(0)
}

/// A cooperative that brings two orders in the morning and five in the evening.
async fn open(app: &TestApp) -> (Coop, Goods) {
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 1_000).await;
    let id = way(&app.kit, &coop).await.way.id;
    for said in [MORNING, EVENING, MORNING] {
        delivery_ways::add_window(&app.kit, &coop.seller, &id, said).await.expect("a window");
    }
    (coop, fruit)
}

fn wanting(fruit: &Goods, opening: &Opening) -> RawCheckout {
    let mut raw = checkout(&[(fruit, "1")]);
    raw.payment = "cod".into();
    raw.fulfilment.slot = Some(opening.wish().to_string());
    raw
}

/// Tomorrow's windows.
async fn tomorrow(app: &TestApp, coop: &Coop) -> (Day, Vec<Opening>) {
    let day = app.kit.now().day().plus_days(1);
    let open = way(&app.kit, coop).await.openings;
    (day, open.into_iter().filter(|opening| opening.day == day).collect())
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

on_both_engines! {
    async fn a_window_takes_as_many_orders_as_it_has_room_for_and_gives_back_the_place_of_one_that_ends(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app).await;
        let kit = &app.kit;
        let (day, windows) = tomorrow(&app, &coop).await;
        assert_eq!(windows.iter().map(|one| one.left).collect::<Vec<_>>(), [Some(2), Some(5)]);
        let raw = wanting(&fruit, &windows[0]);
        let first = bank::orders(kit, &raw).await.pop().expect("an order");
        bank::orders(kit, &wanting(&fruit, &windows[0])).await;
        let delivery = look(kit, &first.id).await.delivery;
        assert_eq!((delivery.deliver_on, delivery.slot.as_deref()), (Some(day), Some("07:00–10:00")));
        let full = bank::place(kit, &wanting(&fruit, &windows[0])).await;
        assert_eq!(refusals(full), ["refusal-slot-full"]);
        let quote = ordering::quote(kit, &wanting(&fruit, &windows[0])).await.expect("a quote");
        assert_eq!(quote.changed[0].key, "refusal-slot-full");
        assert_eq!(quote.groups[0].opening.as_ref().map(|opening| opening.day), Some(kit.now().day()), "the next with room");
        ending::cancel_order(kit, &first.id).await.expect("taken back");
        bank::place(kit, &wanting(&fruit, &windows[0])).await.expect("a place is free again");
        check(kit).await;
    }

    async fn an_order_that_moves_to_another_day_leaves_its_window_and_takes_no_place_there(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app).await;
        let kit = &app.kit;
        let (day, windows) = tomorrow(&app, &coop).await;
        let moved = bank::orders(kit, &wanting(&fruit, &windows[0])).await.pop().expect("an order");
        bank::orders(kit, &wanting(&fruit, &windows[0])).await;
        let later = CanDo { deliver_on: Some(day.plus_days(1)), ..CanDo::default() };
        proposing::propose(kit, &coop.seller, &moved.id, &later).await.expect("asked");
        let change = proposing::find_change(kit, &moved.id).await.expect("read").expect("a change");
        proposing::agree_to_change(kit, &moved.id, &change.proposal.id).await.expect("agreed");
        let delivery = look(kit, &moved.id).await.delivery;
        assert_eq!((delivery.deliver_on, delivery.slot, delivery.delivery_slot_id), (Some(day.plus_days(1)), None, None));
        bank::place(kit, &wanting(&fruit, &windows[0])).await.expect("its place is free");
        check(kit).await;
    }

    async fn an_unpaid_order_whose_time_is_up_takes_no_place(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app).await;
        let (_, windows) = tomorrow(&app, &coop).await;
        for _ in 0..2 {
            let raw = RawCheckout { payment: "vietqr".into(), ..wanting(&fruit, &windows[0]) };
            bank::place(&app.kit, &raw).await.expect("an order that is to be paid");
        }
        assert_eq!(tomorrow(&app, &coop).await.1[0].left, Some(0));
        app.clock.advance_s(16 * 60);
        assert_eq!(tomorrow(&app, &coop).await.1[0].left, Some(2), "no worker is needed for it");
        bank::place(&app.kit, &wanting(&fruit, &windows[0])).await.expect("a place");
        check(&app.kit).await;
    }

    async fn the_last_place_is_taken_by_one_of_eight(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        for _ in 0..rounds() {
            let (coop, fruit) = open(&app).await;
            let other = goods(kit, &coop, "Long nhãn", 90_000, 1_000).await;
            let (_, windows) = tomorrow(&app, &coop).await;
            bank::place(kit, &wanting(&fruit, &windows[0])).await.expect("the first place");
            let raws: Vec<RawCheckout> =
                (0..8).map(|n| wanting(if n % 2 == 0 { &fruit } else { &other }, &windows[0])).collect();
            let placed = join_all(raws.iter().map(|raw| bank::place(kit, raw))).await;
            assert_eq!(winners(placed, "refusal-slot-full").len(), 1);
        }
        check(kit).await;
    }

    async fn words_are_a_wish_and_a_past_day_is_said_to_be_gone(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app).await;
        let kit = &app.kit;
        let mut raw = checkout(&[(&fruit, "1")]);
        raw.fulfilment.slot = Some("buổi chiều, gọi trước".into());
        let placed = bank::orders(kit, &raw).await.pop().expect("an order");
        let delivery = look(kit, &placed.id).await.delivery;
        assert!(delivery.delivery_slot_id.is_some(), "the first window with room");
        raw.fulfilment.slot = Some(kit.now().day().plus_days(-1).to_string());
        assert_eq!(refusals(bank::place(kit, &raw).await), ["refusal-slot-full"]);
        raw.fulfilment.slot = Some(kit.now().day().plus_days(2).to_string());
        let later = bank::orders(kit, &raw).await.pop().expect("a day alone is enough");
        assert_eq!(look(kit, &later.id).await.delivery.deliver_on, Some(kit.now().day().plus_days(2)));
        handling::decline_order(kit, &coop.seller, &later.id, "hết hàng").await.expect("no");
        check(kit).await;
    }

    async fn the_pages_let_a_manager_set_windows_and_a_buyer_choose_one(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 1_000).await;
        let manager = app.signed_in(&coop.seller.account).await;
        let id = way(&app.kit, &coop).await.way.id;
        manager.get("/ban-hang/them/giao").await.is(200).says("Chưa chia khung giờ");
        let add = format!("/ban-hang/them/giao/{id}");
        manager.post(&add, &[("from", "7h30"), ("to", "7"), ("capacity", "3")]).await.is(422);
        manager.post(&add, &[("from", "7h30"), ("to", "10"), ("capacity", "3")]).await.is(303);
        manager.post(&add, &[("from", "7:30"), ("to", "10:00"), ("capacity", "3")]).await.is(303);
        let slots = way(&app.kit, &coop).await.slots;
        assert_eq!(slots.len(), 1, "the same hours twice are one window");
        manager.get("/ban-hang/them/giao").await.is(200).says("07:30–10:00");
        let quote = app.visitor();
        let body = serde_json::to_string(&checkout(&[(&fruit, "1")])).expect("a body");
        let request = quote.request("POST", "/api/v1/quotes").header("content-type", "application/json").body(body);
        let answer = quote.send(request).await.is(200).json();
        assert_eq!(answer["orders"][0]["slots"][0]["left"], 3);
        let change = format!("/ban-hang/them/giao/gio/{}", slots[0].id);
        manager.post(&change, &[("capacity", "0")]).await.is(422);
        manager.post(&change, &[("act", "close")]).await.is(303);
        assert!(way(&app.kit, &coop).await.slots.is_empty());
    }
}
