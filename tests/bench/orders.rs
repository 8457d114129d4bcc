//! Guest orders over the JSON API (one line, an address, delivery, a payment chosen), each durable when answered, beside the engine's own
//! commits of one small row in the same run; and again once the database holds `GANH_BENCH_ORDERS` orders more (a million unless told
//! otherwise), which must leave the slowest hundredth where it was. `GANH_TEST_POSTGRES` names a server to measure too.

use crate::kit::app::TestApp;
use crate::kit::bank::{self, COMMUNE, Goods, coop, goods};
use crate::kit::{Engine, TestDb, run as block_on};
use crate::webhooks::{commits_per_second, setting};
use crate::{median, per_second};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use futures_util::future::join_all;
use ganh::domain::code::{OrderCode, PurchaseCode};
use ganh::domain::time::Entropy;
use ganh::service::{ending, verifying};
use serde_json::json;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
const CONNECTIONS: [usize; 2] = [1, 32];
const EACH_ROUND: usize = 256;
/// Rows of one INSERT.
const BATCH: usize = 500;

pub fn run() {
    block_on(measure("embedded", &TestDb::on_sqlite()));
    if std::env::var_os("GANH_TEST_POSTGRES").is_some()
        && let Some(db) = TestDb::on_postgres("bench")
    {
        let fsync = setting(&db);
        block_on(measure(&format!("server, fsync {fsync}"), &db));
    }
}

