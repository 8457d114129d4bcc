//! What the trace page's template needs: the lot as plain values, ready for filters and texts.

use super::super::error::WebError;
use super::super::page;
use super::super::shop::look::Reader;
use crate::domain::commune;
use crate::domain::product::ProductState;
use crate::domain::time::At;
use crate::domain::trace::Step;
use crate::gateway::qr::{self, Caption};
use crate::service::kit::Kit;
use crate::service::tracing_lots::{LotTrace, StepShown};
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// Fingerprints that one step shows; all of them stand in the JSON.
const SHOWN_PRINTS: usize = 3;

pub(super) fn page(req: &HttpRequest, kit: &Kit, trace: &LotTrace) -> Result<Value, WebError> {
    let code = &trace.lot.code;
    let url = format!("{}/truy-xuat/{code}", kit.config.base_url);
    let title = page::say(req, "trace-qr-title");
    let svg = qr::svg(&url, &Caption { title: &title, above: None, below: None }).map_err(WebError::broken)?;
    let items = trace.nine_items();
    let is_on_show = trace.product.state == ProductState::Published;
    Ok(json!({
        "code": code,
        "url": url,
        "qr_svg": svg,
        "is_stopped": trace.is_stopped(),
        "reason": trace.lot.state_reason,
        "is_past_its_day": trace.is_past_its_day(),
        "kind": trace.lot.kind,
        "product_url": is_on_show.then(|| format!("/san-pham/{}", trace.product.slug)),
        "picture_url": picture_url(req, trace)?,
        "picture_alt": trace.picture.as_ref().map(|picture| picture.alt.as_str()),
        "items": {
            "product_name": items.product_name,
            "producer": items.producer,
            "address": items.address,
            "origin": items.origin,
            "brand": items.brand,
            "made_on": items.made_on,
            "best_before": items.best_before,
            "standards": items.standards,
            "papers": items.papers.iter().map(|paper| json!({
                "kind": paper.kind, "number": paper.number, "issued_by": paper.issued_by, "grade": paper.grade,
                "valid_until": paper.valid_until,
            })).collect::<Vec<_>>(),
            "events": items.events,
            "missing": items.missing,
        },
        "owner": { "name": trace.owner.name, "url": format!("/htx/{}", trace.owner.slug), "phone": trace.owner.phone },
        "seller": (trace.seller.id != trace.owner.id)
            .then(|| json!({ "name": trace.seller.name, "url": format!("/htx/{}", trace.seller.slug) })),
        "steps": trace.steps.iter().map(step).collect::<Vec<_>>(),
        "unit": trace.unit(),
        "stock": {
            "came_in": trace.balance.came_in().map_err(WebError::broken)?,
            "sold": trace.balance.sold,
            "sold_outside": trace.balance.sold_outside,
            "lost": trace.balance.lost,
            "counted": trace.balance.counted,
            "left": trace.balance.left,
            "available": trace.available,
        },
    }))
}

fn step(step: &StepShown) -> Value {
    let commune =
        step.commune_code.as_deref().and_then(commune::find).map(|found| found.name.clone()).unwrap_or_default();
    // People mostly write the commune themselves: «thôn 8, Xã Tân Hưng».
    let place: Vec<String> = if step.place.contains(&commune) {
        vec![step.place.clone()]
    } else {
        [step.place.clone(), commune].into_iter().filter(|part| !part.is_empty()).collect()
    };
    let late_s = step.recorded_at.map_or(0, |at| at.seconds_since(step.from));
    json!({
        "word": step.step.map(Step::word),
        "biz_step": step.biz_step,
        "icon": icon(step.step),
        "at": step.from,
        "day": step.from.day(),
        "from_hour": hour(step.from),
        "to_hour": hour(step.to).saturating_add(1),
        "recorded_at": step.recorded_at.filter(|_| late_s > 24 * 3600),
        "place": place.join(", "),
        "party": step.party,
        "by": step.word_of,
        "orders": step.orders,
        "base": step.base.map(|base| base.0.abs()),
        "prints": step.fingerprints.iter().take(SHOWN_PRINTS).map(|print| short(print)).collect::<Vec<_>>(),
        "more_prints": step.fingerprints.len().saturating_sub(SHOWN_PRINTS),
    })
}

fn hour(at: At) -> i64 {
    at.minute_of_day().div_euclid(60)
}

/// The first sixteen digits in groups of four: enough to compare by eye.
fn short(print: &str) -> String {
    print.chars().take(16).enumerate().fold(String::new(), |mut out, (index, digit)| {
        if index > 0 && index % 4 == 0 {
            out.push(' ');
        }
        out.push(digit);
        out
    })
}

const fn icon(step: Option<Step>) -> &'static str {
    match step {
        Some(Step::Harvested) => "sprout",
        Some(Step::Sold) => "receipt",
        Some(Step::Released) => "refresh",
        Some(Step::Weighed) => "scale",
        Some(Step::Packed) => "box",
        Some(Step::Shipped) => "truck",
        Some(Step::HandedOver) => "check",
        Some(Step::Returned) => "refresh",
        Some(Step::Lost) => "minus",
        Some(Step::SoldOutside) => "store",
        Some(Step::Counted) => "list",
        None => "info",
    }
}

/// Width of the picture in the list of nine items, and in the JSON.
const PICTURE_PX: u32 = 720;

/// Where the product's picture is fetched.
pub(in crate::web) fn picture_url(req: &HttpRequest, trace: &LotTrace) -> Result<Option<String>, WebError> {
    let reader = Reader::of(req)?;
    Ok(trace.picture.as_ref().and_then(|picture| reader.picture(picture, PICTURE_PX)))
}
