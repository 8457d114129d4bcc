//! In which language a request is answered: the cookie of a choice, then the browser's wish, else Vietnamese.
//! `?lang=` makes the choice and leads on to the clean address.

use crate::domain::lang::Lang;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

const COOKIE: &str = "lang";
const KEPT_DAYS: i64 = 365;

/// The language of a request.
pub fn lang_of(req: &HttpRequest) -> Lang {
    req.cookie(COOKIE).and_then(|cookie| cookie.value().parse().ok()).unwrap_or_else(|| wished(req))
}

/// The better of vi and en by the weights of Accept-Language.
fn wished(req: &HttpRequest) -> Lang {
    let wishes = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Lang::Vi, 0_u32);
    for wish in wishes.split(',').take(20) {
        let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
        let language = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let permille = weight.trim().strip_prefix("q=").map_or(1000, permille);
        if let Ok(lang) = language.parse::<Lang>()
            && permille > best.1
        {
            best = (lang, permille);
        }
    }
    best.0
}

/// `0.85` → 850.
fn permille(weight: &str) -> u32 {
    let digits: String = weight.chars().filter(char::is_ascii_digit).chain("000".chars()).take(4).collect();
    digits.parse().unwrap_or(0)
}

/// The answer to an address with `?lang=`: the choice in a cookie, and the way to the same address without it.
pub fn switch(req: &HttpRequest, is_https: bool) -> Option<HttpResponse> {
    let is_choice = |pair: &&str| pair.starts_with("lang=");
    let chosen = req.query_string().split('&').find(is_choice)?;
    let rest: Vec<&str> = req.query_string().split('&').filter(|pair| !is_choice(pair) && !pair.is_empty()).collect();
    let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
    // One slash only in front: `//host` would lead away from the market.
    let clean = format!("/{}{query}", req.path().trim_start_matches('/'));
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, clean)).insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(lang) = chosen.strip_prefix("lang=").and_then(|text| text.parse::<Lang>().ok()) {
        answer.cookie(
            Cookie::build(COOKIE, lang.as_text())
                .path("/")
                .secure(is_https)
                .http_only(true)
                .same_site(SameSite::Lax)
                .max_age(Duration::days(KEPT_DAYS))
                .finish(),
        );
    }
    Some(answer.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn read(wish: &str) -> Lang {
        lang_of(&TestRequest::get().insert_header((header::ACCEPT_LANGUAGE, wish)).to_http_request())
    }

    #[test]
    fn the_heavier_wish_wins_and_vietnamese_stands_in_for_the_rest() {
        assert_eq!(read("en-GB,en;q=0.9,vi;q=0.8"), Lang::En);
        assert_eq!(read("vi-VN,vi;q=0.9,en;q=0.8"), Lang::Vi);
        assert_eq!(read("fr, en;q=0.3"), Lang::En);
        assert_eq!(read("fr"), Lang::Vi);
        assert_eq!(read("en;q=0.2, vi;q=0.25"), Lang::Vi);
    }

    #[test]
    fn a_choice_leads_to_the_clean_address_and_never_away() {
        let answer = switch(&TestRequest::get().uri("//evil.example/x?a=1&lang=en&b=2").to_http_request(), true);
        let answer = answer.expect("a choice");
        assert_eq!(answer.headers().get("location").expect("a way"), "/evil.example/x?a=1&b=2");
    }
}
