//! The basket's cookie. A script shows its count, so it can be read by scripts; nothing in it is trusted.

use crate::domain::basket::Basket;
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

const KEPT_DAYS: i64 = 30;

const fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-gio" } else { "gio" }
}

/// What this browser carries.
pub fn read(req: &HttpRequest, is_https: bool) -> Basket {
    req.cookie(cookie_name(is_https)).map(|cookie| Basket::read(cookie.value())).unwrap_or_default()
}

/// The cookie that carries a basket; an empty one takes it away.
pub fn cookie(basket: &Basket, is_https: bool) -> Cookie<'static> {
    let kept = if basket.is_empty() { Duration::ZERO } else { Duration::days(KEPT_DAYS) };
    Cookie::build(cookie_name(is_https), basket.write())
        .path("/")
        .secure(is_https)
        .http_only(false)
        .same_site(SameSite::Lax)
        .max_age(kept)
        .finish()
}
