//! Goods ordered before they are harvested: windows that open, close once and come again, the last kilo, the last second, the real
//! harvest shared out by the rule that was shown, and a harvest that fails. After each test every invariant is checked.

mod deposits;
mod harvest;
mod pages;
mod races;

use crate::kit::TestDb;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Placed, checkout, coop, goods, look};
use crate::on_both_engines;
use crate::races::{rounds, sound};
use futures_util::future::{join, join_all};
use ganh::domain::id::SalesWindowId;
use ganh::domain::message::MessageKind;
use ganh::domain::money::Money;
use ganh::domain::order::{HoldState, OrderState};
use ganh::domain::quantity::Base;
use ganh::domain::settlement::Settlement;
use ganh::domain::sharing::SharingRule;
use ganh::domain::stock::LotKind;
use ganh::domain::window::{Plan, WindowState};
use ganh::service::checkout::RawCheckout;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::windows::{self, WindowAct, WindowSaid};
use ganh::service::{answer_clock, ending, handling, harvesting, money_list, window_clock};
use ganh::store;
use ganh::store::schema::message;
use ganh::store::window::SalesWindow;

/// A cooperative with 2 kg of its fruit in stock.
async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 2).await;
    (app, coop, fruit)
}

/// Harvested in five days, ordered until 17:00 in three.
fn plan(kit: &Kit, kg: i64, weekdays: &str) -> Plan {
    let day = kit.now().day();
    Plan {
        harvest_from: day.plus_days(5),
        harvest_to: day.plus_days(5),
        planned: Base(kg * 1000),
        closes_at: day.plus_days(3).at_minute(17 * 60),
        weekdays: weekdays.to_owned(),
    }
}

/// A window with the id of the offer by which it sells.
struct Opened {
    id: SalesWindowId,
    offer: String,
}

async fn window_of(kit: &Kit, coop: &Coop, fruit: &Goods, plan: Plan, sharing: SharingRule) -> Opened {
    let id = SalesWindowId::new(kit.now(), kit.ten());
    windows::open_window(kit, &coop.seller, &fruit.product, &WindowSaid { plan, sharing, deposit_bps: 0 }, &id)
        .await
        .expect("open");
    Opened { offer: offer_of(kit, &id).await, id }
}

async fn window(kit: &Kit, coop: &Coop, fruit: &Goods, kg: i64, sharing: SharingRule) -> Opened {
    window_of(kit, coop, fruit, plan(kit, kg, ""), sharing).await
}

/// A window that is open, for pages to be opened on.
pub async fn opened(kit: &Kit, coop: &Coop, fruit: &Goods) -> SalesWindowId {
    window(kit, coop, fruit, 50, SharingRule::First).await.id
}

/// A window that ends this afternoon and comes again on Friday.
pub async fn closing_today(kit: &Kit, coop: &Coop, fruit: &Goods) {
    let day = kit.now().day();
    let (harvest_from, closes_at) = (day.plus_days(1), day.at_minute(17 * 60));
    let plan = Plan { harvest_from, harvest_to: harvest_from, closes_at, ..plan(kit, 50, "25") };
    window_of(kit, coop, fruit, plan, SharingRule::First).await;
}

async fn offer_of(kit: &Kit, id: &SalesWindowId) -> String {
    let id = id.clone();
    let offers = kit.db.read(move |conn| Ok::<_, ServiceError>(store::window::list_offers(conn, &[id])?)).await;
    offers.expect("offers").remove(0).1.id.to_string()
}

async fn now_of(kit: &Kit, id: &SalesWindowId) -> SalesWindow {
    let id = id.clone();
    kit.db.read(move |conn| Ok::<_, ServiceError>(store::window::get(conn, &id)?)).await.expect("a window")
}

/// A checkout of a window's goods: so many kilograms, paid so, and what happens when there is less.
fn ahead(fruit: &Goods, window: &Opened, kg: &str, payment: &str, wish: &str) -> RawCheckout {
    let mut raw = checkout(&[(fruit, kg)]);
    raw.payment = payment.into();
    raw.lines[0].offer = Some(window.offer.clone());
    raw.lines[0].if_short = Some(wish.into());
    raw
}

