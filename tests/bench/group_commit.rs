//! Sixty-four writers through the door of the embedded engine, against one fsync for each write, on one disk in one run.

use crate::{median, per_second};
use diesel::prelude::*;
use ganh::store::conn::{self, Conn, Manager, Manners, Target, Use};
use ganh::store::schema::market_info;
use ganh::store::{Db, DbSettings, StoreResult};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: usize = 7;
const WRITERS: usize = 64;
const WRITES_EACH: usize = 24;
const PLAIN_WRITES: usize = 400;
const MANNERS: Manners = Manners { statement_timeout_ms: 60_000, lock_timeout_ms: 30_000 };

fn put(conn: &mut Conn, name: &str) -> StoreResult<()> {
    diesel::insert_into(market_info::table)
        .values((market_info::name.eq(name), market_info::value.eq("so many letters as a small order has")))
        .execute(conn)?;
    Ok(())
}

fn fresh(folder: &Path, name: &str) -> (Manager, String) {
    let path = folder.join(name);
    let manager = Manager::new(Target::File(path.clone()), Use::Write, MANNERS);
    conn::migrate(&manager).expect("the migrations run");
    (manager, format!("sqlite://{}", path.display()))
}

/// Writes a second, each its own transaction and fsync, one after the other: no number of callers makes it faster.
fn one_by_one(folder: &Path, round: usize) -> f64 {
    let (manager, _) = fresh(folder, &format!("plain{round}.db"));
    let mut conn = manager.open().expect("a connection");
    let began = Instant::now();
    for n in 0..PLAIN_WRITES {
        put(&mut conn, &format!("{n}")).expect("a write");
    }
    per_second(PLAIN_WRITES, began.elapsed())
}

/// Writes a second by `WRITERS` callers at once, and the time each write waited, in milliseconds.
fn together(folder: &Path, round: usize, writers: usize) -> (f64, Vec<f64>) {
    let (_, url) = fresh(folder, &format!("door{writers}-{round}.db"));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let each = if writers == 1 { PLAIN_WRITES } else { WRITES_EACH };
    runtime.block_on(async {
        let db = Db::open(&DbSettings::new(url)).expect("the door opens");
        let ready = Arc::new(tokio::sync::Barrier::new(writers + 1));
        let mut callers = Vec::new();
        for caller in 0..writers {
            let (db, ready) = (db.clone(), Arc::clone(&ready));
            callers.push(tokio::spawn(async move {
                ready.wait().await;
                let mut waits = Vec::with_capacity(each);
                for n in 0..each {
                    let name = format!("{caller}-{n}");
                    let began = Instant::now();
                    db.write(move |conn| put(conn, &name)).await.expect("a write");
                    waits.push(began.elapsed().as_secs_f64() * 1_000.0);
                }
                waits
            }));
        }
        let began = Instant::now();
        ready.wait().await;
        let mut waits = Vec::new();
        for caller in callers {
            waits.extend(caller.await.expect("a caller"));
        }
        let rate = per_second(writers * each, began.elapsed());
        db.close().await;
        (rate, waits)
    })
}

pub fn run() {
    let folder = match std::env::var_os("GANH_BENCH_FOLDER") {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir_in("."),
    }
    .expect("a folder on the disk to measure");
    let (mut plain, mut alone, mut door, mut waits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // Interleaved, so that a disk that slows down slows all of them.
    for round in 0..ROUNDS {
        plain.push(one_by_one(folder.path(), round));
        let (rate, round_waits) = together(folder.path(), round, WRITERS);
        door.push(rate);
        waits.extend(round_waits);
        alone.push(together(folder.path(), round, 1).0);
    }
    waits.sort_by(f64::total_cmp);
    let p99_ms = waits.get(waits.len() * 99 / 100).copied().unwrap_or(f64::NAN);
    let (plain, alone, door) = (median(plain), median(alone), median(door));
    println!("group commit, medians of {ROUNDS} interleaved rounds, writes a second, each durable when answered:");
    println!("  one fsync for each write   {plain:>9.0}");
    println!("  the door, 1 writer         {alone:>9.0}");
    println!(
        "  the door, {WRITERS} writers       {door:>9.0}   waiting p50 {:.1} ms, p99 {p99_ms:.1} ms",
        median(waits)
    );
    println!("  {WRITERS} writers through the door are {:.1} times one fsync for each", door / plain);
}
