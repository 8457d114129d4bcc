//! Orders, their lines, where they go and how they moved.

use super::conn::{Conn, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{order_delivery, order_line, order_move, sale_order};
use crate::domain::code::OrderCode;
use crate::domain::id::{
    AccountId, BankAccountId, CooperativeId, DeliverySlotId, DeliveryWayId, OfferId, OrderId, OrderLineId, OrderMoveId,
    PickupPointId, ProductId, PurchaseId, TraceRef,
};
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, FulfilmentKind, IfShort, OrderEvent, OrderState, PaymentKind};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::time::{At, Day};
use diesel::prelude::*;

/// One per cooperative in a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sale_order, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Order {
    pub id: OrderId,
    /// Is the payment reference too.
    pub code: OrderCode,
    pub purchase_id: PurchaseId,
    pub cooperative_id: CooperativeId,
    pub state: OrderState,
    pub payment: PaymentKind,
    /// The account its QR was printed with.
    pub bank_account_id: Option<BankAccountId>,
    /// As ordered; by true weight after weighing.
    pub goods_vnd: Money,
    pub shipping_vnd: Money,
    pub total_vnd: Money,
    /// A random id: how the order stands in trace events.
    pub trace_ref: TraceRef,
    pub placed_at: Option<At>,
    /// End of the hold while payment is awaited.
    pub expires_at: Option<At>,
    pub confirm_by: Option<At>,
    /// How far holds may still be renewed.
    pub renewed_until: Option<At>,
    /// Money came after the hold had ended.
    pub is_late: bool,
    /// Paid, but the goods were gone.
    pub short_stock: bool,
    /// Of a decline or cancellation.
    pub reason: Option<String>,
    pub made_at: At,
    pub day: Day,
    pub changed_at: At,
    /// Stages of the clock of its answer that are done.
    pub answer_stage: i64,
    /// When that clock has something to do next.
    pub answer_due_at: Option<At>,
    /// Asked for before it stands; nothing: all of it.
    pub deposit_vnd: Money,
}

/// Where an order goes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_delivery, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct OrderDelivery {
    pub order_id: OrderId,
    pub cooperative_id: CooperativeId,
    pub kind: FulfilmentKind,
    pub delivery_way_id: Option<DeliveryWayId>,
    pub pickup_point_id: Option<PickupPointId>,
    pub deliver_on: Option<Day>,
    pub slot: Option<String>,
    pub recipient_name: String,
    pub recipient_phone: String,
    pub gift_message: Option<String>,
    pub hide_prices: bool,
    pub commune_code: Option<String>,
    /// As it was called then.
    pub commune_name: Option<String>,
    pub address: Option<String>,
    pub note: Option<String>,
    pub delivery_slot_id: Option<DeliverySlotId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_line, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct OrderLine {
    pub id: OrderLineId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub product_id: ProductId,
    pub offer_id: OfferId,
    /// As it stood on the page.
    pub product_name: String,
    pub offer_label: String,
    pub unit: String,
    pub base_unit: BaseUnit,
    /// Thousandths of the sale unit.
    pub quantity: Quantity,
    pub base_per_unit: Base,
    pub base_quantity: Base,
    pub about: bool,
    pub price_vnd: Money,
    pub line_vnd: Money,
    /// True weight, when weighed.
    pub weighed_base: Option<Base>,
    pub weighed_vnd: Option<Money>,
    pub weighed_at: Option<At>,
    pub if_short: IfShort,
    pub tax_line: Option<String>,
    pub position: i64,
}

/// The history of every move.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_move, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct OrderMove {
    pub id: OrderMoveId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub event: OrderEvent,
    pub from_state: OrderState,
    pub to_state: OrderState,
    pub by_kind: ActorKind,
    pub by_account_id: Option<AccountId>,
    pub on_behalf_of: Option<AccountId>,
    pub reason: Option<String>,
    pub at: At,
}

