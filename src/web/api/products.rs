//! Goods for programs: the same results and figures as the pages, from the same use cases.

use super::super::error::{WebError, WebResult};
use super::super::form::Query;
use super::super::shop::asked::Asked;
use super::super::shop::look::Reader;
use crate::domain::search::Facets;
use crate::service::browsing::{self, Card, LotOnSale, OfferView, ProductPage, commune_of};
use crate::service::searching;
use crate::service::window_view::{self, WindowOnSale};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(paths(find_products, show_product))]
pub struct Docs;

/// One product in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Item {
    slug: String,
    name: String,
    /// The cooperative's slug, as the filter takes it.
    cooperative: String,
    cooperative_name: String,
    /// Of its first offer, whole đồng.
    price_vnd: i64,
    /// Sale unit of its first offer.
    unit: String,
    /// What can be ordered now, in sale units of its first offer: a decimal string.
    available: String,
    image_url: Option<String>,
    /// Kinds of certificate in force.
    certificates: Vec<String>,
}

/// One page of products.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items {
    items: Vec<Item>,
    /// On all pages.
    total: u64,
    page: u32,
    per_page: u32,
    /// By name (`category`, `cooperative`, `commune`, `certificate`): each value with how many results have it.
    facets: BTreeMap<String, Vec<Facet>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Facet {
    value: String,
    count: u64,
}

/// One product whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Whole {
    #[serde(flatten)]
    item: Item,
    category: String,
    description: String,
    /// `g`, `ml` or `piece`: what base quantities count.
    base_unit: String,
    offers: Vec<Offer>,
    lots: Vec<Lot>,
    /// What can be ordered before its harvest, soonest first.
    windows: Vec<Window>,
    /// Day of the next harvest, when it is known.
    next_harvest: Option<String>,
    /// First day on which it can be at `?commune=`; null without a commune or a way there.
    deliver_on: Option<String>,
    /// What bringing it there costs, and until when to order for that day.
    delivery_fee_vnd: Option<i64>,
    order_by: Option<String>,
}

/// A sale unit, pack or grade.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    id: String,
    label: String,
    unit: String,
    /// Base units in one sale unit: a decimal string.
    base_quantity: String,
    /// The base quantity is «khoảng».
    about: bool,
    price_vnd: i64,
    /// Per kilogram or litre, where a pack is exact.
    unit_price_vnd: Option<i64>,
    min_quantity: String,
    step_quantity: String,
    available: String,
    /// Lower prices from a quantity on.
    steps: Vec<PriceStep>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PriceStep {
    from_quantity: String,
    price_vnd: i64,
}

/// A lot that the product is now sold from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lot {
    code: String,
    /// Day of harvest, making or reception.
    made_on: String,
    best_before: Option<String>,
    place: String,
    commune: String,
    /// In base units: a decimal string.
    available: String,
    trace_url: String,
}

/// Goods that can be ordered before they are harvested, by offers of their own.
#[derive(Debug, Serialize, ToSchema)]
pub struct Window {
    id: String,
    /// First and last day of the harvest.
    harvest_from: String,
    harvest_to: String,
    /// RFC 3339: an order that begins before it is in time.
    order_by: String,
    /// Who gets how much when less is harvested: `first` (whoever ordered first gets all of it first) or `equal` (the same share each).
    sharing: String,
    /// What is paid before the order stands, in hundredths of a percent of its sum; 0: nothing.
    deposit_bps: i64,
    /// In base units: a decimal string.
    available: String,
    offers: Vec<Offer>,
}

fn window(on_sale: &WindowOnSale) -> Window {
    let window = &on_sale.window;
    Window {
        id: window.id.to_string(),
        harvest_from: window.harvest_from.to_string(),
        harvest_to: window.harvest_to.to_string(),
        order_by: window.closes_at.rfc3339(),
        sharing: window.sharing.to_string(),
        deposit_bps: window.deposit_bps,
        available: on_sale.available.0.to_string(),
        offers: on_sale.offers.iter().map(offer).collect(),
    }
}

fn item(reader: &Reader<'_>, card: &Card) -> Option<Item> {
    let offer = card.offer.as_ref()?;
    let image = card.picture.as_ref().and_then(|picture| reader.picture(picture, 720));
    Some(Item {
        slug: card.product.slug.clone(),
        name: card.product.name.clone(),
        cooperative: card.cooperative.slug.clone(),
        cooperative_name: card.cooperative.name.clone(),
        price_vnd: offer.price_vnd.vnd(),
        unit: offer.unit.clone(),
        available: card.available_quantity().decimal(),
        image_url: image.map(|path| format!("{}{path}", reader.site.kit.config.base_url)),
        certificates: card.certificate_kinds().iter().map(ToString::to_string).collect(),
    })
}

