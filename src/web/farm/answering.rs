//! «Cách nhận đơn»: how soon the cooperative answers, what it accepts at once, what is paid only after its yes.

use super::desk::{Asked, Fields, Typed, asked_for, words};
use crate::domain::account::MemberRole;
use crate::domain::answer::{LEAST_ANSWERS, Score};
use crate::service::answer_score;
use crate::service::answering_rules::{self, AnswerRules, PROMISES_MIN};
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page;
use actix_web::HttpRequest;
use serde_json::json;

/// `GET /ban-hang/them/nhan-don`
pub async fn show_rules(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let cooperative = answering_rules::show_rules(&kit, &seller).await?;
    let (now, lang) = (kit.now(), lang_of(&req));
    let hour = |minute: i64| filters::at_said(now.day().at_minute(minute), lang, true);
    let mut promises = PROMISES_MIN.to_vec();
    if !promises.contains(&cooperative.confirm_within_min) {
        promises.push(cooperative.confirm_within_min);
        promises.sort_unstable();
    }
    let label = |minutes: i64| match (minutes.div_euclid(60), minutes.rem_euclid(60)) {
        (hours @ 1.., 0) => words(&req, "answer-rules-hour", &[("hours", &hours.to_string())]),
        _ => words(&req, "answer-rules-minutes", &[("minutes", &minutes.to_string())]),
    };
    let options: Vec<_> =
        promises.into_iter().map(|minutes| json!({ "value": minutes.to_string(), "label": label(minutes) })).collect();
    let score = answer_score::find_score(&kit, &seller.cooperative).await?;
    let fill = json!({
        "tab": "more",
        "score": score_said(&req, score),
        "flash": (asked_for(&asked, "da") == "luu").then(|| words(&req, "answer-rules-saved", &[])),
        "may_manage": seller.may(MemberRole::Manager),
        "opens": hour(cooperative.opens_min),
        "closes": hour(cooperative.closes_min),
        "promises": options,
        "within": cooperative.confirm_within_min.to_string(),
        "accepts_stock": cooperative.accepts_stock,
        "confirms_first": cooperative.confirms_first,
    });
    page::private(&req, &me, "farm/answering.html", &fill)
}

/// The figure that buyers see, for those whom it is about.
fn score_said(req: &HttpRequest, score: Option<Score>) -> Vec<String> {
    let least = LEAST_ANSWERS.to_string();
    let Some(score) = score else { return vec![words(req, "answer-score-own-none", &[("least", &least)])] };
    let (orders, percent) = (score.orders.to_string(), score.percent_in_time().to_string());
    let mut said =
        vec![words(req, "answer-score-own", &[("orders", &orders), ("percent", &percent), ("least", &least)])];
    if let Some(minutes) = score.median_min {
        said.push(words(req, "answer-score-own-median", &[("minutes", &minutes.max(1).to_string())]));
    }
    said
}

/// `POST /ban-hang/them/nhan-don`
pub async fn lay_down_rules(kit: Kit, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let rules = AnswerRules {
        within_min: typed.get("within").parse().unwrap_or(0),
        accepts_stock: typed.has("accepts_stock"),
        confirms_first: typed.has("confirms_first"),
    };
    answering_rules::lay_down_rules(&kit, &seller, rules).await?;
    Ok(see_other("/ban-hang/them/nhan-don?da=luu"))
}
