//! Meilisearch behind the same questions. Every call has a limit, since the library has none; a search that fails is
//! nobody's error, the embedded engine answers it.

mod rows;

use super::breaker::Breaker;
use super::document::Document;
use super::error::SearchError;
use super::words::query_words;
use crate::domain::search::{FACETS, SearchPage, SearchQuery};
use crate::domain::text::telex;
use meilisearch_sdk::client::{Client, SwapIndexes};
use meilisearch_sdk::indexes::Index;
use meilisearch_sdk::search::{MatchingStrategies, Selectors};
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use rows::{Found, Row};
use std::future::Future;
use std::time::{Duration, Instant};

/// For a whole search, all its rungs.
const SEARCH_LIMIT: Duration = Duration::from_millis(400);
const HEALTH_LIMIT: Duration = Duration::from_secs(1);
/// For handing over a batch.
const WRITE_LIMIT: Duration = Duration::from_secs(20);
/// For a batch to be findable.
const TASK_LIMIT: Duration = Duration::from_secs(120);
const TASK_POLL: Duration = Duration::from_millis(100);
/// Documents in one batch of a rebuild.
const BATCH: usize = 5_000;

/// Where Meilisearch is.
#[derive(Clone)]
pub struct MeiliSettings {
    pub url: String,
    pub key: String,
    /// The index's name; several markets may share a server.
    pub index: String,
}

/// The key is never written out.
impl std::fmt::Debug for MeiliSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MeiliSettings({} at {})", self.index, self.url)
    }
}

/// The server, its index, and whether it is worth asking.
pub struct Meilisearch {
    client: Client,
    index: String,
    breaker: Breaker,
}

