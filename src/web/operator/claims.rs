//! Claims before the operator: those that buyer and cooperative do not agree on, those that nobody answered, those that are late. The
//! operator finds and asks; it moves nobody's money.

use super::id;
use crate::domain::claim::{ClaimEvent, ClaimState};
use crate::domain::id::{ClaimId, ClaimPhotoId};
use crate::domain::money::{Money, read_money};
use crate::domain::refusal::Refusal;
use crate::service::claim_deciding::record_finding;
use crate::service::claim_view::{self, ClaimView, Eyes};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::who::{Operator, SignedIn};
use crate::web::claim_said::{self, line_name, say};
use crate::web::error::{WebResult, see_other};
use crate::web::form::Form;
use crate::web::page::{self, Problem, once_more};
use crate::web::route::Door::Operator as OperatorDoor;
use crate::web::route::Who::Operator as OperatorOnly;
use crate::web::route::{Route, get, post};
use actix_web::{HttpRequest, web};
use serde_json::json;

pub(super) const HERE: &str = "/van-hanh/bao-hang";

/// The rows of these pages.
pub(super) fn routes() -> Vec<Route> {
    const NOBODYS: &str = "/van-hanh/bao-hang/018f0000-0000-7000-8000-000000000000";
    vec![
        get(HERE, OperatorDoor, OperatorOnly).to(show_list),
        get("/van-hanh/bao-hang/{id}", OperatorDoor, OperatorOnly).sample(NOBODYS).to(show_claim),
        post("/van-hanh/bao-hang/{id}", OperatorDoor, OperatorOnly).sample(NOBODYS).to(find),
        get("/van-hanh/bao-hang/anh/{id}", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/bao-hang/anh/018f0000-0000-7000-8000-000000000000")
            .to(show_photo),
    ]
}

/// `GET /van-hanh/bao-hang`
pub async fn show_list(req: HttpRequest, kit: Kit, me: SignedIn, operator: Operator) -> WebResult {
    let views = claim_view::list_escalated(&kit, &operator).await?;
    let rows = views.iter().map(|view| {
        let note = say(&req, &format!("claim-turn-{}", view.claim.state), &[]);
        let since = claim_said::at_said(&req, view.claim.made_at);
        json!({
            "title": say(&req, "claim-row", &[("who", &view.cooperative.name), ("name", &line_name(view))]),
            "href": format!("{HERE}/{}", view.claim.id),
            "note": format!("{note} · {since}"),
            "is_late": view.is_late,
        })
    });
    page::private(&req, &me, "operator/claims.html", &json!({ "rows": rows.collect::<Vec<_>>() }))
}

#[derive(serde::Deserialize, Default, Clone)]
#[serde(default)]
pub struct Finding {
    seen: String,
    amount: String,
    words: String,
    act: String,
}

fn claim_page(req: &HttpRequest, me: &SignedIn, view: &ClaimView, problems: Vec<Problem>, said: &Finding) -> WebResult {
    let fill = json!({
        "claim": claim_said::record(req, view, |id| format!("{HERE}/anh/{id}")),
        "url": format!("{HERE}/{}", view.claim.id),
        "can_find": view.claim.state.after(ClaimEvent::Cleared).is_ok(),
        "can_ask": view.left.is_positive(),
        "problems": problems,
        "amount": if said.amount.is_empty() { crate::domain::money::grouped(view.proposal.vnd()) } else { said.amount.clone() },
        "words": said.words,
    });
    page::private(req, me, "operator/claim.html", &fill)
}

/// `GET /van-hanh/bao-hang/{id}`
pub async fn show_claim(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    path: web::Path<String>,
) -> WebResult {
    let view = claim_view::show_escalated(&kit, &operator, &id::<ClaimId>(&path)?).await?;
    claim_page(&req, &me, &view, Vec::new(), &Finding::default())
}

/// `POST /van-hanh/bao-hang/{id}`: «Đề nghị HTX trả lại», «HTX không phải trả»
pub async fn find(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    path: web::Path<String>,
    form: Form<Finding>,
) -> WebResult {
    let (claim, said) = (id::<ClaimId>(&path)?, form.0);
    let view = claim_view::show_escalated(&kit, &operator, &claim).await?;
    let seen: ClaimState = said.seen.parse().unwrap_or(view.claim.state);
    let amount = match said.act.as_str() {
        "clear" => Ok(Money::ZERO),
        _ => read_money(&said.amount)
            .ok()
            .filter(|amount| amount.is_positive())
            .ok_or_else(|| ServiceError::refused(Refusal::new("refusal-price").about("amount"))),
    };
    let done = match amount {
        Ok(amount) => record_finding(&kit, &operator, &claim, seen, amount, &said.words).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{HERE}/{claim}"))),
        Err(error) => {
            let view = claim_view::show_escalated(&kit, &operator, &claim).await?;
            once_more(&req, error, async |problems| claim_page(&req, &me, &view, problems, &said)).await
        }
    }
}

/// `GET /van-hanh/bao-hang/anh/{id}`
pub async fn show_photo(kit: Kit, operator: Operator, path: web::Path<String>) -> WebResult {
    let photo = id::<ClaimPhotoId>(&path)?;
    claim_said::picture(claim_view::show_photo(&kit, Eyes::Operator(&operator), &photo).await?)
}
