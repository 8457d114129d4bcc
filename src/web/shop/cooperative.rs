//! One cooperative: who it is by law, where, in what hours, with which papers, what it sells and how it brings it.

use super::super::error::WebResult;
use super::super::form::Query;
use super::super::page;
use super::answers::answers_said;
use super::home::Place;
use super::look::{CardLook, Mark, Reader, To, address, until};
use super::ways::{self, WayLook};
use crate::domain::commune;
use crate::domain::phone::Phone;
use crate::domain::product::CooperativeState;
use crate::domain::stock::StockWord;
use crate::service::answer_score;
use crate::service::browsing::{self, Certificate, Cooperative, CooperativePage, commune_of};
use actix_web::{HttpRequest, web};
use serde::Serialize;

#[derive(Serialize)]
struct SellerPage {
    name: String,
    /// How soon it answers.
    answers: Option<String>,
    legal_name: String,
    about: Vec<String>,
    mark: Mark,
    cover: Option<String>,
    place: String,
    commune: String,
    commune_href: String,
    hours: String,
    tax_code: Option<String>,
    registration_no: Option<String>,
    contact: Contact,
    papers: Vec<Paper>,
    ways: Vec<WayLook>,
    cards: Vec<CardLook>,
    /// Sold out or out of season, below the others.
    resting: Vec<CardLook>,
    is_paused: bool,
    to: To,
    canonical: String,
}

/// How a shopper asks before buying.
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    /// As it is read.
    pub phone: String,
    pub tel: String,
    pub zalo: String,
}

impl Contact {
    /// None when the phone of the cooperative cannot be dialled.
    pub fn of(phone: &str) -> Option<Self> {
        let phone: Phone = phone.parse().ok()?;
        Some(Self { phone: phone.shown(), tel: phone.tel(), zalo: phone.zalo_link() })
    }

    fn or_empty(phone: &str) -> Self {
        Self::of(phone).unwrap_or(Self { phone: String::new(), tel: String::new(), zalo: String::new() })
    }
}

/// One paper in force.
#[derive(Debug, Clone, Serialize)]
pub struct Paper {
    pub label: String,
    /// Number, who issued it, until when it is good.
    pub detail: String,
}

impl Paper {
    pub fn of(reader: &Reader<'_>, paper: &Certificate) -> Self {
        let mut parts = Vec::new();
        if !paper.number.is_empty() {
            parts.push(reader.with("shop-paper-number", &[("number", paper.number.clone())]));
        }
        if !paper.issued_by.is_empty() {
            parts.push(paper.issued_by.clone());
        }
        if let Some(until) = paper.valid_until {
            let day = format!("{}/{}/{}", until.day_of_month(), until.month(), until.year());
            parts.push(reader.with("shop-paper-until", &[("day", day)]));
        }
        Self { label: reader.paper(paper), detail: parts.join(" · ") }
    }
}

/// Where a cooperative sits, for one line.
pub fn place_of(cooperative: &Cooperative) -> String {
    let Some(commune) = commune::find(&cooperative.commune_code) else { return cooperative.address.clone() };
    let address = cooperative.address.trim();
    // Many write the commune into the address too.
    let end = if address.contains(&commune.name) { commune.province_name.clone() } else { commune.with_province() };
    if address.is_empty() { end } else { format!("{address}, {end}") }
}

/// `GET /htx/{slug}`
pub async fn show_cooperative(req: HttpRequest, slug: web::Path<String>, query: Query<Place>) -> WebResult {
    let reader = Reader::of(&req)?;
    let to = commune_of(Some(&query.0.xa));
    let found = browsing::show_cooperative(&reader.site.kit, &slug, to).await?;
    let until = until(&found.cards, reader.now);
    let score = answer_score::find_score(&reader.site.kit, &found.cooperative.id).await?;
    let fill = SellerPage { answers: answers_said(&reader, score), ..seller_page(&reader, &found, to) };
    page::public_until(&req, "shop/cooperative.html", &fill, Some(until))
}

fn seller_page(reader: &Reader<'_>, found: &CooperativePage, to: Option<&'static commune::Commune>) -> SellerPage {
    let cooperative = &found.cooperative;
    let (resting, ready): (Vec<_>, Vec<_>) =
        found.cards.iter().cloned().partition(|card| card.stock == StockWord::SoldOut);
    let path = format!("/htx/{}", cooperative.slug);
    SellerPage {
        answers: None,
        name: cooperative.name.clone(),
        legal_name: cooperative.legal_name.clone(),
        about: cooperative.about.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        mark: Mark::of(cooperative),
        cover: cooperative.cover.as_deref().and_then(|cover| reader.cover(cover)),
        place: place_of(cooperative),
        commune: commune::find(&cooperative.commune_code).map(|commune| commune.name.clone()).unwrap_or_default(),
        commune_href: address(&format!("/xa/{}", cooperative.commune_code), to),
        hours: ways::hours(reader, cooperative.opens_min, cooperative.closes_min),
        tax_code: cooperative.tax_code.clone(),
        registration_no: cooperative.registration_no.clone(),
        contact: Contact::or_empty(&cooperative.phone),
        // A paper of one product stands at the product.
        papers: found
            .certificates
            .iter()
            .filter(|paper| paper.product_id.is_none())
            .map(|paper| Paper::of(reader, paper))
            .collect(),
        ways: ways::looks(reader, &found.ways, &found.points),
        cards: reader.cards(&ready, to),
        resting: reader.cards(&resting, to),
        is_paused: cooperative.state == CooperativeState::Paused,
        to: To::new(to, &path),
        canonical: format!("{}{path}", reader.site.kit.config.base_url),
    }
}
