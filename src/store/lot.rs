//! Lots and the movements of their stock: rows and queries. `on_hand` and `held` change only here.

use super::conn::{Conn, MultiBackend, locked};
use super::error::{StoreError, StoreResult};
use super::schema::{lot, stock_hold, stock_movement};
use crate::domain::code::LotCode;
use crate::domain::id::{
    AccountId, CooperativeId, HoldId, LotId, MemberId, MovementId, OrderId, OrderLineId, PlotId, ProductId,
};
use crate::domain::order::HoldState;
use crate::domain::quantity::Base;
use crate::domain::stock::{LotKind, LotState, MovementKind};
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = lot, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Lot {
    pub id: LotId,
    /// Readable aloud, with a check character.
    pub code: LotCode,
    /// Who sells it here.
    pub cooperative_id: CooperativeId,
    /// Whose goods they are; another one when a gatherer sells with leave.
    pub owner_cooperative_id: CooperativeId,
    pub product_id: ProductId,
    pub plot_id: Option<PlotId>,
    pub grower_member_id: Option<MemberId>,
    pub kind: LotKind,
    /// Harvest, batch or reception day.
    pub made_on: Day,
    pub best_before: Option<Day>,
    /// Where, in words.
    pub place: String,
    pub commune_code: String,
    pub state: LotState,
    pub state_reason: Option<String>,
    /// Base units; the checked sum of its movements.
    pub on_hand: Base,
    /// Base units in standing holds.
    pub held: Base,
    pub created_at: At,
}

/// Append-only; a correction is a movement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stock_movement, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Movement {
    pub id: MovementId,
    pub cooperative_id: CooperativeId,
    pub lot_id: LotId,
    pub kind: MovementKind,
    /// Signed.
    pub base_quantity: Base,
    pub order_id: Option<OrderId>,
    pub order_line_id: Option<OrderLineId>,
    /// Next holder of an outside sale.
    pub to_whom: Option<String>,
    pub reason: Option<String>,
    pub by_account_id: Option<AccountId>,
    pub corrects: Option<MovementId>,
    pub at: At,
    pub day: Day,
}

/// Which lot stands on which line; standing holds are summed in lot.held.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stock_hold, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Hold {
    pub id: HoldId,
    pub cooperative_id: CooperativeId,
    pub lot_id: LotId,
    pub order_id: OrderId,
    pub order_line_id: OrderLineId,
    pub base_quantity: Base,
    pub state: HoldState,
    /// None: stands until the order moves.
    pub expires_at: Option<At>,
    pub made_at: At,
    pub ended_at: Option<At>,
}

impl Lot {
    /// Whether it is not there yet, and only planned.
    pub fn is_planned(&self, today: Day) -> bool {
        matches!(self.kind, LotKind::Planned | LotKind::Window) || self.made_on > today
    }
}

pub fn insert(conn: &mut Conn, row: &Lot) -> StoreResult<()> {
    diesel::insert_into(lot::table).values(row).execute(conn)?;
    Ok(())
}

pub fn get(conn: &mut Conn, id: &LotId) -> StoreResult<Lot> {
    Ok(lot::table.find(id).select(Lot::as_select()).get_result(conn)?)
}

pub fn find_by_code(conn: &mut Conn, code: &LotCode) -> StoreResult<Option<Lot>> {
    Ok(lot::table.filter(lot::code.eq(code)).select(Lot::as_select()).get_result(conn).optional()?)
}

/// Locks one of a cooperative's own lots.
pub fn lock_own(conn: &mut Conn, cooperative: &CooperativeId, id: &LotId) -> StoreResult<Lot> {
    let query = lot::table.filter(lot::id.eq(id)).filter(lot::cooperative_id.eq(cooperative)).select(Lot::as_select());
    Ok(locked(query).get_result(conn)?)
}

/// Locks lots by id, in the order that keeps two writers from waiting for each other.
pub fn lock_of(conn: &mut Conn, ids: &[LotId]) -> StoreResult<Vec<Lot>> {
    let query = lot::table.filter(lot::id.eq_any(ids)).order(lot::id).select(Lot::as_select());
    Ok(locked(query).load(conn)?)
}

/// Locks, by id and in one statement, every lot of products that can be sold from today and these lots whatever their state (at
/// most 500 of each).
pub fn lock_open_and(conn: &mut Conn, products: &[ProductId], today: Day, also: &[LotId]) -> StoreResult<Vec<Lot>> {
    let keeps = lot::best_before.is_null().or(lot::best_before.ge(today).assume_not_null());
    let is_there = lot::state.eq(LotState::Open).and(lot::on_hand.gt(Base::ZERO));
    let open = lot::product_id.eq_any(products).and(is_there).and(keeps);
    let query = lot::table.filter(open.or(lot::id.eq_any(also))).order(lot::id).select(Lot::as_select());
    Ok(locked(query).load(conn)?)
}

