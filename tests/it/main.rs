//! One binary for everything that is proved from outside: a module a feature, `kit` for what they share.

mod errors;
mod floors;
mod kit;
mod routes;
mod schema;
mod signing_in;
mod write_door;
