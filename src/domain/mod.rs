//! Floor 1: values and rules. Knows no database, no clock, no randomness, no network.

pub mod column;
pub mod id;
pub mod money;
pub mod quantity;
pub mod refusal;
pub mod text;
pub mod time;
