//! Orders made ready to read for a seller's lists and page. Decides nothing but words.

use super::desk::{amount_echo, amount_said, at_said, field_unit, left, shown_weight, words};
use crate::domain::code::OrderCode;
use crate::domain::lang::Lang;
use crate::domain::order::{FulfilmentKind, OrderState};
use crate::domain::payment::ProofGrade;
use crate::domain::phone::Phone;
use crate::domain::quantity::Quantity;
use crate::domain::time::At;
use crate::domain::typed;
use crate::service::selling::{OrderBrief, OrderLine, SellersOrder};
use crate::view::filters;
use crate::web::lang::lang_of;
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// The address of an order among the seller's.
pub fn order_url(code: &OrderCode) -> String {
    format!("/ban-hang/don/{code}")
}

/// «1,5 kg», «2 túi».
fn quantity_said(lang: Lang, quantity: Quantity, unit: &str) -> String {
    let figure = if lang == Lang::Vi { quantity.said() } else { quantity.decimal() };
    format!("{figure}\u{a0}{unit}")
}

/// Until when the cooperative has to answer, and whether that is past.
fn due_of(req: &HttpRequest, now: At, state: OrderState, confirm_by: Option<At>) -> Option<(String, bool)> {
    let by = confirm_by.filter(|_| state == OrderState::Placed)?;
    let at = at_said(req, by);
    Some(match left(req, now, by) {
        Some(left) => (words(req, "farm-confirm-by", &[("at", &at), ("left", &left)]), false),
        None => (words(req, "farm-confirm-late", &[("at", &at)]), true),
    })
}

/// An order as `ui.order_card` takes it.
pub fn brief(req: &HttpRequest, now: At, brief: &OrderBrief) -> Value {
    let lang = lang_of(req);
    let order = &brief.order;
    let due = due_of(req, now, order.state, order.confirm_by);
    let lines: Vec<Value> = brief
        .lines
        .iter()
        .map(|line| json!({ "name": line.product_name, "quantity": quantity_said(lang, line.quantity, &line.unit) }))
        .collect();
    let tells_money = !matches!(order.state, OrderState::AwaitingPayment) && !order.state.is_dead();
    json!({
        "code": order.code.to_string(),
        "url": order_url(&order.code),
        "state": order.state,
        "settlement": tells_money.then(|| brief.settlement.as_text()),
        "who": brief.buyer.buyer_name,
        "lines": lines,
        "total_vnd": order.total_vnd.vnd(),
        "due_vnd": brief.due.vnd(),
        "due": due.as_ref().map(|(text, _)| text.clone()),
        "due_late": due.is_some_and(|(_, late)| late),
        "deliver_on": brief.delivery.deliver_on.map(|day| filters::day_said(day, lang, false)),
        "needs_weighing": brief.needs_weighing,
        "tel": brief.buyer.buyer_phone.parse::<Phone>().ok().map(|phone| phone.tel()),
    })
}

/// One line of what an order holds: «Nhãn lồng 2 kg, Long nhãn 1 hũ».
pub fn lines_said(req: &HttpRequest, brief: &OrderBrief) -> String {
    let lang = lang_of(req);
    let lines = brief
        .lines
        .iter()
        .map(|line| format!("{} {}", line.product_name, quantity_said(lang, line.quantity, &line.unit)));
    lines.collect::<Vec<_>>().join(", ")
}

