//! Browsing and searching: words, filters, order and pages, all of them in the address.

use super::super::error::WebResult;
use super::super::form::Query;
use super::super::page;
use super::asked::Asked;
use super::home::{Way, categories};
use super::look::{CardLook, Reader, To, until};
use crate::domain::commune;
use crate::domain::search::{FacetCount, SearchQuery, Sort};
use crate::service::browsing::{self, commune_of};
use crate::service::searching::{self, Found};
use actix_web::HttpRequest;
use serde::Serialize;
use std::collections::HashMap;

/// Values of one filter that a list names.
const MOST_VALUES: usize = 60;

#[derive(Serialize)]
struct ResultsPage {
    q: String,
    asked: AskedLook,
    /// «Tìm: gạo nếp», when raw keys were read so.
    decoded: Option<String>,
    total: u64,
    cards: Vec<CardLook>,
    categories: Vec<Choice>,
    cooperatives: Vec<Choice>,
    communes: Vec<Choice>,
    certificates: Vec<Choice>,
    sorts: Vec<Choice>,
    /// What narrows the results now, each with the way to take it off.
    active: Vec<Way>,
    clear_href: String,
    has_filters: bool,
    page: u64,
    pages: u64,
    previous: Option<String>,
    next: Option<String>,
    to: To,
    /// Where nothing was found: all that there is, by category.
    everything: Vec<Way>,
    suggestions: Vec<CardLook>,
}

/// What was typed, for the form.
#[derive(Serialize)]
struct AskedLook {
    category: String,
    cooperative: String,
    commune: String,
    certificate: String,
    min_price: String,
    max_price: String,
    sort: String,
    xa: String,
}

/// One value of a filter.
#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    href: String,
    count: u64,
    is_on: bool,
}

/// `GET /tim`
pub async fn show_results(req: HttpRequest, query: Query<Asked>) -> WebResult {
    let reader = Reader::of(&req)?;
    let asked = query.0;
    let to = commune_of(Some(&asked.xa));
    let kit = &reader.site.kit;
    let wanted = asked.query();
    let found = searching::search_products(kit, &wanted, to).await?;
    let names = browsing::list_cooperatives(kit).await?;
    let names: HashMap<String, String> = names.into_iter().map(|row| (row.slug, row.name)).collect();
    let instead = if found.total == 0 {
        Some(searching::search_products(kit, &SearchQuery { per_page: 8, ..SearchQuery::default() }, to).await?)
    } else {
        None
    };
    let shown = found.cards.iter().chain(instead.iter().flat_map(|found| &found.cards));
    let until = until(shown, reader.now);
    let mut results = results(&reader, &asked, &wanted, &found, &names);
    if let Some(instead) = &instead {
        results.suggestions = reader.cards(&instead.cards, to);
        results.everything =
            categories(&reader, instead.facets.get("category").map(Vec::as_slice).unwrap_or_default(), to);
    }
    page::public_until(&req, "shop/search.html", &results, Some(until))
}

fn results(
    reader: &Reader<'_>,
    asked: &Asked,
    wanted: &SearchQuery,
    found: &Found,
    names: &HashMap<String, String>,
) -> ResultsPage {
    let to = commune_of(Some(&asked.xa));
    let facet = |name: &'static str, chosen: &str, label: &dyn Fn(&str) -> Option<String>| {
        choices(asked, name, chosen, found.facets.get(name).map(Vec::as_slice).unwrap_or_default(), label)
    };
    let category = |value: &str| Some(reader.say(&format!("shop-category-{value}")));
    let paper = |value: &str| Some(reader.say(&format!("shop-paper-{value}")));
    let place = |value: &str| commune::find(value).map(|commune| commune.name.clone());
    let seller = |value: &str| names.get(value).cloned();
    let per_page = u64::from(wanted.limit()).max(1);
    let pages = found.total.div_ceil(per_page).max(1);
    let page = u64::from(wanted.page).min(pages);
    let sort = |sort: &Sort| Choice {
        value: sort.to_string(),
        label: reader.say(&format!("shop-sort-{sort}")),
        href: asked.href("sort", sort.as_text()),
        count: 0,
        is_on: *sort == wanted.sort,
    };
    ResultsPage {
        q: wanted.q.clone(),
        decoded: found.decoded.clone(),
        total: found.total,
        cards: reader.cards(&found.cards, to),
        categories: facet("category", &asked.category, &category),
        cooperatives: facet("cooperative", &asked.cooperative, &seller),
        communes: facet("commune", &asked.commune, &place),
        certificates: facet("certificate", &asked.certificate, &paper),
        sorts: Sort::ALL.iter().map(sort).collect(),
        active: active(
            reader,
            asked,
            wanted,
            &[("category", &category), ("cooperative", &seller), ("commune", &place), ("certificate", &paper)],
        ),
        clear_href: Asked { q: asked.q.clone(), xa: asked.xa.clone(), ..Asked::default() }.href("page", ""),
        has_filters: asked.has_filters(),
        page,
        pages,
        previous: (page > 1).then(|| asked.href("page", &page.saturating_sub(1).to_string())),
        next: (page < pages).then(|| asked.href("page", &page.saturating_add(1).to_string())),
        to: To::new(to, &asked.without_place()),
        everything: Vec::new(),
        suggestions: Vec::new(),
        asked: look(asked, wanted),
    }
}

fn look(asked: &Asked, wanted: &SearchQuery) -> AskedLook {
    let price = |vnd: Option<i64>| vnd.map(|vnd| vnd.to_string()).unwrap_or_default();
    AskedLook {
        category: asked.category.clone(),
        cooperative: asked.cooperative.clone(),
        commune: asked.commune.clone(),
        certificate: asked.certificate.clone(),
        min_price: price(wanted.min_price_vnd),
        max_price: price(wanted.max_price_vnd),
        sort: wanted.sort.to_string(),
        xa: asked.xa.clone(),
    }
}

fn choices(
    asked: &Asked,
    name: &'static str,
    chosen: &str,
    counts: &[FacetCount],
    label: &dyn Fn(&str) -> Option<String>,
) -> Vec<Choice> {
    let choice = |count: &FacetCount| {
        Some(Choice {
            label: label(&count.value)?,
            href: asked.href(name, &count.value),
            value: count.value.clone(),
            count: count.count,
            is_on: count.value == chosen,
        })
    };
    counts.iter().filter_map(choice).take(MOST_VALUES).collect()
}

type Labels<'l> = (&'static str, &'l dyn Fn(&str) -> Option<String>);

fn active(reader: &Reader<'_>, asked: &Asked, wanted: &SearchQuery, labels: &[Labels<'_>]) -> Vec<Way> {
    let value_of = |name: &str| match name {
        "category" => asked.category.as_str(),
        "cooperative" => asked.cooperative.as_str(),
        "commune" => asked.commune.as_str(),
        _ => asked.certificate.as_str(),
    };
    let way = |name: &'static str, label: String| Way { label, href: asked.href(name, ""), count: 0 };
    let known = labels.iter().filter(|(name, _)| !value_of(name).is_empty());
    let mut active: Vec<Way> = known
        .map(|(name, label)| way(name, label(value_of(name)).unwrap_or_else(|| value_of(name).to_owned())))
        .collect();
    if let Some(vnd) = wanted.min_price_vnd {
        active.push(way("min_price", reader.with("shop-from-price", &[("price", reader.money(vnd))])));
    }
    if let Some(vnd) = wanted.max_price_vnd {
        active.push(way("max_price", reader.with("shop-to-price", &[("price", reader.money(vnd))])));
    }
    active
}
