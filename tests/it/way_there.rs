//! The way to a buyer: not taken at the door and tried again, taken back with its goods and its money, by coach with its plate, and what
//! a number may hold without having paid. After each test every invariant is checked.

use crate::handling::{at_the_door, traced};
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Movement, Placed, look, seller};
use crate::on_both_engines;
use crate::races::{rounds, sound, winners_among};
use futures_util::future::{join, join_all};
use ganh::domain::account::MemberRole;
use ganh::domain::attempt::{AttemptReason, GoodsBack};
use ganh::domain::id::OrderId;
use ganh::domain::money::Money;
use ganh::domain::order::{FulfilmentKind, OrderState};
use ganh::domain::settlement::Settlement;
use ganh::domain::trace::Step;
use ganh::service::error::ServiceError;
use ganh::service::founding::{self, NewWay};
use ganh::service::kit::Kit;
use ganh::service::undelivered::{AttemptSaid, clear_refused, find_way_there, say_undelivered, take_back};
use ganh::service::{door, handling};
use ganh::store;

async fn open(app: &TestApp) -> (Coop, Goods) {
    let coop = bank::coop(&app.kit, "Nhãn Lồng").await;
    let fruit = bank::goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    (coop, fruit)
}

async fn packed(kit: &Kit, coop: &Coop, order: &Placed) {
    handling::confirm_order(kit, &coop.seller, &order.id).await.expect("yes");
    handling::pack_order(kit, &coop.seller, &order.id).await.expect("packed");
}

async fn on_hand(kit: &Kit, fruit: &Goods) -> i64 {
    let id = fruit.lot.clone();
    kit.db.read(move |conn| store::lot::get(conn, &id)).await.expect("the lot").on_hand.0
}

async fn state(kit: &Kit, id: &OrderId) -> OrderState {
    look(kit, id).await.order.state
}

async fn told(kit: &Kit, coop: &Coop, id: &OrderId, kind: &str) -> usize {
    let (cooperative, id, kind) = (coop.id.clone(), id.clone(), kind.to_owned());
    let all = kit.db.read(move |conn| store::message::list_open(conn, Some(&cooperative), 100)).await.expect("words");
    all.into_iter().filter(|one| one.order_id.as_ref() == Some(&id) && one.kind == kind).count()
}

fn nobody_home() -> AttemptSaid {
    AttemptSaid { reason: AttemptReason::NobodyHome, next_on: None, note: String::new() }
}

/// An order to be paid at the door that came back for good, counted against its number.
async fn not_taken(kit: &Kit, coop: &Coop, fruit: &Goods) -> Placed {
    let order = at_the_door(kit, &[(fruit, "1")]).await;
    packed(kit, coop, &order).await;
    handling::send_order(kit, &coop.seller, &order.id).await.expect("on the way");
    say_undelivered(kit, &coop.seller, &order.id, &nobody_home()).await.expect("noted");
    take_back(kit, &coop.seller, &order.id, GoodsBack::Sellable, "Ba lần không gặp").await.expect("back");
    order
}

