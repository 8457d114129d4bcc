//! SQL and nothing else: one file a noun, functions that take a connection and return a `StoreResult`; none opens a
//! transaction. `db` is the door through which services come in. Knows the domain, never a service or a page.

pub mod change;
pub mod conn;
pub mod db;
pub mod error;
pub mod lock;
mod news;
mod notes;
mod pooled;
pub mod schema;
mod wal;
mod writer;

pub use conn::Conn;
pub use db::{Db, DbSettings};
pub use error::{StoreError, StoreResult};
