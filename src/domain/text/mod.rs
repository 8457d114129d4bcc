//! Vietnamese text: folding, syllables, what people type instead of what they mean.

pub mod clean;
pub mod fold;
