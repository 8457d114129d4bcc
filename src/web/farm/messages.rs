//! «Nhắn tin»: words that people pass on, each a card with three ways.

use super::desk::{Asked, at_said, flash, id_of};
use crate::domain::phone::Phone;
use crate::service::kit::Kit;
use crate::service::passing_on::{self, Card, Cards};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{self, mendable};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

fn shown(req: &HttpRequest, card: &Card, cards: &Cards) -> Value {
    let phone = card.phone.as_ref();
    let told_by = card.message.told_by.as_ref().and_then(|id| cards.names.get(id));
    json!({
        "to_name": card.message.to_name,
        "to_phone": card.message.to_phone,
        "text": card.text,
        "zalo_url": phone.map_or_else(String::new, Phone::zalo_link),
        "sms_url": phone.map_or_else(String::new, |phone| phone.sms_saying(&card.text)),
        "tel_url": phone.map_or_else(String::new, Phone::tel),
        "told_by": told_by,
        "told_at": card.message.told_at.map(|at| at_said(req, at)),
        "action": format!("/ban-hang/nhan-tin/{}", card.message.id),
        "order": card.order.as_ref().map(super::said::order_url),
        "code": card.order.as_ref().map(ToString::to_string),
        "made": at_said(req, card.message.made_at),
    })
}

/// `GET /ban-hang/nhan-tin`
pub async fn show_messages(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let cards = passing_on::list_cards(&kit, &seller).await?;
    let fill = json!({
        "tab": "work",
        "flash": flash(&req, &asked),
        "open": cards.open.iter().map(|card| shown(&req, card, &cards)).collect::<Vec<_>>(),
        "told": cards.told.iter().map(|card| shown(&req, card, &cards)).collect::<Vec<_>>(),
    });
    page::private(&req, &me, "farm/messages.html", &fill)
}

/// `POST /ban-hang/nhan-tin/{id}`: «Đã nhắn». A second press finds it done.
pub async fn mark_passed_on(kit: Kit, seller: Seller, id: web::Path<String>) -> WebResult {
    match passing_on::mark_passed_on(&kit, &seller, &id_of(&id)?, "told").await {
        Ok(()) => Ok(see_other("/ban-hang/nhan-tin?da=nhan-tin")),
        Err(error) => mendable(error).map(|_told_already| see_other("/ban-hang/nhan-tin")),
    }
}
