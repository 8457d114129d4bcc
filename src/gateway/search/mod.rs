//! Search: the engine inside, and Meilisearch before it when one is set up. Whatever happens to the second, the
//! first answers. Knows documents, never where they come from.

pub mod document;
pub mod embedded;
mod ladder;
mod ranking;
#[cfg(test)]
mod samples;
mod words;

pub use document::Document;

/// Search could not answer or be kept.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the embedded index failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
    #[error("the embedded index's folder failed: {0}")]
    Folder(#[from] std::io::Error),
}
