//! Why search could not answer, or a document could not be kept.

/// Search could not answer or be kept.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the embedded index failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
    #[error("the embedded index's folder failed: {0}")]
    Folder(#[from] std::io::Error),
    /// The work inside panicked or the program is stopping.
    #[error("the search was broken off")]
    BrokenOff,
    /// Down, slow, or answering what it should not; may be better later.
    #[error("Meilisearch did not serve: {0}")]
    Remote(String),
    /// The settings cannot work.
    #[error("{0}")]
    Settings(String),
}
