//! What the pages of a purchase and of one order show of an order. Values ready to read; no HTML.

use super::super::error::WebError;
use super::super::lang::lang_of;
use super::super::page;
use super::words::{self, Headline, Proof, Step};
use crate::domain::holder_name::HolderName;
use crate::domain::order::{FulfilmentKind, OrderState, PaymentKind};
use crate::domain::phone::Phone;
use crate::domain::time::At;
use crate::service::kit::Kit;
use crate::service::showing::{self, OrderView, PayView};
use crate::view::filters;
use actix_web::HttpRequest;
use serde::Serialize;

/// How what is due can be transferred.
#[derive(Serialize)]
pub struct PayFill {
    svg: String,
    picture_url: String,
    bank: String,
    account: String,
    holder: String,
    amount_vnd: i64,
    memo: String,
    file: String,
    is_part: bool,
    /// `own`, `other` or `checked`.
    holder_name: HolderName,
    legal_name: String,
}

impl PayFill {
    pub fn new(req: &HttpRequest, kit: &Kit, view: &OrderView, pay: &PayView, key: &str) -> Result<Self, WebError> {
        Ok(Self {
            svg: showing::qr_svg(kit, lang_of(req), pay)?,
            picture_url: format!("/don/{}/qr.png?k={key}", view.order.code),
            bank: pay.bank_name.clone(),
            account: pay.account.clone(),
            holder: pay.holder.clone(),
            amount_vnd: pay.amount.vnd(),
            file: format!("ganh-{}", view.order.code),
            memo: pay.memo.clone(),
            is_part: pay.is_part,
            holder_name: pay.holder_name,
            legal_name: view.cooperative.legal_name.clone(),
        })
    }
}

/// One line with the lots that serve it.
#[derive(Serialize)]
pub struct LineFill {
    name: String,
    quantity: String,
    /// True weight, once weighed.
    weighed: Option<String>,
    amount_vnd: i64,
    lots: Vec<String>,
}

/// One order, whole.
#[derive(Serialize)]
pub struct OrderFill {
    pub code: String,
    pub key: String,
    pub url: String,
    state: &'static str,
    settlement: &'static str,
    is_late: bool,
    headline: Headline,
    steps: Vec<Step>,
    proof: Option<Proof>,
    lines: Vec<LineFill>,
    /// Before any code.
    goods_vnd: i64,
    off_vnd: i64,
    shipping_off_vnd: i64,
    shipping_vnd: i64,
    total_vnd: i64,
    received_vnd: i64,
    pub due_vnd: i64,
    /// A deposit is asked for now, and the rest when the goods come.
    asks_deposit_vnd: Option<i64>,
    refund_due_vnd: i64,
    refunded_vnd: i64,
    is_cod: bool,
    waits_for_yes: bool,
    has_run_out: bool,
    can_cancel: bool,
    expires_at: Option<String>,
    now: String,
    cooperative: CooperativeFill,
    delivery: DeliveryFill,
}

#[derive(Serialize)]
struct CooperativeFill {
    name: String,
    legal_name: String,
    slug: String,
    hue: u32,
    phone: String,
    tel_url: String,
    zalo_url: String,
}

#[derive(Serialize)]
struct DeliveryFill {
    kind: &'static str,
    day: Option<String>,
    recipient_name: String,
    recipient_phone: String,
    is_gift: bool,
    gift_message: Option<String>,
    address: String,
    note: Option<String>,
}

impl OrderFill {
    pub fn new(req: &HttpRequest, kit: &Kit, view: &OrderView) -> Self {
        let (order, now, lang) = (&view.order, kit.now(), lang_of(req));
        let key = showing::order_key(kit, &order.id);
        let off = view.voucher.as_ref().map(|used| used.off_vnd).unwrap_or_default();
        Self {
            url: order_url(view, &key),
            code: order.code.to_string(),
            key,
            state: order.state.as_text(),
            settlement: view.settlement.as_text(),
            is_late: order.is_late,
            headline: words::headline(req, view, now),
            steps: words::steps(req, view),
            proof: words::proof(req, view),
            lines: view.lines.iter().map(|line| line_fill(line, lang)).collect(),
            goods_vnd: order.goods_vnd.plus(off).unwrap_or(order.goods_vnd).vnd(),
            off_vnd: off.vnd(),
            shipping_off_vnd: view.voucher.as_ref().map_or(0, |used| used.shipping_off_vnd.vnd()),
            shipping_vnd: order.shipping_vnd.vnd(),
            total_vnd: order.total_vnd.vnd(),
            received_vnd: view.balance.received.vnd(),
            due_vnd: view.due.vnd(),
            asks_deposit_vnd: view.order.asks_deposit().then(|| view.asks.vnd()),
            refund_due_vnd: view.balance.refund_due.vnd(),
            refunded_vnd: view.balance.refunded.vnd(),
            waits_for_yes: order.waits_for_yes(),
            is_cod: order.payment == PaymentKind::Cod,
            has_run_out: words::has_run_out(view, now),
            can_cancel: can_cancel(view, now),
            expires_at: order.expires_at.map(At::rfc3339),
            now: now.rfc3339(),
            cooperative: CooperativeFill {
                name: view.cooperative.name.clone(),
                legal_name: view.cooperative.legal_name.clone(),
                slug: view.cooperative.slug.clone(),
                hue: page::hue(view.cooperative.id.as_text()) / 30,
                phone: view.cooperative.phone.clone(),
                tel_url: format!("tel:{}", view.cooperative.phone),
                zalo_url: view.cooperative.phone.parse().map(|phone: Phone| phone.zalo_link()).unwrap_or_default(),
            },
            delivery: DeliveryFill {
                kind: view.delivery.kind.as_text(),
                day: view.delivery.deliver_on.map(|day| filters::day_said(day, lang, false)),
                recipient_name: view.delivery.recipient_name.clone(),
                recipient_phone: view.delivery.recipient_phone.clone(),
                is_gift: view.delivery.recipient_phone != view.buyer.buyer_phone,
                gift_message: view.delivery.gift_message.clone(),
                address: address(view),
                note: view.delivery.note.clone(),
            },
        }
    }
}

/// What the rule of cancelling allows; goods whose hold has run out need no cancelling.
fn can_cancel(view: &OrderView, now: At) -> bool {
    matches!(view.order.state, OrderState::AwaitingPayment | OrderState::Placed) && !words::has_run_out(view, now)
}

fn address(view: &OrderView) -> String {
    let street = view.delivery.address.clone();
    let commune = view.delivery.commune_name.clone();
    let wanted = if view.delivery.kind == FulfilmentKind::Pickup { None } else { Some([street, commune]) };
    wanted.into_iter().flatten().flatten().collect::<Vec<_>>().join(", ")
}

fn line_fill(view: &showing::LineView, lang: crate::domain::lang::Lang) -> LineFill {
    let line = &view.line;
    let name = if line.offer_label.is_empty() {
        line.product_name.clone()
    } else {
        format!("{}, {}", line.product_name, line.offer_label)
    };
    LineFill {
        name,
        quantity: format!("{}\u{a0}{}", line.quantity.said(), line.unit),
        weighed: line.weighed_base.and_then(|base| filters::base_quantity(base.0, line.base_unit.as_text(), lang).ok()),
        amount_vnd: line.weighed_vnd.unwrap_or(line.line_vnd).vnd(),
        lots: view.lots.iter().map(|(code, _)| code.to_string()).collect(),
    }
}

/// The address of an order's own page.
pub fn order_url(view: &OrderView, key: &str) -> String {
    format!("/don/{}?k={key}", view.order.code)
}
