//! Bringing the schema up and down. Both folders of migrations are embedded and hold the same names.

use super::connection::Conn;
use super::engine::{Engine, MultiBackend};
use super::manager::{ConnectError, Manager, Target};
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationVersion;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::fs::File;
use std::path::{Path, PathBuf};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// The name of the advisory lock on a server: «ganh» in ASCII.
const LOCK_KEY: i64 = 0x67_61_6e_68;

/// Where the schema of a database stands beside the one this program wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    UpToDate,
    /// So many migrations are missing; `ganh migrate` runs them.
    Older(usize),
    /// The database has migrations that this program does not know: the program is the older one.
    Newer,
}

/// Why the schema could not be brought to where it should be.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the lock for migrating cannot be had: {0}")]
    Lock(String),
    #[error("a migration failed: {0}")]
    Failed(String),
    #[error("the database was migrated by a newer version of this program")]
    Newer,
}

fn failed<E: ToString>(error: E) -> MigrateError {
    MigrateError::Failed(error.to_string())
}

fn embedded_for(conn: &Conn) -> EmbeddedMigrations {
    match conn.engine {
        Engine::Sqlite(_) => SQLITE,
        Engine::Postgres(_) => POSTGRES,
    }
}

/// Where the schema behind `conn` stands.
///
/// # Errors
/// When the list of applied migrations cannot be read.
pub fn schema_state(conn: &mut Conn) -> Result<SchemaState, MigrateError> {
    let applied = conn.applied_migrations().map_err(failed)?;
    let pending = conn.pending_migrations(embedded_for(conn)).map_err(failed)?;
    let known = known_versions(conn)?;
    if applied.iter().any(|version| !known.contains(version)) {
        return Ok(SchemaState::Newer);
    }
    Ok(if pending.is_empty() { SchemaState::UpToDate } else { SchemaState::Older(pending.len()) })
}

fn known_versions(conn: &Conn) -> Result<Vec<MigrationVersion<'static>>, MigrateError> {
    use diesel::migration::{Migration, MigrationSource};
    let all: Vec<Box<dyn Migration<MultiBackend>>> = embedded_for(conn).migrations().map_err(failed)?;
    Ok(all.iter().map(|migration| migration.name().version().as_owned()).collect())
}

/// Runs what is missing, one runner at a time across processes; returns how many ran.
///
/// # Errors
/// When the database is newer than this program or a migration fails; each is whole or not at all.
pub fn migrate(manager: &Manager) -> Result<usize, MigrateError> {
    under_lock(manager, |conn| {
        if schema_state(conn)? == SchemaState::Newer {
            return Err(MigrateError::Newer);
        }
        let embedded = embedded_for(conn);
        conn.run_pending_migrations(embedded).map(|ran| ran.len()).map_err(failed)
    })
}

/// Takes every migration back: for tests.
///
/// # Errors
/// When one cannot be taken back.
pub fn revert_all(manager: &Manager) -> Result<usize, MigrateError> {
    under_lock(manager, |conn| {
        let embedded = embedded_for(conn);
        conn.revert_all_migrations(embedded).map(|ran| ran.len()).map_err(failed)
    })
}

fn under_lock<T>(
    manager: &Manager,
    work: impl FnOnce(&mut Conn) -> Result<T, MigrateError>,
) -> Result<T, MigrateError> {
    let mut conn = manager.open()?;
    match manager.target() {
        Target::File(path) => {
            let lock = lock_file(path)?;
            let done = work(&mut conn);
            drop(lock);
            done
        }
        Target::Server(_) => {
            let lock = |error: diesel::result::Error| MigrateError::Lock(error.to_string());
            // Waiting for another runner and long statements are both in order here.
            conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0").map_err(lock)?;
            conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK_KEY})")).map_err(lock)?;
            // The lock goes with the session when `conn` is dropped.
            work(&mut conn)
        }
    }
}

fn lock_file(database: &Path) -> Result<File, MigrateError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".migrate.lock");
    let lock = |error: std::io::Error| MigrateError::Lock(error.to_string());
    let file = File::options().create(true).append(true).open(PathBuf::from(name)).map_err(lock)?;
    file.lock().map_err(lock)?;
    Ok(file)
}
