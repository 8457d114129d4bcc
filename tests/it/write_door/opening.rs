//! Opening a database: addresses, missing folders, servers that are down, a second server process, two that migrate.

use super::plain_write;
use crate::kit::{self, TestDb};
use ganh::store::{Db, DbSettings, StoreError, conn};
use std::sync::{Arc, Barrier};

#[test]
fn an_address_without_a_known_scheme_is_refused() {
    for address in [
        "host=localhost dbname=x",
        "postgres:x",
        "ganh.db",
        "mysql://x",
        "sqlite:",
        "sqlite://",
        "sqlite://:memory:",
        "",
    ] {
        assert!(Db::open(&DbSettings::new(address)).is_err(), "{address}");
        assert!(!std::path::Path::new(address).exists());
    }
}

fn words_of(error: Option<StoreError>) -> String {
    match error {
        Some(StoreError::Broken(source)) => source.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_folder_is_said_and_a_missing_file_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = format!("sqlite://{}/not/there.db", folder.path().display());
    assert!(words_of(Db::open(&DbSettings::new(missing)).err()).contains("does not exist"));
    let fresh = folder.path().join("fresh.db");
    kit::run(async {
        let db = Db::open(&DbSettings::new(format!("sqlite://{}", fresh.display()))).expect("a door");
        assert!(matches!(db.schema_state().await.expect("a state"), conn::SchemaState::Older(_)));
        db.migrate().await.expect("migrations");
        assert_eq!(db.schema_state().await.expect("a state"), conn::SchemaState::UpToDate);
        plain_write(&db, "first").await;
    });
}

#[test]
fn a_server_that_is_down_is_reported_in_its_own_words() {
    let words = words_of(Db::open(&DbSettings::new("postgres://nobody:secret@127.0.0.1:1/none")).err());
    assert!(words.contains("Connection refused"), "{words}");
    assert!(!words.contains("secret"), "{words}");
}

#[test]
fn a_second_serve_on_one_file_is_refused() {
    let test = TestDb::on_sqlite();
    let target = DbSettings::new(&test.url).target().expect("an address");
    let first = ganh::store::lock::ServeLock::take(&target).expect("the first serves");
    assert!(ganh::store::lock::ServeLock::take(&target).is_err());
    drop(first);
    ganh::store::lock::ServeLock::take(&target).expect("the lock goes with its holder");
}

#[test]
fn two_migrate_at_once_and_each_step_runs_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/fresh.db", folder.path().display());
    let ready = Arc::new(Barrier::new(2));
    let runs: Vec<usize> = (0..2)
        .map(|_| {
            let (url, ready) = (url.clone(), Arc::clone(&ready));
            std::thread::spawn(move || {
                let db = Db::open(&DbSettings::new(url)).expect("a door");
                ready.wait();
                kit::run(async { db.migrate().await.expect("migrations") })
            })
        })
        .collect::<Vec<_>>()
        .into_iter()
        .map(|thread| thread.join().expect("a thread"))
        .collect();
    assert_eq!(runs.iter().filter(|ran| **ran == 0).count(), 1, "{runs:?}");
}