impl Meilisearch {
    /// # Errors
    /// An address or key that cannot be sent: the library would panic on a key with a line break.
    pub fn new(settings: &MeiliSettings) -> Result<Self, SearchError> {
        let (url, key) = (settings.url.trim().trim_end_matches('/'), settings.key.trim());
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(SearchError::Settings("MEILI_URL: wants http:// or https://".into()));
        }
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SearchError::Settings(
                "MEILI_KEY: wants plain letters, digits and signs, without spaces".into(),
            ));
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if settings.index.is_empty() || !settings.index.bytes().all(plain) {
            return Err(SearchError::Settings("the index's name wants letters, digits, - and _".into()));
        }
        let client =
            Client::new(url, Some(key)).map_err(|error| SearchError::Settings(format!("MEILI_URL: {error}")))?;
        Ok(Self { client, index: settings.index.clone(), breaker: Breaker::default() })
    }

    /// One page, or nothing when the server is down, slow or wrong.
    pub async fn search(&self, query: &SearchQuery) -> Option<SearchPage> {
        if !self.breaker.lets_through(Instant::now()) {
            return None;
        }
        let answered = within(SEARCH_LIMIT, self.climb(query)).await;
        self.breaker.note(answered.is_ok(), Instant::now());
        answered.inspect_err(|error| tracing::warn!(%error, "searching inside instead")).ok()
    }

    /// The same ladder in the server's words: marks kept, then all words, then what raw keys meant, then as
    /// many words as it takes.
    async fn climb(&self, query: &SearchQuery) -> Result<SearchPage, SearchError> {
        let filter = rows::filter(query);
        for typed in std::iter::once(query.q.clone()).chain(telex::decode(&query.q)) {
            let decoded = (typed != query.q).then(|| typed.clone());
            let query = SearchQuery { q: typed, ..query.clone() };
            if let Some(marks) = rows::marks_filter(&query_words(&query.q)) {
                let both = if filter.is_empty() { marks } else { format!("{filter} AND {marks}") };
                let page = self.ask(&query, &both, MatchingStrategies::ALL).await?;
                if page.total > 0 {
                    return Ok(SearchPage { decoded, ..page });
                }
            }
            let page = self.ask(&query, &filter, MatchingStrategies::ALL).await?;
            if page.total > 0 || query.q.trim().is_empty() {
                return Ok(SearchPage { decoded, ..page });
            }
        }
        self.ask(query, &filter, MatchingStrategies::LAST).await
    }

    async fn ask(
        &self,
        query: &SearchQuery,
        filter: &str,
        strategy: MatchingStrategies,
    ) -> Result<SearchPage, SearchError> {
        let index = self.client.index(&self.index);
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let sort = rows::sort(query);
        let mut search = index.search();
        search
            .with_query(&query.q)
            .with_page(size(query.page.max(1)))
            .with_hits_per_page(size(query.limit()))
            .with_facets(Selectors::Some(&FACETS))
            .with_attributes_to_retrieve(Selectors::Some(&rows::SHOWN))
            .with_matching_strategy(strategy);
        if !filter.is_empty() {
            search.with_filter(filter);
        }
        if !sort.is_empty() {
            search.with_sort(sort);
        }
        rows::page(search.execute::<Found>().await.map_err(remote)?)
    }

    /// Puts documents and waits until they can be found.
    pub async fn put(&self, documents: &[Document]) -> Result<(), SearchError> {
        self.put_into(&self.client.index(&self.index), documents).await
    }

    async fn put_into(&self, index: &Index, documents: &[Document]) -> Result<(), SearchError> {
        for batch in documents.chunks(BATCH) {
            let rows: Vec<Row> = batch.iter().map(Row::of).collect();
            self.done(index.add_or_replace(&rows, Some(rows::KEY))).await?;
        }
        Ok(())
    }

    pub async fn delete(&self, product_ids: &[String]) -> Result<(), SearchError> {
        self.done(self.client.index(&self.index).delete_documents(product_ids)).await
    }

    /// A new index beside the old, filled, then swapped with it; the old one goes.
    pub async fn rebuild(&self, documents: &[Document]) -> Result<(), SearchError> {
        let next = format!("{}-next", self.index);
        // Left over from a rebuild that was broken off; that it is not there is the usual case.
        let _ = self.done(self.client.delete_index(&next)).await;
        // A swap needs both; that the first is there already is the usual case too.
        let _ = self.done(self.client.create_index(&self.index, Some(rows::KEY))).await;
        self.done(self.client.create_index(&next, Some(rows::KEY))).await?;
        let index = self.client.index(&next);
        self.done(index.set_settings(&rows::settings())).await?;
        self.put_into(&index, documents).await?;
        let swap = SwapIndexes { indexes: (self.index.clone(), next.clone()), rename: None };
        self.done(self.client.swap_indexes([&swap])).await?;
        self.done(self.client.delete_index(&next)).await
    }

    pub async fn is_healthy(&self) -> bool {
        tokio::time::timeout(HEALTH_LIMIT, self.client.is_healthy()).await.unwrap_or(false)
    }

    /// Hands work over and waits for its outcome: an accepted task may still fail.
    async fn done(
        &self,
        work: impl Future<Output = Result<TaskInfo, meilisearch_sdk::errors::Error>>,
    ) -> Result<(), SearchError> {
        let task = within(WRITE_LIMIT, async { work.await.map_err(remote) }).await?;
        let waiting =
            async { self.client.wait_for_task(task, Some(TASK_POLL), Some(TASK_LIMIT)).await.map_err(remote) };
        match within(TASK_LIMIT, waiting).await? {
            Task::Succeeded { .. } => Ok(()),
            Task::Failed { content } => Err(SearchError::Remote(content.error.to_string())),
            Task::Enqueued { .. } | Task::Processing { .. } => Err(SearchError::Remote("still at work".into())),
        }
    }
}

fn remote(error: meilisearch_sdk::errors::Error) -> SearchError {
    SearchError::Remote(error.to_string())
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, SearchError>>) -> Result<T, SearchError> {
    tokio::time::timeout(limit, work)
        .await
        .unwrap_or_else(|_elapsed| Err(SearchError::Remote(format!("no answer within {limit:?}"))))
}