async fn ordered(kit: &Kit, fruit: &Goods, window: &Opened, kg: &str, payment: &str, wish: &str) -> Placed {
    bank::orders(kit, &ahead(fruit, window, kg, payment, wish)).await.remove(0)
}

/// Grams of each order's only line, and its state.
async fn stands(kit: &Kit, orders: &[&Placed]) -> Vec<(i64, OrderState)> {
    let mut out = Vec::new();
    for order in orders {
        let view = look(kit, &order.id).await;
        out.push((view.lines[0].line.base_quantity.0, view.order.state));
    }
    out
}

/// How often words of a kind are owed in the whole market.
async fn words(kit: &Kit, kind: MessageKind) -> i64 {
    use diesel::prelude::*;
    let count = move |conn: &mut store::Conn| {
        let query = message::table.filter(message::kind.eq(kind.as_text())).count();
        query.get_result::<i64>(conn).map_err(store::StoreError::from).map_err(ServiceError::from)
    };
    kit.db.read(count).await.expect("a count")
}

fn harvest_day(app: &TestApp) {
    app.clock.advance_s(5 * 86_400);
}

on_both_engines! {
    async fn a_window_bears_a_lot_that_serves_its_own_orders_alone(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::First).await;
        assert_eq!(refusals(bank::place(kit, &checkout(&[(&fruit, "3")])).await), ["refusal-short"], "2 kg are there");
        let there = bank::order(kit, &[(&fruit, "2")]).await;
        let before = ordered(kit, &fruit, &saturday, "20", "cod", "less").await;
        let (there, before) = (look(kit, &there.id).await, look(kit, &before.id).await);
        let day = now_of(kit, &saturday.id).await.harvest_from;
        assert_eq!((there.waits_for, before.waits_for), (None, Some(day)));
        assert!(before.delivery.deliver_on >= Some(day) && there.delivery.deliver_on < Some(day));
        assert_eq!(refusals(bank::place(kit, &ahead(&fruit, &saturday, "31", "cod", "less")).await), ["refusal-short"]);
        let both = RawCheckout {
            lines: vec![ahead(&fruit, &saturday, "1", "cod", "less").lines.remove(0), checkout(&[(&fruit, "1")]).lines.remove(0)],
            ..ahead(&fruit, &saturday, "1", "cod", "less")
        };
        ending::cancel_order(kit, &there.order.id).await.expect("taken back");
        assert_eq!(bank::orders(kit, &both).await.len(), 2, "two harvests are two orders");
        let planned = windows::change_window(kit, &coop.seller, &saturday.id, &WindowAct::Amount(Base(20_000))).await;
        assert_eq!(refusals(planned), ["refusal-window-promised"]);
        windows::change_window(kit, &coop.seller, &saturday.id, &WindowAct::Amount(Base(21_000))).await.expect("enough");
        assert_eq!(refusals(bank::place(kit, &ahead(&fruit, &saturday, "1", "cod", "less")).await), ["refusal-sold-out"]);
        // A yes beforehand is a promise; what has not been harvested goes into no box.
        handling::confirm_order(kit, &coop.seller, &before.order.id).await.expect("yes");
        assert_eq!(refusals(handling::pack_order(kit, &coop.seller, &before.order.id).await), ["refusal-pack-unharvested"]);
        sound(kit).await;
    }

    async fn the_last_second_is_inside_and_who_comes_after_is_told_what_there_is_instead(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::First).await;
        let end = now_of(kit, &saturday.id).await.closes_at;
        app.clock.set(end.plus_seconds(-1));
        let last = ordered(kit, &fruit, &saturday, "1", "vietqr", "less").await;
        app.clock.set(end);
        let raw = ahead(&fruit, &saturday, "1", "cod", "less");
        let late = || bank::place(kit, &raw);
        let Err(ServiceError::Changed(told)) = late().await else { panic!("a late order") };
        assert_eq!((told[0].key.as_str(), told[0].field.as_str()), ("refusal-window-closed", "lines[0].offer"));
        assert_eq!((told[0].args["next"].as_str(), told[0].args["instead"].as_str()), ("none", "there"));
        window_of(kit, &coop, &fruit, plan(kit, 9, ""), SharingRule::First).await;
        let Err(ServiceError::Changed(told)) = late().await else { panic!("a late order") };
        assert_ne!(told[0].args["next"], "none");
        assert_eq!(window_clock::close_windows(kit).await.expect("a round"), 1);
        assert_eq!(now_of(kit, &saturday.id).await.state, WindowState::Closed);
        money_list::mark_money_received(kit, &coop.seller, &last.id, Money(20_000)).await.expect("paid after the end");
        assert_eq!(look(kit, &last.id).await.order.state, OrderState::Placed, "an order that was in time may finish");
        sound(kit).await;
    }

    async fn a_window_can_be_paused_and_ended_early_and_presses_are_done_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::First).await;
        let act = |act: WindowAct| { let id = saturday.id.clone(); let seller = coop.seller.clone(); async move { windows::change_window(kit, &seller, &id, &act).await } };
        let raw = ahead(&fruit, &saturday, "1", "cod", "less");
        let asks = || bank::place(kit, &raw);
        for _ in 0..2 { act(WindowAct::Pause).await.expect("paused"); }
        assert_eq!(refusals(asks().await), ["refusal-window-closed"]);
        act(WindowAct::Resume).await.expect("open again");
        asks().await.expect("ordered");
        for _ in 0..2 { act(WindowAct::End).await.expect("ended"); }
        assert_eq!(refusals(asks().await), ["refusal-window-closed"]);
        assert_eq!(refusals(act(WindowAct::Resume).await), ["refusal-window-over"]);
        for _ in 0..2 { window_clock::close_windows(kit).await.expect("a round"); }
        assert_eq!(words(kit, MessageKind::WindowClosed).await, 1);
        sound(kit).await;
    }

    async fn a_day_without_a_worker_closes_each_window_once_and_opens_the_next_round_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let weekly = window_of(kit, &coop, &fruit, plan(kit, 50, "1234567"), SharingRule::Equal).await;
        ordered(kit, &fruit, &weekly, "7", "cod", "less").await;
        let end = now_of(kit, &weekly.id).await.closes_at;
        app.clock.set(end.plus_seconds(49 * 3600));
        let rounds = join_all((0..3).map(|_| window_clock::close_windows(kit))).await;
        assert_eq!(rounds.into_iter().map(|done| done.expect("a round")).sum::<usize>(), 1);
        assert_eq!(words(kit, MessageKind::WindowClosed).await, 1);
        let seller = coop.seller.cooperative.clone();
        let all = kit.db.read(move |conn| Ok::<_, ServiceError>(store::window::list_own(conn, &seller, 9)?)).await.expect("windows");
        assert_eq!(all.len(), 2, "one next round, not the ones that nobody could have ordered");
        assert_eq!((all[0].previous_id.as_ref(), all[0].state), (Some(&weekly.id), WindowState::Open));
        assert!(all[0].closes_at > kit.now() && all[0].closes_at <= kit.now().plus_minutes(24 * 60));
        let next = Opened { offer: offer_of(kit, &all[0].id).await, id: all[0].id.clone() };
        ordered(kit, &fruit, &next, "50", "cod", "less").await;
        sound(kit).await;
    }

    async fn nobody_is_asked_for_an_answer_before_the_harvest_and_one_that_is_never_said_gives_everything_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::First).await;
        let order = ordered(kit, &fruit, &saturday, "5", "cod", "less").await;
        app.clock.advance_s(4 * 86_400);
        while answer_clock::ask_for_answers(kit).await.expect("a round") > 0 {}
        assert_eq!(words(kit, MessageKind::OrderToConfirm).await, 0);
        app.clock.advance_s(6 * 86_400);
        while answer_clock::ask_for_answers(kit).await.expect("a round") > 0 {}
        assert_eq!(look(kit, &order.id).await.order.state, OrderState::Declined);
        sound(kit).await;
    }
}
