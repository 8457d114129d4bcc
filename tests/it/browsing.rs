//! What the public sees of goods: the same bytes for everyone, right to the minute, in pages and in JSON.

use crate::kit::app::TestApp;
use crate::kit::make;
use crate::on_both_engines;
use ganh::domain::id::ProductId;
use ganh::domain::product::ProductState;
use ganh::domain::quantity::Base;
use ganh::domain::search::SearchQuery;
use ganh::service::ending::expire_orders;
use ganh::service::kit::Kit;
use ganh::service::listing;
use ganh::service::who::Seller;

const LONGAN: &str = "nhan-long-tan-hung";

/// A seller with 2 kg of longans on sale.
async fn market(kit: &Kit) -> (Seller, ProductId) {
    let seller = make::seller(kit, "HTX Vườn Nhãn Tân Hưng", 1).await;
    let product = make::product(kit, &seller, "Nhãn lồng Tân Hưng").await;
    make::lot(kit, &seller, &product, Base(2_000)).await;
    // The pages are looked at below; here the index only has to have them.
    for _ in 0..400 {
        if kit.search.search(&SearchQuery::default()).await.expect("the index").total > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    (seller, product)
}

on_both_engines! {
    async fn a_product_page_answers_everything_on_one_screen(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let (_, product) = market(&app.kit).await;
        let page = app.visitor().get(&format!("/san-pham/{LONGAN}?xa={}", make::HOAN_KIEM)).await.is(200);
        for words in [
            "Nhãn lồng Tân Hưng", "45.000\u{a0}₫", "HTX Vườn Nhãn Tân Hưng", "còn 2\u{a0}kg",
            "Giao đến", "phí 30.000\u{a0}₫", "chốt đơn", "Thu hoạch hôm nay", "Xem nguồn gốc", "Gọi HTX", "zalo.me",
            "name=\"offer\"", "name=\"quantity\"", "action=\"/gio-hang\"", "application/ld+json", "og:title",
        ] {
            page.says(words);
        }
        let api = app.visitor().get(&format!("/api/v1/products/{LONGAN}?commune={}", make::HOAN_KIEM)).await.is(200).json();
        assert_eq!(api["available"], "2");
        assert_eq!(api["deliver_on"], "2026-11-24");
        assert_eq!(api["price_vnd"], 45_000);
        assert_eq!(api["offers"][0]["unit_price_vnd"], 45_000);
        assert_eq!(api["offers"][0]["min_quantity"], "0.5");
        assert_eq!(api["lots"][0]["available"], "2000");
        page.says(api["lots"][0]["code"].as_str().expect("a code").get(..3).expect("letters"));
        page.says(api["offers"][0]["id"].as_str().expect("an id"));
        assert!(!product.to_string().is_empty());
        // Without a place nothing is promised, and a wrong one is told to a program.
        let api = app.visitor().get(&format!("/api/v1/products/{LONGAN}")).await.is(200).json();
        assert!(api["deliver_on"].is_null());
        app.visitor().get(&format!("/api/v1/products/{LONGAN}?commune=99999")).await.is(400);
        app.visitor().get(&format!("/san-pham/{LONGAN}")).await.is(200).says("Giao đến đâu?");
    }

    async fn public_pages_are_the_same_bytes_for_everyone(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let (seller, product) = market(&app.kit).await;
        listing::set_product_state(&app.kit, &seller, &product, ProductState::Published).await.ok();
        let signed_in = app.shopper().await;
        signed_in.set_cookie("gio", "018f0000-0000-7000-8000-000000000000~1500");
        signed_in.set_cookie("xa", make::HOAN_KIEM);
        for path in ["/", "/tim", "/tim?q=nhan", "/san-pham/nhan-long-tan-hung", "/htx/htx-vuon-nhan-tan-hung", "/xa/11977", "/giao-den", "/ho-tro", "/ho-tro/quy-che"] {
            let (stranger, person) = (app.visitor().get(path).await.is(200), signed_in.get(path).await.is(200));
            assert_eq!(stranger.body, person.body, "{path}");
            assert!(stranger.header("set-cookie").is_empty(), "{path}");
            assert!(!stranger.header("etag").is_empty(), "{path}");
            // Unknown parameters change nothing, not even the key.
            let joined = if path.contains('?') { '&' } else { '?' };
            let with_noise = app.visitor().get(&format!("{path}{joined}utm_source=zalo&fbclid=1")).await.is(200);
            assert_eq!(with_noise.body, stranger.body, "{path}");
            assert_eq!(with_noise.header("etag"), stranger.header("etag"));
            let visitor = app.visitor();
            let again = visitor.request("GET", path).header("if-none-match", stranger.header("etag"));
            visitor.send(again).await.is(304);
        }
    }

    async fn the_last_kilogram_sold_is_sold_out_on_the_next_page_view(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        market(&app.kit).await;
        let visitor = app.visitor();
        visitor.get(&format!("/san-pham/{LONGAN}")).await.is(200).says("còn 2\u{a0}kg");
        visitor.get("/tim").await.is(200).says("Nhãn lồng Tân Hưng");
        make::order_of(&app.kit, LONGAN, "1.5").await;
        visitor.get(&format!("/san-pham/{LONGAN}")).await.is(200).says("còn 500\u{a0}g");
        make::order_of(&app.kit, LONGAN, "0.5").await;
        let page = visitor.get(&format!("/san-pham/{LONGAN}")).await.is(200);
        page.says("Hết hàng");
        assert!(!page.body.contains("Bỏ vào giỏ"));
        visitor.get("/tim").await.is(200).says("Hết hàng");
        assert_eq!(visitor.get(&format!("/api/v1/products/{LONGAN}")).await.json()["available"], "0");
    }

    async fn a_kept_page_ends_when_the_first_hold_on_it_does(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let (seller, _) = market(&app.kit).await;
        ganh::service::founding::set_first_bank_account(&app.kit, &seller.cooperative, Some(&seller.account), &ganh::service::founding::NewBankAccount {
            provider: ganh::domain::bank_message::BankProvider::Sepay,
            bin: "970422".into(),
            account_number: "0123456789".into(),
            holder_name: "HTX VUON NHAN".into(),
            memo_prefix: String::new(),
            virtual_account: String::new(),
        }).await.expect("an account");
        let unpaid = ganh::service::checkout::RawCheckout {
            payment: "vietqr".into(),
            ..make::basket(&[(LONGAN, "2")], "Chị Mua", "0912345678")
        };
        make::order(&app.kit, &unpaid).await;
        let visitor = app.visitor();
        for path in ["/san-pham/nhan-long-tan-hung", "/tim", "/htx/htx-vuon-nhan-tan-hung", "/xa/11977"] {
            visitor.get(path).await.is(200).says("Hết hàng");
        }
        app.clock.advance_s(14 * 60 + 59);
        visitor.get("/san-pham/nhan-long-tan-hung").await.says("Hết hàng");
        // Nobody tidies, nothing is written: the clock alone gives the goods back.
        app.clock.advance_s(2);
        for path in ["/san-pham/nhan-long-tan-hung", "/tim", "/htx/htx-vuon-nhan-tan-hung", "/xa/11977"] {
            let page = visitor.get(path).await.is(200);
            assert!(!page.body.contains("Hết hàng"), "{path}");
        }
        // A tidying job changes no answer.
        let before = visitor.get(&format!("/san-pham/{LONGAN}")).await.body;
        expire_orders(&app.kit).await.expect("tidied");
        assert_eq!(visitor.get(&format!("/san-pham/{LONGAN}")).await.body, before);
    }

    async fn what_is_hidden_is_gone_everywhere_and_said_in_words(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let (seller, product) = market(&app.kit).await;
        let other = make::product(&app.kit, &seller, "Nhãn lồng sấy").await;
        make::lot(&app.kit, &seller, &other, Base(9_000)).await;
        listing::set_product_state(&app.kit, &seller, &product, ProductState::Hidden).await.expect("hidden");
        let visitor = app.visitor();
        let gone = visitor.get(&format!("/san-pham/{LONGAN}")).await.is(404);
        gone.says("không còn ở chợ");
        visitor.get(&format!("/api/v1/products/{LONGAN}")).await.is(404);
        for path in ["/", "/htx/htx-vuon-nhan-tan-hung", "/xa/11977"] {
            let page = visitor.get(path).await.is(200);
            assert!(!page.body.contains("Nhãn lồng Tân Hưng"), "{path}");
        }
        // A cooperative that nobody has approved, or that does not exist, has no page.
        make::bare_cooperative(&app.kit, "HTX Chờ Duyệt", make::TAN_HUNG, false).await;
        visitor.get("/htx/htx-cho-duyet").await.is(404);
        visitor.get("/htx/khong-co").await.is(404);
        visitor.get("/xa/00000").await.is(404);
    }

    async fn a_place_is_chosen_by_its_old_name_and_leads_back(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        market(&app.kit).await;
        let visitor = app.visitor();
        let product = visitor.get(&format!("/san-pham/{LONGAN}")).await.is(200);
        let way = product.body.split("href=\"/giao-den?ve=").nth(1).and_then(|rest| rest.split('"').next()).expect("the way").to_owned();
        let page = visitor.get(&format!("/giao-den?ve={way}&q=Hàng+Trống")).await.is(200);
        page.says("name=\"xa\"");
        let chosen = visitor.post("/giao-den", &[("xa", make::HOAN_KIEM), ("ve", &way)]).await.is(303);
        assert_eq!(chosen.location(), format!("/san-pham/{LONGAN}?xa={}", make::HOAN_KIEM));
        assert_eq!(visitor.cookie("xa").as_deref(), Some(make::HOAN_KIEM));
        visitor.get(chosen.location()).await.is(200).says("chốt đơn");
        // Nothing leads out of the market, and a wrong code forgets.
        let away = data_encoding::BASE64URL_NOPAD.encode(b"//evil.example");
        assert_eq!(visitor.post("/giao-den", &[("xa", "x"), ("ve", &away)]).await.is(303).location(), "/");
        assert_eq!(visitor.cookie("xa"), None);
    }

    async fn an_empty_market_says_so_and_a_picture_has_no_power(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let visitor = app.visitor();
        visitor.get("/").await.is(200).says("Chợ chưa có hàng");
        visitor.get("/tim?q=nhan").await.is(200).says("Chưa tìm thấy");
        visitor.get("/xa/11977").await.is(200).says("Chưa có hợp tác xã");
        app.kit.media.put("ab12cd-320.webp", b"<script>alert(1)</script>").expect("put");
        let picture = visitor.get("/media/ab12cd-320.webp").await.is(200);
        assert_eq!(picture.header("content-type"), "image/webp");
        assert!(picture.header("cache-control").contains("immutable"));
        assert!(picture.header("content-security-policy").contains("sandbox"));
        assert_eq!(picture.header("x-content-type-options"), "nosniff");
        visitor.get("/media/none-320.webp").await.is(404);
        visitor.get("/media/..%2Fsecret.webp").await.is(404);
    }
}
