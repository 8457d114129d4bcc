//! Guest checkout in one request, an order by its key, and its cancellation.

use super::super::error::{Fault, WebError, WebResult};
use super::super::lang::lang_of;
use super::body::{self, ProblemDocument, again_after};
use crate::domain::order::PaymentKind;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::service::checkout::RawCheckout;
use crate::service::ending;
use crate::service::kit::Kit;
use crate::service::ordering::{self, Ordering, PlacedPurchase};
use crate::service::showing::{self, OrderView, PurchaseView};
use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use std::time::Duration;
use utoipa::{OpenApi, ToSchema};

/// How long a request waits for the one before it with the same key: under the contract's 5 s, over the embedded engine's wait
/// for a lock and under the server's, so that a database that is held says 503 and a key that is at work says 409.
const WAIT: Duration = Duration::from_millis(4_500);

#[derive(OpenApi)]
#[openapi(paths(place_order, show_order, cancel_order))]
pub struct Docs;

/// One purchase with one order per cooperative.
#[derive(Debug, Serialize, ToSchema)]
pub struct Placed {
    purchase: PurchaseBody,
    orders: Vec<PlacedOrder>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PurchaseBody {
    /// `MU` and seven letters.
    code: String,
    /// The page of all its transfers; whoever has it may see them.
    url: String,
}

/// One cooperative's part.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacedOrder {
    /// `HT` and seven letters. The memo of its transfer holds it.
    code: String,
    /// Opens this order: `X-Order-Key`.
    key: String,
    /// The cooperative's name.
    cooperative: String,
    /// `awaiting_payment`, `placed`, `confirmed`, `packed`, `on_the_way`, `delivered`, `closed`, `expired`, `cancelled` or `declined`.
    state: String,
    /// `unpaid`, `partial`, `settled`, `over`, `refund_due` or `refunded`; derived from the ledger.
    settlement: String,
    total_vnd: i64,
    /// Until when the goods are held; null once it no longer matters. RFC 3339.
    expires_at: Option<String>,
    url: String,
    /// What to transfer now; null for pay on delivery, when nothing is due, and while the cooperative has to say yes first: `state` is
    /// `placed` then, and `awaiting_payment` with its payment after the yes.
    payment: Option<Payment>,
}

/// One transfer. The memo must stand as it is.
#[derive(Debug, Serialize, ToSchema)]
struct Payment {
    bin: String,
    account: String,
    account_name: String,
    amount_vnd: i64,
    memo: String,
    qr_payload: String,
    qr_svg_url: String,
}

/// One order with what is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderBody {
    #[serde(flatten)]
    order: PlacedOrder,
    /// After any code.
    goods_vnd: i64,
    shipping_vnd: i64,
    /// What a code took off goods and delivery; both sums above are what is left.
    discount_vnd: i64,
    received_vnd: i64,
    due_vnd: i64,
    refund_due_vnd: i64,
    /// Money came after the hold had ended.
    late: bool,
    /// Paid, but the goods were gone.
    short_stock: bool,
    /// `bank_message`, `statement` or `by_hand` (the cooperative's own word); null while nothing came.
    proof: Option<String>,
    /// ISO 8601 day in Vietnam.
    deliver_on: Option<String>,
    /// Why the cooperative declined, or the shopper cancelled.
    reason: Option<String>,
    lines: Vec<LineBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct LineBody {
    name: String,
    offer: String,
    /// In sale units, a decimal string.
    quantity: String,
    unit: String,
    amount_vnd: i64,
    /// Whole grams, millilitres or pieces by true weight; null before weighing.
    weighed_base: Option<i64>,
    /// Codes of the lots that serve it.
    lots: Vec<String>,
}

fn placed_order(kit: &Kit, view: &OrderView) -> PlacedOrder {
    let (order, base_url) = (&view.order, &kit.config.base_url);
    let key = showing::order_key(kit, &order.id);
    let asked = view.pay.as_ref().filter(|_| order.payment == PaymentKind::VietQr || view.order.asks_deposit());
    PlacedOrder {
        code: order.code.to_string(),
        cooperative: view.cooperative.name.clone(),
        state: order.state.to_string(),
        settlement: view.settlement.to_string(),
        total_vnd: order.total_vnd.vnd(),
        expires_at: order.expires_at.filter(|_| order.state.awaits_money()).map(At::rfc3339),
        url: format!("{base_url}/don/{}?k={key}", order.code),
        payment: asked.map(|pay| Payment {
            bin: pay.bin.clone(),
            account: pay.account.clone(),
            account_name: pay.holder.clone(),
            amount_vnd: pay.amount.vnd(),
            memo: pay.memo.clone(),
            qr_payload: pay.qr_payload.clone(),
            qr_svg_url: format!("{base_url}/don/{}/qr.svg?k={key}", order.code),
        }),
        key,
    }
}

