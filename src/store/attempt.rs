//! Deliveries that were not taken, and the coach that carries an order. Whoever writes holds the order's lock.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{coach_leg, delivery_attempt, refused_delivery};
use crate::domain::attempt::AttemptReason;
use crate::domain::id::{AccountId, AttemptId, CooperativeId, OrderId};
use crate::domain::time::{At, Day};
use diesel::prelude::*;

/// One try at a door.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery_attempt, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Attempt {
    pub id: AttemptId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub carrier_id: AccountId,
    pub reason: AttemptReason,
    pub note: Option<String>,
    pub next_on: Option<Day>,
    pub at: At,
}

/// An order that came back because its buyer did not take it; counts against the number until a person clears it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = refused_delivery, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct RefusedDelivery {
    pub order_id: OrderId,
    pub cooperative_id: CooperativeId,
    /// E.164.
    pub phone: String,
    pub reason: AttemptReason,
    pub at: At,
    pub cleared_at: Option<At>,
    pub cleared_by: Option<AccountId>,
    pub cleared_why: Option<String>,
}

/// The coach that an order goes by.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = coach_leg, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
pub struct CoachLeg {
    pub order_id: OrderId,
    pub cooperative_id: CooperativeId,
    pub plate: String,
    pub leaves_at: At,
    /// Where the buyer fetches it.
    pub stop: String,
    /// Of the coach, E.164.
    pub phone: Option<String>,
    pub said_by: AccountId,
    pub said_at: At,
}

pub fn insert(conn: &mut Conn, row: &Attempt) -> StoreResult<()> {
    diesel::insert_into(delivery_attempt::table).values(row).execute(conn)?;
    Ok(())
}

/// The tries of an order, oldest first.
pub fn list(conn: &mut Conn, order: &OrderId) -> StoreResult<Vec<Attempt>> {
    let query = delivery_attempt::table.filter(delivery_attempt::order_id.eq(order));
    Ok(query.order((delivery_attempt::at, delivery_attempt::id)).select(Attempt::as_select()).load(conn)?)
}

pub fn insert_refused(conn: &mut Conn, row: &RefusedDelivery) -> StoreResult<()> {
    diesel::insert_into(refused_delivery::table).values(row).execute(conn)?;
    Ok(())
}

/// What stands against a number since an instant, newest first.
pub fn list_refused(conn: &mut Conn, phone: &str, since: At) -> StoreResult<Vec<RefusedDelivery>> {
    let query = refused_delivery::table
        .filter(refused_delivery::phone.eq(phone))
        .filter(refused_delivery::at.ge(since))
        .filter(refused_delivery::cleared_at.is_null());
    Ok(query.order(refused_delivery::at.desc()).select(RefusedDelivery::as_select()).load(conn)?)
}

/// Clears what an order counts against its buyer's number; false when nothing stood.
pub fn clear_refused(conn: &mut Conn, order: &OrderId, by: &AccountId, why: &str, at: At) -> StoreResult<bool> {
    let row = refused_delivery::table.filter(refused_delivery::order_id.eq(order));
    let cleared = diesel::update(row.filter(refused_delivery::cleared_at.is_null()))
        .set((
            refused_delivery::cleared_at.eq(at),
            refused_delivery::cleared_by.eq(by),
            refused_delivery::cleared_why.eq(why),
        ))
        .execute(conn)?;
    Ok(cleared == 1)
}

pub fn put_leg(conn: &mut Conn, row: &CoachLeg) -> StoreResult<()> {
    if diesel::update(coach_leg::table.find(&row.order_id)).set(row).execute(conn)? == 0 {
        diesel::insert_into(coach_leg::table).values(row).execute(conn)?;
    }
    Ok(())
}

pub fn find_leg(conn: &mut Conn, order: &OrderId) -> StoreResult<Option<CoachLeg>> {
    Ok(coach_leg::table.find(order).select(CoachLeg::as_select()).get_result(conn).optional()?)
}
