//! One connection type over both engines. Queries written against it serve either; what they cannot say alike is a
//! `Spelling`.

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// A connection to whichever database was configured.
#[derive(diesel::MultiConnection)]
pub enum Conn {
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

impl Conn {
    /// The spelling for the engine behind this connection.
    pub fn spell(&self, spelling: Spelling) -> &'static str {
        match self {
            Conn::Sqlite(_) => spelling.embedded,
            Conn::Postgres(_) => spelling.server,
        }
    }
}
