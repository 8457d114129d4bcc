//! What is asked of the market's search and what it answers, whichever engine answers. Knows no engine.

use std::collections::BTreeMap;

/// The most that one page of results holds.
pub const PER_PAGE_MOST: u32 = 100;
/// What a page holds when nobody says.
pub const PER_PAGE_USUAL: u32 = 24;

crate::word_enum! {
    /// In which order results stand.
    Sort {
        /// Best match first; when nothing is asked for, what can be bought now and sells well.
        Relevance = "relevance",
        PriceUp = "price",
        PriceDown = "price-desc",
        Newest = "newest",
        /// Nearest harvest first.
        Harvest = "harvest",
    }
}

/// A search: words, filters (each empty when not asked), order, page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// What a person typed; empty to browse.
    pub q: String,
    /// Slug.
    pub category: Option<String>,
    /// Slug.
    pub cooperative: Option<String>,
    /// The commune's official code.
    pub commune: Option<String>,
    /// Kind of certificate.
    pub certificate: Option<String>,
    pub min_price_vnd: Option<i64>,
    pub max_price_vnd: Option<i64>,
    pub sort: Sort,
    /// From 1.
    pub page: u32,
    pub per_page: u32,
}

impl Default for SearchQuery {
    fn default() -> Self {
        Self {
            q: String::new(),
            category: None,
            cooperative: None,
            commune: None,
            certificate: None,
            min_price_vnd: None,
            max_price_vnd: None,
            sort: Sort::Relevance,
            page: 1,
            per_page: PER_PAGE_USUAL,
        }
    }
}

impl SearchQuery {
    /// Results to pass over before this page.
    pub fn offset(&self) -> u32 {
        self.page.max(1).saturating_sub(1).saturating_mul(self.limit())
    }

    /// Results on this page at most.
    pub fn limit(&self) -> u32 {
        self.per_page.clamp(1, PER_PAGE_MOST)
    }
}

/// One product found; everything else about it is read from the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    pub product_id: String,
    pub slug: String,
}

/// How many of all results carry one value.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FacetCount {
    pub value: String,
    pub count: u64,
}

/// The facets by name: `category`, `cooperative`, `commune`, `certificate`; most frequent value first.
pub type Facets = BTreeMap<String, Vec<FacetCount>>;

/// The names of the facets.
pub const FACETS: [&str; 4] = ["category", "cooperative", "commune", "certificate"];

/// One page of results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchPage {
    pub hits: Vec<SearchHit>,
    /// Of all pages, counted.
    pub total: u64,
    pub facets: Facets,
    /// What raw keys of a sleeping typing program were read as (`gaoj neeps` → «gạo nếp»), when that found it.
    pub decoded: Option<String>,
}
