//! The accept loop: a link that answers without a sign-in, a clock that asks in turn in the cooperative's hours, goods in stock
//! accepted at once, and a change that the buyer agrees to.

use crate::kit::app::TestApp;
use crate::kit::{bank, make};
use crate::on_both_engines;
use crate::races::{rounds, sound};
use diesel::prelude::*;
use futures_util::future::{join, join_all};
use ganh::domain::account::MemberRole;
use ganh::domain::id::{ActLinkId, OrderId};
use ganh::domain::message::{MessageKind, MessageState};
use ganh::domain::money::Money;
use ganh::domain::order::{ActorKind, OrderEvent, OrderState};
use ganh::domain::quantity::{Base, Quantity};
use ganh::domain::settlement::Settlement;
use ganh::service::answering_rules::{AnswerRules, lay_down_rules};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::proposing::{self, CanDo};
use ganh::service::{answer_clock, answer_link, answering, ending, handling, membership, money_list};
use ganh::store;
use ganh::store::message::Message;
use ganh::store::order::{Order, OrderMove};
use ganh::store::schema::message;

mod change;
mod clock;
mod first;

/// Words about an order, oldest first.
pub async fn words_of(kit: &Kit, order: &OrderId, kind: MessageKind) -> Vec<Message> {
    let id = order.clone();
    kit.db
        .read(move |conn| {
            let rows = message::table.filter(message::order_id.eq(&id)).filter(message::kind.eq(kind));
            let rows = rows.order((message::made_at, message::id)).select(Message::as_select()).load(conn);
            Ok::<_, ServiceError>(rows.map_err(store::StoreError::from)?)
        })
        .await
        .expect("messages")
}

/// Lets the clock do what is due, to the end.
pub async fn ask(kit: &Kit) -> usize {
    let mut done = 0;
    loop {
        match answer_clock::ask_for_answers(kit).await.expect("a round") {
            0 => return done,
            some => done += some,
        }
    }
}

/// The newest link that was sent for an order: its path, its id, its token.
pub async fn link_of(kit: &Kit, order: &OrderId) -> (String, ActLinkId, String) {
    let words = words_of(kit, order, MessageKind::OrderToConfirm).await;
    let url = answer_link::url_of(kit, words.last().expect("words")).expect("a link");
    let path = url.strip_prefix(&kit.config.base_url).expect("ours").to_owned();
    let (id, token) = path.strip_prefix("/tra-loi/").and_then(|rest| rest.split_once("?k=")).expect("a link");
    (path.clone(), id.parse().expect("an id"), token.to_owned())
}

pub async fn order_now(kit: &Kit, id: &OrderId) -> Order {
    let id = id.clone();
    kit.db.read(move |conn| store::order::get(conn, &id)).await.expect("an order")
}

pub async fn moves(kit: &Kit, id: &OrderId) -> Vec<OrderMove> {
    let id = id.clone();
    kit.db.read(move |conn| store::order::list_moves(conn, &id)).await.expect("moves")
}

async fn count(kit: &Kit, id: &OrderId, event: OrderEvent) -> usize {
    moves(kit, id).await.into_iter().filter(|row| row.event == event).count()
}

