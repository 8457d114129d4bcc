//! Whatever comes in, a clear answer in the reader's language goes out, once, and nothing of the inside with it.

use crate::kit::Engine;
use crate::kit::app::TestApp;
use crate::on_both_engines;

const FORM: &str = "/tai-khoan/dang-nhap";

on_both_engines! {
    async fn a_missing_page_is_said_in_the_readers_language(db: TestDb) {
        let app = TestApp::start(db).await;
        let mut actor = app.visitor();
        let page = actor.get("/khong-co-gi").await.is(404);
        page.says("Không có trang này").says(page.header("x-request-id"));
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        actor.speaks = "en-GB,en;q=0.9";
        actor.get("/khong-co-gi").await.is(404).says("There is no such page");
        let problem = actor.get("/api/v1/khong-co-gi").await.is(404);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        let json = problem.json();
        assert_eq!((json["status"].as_u64(), json["type"].as_str()), (Some(404), Some("urn:ganh:problem:not-found")));
        assert_eq!(json["request_id"].as_str(), Some(problem.header("x-request-id")));
        app.stop().await;
    }

    async fn garbage_is_refused_without_a_word_of_the_inside(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = app.visitor();
        let send = |kind: &'static str, body: Vec<u8>| {
            let request = actor.request("POST", FORM).header("origin", &app.base_url).header("content-type", kind);
            actor.send(request.body(body))
        };
        for (kind, body) in [
            ("application/x-www-form-urlencoded", vec![0xff, 0xfe, b'=', 0x80]),
            ("application/json", b"{\"phone\": [[[[".to_vec()),
            ("text/plain", vec![b'a'; 1000]),
        ] {
            let page = send(kind, body).await;
            assert!((400..500).contains(&page.status), "{kind}: {}", page.status);
            assert!(!page.body.contains("deserialize") && !page.body.contains("serde"), "{}", page.body);
        }
        for path in ["/%ff%fe", "/tai-khoan/phien/x/ket-thuc", "/assets/../Cargo.toml", "/tai-khoan/the/%00", "/?lang=xx"] {
            let page = actor.get(path).await;
            assert!(page.status < 500, "{path}: {}", page.status);
        }
        actor.send(actor.request("PUT", FORM)).await.is(405).says("Trang này không nhận");
        assert_eq!(actor.send(actor.request("DELETE", FORM)).await.is(405).header("allow"), "GET, POST");
        app.stop().await;
    }

    async fn a_body_of_ten_megabytes_is_refused_with_an_answer(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = app.visitor();
        let request = actor.request("POST", FORM).header("origin", &app.base_url).body(vec![b'a'; 10_000_000]);
        actor.send(request).await.is(413).says("Gửi lên nặng quá");
        actor.get("/healthz").await.is(200);
        app.stop().await;
    }

    async fn a_stale_form_and_a_form_from_elsewhere_are_told_apart(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = app.shopper().await;
        let stale = [("csrf".to_owned(), "a-token-of-last-week".to_owned())];
        actor.post_bare("/tai-khoan/ra", &stale).await.is(403).says("Trang này đã cũ");
        actor.post_bare("/tai-khoan/ra", &[]).await.is(403).says("Trang này đã cũ");
        let other = app.shopper().await.csrf().await;
        actor.post_bare("/tai-khoan/ra", &[("csrf".to_owned(), other)]).await.is(403).says("Trang này đã cũ");
        let token = actor.csrf().await;
        let foreign = actor.request("POST", "/tai-khoan/ra").header("origin", "https://evil.example");
        actor.send(foreign.body(format!("csrf={token}"))).await.is(403).says("Yêu cầu đến từ trang khác");
        let cross = actor.request("POST", "/tai-khoan/ra").header("sec-fetch-site", "cross-site");
        actor.send(cross.body(format!("csrf={token}"))).await.is(403);
        let silent = actor.request("POST", "/tai-khoan/ra").body(format!("csrf={token}"));
        actor.send(silent).await.is(403);
        actor.get("/tai-khoan").await.is(200);
        actor.post("/tai-khoan/ra", &[]).await.is(303);
        actor.post_bare("/tai-khoan/ra", &stale).await.is(401).says("Cần đăng nhập");
        app.stop().await;
    }

    async fn a_public_form_without_any_sign_of_its_origin_passes_only_without_a_sign_in(db: TestDb) {
        let app = TestApp::start(db).await;
        let body = "phone=0999999999&password=khong-biet";
        let stranger = app.visitor();
        stranger.send(stranger.request("POST", FORM).body(body)).await.is(422);
        let shopper = app.shopper().await;
        shopper.send(shopper.request("POST", FORM).body(body)).await.is(403);
        app.stop().await;
    }

    async fn every_answer_carries_the_headers_of_safety(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = app.visitor();
        for path in [FORM, "/khong-co-gi", "/assets/app.css", "/healthz", "/tai-khoan"] {
            let answer = actor.get(path).await;
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(!answer.header("referrer-policy").is_empty(), "{path}");
            assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
            assert!(!answer.headers.contains_key("strict-transport-security"), "{path}: said over http");
        }
        app.stop().await;
    }

    async fn a_choice_of_language_is_kept_and_leads_to_the_clean_address(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = app.visitor();
        let choice = actor.get(&format!("{FORM}?tiep=abc&lang=en")).await.is(303);
        assert_eq!(choice.location(), "/tai-khoan/dang-nhap?tiep=abc");
        actor.get(FORM).await.is(200).says("<html lang=\"en\">").says("Sign in");
        app.stop().await;
    }

    async fn those_who_watch_are_answered_here_and_not_through_a_proxy(db: TestDb) {
        let db_engine = db.engine;
        let app = TestApp::start(db).await;
        let actor = app.visitor();
        if db_engine == Engine::Postgres {
            // The tests' clock stands still; the server's is today's.
            let apart = actor.get("/readyz").await.is(503).json();
            assert_eq!(apart["dependencies"]["clock"], "apart from the database's");
        }
        app.clock.set(ganh::domain::time::Clock::now(&ganh::domain::time::SystemClock));
        let ready = actor.get("/readyz").await.is(200).json();
        for dependency in ["database", "clock", "media", "search"] {
            assert_eq!(ready["dependencies"][dependency], "ok", "{dependency}");
        }
        actor.get("/metrics").await.is(200).says("ganh_http_requests_total");
        actor.send(actor.request("GET", "/metrics").header("x-forwarded-for", "203.0.113.7")).await.is(404);
        app.kit.db.close().await;
        let dead = actor.get("/readyz").await.is(503);
        assert_eq!(dead.json()["ready"], false);
        app.stop().await;
    }

    async fn a_hashed_file_is_kept_for_ever_and_a_plain_one_is_asked_for_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = app.visitor();
        let page = actor.get(FORM).await.is(200);
        let sheet = page.body.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let sheet = actor.get(sheet.expect("a style sheet")).await.is(200);
        assert!(sheet.header("cache-control").contains("immutable"));
        assert_eq!(actor.get("/assets/app.css").await.is(200).header("cache-control"), "public, no-cache");
        let font = sheet.body.split("url(\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a font");
        assert!(actor.get(font).await.is(200).header("cache-control").contains("immutable"), "{font}");
        actor.get("/assets/i18n/vi/ui.ftl").await.is(404);
        actor.get("/assets/data/banks.csv").await.is(404);
        app.stop().await;
    }
}
