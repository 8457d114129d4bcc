//! Pauses of delivery, and who has been told of them.

use super::conn::{Conn, Each, MultiBackend};
use super::error::StoreResult;
use super::schema::{delivery_pause, order_delivery, pause_told, sale_order};
use crate::domain::id::{AccountId, CooperativeId, OrderId, PauseId};
use crate::domain::order::OrderState;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery_pause, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct DeliveryPause {
    pub id: PauseId,
    /// None: the operator's, for everybody.
    pub cooperative_id: Option<CooperativeId>,
    /// As of a way of delivery.
    pub scope: String,
    pub from_on: Day,
    pub until_on: Option<Day>,
    pub message: String,
    pub stops_clocks: bool,
    pub made_by: AccountId,
    pub made_at: At,
    pub ended_by: Option<AccountId>,
    pub ended_at: Option<At>,
}

pub fn insert(conn: &mut Conn, row: &DeliveryPause) -> StoreResult<()> {
    diesel::insert_into(delivery_pause::table).values(row).execute(conn)?;
    Ok(())
}

/// Pauses that cover today or a later day: the market's, and those of these cooperatives.
pub fn list_in_force(conn: &mut Conn, cooperatives: &[CooperativeId], today: Day) -> StoreResult<Vec<DeliveryPause>> {
    let own: Vec<Option<&CooperativeId>> = cooperatives.iter().map(Some).collect();
    let query = delivery_pause::table
        .filter(delivery_pause::ended_at.is_null())
        .filter(delivery_pause::until_on.is_null().or(delivery_pause::until_on.ge(Some(today))))
        .filter(delivery_pause::cooperative_id.is_null().or(delivery_pause::cooperative_id.eq_any(own)));
    Ok(query.order((delivery_pause::from_on, delivery_pause::id)).select(DeliveryPause::as_select()).load(conn)?)
}

/// All that cover today or a later day, whoseever.
pub fn list_all_in_force(conn: &mut Conn, today: Day) -> StoreResult<Vec<DeliveryPause>> {
    let query = delivery_pause::table
        .filter(delivery_pause::ended_at.is_null())
        .filter(delivery_pause::until_on.is_null().or(delivery_pause::until_on.ge(Some(today))));
    Ok(query.order((delivery_pause::from_on, delivery_pause::id)).select(DeliveryPause::as_select()).load(conn)?)
}

/// Ends a pause of this owner; false when there is none that stands.
pub fn mark_ended(
    conn: &mut Conn,
    id: &PauseId,
    owner: Option<&CooperativeId>,
    by: &AccountId,
    at: At,
) -> StoreResult<bool> {
    let ended = (delivery_pause::ended_at.eq(at), delivery_pause::ended_by.eq(by));
    let row = delivery_pause::table.filter(delivery_pause::id.eq(id)).filter(delivery_pause::ended_at.is_null());
    let moved = match owner {
        Some(owner) => diesel::update(row.filter(delivery_pause::cooperative_id.eq(owner))).set(ended).execute(conn)?,
        None => diesel::update(row.filter(delivery_pause::cooperative_id.is_null())).set(ended).execute(conn)?,
    };
    Ok(moved == 1)
}

pub fn find(conn: &mut Conn, id: &PauseId) -> StoreResult<Option<DeliveryPause>> {
    Ok(delivery_pause::table.find(id).select(DeliveryPause::as_select()).get_result(conn).optional()?)
}

/// Orders under way that were to come on a day of a pause, to one of these communes (at most 500; none: everywhere), and whose buyers
/// have not been told.
pub fn list_untold(
    conn: &mut Conn,
    pause: &DeliveryPause,
    communes: Option<&[String]>,
    most: i64,
) -> StoreResult<Vec<OrderId>> {
    const UNDER_WAY: [OrderState; 4] =
        [OrderState::Placed, OrderState::Confirmed, OrderState::Packed, OrderState::OnTheWay];
    let told = pause_told::table
        .filter(pause_told::delivery_pause_id.eq(&pause.id))
        .filter(pause_told::order_id.eq(sale_order::id));
    let mut query = sale_order::table
        .inner_join(order_delivery::table)
        .filter(sale_order::state.eq_any(UNDER_WAY))
        .filter(order_delivery::deliver_on.ge(Some(pause.from_on)))
        .filter(diesel::dsl::not(diesel::dsl::exists(told)))
        .into_boxed();
    if let Some(until) = pause.until_on {
        query = query.filter(order_delivery::deliver_on.le(Some(until)));
    }
    if let Some(communes) = communes {
        query = query.filter(order_delivery::commune_code.eq_any(communes.to_vec()));
    }
    if let Some(owner) = &pause.cooperative_id {
        query = query.filter(sale_order::cooperative_id.eq(owner));
    }
    Ok(query.order(sale_order::id).limit(most).select(sale_order::id).load(conn)?)
}

/// True for whoever was first to say that this buyer is told.
pub fn insert_new_told(conn: &mut Conn, pause: &PauseId, order: &OrderId, at: At) -> StoreResult<bool> {
    let row = diesel::insert_into(pause_told::table).values((
        pause_told::delivery_pause_id.eq(pause),
        pause_told::order_id.eq(order),
        pause_told::at.eq(at),
    ));
    let query = row.on_conflict((pause_told::delivery_pause_id, pause_told::order_id)).do_nothing();
    Ok(Each(query).execute(conn)? == 1)
}
