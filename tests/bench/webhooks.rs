//! Bank webhooks over HTTP, each paying an order and durable when answered, beside the engine's own commits of one small row in the
//! same run. `GANH_TEST_POSTGRES` names a server to measure too; say with what `fsync` it runs.

use crate::kit::app::TestApp;
use crate::kit::bank::{Coop, Goods, Movement, Placed, checkout, coop, goods, orders, tell};
use crate::kit::{TestDb, run as block_on};
use crate::{median, per_second};
use diesel::prelude::*;
use futures_util::future::join_all;
use ganh::store::schema::market_info;
use ganh::store::{Db, StoreResult};
use std::time::Instant;

const ROUNDS: usize = 5;
const CONNECTIONS: [usize; 3] = [1, 8, 64];
const EACH_ROUND: usize = 128;

pub fn run() {
    block_on(measure("embedded", &TestDb::on_sqlite()));
    if std::env::var_os("GANH_TEST_POSTGRES").is_some()
        && let Some(db) = TestDb::on_postgres("bench")
    {
        let fsync = setting(&db);
        block_on(measure(&format!("server, fsync {fsync}"), &db));
    }
}

#[derive(diesel::QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    fsync: String,
}

pub fn setting(db: &TestDb) -> String {
    let shown = diesel::sql_query("SELECT current_setting('fsync') AS fsync").get_result::<Setting>(&mut db.bare());
    shown.expect("a setting").fsync
}

async fn measure(engine: &str, db: &TestDb) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 1_000_000).await;
    println!(
        "webhooks on the {engine} engine, medians of {ROUNDS} interleaved rounds, a second, each durable when answered:"
    );
    let mut rates = CONNECTIONS.map(|_| (Vec::new(), Vec::new()));
    for round in 0..ROUNDS {
        for (connections, (webhooks, commits)) in CONNECTIONS.into_iter().zip(&mut rates) {
            webhooks.push(webhooks_per_second(&app, &coop, &fruit, connections).await);
            commits.push(commits_per_second(&app.kit.db, connections, round).await);
        }
    }
    for (connections, (webhooks, commits)) in CONNECTIONS.into_iter().zip(rates) {
        let (webhooks, commits) = (median(webhooks), median(commits));
        println!(
            "  {connections:>2} connections  webhooks {webhooks:>6.0}   commits of one row {commits:>6.0}   ratio {:.2}",
            webhooks / commits
        );
    }
    app.stop().await;
}

async fn webhooks_per_second(app: &TestApp, coop: &Coop, fruit: &Goods, connections: usize) -> f64 {
    let mut waiting: Vec<Placed> = Vec::new();
    for _ in 0..EACH_ROUND {
        waiting.extend(orders(&app.kit, &checkout(&[(fruit, "1")])).await);
    }
    let began = Instant::now();
    join_all(waiting.chunks(EACH_ROUND / connections).map(|mine| async move {
        for order in mine {
            tell(app, coop, &Movement::paying(coop, order)).await.is(200);
        }
    }))
    .await;
    per_second(EACH_ROUND, began.elapsed())
}

pub async fn commits_per_second(db: &Db, connections: usize, round: usize) -> f64 {
    let began = Instant::now();
    join_all((0..connections).map(|caller| async move {
        for n in 0..EACH_ROUND / connections {
            let name = format!("bench-{connections}-{round}-{caller}-{n}");
            let put = move |conn: &mut ganh::store::Conn| -> StoreResult<()> {
                let row = (market_info::name.eq(&name), market_info::value.eq("one small row"));
                diesel::insert_into(market_info::table).values(row).execute(conn)?;
                Ok(())
            };
            db.write(put).await.expect("a write");
        }
    }))
    .await;
    per_second(EACH_ROUND, began.elapsed())
}
