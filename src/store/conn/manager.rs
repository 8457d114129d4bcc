//! Opens connections: the scheme of the address alone decides the engine, and every session is set up the same way.
//! Never `Conn::establish` on an address: it would quietly make an embedded database file of any text it is given.

use super::connection::Conn;
use super::engine::Engine;
use super::transaction::depth;
use super::trouble::{Trouble, trouble};
use crate::store::notes;
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, QueryableByName, RunQueryDsl};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Versions before this one can lose committed writes when two connections write and checkpoint at once.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// How long a session waits for the embedded engine's write lock, in milliseconds: less than the 5 s that an order waits for
/// another with its key, so that each is told what is true of it.
const WAIT_FOR_LOCK_MS: u32 = 4_000;
/// Pages that a session keeps, in KiB: the one writer keeps what all its indexes touch, each reader what one page asks for.
const WRITE_CACHE_KIB: u32 = 16_384;
const READ_CACHE_KIB: u32 = 8_192;
/// A checkpoint waits less: while it waits, nobody writes.
const CHECKPOINT_WAIT_MS: u32 = 200;
/// What a finished write-ahead log is cut back to, in bytes.
const LOG_KEPT_BYTES: u32 = 64 * 1024 * 1024;
/// Seconds for which a server may leave a new connection unanswered.
const CONNECT_TIMEOUT_S: u32 = 5;

/// Why no connection could be had. Never holds the address, which may hold a password.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConnectError {
    #[error("a database address begins with sqlite:// or postgres://, and this one does not")]
    Scheme,
    #[error("the address after sqlite:// must be the path of a file")]
    Path,
    #[error("the folder {} of the database file does not exist; make it first", .0.display())]
    NoFolder(PathBuf),
    #[error("the database file {} cannot be opened: {because}", .path.display())]
    File { path: PathBuf, because: String },
    #[error("SQLite {0} can lose committed writes; 3.51.3 or newer is needed")]
    OldEngine(String),
    #[error("the database does not answer: {0}")]
    Unreachable(String),
    #[error("the session could not be set up: {0}")]
    Session(String),
}

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// The file of the embedded engine.
    File(PathBuf),
    /// The whole address of a server, password and all.
    Server(String),
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::File(path) => write!(f, "File({})", path.display()),
            Target::Server(_) => f.write_str("Server(***)"),
        }
    }
}

impl FromStr for Target {
    type Err = ConnectError;
    fn from_str(address: &str) -> Result<Self, ConnectError> {
        if let Some(path) = address.strip_prefix("sqlite://") {
            // `:memory:` would be another database for each connection, `file:` another language for the path.
            if path.is_empty() || path.starts_with(':') || path.starts_with("file:") || path.contains(['\0', '?']) {
                return Err(ConnectError::Path);
            }
            return Ok(Target::File(PathBuf::from(path)));
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Ok(Target::Server(address.to_owned()));
        }
        Err(ConnectError::Scheme)
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Write,
    /// Writing what may be lost whole: a database in the making.
    Scratch,
    Read,
    Checkpoint,
}

/// Limits that a server keeps for each session, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manners {
    pub statement_timeout_ms: u32,
    pub lock_timeout_ms: u32,
}

/// Makes and checks the connections of one pool.
#[derive(Debug, Clone)]
pub struct Manager {
    target: Target,
    purpose: Use,
    manners: Manners,
}

impl Manager {
    pub fn new(target: Target, purpose: Use, manners: Manners) -> Self {
        Self { target, purpose, manners }
    }

    /// Where its connections lead.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// One new connection, session set up.
    ///
    /// # Errors
    /// In the engine's own words when it refuses.
    pub fn open(&self) -> Result<Conn, ConnectError> {
        let mut conn = match &self.target {
            Target::File(path) => open_file(path, self.purpose)?,
            Target::Server(address) => open_server(address, self.manners)?,
        };
        conn.set_instrumentation(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event {
                let trouble = trouble(error);
                notes::failed(trouble == Trouble::Retry, trouble.ends_everything());
            }
        });
        Ok(conn)
    }
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = ConnectError;

    fn connect(&self) -> Result<Conn, ConnectError> {
        self.open()
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), ConnectError> {
        match &mut conn.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(inner) => inner.ping().map_err(|error| ConnectError::Unreachable(error.to_string())),
        }
    }

    /// A connection that comes back inside a transaction was left there by a panic or an error: nobody gets it again.
    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || depth(conn).map_or(true, |depth| depth > 0)
    }
}

