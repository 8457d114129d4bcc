//! Words owed to people: always a card in somebody's list, and a mail through the outbox where there is an address.

use super::draw::Run;
use super::error::ServiceError;
use crate::domain::id::{AccountId, CooperativeId, MessageId, OrderId, OutboxId};
use crate::domain::lang::Lang;
use crate::domain::message::{MessageKind, MessageState, OutboxState, Owed};
use crate::store::order::Order;
use crate::store::{self, Conn};
use crate::view::Views;
use crate::view::texts::Args;
use std::collections::BTreeMap;

/// To whom, in which language, about what.
#[derive(Debug, Clone, Default)]
pub struct To<'a> {
    /// Whose list the card stands in: the cooperative's, or (none) the market's own.
    pub cooperative: Option<&'a CooperativeId>,
    pub order: Option<&'a OrderId>,
    pub account: Option<&'a AccountId>,
    pub name: &'a str,
    /// E.164.
    pub phone: &'a str,
    pub email: Option<&'a str>,
    pub language: &'a str,
}

/// Owes a person words; they are written when they are read, from `kind` and `args`.
pub fn owe_words(
    conn: &mut Conn,
    run: &Run,
    to: &To<'_>,
    kind: MessageKind,
    args: &BTreeMap<&str, String>,
) -> Result<MessageId, ServiceError> {
    let id = MessageId::new(run.now, run.ten());
    store::message::insert(
        conn,
        &store::message::Message {
            id: id.clone(),
            cooperative_id: to.cooperative.cloned(),
            order_id: to.order.cloned(),
            account_id: to.account.cloned(),
            to_name: to.name.to_owned(),
            to_phone: to.phone.to_owned(),
            to_email: to.email.map(str::to_owned),
            language: to.language.to_owned(),
            kind: kind.as_text().to_owned(),
            args: serde_json::to_string(args).map_err(ServiceError::broken)?,
            state: MessageState::Open,
            made_at: run.now,
            told_at: None,
            told_by: None,
            told_how: None,
        },
    )?;
    if to.email.is_some() {
        owe(conn, run, &Owed::Mail { message: id.clone() })?;
    }
    Ok(id)
}

/// Words to the buyer about one order.
pub fn tell_buyer(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    kind: MessageKind,
    more: &[(&'static str, String)],
) -> Result<(), ServiceError> {
    let purchase = store::purchase::get(conn, &order.purchase_id)?;
    let to = To {
        cooperative: Some(&order.cooperative_id),
        order: Some(&order.id),
        account: purchase.account_id.as_ref(),
        name: &purchase.buyer_name,
        phone: &purchase.buyer_phone,
        email: purchase.buyer_email.as_deref(),
        language: &purchase.language,
    };
    let mut args = BTreeMap::from([("code", order.code.to_string()), ("total", order.total_vnd.to_string())]);
    args.extend(more.iter().map(|(name, value)| (*name, value.clone())));
    owe_words(conn, run, &to, kind, &args)?;
    Ok(())
}

/// Owes the world outside a piece of work.
pub fn owe(conn: &mut Conn, run: &Run, work: &Owed) -> Result<(), ServiceError> {
    store::outbox::insert(
        conn,
        &store::outbox::Outbox {
            id: OutboxId::new(run.now, run.ten()),
            key: work.key(),
            kind: work.kind().to_owned(),
            payload: serde_json::to_string(work).map_err(ServiceError::broken)?,
            state: OutboxState::Owed,
            due_at: run.now,
            tries: 0,
            lease_until: None,
            lease_by: None,
            last_error: None,
            made_at: run.now,
            done_at: None,
        },
    )?;
    Ok(())
}

/// Owes a look at an order's payment link, where its account's provider makes such. Called wherever what is due may have changed; one
/// look is enough however often it was owed, and one that waits for another try is due at once.
pub fn owe_link(conn: &mut Conn, run: &Run, order: &OrderId) -> Result<(), ServiceError> {
    if !store::pay_link::can_have_link(conn, order)? {
        return Ok(());
    }
    let work = Owed::PaymentLink { order: order.clone() };
    if store::outbox::mark_due(conn, &work.key(), run.now)? { Ok(()) } else { owe(conn, run, &work) }
}

/// The words of a message as a person passes them on: `farm-card-<kind>` with its arguments, in the reader's language.
/// `url` is the address that the words name, when they name one.
pub fn words_of(views: &Views, message: &store::message::Message, url: &str) -> String {
    let lang = message.language.parse::<Lang>().unwrap_or(Lang::Vi);
    let args: BTreeMap<String, String> = serde_json::from_str(&message.args).unwrap_or_default();
    let mut filled = Args::new();
    filled.set("name", message.to_name.as_str());
    filled.set("url", url);
    for (name, value) in &args {
        filled.set(name.as_str(), value.as_str());
    }
    views.say_with(lang, &format!("farm-card-{}", message.kind), &filled)
}
