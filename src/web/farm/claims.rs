//! Claims before the cooperative's people: what buyers say is wrong, and one answer to each: all or a part of the money back, no with a
//! reason, or one more picture.

use super::desk::{Asked, Fields, Typed, flash, id_of, money_of, money_typed};
use super::said::order_url;
use crate::domain::account::MemberRole;
use crate::domain::claim::ClaimState;
use crate::domain::id::{ClaimId, ClaimPhotoId};
use crate::service::claim_deciding::{self, Decision};
use crate::service::claim_view::{self, ClaimView, Eyes};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::showing::OrderView;
use crate::service::who::{Seller, SignedIn};
use crate::web::claim_said::{self, line_name, say};
use crate::web::error::{WebError, WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

const HERE: &str = "/ban-hang/bao-hang";

fn claim_url(id: &ClaimId) -> String {
    format!("{HERE}/{id}")
}

fn photo_url(id: &ClaimPhotoId) -> String {
    format!("{HERE}/anh/{id}")
}

/// A row of a list: who, what, whose turn.
fn row(req: &HttpRequest, view: &ClaimView) -> Value {
    let note = say(req, &format!("claim-turn-{}", view.claim.state), &[]);
    let by = view.answer_by.map(|at| say(req, "claim-answer-by", &[("at", &claim_said::at_said(req, at))]));
    let note = [Some(note), by].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    json!({
        "title": say(req, "claim-row", &[("who", &view.buyer.buyer_name), ("name", &line_name(view))]),
        "href": claim_url(&view.claim.id),
        "icon": "warning",
        "note": note,
        "urgent": view.claim.state.waits_for_cooperative(),
    })
}

/// What was said to be wrong with one order, for its page.
pub async fn rows_of(req: &HttpRequest, kit: &Kit, view: &OrderView) -> Result<Vec<Value>, WebError> {
    let claims = claim_view::show_order_claims(kit, view).await?.claims;
    Ok(claims.iter().map(|claim| row(req, claim)).collect())
}

/// Rows of «Việc hôm nay»: every claim that waits for the cooperative.
pub async fn todays_rows(req: &HttpRequest, kit: &Kit, seller: &Seller) -> Result<Vec<Value>, WebError> {
    Ok(claim_view::list_waiting(kit, seller).await?.iter().map(|view| row(req, view)).collect())
}

/// `GET /ban-hang/bao-hang`
pub async fn show_list(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller) -> WebResult {
    let (open, ended) = claim_view::list_claims(&kit, &seller).await?;
    let rows = |views: &[ClaimView]| views.iter().map(|view| row(&req, view)).collect::<Vec<_>>();
    page::private(
        &req,
        &me,
        "farm/claims.html",
        &json!({ "tab": "orders", "open": rows(&open), "ended": rows(&ended) }),
    )
}

#[derive(Default)]
struct Around {
    flash: Option<String>,
    problems: Vec<Problem>,
    typed: Typed,
}

fn claim_page(req: &HttpRequest, me: &SignedIn, seller: &Seller, view: &ClaimView, around: Around) -> WebResult {
    let state = view.claim.state;
    let may = seller.may(MemberRole::Accountant);
    let fill = json!({
        "tab": "orders",
        "flash": around.flash,
        "problems": around.problems,
        "typed": around.typed.shown(),
        "claim": claim_said::record(req, view, photo_url),
        "url": claim_url(&view.claim.id),
        "order_url": order_url(&view.order.code),
        "may": may,
        "can_accept": may && view.left.is_positive() && state.after(crate::domain::claim::ClaimEvent::Accepted).is_ok(),
        "can_decline": may && matches!(state, ClaimState::Open | ClaimState::Asked),
        "can_ask": may && state == ClaimState::Open,
        "can_refuse": may && state == ClaimState::Found,
        "proposal_typed": money_typed(view.found().and_then(|step| step.amount_vnd).unwrap_or(view.proposal).min(view.left)),
        "refund_url": view.claim.accepted_vnd.is_positive().then(|| format!("{}/tra-lai", order_url(&view.order.code))),
    });
    page::private(req, me, "farm/claim.html", &fill)
}

/// `GET /ban-hang/bao-hang/{id}`
pub async fn show_claim(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let view = claim_view::show_claim(&kit, &seller, &id_of(&id)?).await?;
    claim_page(&req, &me, &seller, &view, Around { flash: flash(&req, &asked), ..Around::default() })
}

/// `POST /ban-hang/bao-hang/{id}`: «Trả lại tiền», «Không nhận lỗi», «Xin thêm ảnh»
pub async fn decide(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (ClaimId, _) = (id_of(&id)?, Typed::of(fields.0));
    let view = claim_view::show_claim(&kit, &seller, &id).await?;
    match decided(&kit, &seller, &view, &typed).await {
        Ok(word) => Ok(see_other(&format!("{}?da={word}", claim_url(&id)))),
        Err(error) => {
            let now = claim_view::show_claim(&kit, &seller, &id).await?;
            let around = |problems| Around { problems, typed, ..Around::default() };
            once_more(&req, error, async |problems| claim_page(&req, &me, &seller, &now, around(problems))).await
        }
    }
}

async fn decided(kit: &Kit, seller: &Seller, view: &ClaimView, typed: &Typed) -> Result<&'static str, ServiceError> {
    let seen = typed.get("seen").parse().unwrap_or(view.claim.state);
    let (decision, word) = match typed.get("act") {
        "decline" => (Decision::Decline, "bao-hang-tu-choi"),
        "photo" => (Decision::AskPhoto, "bao-hang-xin-anh"),
        "refuse" => (Decision::Refuse, "bao-hang-khong-tra"),
        _ => (Decision::Accept(money_of(typed, "amount").map_err(ServiceError::refused)?), "bao-hang-tra"),
    };
    claim_deciding::decide(kit, seller, &view.claim.id, seen, decision, typed.get("reason")).await?;
    Ok(word)
}

/// `GET /ban-hang/bao-hang/anh/{id}`
pub async fn show_photo(kit: Kit, seller: Seller, id: web::Path<String>) -> WebResult {
    let id: ClaimPhotoId = id_of(&id)?;
    claim_said::picture(claim_view::show_photo(&kit, Eyes::Seller(&seller), &id).await?)
}
