//! Where a visitor's goods go: the commune that a browser remembers, and what people type when they say where they live.
//! The cookie holds a commune's code and nothing else.

use super::site::Site;
use crate::domain::commune::{self, Commune, Found, HOME_PROVINCE};
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use serde::Serialize;

const KEPT_DAYS: i64 = 365;
/// More places of one name than a person wants to choose from.
const MOST_ASKED: usize = 12;

const fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-xa" } else { "xa" }
}

/// The commune that this browser said before.
pub fn remembered(req: &HttpRequest) -> Option<&'static Commune> {
    let is_https = Site::of(req).is_ok_and(|site| site.kit.config.is_https());
    req.cookie(cookie_name(is_https)).and_then(|cookie| commune::find(cookie.value()))
}

/// The cookie that remembers one. The script of the public pages reads it: a commune's code is no secret.
pub fn remember(commune: &Commune, is_https: bool) -> Cookie<'static> {
    Cookie::build(cookie_name(is_https), commune.code.clone())
        .path("/")
        .secure(is_https)
        .http_only(false)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(KEPT_DAYS))
        .finish()
}

/// What somebody said of a place.
pub enum Said {
    Nothing,
    Known(&'static Commune),
    /// Several are called so: the person is asked.
    Several(Vec<Found>),
    Unknown,
}

/// Reads a code chosen from a list, or a name that was typed; the name counts when there is one.
pub fn read(code: &str, words: &str) -> Said {
    let words = words.trim();
    if words.is_empty() {
        return match (code.trim(), commune::find(code.trim())) {
            ("", _) => Said::Nothing,
            (_, Some(known)) => Said::Known(known),
            (_, None) => Said::Unknown,
        };
    }
    let mut found = commune::search(words, None);
    let best = found.first().map(|first| first.how);
    let as_good = found.iter().filter(|one| Some(one.how) == best).count();
    match (found.first(), as_good) {
        (None, _) => Said::Unknown,
        (Some(first), 1) => Said::Known(first.commune),
        _ => {
            found.truncate(MOST_ASKED);
            Said::Several(found)
        }
    }
}

/// A choice in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// What `ui.place` shows.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceFill {
    pub commune_code: String,
    /// As it is read; empty while none is chosen.
    pub name: String,
    pub province: String,
    pub words: String,
    pub provinces: Vec<Choice>,
    pub communes: Vec<Choice>,
    /// Places of one name, to choose from.
    pub found: Vec<Choice>,
    pub error: String,
}

impl PlaceFill {
    /// `province` is the one whose communes are listed while none of another is chosen.
    pub fn new(chosen: Option<&'static Commune>, province: &str, words: &str, found: &[Found]) -> Self {
        let listed = commune::find_province(province).map(|province| province.code.as_str());
        let province = listed.or(chosen.map(|commune| commune.province_code.as_str())).unwrap_or(HOME_PROVINCE);
        let mut communes: Vec<Choice> = commune::communes_of(province).into_iter().map(choice).collect();
        communes.sort_by_key(|one| crate::domain::text::collate::name_key(&one.label));
        if let Some(chosen) = chosen.filter(|chosen| chosen.province_code != province) {
            communes.insert(0, choice(chosen));
        }
        let asked = found.iter().map(|one| Choice {
            value: one.commune.code.clone(),
            label: match one.old_name {
                Some(old) => format!("{} ({old})", one.commune.with_province()),
                None => one.commune.with_province(),
            },
        });
        Self {
            commune_code: chosen.map(|commune| commune.code.clone()).unwrap_or_default(),
            name: chosen.map(Commune::with_province).unwrap_or_default(),
            province: province.to_owned(),
            words: words.to_owned(),
            provinces: commune::province_list()
                .iter()
                .map(|one| Choice { value: one.code.clone(), label: one.name.clone() })
                .collect(),
            communes,
            found: asked.collect(),
            error: String::new(),
        }
    }
}

fn choice(commune: &'static Commune) -> Choice {
    Choice { value: commune.code.clone(), label: commune.with_province() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_name_is_found_and_a_name_that_several_bear_is_asked_back() {
        assert!(matches!(read("11977", ""), Said::Known(commune) if commune.bare_name() == "Tân Hưng"));
        assert!(matches!(read("", "  "), Said::Nothing));
        assert!(matches!(read("", "khong co noi nao"), Said::Unknown));
        let several = |words| match read("", words) {
            Said::Several(found) => found.len(),
            Said::Known(_) => 1,
            Said::Nothing | Said::Unknown => 0,
        };
        assert!(several("Đại Kim") >= 1, "a ward of before 2025");
        assert!(several("quận Hoàng Mai") > 1, "a district has several wards");
    }
}