fn order_body(kit: &Kit, view: &OrderView) -> OrderBody {
    let line = |one: &showing::LineView| LineBody {
        name: one.line.product_name.clone(),
        offer: one.line.offer_label.clone(),
        quantity: one.line.quantity.decimal(),
        unit: one.line.unit.clone(),
        amount_vnd: one.line.weighed_vnd.unwrap_or(one.line.line_vnd).vnd(),
        weighed_base: one.line.weighed_base.map(|base| base.0),
        lots: one.lots.iter().map(|(code, _)| code.to_string()).collect(),
    };
    OrderBody {
        order: placed_order(kit, view),
        goods_vnd: view.order.goods_vnd.vnd(),
        shipping_vnd: view.order.shipping_vnd.vnd(),
        discount_vnd: view.voucher.as_ref().map_or(0, |used| used.all_off().unwrap_or_default().vnd()),
        received_vnd: view.balance.received.vnd(),
        due_vnd: view.due.vnd(),
        refund_due_vnd: view.balance.refund_due.vnd(),
        late: view.order.is_late,
        short_stock: view.order.short_stock,
        proof: view.proof().map(|grade| grade.to_string()),
        deliver_on: view.delivery.deliver_on.map(|day| day.to_string()),
        reason: view.order.reason.clone(),
        lines: view.lines.iter().map(line).collect(),
    }
}

fn placed(kit: &Kit, view: &PurchaseView) -> Placed {
    let key = showing::purchase_key(kit, &view.purchase.id);
    let code = view.purchase.code.to_string();
    Placed {
        purchase: PurchaseBody { url: format!("{}/mua/{code}?k={key}", kit.config.base_url), code },
        orders: view.orders.iter().map(|order| placed_order(kit, order)).collect(),
    }
}

/// Orders as a guest: one purchase, one order per cooperative, all or none.
///
/// Sent again with the same key and the same body, it orders nothing again and answers as the first time, with
/// `Idempotency-Replayed: true`.
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    tag = "orders",
    params(("Idempotency-Key" = String, Header, description = "Of your making, at most 255 characters, kept 24 hours")),
    request_body = RawCheckout,
    responses(
        (status = 201, description = "Ordered, or ordered before with this key", body = Placed,
            headers(("Idempotency-Replayed" = bool, description = "Present and true when nothing was done again"))),
        (status = 400, description = "No Idempotency-Key, or a body that cannot be read", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Stock, price or state has changed; `problems` says it per line. With Retry-After: the first request with this key is still at work", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Can never work as it is, or the key was used for another body", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "A limit; Retry-After says when", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn place_order(req: HttpRequest, kit: Kit, body: Bytes) -> WebResult {
    let key = body::header_of(&req, "idempotency-key").filter(|key| key.chars().count() <= ordering::MOST_KEY_CHARS);
    let Some(key) = key else {
        let refusals = vec![Refusal::new("refusal-idempotency-key").about("Idempotency-Key")];
        return Err(WebError { refusals, ..WebError::new(Fault::BadRequest) });
    };
    let raw: RawCheckout = body::read(&body)?;
    let ordering = Ordering { key: key.to_owned(), language: lang_of(&req).as_text().to_owned(), account: None };
    let Ok(done) = tokio::time::timeout(WAIT, ordering::place_order(&kit, &raw, &ordering)).await else {
        // The work goes on; the same request sent again will find what it made.
        return Err(again_after(Fault::Changed, Refusal::new("refusal-still-running"), 1));
    };
    let PlacedPurchase { purchase, replayed, .. } = done?;
    let view = showing::show_purchase(&kit, &purchase).await?;
    let mut answer = HttpResponse::Created();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if replayed {
        answer.insert_header(("idempotency-replayed", "true"));
    }
    Ok(answer.content_type("application/json").body(serde_json::to_string(&placed(&kit, &view))?))
}

async fn opened(req: &HttpRequest, kit: &Kit, code: &str) -> Result<OrderView, WebError> {
    let key = body::header_of(req, "x-order-key").unwrap_or_default();
    Ok(showing::find_order(kit, code, key).await?)
}

/// One order by its key. An unknown code and a wrong key are told alike.
#[utoipa::path(
    get,
    path = "/api/v1/orders/{code}",
    tag = "orders",
    params(("code" = String, Path, description = "The order's code"), ("X-Order-Key" = String, Header, description = "`key` of the answer that made it")),
    responses(
        (status = 200, description = "How it stands", body = OrderBody),
        (status = 404, description = "No such code, or not its key", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn show_order(req: HttpRequest, kit: Kit, code: web::Path<String>) -> WebResult {
    let view = opened(&req, &kit, &code).await?;
    body::answer(&order_body(&kit, &view))
}

/// Takes the order back, while the cooperative has not said yes. A second time it finds it done.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{code}/cancellation",
    tag = "orders",
    params(("code" = String, Path, description = "The order's code"), ("X-Order-Key" = String, Header, description = "`key` of the answer that made it")),
    responses(
        (status = 200, description = "Cancelled", body = OrderBody),
        (status = 404, description = "No such code, or not its key", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "It has gone too far to be cancelled", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn cancel_order(req: HttpRequest, kit: Kit, code: web::Path<String>) -> WebResult {
    let view = opened(&req, &kit, &code).await?;
    ending::cancel_order(&kit, &view.order.id).await?;
    let view = opened(&req, &kit, &code).await?;
    body::answer(&order_body(&kit, &view))
}
