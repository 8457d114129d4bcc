//! `/api/v1/lots`: the past of a lot for programs, the same facts as the public page.

use super::super::error::{WebError, WebResult};
use super::super::trace::picture_url;
use crate::domain::code::LotCode;
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::trace::Step;
use crate::service::kit::Kit;
use crate::service::tracing_lots::{self, LotTrace, StepShown};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(show_lot), components(schemas(LotJson)))]
pub struct Docs;

/// A lot: the nine items of Decree 37/2026 (art. 23.5), its steps and its stock.
#[derive(Serialize, ToSchema)]
pub struct LotJson {
    code: String,
    /// `open`, `stopped` or `closed`.
    state: String,
    url: String,
    /// The slug of its product.
    product: String,
    /// The slug of who sells it.
    cooperative: String,
    items: ItemsJson,
    /// Which of the items are missing.
    missing: Vec<String>,
    events: Vec<EventJson>,
    stock: StockJson,
    as_of: String,
}

#[derive(Serialize, ToSchema)]
pub struct ItemsJson {
    product_name: String,
    image_url: Option<String>,
    producer: String,
    address: Option<String>,
    origin: Option<String>,
    /// How many critical tracking events there are; they stand in `events`.
    event_count: usize,
    brand: Option<String>,
    lot_code: String,
    /// Day of harvest or making, ISO 8601.
    made_on: String,
    best_before: Option<String>,
    standards: Vec<String>,
    certificates: Vec<PaperJson>,
}

#[derive(Serialize, ToSchema)]
pub struct PaperJson {
    kind: String,
    number: String,
    issued_by: String,
    valid_from: String,
    valid_until: Option<String>,
}

/// One step, or all steps of one kind and day that orders made: those tell the hour and how many, and nothing else.
#[derive(Serialize, ToSchema)]
pub struct EventJson {
    /// Our word: `harvested`, `sold`, `packed` …; null for a step we have no word for.
    step: Option<String>,
    /// CBV 2.0.
    biz_step: String,
    from: String,
    to: String,
    recorded_at: Option<String>,
    place: String,
    commune_code: Option<String>,
    party: String,
    /// `grower`, `cooperative`, `authority` or `instrument`.
    word_of: String,
    orders: usize,
    /// Decimal, in `stock.unit`.
    quantity: Option<String>,
    /// SHA-256 of each record with its salt, hex.
    fingerprints: Vec<String>,
}

/// Decimal strings in `unit`.
#[derive(Serialize, ToSchema)]
pub struct StockJson {
    /// `kg`, `l` or `piece`.
    unit: String,
    came_in: String,
    sold: String,
    sold_outside: String,
    lost: String,
    transformed: String,
    /// What counts have put right, either way.
    counted: String,
    left: String,
    /// What can still be ordered.
    available: String,
}

/// The past of a lot.
#[utoipa::path(
    get, path = "/api/v1/lots/{code}", tag = "lots",
    params(("code" = String, Path, description = "As printed on the label: NG and seven characters")),
    responses((status = 200, body = LotJson), (status = 404, description = "No lot has this code"))
)]
pub async fn show_lot(req: HttpRequest, kit: Kit, code: web::Path<String>) -> WebResult {
    let code: LotCode = code.parse().map_err(|_not_a_code| WebError::not_found())?;
    let trace = tracing_lots::show_lot(&kit, &code).await?;
    let body = lot_json(&req, &kit, &trace)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(body))
}

fn lot_json(req: &HttpRequest, kit: &Kit, trace: &LotTrace) -> Result<LotJson, WebError> {
    let items = trace.nine_items();
    let missing = items.missing.iter().map(|name| (*name).to_owned()).collect();
    let base_url = &kit.config.base_url;
    let image = picture_url(req, trace)?;
    let papers = items.papers.iter().map(|paper| PaperJson {
        kind: paper.kind.to_string(),
        number: paper.number.clone(),
        issued_by: paper.issued_by.clone(),
        valid_from: paper.valid_from.to_string(),
        valid_until: paper.valid_until.map(|day| day.to_string()),
    });
    Ok(LotJson {
        code: trace.lot.code.to_string(),
        state: trace.lot.state.to_string(),
        url: format!("{base_url}/truy-xuat/{}", trace.lot.code),
        product: trace.product.slug.clone(),
        cooperative: trace.seller.slug.clone(),
        items: ItemsJson {
            image_url: image.map(|path| format!("{base_url}{path}")),
            product_name: items.product_name,
            producer: items.producer,
            address: items.address,
            origin: items.origin,
            event_count: items.events,
            brand: items.brand,
            lot_code: items.lot_code.to_string(),
            made_on: items.made_on.to_string(),
            best_before: items.best_before.map(|day| day.to_string()),
            standards: items.standards,
            certificates: papers.collect(),
        },
        missing,
        events: trace.steps.iter().map(|step| event_json(step, trace.unit())).collect(),
        stock: stock_json(trace)?,
        as_of: trace.as_of.to_string(),
    })
}

fn event_json(step: &StepShown, unit: BaseUnit) -> EventJson {
    EventJson {
        step: step.step.map(|step| Step::word(step).to_owned()),
        biz_step: step.biz_step.clone(),
        from: step.from.to_string(),
        to: step.to.to_string(),
        recorded_at: step.recorded_at.map(|at| at.to_string()),
        place: step.place.clone(),
        commune_code: step.commune_code.clone(),
        party: step.party.clone(),
        word_of: step.word_of.to_string(),
        orders: step.orders,
        quantity: step.base.map(|base| decimal(Base(base.0.saturating_abs()), unit)),
        fingerprints: step.fingerprints.clone(),
    }
}

fn stock_json(trace: &LotTrace) -> Result<StockJson, WebError> {
    let unit = trace.unit();
    let said = |base: Base| decimal(base, unit);
    let word = match unit {
        BaseUnit::Gram => "kg",
        BaseUnit::Millilitre => "l",
        BaseUnit::Piece => "piece",
    };
    Ok(StockJson {
        unit: word.to_owned(),
        came_in: said(trace.balance.came_in().map_err(WebError::broken)?),
        sold: said(trace.balance.sold),
        sold_outside: said(trace.balance.sold_outside),
        lost: said(trace.balance.lost),
        transformed: said(trace.balance.transformed),
        counted: said(trace.balance.counted),
        left: said(trace.balance.left),
        available: said(trace.available),
    })
}

/// Grams as kilograms, millilitres as litres, pieces as they are.
fn decimal(base: Base, unit: BaseUnit) -> String {
    match unit {
        BaseUnit::Gram | BaseUnit::Millilitre => Quantity(base.0).decimal(),
        BaseUnit::Piece => base.0.to_string(),
    }
}
