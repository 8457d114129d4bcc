//! A claim as the doors show it: what is wrong, with what pictures, what was done. Values ready to read; no HTML. And its pictures as
//! answers that nobody keeps.

use super::error::WebResult;
use super::lang::lang_of;
use super::site::Site;
use crate::domain::id::ClaimPhotoId;
use crate::domain::order::ActorKind;
use crate::domain::phone::Phone;
use crate::domain::time::At;
use crate::service::claim_view::ClaimView;
use crate::view::filters;
use crate::view::texts::Args;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

/// A text with its arguments in the language of a request.
pub fn say(req: &HttpRequest, key: &str, args: &[(&str, &str)]) -> String {
    let mut filled = Args::new();
    for (name, value) in args {
        filled.set((*name).to_owned(), (*value).to_owned());
    }
    Site::of(req).map_or_else(|_no_site| key.to_owned(), |site| site.kit.views.say_with(lang_of(req), key, &filled))
}

/// An instant with its day.
pub fn at_said(req: &HttpRequest, at: At) -> String {
    filters::at_said(at, lang_of(req), false)
}

/// What a product and its pack are called on a line.
pub fn line_name(view: &ClaimView) -> String {
    named(&view.line.product_name, &view.line.offer_label)
}

pub fn named(product: &str, offer: &str) -> String {
    if offer.is_empty() { product.to_owned() } else { format!("{product}, {offer}") }
}

/// A claim whole; `photo` says where its pictures are for whoever looks.
pub fn record(req: &HttpRequest, view: &ClaimView, photo: impl Fn(&ClaimPhotoId) -> String) -> Value {
    let (claim, line) = (&view.claim, &view.line);
    let quantity = claim.quantity.map_or_else(
        || say(req, "claim-whole", &[("quantity", &format!("{}\u{a0}{}", line.quantity.said(), line.unit))]),
        |part| format!("{}\u{a0}{}", part.said(), line.unit),
    );
    let phone = |text: &str| text.parse::<Phone>().ok().map(|phone| phone.tel());
    json!({
        "id": claim.id,
        "state": claim.state,
        "kind": claim.kind,
        "name": line_name(view),
        "quantity": quantity,
        "words": claim.words,
        "made_at": at_said(req, claim.made_at),
        "proposal_vnd": view.proposal.vnd(),
        "left_vnd": view.left.vnd(),
        "accepted_vnd": claim.accepted_vnd.vnd(),
        "found_vnd": view.found().and_then(|step| step.amount_vnd).map(|amount| amount.vnd()),
        "photos": view.photos.iter().map(photo).collect::<Vec<_>>(),
        "lots": view.lots.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "steps": steps(req, view),
        "answer_by": view.answer_by.map(|at| at_said(req, at)),
        "solve_by": at_said(req, claim.solve_by),
        "is_late": view.is_late,
        "code": view.order.code.to_string(),
        "who": view.buyer.buyer_name,
        "phone": view.buyer.buyer_phone,
        "tel": phone(&view.buyer.buyer_phone),
        "cooperative": view.cooperative.name,
        "cooperative_phone": view.cooperative.phone,
        "cooperative_tel": phone(&view.cooperative.phone),
    })
}

/// What was done, oldest first, each with who and in which words.
fn steps(req: &HttpRequest, view: &ClaimView) -> Vec<Value> {
    let rows = view.steps.iter().map(|step| {
        let who = match (step.by_kind, step.by_account_id.as_ref().and_then(|id| view.names.get(id))) {
            // The operator speaks for the market, not as a person.
            (ActorKind::Operator, _) => say(req, "claim-by-operator", &[]),
            (ActorKind::Shopper, _) => say(req, "claim-by-buyer", &[]),
            (ActorKind::Cooperative, Some(name)) => format!("{} ({name})", view.cooperative.name),
            (ActorKind::Cooperative, None) => view.cooperative.name.clone(),
            _ => say(req, "claim-by-clock", &[]),
        };
        let amount = step.amount_vnd.unwrap_or_default().to_string();
        json!({
            "title": say(req, &format!("claim-step-{}", step.event), &[("who", &who), ("amount", &amount)]),
            "when": at_said(req, step.at),
            "note": step.words,
            "state": "done",
        })
    });
    rows.collect()
}

/// A picture that only whoever asked may see: nobody keeps it on the way.
pub fn picture(bytes: Vec<u8>) -> WebResult {
    Ok(HttpResponse::Ok()
        .content_type("image/webp")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("x-robots-tag", "noindex"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(bytes))
}
