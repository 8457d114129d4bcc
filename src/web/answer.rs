//! `/tra-loi/{id}?k=`: a member of a cooperative answers one order without a sign-in. Showing changes nothing; one question a page,
//! one button an act; what cannot be taken back is asked once more.

use super::error::{WebError, WebResult, again, see_other};
use super::form::{Form, Query};
use super::lang::lang_of;
use super::page::{self, Problem, say};
use super::route::Door::Shop;
use super::route::Rate;
use super::route::Who::Anyone;
use super::route::{Route, get, post};
use crate::domain::id::{ActLinkId, OrderLineId};
use crate::domain::order::PaymentKind;
use crate::domain::quantity::{Quantity, read_quantity};
use crate::domain::refusal::Refusal;
use crate::service::answer_clock;
use crate::service::answer_link::Dead;
use crate::service::answering::{self, LinkPage};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::proposing::{self, CanDo};
use crate::service::showing::LineView;
use crate::view::filters;
use actix_web::{HttpRequest, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Reasons that are said with one tap; another one is typed.
const REASONS: [&str; 4] = ["sold", "day", "weather", "other"];

/// The rows of this door.
pub fn routes() -> Vec<Route> {
    vec![
        get("/tra-loi/{id}", Shop, Anyone).sample("/tra-loi/018f0000-0000-7000-8000-000000000000").to(show),
        post("/tra-loi/{id}", Shop, Anyone)
            .sample("/tra-loi/018f0000-0000-7000-8000-000000000000")
            .rate(Rate::SignIn)
            .to(act),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    k: String,
    /// Which question stands on the page: `` yes, `tu-choi` why not, `doi` what else.
    viec: String,
}

type Typed = BTreeMap<String, String>;

/// What stands on the page beside the order.
#[derive(Default)]
struct Around {
    /// `answer`, `decline`, `sure` or `change`.
    question: &'static str,
    reason: String,
    typed: Typed,
    problems: Vec<Problem>,
}

fn id_of(text: &str) -> Result<ActLinkId, WebError> {
    text.parse().map_err(|_not_an_id| WebError::not_found())
}

/// `GET /tra-loi/{id}?k=`: shows; chat apps open links to look at them
pub async fn show(req: HttpRequest, kit: Kit, id: web::Path<String>, query: Query<Asked>) -> WebResult {
    let question = match query.0.viec.as_str() {
        "tu-choi" => "decline",
        "doi" => "change",
        _ => "answer",
    };
    link_page(&req, &kit, &id_of(&id)?, &query.0.k, Around { question, ..Around::default() }).await
}

async fn link_page(req: &HttpRequest, kit: &Kit, id: &ActLinkId, key: &str, around: Around) -> WebResult {
    let link = answering::show_link(kit, id, key).await?;
    let url = format!("/tra-loi/{id}?k={key}");
    let fill = json!({
        "url": url,
        "decline_url": format!("{url}&viec=tu-choi"),
        "change_url": format!("{url}&viec=doi"),
        "sign_in_url": format!("/ban-hang/don/{}", link.view.order.code),
        "question": around.question,
        "reason": around.reason,
        "reasons": REASONS.map(|word| json!({ "value": word, "label": say(req, &format!("answer-why-{word}")) })),
        "typed": around.typed,
        "problems": around.problems,
        "order": order_said(req, &link),
        "dead": link.dead.map(dead_word),
        "is_good": link.dead == Some(Dead::Answered) && !link.view.order.state.is_dead(),
        "can_renew": link.can_renew,
        "name": link.name,
        "until": link.view.order.confirm_by.map(|at| filters::at_said(at, lang_of(req), false)),
        "waits_until": link.proposal.as_ref().map(|open| filters::at_said(open.until, lang_of(req), false)),
    });
    page::personal(req, "answer/link.html", &fill)
}

const fn dead_word(dead: Dead) -> &'static str {
    match dead {
        Dead::Answered => "answered",
        Dead::Used => "used",
        Dead::Role => "role",
        Dead::Late => "late",
    }
}

/// The order as far as an answer needs it: no number, no house, of the buyer the first name.
fn order_said(req: &HttpRequest, link: &LinkPage) -> Value {
    let (view, lang) = (&link.view, lang_of(req));
    let day = view.delivery.deliver_on;
    json!({
        "code": view.order.code.to_string(),
        "state": view.order.state,
        "reason": view.order.reason,
        "cooperative": view.cooperative.name,
        "who": first_name(&view.buyer.buyer_name),
        "lines": view.lines.iter().map(|line| line_said(req, line)).collect::<Vec<_>>(),
        "total_vnd": view.order.total_vnd.vnd(),
        "received_vnd": view.balance.received.vnd(),
        "is_cod": view.order.payment == PaymentKind::Cod,
        "kind": view.delivery.kind,
        "day": day.map(|day| filters::day_said(day, lang, false)),
        "day_typed": day.map(|day| day.to_string()),
        "commune": view.delivery.commune_name,
        "slot": view.delivery.slot,
    })
}

/// Vietnamese names end with the given one; what ends otherwise is no person's name and is said whole.
fn first_name(name: &str) -> &str {
    name.split_whitespace().last().filter(|last| last.chars().all(char::is_alphabetic)).unwrap_or(name)
}

fn line_said(req: &HttpRequest, view: &LineView) -> Value {
    let line = &view.line;
    let weight = filters::base_quantity(line.base_quantity.0, line.base_unit.as_text(), lang_of(req));
    json!({
        "name": line.product_name,
        "offer": line.offer_label,
        "unit": line.unit,
        "quantity": format!("{}\u{a0}{}", line.quantity.said(), line.unit),
        "about": line.about,
        "weight": weight.unwrap_or_default(),
        "field": format!("quantity[{}]", line.id),
        "typed": line.quantity.said(),
    })
}

/// `POST /tra-loi/{id}?k=`: «Nhận đơn», «Không làm được đơn này», another proposal, another link
pub async fn act(
    req: HttpRequest,
    kit: Kit,
    id: web::Path<String>,
    query: Query<Asked>,
    form: Form<Vec<(String, String)>>,
) -> WebResult {
    let (id, key) = (id_of(&id)?, query.0.k);
    let typed: Typed = form.0.into_iter().map(|(name, value)| (name, value.trim().to_owned())).collect();
    let get = |name: &str| typed.get(name).map_or("", String::as_str);
    let (question, done) = match get("act") {
        "decline" => {
            let reason = reason_of(&req, &typed);
            if !reason.is_empty() && get("sure").is_empty() {
                let around = Around { question: "sure", reason, ..Around::default() };
                return link_page(&req, &kit, &id, &key, around).await;
            }
            ("decline", answering::decline_by_link(&kit, &id, &key, &reason).await)
        }
        "change" => ("change", change(&kit, &id, &key, &typed).await),
        "renew" => ("answer", answer_clock::ask_new_link(&kit, &id, &key).await),
        _ => ("answer", answering::accept_by_link(&kit, &id, &key).await),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/tra-loi/{id}?k={key}"))),
        Err(error @ (ServiceError::Refused(_) | ServiceError::Changed(_))) => {
            // A second press finds it done: the page says how it stands.
            if answering::show_link(&kit, &id, &key).await?.dead.is_some() {
                return Ok(see_other(&format!("/tra-loi/{id}?k={key}")));
            }
            let error = WebError::from(error);
            let problems = page::problems(&req, &error.refusals);
            let around = Around { question, typed, problems, ..Around::default() };
            Ok(again(link_page(&req, &kit, &id, &key, around).await?, &error))
        }
        Err(error) => Err(error.into()),
    }
}

/// The sentence of the chosen reason, or what was typed.
fn reason_of(req: &HttpRequest, typed: &Typed) -> String {
    let get = |name: &str| typed.get(name).cloned().unwrap_or_default();
    match get("reason").as_str() {
        "" | "other" => get("words"),
        word if REASONS.contains(&word) => say(req, &format!("answer-why-{word}")),
        said => said.to_owned(),
    }
}

async fn change(kit: &Kit, id: &ActLinkId, key: &str, typed: &Typed) -> Result<(), ServiceError> {
    proposing::propose_by_link(kit, id, key, &can_do(typed).map_err(ServiceError::Refused)?).await
}

/// What a cooperative says it can do, as typed: `quantity[line]` in sale units, `deliver_on`.
pub fn can_do(typed: &Typed) -> Result<CanDo, Vec<Refusal>> {
    let (mut can, mut refusals) = (CanDo::default(), Vec::new());
    for (name, value) in typed {
        let Some(line) = name.strip_prefix("quantity[").and_then(|rest| rest.strip_suffix(']')) else { continue };
        let line: Option<OrderLineId> = line.parse().ok();
        let quantity: Option<Quantity> = read_quantity(value).ok();
        match (line, quantity) {
            (Some(line), Some(quantity)) => can.lines.push((line, quantity)),
            _ => refusals.push(Refusal::new("refusal-quantity").with("typed", value).about(name.clone())),
        }
    }
    let day = typed.get("deliver_on").map_or("", String::as_str);
    if !day.is_empty() {
        can.deliver_on = day.parse().ok();
        if can.deliver_on.is_none() {
            refusals.push(Refusal::new("refusal-proposal-day").about("deliver_on"));
        }
    }
    if refusals.is_empty() { Ok(can) } else { Err(refusals) }
}
