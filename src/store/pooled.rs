//! A pool of connections and what is done with one of them: reading a snapshot, and on a server writing with bounded
//! retries. Callers wait for a connection without holding a thread. Knows no table.

use super::conn::{self, Conn, ConnectError, Manager};
use super::error::StoreError;
use super::news::News;
use super::notes;
use crate::failpoint::{self, Failpoint};
use diesel::r2d2::{NopErrorHandler, Pool, PooledConnection};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// How long a caller waits for a free connection.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);
/// How often a write is tried in all.
const MOST_TRIES: u32 = 5;
/// The first pause between tries; each further one is twice as long, and a part of it is uneven.
const FIRST_PAUSE_MS: u64 = 4;
/// Work inside a write above this is logged.
pub const SLOW_WRITE: Duration = Duration::from_millis(50);
/// So is a read above this: on the embedded engine it holds up the checkpoint.
const SLOW_READ: Duration = Duration::from_secs(1);

/// A panic inside a closure.
#[derive(Debug, thiserror::Error)]
#[error("the closure panicked")]
pub struct Panicked;

/// A closure that answered Ok although a statement of it had failed and taken the transaction with it.
#[derive(Debug, thiserror::Error)]
#[error("the transaction had failed, and its closure did not say so")]
pub struct Hushed;

pub struct Connections {
    pool: Pool<Manager>,
    permits: Arc<Semaphore>,
    size: u32,
}

impl Connections {
    /// Opens one connection at once, so that a wrong address is told now and in the engine's words.
    pub fn open(manager: Manager, size: u32) -> Result<Self, ConnectError> {
        drop(manager.open()?);
        let pool = Pool::builder()
            .max_size(size.max(1))
            .min_idle(Some(0))
            .test_on_check_out(true)
            .connection_timeout(WAIT_FOR_CONNECTION)
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(manager);
        let permits = usize::try_from(size.max(1)).unwrap_or(1);
        Ok(Self { pool, permits: Arc::new(Semaphore::new(permits)), size: size.max(1) })
    }

    /// Runs `work` with a connection on a thread that may block.
    async fn with<T, E>(&self, work: impl FnOnce(Held) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let wait = tokio::time::timeout(WAIT_FOR_CONNECTION, Arc::clone(&self.permits).acquire_owned());
        let Ok(Ok(permit)) = wait.await else { return Err(StoreError::Busy.into()) };
        let pool = self.pool.clone();
        let run = tokio::task::spawn_blocking(move || {
            let _held_until_done = permit;
            match pool.get() {
                Ok(conn) => work(conn),
                Err(error) => {
                    tracing::warn!(%error, "no connection to the database");
                    Err(StoreError::Busy.into())
                }
            }
        });
        run.await.unwrap_or_else(|_cancelled| Err(StoreError::broken(Panicked).into()))
    }

    /// One snapshot for the whole of `work`.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.with(move |mut conn| {
            conn::begin_read(&mut conn).map_err(StoreError::from)?;
            let began = Instant::now();
            let done = caught(|| work(&mut conn));
            let elapsed = began.elapsed();
            if elapsed > SLOW_READ {
                tracing::warn!(elapsed_ms = millis(elapsed), "a read held its snapshot for long");
            }
            // A connection left inside a transaction is thrown away by its pool.
            if !matches!(done, Caught::Panicked) {
                let _ = conn::roll_back_to(&mut conn, 0);
            }
            done.into_result()
        })
        .await
    }

    /// A write on a server: once, and again when others were in the way.
    pub async fn write<T, E, F>(&self, news: Arc<News>, work: F) -> Result<T, E>
    where
        F: Fn(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.with(move |mut conn| {
            for tried in 1..=MOST_TRIES {
                match attempt(&mut conn, &work) {
                    Attempt::Done { value, changed } => {
                        if changed {
                            news.raise();
                        }
                        return Ok(value);
                    }
                    Attempt::Failed(error) => return Err(error),
                    Attempt::Again if tried < MOST_TRIES => std::thread::sleep(pause(tried)),
                    Attempt::Again => {}
                }
            }
            tracing::warn!(tries = MOST_TRIES, "a write gave up against others");
            Err(StoreError::Busy.into())
        })
        .await
    }

    /// Waits until nobody holds a connection, at most `patience`, and gives none out after.
    pub async fn close(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.permits.acquire_many(self.size)).await;
        self.permits.close();
    }
}

