//! The page of one order: what it holds, for whom, where its money stands, and the taps that move it.

use super::desk::{Asked, Typed, flash, words};
use super::said;
use crate::domain::account::MemberRole;
use crate::domain::order::{FulfilmentKind, OrderState};
use crate::service::kit::Kit;
use crate::service::membership;
use crate::service::proposing::find_change;
use crate::service::selling::{self, SellersOrder};
use crate::service::showing;
use crate::service::undelivered::find_way_there;
use crate::service::weight_correcting::is_corrected;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebError, WebResult};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

/// What a page has beside the order itself.
#[derive(Default)]
pub struct Around {
    pub flash: Option<String>,
    /// The order moved while the page stood open: what it was, what it is.
    pub stale: Option<String>,
    pub problems: Vec<Problem>,
    pub typed: Typed,
}

/// `GET /ban-hang/don/{code}`
pub async fn show_order(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    code: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let order = selling::find_own_order(&kit, &seller, &code).await?;
    let around = Around { flash: flash(&req, &asked), ..Around::default() };
    order_page(&req, &kit, &me, &seller, &order, around).await
}

/// The page, also after an act that could not be done.
pub async fn order_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    order: &SellersOrder,
    around: Around,
) -> WebResult {
    let now = kit.now();
    let fill = json!({
        "tab": "orders",
        "order": said::whole(req, now, order),
        "may": acts_of(seller, order),
        "way": super::way_said::way_there(req, order, &find_way_there(kit, &order.view.order.id, &order.view.buyer.buyer_phone).await?),
        "helpers": helpers(kit, seller).await?,
        "waits_until": find_change(kit, &order.view.order.id).await?.map(|change| super::desk::at_said(req, change.proposal.until)),
        "claims": super::claims::rows_of(req, kit, &order.view).await?,
        "pay": pay_of(req, kit, order)?,
        "is_settled": !order.view.due.is_positive(),
        "flash": around.flash,
        "stale": around.stale,
        "problems": around.problems,
        "typed": around.typed.shown(),
    });
    page::private(req, me, "farm/order.html", &fill)
}

/// Which taps stand on the page: what the order's state allows and this person's roles do.
fn acts_of(seller: &Seller, order: &SellersOrder) -> Value {
    let state = order.view.order.state;
    let packer = seller.may(MemberRole::Packer);
    let accountant = seller.may(MemberRole::Accountant);
    let owes = order.view.due.is_positive();
    let weighs = !order.weighed_lines.is_empty();
    let unweighed = order
        .view
        .lines
        .iter()
        .any(|line| line.line.weighed_base.is_none() && order.weighed_lines.contains(&line.line.id));
    json!({
        "confirm": state == OrderState::Placed,
        "change": state == OrderState::Placed,
        "decline": matches!(state, OrderState::AwaitingPayment | OrderState::Placed | OrderState::Confirmed),
        "weigh": state == OrderState::Confirmed && packer && weighs,
        "pack": state == OrderState::Confirmed && packer && !unweighed,
        "send": state == OrderState::Packed && packer && order.view.delivery.kind != FulfilmentKind::Coach,
        "manage": seller.may(MemberRole::Manager),
        "door": state == OrderState::OnTheWay && packer,
        // On its way it is handed over on the door's screen, by who carries it.
        "deliver": state == OrderState::Packed && packer,
        "money": owes && accountant,
        "cash": owes && !matches!(state, OrderState::AwaitingPayment) && (packer || accountant),
        "undo": accountant,
        "pack_role": packer,
        "corrects": is_corrected(state) && weighs && seller.may(MemberRole::Manager),
        "lacks_packer": matches!(state, OrderState::Confirmed | OrderState::Packed | OrderState::OnTheWay) && !packer,
        "lacks_accountant": owes && !accountant,
    })
}

/// Whom to ask for what one may not do oneself: names and numbers by role.
async fn helpers(kit: &Kit, seller: &Seller) -> Result<Value, WebError> {
    if seller.may(MemberRole::Packer) && seller.may(MemberRole::Accountant) {
        return Ok(json!({ "packers": "", "accountants": "" }));
    }
    let members = membership::list_members(kit, seller).await?;
    let who = |role: MemberRole| {
        let able = members
            .iter()
            .filter(|member| member.roles.iter().any(|held| *held == role || *held == MemberRole::Manager));
        able.map(|member| format!("{} {}", member.name, crate::view::filters::phone(&member.phone)))
            .take(3)
            .collect::<Vec<_>>()
            .join(", ")
    };
    Ok(json!({ "packers": who(MemberRole::Packer), "accountants": who(MemberRole::Accountant) }))
}

/// The code of what is due now: for the door, the counter, and a buyer who asks again.
fn pay_of(req: &HttpRequest, kit: &Kit, order: &SellersOrder) -> Result<Option<Value>, WebError> {
    let Some(pay) = order.view.pay.as_ref().filter(|_| !order.view.order.state.is_dead()) else { return Ok(None) };
    Ok(Some(json!({
        "svg": showing::qr_svg(kit, lang_of(req), pay)?,
        "picture_url": format!("{}/ma-qr.png", said::order_url(&order.view.order.code)),
        "bank": pay.bank_name,
        "account": pay.account,
        "holder": pay.holder,
        "amount_vnd": pay.amount.vnd(),
        "memo": pay.memo,
        "file": format!("ma-qr-{}", order.view.order.code),
        "is_part": pay.is_part,
    })))
}

/// `GET /ban-hang/don/{code}/ma-qr.png`: the code of what is due, as a file to keep
pub async fn show_qr(req: HttpRequest, kit: Kit, seller: Seller, code: web::Path<String>) -> WebResult {
    let order = selling::find_own_order(&kit, &seller, &code).await?;
    let pay = order.view.pay.as_ref().filter(|_| !order.view.order.state.is_dead()).ok_or_else(WebError::not_found)?;
    let png = showing::qr_png(&kit, lang_of(&req), pay)?;
    Ok(HttpResponse::Ok().content_type("image/png").insert_header((header::CACHE_CONTROL, "no-store")).body(png))
}

/// What an order was when the page was made and what it is now, when the two differ.
pub fn stale_words(req: &HttpRequest, seen: &str, order: &SellersOrder) -> Option<String> {
    let now = order.view.order.state;
    let before: OrderState = seen.parse().ok().filter(|before| *before != now)?;
    let state = |state: OrderState| words(req, &format!("ui-state-seller-{state}"), &[]);
    let last = order.view.moves.last()?;
    let who = last.by_account_id.as_ref().and_then(|id| order.names.get(id)).cloned();
    let who = who.unwrap_or_else(|| words(req, &format!("farm-by-{}", last.by_kind), &[]));
    let at = super::desk::at_said(req, last.at);
    Some(words(req, "farm-stale", &[("before", &state(before)), ("now", &state(now)), ("who", &who), ("at", &at)]))
}
