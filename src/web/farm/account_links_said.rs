//! How payment links stand at an account, in words for its page.

use super::desk::{at_said, words};
use crate::service::pay_link_keys::LinksView;
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// How links stand, for the account's page.
pub fn links_said(req: &HttpRequest, links: &LinksView) -> Value {
    let kind = match (links.has_keys, links.answer.as_deref()) {
        (true, Some("ok")) => "good",
        (true, None) => "calm",
        _ => "warn",
    };
    let said = match &links.answer {
        Some(word) if links.has_keys => words(req, &format!("statement-poll-{word}"), &[]),
        _ if links.has_keys => words(req, "farm-links-waits", &[]),
        _ => words(req, "farm-links-none", &[]),
    };
    json!({
        "has_keys": links.has_keys,
        "kind": kind,
        "at": links.answered_at.map(|at| at_said(req, at)),
        "text": said,
    })
}
