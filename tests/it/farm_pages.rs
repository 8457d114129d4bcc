//! The seller's pages as people meet them: each opens in Vietnamese and shows nothing of others, forms are ours and pressed twice
//! without harm, an old page is told what has changed, and what was typed is never lost.

use crate::kit::app::{Actor, Answer, TestApp};
use crate::kit::bank::{self, Coop, Goods, Movement, Placed, checkout, coop, goods, look, tell};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::id::{ClaimId, HandOverId, SalesWindowId, StatementId, VoucherId};
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::service::kit::Kit;
use ganh::service::{handling, importing, verifying};
use ganh::store;
use ganh::web::route::{Door, Route, Who};
use ganh::web::routes::table;

/// A cooperative with goods, an order paid on delivery, and its manager before a browser.
struct Farm {
    coop: Coop,
    fruit: Goods,
    order: Placed,
    statement: StatementId,
    /// Nobody's, until a test makes one.
    hand_over: HandOverId,
    /// The same.
    window: SalesWindowId,
    voucher: VoucherId,
    claim: ClaimId,
    actor: Actor,
}

async fn farm(app: &TestApp, name: &str, buyer: &str) -> Farm {
    let coop = coop(&app.kit, name).await;
    let fruit = goods(&app.kit, &coop, &format!("Quả {name}"), 20_000, 100).await;
    let mut raw = checkout(&[(&fruit, "2")]);
    (raw.payment, raw.buyer.name) = ("cod".into(), buyer.into());
    let order = bank::orders(&app.kit, &raw).await.pop().expect("an order");
    let statement = "Ngày,Ghi nợ,Ghi có,Nội dung\n23/11/2026,,1000,tien khac\n".as_bytes().to_vec();
    let statement =
        importing::bring_statement(&app.kit, &coop.seller, None, "sao-ke.csv", statement).await.expect("read");
    let actor = app.signed_in(&coop.seller.account).await;
    let hand_over = "018f0000-0000-7000-8000-000000000000".parse().expect("nobody's");
    let window = "018f0000-0000-7000-8000-000000000000".parse().expect("nobody's");
    let voucher = "018f0000-0000-7000-8000-000000000000".parse().expect("nobody's");
    let claim = crate::claiming::written_down(&app.kit, &order.id).await;
    Farm { coop, fruit, order, statement, hand_over, window, voucher, claim, actor }
}

fn farm_routes(method: &str) -> impl Iterator<Item = Route> {
    table().into_iter().filter(move |route| route.door == Door::Farm && route.method == method)
}

/// The address of a route with this cooperative's own rows in it.
fn own(route: &Route, farm: &Farm) -> String {
    let id = match route.path {
        path if path.starts_with("/ban-hang/dot") => farm.fruit.lot.as_text(),
        path if path.starts_with("/ban-hang/tien/sao-ke") => farm.statement.as_text(),
        path if path.starts_with("/ban-hang/bao-hang") => farm.claim.as_text(),
        path if path.starts_with("/ban-hang/mo-ban") => farm.window.as_text(),
        path if path.starts_with("/ban-hang/them/ma-giam-gia") => farm.voucher.as_text(),
        path if path.starts_with("/ban-hang/nop-tien") => farm.hand_over.as_text(),
        _ => farm.fruit.product.as_text(),
    };
    route.path.replace("{code}", farm.order.code.as_text()).replace("{id}", id).replace("{kind}", "bank")
}

/// Addresses of which this farm has nothing to show.
fn elsewhere(path: &str) -> bool {
    path.ends_with("/tra-lai/ma-qr.png") || path.starts_with("/ban-hang/bao-hang/anh/")
}

fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.body.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// How much a cooperative has listed: products, offers, lots, movements of stock.
async fn listed(kit: &Kit, farm: &Farm) -> (usize, usize, usize, usize) {
    let (cooperative, fruit) = (farm.coop.id.clone(), farm.fruit.clone());
    let read = move |conn: &mut store::Conn| {
        let products = store::product::list_own(conn, &cooperative)?.len();
        let offers = store::product::list_all_offers(conn, &fruit.product)?.len();
        let lots = store::lot::list_own(conn, &cooperative, 100)?.len();
        Ok::<_, store::StoreError>((products, offers, lots, store::lot::list_movements(conn, &fruit.lot)?.len()))
    };
    kit.db.read(read).await.expect("counts")
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

const QUICK: [(&str, &str); 6] = [
    ("name", "Ổi lê"),
    ("category", "fruit"),
    ("price", "25.000"),
    ("quantity", "12,5"),
    ("place", "Vườn sau đê"),
    ("by_weight", "1"),
];
const OFFER: [(&str, &str); 6] =
    [("label", "Túi 5 kg"), ("unit", "túi"), ("base", "5"), ("price", "90.000"), ("min", "1"), ("step", "1")];

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [fields, more].concat()
}

on_both_engines! {
    async fn every_page_opens_in_vietnamese_and_shows_nothing_of_others(db: TestDb) {
        let app = TestApp::start(db).await;
        let mut mine = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        let mut theirs = farm(&app, "Bãi Sông", "Anh Khách Lạ").await;
        for one in [&mut mine, &mut theirs] {
            one.hand_over = crate::door::said_at_the_counter(&app.kit, &one.coop, &one.fruit).await;
            one.window = crate::windows::opened(&app.kit, &one.coop, &one.fruit).await;
        }
        let before = listed(&app.kit, &theirs).await;
        let secrets = ["Bãi Sông", "Anh Khách Lạ", theirs.order.code.as_text(), theirs.fruit.lot_code.as_text(), &theirs.coop.account_number];
        // Nothing is owed back here, so there is no code to send it with, and no claim has a picture: `refunds` and `claiming` open those.
        for route in farm_routes("GET").filter(|route| !elsewhere(route.path)) {
            let page = mine.actor.get(&own(&route, &mine)).await.is(200);
            assert!(page.header("cache-control").contains("no-store"), "{route:?}");
            for secret in secrets {
                assert!(!page.body.contains(secret), "{secret} stands at {route:?}");
            }
            if page.header("content-type").starts_with("text/html") {
                page.says("<html lang=\"vi\">");
                assert!(!page.body.contains("farm-") || !page.body.contains(">farm-"), "a text without words at {route:?}");
            }
            // An account's kind is a word that all have.
            if route.path.contains('{') && !route.path.contains("{kind}") {
                let foreign = mine.actor.get(&own(&route, &theirs)).await;
                assert_eq!(foreign.status, 404, "{route:?}");
            }
        }
        for route in farm_routes("POST").filter(|route| route.path.contains('{')) {
            let fields = with(&QUICK, &[("reason", "x"), ("amount", "1"), ("act", "more"), ("how", "seen"), ("counted", "1"), ("label", "x"), ("unit", "kg"), ("base", "1"), ("roles", "packer")]);
            let foreign = mine.actor.post(&own(&route, &theirs), &fields).await;
            assert_eq!(foreign.status, 404, "{route:?}: {}", foreign.location());
        }
        assert_eq!(look(&app.kit, &theirs.order.id).await.order.state, OrderState::Placed);
        assert_eq!(listed(&app.kit, &theirs).await, before);
    }

    async fn strangers_are_sent_to_sign_in_and_those_without_the_role_to_whom_to_ask(db: TestDb) {
        let app = TestApp::start(db).await;
        let mut farm = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        farm.hand_over = crate::door::said_at_the_counter(&app.kit, &farm.coop, &farm.fruit).await;
        farm.window = crate::windows::opened(&app.kit, &farm.coop, &farm.fruit).await;
        let packer = app.seller(&farm.coop.id, &[MemberRole::Packer]).await;
        let stranger = app.visitor();
        for route in farm_routes("GET") {
            let way = own(&route, &farm);
            let sent = stranger.get(&way).await.is(303);
            assert!(sent.location().starts_with("/tai-khoan/dang-nhap?tiep="), "{way}: {}", sent.location());
            let page = packer.get(&way).await;
            if matches!(route.who, Who::SellerAs(role) if role != MemberRole::Packer) {
                page.is(403).says("dành cho người có vai trò khác").says("hỏi người quản lý của HTX");
            } else if !route.path.starts_with("/ban-hang/bao-hang/anh/") {
                page.is(200);
            }
        }
        for route in farm_routes("POST") {
            stranger.post(&own(&route, &farm), &[]).await.is(401).says("Cần đăng nhập");
        }
        let lister = app.seller(&farm.coop.id, &[MemberRole::Lister]).await;
        handling::confirm_order(&app.kit, &farm.coop.seller, &farm.order.id).await.expect("yes");
        let page = lister.get(&format!("/ban-hang/don/{}", farm.order.code)).await.is(200);
        page.says("là việc của người đóng hàng").says(&farm.coop.seller.name);
        assert!(!page.body.contains("/dong\""), "no button that would be refused");
    }

    async fn a_form_without_the_token_of_the_session_does_nothing(db: TestDb) {
        let app = TestApp::start(db).await;
        let farm = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        let other = app.shopper().await.csrf().await;
        for route in farm_routes("POST") {
            for fields in [vec![], vec![("csrf".to_owned(), other.clone())]] {
                let fields = [fields, vec![("act".to_owned(), "more".to_owned()), ("quantity".to_owned(), "1".to_owned())]].concat();
                farm.actor.post_bare(&own(&route, &farm), &fields).await.is(403).says("Trang này đã cũ");
            }
        }
        assert_eq!(look(&app.kit, &farm.order.id).await.order.state, OrderState::Placed);
        assert_eq!(listed(&app.kit, &farm).await, (1, 1, 1, 1));
    }

    async fn what_makes_goods_makes_them_once_when_pressed_twice(db: TestDb) {
        let app = TestApp::start(db).await;
        let farm = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        let (actor, product) = (&farm.actor, format!("/ban-hang/hang/{}", farm.fruit.product));
        let twice = async |page: &str, way: &str, fields: &[(&str, &str)], brings: &str| {
            let shown = hidden(&actor.get(page).await.is(200), brings);
            assert!(!shown.is_empty(), "{page} brings no {brings}");
            let fields = with(fields, &[(brings, &shown)]);
            app.clock.advance_s(2);
            let first = actor.post(way, &fields).await.is(303);
            app.clock.advance_s(2);
            let second = actor.post(way, &fields).await.is(303);
            assert_eq!(first.location().split('?').next(), second.location().split('?').next(), "{way}");
        };
        twice("/ban-hang/hang/dang-nhanh", "/ban-hang/hang/dang-nhanh", &QUICK, "product").await;
        assert_eq!(listed(&app.kit, &farm).await, (2, 1, 2, 1));
        twice("/ban-hang/hang/moi", "/ban-hang/hang/moi", &with(&QUICK, &[("base_unit", "g")]), "product").await;
        assert_eq!(listed(&app.kit, &farm).await, (3, 1, 2, 1));
        twice(&format!("{product}/gia"), &format!("{product}/gia"), &OFFER, "new").await;
        assert_eq!(listed(&app.kit, &farm).await, (3, 2, 2, 1));
        twice(&format!("{product}/dot"), &format!("{product}/dot"), &[("quantity", "30")], "lot").await;
        assert_eq!(listed(&app.kit, &farm).await, (3, 2, 3, 1));
        let lot = format!("/ban-hang/dot/{}", farm.fruit.lot);
        for (act, movements) in [("more", 2), ("loss", 3), ("outside", 4), ("count", 5)] {
            twice(&lot, &lot, &[("act", act), ("quantity", "7,5")], "seen").await;
            assert_eq!(listed(&app.kit, &farm).await, (3, 2, 3, movements), "{act}");
        }
        twice(&format!("{product}/sua"), &format!("{product}/sua"), &with(&QUICK, &[("tolerance", "10")]), "seen").await;
        for word in ["an-di", "an-di", "dang-ban", "dang-ban"] {
            actor.post(&format!("{product}/{word}"), &[]).await.is(303);
        }
        check(&app.kit).await;
    }

    async fn what_writes_money_and_people_writes_them_once_when_pressed_twice(db: TestDb) {
        let app = TestApp::start(db).await;
        let farm = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        let (actor, way) = (&farm.actor, format!("/ban-hang/don/{}", farm.order.code));
        for (word, act, left) in [("tien-mat", "cash", 30_000), ("tien", "money", 20_000)] {
            let due = hidden(&actor.get(&way).await.is(200), "due");
            let fields = [("amount", "10.000"), ("act", act), ("due", due.as_str())];
            actor.post(&format!("{way}/{word}"), &fields).await.is(303);
            let again = actor.post(&format!("{way}/{word}"), &fields).await.is(409);
            again.says("khác lúc trang mở ra").says(&format!("{}.000", left / 1000));
            assert_eq!(look(&app.kit, &farm.order.id).await.due, Money(left), "{word}");
        }
        let event = look(&app.kit, &farm.order.id).await.money[0].id.to_string();
        actor.post(&format!("{way}/bo-tien"), &[("event", &event)]).await.is(303);
        actor.post(&format!("{way}/bo-tien"), &[("event", &event)]).await.is(409);
        assert_eq!(look(&app.kit, &farm.order.id).await.due, Money(30_000));
        let person = [("name", "Anh Đóng"), ("phone", "0987000111"), ("number", "7"), ("roles", "packer")];
        actor.post("/ban-hang/them/nguoi", &person).await.is(303);
        actor.post("/ban-hang/them/nguoi", &person).await.is(409).says("đã ở trong HTX").says("Anh Đóng");
        actor.post(&format!("{way}/nhan"), &[]).await.is(303);
        let card = actor.get("/ban-hang/nhan-tin").await.is(200);
        let message = card.body.split("action=\"/ban-hang/nhan-tin/").nth(1).and_then(|rest| rest.split('"').next()).expect("a card");
        for _ in 0..2 {
            actor.post(&format!("/ban-hang/nhan-tin/{message}"), &[]).await.is(303);
        }
        let silent = bank::coop_paid_by(&app.kit, "Im Lặng", BankProvider::None).await;
        let manager = app.signed_in(&silent.seller.account).await;
        let account = [("provider", "sepay"), ("bin", "970436"), ("account_number", "1017588888"), ("holder_name", "HTX IM LANG")];
        let answer = manager.post("/ban-hang/tien/tai-khoan", &account).await;
        assert!(matches!(answer.status, 409 | 422), "an account in force is not changed by a form: {}", answer.status);
        check(&app.kit).await;
    }

    async fn a_page_that_stood_open_too_long_is_told_the_difference(db: TestDb) {
        let app = TestApp::start(db).await;
        let farm = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        let second = app.seller(&farm.coop.id, &[MemberRole::Manager]).await;
        let way = format!("/ban-hang/don/{}", farm.order.code);
        let seen = hidden(&second.get(&way).await.is(200), "seen");
        app.clock.advance_s(60);
        farm.actor.post(&format!("{way}/nhan"), &[("seen", &seen)]).await.is(303);
        let stale = second.post(&format!("{way}/nhan"), &[("seen", &seen)]).await.is(409);
        stale.says("Đơn đã khác lúc trang này mở ra").says(&farm.coop.seller.name).says("9:01");
        let product = format!("/ban-hang/hang/{}", farm.fruit.product);
        let seen = hidden(&second.get(&format!("{product}/sua")).await.is(200), "seen");
        farm.actor.post(&format!("{product}/sua"), &with(&QUICK, &[("name", "Nhãn sửa trước")])).await.is(303);
        let mine = [("name", "Nhãn sửa sau"), ("category", "fruit"), ("tolerance", "5"), ("seen", seen.as_str())];
        let told = second.post(&format!("{product}/sua"), &mine).await.is(409);
        told.says("vừa được người khác sửa").says("value=\"Nhãn sửa sau\"");
        let seen = hidden(&told, "seen");
        second.post(&format!("{product}/sua"), &[&mine[..3], &[("seen", seen.as_str())]].concat()).await.is(303);
        let (price, offer) = (format!("{product}/gia"), farm.fruit.offer.to_string());
        let seen = hidden(&second.get(&format!("{price}?quy-cach={offer}")).await.is(200), "seen");
        assert_eq!(seen, "20000");
        farm.actor.post(&price, &with(&OFFER, &[("offer", &offer)])).await.is(303);
        let mine = [("label", "kg"), ("unit", "kg"), ("base", "1"), ("price", "21.000"), ("offer", offer.as_str()), ("seen", seen.as_str())];
        second.post(&price, &mine).await.is(409).says("90.000").says("value=\"21.000\"");
        let lot = format!("/ban-hang/dot/{}", farm.fruit.lot);
        let seen = hidden(&second.get(&lot).await.is(200), "seen");
        farm.actor.post(&lot, &[("act", "loss"), ("quantity", "40"), ("seen", &seen)]).await.is(303);
        let told = second.post(&lot, &[("act", "count"), ("quantity", "98,5"), ("seen", &seen)]).await.is(409);
        told.says("vừa được ghi thêm").says("60").says("value=\"98,5\"");
    }

    async fn what_cannot_be_read_comes_back_as_it_was_typed_with_a_sentence(db: TestDb) {
        let app = TestApp::start(db).await;
        let farm = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        let (actor, product) = (&farm.actor, format!("/ban-hang/hang/{}", farm.fruit.product));
        let before = listed(&app.kit, &farm).await;
        let page = actor.post("/ban-hang/hang/dang-nhanh", &[("name", "Ổi lê"), ("category", "fruit"), ("price", "abc"), ("quantity", "nhiều"), ("place", "Bờ mương")]).await.is(422);
        page.says("Giá chưa đúng").says("Không đọc được «nhiều»").says("value=\"abc\"").says("value=\"nhiều\"");
        page.says("value=\"Ổi lê\"").says("value=\"Bờ mương\"").says("<option value=\"fruit\" selected");
        let page = actor.post(&format!("{product}/gia"), &with(&OFFER[..3], &[("price", "abc")])).await.is(422);
        page.says("Giá chưa đúng").says("value=\"abc\"").says("value=\"Túi 5 kg\"");
        let page = actor.post(&format!("{product}/dot"), &[("quantity", "1,2,3"), ("place", "Bờ mương")]).await.is(422);
        page.says("Không đọc được «1,2,3»").says("value=\"1,2,3\"").says("value=\"Bờ mương\"");
        let lot = format!("/ban-hang/dot/{}", farm.fruit.lot);
        let page = actor.post(&lot, &[("act", "outside"), ("quantity", "abc"), ("to_whom", "Chị Hoa")]).await.is(422);
        page.says("Không đọc được «abc»").says("value=\"abc\"").says("value=\"Chị Hoa\"");
        let way = format!("/ban-hang/don/{}", farm.order.code);
        let page = actor.post(&format!("{way}/tien-mat"), &[("amount", "abc"), ("act", "cash")]).await.is(422);
        page.says("value=\"abc\"").says("Nhập số đồng");
        actor.post(&format!("{way}/tu-choi"), &[("reason", " ")]).await.is(422);
        let page = actor.post("/ban-hang/them/nguoi", &[("name", "Anh Đóng"), ("phone", "12"), ("roles", "packer")]).await.is(422);
        page.says("value=\"Anh Đóng\"").says("value=\"12\"");
        assert_eq!((before, look(&app.kit, &farm.order.id).await.due), (listed(&app.kit, &farm).await, Money(40_000)));
    }

    async fn money_pages_tell_a_persons_word_from_the_banks(db: TestDb) {
        let app = TestApp::start(db).await;
        let farm = farm(&app, "Vườn Nhà", "Chị Khách Nhà").await;
        let paid = bank::order(&app.kit, &[(&farm.fruit, "1")]).await;
        tell(&app, &farm.coop, &Movement::paying(&farm.coop, &paid)).await.is(200);
        farm.actor.post(&format!("/ban-hang/don/{}/tien", farm.order.code), &[("amount", "40.000")]).await.is(303);
        let word = farm.actor.get(&format!("/ban-hang/don/{}", farm.order.code)).await.is(200);
        word.says("HTX tự ghi đã nhận tiền").says(&farm.coop.seller.name);
        assert!(!word.body.contains("Ngân hàng báo"));
        let proven = farm.actor.get(&format!("/ban-hang/don/{}", paid.code)).await.is(200);
        proven.says("Ngân hàng báo");
        assert!(!proven.body.contains("HTX tự ghi"));
    }
}
