//! Floor 2: the world outside, one adapter each. Knows values and settings; no rows, no use cases.

pub mod bank;
pub mod mail;
pub mod media;
pub mod qr;
pub mod search;
pub mod table_file;
