//! Floor 1: values and rules. Knows no database, no clock, no randomness, no network.

pub mod bank;
pub mod bank_message;
pub mod basket;
pub mod code;
pub mod column;
pub mod commune;
pub mod delivery;
pub mod id;
pub mod ledger;
pub mod lunar;
pub mod memo;
pub mod message;
pub mod money;
pub mod order;
pub mod payment;
pub mod phone;
pub mod product;
pub mod quantity;
pub mod refusal;
pub mod search;
pub mod settlement;
pub mod stock;
pub mod text;
pub mod time;
pub mod trace;
pub mod vietqr;
