//! What the office's templates need, as plain values.

use crate::domain::commune;
use crate::domain::territory::Territory;
use crate::domain::trace::Step;
use crate::service::inspecting::{FullStep, LotFile, LotOrder, MovementShown, OrderFile};
use crate::service::inspecting_search::Hits;
use crate::service::who::Official;
use serde_json::{Value, json};

pub(super) fn home(official: &Official, asked: &str, hits: &Hits) -> Value {
    let place = official.territory.parse::<Territory>().ok().and_then(|land| land.name());
    json!({
        "q": asked,
        "office": official.office,
        "place": place,
        "is_country": official.territory == "*",
        "nothing": !asked.is_empty() && hits.is_empty(),
        "orders": hits.orders.iter().map(|(order, seller)| json!({
            "code": order.code, "url": order_url(order.code.as_text()), "state": order.state, "seller": seller,
            "made_at": order.made_at,
        })).collect::<Vec<_>>(),
        "lots": hits.lots.iter().map(|(lot, product)| json!({
            "code": lot.code, "url": lot_url(lot.code.as_text()), "product": product, "made_on": lot.made_on,
        })).collect::<Vec<_>>(),
        "cooperatives": hits.cooperatives.iter().map(|row| json!({
            "name": row.name, "legal_name": row.legal_name, "tax_code": row.tax_code, "phone": row.phone,
            "commune": commune::find(&row.commune_code).map(|found| found.name.as_str()), "state": row.state,
            "url": format!("/htx/{}", row.slug),
        })).collect::<Vec<_>>(),
        "products": hits.products.iter().map(|(product, seller, lots)| json!({
            "name": product.name, "seller": seller, "url": format!("/san-pham/{}", product.slug),
            "lots": lots.iter().map(|code| json!({ "code": code, "url": lot_url(code.as_text()) })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn order_url(code: &str) -> String {
    format!("/co-quan/don/{code}")
}

fn lot_url(code: &str) -> String {
    format!("/co-quan/dot-hang/{code}")
}

pub(super) fn lot(file: &LotFile) -> Value {
    json!({
        "code": file.lot.code,
        "sheet_url": format!("/co-quan/dot-hang/{}/don-hang.csv", file.lot.code),
        "public_url": format!("/truy-xuat/{}", file.lot.code),
        "product": file.product.name,
        "unit": file.product.base_unit,
        "state": file.lot.state,
        "made_on": file.lot.made_on,
        "best_before": file.lot.best_before,
        "place": file.lot.place,
        "commune": commune::find(&file.lot.commune_code).map(commune::Commune::with_province),
        "seller": { "name": file.seller.legal_name, "tax_code": file.seller.tax_code, "phone": file.seller.phone },
        "owner": { "name": file.owner.legal_name, "tax_code": file.owner.tax_code, "phone": file.owner.phone },
        "is_same": file.seller.id == file.owner.id,
        "balance": file.balance,
        "held": file.lot.held,
        "checks": { "stock": file.checks.stock, "held": file.checks.held, "sold": file.checks.sold, "all": file.checks.all() },
        "orders": file.orders.iter().map(lot_order).collect::<Vec<_>>(),
        "given_up": file.given_up,
        "movements": file.movements.iter().map(movement).collect::<Vec<_>>(),
        "steps": file.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn lot_order(row: &LotOrder) -> Value {
    let is_other = row.delivery.recipient_phone != row.purchase.buyer_phone;
    json!({
        "code": row.order.code,
        "url": order_url(row.order.code.as_text()),
        "state": row.order.state,
        "made_at": row.order.made_at,
        "held": row.held,
        "taken": row.taken,
        "buyer": row.purchase.buyer_name,
        "phone": row.purchase.buyer_phone,
        "recipient": is_other.then_some(&row.delivery.recipient_name),
        "recipient_phone": is_other.then_some(&row.delivery.recipient_phone),
        "commune": row.delivery.commune_name,
    })
}

fn movement(row: &MovementShown) -> Value {
    json!({
        "kind": row.movement.kind,
        "base": row.movement.base_quantity,
        "at": row.movement.at,
        "order": row.order,
        "order_url": row.order.as_ref().map(|code| order_url(code.as_text())),
        "to_whom": row.movement.to_whom,
        "reason": row.movement.reason,
        "by": row.by,
    })
}

fn step(row: &FullStep) -> Value {
    let word = Step::of_cbv(row.event.event_type, row.event.action, &row.event.biz_step).map(Step::word);
    let late_s = row.event.recorded_at.seconds_since(row.event.at);
    json!({
        "word": word,
        "at": row.event.at,
        "recorded_at": (late_s > 24 * 3600).then_some(row.event.recorded_at),
        "place": row.event.place,
        "party": row.event.party,
        "by": row.event.word_of,
        "person": row.by,
        "base": row.base.0.saturating_abs(),
        "order": row.order,
        "order_url": row.order.as_ref().map(|code| order_url(code.as_text())),
        "fingerprint": row.fingerprint.chars().take(16).collect::<String>(),
    })
}

pub(super) fn order(file: &OrderFile) -> Value {
    let view = &file.view;
    let (order, delivery) = (&view.order, &view.delivery);
    json!({
        "code": order.code,
        "state": order.state,
        "settlement": view.settlement,
        "payment": order.payment,
        "made_at": order.made_at,
        "total_vnd": order.total_vnd,
        "shipping_vnd": order.shipping_vnd,
        "received_vnd": view.balance.received,
        "due_vnd": view.due,
        "refund_due_vnd": view.balance.refund_due,
        "reason": order.reason,
        "seller": { "name": view.cooperative.legal_name, "phone": view.cooperative.phone, "tax_code": view.cooperative.tax_code },
        "buyer": { "name": view.buyer.buyer_name, "phone": view.buyer.buyer_phone },
        "delivery": {
            "kind": delivery.kind, "recipient": delivery.recipient_name, "phone": delivery.recipient_phone,
            "address": delivery.address, "commune": delivery.commune_name, "day": delivery.deliver_on,
        },
        "lines": view.lines.iter().map(|row| json!({
            "name": row.line.product_name, "offer": row.line.offer_label, "unit": row.line.base_unit,
            "base": row.line.weighed_base.unwrap_or(row.line.base_quantity), "is_weighed": row.line.weighed_base.is_some(),
            "vnd": row.line.weighed_vnd.unwrap_or(row.line.line_vnd),
        })).collect::<Vec<_>>(),
        "lots": file.lots.iter().map(|row| json!({
            "code": row.lot.code, "url": lot_url(row.lot.code.as_text()), "product": row.product_name, "unit": row.unit,
            "owner": row.owner_name, "made_on": row.lot.made_on, "held": row.held, "taken": row.taken,
        })).collect::<Vec<_>>(),
        "money": view.money.iter().map(|event| json!({
            "vnd": event.amount_vnd, "at": event.booked_at, "grade": event.grade, "is_confirmed": event.confirmed_by_event.is_some(),
            "is_undone": event.undone_at.is_some(), "from": event.counter_name, "reference": event.reference_code,
            "said_by": event.said_by.as_ref().and_then(|id| file.names.get(id)),
        })).collect::<Vec<_>>(),
        "moves": view.moves.iter().map(|row| json!({
            "event": row.event, "at": row.at, "by": row.by_kind, "reason": row.reason,
            "person": row.by_account_id.as_ref().and_then(|id| file.names.get(id)),
        })).collect::<Vec<_>>(),
    })
}
