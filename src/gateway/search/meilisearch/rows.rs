//! Documents, filters and answers in Meilisearch's words.

use super::super::document::Document;
use super::super::error::SearchError;
use super::super::words::{Word, words};
use crate::domain::search::{FACETS, FacetCount, Facets, SearchHit, SearchPage, SearchQuery, Sort};
use crate::domain::text::synonym;
use meilisearch_sdk::search::SearchResults;
use meilisearch_sdk::settings::{MinWordSizeForTypos, PaginationSetting, Settings, TypoToleranceSettings};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// The attribute that names a document.
pub const KEY: &str = "product_id";
/// What an answer carries.
pub const SHOWN: [&str; 2] = ["product_id", "slug"];
/// No page reaches further than this.
const DEEPEST: usize = 10_000;
/// The server gives up ranking and answers with what it has, milliseconds.
const CUTOFF_MS: u64 = 150;

/// A document as it is put. The facets are called as everywhere.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    product_id: &'a str,
    slug: &'a str,
    name: &'a str,
    also_called: &'a [String],
    places: &'a [String],
    cooperative_name: &'a str,
    category_name: &'a str,
    description: &'a str,
    category: &'a str,
    cooperative: &'a str,
    commune: &'a str,
    certificate: &'a [String],
    price_vnd: i64,
    availability_rank: u64,
    sold_rank: i64,
    updated_at_s: i64,
    harvest_day: i64,
    /// Syllables with their marks: the server drops marks from words, but a filter keeps them.
    syllables: BTreeSet<String>,
}

impl<'a> Row<'a> {
    pub fn of(document: &'a Document) -> Self {
        let short = [&document.name, &document.category_name, &document.cooperative_name].into_iter();
        let texts = short.chain(&document.also_called).chain(&document.places);
        Self {
            product_id: &document.product_id,
            slug: &document.slug,
            name: &document.name,
            also_called: &document.also_called,
            places: &document.places,
            cooperative_name: &document.cooperative_name,
            category_name: &document.category_name,
            description: &document.description,
            category: &document.category,
            cooperative: &document.cooperative,
            commune: &document.commune,
            certificate: &document.certificates,
            price_vnd: document.price_vnd,
            availability_rank: document.availability_rank,
            sold_rank: document.sold_rank,
            updated_at_s: document.updated_at_s,
            // The server puts what is missing nowhere; the far future stands last.
            harvest_day: document.harvest_day.unwrap_or(i64::from(i32::MAX)),
            syllables: texts.flat_map(|text| words(text)).map(|word| word.marked).collect(),
        }
    }
}

/// One hit as it comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    product_id: String,
    slug: String,
}

/// The index's settings. The library's default order of rules is kept: exactness earlier ruins beginnings.
pub fn settings() -> Settings {
    let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    Settings::new()
        .with_searchable_attributes([
            "name",
            "also_called",
            "places",
            "category_name",
            "cooperative_name",
            "description",
        ])
        .with_filterable_attributes(["category", "cooperative", "commune", "certificate", "price_vnd", "syllables"])
        .with_sortable_attributes(["price_vnd", "availability_rank", "sold_rank", "updated_at_s", "harvest_day"])
        .with_ranking_rules([
            "words",
            "typo",
            "proximity",
            "attribute",
            "sort",
            "exactness",
            "availability_rank:desc",
            "sold_rank:desc",
        ])
        .with_typo_tolerance(TypoToleranceSettings {
            enabled: Some(true),
            disable_on_attributes: Some(of(&["description", "places", "cooperative_name"])),
            disable_on_words: None,
            min_word_size_for_typos: Some(MinWordSizeForTypos { one_typo: Some(4), two_typos: Some(8) }),
            disable_on_numbers: None,
        })
        .with_synonyms(synonyms())
        .with_pagination(PaginationSetting { max_total_hits: DEEPEST })
        .with_search_cutoff(CUTOFF_MS)
}

/// The server folds its synonyms, so those that need their marks are left to the embedded engine.
fn synonyms() -> HashMap<&'static str, Vec<&'static str>> {
    let mut map: HashMap<&str, Vec<&str>> = HashMap::new();
    for synonym in synonym::table().iter().filter(|synonym| !synonym.marks_needed) {
        map.entry(&synonym.typed).or_default().push(&synonym.meant);
    }
    map
}

/// What is filtered, empty when nothing is.
pub fn filter(query: &SearchQuery) -> String {
    let wanted = [&query.category, &query.cooperative, &query.commune, &query.certificate];
    let equal = FACETS.iter().zip(wanted).filter_map(|(name, value)| {
        value.as_deref().filter(|value| !value.is_empty()).map(|value| format!("{name} = {}", quoted(value)))
    });
    let prices = [
        query.min_price_vnd.map(|price| format!("price_vnd >= {price}")),
        query.max_price_vnd.map(|price| format!("price_vnd <= {price}")),
    ];
    equal.chain(prices.into_iter().flatten()).collect::<Vec<_>>().join(" AND ")
}

/// Every word typed with marks stands there with these marks, or without any.
pub fn marks_filter(words: &[Word]) -> Option<String> {
    let parts: Vec<String> = words
        .iter()
        .filter(|word| word.has_marks())
        .map(|word| format!("syllables IN [{}, {}]", quoted(&word.marked), quoted(&word.folded)))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

fn quoted(value: &str) -> String {
    let plain: String = value.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The order, empty when the server's own ranking is it.
pub fn sort(query: &SearchQuery) -> &'static [&'static str] {
    match query.sort {
        Sort::Relevance if query.q.trim().is_empty() => {
            &["availability_rank:desc", "sold_rank:desc", "updated_at_s:desc"]
        }
        Sort::Relevance => &[],
        Sort::PriceUp => &["price_vnd:asc", "availability_rank:desc", "sold_rank:desc"],
        Sort::PriceDown => &["price_vnd:desc", "availability_rank:desc", "sold_rank:desc"],
        Sort::Newest => &["updated_at_s:desc", "availability_rank:desc"],
        Sort::Harvest => &["harvest_day:asc", "availability_rank:desc", "sold_rank:desc"],
    }
}

/// An answer as a page.
pub fn page(found: SearchResults<Found>) -> Result<SearchPage, SearchError> {
    let total = found.total_hits.ok_or_else(|| SearchError::Remote("an answer without a total".into()))?;
    let mut facets: Facets = FACETS.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
    for (name, values) in found.facet_distribution.unwrap_or_default() {
        let mut counts: Vec<FacetCount> = values
            .into_iter()
            .map(|(value, count)| FacetCount { value, count: u64::try_from(count).unwrap_or(u64::MAX) })
            .collect();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        facets.insert(name, counts);
    }
    let hits = found
        .hits
        .into_iter()
        .map(|hit| SearchHit { product_id: hit.result.product_id, slug: hit.result.slug })
        .collect();
    Ok(SearchPage { hits, total: u64::try_from(total).unwrap_or(u64::MAX), facets, decoded: None })
}
