//! Guards of forms and the headers of safety. A signed-in form carries a token bound to its session; a public form is
//! known by `Origin` or `Sec-Fetch-Site`. Knows no page.

use super::error::{Fault, WebError};
use super::session;
use super::site::Site;
use crate::service::keys::Keys;
use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

const PURPOSE: &str = "csrf";
/// How far into a multipart body the token may stand: it is the first field.
const LOOKED_AT_BYTES: usize = 4096;

/// No inline script, no inline style, no nonce; forms and pictures from here alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
    object-src 'none'; frame-ancestors 'none'";

/// On every answer; what an answer has said itself stays.
pub fn security_headers(headers: &mut HeaderMap, is_https: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=(), payment=()");
    if is_https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

/// The token for the forms of one session.
pub fn csrf_token(keys: &Keys, session_id: &str) -> String {
    keys.link_token(PURPOSE, session_id)
}

/// Whether a form came from our own pages, by what the browser says of its origin. Without a word from the browser it
/// passes only when no sign-in came along.
pub fn is_from_here(req: &HttpRequest, site: &Site) -> Result<(), WebError> {
    let said = |name: &str| req.headers().get(name).and_then(|value| value.to_str().ok());
    let is_ours = match (said("sec-fetch-site"), said("origin")) {
        (Some("same-origin"), _) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => origin == site.kit.config.origin(),
        (None, None) => !session::has_cookie(req, site.kit.config.is_https()),
    };
    if is_ours { Ok(()) } else { Err(WebError::new(Fault::ForeignForm)) }
}

/// Whether the body of a form (or the header of a script) carries the token of this session.
pub fn carries_token(req: &HttpRequest, body: &[u8], keys: &Keys, session_id: &str) -> Result<(), WebError> {
    let from_header = req.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let token = from_header.or_else(|| token_in(req, body)).unwrap_or_default();
    if keys.check_link(PURPOSE, session_id, &token) { Ok(()) } else { Err(WebError::new(Fault::StaleForm)) }
}

fn token_in(req: &HttpRequest, body: &[u8]) -> Option<String> {
    let kind = req.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    if kind.starts_with("multipart/form-data") {
        let start = String::from_utf8_lossy(body.get(..LOOKED_AT_BYTES).unwrap_or(body)).into_owned();
        let (_, after) = start.split_once("name=\"csrf\"\r\n\r\n")?;
        return after.lines().next().map(str::to_owned);
    }
    let pairs: Vec<(String, String)> = serde_html_form::from_bytes(body).ok()?;
    pairs.into_iter().find(|(name, _)| name == "csrf").map(|(_, token)| token)
}