/// «Số 1, thôn 2, Xã Tân Hưng»: where an order goes; of one that is fetched nothing.
pub fn place_said(address: Option<&str>, commune: Option<&str>) -> String {
    [address, commune].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn person(name: &str, phone: &str) -> Value {
    let read = phone.parse::<Phone>().ok();
    json!({
        "name": name,
        "phone": phone,
        "tel": read.as_ref().map(Phone::tel),
        "sms": read.as_ref().map(Phone::sms),
        "zalo": read.as_ref().map(Phone::zalo_link),
    })
}

/// One order whole, ready to read.
pub fn whole(req: &HttpRequest, now: At, order: &SellersOrder) -> Value {
    let view = &order.view;
    let row = &view.order;
    let due = due_of(req, now, row.state, row.confirm_by);
    let off = view.voucher.as_ref().map(|used| used.off_vnd).unwrap_or_default();
    let held_until = row.expires_at.filter(|_| row.state == OrderState::AwaitingPayment).map(|at| at_said(req, at));
    json!({
        "code": row.code.to_string(),
        "url": order_url(&row.code),
        "state": row.state,
        "is_dead": row.state.is_dead(),
        "settlement": view.settlement.as_text(),
        "payment": row.payment,
        "goods_vnd": row.goods_vnd.plus(off).unwrap_or(row.goods_vnd).vnd(),
        "off_vnd": off.vnd(),
        "shipping_vnd": row.shipping_vnd.vnd(),
        "total_vnd": row.total_vnd.vnd(),
        "received_vnd": view.balance.received.vnd(),
        "refund_due_vnd": view.balance.refund_due.vnd(),
        "due_vnd": view.due.vnd(),
        "due_typed": super::desk::money_typed(view.asks),
        "due": due.as_ref().map(|(text, _)| text.clone()),
        "due_late": due.is_some_and(|(_, late)| late),
        "held_until": held_until,
        "reason": row.reason,
        "is_late": row.is_late,
        "short_stock": row.short_stock,
        "buyer": person(&view.buyer.buyer_name, &view.buyer.buyer_phone),
        "recipient": (view.delivery.recipient_phone != view.buyer.buyer_phone)
            .then(|| person(&view.delivery.recipient_name, &view.delivery.recipient_phone)),
        "lines": lines(req, order),
        "needs_weighing": view.lines.iter().any(|line| line.line.weighed_base.is_none() && order.weighed_lines.contains(&line.line.id)),
        "weighs": !order.weighed_lines.is_empty(),
        "delivery": delivery(req, order),
        "proof": view.proof().map(|grade| grade.as_text()),
        "money": money(req, now, order),
        "history": history(req, order),
    })
}

/// Lots that could serve a line instead, each with its day.
fn other_lots(req: &HttpRequest, order: &SellersOrder, line: &OrderLine) -> Vec<Value> {
    let lots = order.lot_choices.get(&line.id).map(Vec::as_slice).unwrap_or_default();
    let said = lots.iter().map(|lot| {
        json!({
            "id": lot.id,
            "code": lot.code.to_string(),
            "made_on": filters::day_said(lot.made_on, lang_of(req), false),
            "place": lot.place,
        })
    });
    said.collect()
}

fn lines(req: &HttpRequest, order: &SellersOrder) -> Vec<Value> {
    let lang = lang_of(req);
    let lines = order.view.lines.iter().map(|one| {
        let line = &one.line;
        let lots: Vec<Value> = one
            .lots
            .iter()
            .map(|(code, base)| json!({ "code": code.to_string(), "amount": amount_said(req, *base, line.base_unit) }))
            .collect();
        json!({
            "id": line.id,
            "name": line.product_name,
            "offer": line.offer_label,
            "quantity": quantity_said(lang, line.quantity, &line.unit),
            "ordered": amount_said(req, line.base_quantity, line.base_unit),
            "about": line.about,
            "price_vnd": line.price_vnd.vnd(),
            "unit": line.unit,
            "line_vnd": line.weighed_vnd.unwrap_or(line.line_vnd).vnd(),
            "lots": lots,
            "other_lots": other_lots(req, order, line),
            "if_short": line.if_short,
            "by_weight": order.weighed_lines.contains(&line.id),
            "weighed": line.weighed_base.map(|base| amount_said(req, base, line.base_unit)),
            "weighed_words": line.weighed_base.map(|base| amount_echo(req, base, line.base_unit)),
            "weight_field": format!("weight[{}]", line.id),
            "weight_typed": line.weighed_base.map_or_else(String::new, |base| typed::typed(base, line.base_unit)),
            "weight_before": shown_weight(line.weighed_base),
            "weight_before_field": format!("before[{}]", line.id),
            "field_unit": field_unit(line.base_unit),
            "quantity_field": format!("quantity[{}]", line.id),
            "quantity_typed": line.quantity.said(),
        })
    });
    lines.collect()
}

fn delivery(req: &HttpRequest, order: &SellersOrder) -> Value {
    let delivery = &order.view.delivery;
    let place = place_said(delivery.address.as_deref(), delivery.commune_name.as_deref());
    let point = order.point.as_ref().filter(|_| delivery.kind == FulfilmentKind::Pickup);
    json!({
        "kind": delivery.kind,
        "day_typed": delivery.deliver_on.map(|day| day.to_string()),
        "on": delivery.deliver_on.map(|day| filters::day_said(day, lang_of(req), false)),
        "slot": delivery.slot,
        "place": point.map_or(place, |point| format!("{}, {}", point.name, point.address)),
        "note": delivery.note,
        "gift": delivery.gift_message,
        "hide_prices": delivery.hide_prices,
    })
}

fn money(req: &HttpRequest, now: At, order: &SellersOrder) -> Vec<Value> {
    let rows = order.view.money.iter().map(|event| {
        let by_hand = event.grade == ProofGrade::ByHand;
        let open = event.undone_at.is_none() && event.confirmed_by_event.is_none();
        json!({
            "id": event.id,
            "amount_vnd": event.amount_vnd.vnd(),
            "grade": event.grade,
            "at": at_said(req, event.received_at),
            "who": event.said_by.as_ref().and_then(|id| order.names.get(id)),
            "undone": event.undone_at.is_some(),
            "confirmed": event.confirmed_by_event.is_some(),
            "can_undo": by_hand && open && now.seconds_since(event.received_at) <= 3600,
        })
    });
    rows.collect()
}

fn history(req: &HttpRequest, order: &SellersOrder) -> Vec<Value> {
    let rows = order.view.moves.iter().map(|step| {
        let who = step.by_account_id.as_ref().and_then(|id| order.names.get(id)).cloned();
        json!({
            "title": words(req, &format!("farm-move-{}", step.event), &[]),
            "when": at_said(req, step.at),
            "note": match (who, &step.reason) {
                (Some(who), Some(reason)) => Some(format!("{who}: {reason}")),
                (Some(who), None) => Some(who),
                (None, reason) => reason.clone(),
            },
            "state": "done",
        })
    });
    rows.collect()
}
