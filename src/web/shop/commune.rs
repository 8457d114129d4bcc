//! One commune: its cooperatives and what they have now. The page that its chairman shares.

use super::super::error::WebResult;
use super::super::form::Query;
use super::super::page;
use super::home::Place;
use super::look::{CardLook, Mark, Reader, To, address, until};
use crate::domain::commune;
use crate::domain::stock::StockWord;
use crate::service::browsing::{self, CommunePage, commune_of};
use actix_web::{HttpRequest, web};
use serde::Serialize;

/// Neighbours that a page names, and how far one may be, kilometres.
const NEIGHBOURS: usize = 6;
const NEAR_KM: f64 = 12.0;
/// Old names that a line holds.
const OLD_NAMES: usize = 8;

#[derive(Serialize)]
struct Commune {
    name: String,
    province: String,
    /// Names that people still use.
    old_names: String,
    cooperatives: Vec<Seller>,
    cards: Vec<CardLook>,
    resting: Vec<CardLook>,
    neighbours: Vec<Neighbour>,
    to: To,
    canonical: String,
}

#[derive(Serialize)]
struct Seller {
    name: String,
    href: String,
    mark: Mark,
    goods: usize,
}

#[derive(Serialize)]
struct Neighbour {
    name: String,
    href: String,
}

/// `GET /xa/{code}`
pub async fn show_commune(req: HttpRequest, code: web::Path<String>, query: Query<Place>) -> WebResult {
    let reader = Reader::of(&req)?;
    let to = commune_of(Some(&query.0.xa));
    let found = browsing::show_commune(&reader.site.kit, &code, to).await?;
    let until = until(&found.cards, reader.now);
    page::public_until(&req, "shop/commune.html", &commune_page(&reader, &found, to), Some(until))
}

fn commune_page(reader: &Reader<'_>, found: &CommunePage, to: Option<&'static commune::Commune>) -> Commune {
    let code = &found.commune.code;
    let path = format!("/xa/{code}");
    let (resting, ready): (Vec<_>, Vec<_>) =
        found.cards.iter().cloned().partition(|card| card.stock == StockWord::SoldOut);
    let sellers = found.cooperatives.iter().map(|cooperative| Seller {
        name: cooperative.name.clone(),
        href: address(&format!("/htx/{}", cooperative.slug), to),
        mark: Mark::of(cooperative),
        goods: found.cards.iter().filter(|card| card.cooperative.id == cooperative.id).count(),
    });
    let near = commune::place::near(code, NEAR_KM).into_iter().filter(|other| other.code != *code).take(NEIGHBOURS);
    let mut old_names = commune::old_names(code);
    old_names.truncate(OLD_NAMES);
    Commune {
        name: found.commune.name.clone(),
        province: found.commune.province_name.clone(),
        old_names: old_names.join(", "),
        cooperatives: sellers.collect(),
        cards: reader.cards(&ready, to),
        resting: reader.cards(&resting, to),
        neighbours: near
            .map(|other| Neighbour { name: other.name.clone(), href: address(&format!("/xa/{}", other.code), to) })
            .collect(),
        to: To::new(to, &path),
        canonical: format!("{}{path}", reader.site.kit.config.base_url),
    }
}
