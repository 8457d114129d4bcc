//! The public past of a lot: what it shows, what it never shows, and the ways that lead to it.

use crate::kit::app::TestApp;
use crate::kit::make;
use crate::on_both_engines;
use ganh::domain::code::LotCode;
use ganh::domain::id::OrderId;
use ganh::domain::quantity::Base;
use ganh::service::handling::{confirm_order, deliver_order, pack_order, send_order};
use ganh::service::listing::{LotAct, move_lot};
use ganh::service::who::Seller;

/// Words that stand nowhere but in an order.
const CANARIES: [&str; 6] = ["Nguyễn Kim Yến", "0912777888", "0912 777 888", "912777888", "7 hẻm Kim Tước", "Kim Tước"];

struct Sold {
    seller: Seller,
    code: LotCode,
    lot: ganh::domain::id::LotId,
    orders: Vec<OrderId>,
}

/// 20 kg picked; two orders (2 kg delivered, 1.5 kg packed), one waiting (1 kg).
async fn sold(app: &TestApp) -> Sold {
    let seller = make::seller(&app.kit, "HTX Vườn Nhãn", 1).await;
    let product = make::product(&app.kit, &seller, "Nhãn lồng").await;
    let (lot, code) = make::lot(&app.kit, &seller, &product, Base(20_000)).await;
    let mut orders = Vec::new();
    for quantity in ["2", "1.5", "1"] {
        let mut basket = make::basket(&[("nhan-long", quantity)], "Nguyễn Kim Yến", "0912777888");
        basket.fulfilment.address = Some("7 hẻm Kim Tước".to_owned());
        orders.push(make::order(&app.kit, &basket).await.remove(0).order.id);
    }
    for id in &orders[..2] {
        confirm_order(&app.kit, &seller, id).await.expect("confirmed");
        pack_order(&app.kit, &seller, id).await.expect("packed");
    }
    send_order(&app.kit, &seller, &orders[0]).await.expect("sent");
    app.clock.advance_s(3 * 3_600 + 17 * 60);
    deliver_order(&app.kit, &seller, &orders[0]).await.expect("delivered");
    Sold { seller, code, lot, orders }
}

