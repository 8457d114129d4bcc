//! «Giao hàng hôm nay» and one order's door: what the carrier reads in the sun, and the screen that turns green by itself.

use super::desk::{Asked, asked_for, at_said, money_typed, words};
use super::said::{lines_said, order_url, place_said};
use crate::domain::account::MemberRole;
use crate::domain::door::{self, Handed};
use crate::domain::money::Money;
use crate::domain::order::{FulfilmentKind, OrderState};
use crate::domain::phone::Phone;
use crate::domain::text::words::money_words;
use crate::service::door::{self as at_door, DoorView};
use crate::service::kit::Kit;
use crate::service::selling::{OrderBrief, find_own_order};
use crate::service::showing;
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebError, WebResult};
use crate::web::lang::lang_of;
use crate::web::live;
use crate::web::page::{self, Problem};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// The address of an order's door.
pub fn door_url(code: &crate::domain::code::OrderCode) -> String {
    format!("/ban-hang/giao/{code}")
}

/// What was done, as the address after an act says it.
pub fn done(req: &HttpRequest, asked: &Asked) -> Option<String> {
    const DONE: [&str; 10] = ["chua-giao", "di", "tien-mat", "bo-tien-mat", "giao", "nop", "rut", "nhan", "bo", "thay"];
    let word = asked_for(asked, "da");
    DONE.contains(&word).then(|| words(req, &format!("door-done-{word}"), &[]))
}

fn tel(phone: &str) -> Option<String> {
    phone.parse::<Phone>().ok().map(|phone| phone.tel())
}

fn stop(req: &HttpRequest, brief: &OrderBrief) -> Value {
    let delivery = &brief.delivery;
    let place = place_said(delivery.address.as_deref(), delivery.commune_name.as_deref());
    json!({
        "code": brief.order.code.to_string(),
        "url": door_url(&brief.order.code),
        "who": delivery.recipient_name,
        "phone": delivery.recipient_phone,
        "tel": tel(&delivery.recipient_phone),
        "place": place,
        "kind": delivery.kind,
        "is_pickup": delivery.kind == FulfilmentKind::Pickup,
        "order_url": order_url(&brief.order.code),
        "on": delivery.deliver_on.map(|day| filters::day_said(day, lang_of(req), false)),
        "slot": delivery.slot,
        "note": delivery.note,
        "lines": lines_said(req, brief),
        "due_vnd": brief.due.vnd(),
    })
}

/// `GET /ban-hang/giao`
pub async fn show_run(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let run = at_door::show_run(&kit, &seller).await?;
    let due = Money::sum(run.mine.iter().map(|brief| brief.due)).map_err(WebError::broken)?;
    let fill = json!({
        "tab": "orders",
        "flash": done(&req, &asked),
        "mine": run.mine.iter().map(|brief| stop(&req, brief)).collect::<Vec<_>>(),
        "others": run.others.iter().map(|(brief, who)| json!({ "stop": stop(&req, brief), "carrier": who })).collect::<Vec<_>>(),
        "waiting": run.waiting.iter().map(|brief| stop(&req, brief)).collect::<Vec<_>>(),
        "due_vnd": due.vnd(),
        "held_vnd": run.held.vnd(),
    });
    page::private(&req, &me, "farm/door_run.html", &fill)
}

/// What the screen has beside the order.
#[derive(Default)]
pub struct Around {
    pub flash: Option<String>,
    pub problems: Vec<Problem>,
    /// An amount other than what is due, asked once more.
    pub asks: Option<Money>,
    /// As it was typed.
    pub amount: Option<String>,
    pub typed: super::desk::Typed,
}

/// `GET /ban-hang/giao/{code}`
pub async fn show_door(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    code: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let view = at_door::show_door(&kit, &seller, &code).await?;
    let around = Around { flash: done(&req, &asked), ..Around::default() };
    door_page(&req, &kit, &me, &seller, &view, around)
}

