//! One product: on one screen its prices, the day and the fee, who, where, picked when. A product that is not on sale any
//! more is told in words, with what is like it.

use super::super::error::{self, Fault, WebError, WebResult};
use super::super::form::Query;
use super::super::page;
use super::answers::answers_said;
use super::arrival::{self, ArrivalLook};
use super::cooperative::{Contact, Paper, place_of};
use super::home::Place;
use super::look::{CardLook, Reader, To, address};
use super::offers::{OfferChoice, Stepper, offer, per_unit, stepper};
use super::reviews::{self, ReviewsLook};
use super::ways::{self, WayLook};
use super::windows::{self, WindowLook};
use crate::domain::commune::Commune;
use crate::domain::quantity::BaseUnit;
use crate::domain::search::SearchQuery;
use crate::domain::stock::StockWord;
use crate::service::answer_score;
use crate::service::browsing::{self, LotOnSale, ProductPage, commune_of};
use crate::service::reviewing::{ProductReviews, show_reviews};
use crate::service::searching;
use crate::service::window_view;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::json;

/// Words of an address that a search for something alike begins with.
const LIKE_WORDS: usize = 4;
const MOST_LIKE: u32 = 8;

#[derive(Serialize)]
struct Page {
    slug: String,
    name: String,
    category: String,
    category_href: String,
    picture: Option<PictureLook>,
    tags: Vec<String>,
    price_vnd: i64,
    unit: String,
    /// «tức 32.000 ₫/kg», when the price is that of a pack.
    per_unit: Option<String>,
    stock: &'static str,
    /// «còn 42 kg»
    stock_text: String,
    next_harvest: Option<String>,
    is_in_season: bool,
    is_paused: bool,
    arrival: Option<ArrivalLook>,
    to: To,
    offers: Vec<OfferChoice>,
    chosen: String,
    stepper: Stepper,
    cooperative: String,
    cooperative_href: String,
    place: String,
    lots: Vec<LotLook>,
    windows: Vec<WindowLook>,
    contact: Option<Contact>,
    ways: Vec<WayLook>,
    papers: Vec<Paper>,
    about: Vec<String>,
    facts: Vec<Fact>,
    canonical: String,
    image_absolute: Option<String>,
    summary: String,
    json_ld: String,
    /// How soon the cooperative answers.
    answers: Option<String>,
    reviews: ReviewsLook,
}

#[derive(Serialize)]
struct PictureLook {
    url: String,
    alt: String,
    credit: String,
}

#[derive(Serialize)]
struct LotLook {
    made: String,
    code: String,
    place: String,
    grown_by: Option<String>,
    left: String,
    trace_href: String,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
}

/// `GET /san-pham/{slug}`
pub async fn show_product(req: HttpRequest, slug: web::Path<String>, query: Query<Place>) -> WebResult {
    let reader = Reader::of(&req)?;
    let to = commune_of(Some(&query.0.xa));
    match browsing::show_product(&reader.site.kit, &slug, to).await {
        Ok(found) => {
            let score = answer_score::find_score(&reader.site.kit, &found.card.cooperative.id).await?;
            let product = &found.card.product;
            let reviews = show_reviews(&reader.site.kit, &product.id).await?;
            let windows = window_view::list_on_sale(&reader.site.kit, &product.id, product.base_unit).await?;
            let piece = found.offers.first().map(|view| view.offer.unit.as_str()).unwrap_or_default();
            let windows = windows::looks(&reader, &windows, product.base_unit, piece);
            let fill = Page { answers: answers_said(&reader, score), windows, ..fill(&reader, &found, &reviews, to) };
            page::public_until(&req, "shop/product.html", &fill, Some(found.card.until))
        }
        Err(error) => {
            let error = WebError::from(error);
            if error.fault == Fault::NotFound { gone(&req, &slug, to, &error).await } else { Err(error) }
        }
    }
}

#[derive(Serialize)]
struct Gone {
    cards: Vec<CardLook>,
    all_href: String,
}

/// 404 in words, with goods that are like what the address names.
async fn gone(
    req: &HttpRequest,
    slug: &str,
    to: Option<&'static Commune>,
    error: &WebError,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(req)?;
    let words: Vec<&str> = slug.split('-').take(LIKE_WORDS).collect();
    let like = SearchQuery { q: words.join(" "), per_page: MOST_LIKE, ..SearchQuery::default() };
    let found = searching::search_products(&reader.site.kit, &like, to).await?;
    let fill = Gone { cards: reader.cards(&found.cards, to), all_href: address("/tim", to) };
    Ok(error::again(page::personal(req, "shop/gone.html", &fill)?, error))
}