on_both_engines! {
    async fn what_nobody_took_comes_back_packed_and_goes_out_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        let order = at_the_door(kit, &[(&fruit, "2")]).await;
        packed(kit, &coop, &order).await;
        let manager = app.signed_in(&coop.seller.account).await;
        let at = format!("/ban-hang/giao/{}", order.code);
        // Not on its way yet.
        let early = refusals(say_undelivered(kit, &coop.seller, &order.id, &nobody_home()).await);
        assert_eq!(early, ["refusal-order-state"]);
        door::take_order(kit, &coop.seller, &order.id).await.expect("on the way");
        let other = seller(kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        let not_mine = refusals(say_undelivered(kit, &other, &order.id, &nobody_home()).await);
        assert_eq!(not_mine, ["refusal-not-carrier"]);
        manager.post(&format!("{at}/chua-giao"), &[("next_on", "2026-11-25"), ("note", "Cổng sau")]).await.is(422).says("Cổng sau");
        let far = [("reason", "asked_later"), ("next_on", "2027-01-25")];
        manager.post(&format!("{at}/chua-giao"), &far).await.is(422).says("Ngày giao lại phải");
        let next = app.kit.now().day().plus_days(2);
        let said = [("reason", "asked_later"), ("next_on", &*next.to_string()), ("note", "Chiều về")];
        app.clock.advance_s(60);
        for _twice in 0..2 {
            manager.post(&format!("{at}/chua-giao"), &said).await.is(303);
        }
        let view = look(kit, &order.id).await;
        assert_eq!((view.order.state, view.delivery.deliver_on), (OrderState::Packed, Some(next)));
        assert_eq!(told(kit, &coop, &order.id, "order_undelivered").await, 1);
        manager.get(&format!("/ban-hang/don/{}", order.code)).await.is(200).says("Khách hẹn hôm khác").says("Chiều về");
        let key = ganh::service::showing::order_key(kit, &order.id);
        let page = app.visitor().get(&format!("/don/{}?k={key}", order.code)).await.is(200);
        page.says("Khách hẹn hôm khác").says("Giao lại");
        assert!(!page.body.contains("Chiều về"), "the note is the cooperative's");
        door::take_order(kit, &other, &order.id).await.expect("out again");
        door::deliver_at_door(kit, &other, &order.id, Money(40_000)).await.expect("taken");
        assert_eq!(state(kit, &order.id).await, OrderState::Delivered);
        sound(kit).await;
        app.stop().await;
    }

    async fn what_is_taken_back_is_in_its_lot_again_and_its_money_is_owed_back(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        let order = bank::order(kit, &[(&fruit, "3")]).await;
        bank::tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        packed(kit, &coop, &order).await;
        assert_eq!(on_hand(kit, &fruit).await, 97_000);
        let manager = app.signed_in(&coop.seller.account).await;
        let at = format!("/ban-hang/don/{}", order.code);
        manager.get(&at).await.is(200).says("lấy hàng về");
        manager.post(&format!("{at}/lay-ve"), &[("seen", "packed"), ("goods", "sellable"), ("reason", "")]).await.is(422);
        manager.post(&format!("{at}/lay-ve"), &[("seen", "packed"), ("reason", "Khách đi xa")]).await.is(422);
        app.clock.advance_s(60);
        for _twice in 0..2 {
            let said = [("seen", "packed"), ("goods", "sellable"), ("reason", "Khách đi xa")];
            manager.post(&format!("{at}/lay-ve"), &said).await.is(303);
        }
        let view = look(kit, &order.id).await;
        assert_eq!((view.order.state, view.settlement), (OrderState::Cancelled, Settlement::RefundDue));
        assert_eq!(view.balance.refund_due, Money(60_000));
        assert_eq!(on_hand(kit, &fruit).await, 100_000);
        assert_eq!(traced(kit, &order.id).await.last().map(|(step, _)| *step), Some(Step::Returned));
        assert_eq!(told(kit, &coop, &order.id, "order_returned").await, 1);
        // Nobody had stood at a door: nothing counts against the number.
        let way = find_way_there(kit, &order.id, &view.buyer.buyer_phone).await.expect("the way");
        assert!(way.refused.is_empty());
        // Spoiled goods come back and are written off: on hand stays what the eye sees.
        let spoiled = at_the_door(kit, &[(&fruit, "2")]).await;
        packed(kit, &coop, &spoiled).await;
        take_back(kit, &coop.seller, &spoiled.id, GoodsBack::Spoiled, "Dập hết").await.expect("back");
        assert_eq!(on_hand(kit, &fruit).await, 98_000);
        sound(kit).await;
        app.stop().await;
    }

    async fn by_coach_the_buyer_knows_which_and_when(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        let way = NewWay {
            kind: FulfilmentKind::Coach, label: "Xe khách".into(), scope: "*".into(), fee: Money(10_000), free_from: None,
            minimum: Money(0), weekdays: String::new(), cutoff_min: 1020, cutoff_days: 0, from_min: 360, to_min: 600,
            position: 1, point: None,
        };
        founding::add_way(kit, &coop.id, &way).await.expect("a way");
        let mut raw = bank::checkout(&[(&fruit, "2")]);
        raw.payment = "cod".into();
        raw.fulfilment.kind = "coach".into();
        let order = bank::orders(kit, &raw).await.pop().expect("an order");
        packed(kit, &coop, &order).await;
        assert_eq!(refusals(handling::send_order(kit, &coop.seller, &order.id).await), ["refusal-coach-first"]);
        let manager = app.signed_in(&coop.seller.account).await;
        let at = format!("/ban-hang/don/{}", order.code);
        manager.get(&at).await.is(200).says("Biển số xe");
        let wrong = [("seen", "packed"), ("plate", "xe Hải"), ("leaves", "13:30"), ("stop", "Bến Mỹ Đình")];
        manager.post(&format!("{at}/xe"), &wrong).await.is(422).says("Biển số chưa đọc được").says("Bến Mỹ Đình");
        let mut said = [("seen", "packed"), ("plate", "17b-012.34"), ("leaves", "13h30"), ("stop", "Bến Mỹ Đình"), ("coach_phone", "0912345678")];
        app.clock.advance_s(60);
        for _twice in 0..2 {
            manager.post(&format!("{at}/xe"), &said).await.is(303);
        }
        assert_eq!((state(kit, &order.id).await, told(kit, &coop, &order.id, "order_on_coach").await), (OrderState::OnTheWay, 1));
        let key = ganh::service::showing::order_key(kit, &order.id);
        let page = app.visitor().get(&format!("/don/{}?k={key}", order.code)).await.is(200);
        page.says("17B-012.34").says("Bến Mỹ Đình").says("tel:+84912345678");
        // Another coach after all: put right, and told once more.
        said[1].1 = "17B-999.99";
        manager.post(&format!("{at}/xe"), &said).await.is(303);
        assert_eq!(told(kit, &coop, &order.id, "order_on_coach").await, 2);
        let home = at_the_door(kit, &[(&fruit, "1")]).await;
        packed(kit, &coop, &home).await;
        manager.post(&format!("/ban-hang/don/{}/xe", home.code), &said).await.is(409).says("không gửi xe khách");
        sound(kit).await;
        app.stop().await;
    }

    async fn a_parcel_has_its_label_and_its_row_and_its_buyer_orders_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        let order = at_the_door(kit, &[(&fruit, "2")]).await;
        let manager = app.signed_in(&coop.seller.account).await;
        assert_eq!(manager.get("/ban-hang/phieu-gui.csv").await.is(200).body.lines().count(), 1, "nothing stands packed");
        packed(kit, &coop, &order).await;
        let table = manager.get("/ban-hang/phieu-gui.csv").await.is(200);
        table.says(order.code.as_text()).says("Số 1, thôn 2").says(",2000,40000,40000,");
        assert!(manager.get("/ban-hang/phieu-gui.xlsx").await.is(200).header("content-type").contains("sheet"));
        let label = manager.get(&format!("/ban-hang/don/{}/tem", order.code)).await.is(200);
        label.says("Thu của khách: 40.000").says("<svg");
        handling::deliver_order(kit, &coop.seller, &order.id).await.expect("taken");
        let key = ganh::service::showing::order_key(kit, &order.id);
        let visitor = app.visitor();
        visitor.get(&format!("/don/{}?k={key}", order.code)).await.is(200).says("Đặt lại").says("Đăng nhập để lưu đơn");
        visitor.post(&format!("/don/{}/dat-lai?k=wrong", order.code), &[]).await.is(404);
        assert_eq!(visitor.post(&format!("/don/{}/dat-lai?k={key}", order.code), &[]).await.is(303).location(), "/gio-hang");
        visitor.get("/gio-hang").await.is(200).says("Nhãn lồng");
        // A guest's order is kept by one account, once.
        let (mine, another) = (app.shopper().await, app.shopper().await);
        let keep = format!("/don/{}/luu?k={key}", order.code);
        for _twice in 0..2 {
            mine.post(&keep, &[]).await.is(303);
        }
        another.post(&keep, &[]).await.is(409).says("tài khoản khác");
        assert!(look(kit, &order.id).await.buyer.account_id.is_some());
        let page = mine.get(&format!("/don/{}?k={key}", order.code)).await.is(200);
        assert!(!page.body.contains("/luu?k="), "kept already");
        app.stop().await;
    }

    async fn a_number_that_does_not_take_what_it_orders_pays_beforehand_until_a_person_clears_it(db: TestDb) {
        let app = TestApp::start_with(db, |config| config.has_limits = true).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        let phone = "0987654321";
        let at_door = |kg: &str| {
            let mut raw = bank::checkout(&[(&fruit, kg)]);
            (raw.payment, raw.buyer.phone) = ("cod".into(), phone.into());
            raw
        };
        // The first time not more than the rule says: 101 kg would be 2,020,000 đ.
        let dear = bank::goods(kit, &coop, "Yến sào", 3_000_000, 9).await;
        let mut raw = bank::checkout(&[(&dear, "1")]);
        raw.payment = "cod".into();
        assert_eq!(refusals(bank::place(kit, &raw).await), ["refusal-door-first"]);
        let mut gone = Vec::new();
        for _ in 0..2 {
            let order = bank::orders(kit, &at_door("1")).await.pop().expect("an order");
            packed(kit, &coop, &order).await;
            handling::send_order(kit, &coop.seller, &order.id).await.expect("on the way");
            say_undelivered(kit, &coop.seller, &order.id, &nobody_home()).await.expect("noted");
            take_back(kit, &coop.seller, &order.id, GoodsBack::Sellable, "Không gặp").await.expect("back");
            gone.push(order);
        }
        assert_eq!(refusals(bank::place(kit, &at_door("1")).await), ["refusal-door-refused"]);
        let mut paid = at_door("1");
        paid.payment = "vietqr".into();
        let paid = bank::orders(kit, &paid).await.pop().expect("by transfer it may");
        bank::tell(&app, &coop, &Movement::paying(&coop, &paid)).await.is(200);
        let manager = app.signed_in(&coop.seller.account).await;
        // Before goods are cut the cooperative reads it.
        manager.get(&format!("/ban-hang/don/{}", paid.code)).await.is(200).says("2 lần không nhận hàng");
        let at = format!("/ban-hang/don/{}", gone[0].code);
        manager.post(&format!("{at}/xoa-ghi-nhan"), &[("why", "")]).await.is(422);
        for _twice in 0..2 {
            manager.post(&format!("{at}/xoa-ghi-nhan"), &[("why", "Khách nằm viện")]).await.is(303);
        }
        let packer = seller(kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        assert!(matches!(clear_refused(kit, &packer, &gone[1].id, "tôi xóa").await, Err(ServiceError::Forbidden)));
        for _ in 0..3 {
            bank::place(kit, &at_door("1")).await.expect("the door is open again");
        }
        assert_eq!(refusals(bank::place(kit, &at_door("1")).await), ["refusal-door-open"]);
        sound(kit).await;
        app.stop().await;
    }

    async fn ten_tabs_of_one_number_hold_no_more_than_one_tab_could(db: TestDb) {
        let app = TestApp::start_with(db, |config| config.has_limits = true).await;
        let (kit, (_coop, fruit)) = (&app.kit, open(&app).await);
        for round in 0..rounds().min(6) {
            let tabs = (0..8).map(|_| {
                let mut raw = bank::checkout(&[(&fruit, "1")]);
                raw.buyer.phone = format!("09777{round:05}");
                async move { bank::place(kit, &raw).await }
            });
            let all = join_all(tabs).await;
            let placed = all.iter().filter(|one| one.is_ok()).count();
            assert_eq!(placed, 5, "{all:?}");
        }
        sound(kit).await;
        app.stop().await;
    }

    async fn taken_back_and_sent_out_at_once_is_one_of_the_two(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, (coop, fruit)) = (&app.kit, open(&app).await);
        for _round in 0..rounds().min(6) {
            let before = on_hand(kit, &fruit).await;
            let order = at_the_door(kit, &[(&fruit, "1")]).await;
            packed(kit, &coop, &order).await;
            let back = || take_back(kit, &coop.seller, &order.id, GoodsBack::Sellable, "Thôi");
            let (backs, sent) = join(join_all([back(), back(), back()]), handling::send_order(kit, &coop.seller, &order.id)).await;
            let keys = ["refusal-order-state", "refusal-order-moved"];
            let backs = winners_among(backs, &keys).len();
            let sent = winners_among(vec![sent], &keys).len();
            assert_eq!(backs + sent, 1);
            assert_eq!(on_hand(kit, &fruit).await, if backs == 1 { before } else { before - 1_000 });
            if sent == 1 {
                let said = nobody_home();
                let twice = [0, 1].map(|_| say_undelivered(kit, &coop.seller, &order.id, &said));
                assert_eq!(winners_among(join_all(twice).await, &keys).len(), 1);
            }
        }
        let counted = not_taken(kit, &coop, &fruit).await;
        let phone = look(kit, &counted.id).await.buyer.buyer_phone;
        let way = find_way_there(kit, &counted.id, &phone).await.expect("the way");
        assert_eq!((way.attempts.len(), way.refused.len()), (1, 1));
        sound(kit).await;
        app.stop().await;
    }
}