async fn measure(engine: &str, db: &TestDb) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 1_000_000_000).await;
    println!(
        "guest orders on the {engine} engine, medians of {ROUNDS} interleaved rounds of {EACH_ROUND}, each durable when answered:"
    );
    let empty = rounds(&app, &fruit).await;
    let more: usize = std::env::var("GANH_BENCH_ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let began = Instant::now();
    fill(&app, db, &fruit, more).await;
    let report = verifying::verify(&app.kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
    println!("  {more} orders laid down and verified in {:.0} s", began.elapsed().as_secs_f64());
    let full = rounds(&app, &fruit).await;
    for (connections, (before, after)) in CONNECTIONS.into_iter().zip(empty.into_iter().zip(full)) {
        println!(
            "  {connections:>2} connections  orders {:>5.0}/s  commits of one row {:>6.0}/s  ratio {:.3}   p50 {:.1} ms, p99 {:.1} ms;  among {more}: {:>5.0}/s, p50 {:.1} ms, p99 {:.1} ms: {:.2} times",
            before.orders,
            before.commits,
            before.orders / before.commits,
            before.p50_ms,
            before.p99_ms,
            after.orders,
            after.p50_ms,
            after.p99_ms,
            after.p99_ms / before.p99_ms
        );
    }
    app.stop().await;
}

struct Measured {
    orders: f64,
    commits: f64,
    p50_ms: f64,
    p99_ms: f64,
}

async fn rounds(app: &TestApp, fruit: &Goods) -> Vec<Measured> {
    let mut rates: Vec<(Vec<f64>, Vec<f64>, Vec<f64>)> = CONNECTIONS.iter().map(|_| Default::default()).collect();
    for round in 0..ROUNDS {
        for (connections, (orders, commits, waits)) in CONNECTIONS.into_iter().zip(&mut rates) {
            let began = Instant::now();
            let took = place_all(app, fruit, connections).await;
            orders.push(per_second(EACH_ROUND, began.elapsed()));
            waits.extend(took.into_iter().map(|wait| wait.as_secs_f64() * 1000.0));
            commits.push(commits_per_second(&app.kit.db, connections, next(round)).await);
        }
    }
    let measured = rates.into_iter().map(|(orders, commits, mut waits)| {
        waits.sort_by(f64::total_cmp);
        let at = |permille: usize| waits.get(waits.len() * permille / 1000).copied().unwrap_or(f64::NAN);
        Measured { orders: median(orders), commits: median(commits), p50_ms: at(500), p99_ms: at(990) }
    });
    measured.collect()
}

/// A number that no round has had.
fn next(round: usize) -> usize {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    usize::try_from(n).unwrap_or(0) * 1000 + round
}

async fn place_all(app: &TestApp, fruit: &Goods, connections: usize) -> Vec<Duration> {
    let all = join_all((0..connections).map(|_| async move {
        let mut took = Vec::new();
        for _ in 0..EACH_ROUND / connections {
            let n = bank::number();
            let body = json!({
                "lines": [{ "product": fruit.slug, "quantity": "1" }],
                "buyer": { "name": "Chị Mua", "phone": format!("09{:08}", 10_000_000 + n) },
                "fulfilment": { "kind": "delivery", "commune_code": COMMUNE, "address": format!("Số {n}") },
                "payment": if n % 2 == 0 { "vietqr" } else { "cod" },
            });
            let visitor = app.visitor();
            let request = visitor.request("POST", "/api/v1/orders").header("content-type", "application/json");
            let request = request.header("Idempotency-Key", format!("bench-{n}")).body(body.to_string());
            let began = Instant::now();
            visitor.send(request).await.is(201);
            took.push(began.elapsed());
        }
        took
    }))
    .await;
    all.into_iter().flatten().collect()
}

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

struct Chance(AtomicU64);

impl Entropy for Chance {
    fn fill(&self, out: &mut [u8]) {
        for byte in out {
            // SplitMix64: any spread will do, the codes are only to differ.
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = u8::try_from((z >> 56) & 0xFF).unwrap_or(0);
        }
    }
}

/// Copies of one order that has expired, with purchase, delivery, line, hold and history, under ids and codes of their own.
async fn fill(app: &TestApp, db: &TestDb, fruit: &Goods, more: usize) {
    let model = bank::order(&app.kit, &[(fruit, "1")]).await;
    app.clock.advance_s(3_600);
    assert!(ending::expire_order(&app.kit, &model.id).await.expect("expired"));
    let purchase = bank::look(&app.kit, &model.id).await.order.purchase_id;
    let conn = &mut db.bare();
    conn.batch_execute("CREATE TABLE bench_copy (n BIGINT PRIMARY KEY, id TEXT, order_code TEXT, purchase_code TEXT)")
        .expect("a table");
    let (chance, mut seen) = (Chance(AtomicU64::new(7)), HashSet::new());
    let mut rows = Vec::with_capacity(BATCH);
    let mut n = 0;
    while n < more {
        let (order, bought) = (OrderCode::draw(&chance).to_string(), PurchaseCode::draw(&chance).to_string());
        if !seen.insert(order.clone()) || !seen.insert(bought.clone()) {
            continue;
        }
        n += 1;
        rows.push(format!("({n}, '018f0000-0000-7000-8000-{n:012}', '{order}', '{bought}')"));
        if rows.len() == BATCH || n == more {
            conn.batch_execute(&format!("INSERT INTO bench_copy VALUES {}", rows.join(","))).expect("copies");
            rows.clear();
        }
    }
    let of_order = format!("m.order_id = '{}'", model.id);
    for (table, which) in [
        ("purchase", format!("m.id = '{purchase}'")),
        ("sale_order", format!("m.id = '{}'", model.id)),
        ("order_delivery", of_order.clone()),
        ("order_line", of_order.clone()),
        ("stock_hold", of_order.clone()),
        ("order_move", format!("{of_order} AND m.event = 'expired'")),
    ] {
        let columns = columns_of(conn, db.engine, table);
        let from = columns.iter().map(|column| match (table, column.as_str()) {
            ("purchase", "code") => "c.purchase_code".to_owned(),
            ("sale_order", "code") => "c.order_code".to_owned(),
            ("purchase", "buyer_phone") => "'+849' || substr(c.id, 29, 8)".to_owned(),
            (_, "id" | "order_id" | "purchase_id" | "order_line_id" | "trace_ref") => "c.id".to_owned(),
            ("order_delivery", "address") => "'Số ' || c.n".to_owned(),
            _ => format!("m.{column}"),
        });
        let from = from.collect::<Vec<_>>().join(", ");
        let insert = format!(
            "INSERT INTO {table} ({}) SELECT {from} FROM {table} m, bench_copy c WHERE {which}",
            columns.join(", ")
        );
        conn.batch_execute(&insert).unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    conn.batch_execute("DROP TABLE bench_copy").expect("dropped");
    conn.batch_execute("ANALYZE").expect("counted");
}

fn columns_of(conn: &mut ganh::store::Conn, engine: Engine, table: &str) -> Vec<String> {
    let query = match engine {
        Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        Engine::Postgres => format!(
            "SELECT column_name::text AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
    };
    let columns: Vec<Column> = diesel::sql_query(query).load(conn).expect("columns");
    columns.into_iter().map(|column| column.name).collect()
}
