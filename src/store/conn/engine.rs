//! The two engines under one type. Queries written against it serve either; what they cannot say alike is a `Spelling`.

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// A session with whichever database was configured. The floors above hold a `Conn`, which prints for it.
#[derive(diesel::MultiConnection)]
pub enum Engine {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// One statement in the two spellings that the engines want.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    /// For the embedded engine.
    pub embedded: &'static str,
    /// For the database server.
    pub server: &'static str,
}