/// Open lots of at most 500 products, what expires first on top.
pub fn list_open_of(conn: &mut Conn, products: &[ProductId]) -> StoreResult<Vec<Lot>> {
    let query = lot::table
        .filter(lot::product_id.eq_any(products))
        .filter(lot::state.eq(LotState::Open))
        .order((lot::product_id, lot::best_before, lot::made_on, lot::id))
        .select(Lot::as_select());
    Ok(query.load(conn)?)
}

/// A product's lots, newest first.
pub fn list_of_product(conn: &mut Conn, product: &ProductId, most: i64) -> StoreResult<Vec<Lot>> {
    let query = lot::table.filter(lot::product_id.eq(product)).order((lot::made_on.desc(), lot::id.desc())).limit(most);
    Ok(query.select(Lot::as_select()).load(conn)?)
}

/// A cooperative's lots, newest first.
pub fn list_own(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<Lot>> {
    let query =
        lot::table.filter(lot::cooperative_id.eq(cooperative)).order((lot::made_on.desc(), lot::id.desc())).limit(most);
    Ok(query.select(Lot::as_select()).load(conn)?)
}

/// The market's lots, newest first.
pub fn list_newest(conn: &mut Conn, most: i64) -> StoreResult<Vec<Lot>> {
    let query = lot::table.order((lot::made_on.desc(), lot::id.desc())).limit(most);
    Ok(query.select(Lot::as_select()).load(conn)?)
}

/// Lots by id, at most 500, in no order.
pub fn list_of(conn: &mut Conn, ids: &[LotId]) -> StoreResult<Vec<Lot>> {
    Ok(lot::table.filter(lot::id.eq_any(ids)).select(Lot::as_select()).load(conn)?)
}

/// Writes a movement and moves the sum with it. Refused (`Conflict`) when the lot would fall below nothing.
pub fn insert_movement(conn: &mut Conn, row: &Movement) -> StoreResult<()> {
    diesel::insert_into(stock_movement::table).values(row).execute(conn)?;
    let moved = diesel::update(lot::table.find(&row.lot_id))
        .set(lot::on_hand.eq(lot::on_hand + row.base_quantity))
        .execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Movements of a lot, oldest first.
pub fn list_movements(conn: &mut Conn, lot: &LotId) -> StoreResult<Vec<Movement>> {
    let query =
        stock_movement::table.filter(stock_movement::lot_id.eq(lot)).order((stock_movement::at, stock_movement::id));
    Ok(query.select(Movement::as_select()).load(conn)?)
}

/// Puts a hold and adds it to the lot's sum. The lot is locked by the caller; the guard stands behind it all the same.
/// `Conflict` when the lot no longer has that much to promise.
pub fn insert_hold(conn: &mut Conn, row: &Hold) -> StoreResult<()> {
    let target = lot::table.filter(lot::id.eq(&row.lot_id)).filter(lot::on_hand.ge(lot::held + row.base_quantity));
    let moved = diesel::update(target).set(lot::held.eq(lot::held + row.base_quantity)).execute(conn)?;
    if moved == 0 {
        return Err(StoreError::Conflict);
    }
    diesel::insert_into(stock_hold::table).values(row).execute(conn)?;
    Ok(())
}

/// Ends a standing hold (released or taken) and takes it from the lot's sum. False when it no longer stood.
pub fn end_hold(conn: &mut Conn, row: &Hold, to: HoldState, at: At) -> StoreResult<bool> {
    let target = stock_hold::table.filter(stock_hold::id.eq(&row.id)).filter(stock_hold::state.eq(HoldState::Standing));
    let ended = diesel::update(target).set((stock_hold::state.eq(to), stock_hold::ended_at.eq(at))).execute(conn)?;
    if ended == 0 {
        return Ok(false);
    }
    diesel::update(lot::table.find(&row.lot_id)).set(lot::held.eq(lot::held - row.base_quantity)).execute(conn)?;
    Ok(true)
}

/// Makes a standing hold smaller, and the lot's sum with it. False when it no longer stood as it was read.
pub fn shrink_hold(conn: &mut Conn, row: &Hold, to: Base) -> StoreResult<bool> {
    let target = stock_hold::table
        .filter(stock_hold::id.eq(&row.id))
        .filter(stock_hold::state.eq(HoldState::Standing))
        .filter(stock_hold::base_quantity.eq(row.base_quantity));
    if diesel::update(target).set(stock_hold::base_quantity.eq(to)).execute(conn)? == 0 {
        return Ok(false);
    }
    let less = lot::held - row.base_quantity + to;
    diesel::update(lot::table.find(&row.lot_id)).set(lot::held.eq(less)).execute(conn)?;
    Ok(true)
}

/// Holds on lots that have run out and still stand.
pub fn list_run_out(conn: &mut Conn, lots: &[LotId], now: At) -> StoreResult<Vec<Hold>> {
    let query = stock_hold::table
        .filter(stock_hold::lot_id.eq_any(lots))
        .filter(stock_hold::state.eq(HoldState::Standing))
        .filter(stock_hold::expires_at.le(now))
        .order(stock_hold::id);
    Ok(query.select(Hold::as_select()).load(conn)?)
}

/// All holds of orders (at most 500), whatever their state, in the order they were made.
pub fn list_holds(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<Hold>> {
    let query =
        stock_hold::table.filter(stock_hold::order_id.eq_any(orders)).order((stock_hold::order_id, stock_hold::id));
    Ok(query.select(Hold::as_select()).load(conn)?)
}

/// Everything that was ever promised from a lot.
pub fn list_holds_of_lot(conn: &mut Conn, lot: &LotId) -> StoreResult<Vec<Hold>> {
    let query = stock_hold::table.filter(stock_hold::lot_id.eq(lot)).order((stock_hold::made_at, stock_hold::id));
    Ok(query.select(Hold::as_select()).load(conn)?)
}

/// New end of an order's standing holds; none: they stand until the order moves.
pub fn put_hold_end(conn: &mut Conn, order: &OrderId, expires_at: Option<At>) -> StoreResult<usize> {
    let target =
        stock_hold::table.filter(stock_hold::order_id.eq(order)).filter(stock_hold::state.eq(HoldState::Standing));
    Ok(diesel::update(target).set(stock_hold::expires_at.eq(expires_at)).execute(conn)?)
}

/// Whether the lot's state moved.
pub fn mark_state(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    id: &LotId,
    to: LotState,
    reason: Option<&str>,
) -> StoreResult<bool> {
    let target =
        lot::table.filter(lot::id.eq(id)).filter(lot::cooperative_id.eq(cooperative)).filter(lot::state.ne(to));
    Ok(diesel::update(target).set((lot::state.eq(to), lot::state_reason.eq(reason))).execute(conn)? == 1)
}

/// Until when standing holds on lots (at most 500) stand, those that run out at all, soonest first.
pub fn list_hold_ends(conn: &mut Conn, lots: &[LotId], now: At) -> StoreResult<Vec<(LotId, Option<At>)>> {
    let query = stock_hold::table
        .filter(stock_hold::lot_id.eq_any(lots))
        .filter(stock_hold::state.eq(HoldState::Standing))
        .filter(stock_hold::expires_at.gt(now))
        .order((stock_hold::expires_at, stock_hold::id))
        .select((stock_hold::lot_id, stock_hold::expires_at));
    Ok(query.load(conn)?)
}

/// Published products of which no more is left than three of their smallest packs, the least first: what a first page
/// may call «còn ít». Holds that have run out and still stand are not given back here; whoever shows them asks again.
pub fn list_nearly_gone(conn: &mut Conn, today: Day, most: i64) -> StoreResult<Vec<ProductId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        product_id: ProductId,
    }
    const NEARLY_GONE: &str = "SELECT s.product_id FROM ( \
            SELECT l.product_id, SUM(l.on_hand - l.held) AS rest FROM lot l JOIN product p ON p.id = l.product_id \
            WHERE l.state = 'open' AND l.kind <> 'window' AND p.state = 'published' AND (l.best_before IS NULL OR l.best_before >= $1) \
            GROUP BY l.product_id \
        ) s JOIN ( \
            SELECT product_id, MIN(base_quantity) AS least FROM offer WHERE is_active GROUP BY product_id \
        ) o ON o.product_id = s.product_id \
        WHERE s.rest >= o.least AND s.rest <= 3 * o.least ORDER BY s.rest * 1.0 / o.least, s.product_id LIMIT $2";
    let rows = diesel::sql_query(NEARLY_GONE)
        .bind::<diesel::sql_types::Text, _>(today)
        .bind::<diesel::sql_types::BigInt, _>(most)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(|row| row.product_id).collect())
}

/// One of a cooperative's own lots; another's is not there.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &LotId) -> StoreResult<Lot> {
    let query = lot::table.find(id).filter(lot::cooperative_id.eq(cooperative));
    Ok(query.select(Lot::as_select()).get_result(conn)?)
}

/// Lots of a cooperative that have promised more than they hold.
pub fn list_over_promised(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<Lot>> {
    let query = lot::table
        .filter(lot::cooperative_id.eq(cooperative))
        .filter(lot::held.gt(lot::on_hand))
        .order(lot::id)
        .limit(200);
    Ok(query.select(Lot::as_select()).load(conn)?)
}
