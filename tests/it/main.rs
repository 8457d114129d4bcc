//! One binary for everything that is proved from outside: a module a feature, `kit` for what they share.

mod checkout_pages;
mod errors;
mod floors;
mod kit;
mod ordering;
mod orders_api;
mod routes;
mod schema;
mod signing_in;
mod write_door;
