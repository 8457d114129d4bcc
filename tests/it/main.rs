//! One binary for everything that is proved from outside: a module a feature, `kit` for what they share.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::as_conversions,
    reason = "a test may fall, and asks its environment for servers; the lints spare only what stands inside #[test]"
)]

mod account_change;
mod answering;
mod bank_account;
mod books;
mod browsing;
mod checkout_pages;
mod claiming;
mod crash;
mod day_off;
mod demo;
mod dispatch;
mod door;
mod errors;
mod farm_pages;
mod faults;
mod floors;
mod handling;
mod inspecting;
mod kit;
mod listing;
mod memo_words;
mod money_list;
mod money_list_split;
mod mutations;
mod operating;
mod ordering;
mod orders_api;
mod other_money;
mod packing;
mod pausing;
mod pay_links;
mod paying;
mod providers;
mod qr_readers;
mod races;
mod reconciling;
mod references;
mod refunds;
mod reviewing;
mod routes;
mod schema;
mod searching;
mod shortage;
mod signing_in;
mod simulator;
mod slots;
mod tracing;
mod verifying;
mod vouchers;
mod way_there;
mod windows;
mod write_door;
