//! SQL and nothing else: one file a noun, functions that take a connection and return a `StoreResult`; none opens a
//! transaction. `db` is the door through which services come in. Knows the domain, never a service or a page.

pub mod account;
pub mod account_change;
pub mod bank;
pub mod bank_key;
pub mod bank_poll;
pub mod books;
pub mod carrying;
pub mod cash_hand_over;
pub mod change;
pub mod conn;
pub mod cooperative;
pub mod db;
pub mod error;
pub mod grant;
pub mod holder_check;
pub mod ledger;
pub mod lock;
pub mod lot;
pub mod market_info;
pub mod member;
pub mod message;
mod news;
mod notes;
pub mod order;
pub mod other_money;
pub mod outbox;
pub mod overview;
pub mod pay_link;
mod pooled;
pub mod product;
pub mod purchase;
pub mod schema;
pub mod server_clock;
pub mod session;
pub mod setting;
pub mod sign_in;
pub mod statement;
pub mod told;
pub mod trace;
pub mod verify;
mod wal;
mod writer;

pub use conn::Conn;
pub use db::{Db, DbSettings};
pub use error::{StoreError, StoreResult};
