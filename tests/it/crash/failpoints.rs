//! The real program, ended at each named place while money comes in: every invariant holds over what is left, and the provider's
//! retry, the next question or the same statement once more ends well.

use super::{Program, command, is_sound, made, now_s};
use crate::kit::TestDb;
use crate::kit::app::TestApp;
use crate::kit::bank::{Coop, Goods, Movement, Placed, checkout, orders};
use clap::ValueEnum as _;
use diesel::prelude::*;
use ganh::config::Secret;
use ganh::failpoint::Failpoint;
use ganh::gateway::bank::sepay;
use ganh::service::reconciling;
use ganh::store::lock::ServeLock;
use ganh::store::schema::{bank_event, outbox, posting, sale_order};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

fn name_of(point: Failpoint) -> String {
    point.to_possible_value().expect("a name").get_name().to_owned()
}

/// The market's own makers over the file that the program serves.
async fn beside<T>(db: &TestDb, work: impl AsyncFnOnce(&TestApp) -> T) -> T {
    // A child that another test is just starting may hold a copy of the lock until it is its own program.
    for _ in 0..100 {
        if ServeLock::take(&db.url.parse().expect("an address")).is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let app = TestApp::start_with(db, |config| {
        config.secret_key = Secret::new(super::SECRET_KEY);
        config.log_key = Secret::new(super::LOG_KEY);
    })
    .await;
    app.clock.set(ganh::domain::time::Clock::now(&ganh::domain::time::SystemClock));
    let done = work(&app).await;
    app.stop().await;
    done
}

fn some_orders(db: &TestDb, fruit: &Goods, count: usize) -> Vec<Placed> {
    crate::kit::run(beside(db, async |app| {
        let mut all = Vec::new();
        for _ in 0..count {
            all.extend(orders(&app.kit, &checkout(&[(fruit, "1")])).await);
        }
        all
    }))
}

/// A delivery, signed; its status, or nothing when the program was gone before it answered.
fn deliver(base_url: &str, coop: &Coop, movement: &Movement) -> Option<u16> {
    let (body, stamp) = (movement.body(), now_s());
    let secret = coop.receiving.secret.clone().expect("a secret");
    let url = format!("{base_url}/webhooks/bank/sepay/{}", coop.receiving.path_id);
    crate::kit::run(async move {
        let told = reqwest::Client::new()
            .post(url)
            .header(sepay::TIMESTAMP_HEADER, stamp.to_string())
            .header(sepay::SIGNATURE_HEADER, sepay::sign(&secret, stamp, body.as_bytes()))
            .body(body)
            .send()
            .await;
        told.ok().map(|told| told.status().as_u16())
    })
}

/// State of an order, how often its money is booked, and what lies on the bank for it.
fn stands(url: &str, order: &Placed) -> (String, i64, i64) {
    let mut conn = crate::kit::bare(url);
    let state = sale_order::table.find(&order.id).select(sale_order::state).get_result(&mut conn).expect("an order");
    let booked = bank_event::table
        .filter(bank_event::order_id.eq(&order.id).and(bank_event::state.eq("booked")))
        .count()
        .get_result(&mut conn)
        .expect("a count");
    let paid: Vec<i64> = posting::table
        .filter(posting::order_id.eq(&order.id).and(posting::amount_vnd.lt(0)))
        .select(posting::amount_vnd)
        .load(&mut conn)
        .expect("postings");
    (state, booked, paid.iter().sum())
}

/// The program ends by itself at the place, by no exit of its own.
fn ends_there(program: &mut Program, point: Failpoint) {
    let ended = program.child.wait().expect("an end");
    assert_eq!(ended.code(), None, "{point:?}: it left on its own feet");
}

const BEFORE_THE_ANSWER: [Failpoint; 8] = [
    Failpoint::BankVerified,
    Failpoint::EventStored,
    Failpoint::MoneyDecided,
    Failpoint::JournalHalf,
    Failpoint::MoneyCarriedOut,
    Failpoint::BeforeCommit,
    Failpoint::Committed,
    Failpoint::BankTaken,
];

fn a_retry_ends_well(db: &TestDb) {
    let (coop, fruit) = made(db);
    let all = some_orders(db, &fruit, BEFORE_THE_ANSWER.len());
    for (point, order) in BEFORE_THE_ANSWER.into_iter().zip(&all) {
        let movement = Movement::paying(&coop, order);
        // Without its worker: nothing but this delivery writes.
        let mut program = Program::start_as(&db.url, &["serve", "--fail-at", &name_of(point)], &[("WORKER", "off")]);
        assert_eq!(deliver(&program.base_url, &coop, &movement), None, "{point:?}: it was answered");
        ends_there(&mut program, point);
        is_sound(&db.url);
        let is_kept = matches!(point, Failpoint::Committed | Failpoint::BankTaken);
        let (state, booked, _) = stands(&db.url, order);
        let left = if is_kept { ("placed", 1) } else { ("awaiting_payment", 0) };
        assert_eq!((state.as_str(), booked), left, "{point:?}: all or nothing");
        let program = Program::start_as(&db.url, &["serve"], &[("WORKER", "off")]);
        for _ in 0..2 {
            assert_eq!(deliver(&program.base_url, &coop, &movement), Some(200), "{point:?}");
        }
        program.kill();
        is_sound(&db.url);
        assert_eq!(stands(&db.url, order), ("placed".into(), 1, -order.total_vnd), "{point:?}");
    }
}

/// A provider's list that holds the same rows for whoever asks, until the test is over.
fn a_list_of(rows: serde_json::Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let body = serde_json::json!({"status": "success", "data": rows, "meta": {"pagination": {"has_more": false}}});
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0_u8; 4_096];
            let _ = stream.read(&mut asked);
            let body = body.to_string();
            let length = body.len();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
            let _ = stream.write_all(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes());
        }
    });
    format!("http://{address}")
}

