//! A pause of delivery as it is typed and shown, on the operator's page and on a cooperative's own.

use super::lang::lang_of;
use crate::domain::commune;
use crate::domain::delivery::Scope;
use crate::domain::pause::MOST_DAYS;
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;
use crate::service::pausing::{PauseSaid, PauseView};
use crate::view::filters;
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// What was typed: `communes` any number of times, `from_on`, `until_on`, `message`.
pub fn read(pairs: &[(String, String)]) -> Result<PauseSaid, Refusal> {
    let all = |field: &'static str| pairs.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.trim());
    let day = |field: &'static str| -> Result<Option<Day>, Refusal> {
        let text = all(field).next().unwrap_or_default();
        let wrong = |_no_day| Refusal::new("refusal-pause-days").with("most", MOST_DAYS).about(field);
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) }
    };
    Ok(PauseSaid {
        communes: all("communes").filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        from_on: day("from_on")?,
        until_on: day("until_on")?,
        message: all("message").next().unwrap_or_default().to_owned(),
    })
}

/// One that stands, ready to read.
pub fn shown(req: &HttpRequest, pause: &PauseView) -> Value {
    let said = |day| filters::day_said(day, lang_of(req), false);
    let places = match &pause.rule.scope {
        Scope::Communes(codes) => {
            codes.iter().filter_map(|code| commune::find(code)).map(|one| one.name.clone()).collect()
        }
        Scope::Country | Scope::Provinces(_) => Vec::new(),
    };
    json!({
        "id": pause.id,
        "from_on": said(pause.rule.from_on),
        "until_on": pause.rule.until_on.map(said),
        "message": pause.message,
        "places": places.join(", "),
    })
}
