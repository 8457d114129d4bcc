//! Floor 3: use cases, one file per thing people do. Owns who may, the transaction, the trace fact and the outbox row.
//! Knows nothing of HTTP.

pub mod basket;
pub mod browsing;
pub mod checkout;
pub mod crediting;
pub mod dispatch;
pub mod draw;
pub mod ending;
pub mod error;
pub mod founding;
pub mod greeting;
pub mod handling;
pub mod health;
pub mod holding;
pub mod keys;
pub mod kit;
pub mod listing;
pub mod lost_order;
pub mod money_list;
pub mod ordering;
pub mod passwords;
pub mod paying;
pub mod people;
pub mod posting;
pub mod pricing;
pub mod recording;
pub mod searching;
pub mod showing;
pub mod signing_in;
pub mod stock_view;
pub mod telling;
pub mod tidying;
pub mod verifying;
pub mod who;
pub mod wording;