fn fill(reader: &Reader<'_>, found: &ProductPage, reviews: &ProductReviews, to: Option<&'static Commune>) -> Page {
    let card = &found.card;
    let (product, cooperative) = (&card.product, &card.cooperative);
    let base_url = &reader.site.kit.config.base_url;
    let path = format!("/san-pham/{}", product.slug);
    let first = found.offers.first();
    let piece = first.map(|view| view.offer.unit.as_str()).unwrap_or_default();
    let chosen = found.offers.iter().find(|view| view.available.is_positive()).or(first);
    let picture = card.picture.as_ref().and_then(|picture| {
        let alt = if picture.alt.is_empty() { product.name.clone() } else { picture.alt.clone() };
        Some(PictureLook { url: reader.picture(picture, 1280)?, alt, credit: picture.credit.clone() })
    });
    let image_absolute = picture.as_ref().map(|picture| format!("{base_url}{}", picture.url));
    let about: Vec<String> =
        product.description.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    let category = format!("shop-category-{}", product.category);
    Page {
        answers: None,
        reviews: ReviewsLook::of(reader, reviews),
        json_ld: json_ld(reader, (found, reviews), &format!("{base_url}{path}"), image_absolute.as_deref()),
        slug: product.slug.clone(),
        name: product.name.clone(),
        category: reader.say(&category),
        category_href: format!(
            "/tim?category={}{}",
            product.category,
            to.map(|to| format!("&xa={}", to.code)).unwrap_or_default()
        ),
        tags: card.certificates.iter().map(|paper| reader.paper(paper)).collect(),
        price_vnd: first.map_or(0, |view| view.offer.price_vnd.vnd()),
        unit: piece.to_owned(),
        per_unit: first.and_then(|view| per_unit(reader, view, product.base_unit)),
        stock: reader.stock(card),
        stock_text: reader.with("shop-left", &[("left", reader.base(card.available, product.base_unit, piece))]),
        next_harvest: product.next_harvest_day.map(|day| reader.about(day)),
        is_in_season: card.is_in_season(reader.now.day()) && card.stock != StockWord::SoldOut,
        is_paused: !card.is_open(),
        arrival: arrival::look(reader, found, to),
        to: To::new(to, &path),
        offers: found.offers.iter().map(|view| offer(reader, view, product.base_unit)).collect(),
        chosen: chosen.map(|view| view.offer.id.to_string()).unwrap_or_default(),
        stepper: chosen.map(|view| stepper(reader, view, found.offers.len() == 1)).unwrap_or_default(),
        cooperative: cooperative.name.clone(),
        cooperative_href: address(&format!("/htx/{}", cooperative.slug), to),
        place: place_of(cooperative),
        lots: found.lots.iter().map(|lot| lot_look(reader, lot, product.base_unit, piece)).collect(),
        windows: Vec::new(),
        contact: Contact::of(&cooperative.phone),
        ways: ways::looks(reader, &found.ways, &found.points),
        papers: card.certificates.iter().map(|paper| Paper::of(reader, paper)).collect(),
        summary: about.first().cloned().unwrap_or_else(|| cooperative.name.clone()),
        about,
        facts: facts(reader, found),
        canonical: format!("{base_url}{path}"),
        image_absolute,
        picture,
    }
}

fn lot_look(reader: &Reader<'_>, on_sale: &LotOnSale, unit: BaseUnit, piece: &str) -> LotLook {
    let lot = &on_sale.lot;
    LotLook {
        made: reader.with(&format!("shop-lot-{}", lot.kind), &[("day", reader.past_day(lot.made_on))]),
        code: lot.code.to_string(),
        place: lot.place.clone(),
        grown_by: on_sale.grown_by.as_ref().map(|cooperative| cooperative.name.clone()),
        left: reader.base(on_sale.available, unit, piece),
        trace_href: format!("/truy-xuat/{}", lot.code),
    }
}

fn facts(reader: &Reader<'_>, found: &ProductPage) -> Vec<Fact> {
    let product = &found.card.product;
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| facts.push(Fact { label: reader.say(key), value });
    if let Some(days) = product.keeps_days {
        fact("shop-fact-keeps", reader.with("shop-fact-days", &[("days", days.to_string())]));
    }
    if product.charged_by_true_weight {
        let percent = crate::domain::quantity::Quantity(product.tolerance_bps.saturating_mul(10));
        fact("shop-fact-weighed", reader.with("shop-fact-weighed-text", &[("percent", reader.quantity(percent))]));
    }
    let also = product.also_called.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(", ");
    if !also.is_empty() {
        fact("shop-fact-also", also);
    }
    let standards = product.standards.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("; ");
    if !standards.is_empty() {
        fact("shop-fact-standards", standards);
    }
    facts
}

/// What search machines read: schema.org's Product with an Offer each. `<` is spelled so that no text can end the element.
fn json_ld(
    reader: &Reader<'_>,
    (found, reviews): (&ProductPage, &ProductReviews),
    url: &str,
    image: Option<&str>,
) -> String {
    let card = &found.card;
    let code = match card.product.base_unit {
        BaseUnit::Gram => "KGM",
        BaseUnit::Millilitre => "LTR",
        BaseUnit::Piece => "H87",
    };
    let offers = found.offers.iter().map(|view| {
        let is_there = view.available.is_positive() && card.is_open();
        let mut offer = json!({
            "@type": "Offer",
            "name": view.offer.label,
            "url": url,
            "price": view.offer.price_vnd.vnd().to_string(),
            "priceCurrency": "VND",
            "availability": if is_there { "https://schema.org/InStock" } else { "https://schema.org/OutOfStock" },
            "seller": { "@type": "Organization", "name": card.cooperative.legal_name },
        });
        if let (Some(price), Some(fields)) = (view.unit_price, offer.as_object_mut()) {
            fields.insert(
                "priceSpecification".to_owned(),
                json!({
                    "@type": "UnitPriceSpecification",
                    "price": price.vnd().to_string(),
                    "priceCurrency": "VND",
                    "referenceQuantity": { "@type": "QuantitativeValue", "value": "1", "unitCode": code },
                }),
            );
        }
        offer
    });
    let mut product = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": card.product.name,
        "description": card.product.description,
        "category": reader.say(&format!("shop-category-{}", card.product.category)),
        "sku": card.product.slug,
        "url": url,
        "image": image,
        "brand": { "@type": "Brand", "name": card.cooperative.name },
        "offers": offers.collect::<Vec<_>>(),
    });
    if let (Some(rating), Some(fields)) = (reviews::rating(reviews), product.as_object_mut()) {
        fields.insert("aggregateRating".to_owned(), rating);
    }
    product.to_string().replace('<', "\\u003c")
}
