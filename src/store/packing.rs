//! Packing: taps that phones have sent, who packs which order, every weighing of a line.

use super::conn::{Conn, Each, MultiBackend};
use super::error::StoreResult;
use super::schema::{line_weight, order_line, order_packer, order_proposal_weight, packing_act};
use super::told::Told;
use crate::domain::id::{AccountId, CooperativeId, LineWeightId, OrderId, OrderLineId, ProposalId};
use crate::domain::money::Money;
use crate::domain::quantity::Base;
use crate::domain::time::At;
use diesel::prelude::*;

/// One tap under a key that the phone made.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = packing_act, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct PackingAct {
    pub cooperative_id: CooperativeId,
    pub key: String,
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub request_hash: String,
    /// JSON of why not; none: done.
    pub refused: Option<String>,
    pub made_at: At,
}

/// Who packs an order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = order_packer, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
pub struct OrderPacker {
    pub order_id: OrderId,
    pub cooperative_id: CooperativeId,
    pub account_id: AccountId,
    pub since: At,
    pub taken_from: Option<AccountId>,
}

/// One weighing of a line.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = line_weight, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct LineWeight {
    pub id: LineWeightId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub order_line_id: OrderLineId,
    /// None: the buyer agreed to it.
    pub by_account_id: Option<AccountId>,
    pub weighed_base: Base,
    pub weighed_vnd: Money,
    /// Of a correction.
    pub reason: Option<String>,
    pub at: At,
}

/// More of a line than was promised, which the buyer may take at its price.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_proposal_weight, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ProposalWeight {
    pub order_proposal_id: ProposalId,
    pub cooperative_id: CooperativeId,
    pub order_line_id: OrderLineId,
    pub weighed_base: Base,
    pub weighed_vnd: Money,
}

/// Inserts a tap first of all; whoever comes second with the same key waits here until the first has committed.
pub fn insert_new_act(conn: &mut Conn, row: &PackingAct) -> StoreResult<Told> {
    let key = (packing_act::cooperative_id, packing_act::key);
    let query = diesel::insert_into(packing_act::table).values(row).on_conflict(key).do_nothing();
    Ok(Told::of_rows(Each(query).execute(conn)?))
}

pub fn get_act(conn: &mut Conn, cooperative: &CooperativeId, key: &str) -> StoreResult<PackingAct> {
    Ok(packing_act::table.find((cooperative, key)).select(PackingAct::as_select()).get_result(conn)?)
}

/// Forgets taps from before; at most `most`. Answers how many.
pub fn delete_acts_before(conn: &mut Conn, before: At, most: i64) -> StoreResult<usize> {
    let old = packing_act::table.filter(packing_act::made_at.lt(before)).order(packing_act::made_at).limit(most);
    let keys: Vec<String> = old.select(packing_act::key).load(conn)?;
    let still = packing_act::table.filter(packing_act::key.eq_any(&keys)).filter(packing_act::made_at.lt(before));
    Ok(diesel::delete(still).execute(conn)?)
}

/// Says who packs an order from now on. The order is locked.
pub fn put_packer(conn: &mut Conn, row: &OrderPacker) -> StoreResult<()> {
    if diesel::update(order_packer::table.find(&row.order_id)).set(row).execute(conn)? == 0 {
        diesel::insert_into(order_packer::table).values(row).execute(conn)?;
    }
    Ok(())
}

pub fn find_packer(conn: &mut Conn, order: &OrderId) -> StoreResult<Option<OrderPacker>> {
    Ok(order_packer::table.find(order).select(OrderPacker::as_select()).get_result(conn).optional()?)
}

/// Who packs these orders (at most 500).
pub fn list_packers(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<OrderPacker>> {
    let query = order_packer::table.filter(order_packer::order_id.eq_any(orders)).order(order_packer::order_id);
    Ok(query.select(OrderPacker::as_select()).load(conn)?)
}

/// Nobody packs it any more.
pub fn delete_packer(conn: &mut Conn, order: &OrderId) -> StoreResult<()> {
    diesel::delete(order_packer::table.find(order)).execute(conn)?;
    Ok(())
}

pub fn insert_weight(conn: &mut Conn, row: &LineWeight) -> StoreResult<()> {
    diesel::insert_into(line_weight::table).values(row).execute(conn)?;
    Ok(())
}

/// Every weighing of orders' lines (at most 500 orders), oldest first.
pub fn list_weights(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<LineWeight>> {
    let query = line_weight::table
        .inner_join(order_line::table)
        .filter(order_line::order_id.eq_any(orders))
        .order((line_weight::at, line_weight::id));
    Ok(query.select(LineWeight::as_select()).load(conn)?)
}

pub fn insert_proposal_weight(conn: &mut Conn, row: &ProposalWeight) -> StoreResult<()> {
    diesel::insert_into(order_proposal_weight::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_proposal_weight(conn: &mut Conn, proposal: &ProposalId) -> StoreResult<Option<ProposalWeight>> {
    let query = order_proposal_weight::table.find(proposal).select(ProposalWeight::as_select());
    Ok(query.get_result(conn).optional()?)
}
