//! Search: the engine inside, and Meilisearch before it when one is set up. Whatever happens to the second, the
//! first answers. Knows documents, never where they come from.

mod breaker;
mod document;
mod embedded;
mod error;
mod ladder;
mod meilisearch;
mod ranking;
#[cfg(test)]
mod samples;
mod words;

pub use document::Document;
pub use error::SearchError;
pub use meilisearch::MeiliSettings;

use crate::domain::search::{SearchPage, SearchQuery};
use embedded::Embedded;
use meilisearch::Meilisearch;
use std::path::PathBuf;
use std::sync::Arc;

/// Where search lives.
#[derive(Debug, Clone, Default)]
pub struct SearchSettings {
    /// The embedded index's folder, this process's own; none: in memory.
    pub folder: Option<PathBuf>,
    /// Absent: the embedded engine alone.
    pub meilisearch: Option<MeiliSettings>,
}

/// How search is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHealth {
    /// Products in the embedded index, and the last change that it holds.
    pub products: u64,
    pub cursor: i64,
    /// Whether Meilisearch answers; none when there is none.
    pub meilisearch: Option<bool>,
}

/// The market's search. Cheap to clone.
#[derive(Clone)]
pub struct Search(Arc<Engines>);

struct Engines {
    embedded: Embedded,
    meilisearch: Option<Meilisearch>,
}

impl Search {
    /// Opens the embedded index. Meilisearch is not asked yet: it may come up later.
    ///
    /// # Errors
    /// A folder that cannot be used (or is another process's), or Meilisearch settings that cannot work.
    pub fn open(settings: &SearchSettings) -> Result<Self, SearchError> {
        let meilisearch = settings.meilisearch.as_ref().map(Meilisearch::new).transpose()?;
        let embedded = match &settings.folder {
            Some(folder) => Embedded::in_folder(folder)?,
            None => Embedded::in_memory()?,
        };
        Ok(Self(Arc::new(Engines { embedded, meilisearch })))
    }

    /// One page of results: Meilisearch's if it answers in time and finds anything, else the embedded engine's.
    pub async fn search(&self, query: &SearchQuery) -> Result<SearchPage, SearchError> {
        if let Some(meilisearch) = &self.0.meilisearch {
            match meilisearch.search(query).await {
                // Our own ladder reaches further down than the server's: worth asking before saying "nothing".
                Some(page) if page.total > 0 || query.q.trim().is_empty() => return Ok(page),
                _ => {}
            }
        }
        let query = query.clone();
        self.inside(move |embedded| embedded.search(&query)).await
    }

    /// The last change that the embedded index holds.
    pub fn cursor(&self) -> i64 {
        self.0.embedded.cursor()
    }

    /// Brings the embedded index of this process up to a change: puts, deletes and cursor in one commit.
    pub async fn apply(&self, documents: Vec<Document>, deletes: Vec<String>, cursor: i64) -> Result<(), SearchError> {
        self.inside(move |embedded| embedded.apply(&documents, &deletes, cursor)).await
    }

    /// Replaces the embedded index of this process in one commit; searches meanwhile see the old one.
    pub async fn rebuild(&self, documents: Vec<Document>, cursor: i64) -> Result<(), SearchError> {
        self.inside(move |embedded| embedded.rebuild(&documents, cursor)).await
    }

    /// Whether there is a Meilisearch to be fed.
    pub fn has_meilisearch(&self) -> bool {
        self.0.meilisearch.is_some()
    }

    /// Puts documents into Meilisearch and waits until they can be found. Nothing to do without one.
    pub async fn put(&self, documents: &[Document]) -> Result<(), SearchError> {
        match &self.0.meilisearch {
            Some(meilisearch) => meilisearch.put(documents).await,
            None => Ok(()),
        }
    }

    /// Removes products from Meilisearch. Nothing to do without one.
    pub async fn delete(&self, product_ids: &[String]) -> Result<(), SearchError> {
        match &self.0.meilisearch {
            Some(meilisearch) => meilisearch.delete(product_ids).await,
            None => Ok(()),
        }
    }

    /// Builds Meilisearch's index anew beside the old and swaps them: no search meets a gap. What is put meanwhile
    /// goes to the old one, so whoever calls this holds index work back until it returns.
    pub async fn rebuild_meilisearch(&self, documents: &[Document]) -> Result<(), SearchError> {
        match &self.0.meilisearch {
            Some(meilisearch) => meilisearch.rebuild(documents).await,
            None => Ok(()),
        }
    }

    pub async fn health(&self) -> SearchHealth {
        let meilisearch = match &self.0.meilisearch {
            Some(meilisearch) => Some(meilisearch.is_healthy().await),
            None => None,
        };
        SearchHealth { products: self.0.embedded.count(), cursor: self.cursor(), meilisearch }
    }

    /// The embedded engine blocks, so it works beside the async threads.
    async fn inside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Embedded) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let engines = self.0.clone();
        let done = tokio::task::spawn_blocking(move || work(&engines.embedded)).await;
        done.map_err(|_panic_or_stop| SearchError::BrokenOff)?
    }
}

#[cfg(test)]
mod tests;
