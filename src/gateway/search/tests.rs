//! Meilisearch played by a script: whatever it does, people get an answer in time.

use super::samples::documents;
use super::*;
use crate::domain::search::Sort;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What the server says to every request, by its path.
type Script = fn(&str) -> Option<(u16, String)>;

struct Fake {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let url = format!("http://{}/", listener.local_addr().expect("address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = heard.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let ears = ears.clone();
                std::thread::spawn(move || talk(stream, script, &ears));
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("ears").clone()
    }
}

fn talk(mut stream: TcpStream, script: Script, heard: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    // The library streams its bodies in chunks: a length in hex, the bytes, an empty line, until a chunk of none.
    while head.to_lowercase().contains("transfer-encoding: chunked") {
        let mut size = String::new();
        lines.read_line(&mut size).ok()?;
        let mut chunk = vec![0; usize::from_str_radix(size.trim(), 16).ok()?];
        lines.read_exact(&mut chunk).ok()?;
        lines.read_line(&mut String::new()).ok()?;
        if chunk.is_empty() {
            break;
        }
        body.append(&mut chunk);
    }
    let first = head.lines().next()?.to_owned();
    heard.lock().expect("ears").push(format!("{first} {}", String::from_utf8_lossy(&body)));
    let Some((status, answer)) = script(&first) else {
        std::thread::sleep(Duration::from_secs(10));
        return None;
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        answer.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(answer.as_bytes()).ok()
}

const EMPTY: &str =
    r#"{"hits":[],"page":1,"hitsPerPage":24,"totalHits":0,"totalPages":0,"processingTimeMs":1,"query":""}"#;
const FOUND: &str = r#"{"hits":[{"product_id":"p-900","slug":"from-meili"}],"facetDistribution":{"category":{"gao":2,"rau-cu":7}},"page":1,"hitsPerPage":24,"totalHits":41,"totalPages":2,"processingTimeMs":1,"query":""}"#;
const ACCEPTED: &str = r#"{"taskUid":1,"indexUid":"ganh","status":"enqueued","type":"documentDeletion","enqueuedAt":"2026-11-23T00:00:00Z"}"#;

fn settings(url: &str) -> MeiliSettings {
    MeiliSettings { url: url.into(), key: "a-key-of-sixteen".into(), index: "ganh".into() }
}

async fn market(url: &str) -> Search {
    let search = Search::open(&SearchSettings { folder: None, meilisearch: Some(settings(url)) }).expect("search");
    search.apply(documents(), Vec::new(), 1).await.expect("put");
    search
}

fn typed(q: &str) -> SearchQuery {
    SearchQuery { q: q.into(), ..SearchQuery::default() }
}

#[tokio::test]
async fn whatever_the_server_does_the_answer_comes_in_time_from_inside() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("port").local_addr().expect("address");
    let scripts: [Script; 6] = [
        |_| None,
        |_| Some((500, r#"{"message":"boom","code":"internal","type":"internal","link":""}"#.into())),
        |_| Some((502, "<html>bad gateway</html>".into())),
        |_| Some((200, r#"{"hits":"what"}"#.into())),
        |_| Some((200, "not json".into())),
        |_| Some((200, r#"{"hits":[],"processingTimeMs":1,"query":""}"#.into())),
    ];
    let mut urls: Vec<String> = scripts.into_iter().map(|script| Fake::start(script).url).collect();
    urls.push(format!("http://{closed}"));
    for (number, url) in urls.iter().enumerate() {
        let search = market(url).await;
        let began = Instant::now();
        let page = search.search(&typed("dứa")).await.expect("answer");
        assert_eq!(page.hits[0].slug, "dua-mat", "script {number}");
        assert!(began.elapsed() < Duration::from_millis(900), "script {number}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_slow_server_is_left_alone_after_three_tries() {
    let fake = Fake::start(|_| None);
    let search = market(&fake.url).await;
    for _ in 0..3 {
        search.search(&typed("gạo")).await.expect("answer");
    }
    let (began, asked) = (Instant::now(), fake.heard().len());
    for _ in 0..5 {
        assert!(search.search(&typed("gạo")).await.expect("answer").total > 0);
    }
    assert!(began.elapsed() < Duration::from_millis(300), "{:?}", began.elapsed());
    assert_eq!(fake.heard().len(), asked);
}

#[tokio::test]
async fn a_good_answer_is_taken_with_its_total_and_facets() {
    let fake = Fake::start(|_| Some((200, FOUND.into())));
    let search = market(&fake.url).await;
    let query = SearchQuery {
        category: Some("a\" OR price_vnd > 0 OR category = \"\\".into()),
        min_price_vnd: Some(10),
        sort: Sort::PriceUp,
        page: 2,
        per_page: 500,
        ..typed("dừa xiem")
    };
    let page = search.search(&query).await.expect("answer");
    assert_eq!((page.total, page.hits[0].slug.as_str()), (41, "from-meili"));
    assert_eq!(page.facets["category"][0].value, "rau-cu");
    assert!(page.facets["certificate"].is_empty());
    let heard = fake.heard();
    let (_, body) = heard[0].split_once("HTTP/1.1 ").expect("body");
    let asked: serde_json::Value = serde_json::from_str(body).expect("json");
    assert_eq!(
        asked["filter"],
        r#"category = "a\" OR price_vnd > 0 OR category = \"\\" AND price_vnd >= 10 AND syllables IN ["dưa2", "dua"]"#
    );
    assert_eq!(
        (&asked["hitsPerPage"], &asked["page"], &asked["sort"][0]),
        (&100.into(), &2.into(), &"price_vnd:asc".into())
    );
    assert_eq!((&asked["matchingStrategy"], heard.len()), (&"all".into(), 1));
}

#[tokio::test]
async fn nothing_found_there_is_looked_for_inside() {
    let fake = Fake::start(|_| Some((200, EMPTY.into())));
    let search = market(&fake.url).await;
    assert_eq!(search.search(&typed("bah cay")).await.expect("answer").hits[0].slug, "banh-cay-lang-nguyen");
    let heard = fake.heard();
    assert!(heard.len() == 2 && heard[1].contains(r#""matchingStrategy":"last""#), "{heard:?}");
    assert_eq!(search.search(&typed("")).await.expect("answer").total, 0, "an empty market is empty");
}

#[tokio::test]
async fn a_task_that_fails_later_is_an_error_now() {
    let fine = Fake::start(|path| {
        Some(if path.contains("/tasks/") { (200, GOOD_TASK.into()) } else { (202, ACCEPTED.into()) })
    });
    let failing = Fake::start(|path| {
        Some(if path.contains("/tasks/") { (200, BAD_TASK.into()) } else { (202, ACCEPTED.into()) })
    });
    let some = &documents()[..2];
    let search = market(&fine.url).await;
    search.put(some).await.expect("put");
    search.delete(&["p-001".into()]).await.expect("deleted");
    search.rebuild_meilisearch(some).await.expect("rebuilt");
    let heard = fine.heard();
    let put = heard.iter().find(|line| line.starts_with("POST /indexes/ganh/documents")).expect("put");
    assert!(put.contains("primaryKey=product_id") && put.contains("\"syllables\":["), "{put}");
    assert!(
        heard.iter().any(|line| line.starts_with("POST /swap-indexes") && line.contains(r#"["ganh","ganh-next"]"#)),
        "{heard:?}"
    );
    assert!(market(&failing.url).await.put(some).await.is_err());
}

const GOOD_TASK: &str = r#"{"uid":1,"indexUid":"ganh","status":"succeeded","type":"documentDeletion","canceledBy":null,"details":null,"error":null,"duration":"PT0.1S","enqueuedAt":"2026-11-23T00:00:00Z","startedAt":"2026-11-23T00:00:00Z","finishedAt":"2026-11-23T00:00:01Z"}"#;
const BAD_TASK: &str = r#"{"uid":1,"indexUid":"ganh","status":"failed","type":"documentDeletion","canceledBy":null,"details":null,"error":{"message":"no id","code":"missing_document_id","type":"invalid_request","link":""},"duration":"PT0.1S","enqueuedAt":"2026-11-23T00:00:00Z","startedAt":"2026-11-23T00:00:00Z","finishedAt":"2026-11-23T00:00:01Z"}"#;

#[tokio::test]
async fn settings_that_cannot_work_are_refused_by_name() {
    let bad = [
        ("ftp://x", "key", "MEILI_URL"),
        ("", "key", "MEILI_URL"),
        ("http://x", "a\nb", "MEILI_KEY"),
        ("http://x", " ", "MEILI_KEY"),
        ("http://x", "é", "MEILI_KEY"),
    ];
    for (url, key, name) in bad {
        let meilisearch = Some(MeiliSettings { url: url.into(), key: key.into(), index: "ganh".into() });
        let error = Search::open(&SearchSettings { folder: None, meilisearch }).err().expect("refused").to_string();
        assert!(error.contains(name), "{error}");
    }
    assert!(!format!("{:?}", settings("http://x")).contains("sixteen"));
    let health = market("http://127.0.0.1:9").await.health().await;
    assert_eq!(health, SearchHealth { products: documents().len() as u64, cursor: 1, meilisearch: Some(false) });
}
