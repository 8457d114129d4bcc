//! `/don/{code}`: one order, opened by its key without an account: where it stands, what is due now, and whom to call.

use super::super::error::{WebError, WebResult, see_other};
use super::super::form::Query;
use super::super::lang::lang_of;
use super::super::page::{self, Problem};
use super::change_fill::ChangeFill;
use super::claim_fill;
use super::order_fill::{OrderFill, PayFill};
use super::purchase::{carry_again, follow_orders};
use super::refund_fill::RefundFill;
use super::way_fill::WayFill;
use super::words;
use crate::domain::order::OrderState;
use crate::service::claim_view::show_order_claims;
use crate::service::ending;
use crate::service::kit::Kit;
use crate::service::people;
use crate::service::proposing::find_change;
use crate::service::refund_view::buyers_refund;
use crate::service::showing::{self, OrderView, PayView};
use crate::service::undelivered::find_way_there;
use crate::service::who::SignedIn;
use crate::web::session::Visitor;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Key {
    pub k: String,
}

#[derive(Serialize)]
struct OrderPageFill {
    order: OrderFill,
    pay: Option<PayFill>,
    problems: Vec<Problem>,
    /// What was typed of a refund, when it could not be taken.
    typed: Option<Value>,
    refund: Option<RefundFill>,
    change: Option<ChangeFill>,
    claims: Option<Value>,
    way: WayFill,
    agree_url: String,
    elsewhere: Vec<Elsewhere>,
    where_url: String,
    wait_url: String,
    other_url: String,
    self_url: String,
    live_url: String,
    cancel_url: String,
    again_url: String,
    reorder_url: String,
    /// Where the purchase is kept for whoever is signed in; empty when it is somebody's already.
    keep_url: String,
    is_signed_in: bool,
    purchase_url: String,
    is_moving: bool,
}

/// Where the same goods may be found when the cooperative cannot bring them.
#[derive(Serialize)]
struct Elsewhere {
    name: String,
    url: String,
}

fn elsewhere(view: &OrderView) -> Vec<Elsewhere> {
    let lines = view.lines.iter().filter(|_| view.order.state == OrderState::Declined);
    let found = lines.map(|line| {
        let name = line.line.product_name.clone();
        Elsewhere { url: format!("/tim?{}", serde_html_form::to_string([("q", &name)]).unwrap_or_default()), name }
    });
    found.collect()
}

/// What can be paid now: also of pay on delivery, where it is what is due at the door.
fn payable(kit: &Kit, view: &OrderView) -> bool {
    view.awaits_transfer() && !words::has_run_out(view, kit.now())
}

/// `GET /don/{code}?k=`
pub async fn show_order(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    order_page(&req, &kit, &code, &query.0.k, Vec::new(), None).await
}

/// The page as it is now; after an act that could not be done, with what stands against it.
pub async fn order_page(
    req: &HttpRequest,
    kit: &Kit,
    code: &str,
    key: &str,
    problems: Vec<Problem>,
    typed: Option<Value>,
) -> WebResult {
    let view = showing::find_order(kit, code, key).await?;
    let refund = buyers_refund(kit, &view).await?;
    let change = find_change(kit, &view.order.id).await?;
    let claims = show_order_claims(kit, &view).await?;
    let way = find_way_there(kit, &view.order.id, &view.buyer.buyer_phone).await?;
    let pay = match &view.pay {
        Some(pay) if payable(kit, &view) => Some(PayFill::new(req, kit, &view, pay, key)?),
        _ => None,
    };
    let (here, purchase) = (&view.order.code, &view.buyer.code);
    // The key of one order does not open the others of its purchase.
    let opens_purchase = kit.keys.check_link("purchase", view.order.purchase_id.as_text(), key);
    let fill = OrderPageFill {
        order: OrderFill::new(req, kit, &view),
        problems,
        typed,
        refund: refund.as_ref().map(|refund| RefundFill::new(req, refund)),
        change: change.as_ref().map(|change| ChangeFill::new(req, &view, change)),
        claims: claim_fill::card(req, &view, &claims, key),
        way: WayFill::new(req, &way),
        agree_url: format!("/don/{here}/dong-y-doi?k={key}"),
        elsewhere: elsewhere(&view),
        where_url: format!("/don/{here}/tai-khoan-nhan?k={key}"),
        wait_url: format!("/don/{here}/cho-mua-sau?k={key}"),
        other_url: format!("/don/{here}/mon-khac?k={key}"),
        pay,
        self_url: format!("/don/{here}?k={key}"),
        live_url: format!("/don/{here}/song?k={key}"),
        cancel_url: format!("/don/{here}/huy?k={key}"),
        again_url: if opens_purchase { format!("/mua/{purchase}/dat-lai?k={key}") } else { String::new() },
        reorder_url: if view.is_at_rest() { format!("/don/{here}/dat-lai?k={key}") } else { String::new() },
        keep_url: if view.buyer.account_id.is_none() { format!("/don/{here}/luu?k={key}") } else { String::new() },
        is_signed_in: Visitor::extract(req).await?.0.is_some(),
        purchase_url: if opens_purchase { format!("/mua/{purchase}?k={key}") } else { String::new() },
        is_moving: !view.is_at_rest(),
    };
    page::personal(req, "shop/order.html", &fill)
}

/// `POST /don/{code}/dat-lai?k=`: «Đặt lại», the same once more into the basket.
pub async fn order_again(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    carry_again(&req, &kit, vec![view.order.id]).await
}

/// `POST /don/{code}/luu?k=`: the purchase stands among those of whoever is signed in. Who knows the key may take it once.
pub async fn keep_order(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    code: web::Path<String>,
    query: Query<Key>,
) -> WebResult {
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    match people::claim_purchase(&kit, &view.order.purchase_id, &me.account).await {
        Ok(()) => Ok(see_other(&format!("/don/{code}?k={}", query.0.k))),
        Err(error) => {
            let again = async |problems| order_page(&req, &kit, &code, &query.0.k, problems, None).await;
            page::once_more(&req, error, again).await
        }
    }
}

/// `GET /don/{code}/song?k=`: events.
pub async fn follow_order(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    follow_orders(&req, &kit, vec![view.order.id]).await
}

/// `GET /don/{code}/qr.svg?k=`: the code of what is due now, as a picture to save.
pub async fn show_qr(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    Ok(picture("image/svg+xml", showing::qr_svg(&kit, lang_of(&req), pay_of(&kit, &view)?)?))
}

/// `GET /don/{code}/qr.png?k=`: the same for the phone's gallery.
pub async fn show_qr_png(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    Ok(picture("image/png", showing::qr_png(&kit, lang_of(&req), pay_of(&kit, &view)?)?))
}

fn pay_of<'a>(kit: &Kit, view: &'a OrderView) -> Result<&'a PayView, WebError> {
    view.pay.as_ref().filter(|_| payable(kit, view)).ok_or_else(WebError::not_found)
}

fn picture(content_type: &'static str, body: impl Into<Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-robots-tag", "noindex"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(body.into())
}

/// `POST /don/{code}/huy?k=`: the shopper takes the order back; a second press finds it done.
pub async fn cancel_order(kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let key = query.0.k;
    let view = showing::find_order(&kit, &code, &key).await?;
    ending::cancel_order(&kit, &view.order.id).await?;
    Ok(see_other(&format!("/don/{}?k={key}", view.order.code)))
}
