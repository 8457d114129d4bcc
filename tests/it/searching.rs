//! Searching: what is published is found within half a second however it is typed; the index follows the feed by itself.

use crate::kit::app::{Actor, TestApp};
use crate::kit::make;
use crate::on_both_engines;
use ganh::domain::product::ProductState;
use ganh::domain::quantity::Base;
use ganh::service::{listing, searching};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Slugs that a search of the interface finds, in order.
async fn found(visitor: &Actor, query: &str) -> Vec<String> {
    let answer = visitor.get(&format!("/api/v1/products?{query}")).await.is(200).json();
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| item["slug"].as_str().expect("a slug").to_owned()).collect()
}

/// How long a test waits for the index: half a second is the aim, and no test is timed on a busy machine. On a server a change is
/// given out once every older transaction has ended, those of other tests' databases included.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until a search finds what it should, at most as long as is promised.
async fn soon(visitor: &Actor, query: &str, is_right: impl Fn(&[String]) -> bool) {
    let began = Instant::now();
    loop {
        let slugs = found(visitor, query).await;
        if is_right(&slugs) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{query}: {slugs:?}, and no more in time");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

on_both_engines! {
    async fn a_published_product_is_found_soon_however_it_is_typed(db: TestDb) {
        // The worker is off in every test of this kind: following the feed is no work of its.
        let app = TestApp::start_searching(db).await;
        let seller = make::seller(&app.kit, "HTX Nếp A Sào", 1).await;
        let visitor = app.visitor();
        make::product(&app.kit, &seller, "Gạo nếp cái hoa vàng").await;
        soon(&visitor, "q=g%E1%BA%A1o+n%E1%BA%BFp", |slugs| slugs == ["gao-nep-cai-hoa-vang"]).await;
        // Tân Hưng was Hồng Nam and Phương Chiểu before 2025.
        for typed in ["gao+nep", "GAO+NEP", "gaoj+neeps", "ga5o+ne61p", "nep+a+sao", "phuong+chieu", "hoa+vang"] {
            assert_eq!(found(&visitor, &format!("q={typed}")).await, ["gao-nep-cai-hoa-vang"], "{typed}");
        }
        visitor.get("/tim?q=gaoj+neeps").await.is(200).says("Tìm: gạo nếp");
        let page = visitor.get("/tim?q=gao+nep").await.is(200);
        assert!(!page.body.contains("Tìm: "), "nothing was decoded");
    }

    async fn what_is_hidden_is_no_longer_found(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let seller = make::seller(&app.kit, "HTX A", 1).await;
        let product = make::product(&app.kit, &seller, "Ổi Bo").await;
        let visitor = app.visitor();
        soon(&visitor, "q=oi", |slugs| slugs == ["oi-bo"]).await;
        visitor.get("/tim").await.is(200).says("Ổi Bo");
        listing::set_product_state(&app.kit, &seller, &product, ProductState::Hidden).await.expect("hidden");
        // Not even while the index is still behind: the database tells.
        assert!(found(&visitor, "q=oi").await.is_empty());
        soon(&visitor, "q=oi", <[String]>::is_empty).await;
        let page = visitor.get("/tim").await.is(200);
        assert!(!page.body.contains("Ổi Bo"));
    }

    async fn a_page_kept_before_the_index_caught_up_does_not_stay(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let seller = make::seller(&app.kit, "HTX A", 1).await;
        let visitor = app.visitor();
        for number in 0..5 {
            make::product(&app.kit, &seller, &format!("Cam {number}")).await;
            // Asked at once, most likely before the index has it: this page must not be kept for good.
            visitor.get("/tim?q=cam").await.is(200);
            let began = Instant::now();
            while !visitor.get("/tim?q=cam").await.is(200).body.contains(&format!("Cam {number}")) {
                assert!(began.elapsed() < PATIENCE, "Cam {number} is not shown");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }

    async fn the_page_and_the_interface_show_the_same(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let (a, b) = (make::seller(&app.kit, "HTX A", 1).await, make::seller_in(&app.kit, "HTX B", "11980", 2).await);
        let visitor = app.visitor();
        for number in 0..30 {
            let seller = if number % 3 == 0 { &b } else { &a };
            let product = make::product(&app.kit, seller, &format!("Bưởi số {number}")).await;
            make::lot(&app.kit, seller, &product, Base(1_000 * (number + 1))).await;
        }
        soon(&visitor, "per_page=100", |slugs| slugs.len() == 30).await;
        for query in ["q=buoi", "q=buoi&page=2", "cooperative=htx-b", "commune=11977&sort=newest", "max_price=45000&sort=price", "min_price=45001"] {
            let slugs = found(&visitor, query).await;
            let page = visitor.get(&format!("/tim?{query}")).await.is(200);
            // Without results the page suggests others.
            let cards = page.body.matches("class=\"product-name\"").count();
            assert!(slugs.is_empty() || cards == slugs.len(), "{query}: {cards} cards, {} items", slugs.len());
            let mut from = 0;
            for slug in &slugs {
                let at = page.body.get(from..).and_then(|rest| rest.find(&format!("/san-pham/{slug}\""))).unwrap_or_else(|| panic!("{query}: {slug} is not next"));
                from += at;
            }
        }
        let answer = visitor.get("/api/v1/products?q=buoi").await.json();
        assert_eq!((&answer["total"], &answer["page"], &answer["per_page"]), (&30.into(), &1.into(), &24.into()));
        assert_eq!(answer["facets"]["cooperative"], serde_json::json!([{"value": "htx-a", "count": 20}, {"value": "htx-b", "count": 10}]));
        visitor.get("/tim?q=buoi").await.says("Có 30 mặt hàng").says("Trang 1 trên 2");
    }

    async fn pages_are_bounded_and_rubbish_is_told(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let visitor = app.visitor();
        assert_eq!(visitor.get("/api/v1/products?per_page=1000").await.is(200).json()["per_page"], 100);
        for rubbish in ["per_page=0", "per_page=-1", "page=0", "page=x", "min_price=cheap", "sort=best"] {
            let answer = visitor.get(&format!("/api/v1/products?{rubbish}")).await.is(400);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{rubbish}");
        }
        visitor.get("/api/v1/products?page=4000000000").await.is(200);
        visitor.get("/tim?page=-1&min_price=r%E1%BA%BB&sort=x&category=khong-co").await.is(200);
        visitor.get(&format!("/tim?q={}", "g%E1%BA%A1o+".repeat(800))).await.is(200);
        visitor.get("/tim?q=%00%ff%27%22%3Cscript%3E").await;
    }

    async fn the_index_replays_what_it_missed_and_another_databases_index_is_built_anew(db: TestDb) {
        let folder = tempfile::tempdir().expect("a folder");
        let with_folder = |name: &'static str| {
            let place = folder.path().join(name);
            move |config: &mut ganh::config::Config| {
                (config.search_folder, config.follows_changes) = (Some(place), true);
            }
        };
        let app = TestApp::start_with(db, with_folder("index")).await;
        let seller = make::seller(&app.kit, "HTX A", 1).await;
        make::product(&app.kit, &seller, "Chuối tiêu hồng").await;
        soon(&app.visitor(), "q=chuoi", |slugs| slugs.len() == 1).await;
        let cursor = app.kit.search.cursor();
        assert!(cursor > 0);
        app.stop().await;
        // While it was down, another process wrote; then the feed is replayed from the cursor in the last commit.
        let elsewhere = TestApp::start_with(db, with_folder("elsewhere")).await;
        make::product(&elsewhere.kit, &seller, "Chuối tây").await;
        elsewhere.stop().await;
        let app = TestApp::start_with(db, with_folder("index")).await;
        soon(&app.visitor(), "q=chuoi", |slugs| slugs.len() == 2).await;
        assert!(app.kit.search.cursor() > cursor);
        // An index that knows changes which this database never had is not believed.
        app.kit.search.rebuild(Vec::new(), 9_000_000).await.expect("rebuilt");
        app.stop().await;
        let app = TestApp::start_with(db, with_folder("index")).await;
        assert_eq!(found(&app.visitor(), "q=chuoi").await.len(), 2);
    }

    async fn reindex_reaches_a_running_market_through_the_feed(db: TestDb) {
        let app = TestApp::start_searching(db).await;
        let seller = make::seller(&app.kit, "HTX A", 1).await;
        make::product(&app.kit, &seller, "Mướp hương").await;
        let visitor = app.visitor();
        soon(&visitor, "q=muop", |slugs| slugs.len() == 1).await;
        let cursor = app.kit.search.cursor();
        app.kit.search.rebuild(Vec::new(), cursor).await.expect("lost");
        assert!(found(&visitor, "q=muop").await.is_empty());
        assert_eq!(searching::rebuild_index(&app.kit).await.expect("ordered"), 1);
        soon(&visitor, "q=muop", |slugs| slugs.len() == 1).await;
    }

    async fn meilisearch_is_fed_from_where_it_was_left_and_its_absence_is_nobodys_trouble(db: TestDb) {
        let server = FakeMeilisearch::start();
        let url = server.url.clone();
        let app = TestApp::start_with(db, move |config| {
            config.follows_changes = true;
            config.meili = Some(ganh::config::Meili { url, key: ganh::config::Secret::new("a-key-of-sixteen") });
        })
        .await;
        let seller = make::seller(&app.kit, "HTX A", 1).await;
        let product = make::product(&app.kit, &seller, "Quất Văn Giang").await;
        // It is down: people search all the same, and nothing is counted as fed.
        soon(&app.visitor(), "q=quat", |slugs| slugs.len() == 1).await;
        assert!(searching::feed_meilisearch(&app.kit).await.is_err());
        server.is_up(true);
        assert_eq!(searching::feed_meilisearch(&app.kit).await.expect("filled"), 1);
        assert!(server.heard("/swap-indexes") && server.heard("Quất Văn Giang"));
        server.forget();
        while searching::feed_meilisearch(&app.kit).await.expect("fed") > 0 {}
        listing::set_product_state(&app.kit, &seller, &product, ProductState::Hidden).await.expect("hidden");
        server.is_up(false);
        // On a server the news waits for the oldest transaction of all its databases, the other tests' too.
        let began = Instant::now();
        while let Ok(fed) = searching::feed_meilisearch(&app.kit).await {
            assert!(fed == 0 && began.elapsed() < PATIENCE, "{fed} fed to nobody");
        }
        server.is_up(true);
        while !server.heard("/documents/delete-batch") {
            searching::feed_meilisearch(&app.kit).await.expect("fed");
            assert!(began.elapsed() < PATIENCE * 2);
        }
        assert!(server.heard(&product.to_string()));
        server.forget();
        assert_eq!(searching::feed_meilisearch(&app.kit).await.expect("nothing new"), 0);
        assert!(!server.heard("/indexes"), "nothing is put twice");
    }
}

/// Meilisearch as the feed sees it: takes every task and says that it succeeded, or is down.
struct FakeMeilisearch {
    url: String,
    up: Arc<AtomicBool>,
    log: Arc<Mutex<String>>,
}

impl FakeMeilisearch {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (up, log) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(String::new())));
        let (switch, ears) = (up.clone(), log.clone());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                if switch.load(Ordering::SeqCst) {
                    Self::answer(&mut stream, &ears);
                }
            }
        });
        Self { url, up, log }
    }

    fn answer(stream: &mut TcpStream, log: &Mutex<String>) {
        stream.set_read_timeout(Some(Duration::from_secs(2))).expect("a timeout");
        let mut said = Vec::new();
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut part) {
            said.extend_from_slice(&part[..count]);
            let text = String::from_utf8_lossy(&said);
            let is_whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                let head = head.to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
                if head.contains("chunked") { body.ends_with("0\r\n\r\n") } else { body.len() >= length.unwrap_or(0) }
            });
            if is_whole {
                break;
            }
        }
        let said = String::from_utf8_lossy(&said).into_owned();
        let task = r#"{"taskUid":1,"uid":1,"indexUid":"x","status":"STATUS","type":"documentDeletion","canceledBy":null,"details":null,"error":null,"duration":"PT0.1S","enqueuedAt":"2026-11-23T00:00:00Z","startedAt":"2026-11-23T00:00:00Z","finishedAt":"2026-11-23T00:00:01Z"}"#;
        let (status, word) = if said.starts_with("GET /tasks/") { (200, "succeeded") } else { (202, "enqueued") };
        log.lock().expect("the log").push_str(&said);
        let body = task.replace("STATUS", word);
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    }

    fn is_up(&self, up: bool) {
        self.up.store(up, Ordering::SeqCst);
    }

    fn heard(&self, text: &str) -> bool {
        self.log.lock().expect("the log").contains(text)
    }

    fn forget(&self) {
        self.log.lock().expect("the log").clear();
    }
}
