//! What cooperatives propose instead of what was ordered. Whoever changes a row holds its order's lock.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{order_line, order_proposal, order_proposal_line};
use crate::domain::answer::ProposalState;
use crate::domain::id::{AccountId, CooperativeId, OrderId, OrderLineId, ProposalId};
use crate::domain::money::Money;
use crate::domain::quantity::{Base, Quantity};
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_proposal, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Proposal {
    pub id: ProposalId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub by_account_id: AccountId,
    pub state: ProposalState,
    /// Another day; none: the day stays.
    pub deliver_on: Option<Day>,
    pub made_at: At,
    pub until: At,
    pub ended_at: Option<At>,
}

/// A line of which there would be less.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_proposal_line, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ProposalLine {
    pub order_proposal_id: ProposalId,
    pub order_line_id: OrderLineId,
    pub cooperative_id: CooperativeId,
    pub quantity: Quantity,
}

pub fn insert(conn: &mut Conn, row: &Proposal, lines: &[ProposalLine]) -> StoreResult<()> {
    diesel::insert_into(order_proposal::table).values(row).execute(conn)?;
    for line in lines {
        diesel::insert_into(order_proposal_line::table).values(line).execute(conn)?;
    }
    Ok(())
}

/// What the buyer of an order is asked now.
pub fn find_open(conn: &mut Conn, order: &OrderId) -> StoreResult<Option<Proposal>> {
    let query = order_proposal::table
        .filter(order_proposal::order_id.eq(order))
        .filter(order_proposal::state.eq(ProposalState::Open));
    Ok(query.select(Proposal::as_select()).load(conn)?.pop())
}

pub fn list_lines(conn: &mut Conn, proposal: &ProposalId) -> StoreResult<Vec<ProposalLine>> {
    let query = order_proposal_line::table.filter(order_proposal_line::order_proposal_id.eq(proposal));
    Ok(query.order(order_proposal_line::order_line_id).select(ProposalLine::as_select()).load(conn)?)
}

/// Ends what the buyer of an order is asked; false when nothing was.
pub fn end_open(conn: &mut Conn, order: &OrderId, to: ProposalState, at: At) -> StoreResult<bool> {
    let target = order_proposal::table
        .filter(order_proposal::order_id.eq(order))
        .filter(order_proposal::state.eq(ProposalState::Open));
    let values = (order_proposal::state.eq(to), order_proposal::ended_at.eq(at));
    Ok(diesel::update(target).set(values).execute(conn)? > 0)
}

/// Less of a line than was ordered.
pub fn put_quantity(
    conn: &mut Conn,
    line: &OrderLineId,
    quantity: Quantity,
    base: Base,
    amount: Money,
) -> StoreResult<()> {
    let values =
        (order_line::quantity.eq(quantity), order_line::base_quantity.eq(base), order_line::line_vnd.eq(amount));
    diesel::update(order_line::table.find(line)).set(values).execute(conn)?;
    Ok(())
}
