//! Support, how to pay, and the rules in short. Who runs this market stands in the configuration.

use super::super::error::WebResult;
use super::super::page;
use super::super::site::Site;
use actix_web::HttpRequest;
use serde_json::json;

/// The version of the rules below; raised with every change of their meaning.
pub const RULES_VERSION: &str = "2026-11-01";

/// `GET /ho-tro`
pub async fn show_help(req: HttpRequest) -> WebResult {
    page::public(&req, "shop/help.html", &operator(&req)?)
}

/// `GET /ho-tro/quy-che`
pub async fn show_rules(req: HttpRequest) -> WebResult {
    page::public(&req, "shop/rules.html", &operator(&req)?)
}

fn operator(req: &HttpRequest) -> Result<serde_json::Value, super::super::WebError> {
    let config = &Site::of(req)?.kit.config;
    Ok(json!({
        "operator": config.mail_from_name,
        "mail": config.mail_from_address,
        "host": config.host(),
        "rules_version": RULES_VERSION,
    }))
}
