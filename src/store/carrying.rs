//! Who carries an order, and cash in carriers' hands: one row beside each posting on `cash_with_carrier`.

use super::conn::{Conn, MultiBackend, locked};
use super::error::StoreResult;
use super::ledger::LedgerAccount;
use super::order::Order;
use super::schema::{carrier_cash, ledger_account, order_carrier, sale_order};
use crate::domain::id::{AccountId, CarrierCashId, CooperativeId, HandOverId, JournalId, OrderId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::order::OrderState;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

/// Whoever set out with an order, or took it over from another member.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = order_carrier, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
pub struct OrderCarrier {
    pub order_id: OrderId,
    pub cooperative_id: CooperativeId,
    pub account_id: AccountId,
    pub since: At,
    pub taken_from: Option<AccountId>,
}

/// Cash that came into a carrier's hands (positive), or left them.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = carrier_cash, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct CarrierCash {
    pub id: CarrierCashId,
    pub cooperative_id: CooperativeId,
    pub carrier_id: AccountId,
    pub journal_id: JournalId,
    /// Of an order, or of a hand-over; never of both.
    pub order_id: Option<OrderId>,
    pub hand_over_id: Option<HandOverId>,
    /// The row that this one takes back.
    pub undoes: Option<CarrierCashId>,
    pub amount_vnd: Money,
    pub at: At,
    pub day: Day,
}

/// Says who carries an order from now on. The order is locked.
pub fn put_carrier(conn: &mut Conn, row: &OrderCarrier) -> StoreResult<()> {
    if diesel::update(order_carrier::table.find(&row.order_id)).set(row).execute(conn)? == 0 {
        diesel::insert_into(order_carrier::table).values(row).execute(conn)?;
    }
    Ok(())
}

pub fn find_carrier(conn: &mut Conn, order: &OrderId) -> StoreResult<Option<OrderCarrier>> {
    Ok(order_carrier::table.find(order).select(OrderCarrier::as_select()).get_result(conn).optional()?)
}

/// Who carries these orders (at most 500).
pub fn list_carriers(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<OrderCarrier>> {
    let query = order_carrier::table.filter(order_carrier::order_id.eq_any(orders)).order(order_carrier::order_id);
    Ok(query.select(OrderCarrier::as_select()).load(conn)?)
}

/// Orders in a state that a member carries, those first that were set out with first.
pub fn list_orders_of(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    carrier: &AccountId,
    state: OrderState,
    most: i64,
) -> StoreResult<Vec<Order>> {
    let query = order_carrier::table
        .inner_join(sale_order::table)
        .filter(order_carrier::cooperative_id.eq(cooperative))
        .filter(order_carrier::account_id.eq(carrier))
        .filter(sale_order::state.eq(state))
        .order((order_carrier::since, order_carrier::order_id))
        .limit(most);
    Ok(query.select(Order::as_select()).load(conn)?)
}

pub fn insert_cash(conn: &mut Conn, row: &CarrierCash) -> StoreResult<()> {
    diesel::insert_into(carrier_cash::table).values(row).execute(conn)?;
    Ok(())
}

/// One of a cooperative's own rows.
pub fn get_own_cash(conn: &mut Conn, cooperative: &CooperativeId, id: &CarrierCashId) -> StoreResult<CarrierCash> {
    let query = carrier_cash::table.find(id).filter(carrier_cash::cooperative_id.eq(cooperative));
    Ok(query.select(CarrierCash::as_select()).get_result(conn)?)
}

/// Cash taken for orders (at most 500), and what of it was taken back, in its order.
pub fn list_cash_of_orders(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<CarrierCash>> {
    let query = carrier_cash::table
        .filter(carrier_cash::order_id.eq_any(orders))
        .order((carrier_cash::at, carrier_cash::id))
        .select(CarrierCash::as_select());
    Ok(query.load(conn)?)
}

/// The rows of a hand-over: what it took out of the carrier's hands, and what was taken back of that.
pub fn list_cash_of_hand_over(conn: &mut Conn, id: &HandOverId) -> StoreResult<Vec<CarrierCash>> {
    let query = carrier_cash::table.filter(carrier_cash::hand_over_id.eq(id)).order(carrier_cash::id);
    Ok(query.select(CarrierCash::as_select()).load(conn)?)
}

/// What went through a carrier's hands, the newest first.
pub fn list_cash(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    carrier: &AccountId,
    most: i64,
) -> StoreResult<Vec<CarrierCash>> {
    let query = carrier_cash::table
        .filter(carrier_cash::cooperative_id.eq(cooperative))
        .filter(carrier_cash::carrier_id.eq(carrier))
        .order((carrier_cash::at.desc(), carrier_cash::id.desc()))
        .limit(most);
    Ok(query.select(CarrierCash::as_select()).load(conn)?)
}

/// Who holds how much of a cooperative's cash; those with nothing are left out.
pub fn list_held(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<(AccountId, Money)>> {
    use diesel::dsl::sql;
    use diesel::sql_types::{BigInt, Bool};
    let query = carrier_cash::table
        .filter(carrier_cash::cooperative_id.eq(cooperative))
        .group_by(carrier_cash::carrier_id)
        .having(sql::<Bool>("SUM(carrier_cash.amount_vnd) <> 0"))
        .order(carrier_cash::carrier_id)
        // Without the cast a server sums to a number of another type.
        .select((carrier_cash::carrier_id, sql::<BigInt>("CAST(SUM(carrier_cash.amount_vnd) AS BIGINT)")));
    Ok(query.load(conn)?)
}

/// What one member holds.
pub fn held_by(conn: &mut Conn, cooperative: &CooperativeId, carrier: &AccountId) -> StoreResult<Money> {
    let held = list_held(conn, cooperative)?;
    Ok(held.into_iter().find(|(who, _)| who == carrier).map_or(Money::ZERO, |(_, sum)| sum))
}

/// Holds all the cash in carriers' hands of a cooperative still: what leaves hands is decided one after the other.
pub fn lock_hands(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<LedgerAccount> {
    let query = ledger_account::table
        .filter(ledger_account::cooperative_id.eq(cooperative))
        .filter(ledger_account::kind.eq(LedgerKind::CashWithCarrier))
        .select(LedgerAccount::as_select());
    Ok(locked(query).get_result(conn)?)
}
