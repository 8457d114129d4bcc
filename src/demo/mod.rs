//! The demonstration province, made through the services. Nothing in it may touch the world outside.

pub mod assortment;
pub mod calendar;
pub mod season;
pub mod tables;
