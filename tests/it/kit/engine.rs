//! A database for one test: a copy of a migrated template, thrown away afterwards. The embedded engine is always there;
//! a server when `GANH_TEST_POSTGRES` gives the address of a database on it in which others may be made.

use diesel::connection::SimpleConnection;
use ganh::store::conn::{self, Conn, Manager, Manners, Target, Use};
use ganh::store::{Db, DbSettings};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const MANNERS: Manners = Manners { statement_timeout_ms: 60_000, lock_timeout_ms: 30_000 };
/// Serialises the making of databases across test processes: copying a template needs it unused.
const MAKING: i64 = 7_107_105_116;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A fresh database, open.
pub struct TestDb {
    pub db: Db,
    pub engine: Engine,
    /// Its address, for opening it once more.
    pub url: String,
    trash: Trash,
}

enum Trash {
    Folder(tempfile::TempDir),
    Database { maintenance: String, name: String },
}

impl std::ops::Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl TestDb {
    pub fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("ganh.db");
        std::fs::copy(sqlite_template(), &path).expect("a copy of the template");
        let url = format!("sqlite://{}", path.display());
        Self::opened(Engine::Sqlite, url, Trash::Folder(folder))
    }

    /// None, having said so, when there is no server to test on; in CI that is a failure.
    pub fn on_postgres(test: &str) -> Option<Self> {
        let Ok(maintenance) = std::env::var("GANH_TEST_POSTGRES") else {
            assert!(std::env::var("CI").is_err(), "CI must give GANH_TEST_POSTGRES");
            // Past the test harness, which would swallow it.
            let _ = writeln!(std::io::stderr(), "SKIPPED {test}: GANH_TEST_POSTGRES is not set");
            return None;
        };
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("ganh_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let template = postgres_template(&maintenance);
        make_database(&maintenance, &name, template);
        let url = with_database(&maintenance, &name);
        Some(Self::opened(Engine::Postgres, url, Trash::Database { maintenance, name }))
    }

    /// One more of the same engine, as fresh as this one was.
    pub fn another(&self) -> Self {
        match self.engine {
            Engine::Sqlite => Self::on_sqlite(),
            Engine::Postgres => Self::on_postgres("another").expect("the server of this one"),
        }
    }

    fn opened(engine: Engine, url: String, trash: Trash) -> Self {
        let db = Db::open(&settings(&url)).expect("the fresh database opens");
        Self { db, engine, url, trash }
    }

    /// A second, independent door to the same database, as another process would have.
    pub fn another_door(&self) -> Db {
        Db::open(&settings(&self.url)).expect("the database opens once more")
    }

    /// A bare connection beside every door.
    pub fn bare(&self) -> Conn {
        bare(&self.url)
    }
}

fn settings(url: &str) -> DbSettings {
    DbSettings { pool_size: 10, ..DbSettings::new(url) }
}

pub fn bare(url: &str) -> Conn {
    let target: Target = url.parse().expect("an address");
    Manager::new(target, Use::Write, MANNERS).open().expect("a bare connection")
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Trash::Database { maintenance, name } = &self.trash {
            let dropped = Manager::new(maintenance.parse().expect("an address"), Use::Write, MANNERS)
                .open()
                .map(|mut conn| conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            if !matches!(dropped, Ok(Ok(()))) {
                let _ = writeln!(std::io::stderr(), "the test database {name} could not be dropped");
            }
        }
        if let Trash::Folder(folder) = &self.trash {
            let _ = std::fs::remove_dir_all(folder.path());
        }
    }
}

/// A migrated file, made once a process.
fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(PathBuf, tempfile::TempDir)> = OnceLock::new();
    let (path, _folder) = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder for the template");
        let path = folder.path().join("template.db");
        let manager = Manager::new(Target::File(path.clone()), Use::Write, MANNERS);
        conn::migrate(&manager).expect("the template migrates");
        let mut conn = manager.open().expect("the template opens");
        conn::checkpoint(&mut conn, true).expect("the template lies in one file");
        (path, folder)
    });
    path
}

/// A migrated database on the server, named by what its migrations say, so that one serves every run of one schema.
fn postgres_template(maintenance: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("ganh_template_{:016x}", migrations_hash());
        let mut keeper = bare(maintenance);
        keeper.batch_execute(&format!("SELECT pg_advisory_lock({MAKING})")).expect("the lock");
        let url = with_database(maintenance, &name);
        let whole = Manager::new(url.parse().expect("an address"), Use::Write, MANNERS)
            .open()
            .is_ok_and(|mut conn| matches!(conn::schema_state(&mut conn), Ok(conn::SchemaState::UpToDate)));
        if !whole {
            keeper.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).expect("no half template");
            keeper.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).expect("a template");
            let manager = Manager::new(url.parse().expect("an address"), Use::Write, MANNERS);
            conn::migrate(&manager).expect("the template migrates");
        }
        name
    })
}

fn migrations_hash() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in std::fs::read_dir("migrations/postgres").expect("the migrations") {
        let folder = folder.expect("a migration").path();
        files.extend(std::fs::read_dir(folder).expect("a migration's files").map(|file| file.expect("a file").path()));
    }
    files.sort();
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(&file).expect("a migration's text").hash(&mut hasher);
    }
    hasher.finish()
}

fn make_database(maintenance: &str, name: &str, template: &str) {
    let mut conn = bare(maintenance);
    conn.batch_execute(&format!("SELECT pg_advisory_lock({MAKING})")).expect("the lock");
    conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a copy of the template");
}

/// The same address with another database in it.
fn with_database(address: &str, name: &str) -> String {
    let (before, query) = address.split_once('?').map_or((address, None), |(before, query)| (before, Some(query)));
    let host = before.rfind('/').map_or(before, |slash| &before[..slash]);
    query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}