/// Search and browse: the same results, in the same order, as the page /tim.
#[utoipa::path(
    get,
    path = "/api/v1/products",
    tag = "products",
    params(
        ("q" = Option<String>, Query, description = "Words as people type them, with or without marks"),
        ("category" = Option<String>, Query),
        ("cooperative" = Option<String>, Query, description = "Slug"),
        ("commune" = Option<String>, Query, description = "Official code of the cooperative's commune"),
        ("certificate" = Option<String>, Query, description = "Kind of certificate in force"),
        ("min_price" = Option<i64>, Query, description = "Whole đồng, of the first offer"),
        ("max_price" = Option<i64>, Query),
        ("sort" = Option<String>, Query, description = "relevance, price, price-desc, newest or harvest"),
        ("page" = Option<u32>, Query, minimum = 1),
        ("per_page" = Option<u32>, Query, minimum = 1, maximum = 100, description = "24 when absent; more than 100 counts as 100")
    ),
    responses((status = 200, body = Items), (status = 400, description = "A number or an order that cannot be read"))
)]
pub async fn find_products(req: HttpRequest, query: Query<Asked>) -> WebResult {
    let reader = Reader::of(&req)?;
    let wanted = query.0.strict_query()?;
    let found = searching::search_products(&reader.site.kit, &wanted, None).await?;
    json(&Items {
        items: found.cards.iter().filter_map(|card| item(&reader, card)).collect(),
        total: found.total,
        page: wanted.page,
        per_page: wanted.limit(),
        facets: facets(found.facets),
    })
}

fn facets(found: Facets) -> BTreeMap<String, Vec<Facet>> {
    let values = |counts: Vec<crate::domain::search::FacetCount>| {
        counts.into_iter().map(|one| Facet { value: one.value, count: one.count }).collect()
    };
    found.into_iter().map(|(name, counts)| (name, values(counts))).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct To {
    commune: String,
}

/// One product with its offers and the lots on sale.
#[utoipa::path(
    get,
    path = "/api/v1/products/{slug}",
    tag = "products",
    params(
        ("slug" = String, Path),
        ("commune" = Option<String>, Query, description = "Official code of the commune that it is to be brought to, for `deliver_on`")
    ),
    responses(
        (status = 200, body = Whole),
        (status = 400, description = "No such commune"),
        (status = 404, description = "No such product on sale")
    )
)]
pub async fn show_product(req: HttpRequest, slug: web::Path<String>, query: Query<To>) -> WebResult {
    let reader = Reader::of(&req)?;
    let to = commune_of(Some(&query.0.commune));
    if to.is_none() && !query.0.commune.is_empty() {
        return Err(WebError::bad_request("commune: no such code"));
    }
    let found = browsing::show_product(&reader.site.kit, &slug, to).await?;
    let product = &found.card.product;
    let windows = window_view::list_on_sale(&reader.site.kit, &product.id, product.base_unit).await?;
    json(&whole(&reader, &found, &windows).ok_or_else(WebError::not_found)?)
}

fn whole(reader: &Reader<'_>, found: &ProductPage, windows: &[WindowOnSale]) -> Option<Whole> {
    let card = &found.card;
    let arrival = card.arrives.as_ref();
    let base_url = &reader.site.kit.config.base_url;
    Some(Whole {
        item: item(reader, card)?,
        category: card.product.category.to_string(),
        description: card.product.description.clone(),
        base_unit: card.product.base_unit.to_string(),
        offers: found.offers.iter().map(offer).collect(),
        lots: found.lots.iter().map(|on_sale| lot(on_sale, base_url)).collect(),
        windows: windows.iter().map(window).collect(),
        next_harvest: card.product.next_harvest_day.map(|day| day.to_string()),
        deliver_on: arrival.map(|arrival| arrival.day.to_string()),
        delivery_fee_vnd: arrival.map(|arrival| arrival.way.fee_vnd.vnd()),
        order_by: arrival.map(|arrival| arrival.cutoff.rfc3339()),
    })
}

fn offer(view: &OfferView) -> Offer {
    Offer {
        id: view.offer.id.to_string(),
        label: view.offer.label.clone(),
        unit: view.offer.unit.clone(),
        base_quantity: view.offer.base_quantity.0.to_string(),
        about: view.offer.about,
        price_vnd: view.offer.price_vnd.vnd(),
        unit_price_vnd: view.unit_price.map(|price| price.vnd()),
        min_quantity: view.offer.min_quantity.decimal(),
        step_quantity: view.offer.step_quantity.decimal(),
        available: view.available.decimal(),
        steps: view
            .steps
            .iter()
            .map(|step| PriceStep { from_quantity: step.from_quantity.decimal(), price_vnd: step.price_vnd.vnd() })
            .collect(),
    }
}

fn lot(on_sale: &LotOnSale, base_url: &str) -> Lot {
    let lot = &on_sale.lot;
    Lot {
        code: lot.code.to_string(),
        made_on: lot.made_on.to_string(),
        best_before: lot.best_before.map(|day| day.to_string()),
        place: lot.place.clone(),
        commune: lot.commune_code.clone(),
        available: on_sale.available.0.to_string(),
        trace_url: format!("{base_url}/truy-xuat/{}", lot.code),
    }
}

/// Always asked for again: stock changes by the minute.
fn json(body: &impl Serialize) -> WebResult {
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(body))
}
