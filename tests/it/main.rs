//! One binary for everything that is proved from outside: a module a feature, `kit` for what they share.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fall, and asks its environment for servers; the lints spare only what stands inside #[test]"
)]

mod browsing;
mod checkout_pages;
mod crash;
mod demo;
mod dispatch;
mod errors;
mod faults;
mod floors;
mod inspecting;
mod kit;
mod operating;
mod ordering;
mod orders_api;
mod paying;
mod routes;
mod schema;
mod searching;
mod signing_in;
mod tracing;
mod verifying;
mod write_door;
