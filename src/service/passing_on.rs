//! Words that people pass on: the cards of a cooperative with ready text, and who passed each on. The texts are the views'.

use super::answer_link;
use super::error::ServiceError;
use super::kit::Kit;
use super::selling::names_of;
use super::showing::order_key;
use super::telling::words_of;
use super::who::Seller;
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, MessageId, OrderId};
use crate::domain::message::MessageState;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::store;
use crate::store::message::Message;
use std::collections::HashMap;

/// Cards on one page.
const MOST: i64 = 100;
/// Cards that were passed on, below them.
const MOST_TOLD: i64 = 10;

/// A message with its words.
#[derive(Debug, Clone)]
pub struct Card {
    pub message: Message,
    pub text: String,
    pub order: Option<OrderCode>,
    pub phone: Option<Phone>,
}

/// The page of messages.
#[derive(Debug, Clone)]
pub struct Cards {
    pub open: Vec<Card>,
    pub told: Vec<Card>,
    pub names: HashMap<AccountId, String>,
}

/// What the people of a cooperative have to pass on, the oldest first, and what they passed on last.
pub async fn list_cards(kit: &Kit, seller: &Seller) -> Result<Cards, ServiceError> {
    let cooperative = seller.cooperative.clone();
    let (open, told, codes, names) = kit
        .db
        .read(move |conn| {
            let open = store::message::list_open(conn, Some(&cooperative), MOST)?;
            let told = store::message::list_told(conn, &cooperative, MOST_TOLD)?;
            let ids: Vec<OrderId> = open.iter().chain(&told).filter_map(|message| message.order_id.clone()).collect();
            let orders = store::order::list_of(conn, &ids)?;
            let codes: HashMap<OrderId, OrderCode> = orders.into_iter().map(|order| (order.id, order.code)).collect();
            let names = names_of(conn, told.iter().filter_map(|message| message.told_by.clone()).collect())?;
            Ok::<_, ServiceError>((open, told, codes, names))
        })
        .await?;
    let card = |message: Message| {
        let order = message.order_id.as_ref().and_then(|id| codes.get(id).cloned().map(|code| (id.clone(), code)));
        let url =
            order.as_ref().map(|(id, code)| format!("{}/don/{code}?k={}", kit.config.base_url, order_key(kit, id)));
        // What goes to a member carries the member's own link, what goes to a buyer the buyer's page.
        let url = answer_link::url_of(kit, &message).or(url);
        Card {
            text: words_of(&kit.views, &message, url.as_deref().unwrap_or(&kit.config.base_url)),
            order: order.map(|(_, code)| code),
            phone: message.to_phone.parse().ok(),
            message,
        }
    };
    Ok(Cards { open: open.into_iter().map(card).collect(), told: told.into_iter().map(card).collect(), names })
}

/// «Đã nhắn»: a person passed a message on, by `zalo`, `sms`, `call` or in another way.
pub async fn mark_passed_on(kit: &Kit, seller: &Seller, id: &MessageId, how: &str) -> Result<(), ServiceError> {
    let how = if ["zalo", "sms", "call"].contains(&how) { how.to_owned() } else { "told".to_owned() };
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            store::message::get_own(conn, &seller.cooperative, &id)?;
            if !store::message::mark_told(conn, &id, MessageState::Told, Some(&seller.account), &how, now)? {
                return Err(ServiceError::changed(Refusal::new("refusal-told-already")));
            }
            Ok(())
        })
        .await
}