fn asking_again_ends_well(db: &TestDb) {
    let (coop, fruit) = made(db);
    crate::kit::run(beside(db, async |app| {
        reconciling::set_poll_key(&app.kit, &coop.seller, "khoa-doc-giao-dich").await.expect("a key");
    }));
    let points = [Failpoint::PollFetched, Failpoint::PollTaken, Failpoint::StatementHalf];
    let all = some_orders(db, &fruit, points.len());
    for (point, order) in points.into_iter().zip(&all) {
        let today = ganh::domain::time::At::from_unix_seconds(now_s()).day();
        let row = serde_json::json!({
            "id": format!("018f0000-{point:?}"), "transaction_date": format!("{today} 00:00:01"), "account_number": coop.account_number,
            "va": null, "amount_in": order.total_vnd, "amount_out": 0, "accumulated": 0,
            "transaction_content": format!("{} chuyen tien", order.code), "reference_number": format!("FT{point:?}"),
        });
        let url = a_list_of(serde_json::json!([row]));
        let reconcile = |fail_at: &[&str]| {
            let arguments = [&["reconcile"], fail_at].concat();
            command(&db.url, &arguments).env("SEPAY_API_URL", &url).output().expect("it runs")
        };
        let ended = reconcile(&["--fail-at", &name_of(point)]);
        assert_eq!(ended.status.code(), None, "{point:?}: {ended:?}");
        is_sound(&db.url);
        for _ in 0..2 {
            let ended = reconcile(&[]);
            assert_eq!(ended.status.code(), Some(0), "{point:?}: {ended:?}");
        }
        is_sound(&db.url);
        assert_eq!(stands(&db.url, order), ("placed".into(), 1, -order.total_vnd), "{point:?}");
    }
}

fn owed_work_is_not_lost(db: &TestDb) {
    let (coop, fruit) = made(db);
    for point in [Failpoint::OutboxClaimed, Failpoint::OutboxActed] {
        let order = some_orders(db, &fruit, 1).remove(0);
        let mut program = Program::start_as(&db.url, &["serve", "--fail-at", &name_of(point)], &[]);
        // The delivery owes words to people; the worker goes for them, before or after the answer.
        let _ = deliver(&program.base_url, &coop, &Movement::paying(&coop, &order));
        ends_there(&mut program, point);
        is_sound(&db.url);
        let waiting: i64 = outbox::table
            .filter(outbox::state.ne("done"))
            .count()
            .get_result(&mut crate::kit::bare(&db.url))
            .expect("a count");
        assert!(waiting > 0, "{point:?}: what was claimed is gone");
    }
}

fn on_each_engine(test: fn(&TestDb)) {
    test(&TestDb::on_sqlite());
    if let Some(db) = TestDb::on_postgres("failpoints") {
        test(&db);
    }
}

#[test]
fn ended_anywhere_inside_a_delivery_the_providers_retry_ends_well() {
    on_each_engine(a_retry_ends_well);
}

#[test]
fn ended_anywhere_inside_reconciling_the_next_run_ends_well() {
    on_each_engine(asking_again_ends_well);
}

#[test]
fn ended_inside_owed_work_it_is_still_owed() {
    on_each_engine(owed_work_is_not_lost);
}

#[test]
fn every_place_has_its_test() {
    for point in Failpoint::value_variants() {
        let tested = BEFORE_THE_ANSWER.contains(point)
            || matches!(
                point,
                Failpoint::PollFetched
                    | Failpoint::PollTaken
                    | Failpoint::StatementHalf
                    | Failpoint::OutboxClaimed
                    | Failpoint::OutboxActed
            );
        assert!(tested, "{point:?}");
    }
}
