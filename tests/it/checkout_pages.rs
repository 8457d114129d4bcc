//! From basket to paid order as a person without scripts goes: forms and links alone.

use crate::kit::app::{Actor, Answer, TestApp};
use crate::kit::make;
use crate::on_both_engines;
use ganh::domain::code::LotCode;
use ganh::domain::id::OfferId;
use ganh::domain::money::Money;
use ganh::domain::quantity::Base;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::money_list;
use ganh::service::who::Seller;

struct Stand {
    seller: Seller,
    offer: OfferId,
    lot: LotCode,
}

async fn stand(kit: &Kit, name: &str, product: &str, number: u32) -> Stand {
    let seller = make::seller(kit, name, number).await;
    make::receiving_account(kit, &seller, &name.to_uppercase()).await;
    let id = make::product(kit, &seller, product).await;
    let (_, lot) = make::lot(kit, &seller, &id, Base(20_000)).await;
    let offers = kit.db.read(move |conn| Ok::<_, ServiceError>(ganh::store::product::list_offers(conn, &[id])?)).await;
    Stand { seller, offer: offers.expect("offers").remove(0).id, lot }
}

/// The value of a hidden field of a page.
fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.body.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// The checkout's fields, as a careful person fills them in.
fn filled(page: &Answer) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = ["basket", "token", "expected_total_vnd", "quoted_for"]
        .iter()
        .map(|name| ((*name).to_owned(), hidden(page, name)))
        .collect();
    for (name, value) in [
        ("name", "Chị Mua"),
        ("phone", "0912345678"),
        ("kind", "delivery"),
        ("commune_code", make::HOAN_KIEM),
        ("address", "12 ngõ Hàng Trống"),
        ("payment", "vietqr"),
        ("do", "order"),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

fn set(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    fields.retain(|(known, _)| known != name);
    fields.push((name.to_owned(), value.to_owned()));
}

/// The address of the first order that a purchase's page leads to.
fn order_url(page: &Answer) -> String {
    let mut ways = page.body.split("href=\"/don/").skip(1).filter_map(|rest| rest.split('"').next());
    let way = ways.find(|way| !way.contains("/qr.")).expect("a way to an order");
    format!("/don/{}", way.replace("&amp;", "&"))
}

async fn put_in(person: &Actor, stand: &Stand, quantity: &str) {
    let answer = person.post("/gio-hang", &[("offer", stand.offer.as_text()), ("quantity", quantity)]).await.is(303);
    assert_eq!(answer.location(), "/gio-hang");
}

async fn held(kit: &Kit, seller: &Seller) -> i64 {
    let id = seller.cooperative.clone();
    let lots =
        kit.db.read(move |conn| Ok::<_, ServiceError>(ganh::store::lot::list_own(conn, &id, 10)?)).await.expect("lots");
    lots.iter().map(|lot| lot.held.0).sum()
}

/// With a remembered commune and two kinds of goods in the basket, up to the page of the purchase.
async fn bought(app: &TestApp, person: &Actor, stands: &[&Stand]) -> String {
    for stand in stands {
        put_in(person, stand, "1,5").await;
    }
    person.post("/gio-hang/noi-giao", &[("commune_code", make::HOAN_KIEM), ("do", "use")]).await.is(303);
    let page = person.get("/thanh-toan").await.is(200);
    let answer = person.post_bare("/thanh-toan", &filled(&page)).await.is(303);
    assert!(answer.location().starts_with("/mua/MU"), "{}", answer.location());
    assert_eq!(person.cookie("gio"), None, "the basket is empty: {}", app.base_url);
    answer.location().to_owned()
}

on_both_engines! {
    async fn an_empty_basket_leads_to_the_goods_and_the_checkout_back_to_it(db: TestDb) {
        let app = TestApp::start(db).await;
        let person = app.visitor();
        person.get("/gio-hang").await.is(200).says("Giỏ hàng đang trống").says("href=\"/tim\"");
        assert_eq!(person.get("/thanh-toan").await.is(303).location(), "/gio-hang");
        person.set_cookie("gio", "rubbish~x.~~.018f0000-0000-7000-8000-000000000000~1000");
        person.get("/gio-hang").await.is(200).says("không còn ở chợ");
        app.stop().await;
    }

    async fn the_basket_says_before_what_it_costs_in_transfers_and_trips(db: TestDb) {
        let app = TestApp::start(db).await;
        let (one, two) = (stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await, stand(&app.kit, "HTX Hai", "Gạo nếp", 2).await);
        let person = app.visitor();
        put_in(&person, &one, "1,5").await;
        put_in(&person, &two, "2").await;
        let page = person.get("/gio-hang").await.is(200);
        page.says("2 HTX: 2 lần chuyển khoản, 2 chuyến giao").says("chọn xã, phường để biết");
        assert_eq!(page.header("cache-control"), "no-store");
        let page = person.post("/gio-hang/noi-giao", &[("commune_q", "quận Hoàng Mai"), ("do", "find")]).await.is(200);
        page.says("Có nhiều nơi tên «quận Hoàng Mai»");
        person.post("/gio-hang/noi-giao", &[("commune_code", make::HOAN_KIEM), ("do", "use")]).await.is(303);
        person.get("/gio-hang").await.is(200).says("60.000\u{a0}₫").says("217.500\u{a0}₫").says("giao thứ Ba 24/11");
        let unknown = person.post("/gio-hang/noi-giao", &[("commune_q", "khong co noi nay"), ("do", "find")]).await.is(422);
        unknown.says("Chưa biết giao tới xã, phường nào").says("khong co noi nay");
        app.stop().await;
    }

    async fn a_line_that_is_short_offers_the_way_out_as_a_button(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        put_in(&person, &one, "30").await;
        person.get("/gio-hang").await.is(200).says("chỉ còn 20\u{a0}kg. Đặt 20\u{a0}kg, hay bỏ món này?").says("name=\"fix\" value=\"20\"");
        assert_eq!(person.get("/thanh-toan").await.is(303).location(), "/gio-hang");
        person.post("/gio-hang/mon", &[("offer", one.offer.as_text()), ("fix", "20")]).await.is(303);
        assert!(!person.get("/gio-hang").await.is(200).body.contains("chỉ còn"));
        person.post("/gio-hang/mon", &[("offer", one.offer.as_text()), ("quantity", "2")]).await.is(303);
        person.get("/gio-hang").await.is(200).says("90.000\u{a0}₫");
        person.post("/gio-hang/mon", &[("offer", one.offer.as_text()), ("quantity", "nhiều")]).await.is(422).says("Số lượng chưa đúng");
        person.post("/gio-hang/mon", &[("offer", one.offer.as_text()), ("remove", "1")]).await.is(303);
        person.get("/gio-hang").await.is(200).says("Giỏ hàng đang trống");
        app.stop().await;
    }

    async fn everything_wrong_is_said_at_once_and_what_was_typed_stays(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        put_in(&person, &one, "1").await;
        let page = person.get("/thanh-toan").await.is(200);
        let mut fields = filled(&page);
        for (name, value) in [("phone", "12"), ("address", ""), ("tax_code", "99"), ("recipient_name", "Bố Mẹ"), ("note", "Gọi cổng <b>trước</b>")] {
            set(&mut fields, name, value);
        }
        let again = person.post_bare("/thanh-toan", &fields).await.is(422);
        again.says("Số điện thoại chưa đúng").says("Chưa có số nhà, ngõ").says("Mã số thuế có 10 hoặc 13 chữ số");
        again.says("value=\"Chị Mua\"").says("value=\"12\"").says("value=\"99\"").says("value=\"Bố Mẹ\"");
        again.says("Gọi cổng &lt;b&gt;trước&lt;");
        assert_eq!(hidden(&again, "token"), hidden(&page, "token"), "the same form");
        assert_eq!(held(&app.kit, &one.seller).await, 0);
        app.stop().await;
    }

    async fn a_fee_that_was_not_shown_is_shown_before_anything_is_ordered(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        put_in(&person, &one, "1").await;
        let page = person.get("/thanh-toan").await.is(200);
        assert_eq!(hidden(&page, "quoted_for"), "");
        let shown = person.post_bare("/thanh-toan", &filled(&page)).await.is(200);
        shown.says("Đã tính phí giao tới nơi này").says("75.000\u{a0}₫");
        assert_eq!(held(&app.kit, &one.seller).await, 0);
        person.post_bare("/thanh-toan", &filled(&shown)).await.is(303);
        assert_eq!(held(&app.kit, &one.seller).await, 1_000);
        app.stop().await;
    }

    async fn a_second_click_and_the_way_back_make_no_second_purchase(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        put_in(&person, &one, "1").await;
        person.post("/gio-hang/noi-giao", &[("commune_code", make::HOAN_KIEM), ("do", "use")]).await.is(303);
        let page = person.get("/thanh-toan").await.is(200);
        let fields = filled(&page);
        let (first, second) = futures_util::future::join(person.post_bare("/thanh-toan", &fields), person.post_bare("/thanh-toan", &fields)).await;
        assert_eq!((first.is(303).location(), held(&app.kit, &one.seller).await), (second.is(303).location(), 1_000));
        let back = person.post_bare("/thanh-toan", &fields).await.is(303);
        let mut changed = fields.clone();
        set(&mut changed, "name", "Chị Khác");
        let told = person.post_bare("/thanh-toan", &changed).await.is(422);
        told.says("Đơn này đã đặt rồi").says(&back.location().replace('&', "&amp;"));
        assert_ne!(hidden(&told, "token"), hidden(&page, "token"), "one more order would be another");
        assert_eq!(held(&app.kit, &one.seller).await, 1_000);
        app.stop().await;
    }

    async fn a_price_that_changed_meanwhile_is_shown_and_asked_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        put_in(&person, &one, "1").await;
        person.post("/gio-hang/noi-giao", &[("commune_code", make::HOAN_KIEM), ("do", "use")]).await.is(303);
        let mut fields = filled(&person.get("/thanh-toan").await.is(200));
        set(&mut fields, "expected_total_vnd", "70000");
        let again = person.post_bare("/thanh-toan", &fields).await.is(409);
        again.says("Tổng tiền đã đổi từ 70.000\u{a0}₫ thành 75.000\u{a0}₫");
        person.post_bare("/thanh-toan", &filled(&again)).await.is(303);
        app.stop().await;
    }

    async fn a_form_from_another_site_orders_nothing(db: TestDb) {
        let app = TestApp::start(db).await;
        let person = app.visitor();
        let request = person.request("POST", "/gio-hang").header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
        person.send(request.header("content-type", "application/x-www-form-urlencoded").body("offer=x")).await.is(403);
        app.stop().await;
    }

    async fn the_purchase_is_a_checklist_that_turns_paid_and_says_how_well_that_is_proven(db: TestDb) {
        let app = TestApp::start(db).await;
        let (one, two) = (stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await, stand(&app.kit, "HTX Hai", "Gạo nếp", 2).await);
        let person = app.visitor();
        let url = bought(&app, &person, &[&one, &two]).await;
        let page = person.get(&url).await.is(200);
        page.says("Chuyển khoản cho 2 HTX").says("Đã xong 0 trong 2.").says("xin đừng chuyển gộp").says("Giữ nguyên nội dung");
        page.says("1017588888").says("97.500\u{a0}₫").says("<svg").says("Lưu ảnh mã QR").says("Chờ chuyển khoản, còn 15 phút giữ hàng");
        let order = order_url(&page);
        let code = order.split(['/', '?']).nth(2).expect("a code").to_owned();
        let view = ganh::service::showing::find_order(&app.kit, &code, url.split("k=").nth(1).expect("a key")).await.expect("the order");
        let stream = person.request("GET", &url.replace("?k=", "/song?k=")).send();
        let mut stream = stream.await.expect("a stream");
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        money_list::mark_money_received(&app.kit, &one.seller, &view.order.id, Money(97_500)).await.expect("marked");
        let mut heard = String::new();
        while !heard.contains("event: changed") {
            heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.expect("a chunk").expect("not the end")));
        }
        let page = person.get(&url).await.is(200);
        page.says("Đã xong 1 trong 2.").says("HTX tự ghi đã nhận tiền").says("Tiền đã về. Chờ HTX nhận đơn");
        person.get(&url.replace("?k=", "?k=wrong")).await.is(404);
        app.stop().await;
    }

    async fn one_order_shows_its_lot_and_can_be_taken_back_until_the_yes(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        let url = bought(&app, &person, &[&one]).await;
        let page = person.get(&url).await.is(200);
        let order = order_url(&page);
        let page = person.get(&order).await.is(200);
        page.says(&format!("/truy-xuat/{}", one.lot)).says("12 ngõ Hàng Trống").says("Hủy đơn").says("https://zalo.me/84");
        let pictures = [("/qr.svg?k=", "image/svg+xml"), ("/qr.png?k=", "image/png")];
        for (name, kind) in pictures {
            let picture = person.get(&order.replace("?k=", name)).await.is(200);
            assert_eq!((picture.header("content-type"), picture.header("cache-control")), (kind, "no-store"));
            person.get(&order.replace("?k=", name).replace("k=", "k=0")).await.is(404);
        }
        let cancel = order.replace("?k=", "/huy?k=");
        assert_eq!(person.post(&cancel, &[]).await.is(303).location(), order);
        person.post(&cancel, &[]).await.is(303);
        let page = person.get(&order).await.is(200);
        page.says("Đã hủy theo ý bạn");
        assert!(!page.body.contains("/huy?k="));
        assert_eq!(held(&app.kit, &one.seller).await, 0);
        for (name, _) in pictures {
            person.get(&order.replace("?k=", name)).await.is(404);
        }
        app.stop().await;
    }

    async fn a_hold_that_ran_out_puts_its_goods_back_into_the_basket(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        let url = bought(&app, &person, &[&one]).await;
        app.clock.advance_s(16 * 60);
        let page = person.get(&url).await.is(200);
        page.says("Hết giờ giữ hàng. Đặt lại?").says("đừng đặt lại");
        assert!(!page.body.contains("data-qr"), "nothing is asked for any more");
        assert_eq!(person.post(&url.replace("?k=", "/dat-lai?k="), &[]).await.is(303).location(), "/gio-hang");
        person.get("/gio-hang").await.is(200).says("Nhãn lồng").says("67.500\u{a0}₫");
        app.stop().await;
    }

    async fn the_demonstration_says_three_times_that_nothing_may_be_transferred(db: TestDb) {
        let mark = |conn: &mut ganh::store::Conn| ganh::store::market_info::insert(conn, ganh::store::market_info::IS_DEMO, "yes");
        db.db.write(mark).await.expect("marked");
        let app = TestApp::start_with(db, |config| config.is_demo = true).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        let url = bought(&app, &person, &[&one]).await;
        let page = person.get(&url).await.is(200);
        let svg = page.body.split("<svg xmlns").nth(1).and_then(|rest| rest.split("</svg>").next()).expect("a code");
        assert_eq!(svg.matches("KHÔNG CHUYỂN TIỀN").count(), 2, "above and below");
        page.says("Tài khoản trong mã không có thật");
        app.stop().await;
    }

    async fn a_lost_page_is_found_by_code_and_phone_and_its_way_is_told_to_the_buyer_alone(db: TestDb) {
        let app = TestApp::start(db).await;
        let one = stand(&app.kit, "HTX Một", "Nhãn lồng", 1).await;
        let person = app.visitor();
        let url = bought(&app, &person, &[&one]).await;
        let code = url.split('/').nth(2).and_then(|rest| rest.split('?').next()).expect("a code").to_owned();
        let stranger = app.visitor();
        for _thrice in 0..3 {
            let found = stranger.post("/don", &[("code", &code.to_lowercase()), ("phone", "0912.345.678")]).await.is(200);
            found.says("Chờ chuyển khoản").says("09•• ••• 678");
            assert!(!found.body.contains("Hàng Trống") && !found.body.contains("k="), "no address and no key");
        }
        let wrong = stranger.post("/don", &[("code", &code), ("phone", "0987654321")]).await.is(404);
        let unknown = stranger.post("/don", &[("code", "MU2345672"), ("phone", "0912345678")]).await.is(404);
        assert!(wrong.body.contains("Không có đơn nào với mã và số điện thoại này"));
        assert_eq!(wrong.body.replace(&code, "").replace("0987654321", ""), unknown.body.replace("MU2345672", "").replace("0912345678", ""));
        let cooperative = one.seller.cooperative.clone();
        let cards = app.kit.db.read(move |conn| Ok::<_, ServiceError>(ganh::store::message::list_open(conn, Some(&cooperative), 50)?)).await;
        let cards = cards.expect("cards");
        let told: Vec<_> = cards.iter().filter(|card| card.order_id.is_some()).collect();
        assert_eq!(told.len(), 1, "asked three times, owed once");
        assert!(told[0].args.contains(&code) && told[0].to_phone == "+84912345678");
        app.stop().await;
    }
}
