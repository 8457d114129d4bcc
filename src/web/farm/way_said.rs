//! The way of an order to its buyer, ready to read: tries at the door, the coach, and what stands against the number.

use super::desk::{at_said, words};
use crate::domain::attempt::AttemptReason;
use crate::domain::order::{FulfilmentKind, OrderState};
use crate::domain::phone::Phone;
use crate::service::selling::SellersOrder;
use crate::service::undelivered::WayThere;
use crate::view::filters;
use crate::web::lang::lang_of;
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// What a page says of it; `order` is the seller's own.
pub fn way_there(req: &HttpRequest, order: &SellersOrder, way: &WayThere) -> Value {
    let row = &order.view.order;
    let is_coach = order.view.delivery.kind == FulfilmentKind::Coach;
    let own = way.refused.iter().find(|one| one.order_id == row.id);
    let is_before_goods = matches!(row.state, OrderState::Placed | OrderState::Confirmed);
    let goods = ["sellable", "spoiled"];
    let goods = goods.map(|word| json!({ "value": word, "label": words(req, &format!("way-goods-{word}"), &[]) }));
    json!({
        "attempts": way.attempts.iter().map(|one| json!({
            "at": at_said(req, one.at),
            "reason": words(req, &format!("way-reason-{}", one.reason), &[]),
            "note": one.note,
            "next_on": one.next_on.map(|day| filters::day_said(day, lang_of(req), false)),
        })).collect::<Vec<_>>(),
        "coach": is_coach,
        "can_send": is_coach && matches!(row.state, OrderState::Packed | OrderState::OnTheWay),
        "leg": way.leg.as_ref().map(|leg| json!({
            "plate": leg.plate,
            "leaves": at_said(req, leg.leaves_at),
            "hour": leg.leaves_at.local().format("%H:%M").to_string(),
            "day": leg.leaves_at.day().to_string(),
            "stop": leg.stop,
            "phone": leg.phone,
            "tel": leg.phone.as_ref().and_then(|phone| phone.parse::<Phone>().ok()).map(|phone| phone.tel()),
        })),
        "refused": way.refused.len(),
        "refused_last": way.refused.first().map(|one| at_said(req, one.at)),
        "warns": is_before_goods && !way.refused.is_empty(),
        "is_counted": own.is_some(),
        "can_take_back": row.state == OrderState::Packed,
        "goods": goods,
    })
}

/// Why it was not taken, to choose from.
pub fn reasons(req: &HttpRequest) -> Vec<Value> {
    let said = AttemptReason::ALL
        .iter()
        .map(|reason| json!({ "value": reason, "label": words(req, &format!("way-reason-{reason}"), &[]) }));
    said.collect()
}
