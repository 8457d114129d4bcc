//! Vietnamese text: folding, order, syllables, what people type instead of what they mean, and numbers in words.

pub mod clean;
pub mod collate;
pub mod fold;
pub mod query;
pub mod slug;
pub mod syllable;
pub mod synonym;
pub mod telex;
pub mod words;
