//! `/don/{code}/bao-hang`: the buyer says what is wrong with what was received, sees what became of it, and takes it further. Opened by
//! the order's key, and its pictures too.

use super::super::claim_said::{self, at_said, named, say};
use super::super::error::{WebError, WebResult, see_other};
use super::super::farm::upload::Uploaded;
use super::super::form::Query;
use super::super::page::{self, Problem, once_more};
use super::super::route::Door::Shop;
use super::super::route::Who::Anyone;
use super::super::route::{Rate, Route, get, post};
use super::claim_fill::claims_url;
use super::order::Key;
use crate::domain::claim::{ClaimKind, ClaimState, MOST_PHOTOS};
use crate::domain::id::{ClaimId, ClaimPhotoId, hex};
use crate::domain::phone::Phone;
use crate::service::claim_view::{self, ClaimView, Eyes};
use crate::service::claiming::{self, LineSaid, RawClaim};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::showing::{self, OrderView};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A form with as many pictures as a claim may have, of the size of a telephone's, and room for the fields.
const CLAIM_FORM_MAX_BYTES: usize = 20 * 1024 * 1024;

/// The rows of these pages.
pub(super) fn routes() -> Vec<Route> {
    const NOBODYS: &str = "/don/HT7K2M9QA/bao-hang/018f0000-0000-7000-8000-000000000000";
    vec![
        get("/don/{code}/bao-hang", Shop, Anyone).sample("/don/HT7K2M9QA/bao-hang").to(show_claims),
        post("/don/{code}/bao-hang", Shop, Anyone)
            .sample("/don/HT7K2M9QA/bao-hang")
            .rate(Rate::SignIn)
            .body_max_bytes(CLAIM_FORM_MAX_BYTES)
            .to(make_claims),
        post("/don/{code}/bao-hang/{id}", Shop, Anyone)
            .sample(NOBODYS)
            .rate(Rate::SignIn)
            .body_max_bytes(CLAIM_FORM_MAX_BYTES)
            .to(act),
        get("/don/{code}/bao-hang/anh/{id}", Shop, Anyone)
            .sample("/don/HT7K2M9QA/bao-hang/anh/018f0000-0000-7000-8000-000000000000")
            .to(show_photo),
    ]
}

#[derive(Default)]
struct Around {
    problems: Vec<Problem>,
    /// What was typed, by field.
    typed: BTreeMap<String, String>,
}

async fn claims_page(req: &HttpRequest, kit: &Kit, view: &OrderView, key: &str, around: Around) -> WebResult {
    let claims = claim_view::show_order_claims(kit, view).await?;
    let code = &view.order.code;
    let typed = |name: String| around.typed.get(&name).cloned().unwrap_or_default();
    let photo = |id: &ClaimPhotoId| format!("/don/{code}/bao-hang/anh/{id}?k={key}");
    let lines = view.lines.iter().map(|one| &one.line).filter(|line| claims.free.contains(&line.id));
    let lines: Vec<Value> = lines
        .map(|line| {
            let (kind, quantity) = (format!("kind[{}]", line.id), format!("quantity[{}]", line.id));
            json!({
                "name": named(&line.product_name, &line.offer_label),
                "quantity": format!("{}\u{a0}{}", line.quantity.said(), line.unit),
                "unit": line.unit,
                "kind_field": kind.clone(), "kind": typed(kind),
                "quantity_field": quantity.clone(), "quantity_typed": typed(quantity),
            })
        })
        .collect();
    let press = around.typed.get("press").cloned().unwrap_or_else(|| hex(&kit.ten()));
    let now = kit.now();
    let row = |one: &ClaimView| {
        let mut shown = claim_said::record(req, one, photo);
        if let Some(fields) = shown.as_object_mut() {
            let state = one.claim.state;
            let sends = matches!(state, ClaimState::Open | ClaimState::Asked | ClaimState::Escalated);
            fields.insert("can_send".into(), json!(sends && one.photos.len() < MOST_PHOTOS));
            fields.insert("can_escalate".into(), json!(one.can_escalate(now)));
            fields.insert("can_close".into(), json!(state.is_under_way()));
            fields.insert("act_url".into(), json!(format!("/don/{code}/bao-hang/{}?k={key}", one.claim.id)));
        }
        shown
    };
    let kinds = ClaimKind::ALL
        .iter()
        .map(|kind| json!({ "value": kind, "label": say(req, &format!("claim-kind-{kind}"), &[]) }));
    let phone = view.cooperative.phone.parse::<Phone>().ok();
    let fill = json!({
        "problems": around.problems,
        "code": code.to_string(),
        "order_url": format!("/don/{code}?k={key}"),
        "post_url": claims_url(view, key),
        "cooperative": view.cooperative.name,
        "phone": view.cooperative.phone,
        "tel": phone.as_ref().map(Phone::tel),
        "zalo": phone.as_ref().map(Phone::zalo_link),
        "is_received": claims.until.is_some(),
        "until": claims.until.map(|until| at_said(req, until)),
        "is_over": claims.until.is_some_and(|until| until < now),
        "within_h": claims.within_h,
        "lines": lines,
        "kinds": kinds.collect::<Vec<_>>(),
        "press": press,
        "words": typed("words".into()),
        "most_photos": MOST_PHOTOS,
        "claims": claims.claims.iter().rev().map(row).collect::<Vec<_>>(),
    });
    page::personal(req, "shop/claim.html", &fill)
}

