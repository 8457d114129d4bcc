#![doc = include_str!("README.md")]
#![cfg_attr(test, expect(clippy::as_conversions, reason = "tests count in whatever type is at hand"))]

pub mod app;
pub mod command;
pub mod config;
pub mod demo;
pub mod domain;
pub mod failpoint;
pub mod gateway;
pub mod service;
pub mod store;
pub mod view;
pub mod web;
pub mod worker;