/// The screen, also after an act that could not be done.
pub fn door_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    view: &DoorView,
    around: Around,
) -> WebResult {
    let (order, due) = (&view.order.view.order, view.order.view.due);
    let delivery = &view.order.view.delivery;
    let place = place_said(delivery.address.as_deref(), delivery.commune_name.as_deref());
    let is_here = door::is_at_the_door(order.state);
    let fill = json!({
        "tab": "orders",
        "flash": around.flash,
        "problems": around.problems,
        "code": order.code.to_string(),
        "state": order.state,
        "order_url": order_url(&order.code),
        "self_url": door_url(&order.code),
        "live_url": format!("{}/song", door_url(&order.code)),
        "is_green": door::is_green(order.state, due),
        "is_here": is_here,
        "is_packed": order.state == OrderState::Packed,
        "is_delivered": order.state.is_handed_over(),
        "is_live": is_here && (due.is_positive() || !order.state.is_handed_over()),
        "is_mine": view.is_mine,
        "may_carry": seller.may(MemberRole::Packer),
        "is_on_the_way": order.state == OrderState::OnTheWay,
        "reasons": super::way_said::reasons(req),
        "typed": around.typed.shown(),
        "carrier": view.carrier.as_ref().map(|(_, name)| name),
        "who": delivery.recipient_name,
        "phone": delivery.recipient_phone,
        "tel": tel(&delivery.recipient_phone),
        "buyer": (delivery.recipient_phone != view.order.view.buyer.buyer_phone).then(|| json!({
            "who": view.order.view.buyer.buyer_name,
            "phone": view.order.view.buyer.buyer_phone,
            "tel": tel(&view.order.view.buyer.buyer_phone),
        })),
        "place": place,
        "note": delivery.note,
        "hide_prices": delivery.hide_prices,
        "total_vnd": order.total_vnd.vnd(),
        "received_vnd": view.order.view.balance.received.vnd(),
        "refund_due_vnd": view.order.view.balance.refund_due.vnd(),
        "due_vnd": due.vnd(),
        "due_words": if lang_of(req) == crate::domain::lang::Lang::Vi { money_words(due) } else { String::new() },
        "amount": around.amount.unwrap_or_else(|| if due.is_positive() { money_typed(due) } else { String::new() }),
        "ask": around.asks.map(|amount| asked_again(due, amount)).transpose()?,
        "money": came(req, view),
        "cash": cash(req, kit, seller, view),
        "pay": pay(req, kit, view)?,
    });
    page::private(req, me, "farm/door.html", &fill)
}

/// What an amount other than what is due means, before it is taken.
fn asked_again(due: Money, amount: Money) -> Result<Value, WebError> {
    let (word, difference) = match door::compare(due, amount).map_err(WebError::broken)? {
        Handed::Short(missing) => ("short", missing),
        Handed::Over(excess) => ("over", excess),
        Handed::Exact | Handed::Unlikely => ("exact", Money::ZERO),
    };
    Ok(
        json!({ "amount_vnd": amount.vnd(), "word": word, "difference_vnd": difference.vnd(), "had_due": due.is_positive() }),
    )
}

/// What has come by the bank or by somebody's word, with how well it is proven.
fn came(req: &HttpRequest, view: &DoorView) -> Vec<Value> {
    let standing = view.order.view.money.iter().filter(|event| event.undone_at.is_none());
    standing
        .map(|event| {
            json!({
                "amount_vnd": event.amount_vnd.vnd(),
                "grade": event.grade,
                "who": event.said_by.as_ref().and_then(|id| view.order.names.get(id)),
                "from": event.counter_name,
                "at": at_said(req, event.received_at),
            })
        })
        .collect()
}

/// Cash taken for the order, and whether a slip of the finger can still be taken back.
fn cash(req: &HttpRequest, kit: &Kit, seller: &Seller, view: &DoorView) -> Vec<Value> {
    let now = kit.now();
    let taken = view.cash.iter().filter(|(row, _)| row.undoes.is_none());
    taken
        .map(|(row, who)| {
            let undone = view.cash.iter().any(|(other, _)| other.undoes.as_ref() == Some(&row.id));
            let in_time = now.seconds_since(row.at) <= door::UNDO_WITHIN_S;
            let may = row.carrier_id == seller.account || seller.may(MemberRole::Accountant);
            json!({
                "id": row.id,
                "amount_vnd": row.amount_vnd.vnd(),
                "who": who,
                "at": at_said(req, row.at),
                "undone": undone,
                "can_undo": !undone && in_time && may,
            })
        })
        .collect()
}

/// The code of what is due now: after weighing, and after a part of it has come.
fn pay(req: &HttpRequest, kit: &Kit, view: &DoorView) -> Result<Option<Value>, WebError> {
    let state = view.order.view.order.state;
    let Some(pay) = view.order.view.pay.as_ref().filter(|_| door::is_at_the_door(state)) else { return Ok(None) };
    Ok(Some(json!({
        "svg": showing::qr_svg(kit, lang_of(req), pay)?,
        "bank": pay.bank_name,
        "account": pay.account,
        "holder": pay.holder,
        "amount_vnd": pay.amount.vnd(),
        "memo": pay.memo,
        "is_part": pay.is_part,
        "bank_tells": view.bank_tells,
    })))
}

/// `GET /ban-hang/giao/{code}/song`: events, until nothing will change at this door any more.
pub async fn follow_door(req: HttpRequest, kit: Kit, seller: Seller, code: web::Path<String>) -> WebResult {
    let id = find_own_order(&kit, &seller, &code).await?.view.order.id;
    let look: live::Look = Box::new(move || {
        let (kit, id) = (kit.clone(), id.clone());
        Box::pin(async move { Ok(at_door::look_at_door(&kit, &id).await?) })
    });
    live::follow(&req, look).await
}
