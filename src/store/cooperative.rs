//! Cooperatives and the ways they bring their goods: rows and queries.

use super::conn::{Conn, Each, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{cooperative, delivery_way, pickup_point};
use super::told::Told;
use crate::domain::id::{CooperativeId, DeliveryWayId, PickupPointId};
use crate::domain::money::Money;
use crate::domain::order::FulfilmentKind;
use crate::domain::product::{CooperativeKind, CooperativeState};
use crate::domain::time::At;
use diesel::prelude::*;

/// The tenant: any selling party.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = cooperative, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Cooperative {
    pub id: CooperativeId,
    pub slug: String,
    pub kind: CooperativeKind,
    pub legal_name: String,
    pub name: String,
    /// Sort key in Vietnamese order.
    pub name_key: String,
    pub tax_code: Option<String>,
    pub registration_no: Option<String>,
    pub commune_code: String,
    pub address: String,
    /// Millionths of a degree.
    pub latitude_e6: Option<i64>,
    pub longitude_e6: Option<i64>,
    /// E.164.
    pub phone: String,
    pub email: Option<String>,
    pub about: String,
    /// Asset or media key of the picture on top.
    pub cover: Option<String>,
    pub state: CooperativeState,
    /// Minutes since midnight: the hours its clocks run in.
    pub opens_min: i64,
    pub closes_min: i64,
    pub confirm_within_min: i64,
    /// Orders are paid only after the cooperative has said yes.
    pub confirms_first: bool,
    pub created_at: At,
    pub approved_at: Option<At>,
    /// Orders whose lines are all lots in stock are accepted at once.
    pub accepts_stock: bool,
}

/// How a cooperative brings its goods, and what that costs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery_way, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct DeliveryWay {
    pub id: DeliveryWayId,
    pub cooperative_id: CooperativeId,
    pub kind: FulfilmentKind,
    pub label: String,
    /// «p:33» a province, «c:11977,11980» communes, «*» the country.
    pub scope: String,
    pub fee_vnd: Money,
    pub free_from_vnd: Option<Money>,
    pub minimum_vnd: Money,
    /// Of 1234567, Monday is 1.
    pub weekdays: String,
    /// Minutes of the day ….
    pub cutoff_min: i64,
    /// … that many days before.
    pub cutoff_days: i64,
    pub from_min: i64,
    pub to_min: i64,
    pub position: i64,
    pub is_active: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = pickup_point, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct PickupPoint {
    pub id: PickupPointId,
    pub cooperative_id: CooperativeId,
    pub delivery_way_id: DeliveryWayId,
    pub name: String,
    pub commune_code: String,
    pub address: String,
    pub hours: String,
}

/// Opens a cooperative unless its slug is taken. Waits for another that is about to take it.
pub fn insert_new(conn: &mut Conn, row: &Cooperative) -> StoreResult<Told> {
    let query = diesel::insert_into(cooperative::table).values(row).on_conflict(cooperative::slug).do_nothing();
    Ok(Told::of_rows(Each(query).execute(conn)?))
}

/// # Errors
/// `NotFound` when there is none.
pub fn get(conn: &mut Conn, id: &CooperativeId) -> StoreResult<Cooperative> {
    Ok(cooperative::table.find(id).select(Cooperative::as_select()).get_result(conn)?)
}

pub fn find_by_slug(conn: &mut Conn, slug: &str) -> StoreResult<Option<Cooperative>> {
    let query = cooperative::table.filter(cooperative::slug.eq(slug)).select(Cooperative::as_select());
    Ok(query.get_result(conn).optional()?)
}

/// All of them by name in Vietnamese order; a province has hundreds, not thousands.
pub fn list(conn: &mut Conn) -> StoreResult<Vec<Cooperative>> {
    Ok(cooperative::table
        .order((cooperative::name_key, cooperative::id))
        .select(Cooperative::as_select())
        .load(conn)?)
}

pub fn list_of(conn: &mut Conn, ids: &[CooperativeId]) -> StoreResult<Vec<Cooperative>> {
    Ok(cooperative::table.filter(cooperative::id.eq_any(ids)).select(Cooperative::as_select()).load(conn)?)
}

/// Those whose seat is in a commune, by name.
pub fn list_in_commune(conn: &mut Conn, commune_code: &str) -> StoreResult<Vec<Cooperative>> {
    let query = cooperative::table
        .filter(cooperative::commune_code.eq(commune_code))
        .order((cooperative::name_key, cooperative::id))
        .select(Cooperative::as_select());
    Ok(query.load(conn)?)
}

/// Locks cooperatives in id order, so that two checkouts never wait for each other.
pub fn lock_of(conn: &mut Conn, ids: &[CooperativeId]) -> StoreResult<Vec<Cooperative>> {
    let query =
        cooperative::table.filter(cooperative::id.eq_any(ids)).order(cooperative::id).select(Cooperative::as_select());
    Ok(locked(query).load(conn)?)
}

/// Whether a row moved from one state to another.
pub fn mark_state(
    conn: &mut Conn,
    id: &CooperativeId,
    from: CooperativeState,
    to: CooperativeState,
) -> StoreResult<bool> {
    let target = cooperative::table.filter(cooperative::id.eq(id)).filter(cooperative::state.eq(from));
    Ok(diesel::update(target).set(cooperative::state.eq(to)).execute(conn)? == 1)
}

/// How it answers orders: promised minutes, goods in stock accepted at once, paid only after its yes.
pub fn put_answering(
    conn: &mut Conn,
    id: &CooperativeId,
    within_min: i64,
    accepts_stock: bool,
    confirms_first: bool,
) -> StoreResult<()> {
    let values = (
        cooperative::confirm_within_min.eq(within_min),
        cooperative::accepts_stock.eq(accepts_stock),
        cooperative::confirms_first.eq(confirms_first),
    );
    diesel::update(cooperative::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

pub fn insert_way(conn: &mut Conn, row: &DeliveryWay) -> StoreResult<()> {
    diesel::insert_into(delivery_way::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_point(conn: &mut Conn, row: &PickupPoint) -> StoreResult<()> {
    diesel::insert_into(pickup_point::table).values(row).execute(conn)?;
    Ok(())
}

/// Ways in use, in the order the cooperative put them.
pub fn list_ways(conn: &mut Conn, cooperatives: &[CooperativeId]) -> StoreResult<Vec<DeliveryWay>> {
    let query = delivery_way::table
        .filter(delivery_way::cooperative_id.eq_any(cooperatives))
        .filter(delivery_way::is_active.eq(true))
        .order((delivery_way::cooperative_id, delivery_way::position, delivery_way::id));
    Ok(query.select(DeliveryWay::as_select()).load(conn)?)
}

pub fn list_points(conn: &mut Conn, cooperatives: &[CooperativeId]) -> StoreResult<Vec<PickupPoint>> {
    let query = pickup_point::table.filter(pickup_point::cooperative_id.eq_any(cooperatives)).order(pickup_point::id);
    Ok(query.select(PickupPoint::as_select()).load(conn)?)
}

pub fn find_point(conn: &mut Conn, id: &PickupPointId) -> StoreResult<Option<PickupPoint>> {
    Ok(pickup_point::table.find(id).select(PickupPoint::as_select()).get_result(conn).optional()?)
}