on_both_engines! {
    async fn a_member_accepts_by_the_link_which_shows_and_does_nothing_until_it_is_pressed(db: TestDb) {
        let app = TestApp::start(db).await;
        let seller = make::seller(&app.kit, "HTX Một", 1).await;
        let product = make::product(&app.kit, &seller, "Nhãn lồng").await;
        make::lot(&app.kit, &seller, &product, Base(50_000)).await;
        let order = make::order_of(&app.kit, "nhan-long", "1.5").await;
        assert_eq!(ask(&app.kit).await, 1);
        let (path, id, token) = link_of(&app.kit, &order).await;
        let anyone = app.visitor();
        for page in [path.clone(), format!("{path}&viec=tu-choi"), format!("{path}&viec=doi")] {
            let shown = anyone.get(&page).await;
            assert_eq!(shown.status, 200, "{}", shown.body);
            assert!(shown.headers["cache-control"].contains("no-store"));
            assert_eq!((&*shown.headers["x-robots-tag"], &*shown.headers["referrer-policy"]), ("noindex", "no-referrer"));
            assert!(!shown.body.contains("0912345678") && !shown.body.contains("912 345 678"), "no number of the buyer");
            assert!(!shown.body.contains("Hàng Trống"), "nor the house");
        }
        assert!(anyone.get(&path).await.body.contains("Nhận đơn"));
        assert_eq!(order_now(&app.kit, &order).await.state, OrderState::Placed, "looking changes nothing");
        assert_eq!(anyone.get(&format!("/tra-loi/{id}?k=wrong")).await.status, 404);
        assert_eq!(anyone.post(&format!("/tra-loi/{id}?k=wrong"), &[("act", "accept")]).await.status, 404);
        app.clock.advance_s(60);
        assert_eq!(anyone.post(&path, &[("act", "accept")]).await.status, 303);
        assert_eq!(anyone.post(&path, &[("act", "accept")]).await.status, 303, "a second press finds it done");
        assert_eq!(anyone.post(&path, &[("act", "decline"), ("words", "x"), ("sure", "1")]).await.status, 303);
        let last = moves(&app.kit, &order).await.pop().expect("a move");
        assert_eq!((last.event, last.by_account_id), (OrderEvent::Confirmed, Some(seller.account.clone())));
        assert!(anyone.get(&path).await.body.contains("Đơn này đã trả lời xong"));
        let stored = format!("{:?}", words_of(&app.kit, &order, MessageKind::OrderToConfirm).await);
        assert!(!stored.contains(&token), "the token stands nowhere");
        sound(&app.kit).await;
    }

    async fn a_decline_by_the_link_is_asked_once_more_and_gives_everything_back(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = bank::coop(&app.kit, "Nhãn Lồng").await;
        let fruit = bank::goods(&app.kit, &coop, "Nhãn", 20_000, 9).await;
        let order = bank::order(&app.kit, &[(&fruit, "2")]).await;
        money_list::mark_money_received(&app.kit, &coop.seller, &order.id, Money(40_000)).await.expect("paid");
        ask(&app.kit).await;
        let (path, ..) = link_of(&app.kit, &order.id).await;
        let anyone = app.visitor();
        let empty = anyone.post(&path, &[("act", "decline"), ("reason", "other"), ("words", " ")]).await;
        assert_eq!(empty.status, 422);
        let asked = anyone.post(&path, &[("act", "decline"), ("reason", "sold")]).await;
        assert!(asked.status == 200 && asked.body.contains("Từ chối đơn này?"), "{}", asked.body);
        assert_eq!(order_now(&app.kit, &order.id).await.state, OrderState::Placed);
        let sure = [("act", "decline"), ("reason", "other"), ("words", "Hết hàng"), ("sure", "1")];
        assert_eq!(anyone.post(&path, &sure).await.status, 303);
        let view = bank::look(&app.kit, &order.id).await;
        assert_eq!((view.order.state, view.settlement), (OrderState::Declined, Settlement::RefundDue));
        assert_eq!(view.order.reason.as_deref(), Some("Hết hàng"));
        let lot = fruit.lot.clone();
        let lot = app.kit.db.read(move |conn| store::lot::get(conn, &lot)).await.expect("the lot");
        assert_eq!(lot.held, Base(0));
        let own = format!("/don/{}?k={}", order.code, ganh::service::showing::order_key(&app.kit, &order.id));
        assert!(anyone.get(&own).await.body.contains("ở HTX khác"), "where else to look");
        sound(&app.kit).await;
    }

    async fn a_link_dies_with_the_role_and_with_the_time_and_another_is_sent_to_the_same_person_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let seller = make::seller(&app.kit, "HTX Một", 1).await;
        let packer = make::person(&app.kit, "Ông Đóng Gói", 2).await;
        ganh::service::people::add_member(&app.kit, &seller.cooperative, &packer, "2", &[MemberRole::Packer]).await.expect("in");
        let product = make::product(&app.kit, &seller, "Nhãn lồng").await;
        make::lot(&app.kit, &seller, &product, Base(50_000)).await;
        let (one, two) = (make::order_of(&app.kit, "nhan-long", "1").await, make::order_of(&app.kit, "nhan-long", "1").await);
        ask(&app.kit).await;
        let words = words_of(&app.kit, &one, MessageKind::OrderToConfirm).await;
        assert_eq!(words[0].account_id.as_ref(), Some(&packer), "who packs is asked first");
        membership::change_roles(&app.kit, &seller, &packer, &[MemberRole::Lister]).await.expect("changed");
        let (path, id, token) = link_of(&app.kit, &one).await;
        let refused = answering::accept_by_link(&app.kit, &id, &token).await;
        assert!(matches!(refused, Err(ServiceError::Changed(_))), "{refused:?}");
        assert!(app.visitor().get(&path).await.body.contains("không còn dùng được"));
        assert!(answer_clock::ask_new_link(&app.kit, &id, &token).await.is_err(), "a role that ended gets no other");
        membership::change_roles(&app.kit, &seller, &packer, &[MemberRole::Packer]).await.expect("back");
        // Two hours and the grace of one, and nobody has run the clock.
        app.clock.advance_s(3 * 3_600 + 60);
        let (path, id, token) = link_of(&app.kit, &two).await;
        assert!(answering::accept_by_link(&app.kit, &id, &token).await.is_err(), "its time is up");
        assert!(app.visitor().get(&path).await.body.contains("Xin đường dẫn mới"));
        let all = join_all((0..4).map(|_| answer_clock::ask_new_link(&app.kit, &id, &token))).await;
        assert_eq!(all.into_iter().filter(Result::is_ok).count(), 1);
        let (_, id, token) = link_of(&app.kit, &two).await;
        answering::accept_by_link(&app.kit, &id, &token).await.expect("the new one answers");
        sound(&app.kit).await;
    }

    async fn goods_in_stock_are_accepted_at_once_where_the_cooperative_wants_it_and_planned_ones_are_not(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = bank::coop(&app.kit, "Nhãn Lồng").await;
        let fruit = bank::goods(&app.kit, &coop, "Nhãn", 20_000, 9).await;
        let cod = || ganh::service::checkout::RawCheckout { payment: "cod".into(), ..bank::checkout(&[(&fruit, "1")]) };
        let by_hand = bank::orders(&app.kit, &cod()).await.remove(0);
        assert_eq!(order_now(&app.kit, &by_hand.id).await.state, OrderState::Placed, "off unless it is wanted");
        let rules = AnswerRules { within_min: 60, accepts_stock: true, confirms_first: false };
        lay_down_rules(&app.kit, &coop.seller, rules).await.expect("laid down");
        let at_the_door = bank::orders(&app.kit, &cod()).await.remove(0);
        let prepaid = bank::order(&app.kit, &[(&fruit, "1")]).await;
        app.clock.advance_s(60);
        money_list::mark_money_received(&app.kit, &coop.seller, &prepaid.id, Money(20_000)).await.expect("paid");
        for order in [&at_the_door, &prepaid] {
            let last = moves(&app.kit, &order.id).await.pop().expect("a move");
            assert_eq!((last.event, last.by_kind, last.by_account_id), (OrderEvent::Confirmed, ActorKind::Cooperative, None));
            assert_eq!(words_of(&app.kit, &order.id, MessageKind::OrderConfirmed).await.len(), 1);
        }
        ask(&app.kit).await;
        assert!(words_of(&app.kit, &at_the_door.id, MessageKind::OrderToConfirm).await.is_empty(), "nobody is asked");
        // What is left of the lot is sold; the next order stands on what is only planned.
        bank::orders(&app.kit, &ganh::service::checkout::RawCheckout { payment: "cod".into(), ..bank::checkout(&[(&fruit, "6")]) }).await;
        let said = ganh::service::listing::LotSaid {
            kind: ganh::domain::stock::LotKind::Planned,
            made_on: app.kit.now().day().plus_days(3),
            best_before: None,
            place: "Bãi sông".into(),
            commune_code: None,
            quantity: Base(5_000),
            word_of: ganh::domain::trace::WordOf::Grower,
            owner: None,
        };
        ganh::service::listing::add_lot(&app.kit, &coop.seller, &fruit.product, &said).await.expect("a planned lot");
        let planned = bank::orders(&app.kit, &cod()).await.remove(0);
        assert_eq!(order_now(&app.kit, &planned.id).await.state, OrderState::Placed, "a person says whether it can be");
        sound(&app.kit).await;
    }

    async fn two_links_a_page_and_the_clock_at_once_answer_an_order_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Một", 1).await;
        let packer = make::person(kit, "Ông Đóng Gói", 2).await;
        ganh::service::people::add_member(kit, &seller.cooperative, &packer, "2", &[MemberRole::Packer]).await.expect("in");
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        make::lot(kit, &seller, &product, Base(500_000)).await;
        for round in 0..rounds() {
            app.clock.set("2026-11-23T09:00:00+07:00".parse().expect("a time"));
            let order = make::order_of(kit, "nhan-long", "1").await;
            ask(kit).await;
            let (_, one, key_one) = link_of(kit, &order).await;
            app.clock.advance_s(81 * 60);
            ask(kit).await;
            let (_, two, key_two) = link_of(kit, &order).await;
            assert_ne!(one, two);
            // In every other round the promise and the grace have just ended, and the clock presses too.
            app.clock.advance_s(if round % 2 == 0 { 60 } else { 99 * 60 });
            let (links, (pages, clocks)) = join(
                join_all([(&one, &key_one), (&two, &key_two)].into_iter().cycle().take(4).map(|(id, key)| answering::accept_by_link(kit, id, key))),
                join(
                    join_all((0..2).map(|n| { let (seller, order) = (&seller, &order); async move {
                        if n == 0 { handling::confirm_order(kit, seller, order).await } else { handling::decline_order(kit, seller, order, "hết").await }
                    }})),
                    join_all((0..2).map(|_| answer_clock::ask_for_answer(kit, &order))),
                ),
            ).await;
            for error in links.into_iter().chain(pages).filter_map(Result::err) {
                assert!(matches!(error, ServiceError::Changed(_)), "{error}");
            }
            for clock in clocks {
                clock.expect("the clock meets no fault");
            }
            let yes = count(kit, &order, OrderEvent::Confirmed).await;
            let no = count(kit, &order, OrderEvent::Declined).await;
            // A yes may be taken back by a no; never the other way round, and never twice.
            assert!(yes <= 1 && no <= 1 && yes + no >= 1, "round {round}: {yes} yes, {no} no");
        }
        sound(kit).await;
    }

    async fn money_that_comes_while_an_order_is_declined_is_owed_back_whole(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 500).await;
        for round in 0..rounds() {
            let order = bank::order(kit, &[(&fruit, "1")]).await;
            let (paid, declined) = join(
                money_list::mark_money_received(kit, &coop.seller, &order.id, Money(20_000)),
                handling::decline_order(kit, &coop.seller, &order.id, "hết"),
            ).await;
            declined.expect("declined, before the money or after it");
            let view = bank::look(kit, &order.id).await;
            assert_eq!(view.order.state, OrderState::Declined, "round {round}");
            if paid.is_ok() {
                assert_eq!(view.settlement, Settlement::RefundDue, "round {round}");
            }
        }
        sound(kit).await;
    }
}
