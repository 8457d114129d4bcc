//! The demonstration province, made through the services. Nothing in it may touch the world outside.

mod after;
mod ahead;
pub mod assortment;
pub mod calendar;
mod chance;
mod history;
mod living;
pub mod opening;
pub mod province;
pub mod recipe;
mod scenes;
pub mod season;
mod shelves;
mod shops;
pub mod tables;
pub mod topping;
