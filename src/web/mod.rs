//! Floor 4: HTTP, cut by the door one enters. `routes.rs` is the table of all doors; `error.rs` alone knows status codes.
#![doc = include_str!("README.md")]

pub mod account;
pub mod answer;
pub mod api;
pub mod assets;
pub mod bank;
pub mod buy;
pub mod cache;
mod change_said;
mod claim_said;
pub mod demo;
pub mod dress;
pub mod enter;
pub mod error;
pub mod farm;
pub mod form;
pub mod guard;
pub mod health;
pub mod lang;
pub mod limits;
pub mod live;
pub mod metrics;
pub mod observe;
pub mod office;
pub mod operator;
pub mod page;
mod pause_said;
pub mod place;
pub mod request;
pub mod route;
pub mod routes;
pub mod server;
pub mod session;
pub mod sheet;
pub mod shop;
pub mod site;
pub mod streams;
pub mod trace;

pub use error::{WebError, WebResult};
pub use site::Site;
