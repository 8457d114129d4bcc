//! Sales windows, the offers by which they sell and what was ordered of them. Whoever changes a window holds the lock of its lot.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::order::{Order, OrderLine};
use super::product::Offer;
use super::schema::{lot, offer, sales_window, window_line, window_offer};
use crate::domain::id::{AccountId, CooperativeId, LotId, OfferId, OrderId, OrderLineId, ProductId, SalesWindowId};
use crate::domain::money::Money;
use crate::domain::quantity::Base;
use crate::domain::sharing::SharingRule;
use crate::domain::stock::LotKind;
use crate::domain::time::{At, Day};
use crate::domain::window::{Plan, WindowState, takes};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sales_window, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct SalesWindow {
    pub id: SalesWindowId,
    pub cooperative_id: CooperativeId,
    pub product_id: ProductId,
    /// Born of the plan.
    pub lot_id: LotId,
    pub harvest_from: Day,
    pub harvest_to: Day,
    /// Base units.
    pub planned: Base,
    /// Orders that begin before it.
    pub closes_at: At,
    /// It opens again for these, Monday is 1; empty: once.
    pub weekdays: String,
    pub state: WindowState,
    pub sharing: SharingRule,
    /// The round before it.
    pub previous_id: Option<SalesWindowId>,
    pub opened_by: AccountId,
    pub made_at: At,
    /// Since when the cooperative has been told that it is closed.
    pub closed_at: Option<At>,
    /// Base units.
    pub harvested: Option<Base>,
    pub harvested_on: Option<Day>,
    pub harvested_at: Option<At>,
    pub harvested_by: Option<AccountId>,
    /// What is asked for before an order stands, basis points of its sum.
    pub deposit_bps: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = window_offer, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct WindowOffer {
    pub offer_id: OfferId,
    pub sales_window_id: SalesWindowId,
    pub cooperative_id: CooperativeId,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = window_line, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct WindowLine {
    pub order_line_id: OrderLineId,
    pub order_id: OrderId,
    pub cooperative_id: CooperativeId,
    pub sales_window_id: SalesWindowId,
    /// Base units, as ordered.
    pub ordered: Base,
    /// Base units, once it is harvested.
    pub granted: Option<Base>,
    /// The order has been brought to it.
    pub settled_at: Option<At>,
}

impl OrderLine {
    /// What has to be held for it, base units: nothing once it has fallen away.
    pub fn needs(&self) -> Base {
        if self.is_dropped() { Base::ZERO } else { self.base_quantity }
    }

    /// Nothing of it comes: it stays in the order as what was asked for, weighs nothing and costs nothing.
    pub fn is_dropped(&self) -> bool {
        self.weighed_base == Some(Base::ZERO)
    }
}

impl Order {
    /// Stands once this has come: its deposit, or all that it costs.
    pub fn stands_with(&self) -> Money {
        if self.deposit_vnd.is_positive() { self.deposit_vnd.min(self.total_vnd) } else { self.total_vnd }
    }

    /// A deposit is awaited before it stands.
    pub fn asks_deposit(&self) -> bool {
        self.state.awaits_money() && self.placed_at.is_none() && self.deposit_vnd.is_positive()
    }

    /// What is asked for now of what is due: the deposit while that is awaited.
    pub fn asks(&self, due: Money, received: Money) -> Money {
        if self.asks_deposit() {
            self.stands_with().minus(received).unwrap_or(Money::ZERO).max(Money::ZERO).min(due)
        } else {
            due
        }
    }
}

impl SalesWindow {
    pub fn plan(&self) -> Plan {
        Plan {
            harvest_from: self.harvest_from,
            harvest_to: self.harvest_to,
            planned: self.planned,
            closes_at: self.closes_at,
            weekdays: self.weekdays.clone(),
        }
    }

    /// Whether it takes an order that began then.
    pub fn takes(&self, began: At) -> bool {
        takes(self.state, self.closes_at, began)
    }
}

pub fn insert(conn: &mut Conn, row: &SalesWindow) -> StoreResult<()> {
    diesel::insert_into(sales_window::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_offer(conn: &mut Conn, row: &WindowOffer) -> StoreResult<()> {
    diesel::insert_into(window_offer::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_line(conn: &mut Conn, row: &WindowLine) -> StoreResult<()> {
    diesel::insert_into(window_line::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Conn, id: &SalesWindowId) -> StoreResult<Option<SalesWindow>> {
    Ok(sales_window::table.find(id).select(SalesWindow::as_select()).get_result(conn).optional()?)
}

pub fn get(conn: &mut Conn, id: &SalesWindowId) -> StoreResult<SalesWindow> {
    Ok(sales_window::table.find(id).select(SalesWindow::as_select()).get_result(conn)?)
}

/// One of a cooperative's own windows; another's is not there.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &SalesWindowId) -> StoreResult<SalesWindow> {
    let query = sales_window::table.find(id).filter(sales_window::cooperative_id.eq(cooperative));
    Ok(query.select(SalesWindow::as_select()).get_result(conn)?)
}

/// Windows by id, at most 500, in no order.
pub fn list_of(conn: &mut Conn, ids: &[SalesWindowId]) -> StoreResult<Vec<SalesWindow>> {
    let query = sales_window::table.filter(sales_window::id.eq_any(ids));
    Ok(query.select(SalesWindow::as_select()).load(conn)?)
}

/// A cooperative's windows, the newest first.
pub fn list_own(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<SalesWindow>> {
    let query = sales_window::table
        .filter(sales_window::cooperative_id.eq(cooperative))
        .order((sales_window::made_at.desc(), sales_window::id.desc()))
        .limit(most);
    Ok(query.select(SalesWindow::as_select()).load(conn)?)
}

/// Windows of at most 500 products that take orders now, soonest harvested first.
pub fn list_open_of(conn: &mut Conn, products: &[ProductId], now: At) -> StoreResult<Vec<SalesWindow>> {
    let query = sales_window::table
        .filter(sales_window::product_id.eq_any(products))
        .filter(sales_window::state.eq(WindowState::Open))
        .filter(sales_window::closes_at.gt(now))
        .order((sales_window::harvest_from, sales_window::id));
    Ok(query.select(SalesWindow::as_select()).load(conn)?)
}

/// Windows of one cooperative whose harvest has to be said: closed, and not yet over.
pub fn count_to_harvest(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<i64> {
    let query = sales_window::table
        .filter(sales_window::cooperative_id.eq(cooperative))
        .filter(sales_window::state.eq(WindowState::Closed));
    Ok(query.count().get_result(conn)?)
}

/// Windows whose end is past and was not told yet, in any cooperative; the oldest first.
pub fn list_due(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<SalesWindowId>> {
    let query = sales_window::table
        .filter(sales_window::closed_at.is_null())
        .filter(sales_window::closes_at.le(now))
        .order((sales_window::closes_at, sales_window::id))
        .limit(most);
    Ok(query.select(sales_window::id).load(conn)?)
}

/// Offers (at most 500) that are of windows, each with its window.
pub fn list_of_offers(conn: &mut Conn, offers: &[OfferId]) -> StoreResult<Vec<(Offer, SalesWindow)>> {
    let query = window_offer::table
        .inner_join(offer::table.on(offer::id.eq(window_offer::offer_id)))
        .inner_join(sales_window::table.on(sales_window::id.eq(window_offer::sales_window_id)))
        .filter(window_offer::offer_id.eq_any(offers))
        .select((Offer::as_select(), SalesWindow::as_select()));
    Ok(query.load(conn)?)
}

/// The offers of windows (at most 500), as their seller ordered them.
pub fn list_offers(conn: &mut Conn, windows: &[SalesWindowId]) -> StoreResult<Vec<(SalesWindowId, Offer)>> {
    let query = window_offer::table
        .inner_join(offer::table.on(offer::id.eq(window_offer::offer_id)))
        .filter(window_offer::sales_window_id.eq_any(windows))
        .order((offer::position, offer::id))
        .select((window_offer::sales_window_id, Offer::as_select()));
    Ok(query.load(conn)?)
}

/// The window that an order is of; its lines are of one.
pub fn find_of_order(conn: &mut Conn, order: &OrderId) -> StoreResult<Option<SalesWindow>> {
    let query = sales_window::table
        .inner_join(window_line::table.on(window_line::sales_window_id.eq(sales_window::id)))
        .filter(window_line::order_id.eq(order))
        .limit(1)
        .select(SalesWindow::as_select());
    Ok(query.load(conn)?.pop())
}

/// Of orders (at most 500), those that wait for a harvest, with its first day.
pub fn list_waiting_of(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<(OrderId, Day)>> {
    let query = window_line::table
        .inner_join(sales_window::table.on(sales_window::id.eq(window_line::sales_window_id)))
        .filter(window_line::order_id.eq_any(orders))
        .filter(sales_window::state.ne_all([WindowState::Harvested, WindowState::Failed]))
        .select((window_line::order_id, sales_window::harvest_from));
    Ok(query.load(conn)?)
}

/// What was ordered of a window, dead orders too.
pub fn list_lines(conn: &mut Conn, window: &SalesWindowId) -> StoreResult<Vec<WindowLine>> {
    let query = window_line::table
        .filter(window_line::sales_window_id.eq(window))
        .order((window_line::order_id, window_line::order_line_id));
    Ok(query.select(WindowLine::as_select()).load(conn)?)
}

/// Lines of an order that have their share and were not brought to it.
pub fn list_unsettled_of(conn: &mut Conn, order: &OrderId) -> StoreResult<Vec<WindowLine>> {
    let query = window_line::table
        .filter(window_line::order_id.eq(order))
        .filter(window_line::granted.is_not_null())
        .filter(window_line::settled_at.is_null())
        .order(window_line::order_line_id);
    Ok(query.select(WindowLine::as_select()).load(conn)?)
}

/// Orders that have their share and were not brought to it, of any window or of one.
pub fn list_unsettled(
    conn: &mut Conn,
    window: Option<&SalesWindowId>,
    after: Option<&OrderId>,
    most: i64,
) -> StoreResult<Vec<OrderId>> {
    let mut query = window_line::table
        .filter(window_line::granted.is_not_null())
        .filter(window_line::settled_at.is_null())
        .order(window_line::order_id)
        .select(window_line::order_id)
        .distinct()
        .limit(most)
        .into_boxed();
    if let Some(window) = window {
        query = query.filter(window_line::sales_window_id.eq(window));
    }
    if let Some(after) = after {
        query = query.filter(window_line::order_id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// Its state and, where it ends, its last moment. The guard of who holds its lot's lock.
pub fn put_state(conn: &mut Conn, id: &SalesWindowId, state: WindowState, closes_at: At) -> StoreResult<()> {
    let values = (sales_window::state.eq(state), sales_window::closes_at.eq(closes_at));
    diesel::update(sales_window::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// The cooperative has been told that it is closed; false when it had been already.
pub fn mark_told_closed(conn: &mut Conn, id: &SalesWindowId, at: At) -> StoreResult<bool> {
    let target = sales_window::table.find(id).filter(sales_window::closed_at.is_null());
    Ok(diesel::update(target).set(sales_window::closed_at.eq(at)).execute(conn)? == 1)
}

pub fn put_planned(conn: &mut Conn, id: &SalesWindowId, planned: Base) -> StoreResult<()> {
    diesel::update(sales_window::table.find(id)).set(sales_window::planned.eq(planned)).execute(conn)?;
    Ok(())
}

/// It comes again no more.
pub fn put_once(conn: &mut Conn, id: &SalesWindowId) -> StoreResult<()> {
    diesel::update(sales_window::table.find(id)).set(sales_window::weekdays.eq("")).execute(conn)?;
    Ok(())
}

/// What was harvested of it, when and by whose word.
pub fn put_harvest(
    conn: &mut Conn,
    id: &SalesWindowId,
    (harvested, on): (Base, Day),
    by: &AccountId,
    at: At,
) -> StoreResult<()> {
    let state = if harvested.is_positive() { WindowState::Harvested } else { WindowState::Failed };
    let values = (
        sales_window::state.eq(state),
        sales_window::harvested.eq(harvested),
        sales_window::harvested_on.eq(on),
        sales_window::harvested_by.eq(by),
        sales_window::harvested_at.eq(at),
    );
    diesel::update(sales_window::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// The lot of a window becomes what was harvested.
pub fn put_lot_harvested(conn: &mut Conn, id: &LotId, made_on: Day, best_before: Option<Day>) -> StoreResult<()> {
    let values = (lot::kind.eq(LotKind::Harvest), lot::made_on.eq(made_on), lot::best_before.eq(best_before));
    diesel::update(lot::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// How much a line gets; `settled_at` at once where nothing is left to do with its order.
pub fn put_granted(conn: &mut Conn, line: &OrderLineId, granted: Base, settled_at: Option<At>) -> StoreResult<()> {
    let values = (window_line::granted.eq(granted), window_line::settled_at.eq(settled_at));
    diesel::update(window_line::table.find(line)).set(values).execute(conn)?;
    Ok(())
}

/// Its order has been brought to what it gets.
pub fn mark_settled(conn: &mut Conn, line: &OrderLineId, at: At) -> StoreResult<()> {
    diesel::update(window_line::table.find(line)).set(window_line::settled_at.eq(at)).execute(conn)?;
    Ok(())
}

/// A line waits for another window.
pub fn put_window(conn: &mut Conn, line: &OrderLineId, window: &SalesWindowId) -> StoreResult<()> {
    let values = (
        window_line::sales_window_id.eq(window),
        window_line::granted.eq(None::<Base>),
        window_line::settled_at.eq(None::<At>),
    );
    diesel::update(window_line::table.find(line)).set(values).execute(conn)?;
    Ok(())
}
