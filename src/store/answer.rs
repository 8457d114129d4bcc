//! The clock of an order's answer, and links that act without a sign-in. Whoever changes a row holds its order's lock.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::order::Order;
use super::schema::{act_link, message, sale_order};
use crate::domain::id::{AccountId, ActLinkId, CooperativeId, OrderId};
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::order::{OrderState, PaymentKind};
use crate::domain::time::At;
use diesel::prelude::*;

/// A link that acts without a sign-in, for one member on one order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = act_link, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ActLink {
    pub id: ActLinkId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub account_id: AccountId,
    /// What it opens.
    pub acts: String,
    pub token_hash: String,
    pub until: At,
    pub made_at: At,
    /// A final act was done by it.
    pub used_at: Option<At>,
}

impl Order {
    /// It waits for the cooperative's yes and may be paid only after it. What has come all the same is kept: `renewed_until` is set
    /// as soon as payment is, or was, asked for.
    pub fn waits_for_yes(&self) -> bool {
        self.state == OrderState::Placed && self.payment == PaymentKind::VietQr && self.renewed_until.is_none()
    }
}

/// From now on an order may be paid, until then.
pub fn put_payable(conn: &mut Conn, order: &OrderId, until: At) -> StoreResult<()> {
    let values = (sale_order::expires_at.eq(until), sale_order::renewed_until.eq(until));
    diesel::update(sale_order::table.find(order)).set(values).execute(conn)?;
    Ok(())
}

/// It was paid before anybody asked for it: it waits for its answer as every paid order does.
pub fn put_paid_early(conn: &mut Conn, order: &OrderId, at: At) -> StoreResult<()> {
    diesel::update(sale_order::table.find(order)).set(sale_order::renewed_until.eq(at)).execute(conn)?;
    Ok(())
}

pub fn insert_link(conn: &mut Conn, row: &ActLink) -> StoreResult<()> {
    diesel::insert_into(act_link::table).values(row).execute(conn)?;
    Ok(())
}

pub fn get_link(conn: &mut Conn, id: &ActLinkId) -> StoreResult<ActLink> {
    Ok(act_link::table.find(id).select(ActLink::as_select()).get_result(conn)?)
}

/// A final act was done by it; false when one had been already.
pub fn mark_link_used(conn: &mut Conn, id: &ActLinkId, at: At) -> StoreResult<bool> {
    let target = act_link::table.filter(act_link::id.eq(id)).filter(act_link::used_at.is_null());
    Ok(diesel::update(target).set(act_link::used_at.eq(at)).execute(conn)? == 1)
}

/// Orders whose clock has something to do, in any cooperative; what has waited longest first.
pub fn list_due(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<OrderId>> {
    let query = sale_order::table
        .filter(sale_order::answer_due_at.le(now))
        .filter(sale_order::state.eq(OrderState::Placed))
        .order((sale_order::answer_due_at, sale_order::id))
        .limit(most);
    Ok(query.select(sale_order::id).load(conn)?)
}

/// How far the clock of an order has gone, and when it has something to do next.
pub fn put_stage(conn: &mut Conn, order: &OrderId, stage: i64, due_at: Option<At>) -> StoreResult<()> {
    let values = (sale_order::answer_stage.eq(stage), sale_order::answer_due_at.eq(due_at));
    diesel::update(sale_order::table.find(order)).set(values).execute(conn)?;
    Ok(())
}

/// Nobody needs to be asked any more: the clock of an order stops.
pub fn stop_clock(conn: &mut Conn, order: &OrderId) -> StoreResult<()> {
    diesel::update(sale_order::table.find(order)).set(sale_order::answer_due_at.eq(None::<At>)).execute(conn)?;
    Ok(())
}

/// Words that asked for an answer and that nobody has passed on: they are no longer needed.
pub fn drop_asking_words(conn: &mut Conn, order: &OrderId, at: At) -> StoreResult<()> {
    let kinds = [MessageKind::OrderToConfirm.as_text(), MessageKind::OrderUnanswered.as_text()];
    let target = message::table
        .filter(message::order_id.eq(order))
        .filter(message::kind.eq_any(kinds))
        .filter(message::state.eq_any([MessageState::Open, MessageState::Parked]));
    let values = (message::state.eq(MessageState::Dropped), message::told_at.eq(at));
    diesel::update(target).set(values).execute(conn)?;
    Ok(())
}
