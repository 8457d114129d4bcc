//! `/mua/{code}`: one purchase as a checklist of transfers, one for each cooperative, that follows the money by itself.

use super::super::error::{WebError, WebResult, see_other};
use super::super::form::Query;
use super::super::live;
use super::super::page;
use super::order_fill::{OrderFill, PayFill};
use super::{cart, words};
use crate::domain::id::OrderId;
use crate::domain::order::{OrderState, PaymentKind};
use crate::domain::quantity::Quantity;
use crate::service::kit::Kit;
use crate::service::showing::{self, OrderView, PurchaseView};
use crate::service::{basket, ending};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Opened {
    k: String,
    /// Which transfer stands open: an order's code.
    ma: String,
}

#[derive(Serialize)]
struct PurchaseFill {
    code: String,
    key: String,
    self_url: String,
    live_url: String,
    again_url: String,
    buyer_phone: String,
    total_vnd: i64,
    steps: Vec<PayStep>,
    /// Transfers in all, and those done.
    transfers: usize,
    done: usize,
    is_cod: bool,
    /// The code appears once a cooperative has said yes.
    waits_for_yes: bool,
    has_run_out: bool,
    asks_for_money: bool,
    until: Option<String>,
    now: String,
}

#[derive(Serialize)]
struct PayStep {
    number: usize,
    order: OrderFill,
    /// now, todo, done, stopped
    state: &'static str,
    amount_vnd: i64,
    open_url: String,
    pay: Option<PayFill>,
}

/// `GET /mua/{code}?k=`
pub async fn show_purchase(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Opened>) -> WebResult {
    let Opened { k, ma } = query.0;
    let found = showing::find_purchase(&kit, &code, &k).await?;
    let fill = purchase_fill(&req, &kit, &found, &k, &ma)?;
    page::personal(&req, "shop/purchase.html", &fill)
}

fn is_paid(view: &OrderView) -> bool {
    !view.order.state.is_dead() && !view.due.is_positive()
}

/// The transfer that stands open: the asked one, else the first that waits.
fn open_one<'a>(found: &'a PurchaseView, wanted: &str, waits: impl Fn(&OrderView) -> bool) -> Option<&'a OrderId> {
    let asked = found.orders.iter().find(|view| view.order.code.as_text() == wanted && waits(view));
    asked.or_else(|| found.orders.iter().find(|view| waits(view))).map(|view| &view.order.id)
}

fn purchase_fill(
    req: &HttpRequest,
    kit: &Kit,
    found: &PurchaseView,
    key: &str,
    wanted: &str,
) -> Result<PurchaseFill, WebError> {
    let now = kit.now();
    let waits = |view: &OrderView| {
        view.awaits_transfer()
            && !words::has_run_out(view, now)
            && (view.order.payment == PaymentKind::VietQr || view.order.asks_deposit())
    };
    let open = open_one(found, wanted, waits);
    let mut steps = Vec::new();
    for (view, number) in found.orders.iter().zip(1_usize..) {
        let is_open = open == Some(&view.order.id);
        let pay = match (&view.pay, is_open) {
            (Some(pay), true) => Some(PayFill::new(req, kit, view, pay, key)?),
            _ => None,
        };
        steps.push(PayStep {
            number,
            state: match (is_open, waits(view), is_paid(view)) {
                (true, _, _) => "now",
                (_, true, _) => "todo",
                (_, _, true) => "done",
                _ if view.order.payment == PaymentKind::Cod && !view.order.state.is_dead() => "todo",
                _ if view.order.waits_for_yes() => "todo",
                _ => "stopped",
            },
            amount_vnd: if waits(view) { view.asks.vnd() } else { view.order.total_vnd.vnd() },
            open_url: format!("/mua/{}?k={key}&ma={}#{}", found.purchase.code, view.order.code, view.order.code),
            pay,
            order: OrderFill::new(req, kit, view),
        });
    }
    let awaiting = found.orders.iter().filter(|view| waits(view));
    let first_end = awaiting.filter_map(|view| view.order.expires_at).min();
    let code = found.purchase.code.to_string();
    Ok(PurchaseFill {
        self_url: format!("/mua/{code}?k={key}"),
        live_url: format!("/mua/{code}/song?k={key}"),
        again_url: format!("/mua/{code}/dat-lai?k={key}"),
        key: key.to_owned(),
        buyer_phone: found.purchase.buyer_phone.clone(),
        total_vnd: found.purchase.total_vnd.vnd(),
        transfers: found.orders.len(),
        done: found.orders.iter().filter(|view| is_paid(view)).count(),
        waits_for_yes: found.orders.iter().any(|view| view.order.waits_for_yes()),
        is_cod: found.orders.iter().all(|view| view.order.payment == PaymentKind::Cod),
        has_run_out: found.orders.iter().any(|view| words::has_run_out(view, now)),
        asks_for_money: open.is_some(),
        until: first_end.map(crate::domain::time::At::rfc3339),
        now: now.rfc3339(),
        code,
        steps,
    })
}

/// Follows orders: the hold lives on while somebody looks at the page.
pub async fn follow_orders(req: &HttpRequest, kit: &Kit, ids: Vec<OrderId>) -> WebResult {
    let kit = kit.clone();
    let look: live::Look = Box::new(move || {
        let (kit, ids) = (kit.clone(), ids.clone());
        Box::pin(async move {
            let before = showing::pulse_of(&kit, ids.clone()).await?;
            for order in &before.awaiting {
                ending::renew_hold(&kit, order).await?;
            }
            let seen = if before.awaiting.is_empty() { before } else { showing::pulse_of(&kit, ids).await? };
            Ok(seen.word)
        })
    });
    live::follow(req, look).await
}

/// `GET /mua/{code}/song?k=`: events.
pub async fn follow_purchase(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Opened>) -> WebResult {
    let found = showing::find_purchase(&kit, &code, &query.0.k).await?;
    follow_orders(&req, &kit, found.orders.into_iter().map(|view| view.order.id).collect()).await
}

/// `POST /mua/{code}/dat-lai?k=`: what was not paid in time goes back into the basket; nothing is ordered yet.
pub async fn order_again(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Opened>) -> WebResult {
    let found = showing::find_purchase(&kit, &code, &query.0.k).await?;
    let now = kit.now();
    let ended = |view: &&OrderView| {
        words::has_run_out(view, now) || matches!(view.order.state, OrderState::Cancelled | OrderState::Declined)
    };
    let ids: Vec<OrderId> = found.orders.iter().filter(ended).map(|view| view.order.id.clone()).collect();
    carry_again(&req, &kit, ids).await
}

/// What these orders held goes into the basket once more; nothing is ordered yet. What is there already is not doubled.
pub async fn carry_again(req: &HttpRequest, kit: &Kit, ids: Vec<OrderId>) -> WebResult {
    let mut carried = cart::read(req, kit.config.is_https());
    for (offer, quantity) in basket::lines_again(kit, ids).await? {
        let there = carried.lines().iter().find(|(known, _)| *known == offer).map_or(Quantity(0), |(_, there)| *there);
        carried.set(offer, quantity.max(there));
    }
    let mut answer: HttpResponse = see_other("/gio-hang");
    answer.add_cookie(&cart::cookie(&carried, kit.config.is_https())).map_err(WebError::broken)?;
    Ok(answer)
}
