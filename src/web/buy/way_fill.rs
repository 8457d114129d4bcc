//! The way of an order to its buyer, as the buyer reads it: tries at the door, and the coach.

use super::super::lang::lang_of;
use crate::domain::phone::Phone;
use crate::service::undelivered::WayThere;
use crate::view::filters;
use actix_web::HttpRequest;
use serde::Serialize;

#[derive(Serialize)]
pub struct WayFill {
    attempts: Vec<AttemptFill>,
    leg: Option<LegFill>,
}

#[derive(Serialize)]
struct AttemptFill {
    at: String,
    /// A word of `way-reason-…`.
    reason: &'static str,
    next_on: Option<String>,
}

#[derive(Serialize)]
struct LegFill {
    plate: String,
    leaves: String,
    stop: String,
    phone: Option<String>,
    tel: Option<String>,
}

impl WayFill {
    /// Says nothing of what stands against the number, nor of notes for the cooperative.
    pub fn new(req: &HttpRequest, way: &WayThere) -> Self {
        let lang = lang_of(req);
        let attempts = way.attempts.iter().map(|one| AttemptFill {
            at: filters::at_said(one.at, lang, false),
            reason: one.reason.as_text(),
            next_on: one.next_on.map(|day| filters::day_said(day, lang, false)),
        });
        let leg = way.leg.as_ref().map(|leg| LegFill {
            plate: leg.plate.clone(),
            leaves: filters::at_said(leg.leaves_at, lang, false),
            stop: leg.stop.clone(),
            tel: leg.phone.as_ref().and_then(|phone| phone.parse::<Phone>().ok()).map(|phone| phone.tel()),
            phone: leg.phone.clone(),
        });
        Self { attempts: attempts.collect(), leg }
    }
}
