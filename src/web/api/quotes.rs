//! What an order would cost, without ordering.

use super::super::error::{WebError, WebResult};
use super::body::{self, ProblemDocument};
use crate::domain::money::Money;
use crate::domain::slot::Opening;
use crate::service::checkout::RawCheckout;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::ordering;
use crate::service::pricing::{Group, PricedLine};
use actix_web::web::Bytes;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(paths(quote))]
pub struct Docs;

/// What would be ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Quote {
    orders: Vec<QuotedOrder>,
    total_vnd: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct QuotedOrder {
    cooperative: String,
    /// After any code.
    goods_vnd: i64,
    shipping_vnd: i64,
    /// What a code takes off goods and delivery; both sums above are what is left.
    discount_vnd: i64,
    total_vnd: i64,
    /// How much more from this cooperative makes its delivery free; null when it is, or never is.
    missing_for_free_vnd: Option<i64>,
    /// ISO 8601 day in Vietnam.
    deliver_on: Option<String>,
    /// Days and windows that could be chosen by `fulfilment.slot`, the soonest first.
    slots: Vec<QuotedSlot>,
    lines: Vec<QuotedLine>,
}

#[derive(Debug, Serialize, ToSchema)]
struct QuotedSlot {
    /// What `fulfilment.slot` takes.
    slot: String,
    /// ISO 8601 day in Vietnam.
    day: String,
    /// Minutes of that day; null where a way promises no hours.
    from_min: Option<i64>,
    to_min: Option<i64>,
    /// Orders that still fit; null: as many as come.
    left: Option<i64>,
    /// RFC 3339: until when an order makes it.
    order_by: String,
}

fn quoted_slot(opening: &Opening) -> QuotedSlot {
    let slot = opening.slot.as_ref();
    QuotedSlot {
        slot: opening.wish().to_string(),
        day: opening.day.to_string(),
        from_min: slot.map(|slot| slot.from_min),
        to_min: slot.map(|slot| slot.to_min),
        left: opening.left,
        order_by: opening.order_by.to_string(),
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct QuotedLine {
    product: String,
    offer: String,
    quantity: String,
    unit: String,
    price_vnd: i64,
    amount_vnd: i64,
}

fn quoted_line(line: &PricedLine) -> QuotedLine {
    QuotedLine {
        product: line.product.slug.clone(),
        offer: line.offer.id.to_string(),
        quantity: line.quantity.decimal(),
        unit: line.offer.unit.clone(),
        price_vnd: line.price.vnd(),
        amount_vnd: line.amount.vnd(),
    }
}

fn quoted_order(group: &Group) -> QuotedOrder {
    QuotedOrder {
        cooperative: group.cooperative.name.clone(),
        goods_vnd: group.goods.vnd(),
        shipping_vnd: group.shipping.vnd(),
        discount_vnd: group
            .voucher
            .as_ref()
            .map_or(0, |taken| taken.goods_off.vnd().saturating_add(taken.shipping_off.vnd())),
        total_vnd: group.total.vnd(),
        missing_for_free_vnd: group.missing_for_free.map(Money::vnd),
        deliver_on: group.deliver_on.map(|day| day.to_string()),
        slots: group.openings.iter().map(quoted_slot).collect(),
        lines: group.lines.iter().map(quoted_line).collect(),
    }
}

/// The same body as an order, with no effect: what it would cost, or the answer that the order would get.
#[utoipa::path(
    post,
    path = "/api/v1/quotes",
    tag = "orders",
    request_body = RawCheckout,
    responses(
        (status = 200, description = "It could be ordered so", body = Quote),
        (status = 400, description = "A body that cannot be read", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Stock, price or state is not as supposed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Can never work as it is", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn quote(kit: Kit, body: Bytes) -> WebResult {
    let raw: RawCheckout = body::read(&body)?;
    let priced = ordering::quote(&kit, &raw).await?;
    if !priced.refused.is_empty() {
        return Err(WebError::from(ServiceError::Refused(priced.refused)));
    }
    if !priced.changed.is_empty() {
        return Err(WebError::from(ServiceError::Changed(priced.changed)));
    }
    body::answer(&Quote { orders: priced.groups.iter().map(quoted_order).collect(), total_vnd: priced.total.vnd() })
}
