//! Transactions by the transaction manager's own calls, so that its depth stays true through panics, which it does
//! not when they cross `Connection::transaction`. Knows no table.

use super::connection::Conn;
use super::engine::Engine;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, QueryResult};

type Transactions = <Conn as Connection>::TransactionManager;

/// Begins a write. The embedded engine takes its write lock at once, since a lock that is raised later fails instead of
/// waiting.
///
/// # Errors
/// When a transaction is open already, or the lock could not be had in time.
pub fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE"),
        Engine::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL READ COMMITTED")
        }
    }
}

/// Begins a read of one snapshot.
///
/// # Errors
/// When a transaction is open already.
pub fn begin_read(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN"),
        Engine::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
    }
}

/// Begins a savepoint inside an open transaction.
///
/// # Errors
/// When the engine refuses, for one because the transaction is gone.
pub fn begin_savepoint(conn: &mut Conn) -> QueryResult<()> {
    Transactions::begin_transaction(conn)
}

/// Commits the innermost level: releases a savepoint or ends the transaction.
///
/// # Errors
/// When the engine refuses; nothing may then be taken as written.
pub fn commit(conn: &mut Conn) -> QueryResult<()> {
    Transactions::commit_transaction(conn)
}

/// Rolls the innermost level back.
///
/// # Errors
/// When the engine refuses; the connection is then good for nothing.
pub fn roll_back(conn: &mut Conn) -> QueryResult<()> {
    Transactions::rollback_transaction(conn)
}

/// How many levels deep the connection stands; 0 is outside of any transaction.
///
/// # Errors
/// When the transaction manager has lost count.
pub fn depth(conn: &mut Conn) -> QueryResult<u32> {
    let status = Transactions::transaction_manager_status_mut(conn);
    Ok(status.transaction_depth()?.map_or(0, std::num::NonZeroU32::get))
}

/// Rolls back level by level until the connection stands at `wanted` again.
///
/// # Errors
/// When a level cannot be rolled back or the depth is below `wanted` already: the transaction is lost.
pub fn roll_back_to(conn: &mut Conn, wanted: u32) -> QueryResult<()> {
    loop {
        let now = depth(conn)?;
        if now == wanted {
            return Ok(());
        }
        if now < wanted {
            return Err(diesel::result::Error::NotInTransaction);
        }
        roll_back(conn)?;
    }
}

/// Whether the connection truly stands outside of any transaction, asked of the engine and not of the count.
pub fn is_idle(conn: &mut Conn) -> bool {
    depth(conn).is_ok_and(|depth| depth == 0)
        && match &mut conn.engine {
            // BEGIN inside a transaction is an error; outside, a deferred one costs no lock and no disk.
            Engine::Sqlite(inner) => inner.batch_execute("BEGIN; ROLLBACK").is_ok(),
            Engine::Postgres(_) => true,
        }
}

/// Whether the open transaction can still be committed. A server answers COMMIT of a failed transaction with success
/// and a rollback, so after any failed statement it must be asked.
pub fn is_sound(conn: &mut Conn) -> bool {
    conn.batch_execute("SELECT 1").is_ok()
}

/// Copies what the write-ahead log holds into the database file. `whole` also empties the log, and waits for readers.
///
/// # Errors
/// When the engine refuses; there is nothing to do then but to try later.
pub fn checkpoint(conn: &mut Conn, whole: bool) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(inner) if whole => inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"),
        Engine::Sqlite(inner) => inner.batch_execute("PRAGMA wal_checkpoint(PASSIVE)"),
        Engine::Postgres(_) => Ok(()),
    }
}
