//! One binary for everything that is proved from outside: a module a feature, `kit` for what they share.

mod floors;
mod kit;
mod schema;
mod write_door;