impl Order {
    /// Where the order stands at a time: one whose payment time is up has expired, whether or not the tidying job has come by.
    pub fn state_at(&self, now: At) -> OrderState {
        let has_run_out = self.state == OrderState::AwaitingPayment && self.expires_at.is_some_and(|end| end <= now);
        if has_run_out { OrderState::Expired } else { self.state }
    }
}

pub fn insert(conn: &mut Conn, row: &Order) -> StoreResult<()> {
    diesel::insert_into(sale_order::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_delivery(conn: &mut Conn, row: &OrderDelivery) -> StoreResult<()> {
    diesel::insert_into(order_delivery::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_line(conn: &mut Conn, row: &OrderLine) -> StoreResult<()> {
    diesel::insert_into(order_line::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_move(conn: &mut Conn, row: &OrderMove) -> StoreResult<()> {
    diesel::insert_into(order_move::table).values(row).execute(conn)?;
    Ok(())
}

pub fn get(conn: &mut Conn, id: &OrderId) -> StoreResult<Order> {
    Ok(sale_order::table.find(id).select(Order::as_select()).get_result(conn)?)
}

pub fn find_by_code(conn: &mut Conn, code: &OrderCode) -> StoreResult<Option<Order>> {
    Ok(sale_order::table.filter(sale_order::code.eq(code)).select(Order::as_select()).get_result(conn).optional()?)
}

pub fn find_by_trace_ref(conn: &mut Conn, trace_ref: &TraceRef) -> StoreResult<Option<Order>> {
    Ok(sale_order::table
        .filter(sale_order::trace_ref.eq(trace_ref))
        .select(Order::as_select())
        .get_result(conn)
        .optional()?)
}

/// One of a cooperative's own orders; another cooperative's is not there.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &OrderId) -> StoreResult<Order> {
    let query = sale_order::table.find(id).filter(sale_order::cooperative_id.eq(cooperative));
    Ok(query.select(Order::as_select()).get_result(conn)?)
}

/// Locks one order.
pub fn lock(conn: &mut Conn, id: &OrderId) -> StoreResult<Order> {
    let query = sale_order::table.filter(sale_order::id.eq(id)).select(Order::as_select());
    Ok(locked(query).get_result(conn)?)
}

/// Locks one of a cooperative's own orders; another cooperative's is not there.
pub fn lock_own(conn: &mut Conn, cooperative: &CooperativeId, id: &OrderId) -> StoreResult<Order> {
    let query = sale_order::table.find(id).filter(sale_order::cooperative_id.eq(cooperative));
    Ok(locked(query.select(Order::as_select())).get_result(conn)?)
}

/// Locks orders by id, in the order that keeps two writers from waiting for each other (at most 500).
pub fn lock_of(conn: &mut Conn, ids: &[OrderId]) -> StoreResult<Vec<Order>> {
    let query = sale_order::table.filter(sale_order::id.eq_any(ids)).order(sale_order::id).select(Order::as_select());
    Ok(locked(query).load(conn)?)
}

/// Orders of one cooperative that bear these codes, without a lock. Codes of others are not there.
pub fn list_by_codes(conn: &mut Conn, cooperative: &CooperativeId, codes: &[OrderCode]) -> StoreResult<Vec<Order>> {
    let query = sale_order::table
        .filter(sale_order::cooperative_id.eq(cooperative))
        .filter(sale_order::code.eq_any(codes))
        .select(Order::as_select());
    Ok(query.load(conn)?)
}

pub fn list_of_purchase(conn: &mut Conn, purchase: &PurchaseId) -> StoreResult<Vec<Order>> {
    let query = sale_order::table.filter(sale_order::purchase_id.eq(purchase)).order(sale_order::code);
    Ok(query.select(Order::as_select()).load(conn)?)
}

/// Orders by id, at most 500.
pub fn list_of(conn: &mut Conn, ids: &[OrderId]) -> StoreResult<Vec<Order>> {
    Ok(sale_order::table.filter(sale_order::id.eq_any(ids)).select(Order::as_select()).load(conn)?)
}

/// A cooperative's orders in some states, the oldest waiting first.
pub fn list_in(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    states: &[OrderState],
    most: i64,
) -> StoreResult<Vec<Order>> {
    let query = sale_order::table
        .filter(sale_order::cooperative_id.eq(cooperative))
        .filter(sale_order::state.eq_any(states))
        .order((sale_order::made_at, sale_order::id))
        .limit(most);
    Ok(query.select(Order::as_select()).load(conn)?)
}

/// A cooperative's newest orders, a page of them.
pub fn list_newest(conn: &mut Conn, cooperative: &CooperativeId, skip: i64, most: i64) -> StoreResult<Vec<Order>> {
    let query = sale_order::table
        .filter(sale_order::cooperative_id.eq(cooperative))
        .order((sale_order::made_at.desc(), sale_order::id.desc()))
        .offset(skip)
        .limit(most);
    Ok(query.select(Order::as_select()).load(conn)?)
}

/// How many orders of everybody stand in each state.
pub fn count_by_state(conn: &mut Conn, cooperative: Option<&CooperativeId>) -> StoreResult<Vec<(OrderState, i64)>> {
    let mut query = sale_order::table
        .group_by(sale_order::state)
        .select((sale_order::state, diesel::dsl::count_star()))
        .into_boxed();
    if let Some(cooperative) = cooperative {
        query = query.filter(sale_order::cooperative_id.eq(cooperative));
    }
    Ok(query.load(conn)?)
}

/// Orders whose payment time has run out, in any cooperative; the oldest first.
pub fn list_run_out(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<Order>> {
    let query = sale_order::table
        .filter(sale_order::state.eq(OrderState::AwaitingPayment))
        .filter(sale_order::expires_at.le(now))
        .order((sale_order::expires_at, sale_order::id))
        .limit(most);
    Ok(query.select(Order::as_select()).load(conn)?)
}

/// Orders of any cooperative that await payment now; the newest first.
pub fn list_awaiting(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<Order>> {
    let query = sale_order::table
        .filter(sale_order::state.eq(OrderState::AwaitingPayment))
        .filter(sale_order::expires_at.gt(now))
        .order((sale_order::made_at.desc(), sale_order::id))
        .limit(most);
    Ok(query.select(Order::as_select()).load(conn)?)
}

/// Orders of a cooperative that await payment now and cost exactly this, or ask for exactly this before; the newest first.
pub fn list_awaiting_amount(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    amount: Money,
    now: At,
    most: i64,
) -> StoreResult<Vec<OrderCode>> {
    let query = sale_order::table
        .filter(sale_order::cooperative_id.eq(cooperative))
        .filter(sale_order::state.eq(OrderState::AwaitingPayment))
        .filter(sale_order::expires_at.gt(now))
        .filter(sale_order::total_vnd.eq(amount).or(sale_order::deposit_vnd.eq(amount)))
        .order(sale_order::made_at.desc())
        .limit(most);
    Ok(query.select(sale_order::code).load(conn)?)
}

/// Lines of orders (at most 500 orders), in the order they were put in.
pub fn list_lines(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<OrderLine>> {
    let query = order_line::table.filter(order_line::order_id.eq_any(orders)).order((
        order_line::order_id,
        order_line::position,
        order_line::id,
    ));
    Ok(query.select(OrderLine::as_select()).load(conn)?)
}

pub fn list_deliveries(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<OrderDelivery>> {
    let query = order_delivery::table.filter(order_delivery::order_id.eq_any(orders));
    Ok(query.select(OrderDelivery::as_select()).load(conn)?)
}

/// The history of an order, oldest first.
pub fn list_moves(conn: &mut Conn, order: &OrderId) -> StoreResult<Vec<OrderMove>> {
    let query = order_move::table.filter(order_move::order_id.eq(order)).order((order_move::at, order_move::id));
    Ok(query.select(OrderMove::as_select()).load(conn)?)
}

/// Moves an order from one state to the next; false when it no longer stood there.
pub fn mark_state(conn: &mut Conn, id: &OrderId, from: OrderState, to: OrderState, at: At) -> StoreResult<bool> {
    let target = sale_order::table.filter(sale_order::id.eq(id)).filter(sale_order::state.eq(from));
    let values = (sale_order::state.eq(to), sale_order::changed_at.eq(at));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// What an order keeps of the moment it was placed: until when an answer is promised, and from when it is asked for.
pub fn put_placed(conn: &mut Conn, id: &OrderId, placed_at: At, (ask_at, confirm_by): (At, At)) -> StoreResult<()> {
    let values = (
        sale_order::placed_at.eq(placed_at),
        sale_order::confirm_by.eq(confirm_by),
        sale_order::expires_at.eq(None::<At>),
        (sale_order::answer_stage.eq(0), sale_order::answer_due_at.eq(ask_at)),
    );
    diesel::update(sale_order::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// Another day of delivery. It was not chosen by its windows: the order takes no place in one any more.
pub fn put_day(conn: &mut Conn, id: &OrderId, day: Day) -> StoreResult<()> {
    let no_window = (order_delivery::slot.eq(None::<String>), order_delivery::delivery_slot_id.eq(None::<String>));
    diesel::update(order_delivery::table.find(id))
        .set((order_delivery::deliver_on.eq(day), no_window))
        .execute(conn)?;
    Ok(())
}

pub fn put_expiry(conn: &mut Conn, id: &OrderId, expires_at: At) -> StoreResult<()> {
    diesel::update(sale_order::table.find(id)).set(sale_order::expires_at.eq(expires_at)).execute(conn)?;
    Ok(())
}

pub fn put_reason(conn: &mut Conn, id: &OrderId, reason: &str) -> StoreResult<()> {
    diesel::update(sale_order::table.find(id)).set(sale_order::reason.eq(reason)).execute(conn)?;
    Ok(())
}

/// Flags: money came late; paid but the goods were gone.
pub fn put_flags(conn: &mut Conn, id: &OrderId, is_late: bool, short_stock: bool) -> StoreResult<()> {
    let values = (sale_order::is_late.eq(is_late), sale_order::short_stock.eq(short_stock));
    diesel::update(sale_order::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// The true weight of a line and what it costs.
pub fn put_weight(conn: &mut Conn, line: &OrderLineId, weighed: Base, weighed_vnd: Money, at: At) -> StoreResult<()> {
    let values =
        (order_line::weighed_base.eq(weighed), order_line::weighed_vnd.eq(weighed_vnd), order_line::weighed_at.eq(at));
    diesel::update(order_line::table.find(line)).set(values).execute(conn)?;
    Ok(())
}

/// The sums of an order after weighing.
pub fn put_sums(conn: &mut Conn, id: &OrderId, goods: Money, total: Money, at: At) -> StoreResult<()> {
    let values = (sale_order::goods_vnd.eq(goods), sale_order::total_vnd.eq(total), sale_order::changed_at.eq(at));
    diesel::update(sale_order::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// One of a cooperative's own orders by its code; another cooperative's is not there.
pub fn find_own_by_code(conn: &mut Conn, cooperative: &CooperativeId, code: &OrderCode) -> StoreResult<Option<Order>> {
    let query = sale_order::table.filter(sale_order::code.eq(code)).filter(sale_order::cooperative_id.eq(cooperative));
    Ok(query.select(Order::as_select()).get_result(conn).optional()?)
}

/// A cooperative's orders in some states but for a few (at most 500 ids), the newest first, a page of them.
pub fn list_newest_in(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    states: &[OrderState],
    but: &[OrderId],
    skip: i64,
    most: i64,
) -> StoreResult<Vec<Order>> {
    let query = sale_order::table
        .filter(sale_order::cooperative_id.eq(cooperative))
        .filter(sale_order::state.eq_any(states))
        .filter(sale_order::id.ne_all(but))
        .order((sale_order::made_at.desc(), sale_order::id.desc()))
        .offset(skip)
        .limit(most);
    Ok(query.select(Order::as_select()).load(conn)?)
}
