//! The door to the database: `read`, `report` and `write`, and nothing else lets a service in. Writes on the embedded
//! engine go through one writer that commits together; on a server each is a pooled transaction with bounded retries.
//! No caller can tell. Knows no table.

use super::conn::{self, Conn, ConnectError, Manager, Manners, MigrateError, SchemaState, Target, Use};
use super::error::StoreError;
use super::news::News;
use super::pooled::Connections;
use super::wal::Checkpoints;
use super::writer::{Promise, Writer};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How long a stop waits for reads and writes under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the database is reached.
#[derive(Clone)]
pub struct DbSettings {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// A copy of a server that follows it, for reports.
    pub replica_url: Option<String>,
    /// Connections at most: readers on the embedded engine, all of them on a server.
    pub pool_size: u32,
    /// Writes that may wait for the embedded engine's writer.
    pub queue_size: usize,
    pub statement_timeout_ms: u32,
    pub lock_timeout_ms: u32,
    /// A database in the making, which is begun anew if the power fails: nothing waits for the disk. Embedded engine only.
    pub is_scratch: bool,
}

impl DbSettings {
    /// The usual settings for an address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            replica_url: None,
            pool_size: 8,
            queue_size: 1_024,
            statement_timeout_ms: 15_000,
            lock_timeout_ms: 5_000,
            is_scratch: false,
        }
    }

    /// Where the database is.
    ///
    /// # Errors
    /// When the address names no engine.
    pub fn target(&self) -> Result<Target, ConnectError> {
        self.url.parse()
    }

    fn manner(&self, target: Target, purpose: Use) -> Manager {
        let Self { statement_timeout_ms, lock_timeout_ms, .. } = *self;
        Manager::new(target, purpose, Manners { statement_timeout_ms, lock_timeout_ms })
    }
}

/// Addresses hold passwords.
impl std::fmt::Debug for DbSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DbSettings").field("pool_size", &self.pool_size).finish_non_exhaustive()
    }
}

/// The database, shared by all who use it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    /// For migrating, which neither pool nor writer does.
    manager: Manager,
    pool: Connections,
    replica: Option<Connections>,
    /// None on a server, where the pool writes.
    writer: Option<Writer>,
    checkpoints: Option<Checkpoints>,
    news: Arc<News>,
    is_scratch: bool,
}

impl Db {
    /// Opens the database and checks that it answers. Runs no migration.
    ///
    /// # Errors
    /// In clear words when the address names no engine, or in the engine's own when it does not answer.
    pub fn open(settings: &DbSettings) -> Result<Self, StoreError> {
        let target = settings.target()?;
        let is_scratch = settings.is_scratch;
        let news = Arc::new(News::new());
        let manager = settings.manner(target.clone(), Use::Write);
        let (writer, pool) = match &target {
            Target::File(_) => {
                let (purpose, promise) =
                    if settings.is_scratch { (Use::Scratch, Promise::Scratch) } else { (Use::Write, Promise::Kept) };
                let manager = settings.manner(target.clone(), purpose);
                let writer = Writer::start(manager, settings.queue_size, promise, Arc::clone(&news))?;
                (Some(writer), settings.manner(target.clone(), Use::Read))
            }
            Target::Server(_) => (None, manager.clone()),
        };
        let pool = Connections::open(pool, settings.pool_size)?;
        let replica = match &settings.replica_url {
            Some(url) => Some(Connections::open(settings.manner(url.parse()?, Use::Read), settings.pool_size)?),
            None => None,
        };
        let checkpoints = Checkpoints::start(settings.manner(target, Use::Checkpoint)).map_err(StoreError::broken)?;
        Ok(Self { inner: Arc::new(Inner { manager, pool, replica, writer, checkpoints, news, is_scratch }) })
    }

    /// Reads one snapshot, in which everything acknowledged before the call is seen.
    ///
    /// # Errors
    /// What `work` returns; `Busy` when no connection could be had in time.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writer {
            // Nobody else sees what a database in the making has not committed yet.
            Some(writer) if self.inner.is_scratch => {
                let work = Mutex::new(Some(work));
                let once = move |conn: &mut Conn| {
                    let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
                    work.map_or_else(|| Err(StoreError::Busy.into()), |work| work(conn))
                };
                writer.write(once).await
            }
            _ => self.inner.pool.read(work).await,
        }
    }

    /// Like `read`, but may be seconds old: for reports, open data, the board and feeds, which say "as of".
    ///
    /// # Errors
    /// As `read`.
    pub async fn report<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.replica.as_ref().unwrap_or(&self.inner.pool).read(work).await
    }

    /// One transaction, durable when this answers Ok. `work` may run more than once: it makes no id, reads no clock and
    /// touches nothing but the database.
    ///
    /// # Errors
    /// What `work` returns, with nothing of it kept; `Busy` when others were in the way too often, the queue is full,
    /// the disk is, or the program is stopping.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Conn) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writer {
            Some(writer) => writer.write(work).await,
            None => self.inner.pool.write(Arc::clone(&self.inner.news), work).await,
        }
    }

    /// The number under which public pages of this process are cached. A process that has shown an answer never again
    /// shows a page from before it.
    pub fn generation(&self) -> u64 {
        self.inner.news.generation()
    }

    /// Says whenever the generation has risen.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.news.follow()
    }

    /// Raises the generation for what another process has changed, as the feed tells.
    pub fn raise_generation(&self) {
        self.inner.news.raise();
    }

    /// Finishes what is queued and under way, then gives nothing out any more.
    pub async fn close(&self) {
        let inner = Arc::clone(&self.inner);
        let _ = tokio::task::spawn_blocking(move || {
            if let Some(writer) = &inner.writer {
                writer.close();
            }
        })
        .await;
        self.inner.pool.close(PATIENCE).await;
        if let Some(replica) = &self.inner.replica {
            replica.close(PATIENCE).await;
        }
        let inner = Arc::clone(&self.inner);
        let _ = tokio::task::spawn_blocking(move || {
            if let Some(checkpoints) = &inner.checkpoints {
                checkpoints.close();
            }
        })
        .await;
    }

    /// Whether a database in the making has lost something that it had answered with success: it must be begun anew. Asked after
    /// `close`; never so of any other.
    pub fn has_lost(&self) -> bool {
        self.inner.writer.as_ref().is_some_and(Writer::has_lost)
    }

    /// Runs the migrations that are missing and returns how many; one runner at a time.
    ///
    /// # Errors
    /// When the database is newer than this program, or one fails.
    pub async fn migrate(&self) -> Result<usize, MigrateError> {
        self.schema_work(conn::migrate).await
    }

    /// Takes every migration back: for tests.
    ///
    /// # Errors
    /// When one cannot be taken back.
    pub async fn revert_all(&self) -> Result<usize, MigrateError> {
        self.schema_work(conn::revert_all).await
    }

    /// Where the schema stands beside what this program wants.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn schema_state(&self) -> Result<SchemaState, MigrateError> {
        self.schema_work(|manager| conn::schema_state(&mut manager.open()?)).await
    }

    async fn schema_work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Manager) -> Result<T, MigrateError> + Send + 'static,
    ) -> Result<T, MigrateError> {
        let manager = self.inner.manager.clone();
        tokio::task::spawn_blocking(move || work(&manager))
            .await
            .unwrap_or_else(|stopped| Err(MigrateError::Failed(stopped.to_string())))
    }
}
