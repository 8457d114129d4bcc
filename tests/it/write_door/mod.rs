//! The write door's promises: a panic, an error, a full or failing disk and a crowd each leave exactly what was answered.

mod disk;
mod opening;

use crate::kit::{self, Engine, TestDb};
use crate::on_both_engines;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use ganh::domain::time::At;
use ganh::store::schema::{lot, market_info};
use ganh::store::{Conn, Db, DbSettings, StoreError, StoreResult, change, conn};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};

fn put(conn: &mut Conn, name: &str, value: &str) -> StoreResult<()> {
    diesel::insert_into(market_info::table)
        .values((market_info::name.eq(name), market_info::value.eq(value)))
        .execute(conn)?;
    Ok(())
}

async fn names(db: &Db) -> Vec<String> {
    db.read(|conn| {
        Ok::<_, StoreError>(market_info::table.select(market_info::name).order(market_info::name).load(conn)?)
    })
    .await
    .expect("a read")
}

async fn plain_write(db: &Db, name: &'static str) {
    db.write(move |conn| put(conn, name, "")).await.expect("the door still writes");
}

on_both_engines! {
    async fn a_panic_undoes_only_its_own_write(db: TestDb) {
        plain_write(db, "before").await;
        let panicked: StoreResult<()> = db.write(|conn| {
            put(conn, "lost", "")?;
            panic!("meant to")
        }).await;
        assert!(matches!(panicked, Err(StoreError::Broken(_))), "{panicked:?}");
        plain_write(db, "after").await;
        assert_eq!(names(db).await, ["after", "before"]);
        assert_eq!(names(&db.another_door()).await, ["after", "before"]);
    }

    async fn a_panic_inside_a_nested_transaction_keeps_nothing_and_hides_nothing(db: TestDb) {
        #[expect(clippy::disallowed_methods, reason = "this is the trap that the door must survive")]
        let panicked: StoreResult<()> = db.write(|conn| {
            put(conn, "lost outside", "")?;
            conn.transaction(|conn| {
                put(conn, "lost inside", "")?;
                conn.transaction::<(), StoreError, _>(|_| panic!("meant to"))
            })
        }).await;
        assert!(matches!(panicked, Err(StoreError::Broken(_))), "{panicked:?}");
        // Were the depth wrong now, this would be acknowledged and lie in no file.
        plain_write(db, "after").await;
        assert_eq!(names(&db.another_door()).await, ["after"]);
    }

    async fn a_panic_that_a_closure_swallows_is_no_success(db: TestDb) {
        #[expect(clippy::disallowed_methods, reason = "this is the trap that the door must survive")]
        let answer: StoreResult<()> = db.write(|conn| {
            put(conn, "outside", "")?;
            let inner = std::panic::AssertUnwindSafe(|| {
                conn.transaction::<(), StoreError, _>(|conn| {
                    put(conn, "inside", "")?;
                    panic!("meant to")
                })
            });
            assert!(std::panic::catch_unwind(inner).is_err());
            Ok(())
        }).await;
        assert!(answer.is_err(), "a savepoint stood open");
        plain_write(db, "after").await;
        assert_eq!(names(&db.another_door()).await, ["after"]);
    }

    async fn a_taken_key_is_a_conflict_and_the_door_stays_open(db: TestDb) {
        plain_write(db, "taken").await;
        let refused = db.write(|conn| {
            put(conn, "lost", "")?;
            put(conn, "taken", "")
        }).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        plain_write(db, "after").await;
        assert_eq!(names(db).await, ["after", "taken"]);
    }

    async fn an_error_after_a_write_takes_the_write_back(db: TestDb) {
        let refused: StoreResult<()> = db.write(|conn| {
            put(conn, "lost", "")?;
            Err(StoreError::NotFound)
        }).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        assert!(names(db).await.is_empty());
    }

    async fn a_closure_that_hides_a_failed_statement_is_told_the_truth(db: TestDb) {
        plain_write(db, "taken").await;
        let answer: StoreResult<()> = db.write(|conn| {
            put(conn, "new", "")?;
            let _hidden = put(conn, "taken", "");
            Ok(())
        }).await;
        // A server has given the whole transaction up by then; the embedded engine only the statement.
        assert_eq!(answer.is_ok(), names(db).await.contains(&"new".to_owned()), "{answer:?}");
        plain_write(db, "after").await;
    }

    async fn sixty_four_callers_are_answered_only_for_what_is_kept(db: TestDb) {
        let elsewhere = Arc::new(Mutex::new(db.bare()));
        let mut callers = Vec::new();
        for caller in 0..64 {
            let (door, elsewhere) = (db.db.clone(), Arc::clone(&elsewhere));
            callers.push(actix_web::rt::spawn(async move {
                for round in 0..5 {
                    let name = format!("{caller:02}-{round}");
                    let written = name.clone();
                    door.write(move |conn| put(conn, &written, "")).await.expect("a write");
                    // Another session sees it: it was committed before the answer.
                    let found: i64 = market_info::table
                        .filter(market_info::name.eq(&name))
                        .count()
                        .get_result(&mut *elsewhere.lock().expect("a connection"))
                        .expect("a count");
                    assert_eq!(found, 1, "{name} was answered before it was there");
                }
            }));
        }
        for caller in callers {
            caller.await.expect("a caller");
        }
        db.close().await;
        assert_eq!(names(&db.another_door()).await.len(), 64 * 5);
    }

    async fn the_generation_rises_before_the_caller_is_answered(db: TestDb) {
        let before = db.generation();
        plain_write(db, "of no interest to the public").await;
        assert_eq!(db.generation(), before);
        let refused: StoreResult<()> = db.write(|conn| {
            change::insert(conn, "product", "p", At::from_unix_seconds(1))?;
            Err(StoreError::Conflict)
        }).await;
        assert!(refused.is_err());
        assert_eq!(db.generation(), before, "nothing was committed");
        let mut follower = db.changes();
        follower.mark_unchanged();
        db.write(|conn| change::insert(conn, "product", "p", At::from_unix_seconds(1))).await.expect("a write");
        assert_eq!(db.generation(), before + 1);
        assert!(follower.has_changed().expect("the door stands"));
    }

    async fn a_read_sees_one_moment(db: TestDb) {
        plain_write(db, "first").await;
        let (looked, has_looked) = mpsc::channel();
        let (wrote, has_written) = mpsc::channel();
        let door = db.db.clone();
        let reading = actix_web::rt::spawn(async move {
            door.read(move |conn| {
                let before: i64 = market_info::table.count().get_result(conn)?;
                looked.send(()).expect("somebody waits");
                has_written.recv().expect("the write is through");
                let after: i64 = market_info::table.count().get_result(conn)?;
                Ok::<_, StoreError>((before, after))
            }).await
        });
        tokio::task::spawn_blocking(move || has_looked.recv()).await.expect("a thread").expect("a look");
        plain_write(db, "second").await;
        wrote.send(()).expect("the reader waits");
        assert_eq!(reading.await.expect("a task").expect("a read"), (1, 1));
        assert_eq!(names(db).await.len(), 2);
    }

    async fn a_read_cannot_write(db: TestDb) {
        let refused = db.read(|conn| put(conn, "no", "")).await;
        assert!(refused.is_err());
        plain_write(db, "yes").await;
        assert_eq!(names(db).await, ["yes"]);
    }

    async fn a_stop_finishes_what_is_queued_and_takes_nothing_more(db: TestDb) {
        let mut callers = Vec::new();
        for n in 0..20 {
            let door = db.db.clone();
            callers.push(actix_web::rt::spawn(async move { door.write(move |conn| put(conn, &n.to_string(), "")).await }));
        }
        tokio::task::yield_now().await;
        db.close().await;
        let mut kept = 0;
        for caller in callers {
            kept += usize::from(caller.await.expect("a caller").is_ok());
        }
        assert!(matches!(db.write(|conn| put(conn, "late", "")).await, Err(StoreError::Busy)));
        assert_eq!(names(&db.another_door()).await.len(), kept);
    }

    async fn a_lock_keeps_the_sum_when_eight_take_from_one_lot(db: TestDb) {
        make_lot(&mut db.bare());
        let mut threads = Vec::new();
        for _ in 0..8 {
            let door = db.db.clone();
            threads.push(std::thread::spawn(move || {
                kit::run(async {
                    for _ in 0..200 {
                        door.write(take_one_from_the_lot).await.expect("a write");
                    }
                });
            }));
        }
        for thread in threads {
            thread.join().expect("a thread");
        }
        let left: i64 = lot::table.select(lot::on_hand).first(&mut db.bare()).expect("the lot");
        assert_eq!(left, 2_000 - 8 * 200);
    }

    async fn what_deadlocks_runs_again_until_it_is_through(db: TestDb) {
        plain_write(db, "a").await;
        plain_write(db, "b").await;
        let (begun, holding) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        // On a server each waits until the other holds its first row, so that the second can only be a deadlock.
        let together = if db.engine == Engine::Postgres { 2 } else { 1 };
        let crossing = |first: &'static str, then: &'static str| {
            let (begun, holding) = (Arc::clone(&begun), Arc::clone(&holding));
            db.write(move |conn| {
                begun.fetch_add(1, Ordering::SeqCst);
                diesel::update(market_info::table.find(first)).set(market_info::value.eq(first)).execute(conn)?;
                holding.fetch_add(1, Ordering::SeqCst);
                while holding.load(Ordering::SeqCst) < together {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                diesel::update(market_info::table.find(then)).set(market_info::value.eq(first)).execute(conn)?;
                Ok::<_, StoreError>(())
            })
        };
        let (one, two) = futures_util::future::join(crossing("a", "b"), crossing("b", "a")).await;
        one.expect("the first is through");
        two.expect("the second is through");
        let runs = begun.load(Ordering::SeqCst);
        assert_eq!(runs, 2 + (together - 1), "on a server the one that was chosen ran twice");
    }

    async fn the_feed_passes_over_no_change_that_is_written_late(db: TestDb) {
        let at = At::from_unix_seconds(1);
        db.write(move |conn| change::insert(conn, "product", "1", at)).await.expect("a write");
        let first = feed_until(db, 0, 1).await;
        assert_eq!(first.len(), 1);
        if db.engine == Engine::Postgres {
            let mut slow = db.bare();
            conn::begin_write(&mut slow).expect("a transaction");
            change::insert(&mut slow, "product", "2", at).expect("a slow change");
            db.write(move |conn| change::insert(conn, "product", "3", at)).await.expect("a quick change");
            let cursor = first[0].id;
            let early = db.read(move |conn| change::list_after(conn, cursor, 100)).await.expect("the feed");
            assert!(early.is_empty(), "3 must wait for 2");
            conn::commit(&mut slow).expect("the slow one commits");
            let keys: Vec<_> = feed_until(db, cursor, 2).await.into_iter().map(|row| row.key).collect();
            assert_eq!(keys, ["2", "3"]);
        }
    }
}

/// The feed once it holds so many; transactions of other tests on the same server hold it back for a moment.
async fn feed_until(db: &Db, cursor: i64, wanted: usize) -> Vec<change::Change> {
    let mut rows = Vec::new();
    for _ in 0..500 {
        rows = db.read(move |conn| change::list_after(conn, cursor, 100)).await.expect("the feed");
        if rows.len() >= wanted {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    rows
}

/// Reads what is there, then writes what it makes of it: only right when nobody else does so in between.
fn take_one_from_the_lot(conn: &mut Conn) -> StoreResult<()> {
    let (id, on_hand): (String, i64) = conn::locked(lot::table.select((lot::id, lot::on_hand))).get_result(conn)?;
    diesel::update(lot::table.find(id)).set(lot::on_hand.eq(on_hand - 1)).execute(conn)?;
    Ok(())
}

fn make_lot(conn: &mut Conn) {
    conn.batch_execute(
        "INSERT INTO cooperative (id, slug, kind, legal_name, name, name_key, commune_code, address, phone, about, \
            state, opens_min, closes_min, confirm_within_min, confirms_first, created_at) \
         VALUES ('c', 'c', 'cooperative', 'c', 'c', 'c', '00000', '', '', '', 'open', 0, 1, 60, '0', '2026-01-01 00:00:00');
         INSERT INTO product (id, cooperative_id, slug, name, name_key, also_called, category, base_unit, description, \
            state, charged_by_true_weight, tolerance_bps, tax_treatment, standards, created_at, updated_at) \
         VALUES ('p', 'c', 'p', 'p', 'p', '', 'fruit', 'g', '', 'published', '0', 0, 'unset', '', \
            '2026-01-01 00:00:00', '2026-01-01 00:00:00');
         INSERT INTO lot (id, code, cooperative_id, owner_cooperative_id, product_id, kind, made_on, place, \
            commune_code, state, on_hand, held, created_at) \
         VALUES ('l', 'l', 'c', 'c', 'p', 'harvest', '2026-01-01', '', '00000', 'open', 2000, 0, '2026-01-01 00:00:00');",
    )
    .expect("a lot to take from");
}

/// Holds the writer inside one closure until the returned sender is dropped, so that what is queued meanwhile runs as
/// one batch.
async fn hold_writer(db: &Db) -> (mpsc::Sender<()>, impl std::future::Future<Output = StoreResult<()>>) {
    let (entered, is_in) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let door = db.clone();
    let held = actix_web::rt::spawn(async move {
        door.write(move |_| {
            let _ = entered.send(());
            let _ = released.lock().expect("one at a time").recv_timeout(std::time::Duration::from_secs(20));
            Ok::<_, StoreError>(())
        })
        .await
    });
    tokio::task::spawn_blocking(move || is_in.recv()).await.expect("a thread").expect("the writer is in");
    (release, async move { held.await.expect("a task") })
}

#[test]
fn a_full_queue_answers_at_once() {
    let test = TestDb::on_sqlite();
    kit::run(async {
        let db = Db::open(&DbSettings { queue_size: 2, ..DbSettings::new(&test.url) }).expect("a door");
        let (release, held) = hold_writer(&db).await;
        let mut waiting = Vec::new();
        for n in 0..3 {
            let door = db.clone();
            waiting
                .push(actix_web::rt::spawn(async move { door.write(move |conn| put(conn, &n.to_string(), "")).await }));
            tokio::task::yield_now().await;
        }
        let last = waiting.pop().expect("three").await.expect("a task");
        assert!(matches!(last, Err(StoreError::Busy)), "{last:?}");
        drop(release);
        held.await.expect("the holder");
        for caller in waiting {
            caller.await.expect("a task").expect("a write that was let in");
        }
        assert_eq!(names(&db).await, ["0", "1"]);
    });
}