/// `GET /don/{code}/bao-hang?k=`
pub async fn show_claims(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    claims_page(&req, &kit, &view, &query.0.k, Around::default()).await
}

/// `POST /don/{code}/bao-hang?k=`: «Gửi báo hàng hỏng»
pub async fn make_claims(
    req: HttpRequest,
    kit: Kit,
    code: web::Path<String>,
    query: Query<Key>,
    form: Uploaded,
) -> WebResult {
    let (key, typed) = (query.0.k, form.typed);
    let view = showing::find_order(&kit, &code, &key).await?;
    let said = view.lines.iter().filter_map(|one| {
        let id = one.line.id.as_text();
        let (kind, quantity) = (typed.get(&format!("kind[{id}]")), typed.get(&format!("quantity[{id}]")));
        let is_said = !kind.is_empty() || !quantity.is_empty();
        is_said.then(|| LineSaid { line: id.to_owned(), kind: kind.to_owned(), quantity: quantity.to_owned() })
    });
    let raw =
        RawClaim { press: typed.get("press").to_owned(), lines: said.collect(), words: typed.get("words").to_owned() };
    match claiming::make_claims(&kit, &view.order.id, &raw, form.photos).await {
        Ok(()) => Ok(see_other(&claims_url(&view, &key))),
        Err(error) => {
            let typed = typed.shown().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let around = |problems| Around { problems, typed };
            once_more(&req, error, async |problems| claims_page(&req, &kit, &view, &key, around(problems)).await).await
        }
    }
}

/// `POST /don/{code}/bao-hang/{id}?k=`: content with it, to the operator with it, one more picture
pub async fn act(
    req: HttpRequest,
    kit: Kit,
    path: web::Path<(String, String)>,
    query: Query<Key>,
    form: Uploaded,
) -> WebResult {
    let (key, typed, (code, id)) = (query.0.k, form.typed, path.into_inner());
    let view = showing::find_order(&kit, &code, &key).await?;
    let id: ClaimId = id.parse().map_err(|_not_an_id| WebError::not_found())?;
    let order = &view.order.id;
    let seen = typed.get("seen").parse::<ClaimState>().map_err(|_no_state| ServiceError::NotFound);
    let done = match (typed.get("act"), seen) {
        ("photo", _) => claiming::send_photos(&kit, order, &id, form.photos).await,
        ("escalate", Ok(seen)) => claiming::escalate(&kit, order, &id, seen, typed.get("words")).await,
        (_, Ok(seen)) => claiming::close_claim(&kit, order, &id, seen).await,
        (_, Err(error)) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&claims_url(&view, &key))),
        Err(error) => {
            once_more(&req, error, async |problems| {
                claims_page(&req, &kit, &view, &key, Around { problems, ..Around::default() }).await
            })
            .await
        }
    }
}

/// `GET /don/{code}/bao-hang/anh/{id}?k=`
pub async fn show_photo(kit: Kit, path: web::Path<(String, String)>, query: Query<Key>) -> WebResult {
    let (code, id) = path.into_inner();
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    let id: ClaimPhotoId = id.parse().map_err(|_not_an_id| WebError::not_found())?;
    claim_said::picture(claim_view::show_photo(&kit, Eyes::Buyer(&view.order.id), &id).await?)
}
