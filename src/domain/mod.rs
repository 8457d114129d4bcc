//! Floor 1: values and rules. Knows no database, no clock, no randomness, no network.

pub mod bank;
pub mod bank_message;
pub mod code;
pub mod column;
pub mod commune;
pub mod id;
pub mod ledger;
pub mod lunar;
pub mod memo;
pub mod money;
pub mod order;
pub mod phone;
pub mod quantity;
pub mod refusal;
pub mod search;
pub mod settlement;
pub mod text;
pub mod time;
pub mod vietqr;
