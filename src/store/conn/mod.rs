//! The only place that knows which database it is: connecting, session setup, transactions, migrations and the few
//! spellings in which the two engines differ. Knows no table and no noun.

mod connection;
mod engine;
mod manager;
mod migrations;
mod query;
mod transaction;
mod trouble;

pub use connection::Conn;
pub use engine::{MultiBackend, MultiField, MultiRawValue, MultiRow, Spelling};
pub use manager::{ConnectError, Manager, Manners, Target, Use};
pub use migrations::{MigrateError, SchemaState, migrate, revert_all, schema_state};
pub use query::{Each, Locked, locked, locked_skip};
pub use transaction::{
    begin_read, begin_savepoint, begin_write, checkpoint, commit, depth, is_idle, is_sound, roll_back, roll_back_to,
};
pub use trouble::{Trouble, trouble};
