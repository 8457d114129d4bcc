//! «Giao đến đâu?»: a commune found by its new or old name. The choice is kept in a cookie, for the checkout and for the
//! script that carries it from page to page, and leads back to the page one came from.

use super::super::error::{WebResult, see_other};
use super::super::form::{Form, Query};
use super::super::page;
use super::super::site::Site;
use crate::domain::commune::{self, Found, HOME_PROVINCE};
use crate::domain::text::collate::name_key;
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use serde::{Deserialize, Serialize};

const KEPT_DAYS: i64 = 365;
/// Places of one name that a person can choose from at a glance.
const MOST_FOUND: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChoiceQuery {
    q: String,
    /// The province whose communes are listed.
    tinh: String,
    /// Where one came from, as `tiep` of the sign-in page.
    ve: String,
}

#[derive(Serialize)]
struct ChoicePage {
    q: String,
    back: String,
    back_href: String,
    found: Vec<Choice>,
    has_asked: bool,
    provinces: Vec<Choice>,
    province: String,
    communes: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    /// The old name by which it was found.
    note: Option<&'static str>,
}

/// `GET /giao-den`
pub async fn show_choice(req: HttpRequest, query: Query<ChoiceQuery>) -> WebResult {
    let ChoiceQuery { q, tinh, ve } = query.0;
    let found = if q.trim().is_empty() { Vec::new() } else { commune::search(&q, None) };
    let province = commune::find_province(&tinh).map_or(HOME_PROVINCE, |province| province.code.as_str());
    let listed = |code: &str, name: &str| Choice { value: code.to_owned(), label: name.to_owned(), note: None };
    let mut communes: Vec<Choice> =
        commune::communes_of(province).into_iter().map(|commune| listed(&commune.code, &commune.name)).collect();
    communes.sort_by_cached_key(|choice| name_key(&choice.label));
    let fill = ChoicePage {
        has_asked: !q.trim().is_empty(),
        q: q.chars().take(100).collect(),
        back_href: way_back(&ve),
        back: ve,
        found: found.iter().take(MOST_FOUND).map(choice).collect(),
        provinces: commune::province_list().iter().map(|province| listed(&province.code, &province.name)).collect(),
        province: province.to_owned(),
        communes,
    };
    page::public(&req, "shop/deliver.html", &fill)
}

fn choice(found: &Found) -> Choice {
    Choice { value: found.commune.code.clone(), label: found.commune.with_province(), note: found.old_name }
}

/// The page that one came from: one of ours, else the first.
fn way_back(encoded: &str) -> String {
    let back =
        data_encoding::BASE64URL_NOPAD.decode(encoded.as_bytes()).ok().and_then(|path| String::from_utf8(path).ok());
    let is_ours = |path: &String| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains(['\\', '#'])
            && !path.contains(char::is_control)
    };
    back.filter(is_ours).unwrap_or_else(|| "/".to_owned())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChosenForm {
    xa: String,
    ve: String,
}

/// `POST /giao-den`: the choice is remembered; an unknown code forgets it.
pub async fn choose_place(req: HttpRequest, form: Form<ChosenForm>) -> WebResult {
    let is_https = Site::of(&req)?.kit.config.is_https();
    let back = way_back(&form.0.ve);
    let chosen = commune::find(&form.0.xa);
    let name = if is_https { "__Host-xa" } else { "xa" };
    // The script of the public pages reads it: a code of a commune is no secret.
    let mut cookie = Cookie::build(name, chosen.map(|commune| commune.code.clone()).unwrap_or_default())
        .path("/")
        .secure(is_https)
        .http_only(false)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(KEPT_DAYS))
        .finish();
    if chosen.is_none() {
        cookie.make_removal();
    }
    let to = match chosen {
        Some(commune) => format!("{back}{}xa={}", if back.contains('?') { '&' } else { '?' }, commune.code),
        None => back,
    };
    let mut answer = see_other(&to);
    answer.add_cookie(&cookie).map_err(super::super::WebError::broken)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leads_away() {
        let way = |path: &str| way_back(&data_encoding::BASE64URL_NOPAD.encode(path.as_bytes()));
        assert_eq!(way("/tim?q=gao"), "/tim?q=gao");
        for away in
            ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: x", "", "javascript:1"]
        {
            assert_eq!(way(away), "/", "{away:?}");
        }
        assert_eq!(way_back("%%%"), "/");
    }
}