type Held = PooledConnection<Manager>;

enum Attempt<T, E> {
    Done { value: T, changed: bool },
    Failed(E),
    Again,
}

fn attempt<T, E: From<StoreError>>(conn: &mut Conn, work: &impl Fn(&mut Conn) -> Result<T, E>) -> Attempt<T, E> {
    notes::clear();
    if let Err(error) = conn::begin_write(conn) {
        return Attempt::Failed(StoreError::from(error).into());
    }
    let began = Instant::now();
    let done = caught(|| work(conn));
    log_if_slow(began.elapsed());
    let seen = notes::read();
    let value = match done {
        Caught::Done(Ok(value)) => value,
        Caught::Done(Err(error)) => {
            return match conn::roll_back_to(conn, 0) {
                Ok(()) if seen.retry => Attempt::Again,
                _ => Attempt::Failed(error),
            };
        }
        // Left inside its transaction, the connection is thrown away by the pool, and the server rolls back.
        Caught::Panicked => return Attempt::Failed(StoreError::broken(Panicked).into()),
    };
    let whole = conn::depth(conn).is_ok_and(|depth| depth == 1) && (!seen.failed || conn::is_sound(conn));
    if !whole {
        let rolled_back = conn::roll_back_to(conn, 0);
        return if seen.retry && rolled_back.is_ok() {
            Attempt::Again
        } else {
            Attempt::Failed(StoreError::broken(Hushed).into())
        };
    }
    failpoint::pass(Failpoint::BeforeCommit);
    let committed = conn::commit(conn);
    failpoint::pass(Failpoint::Committed);
    match committed {
        Ok(()) => Attempt::Done { value, changed: seen.changed },
        Err(error) => {
            let retry = conn::trouble(&error) == conn::Trouble::Retry && conn::roll_back_to(conn, 0).is_ok();
            if retry { Attempt::Again } else { Attempt::Failed(StoreError::from(error).into()) }
        }
    }
}

/// What became of a closure.
pub enum Caught<T, E> {
    Done(Result<T, E>),
    Panicked,
}

impl<T, E: From<StoreError>> Caught<T, E> {
    pub fn into_result(self) -> Result<T, E> {
        match self {
            Caught::Done(result) => result,
            Caught::Panicked => Err(StoreError::broken(Panicked).into()),
        }
    }
}

/// Runs `work` and stops a panic. What the panic left of the connection is the caller's to judge, by its depth.
pub fn caught<T, E>(work: impl FnOnce() -> Result<T, E>) -> Caught<T, E> {
    catch_unwind(AssertUnwindSafe(work)).map_or_else(|_panic| Caught::Panicked, Caught::Done)
}

pub fn log_if_slow(elapsed: Duration) {
    if elapsed > SLOW_WRITE {
        tracing::warn!(elapsed_ms = millis(elapsed), "a write took long; others wait for it");
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// The pause after the `tried`th try. Uneven, so that two writes that met do not meet again; a shared counter does
/// for chance, which this floor does not have.
fn pause(tried: u32) -> Duration {
    static TURN: AtomicU64 = AtomicU64::new(0);
    let base_ms = FIRST_PAUSE_MS.saturating_mul(1_u64.checked_shl(tried).unwrap_or(1));
    let mixed = TURN.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17);
    Duration::from_millis(base_ms.saturating_add(mixed.checked_rem(base_ms).unwrap_or(0)))
}
