//! One binary for everything that is proved from outside: a module a feature, `kit` for what they share.

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