on_both_engines! {
    async fn the_page_tells_where_who_and_when_and_what_is_missing(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        let page = app.visitor().get(&format!("/truy-xuat/{}", sold.code)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        for told in ["Nhãn lồng", "HỢP TÁC XÃ HTX VƯỜN NHÃN", "Thôn Nội", "Vườn sau đê", "Xã Tân Hưng", "bà con ghi", "chưa ghi"] {
            assert!(page.body.contains(told), "{told} is not on the page");
        }
        assert!(page.body.contains(&sold.code.grouped()));
        assert!(page.body.contains("Đã đóng cho 2 đơn"), "{}", page.body);
        assert!(page.body.contains("Đã giao 1 đơn"));
        assert!(!page.body.contains("trong vòng một giây"), "no seal is promised that does not exist");
    }

    async fn no_buyer_is_in_the_page_or_the_json(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        let orders = { let ids = sold.orders.clone(); app.kit.db.read(move |conn| ganh::store::order::list_of(conn, &ids)).await.expect("orders") };
        for path in [format!("/truy-xuat/{}", sold.code), format!("/api/v1/lots/{}", sold.code), format!("/truy-xuat/{}?lang=en", sold.code)] {
            let answer = app.visitor().get(&path).await;
            let secrets = orders.iter().flat_map(|order| [order.code.to_string(), order.id.to_string(), order.trace_ref.to_string()]);
            for secret in CANARIES.iter().map(ToString::to_string).chain(secrets) {
                assert!(!answer.body.contains(&secret), "{secret} stands in {path}");
            }
        }
    }

    async fn steps_of_orders_are_counted_and_cut_to_the_hour(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        let json = app.visitor().get(&format!("/api/v1/lots/{}", sold.code)).await.json();
        let events = json["events"].as_array().expect("events");
        let of = |word: &str| events.iter().find(|event| event["step"] == word).expect(word).clone();
        assert_eq!(of("packed")["orders"], 2);
        assert_eq!(of("packed")["fingerprints"].as_array().expect("prints").len(), 2);
        assert_eq!(of("handed_over")["from"], "2026-11-23T12:00:00+07:00", "09:00 and 3 h 17 min, cut to the hour");
        assert!(of("packed")["recorded_at"].is_null() && of("packed")["quantity"].is_null());
        assert_eq!((of("harvested")["orders"].clone(), of("harvested")["quantity"].clone()), (0.into(), "20".into()));
        assert_eq!(of("harvested")["word_of"], "grower");
    }

    async fn nine_items_and_stock_stand_in_the_json(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        move_lot(&app.kit, &sold.seller, &sold.lot, &LotAct::Loss { base: Base(500), reason: "dập".into() }).await.expect("lost");
        move_lot(&app.kit, &sold.seller, &sold.lot, &LotAct::SoldOutside { base: Base(6_000), to_whom: "Bà Tám chợ Gạo".into() }).await.expect("sold outside");
        // The third order's hold ended with its time for an answer; this one's stands.
        make::order_of(&app.kit, "nhan-long", "1").await;
        let answer = app.visitor().get(&format!("/api/v1/lots/{}", sold.code)).await;
        let json = answer.json();
        assert_eq!(json["missing"], serde_json::json!(["image", "standards"]));
        assert_eq!(json["items"]["best_before"], "2026-11-30");
        assert_eq!(json["items"]["lot_code"], sold.code.as_text());
        let stock = serde_json::json!({
            "unit": "kg", "came_in": "20", "sold": "3.5", "sold_outside": "6", "lost": "0.5", "transformed": "0",
            "counted": "0", "left": "10", "available": "9",
        });
        assert_eq!(json["stock"], stock);
        assert!(!answer.body.contains("Bà Tám"), "the next holder is for officials");
    }

    async fn the_public_page_is_the_same_bytes_for_everyone(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        let path = format!("/truy-xuat/{}", sold.code);
        let (stranger, shopper, official) = (app.visitor(), app.shopper().await, app.official().await);
        let first = stranger.get(&path).await.bytes;
        assert_eq!(shopper.get(&path).await.bytes, first);
        assert_eq!(official.get(&path).await.bytes, first);
        assert_eq!(official.get(&format!("{path}?utm=zalo")).await.bytes, first);
    }

    async fn a_wrong_code_is_told_which_letter_and_asked_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        let visitor = app.visitor();
        let code = sold.code.as_text();
        let spoken = sold.code.grouped().to_lowercase().replace(' ', "+");
        assert_eq!(visitor.get(&format!("/truy-xuat?ma={spoken}")).await.location(), format!("/truy-xuat/{code}"));
        let with_o = format!("{}O{}", &code[..4], &code[5..]);
        for path in [format!("/truy-xuat/{with_o}"), format!("/truy-xuat?ma={with_o}")] {
            let page = visitor.get(&path).await;
            assert!(page.status == 404 || page.status == 422, "{}", page.status);
            assert!(page.body.contains("«O»") && page.body.contains("name=\"ma\""), "{}", page.body);
        }
        let unknown = "NGABCDEFJ".parse::<LotCode>().map_or_else(|_| "NGAAAAAAB".to_owned(), |code| code.to_string());
        for never in [unknown.as_str(), "HT7K2M9QA", "NG", "%3Cscript%3E"] {
            let page = visitor.get(&format!("/truy-xuat/{never}")).await;
            assert_eq!(page.status, 404, "{never}");
            assert!(page.body.contains("name=\"ma\"") && !page.body.contains("<script>"), "{never}");
        }
        assert_eq!(visitor.get("/api/v1/lots/NGABCDEFJ").await.status, 404);
        assert_eq!(visitor.get(&format!("/truy-xuat/{}", code.to_lowercase())).await.location(), format!("/truy-xuat/{code}"));
    }

    async fn digital_links_lead_to_the_page_and_nowhere_else(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        let lot = sold.lot.clone();
        app.kit.db.write(move |conn| {
            use diesel::prelude::*;
            use ganh::store::schema::{lot as lots, product};
            let of: String = lots::table.find(&lot).select(lots::product_id).first(conn)?;
            diesel::update(product::table.find(of)).set(product::gtin.eq("9521234543213")).execute(conn)?;
            Ok::<_, ganh::store::StoreError>(())
        }).await.expect("a GTIN");
        let visitor = app.visitor();
        let code = &sold.code;
        let link = visitor.get(&format!("/01/09521234543213/10/{code}?11=261123&k=secret")).await;
        assert_eq!((link.status, link.location()), (307, format!("/truy-xuat/{code}?11=261123").as_str()));
        assert_eq!(visitor.get(&format!("/id/lot/{code}")).await.status, 307);
        assert_eq!(visitor.get(&format!("/01/09521234543214/10/{code}")).await.status, 400, "a wrong check digit");
        assert_eq!(visitor.get(&format!("/01/9521234543213/10/{code}")).await.status, 400, "thirteen digits");
        assert_eq!(visitor.get(&format!("/01/09521234543220/10/{code}")).await.status, 404, "another product's");
        assert_eq!(visitor.get("/01/09521234543213/10/NGABCDEFJ").await.status, 404);
        assert_eq!(visitor.get("/id/lot/NGABCDEFJ").await.status, 404);
    }

    async fn a_stopped_lot_says_so_first(db: TestDb) {
        let app = TestApp::start(db).await;
        let sold = sold(&app).await;
        let path = format!("/truy-xuat/{}", sold.code);
        assert!(!app.visitor().get(&path).await.body.contains("tạm dừng bán"));
        let (lot, cooperative, now) = (sold.lot.clone(), sold.seller.cooperative.clone(), app.kit.now());
        app.kit.db.write(move |conn| {
            ganh::store::lot::mark_state(conn, &cooperative, &lot, ganh::domain::stock::LotState::Stopped, Some("chờ kiểm nghiệm"))?;
            ganh::store::change::insert(conn, "lot", lot.as_text(), now)?;
            Ok::<_, ganh::store::StoreError>(())
        }).await.expect("stopped");
        let page = app.visitor().get(&path).await.body;
        assert!(page.contains("Đợt hàng này đang tạm dừng bán") && page.contains("chờ kiểm nghiệm"));
        assert_eq!(app.visitor().get(&format!("/api/v1/lots/{}", sold.code)).await.json()["stock"]["available"], "0");
    }
}
