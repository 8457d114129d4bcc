//! The first page: what the market leads with today.

use super::super::error::WebResult;
use super::super::form::Query;
use super::super::page;
use super::look::{CardLook, Mark, Reader, To, address, until};
use crate::domain::commune;
use crate::domain::commune::Commune;
use crate::domain::search::FacetCount;
use crate::service::browsing::{Card, commune_of};
use crate::service::greeting::{self, Greeting, Seller};
use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

/// Communes that the first page names.
const MOST_COMMUNES: usize = 16;

/// Where goods go.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    pub xa: String,
}

#[derive(Serialize)]
struct HomePage {
    to: To,
    month: u32,
    in_season: Vec<CardLook>,
    fresh: Vec<CardLook>,
    few_left: Vec<CardLook>,
    cooperatives: Vec<SellerLook>,
    categories: Vec<Way>,
    communes: Vec<Way>,
    total: u64,
    all_href: String,
}

/// A way with what it is called and how much lies there.
#[derive(Debug, Serialize)]
pub struct Way {
    pub label: String,
    pub href: String,
    pub count: u64,
}

/// One cooperative in a list.
#[derive(Debug, Serialize)]
struct SellerLook {
    name: String,
    href: String,
    mark: Mark,
    commune: String,
    goods: u64,
    fresh: Option<String>,
}

/// `GET /`
pub async fn show_home(req: HttpRequest, query: Query<Place>) -> WebResult {
    let reader = Reader::of(&req)?;
    let to = commune_of(Some(&query.0.xa));
    let greeting = greeting::greet(&reader.site.kit, to).await?;
    let shown: Vec<&Card> = [&greeting.in_season, &greeting.fresh, &greeting.few_left].into_iter().flatten().collect();
    let until = until(shown, reader.now);
    page::public_until(&req, "shop/home.html", &home(&reader, &greeting, to), Some(until))
}

fn home(reader: &Reader<'_>, greeting: &Greeting, to: Option<&'static Commune>) -> HomePage {
    HomePage {
        to: To::new(to, "/"),
        month: reader.now.day().month(),
        in_season: reader.cards(&greeting.in_season, to),
        fresh: reader.cards(&greeting.fresh, to),
        few_left: reader.cards(&greeting.few_left, to),
        cooperatives: greeting.cooperatives.iter().map(|seller| seller_look(reader, seller, to)).collect(),
        categories: categories(reader, &greeting.categories, to),
        communes: communes(&greeting.communes, to),
        total: greeting.total,
        all_href: address("/tim", to),
    }
}

fn seller_look(reader: &Reader<'_>, seller: &Seller, to: Option<&Commune>) -> SellerLook {
    SellerLook {
        name: seller.cooperative.name.clone(),
        href: address(&format!("/htx/{}", seller.cooperative.slug), to),
        mark: Mark::of(&seller.cooperative),
        commune: commune::find(&seller.cooperative.commune_code)
            .map(|commune| commune.name.clone())
            .unwrap_or_default(),
        goods: seller.goods,
        fresh: seller.freshest.map(|day| reader.past_day(day)),
    }
}

/// The categories that have goods, the fullest first.
pub fn categories(reader: &Reader<'_>, counts: &[FacetCount], to: Option<&Commune>) -> Vec<Way> {
    let way = |count: &FacetCount| Way {
        label: reader.say(&format!("shop-category-{}", count.value)),
        href: format!("/tim?category={}{}", count.value, to.map(|to| format!("&xa={}", to.code)).unwrap_or_default()),
        count: count.count,
    };
    counts.iter().map(way).collect()
}

fn communes(counts: &[FacetCount], to: Option<&Commune>) -> Vec<Way> {
    let way = |count: &FacetCount| {
        let found = commune::find(&count.value)?;
        Some(Way { label: found.name.clone(), href: address(&format!("/xa/{}", found.code), to), count: count.count })
    };
    counts.iter().filter_map(way).take(MOST_COMMUNES).collect()
}
