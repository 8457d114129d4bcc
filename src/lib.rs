#![doc = include_str!("README.md")]

pub mod config;
pub mod domain;
pub mod gateway;
pub mod store;