fn session<E: ToString>(error: E) -> ConnectError {
    ConnectError::Session(error.to_string())
}

fn open_file(path: &Path, purpose: Use) -> Result<Conn, ConnectError> {
    make_file(path)?;
    let text = path.to_str().ok_or(ConnectError::Path)?;
    let mut conn = SqliteConnection::establish(text)
        .map_err(|error| ConnectError::File { path: path.to_owned(), because: error.to_string() })?;
    let wait_ms = if purpose == Use::Checkpoint { CHECKPOINT_WAIT_MS } else { WAIT_FOR_LOCK_MS };
    // The waiting comes first: the statements after it may meet another session's lock.
    conn.batch_execute(&format!("PRAGMA busy_timeout = {wait_ms};")).map_err(session)?;
    check_version(&mut conn)?;
    // FULL: with NORMAL a power cut loses every commit since the last checkpoint.
    let synchronous = if purpose == Use::Scratch { "OFF" } else { "FULL" };
    let cache_kib = if matches!(purpose, Use::Read | Use::Checkpoint) { READ_CACHE_KIB } else { WRITE_CACHE_KIB };
    // In memory: what a savepoint would put back. In a file it is a system call for every page that a closure touches.
    conn.batch_execute(&format!("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{cache_kib};")).map_err(session)?;
    conn.batch_execute(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON;
         PRAGMA journal_size_limit = {LOG_KEPT_BYTES}; PRAGMA wal_autocheckpoint = 0;"
    ))
    .map_err(session)?;
    if purpose == Use::Read {
        conn.batch_execute("PRAGMA query_only = ON;").map_err(session)?;
    }
    Ok(Conn::new(Engine::Sqlite(conn)))
}

/// Makes the file for its owner alone, since it holds people's data; its folder must be there.
fn make_file(path: &Path) -> Result<(), ConnectError> {
    use std::os::unix::fs::OpenOptionsExt;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(ConnectError::NoFolder(folder.to_owned()));
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_made) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(ConnectError::File { path: path.to_owned(), because: error.to_string() }),
    }
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

fn check_version(conn: &mut SqliteConnection) -> Result<(), ConnectError> {
    let Version { version } =
        diesel::sql_query("SELECT sqlite_version() AS version").get_result(conn).map_err(session)?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE { Err(ConnectError::OldEngine(version)) } else { Ok(()) }
}

fn open_server(address: &str, manners: Manners) -> Result<Conn, ConnectError> {
    let mut patient = address.to_owned();
    if !address.contains("connect_timeout=") {
        patient.push(if address.contains('?') { '&' } else { '?' });
        patient.push_str(&format!("connect_timeout={CONNECT_TIMEOUT_S}"));
    }
    let mut conn = PgConnection::establish(&patient).map_err(|error| ConnectError::Unreachable(error.to_string()))?;
    let Manners { statement_timeout_ms, lock_timeout_ms } = manners;
    conn.batch_execute(&format!(
        "SET client_min_messages = warning; SET TIME ZONE 'UTC'; SET application_name = 'ganh';
         SET statement_timeout = {statement_timeout_ms}; SET lock_timeout = {lock_timeout_ms};
         SET idle_in_transaction_session_timeout = {statement_timeout_ms};
         SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;"
    ))
    .map_err(session)?;
    // Deadlocks come without a kind and are known by their words. Only some roles may set the language of messages;
    // a refusal leaves the server's own, which is English unless its keeper chose another.
    let _ = conn.batch_execute("SET lc_messages = 'C'");
    Ok(Conn::new(Engine::Postgres(conn)))
}
