//! What is asked of the search, as it stands in an address: the same names for the page and the interface.

use super::super::error::WebError;
use crate::domain::money::read_money;
use crate::domain::search::{PER_PAGE_MOST, PER_PAGE_USUAL, SearchQuery, Sort};
use serde::Deserialize;

/// The query parameters that a page of results depends on, in the order of its key.
pub const KNOWN: &[&str] =
    &["q", "category", "cooperative", "commune", "certificate", "min_price", "max_price", "sort", "page", "xa"];
/// Letters of a query that count.
const MOST_LETTERS: usize = 200;

/// Everything as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub q: String,
    pub category: String,
    pub cooperative: String,
    pub commune: String,
    pub certificate: String,
    pub min_price: String,
    pub max_price: String,
    pub sort: String,
    pub page: String,
    pub per_page: String,
    /// Where goods go, on pages.
    pub xa: String,
}

impl Asked {
    /// The query for people: what cannot be read counts as not asked.
    pub fn query(&self) -> SearchQuery {
        let price = |text: &str| read_money(text).ok().map(|money| money.vnd());
        SearchQuery { min_price_vnd: price(&self.min_price), max_price_vnd: price(&self.max_price), ..self.common() }
    }

    /// The query for programs: what cannot be read is a bad request.
    pub fn strict_query(&self) -> Result<SearchQuery, WebError> {
        let whole = |name: &str, text: &str| match text {
            "" => Ok(None),
            text => text.parse::<i64>().map(Some).map_err(|error| WebError::bad_request(format!("{name}: {error}"))),
        };
        let (page, per_page) = (whole("page", &self.page)?, whole("per_page", &self.per_page)?);
        if [page, per_page].into_iter().flatten().any(|number| number < 1) {
            return Err(WebError::bad_request("page and per_page count from 1"));
        }
        if !self.sort.is_empty() && self.sort.parse::<Sort>().is_err() {
            return Err(WebError::bad_request("sort: relevance, price, price-desc, newest or harvest"));
        }
        let per_page = per_page.map_or(PER_PAGE_USUAL, |number| u32::try_from(number).unwrap_or(PER_PAGE_MOST));
        Ok(SearchQuery {
            min_price_vnd: whole("min_price", &self.min_price)?,
            max_price_vnd: whole("max_price", &self.max_price)?,
            per_page: per_page.min(PER_PAGE_MOST),
            ..self.common()
        })
    }

    fn common(&self) -> SearchQuery {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        SearchQuery {
            q: self.q.chars().take(MOST_LETTERS).collect::<String>().trim().to_owned(),
            category: some(&self.category),
            cooperative: some(&self.cooperative),
            commune: some(&self.commune),
            certificate: some(&self.certificate),
            sort: self.sort.parse().unwrap_or(Sort::Relevance),
            page: self.page.parse().unwrap_or(1).max(1),
            ..SearchQuery::default()
        }
    }

    fn pairs(&self) -> [(&'static str, &str); 10] {
        [
            ("q", &self.q),
            ("category", &self.category),
            ("cooperative", &self.cooperative),
            ("commune", &self.commune),
            ("certificate", &self.certificate),
            ("min_price", &self.min_price),
            ("max_price", &self.max_price),
            ("sort", &self.sort),
            ("page", &self.page),
            ("xa", &self.xa),
        ]
    }

    /// The address of this search with one thing otherwise; a new filter begins at the first page.
    pub fn href(&self, name: &str, value: &str) -> String {
        let changed = self.pairs().into_iter().map(|(key, text)| match key {
            key if key == name => (key, value),
            "page" => ("page", ""),
            key => (key, text),
        });
        address(changed)
    }

    /// The address of this search without the place that goods go to.
    pub fn without_place(&self) -> String {
        address(self.pairs().into_iter().filter(|(key, _)| *key != "xa"))
    }

    /// Whether anything but words, order and page narrows the results.
    pub fn has_filters(&self) -> bool {
        [&self.category, &self.cooperative, &self.commune, &self.certificate, &self.min_price, &self.max_price]
            .iter()
            .any(|text| !text.trim().is_empty())
    }
}

fn address<'t>(pairs: impl Iterator<Item = (&'static str, &'t str)>) -> String {
    let said: Vec<(&str, &str)> = pairs.filter(|(_, text)| !text.is_empty()).collect();
    match serde_html_form::to_string(&said) {
        Ok(query) if !query.is_empty() => format!("/tim?{query}"),
        _ => "/tim".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked {
            q: "gạo nếp & lạc".into(),
            category: "fruit".into(),
            page: "3".into(),
            xa: "00331".into(),
            ..Asked::default()
        }
    }

    #[test]
    fn a_filter_goes_back_to_the_first_page_and_a_page_keeps_the_filters() {
        assert_eq!(asked().href("category", ""), "/tim?q=g%E1%BA%A1o+n%E1%BA%BFp+%26+l%E1%BA%A1c&xa=00331");
        assert!(asked().href("page", "4").contains("category=fruit&page=4&xa=00331"));
        assert!(!asked().without_place().contains("xa="));
        assert_eq!(Asked::default().href("q", ""), "/tim");
    }

    #[test]
    fn people_are_forgiven_and_programs_told() {
        let wrong =
            Asked { min_price: "rẻ thôi".into(), page: "-3".into(), sort: "đẹp".into(), ..Asked::default() };
        assert_eq!((wrong.query().min_price_vnd, wrong.query().page), (None, 1));
        assert!(wrong.strict_query().is_err());
        assert_eq!(Asked { min_price: "20.000đ".into(), ..Asked::default() }.query().min_price_vnd, Some(20_000));
        let large = Asked { per_page: "1000".into(), ..Asked::default() };
        assert_eq!(large.strict_query().expect("a query").per_page, PER_PAGE_MOST);
        assert!(Asked { per_page: "0".into(), ..Asked::default() }.strict_query().is_err());
    }
}
