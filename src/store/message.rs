//! Words owed to people.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::message;
use crate::domain::id::{AccountId, CooperativeId, MessageId, OrderId};
use crate::domain::message::MessageState;
use crate::domain::time::At;
use diesel::prelude::*;

/// Words owed to a person; the card with Zalo, SMS and call buttons.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = message, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Message {
    pub id: MessageId,
    pub cooperative_id: Option<CooperativeId>,
    pub order_id: Option<OrderId>,
    pub account_id: Option<AccountId>,
    pub to_name: String,
    pub to_phone: String,
    pub to_email: Option<String>,
    pub language: String,
    /// Names the Fluent text and templates/mail/<kind>.
    pub kind: String,
    /// JSON.
    pub args: String,
    pub state: MessageState,
    pub made_at: At,
    pub told_at: Option<At>,
    pub told_by: Option<AccountId>,
    pub told_how: Option<String>,
}

pub fn insert(conn: &mut Conn, row: &Message) -> StoreResult<()> {
    diesel::insert_into(message::table).values(row).execute(conn)?;
    Ok(())
}

pub fn get(conn: &mut Conn, id: &MessageId) -> StoreResult<Message> {
    Ok(message::table.find(id).select(Message::as_select()).get_result(conn)?)
}

/// Words that nobody has passed on yet: of a cooperative, or the market's own (`None`); the oldest first.
pub fn list_open(conn: &mut Conn, cooperative: Option<&CooperativeId>, most: i64) -> StoreResult<Vec<Message>> {
    let mut query = message::table
        .filter(message::state.eq_any([MessageState::Open, MessageState::Parked]))
        .order((message::made_at, message::id))
        .limit(most)
        .select(Message::as_select())
        .into_boxed();
    query = match cooperative {
        Some(cooperative) => query.filter(message::cooperative_id.eq(cooperative)),
        None => query.filter(message::cooperative_id.is_null()),
    };
    Ok(query.load(conn)?)
}

/// A person pressed one of the buttons, or a channel delivered. False when it was told already.
pub fn mark_told(
    conn: &mut Conn,
    id: &MessageId,
    to: MessageState,
    by: Option<&AccountId>,
    how: &str,
    at: At,
) -> StoreResult<bool> {
    let target = message::table
        .filter(message::id.eq(id))
        .filter(message::state.eq_any([MessageState::Open, MessageState::Parked]));
    let values = (message::state.eq(to), message::told_at.eq(at), message::told_by.eq(by), message::told_how.eq(how));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// No channel could deliver it: back to the people. False when somebody has told it meanwhile.
pub fn mark_parked(conn: &mut Conn, id: &MessageId) -> StoreResult<bool> {
    let target = message::table.filter(message::id.eq(id)).filter(message::state.eq(MessageState::Open));
    Ok(diesel::update(target).set(message::state.eq(MessageState::Parked)).execute(conn)? == 1)
}

/// Whether words of a kind about an order were owed since `since`.
pub fn was_owed_since(conn: &mut Conn, order: &OrderId, kind: &str, since: At) -> StoreResult<bool> {
    let query = message::table
        .filter(message::order_id.eq(order))
        .filter(message::kind.eq(kind))
        .filter(message::made_at.gt(since))
        .select(message::id);
    Ok(query.limit(1).get_result::<MessageId>(conn).optional()?.is_some())
}

/// One of a cooperative's own messages; another's is not there.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &MessageId) -> StoreResult<Message> {
    let query = message::table.find(id).filter(message::cooperative_id.eq(cooperative));
    Ok(query.select(Message::as_select()).get_result(conn)?)
}

/// What was passed on last, newest first.
pub fn list_told(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<Message>> {
    let query = message::table
        .filter(message::cooperative_id.eq(cooperative))
        .filter(message::state.eq(MessageState::Told))
        .order((message::told_at.desc(), message::id))
        .limit(most);
    Ok(query.select(Message::as_select()).load(conn)?)
}

/// How many words of a cooperative nobody has passed on yet.
pub fn count_open(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<i64> {
    let query = message::table
        .filter(message::cooperative_id.eq(cooperative))
        .filter(message::state.eq_any([MessageState::Open, MessageState::Parked]));
    Ok(query.count().get_result(conn)?)
}
