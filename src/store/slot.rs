//! Windows of a delivery day. Places taken are counted from orders that live, so nothing can drift.

use super::conn::{Conn, MultiBackend, locked};
use super::schema::{delivery_slot, order_delivery, sale_order};
use super::{StoreError, StoreResult};
use crate::domain::id::{CooperativeId, DeliverySlotId, DeliveryWayId};
use crate::domain::order::OrderState;
use crate::domain::time::{At, Day};
use diesel::dsl::count_star;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery_slot, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct DeliverySlot {
    pub id: DeliverySlotId,
    pub cooperative_id: CooperativeId,
    pub delivery_way_id: DeliveryWayId,
    /// Minutes of the day.
    pub from_min: i64,
    pub to_min: i64,
    /// Orders a day.
    pub capacity: i64,
    pub is_active: bool,
}

pub fn insert(conn: &mut Conn, row: &DeliverySlot) -> StoreResult<()> {
    diesel::insert_into(delivery_slot::table).values(row).execute(conn)?;
    Ok(())
}

/// Windows in use of cooperatives (at most 500), earliest first.
pub fn list(conn: &mut Conn, cooperatives: &[CooperativeId]) -> StoreResult<Vec<DeliverySlot>> {
    let query = delivery_slot::table
        .filter(delivery_slot::cooperative_id.eq_any(cooperatives))
        .filter(delivery_slot::is_active.eq(true))
        .order((delivery_slot::delivery_way_id, delivery_slot::from_min, delivery_slot::id));
    Ok(query.select(DeliverySlot::as_select()).load(conn)?)
}

/// Locks windows by id: whoever takes the last place has it alone.
pub fn lock_of(conn: &mut Conn, ids: &[DeliverySlotId]) -> StoreResult<Vec<DeliverySlot>> {
    let query = delivery_slot::table
        .filter(delivery_slot::id.eq_any(ids))
        .order(delivery_slot::id)
        .select(DeliverySlot::as_select());
    Ok(locked(query).load(conn)?)
}

/// Living orders in windows (at most 500) from a day on. An unpaid order whose time is up takes no place.
pub fn count_taken(
    conn: &mut Conn,
    slots: &[DeliverySlotId],
    from: Day,
    now: At,
) -> StoreResult<Vec<(DeliverySlotId, Day, i64)>> {
    let dead = [OrderState::Expired, OrderState::Cancelled, OrderState::Declined];
    let waits = sale_order::state.eq(OrderState::AwaitingPayment);
    let in_time = sale_order::expires_at.gt(now).assume_not_null();
    let rows: Vec<(Option<DeliverySlotId>, Option<Day>, i64)> = order_delivery::table
        .inner_join(sale_order::table.on(sale_order::id.eq(order_delivery::order_id)))
        .filter(order_delivery::delivery_slot_id.eq_any(slots.iter().map(Some)))
        .filter(order_delivery::deliver_on.ge(Some(from)))
        .filter(sale_order::state.ne_all(dead))
        .filter(diesel::dsl::not(waits).or(in_time))
        .group_by((order_delivery::delivery_slot_id, order_delivery::deliver_on))
        .select((order_delivery::delivery_slot_id, order_delivery::deliver_on, count_star()))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(slot, day, count)| Some((slot?, day?, count))).collect())
}

/// Changes how many orders one of a cooperative's own windows takes, or takes it out of use. False when there is no such window.
pub fn put(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    id: &DeliverySlotId,
    capacity: i64,
    is_active: bool,
) -> StoreResult<bool> {
    let target =
        delivery_slot::table.filter(delivery_slot::id.eq(id)).filter(delivery_slot::cooperative_id.eq(cooperative));
    let put = (delivery_slot::capacity.eq(capacity), delivery_slot::is_active.eq(is_active));
    Ok(diesel::update(target).set(put).execute(conn).map_err(StoreError::from)? == 1)
}
