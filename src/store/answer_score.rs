//! How cooperatives answer: what their orders of a time became, and the figure as it was counted last.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{answer_score, cooperative, order_move, order_proposal, sale_order};
use crate::domain::id::{CooperativeId, OrderId};
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::product::CooperativeState;
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = answer_score, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct AnswerScore {
    pub cooperative_id: CooperativeId,
    pub orders: i64,
    pub in_time: i64,
    pub median_min: Option<i64>,
    pub counted_at: At,
}

/// An order that waited for an answer in the time that is looked at.
#[derive(Debug, Clone, Queryable)]
pub struct Asked {
    pub order: OrderId,
    pub state: OrderState,
    pub made_at: At,
    pub placed_at: Option<At>,
    pub confirm_by: Option<At>,
}

/// A move of an order out of waiting for an answer.
#[derive(Debug, Clone, Queryable)]
pub struct Left {
    pub order: OrderId,
    pub event: OrderEvent,
    pub by_kind: ActorKind,
    pub at: At,
}

pub fn find(conn: &mut Conn, id: &CooperativeId) -> StoreResult<Option<AnswerScore>> {
    Ok(answer_score::table.find(id).select(AnswerScore::as_select()).get_result(conn).optional()?)
}

/// Keeps a figure in the place of the one before. The cooperative is locked by the caller.
pub fn put(conn: &mut Conn, row: &AnswerScore) -> StoreResult<()> {
    diesel::delete(answer_score::table.find(&row.cooperative_id)).execute(conn)?;
    diesel::insert_into(answer_score::table).values(row).execute(conn)?;
    Ok(())
}

/// Open cooperatives whose figure is older than this, or was never counted.
pub fn list_stale(conn: &mut Conn, before: At, most: i64) -> StoreResult<Vec<CooperativeId>> {
    let query = cooperative::table
        .left_join(answer_score::table)
        .filter(cooperative::state.eq(CooperativeState::Open))
        .filter(answer_score::counted_at.is_null().or(answer_score::counted_at.le(before).assume_not_null()))
        .order(cooperative::id)
        .limit(most);
    Ok(query.select(cooperative::id).load(conn)?)
}

/// A cooperative's orders that came to wait for its answer since then, the newest first.
pub fn list_asked(conn: &mut Conn, id: &CooperativeId, since: At, most: i64) -> StoreResult<Vec<Asked>> {
    let query = sale_order::table
        .filter(sale_order::cooperative_id.eq(id))
        .filter(sale_order::placed_at.ge(since))
        .order(sale_order::placed_at.desc())
        .limit(most)
        .select((
            sale_order::id,
            sale_order::state,
            sale_order::made_at,
            sale_order::placed_at,
            sale_order::confirm_by,
        ));
    Ok(query.load(conn)?)
}

/// How orders (at most 500) left the wait for an answer, oldest first.
pub fn list_left(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<Left>> {
    let query = order_move::table
        .filter(order_move::order_id.eq_any(orders))
        .filter(order_move::from_state.eq(OrderState::Placed))
        .filter(order_move::event.ne(OrderEvent::CheckedOut))
        .order((order_move::at, order_move::id))
        .select((order_move::order_id, order_move::event, order_move::by_kind, order_move::at));
    Ok(query.load(conn)?)
}

/// When a change of orders (at most 500) was proposed: an answer too.
pub fn list_proposed(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<(OrderId, At)>> {
    let query = order_proposal::table.filter(order_proposal::order_id.eq_any(orders)).order(order_proposal::made_at);
    Ok(query.select((order_proposal::order_id, order_proposal::made_at)).load(conn)?)
}
