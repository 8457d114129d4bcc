//! What an order's own page shows of claims. Values ready to read; no HTML.

use super::super::claim_said::{at_said, named};
use crate::service::claim_view::OrderClaims;
use crate::service::showing::OrderView;
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// The address of an order's claims for whoever holds its key.
pub(super) fn claims_url(view: &OrderView, key: &str) -> String {
    format!("/don/{}/bao-hang?k={key}", view.order.code)
}

/// The card on the order's own page: whether claims can be made, until when, and what became of those that were.
pub(super) fn card(req: &HttpRequest, view: &OrderView, claims: &OrderClaims, key: &str) -> Option<Value> {
    if view.order.state.is_dead() {
        return None;
    }
    let rows = claims.claims.iter().map(|one| {
        json!({
            "name": named(&one.line.product_name, &one.line.offer_label),
            "state": one.claim.state,
            "accepted_vnd": one.claim.accepted_vnd.vnd(),
        })
    });
    Some(json!({
        "url": claims_url(view, key),
        "review_url": view.order.state.is_handed_over().then(|| format!("/don/{}/danh-gia?k={key}", view.order.code)),
        "within_h": claims.within_h,
        "until": claims.until.map(|until| at_said(req, until)),
        "can_claim": !claims.free.is_empty(),
        "rows": rows.collect::<Vec<_>>(),
        "accepted_vnd": claims.accepted.vnd(),
    }))
}
