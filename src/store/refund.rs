//! Money owed back to buyers. Whoever changes a row holds its order's lock.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{cooperative, refund, sale_order};
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, BankEventId, CooperativeId, OrderId, RefundId};
use crate::domain::money::Money;
use crate::domain::refund::{RefundState, Where};
use crate::domain::time::At;
use diesel::prelude::*;

/// The states in which somebody still has to do something; as in the index `refund_under_way`.
const UNDER_WAY: [RefundState; 4] =
    [RefundState::AskedAccount, RefundState::WaitsForGoods, RefundState::Ready, RefundState::Approved];

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = refund, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Refund {
    pub id: RefundId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub amount_vnd: Money,
    pub state: RefundState,
    pub bin: Option<String>,
    pub account_number: Option<String>,
    pub holder_name: Option<String>,
    /// The buyer took the account that the money had come from.
    pub account_from_event: Option<BankEventId>,
    pub account_at: Option<At>,
    /// Who asked for a second person.
    pub asked_by: Option<AccountId>,
    /// Who was asked, by link.
    pub approver: Option<AccountId>,
    /// Of the token in that link.
    pub link_hash: Option<String>,
    pub link_until: Option<At>,
    pub approved_by: Option<AccountId>,
    pub approved_at: Option<At>,
    /// Who said that it was sent.
    pub sent_by: Option<AccountId>,
    pub sent_at: Option<At>,
    /// The movement that proves it.
    pub closed_by_event: Option<BankEventId>,
    /// The order that was paid with it instead.
    pub moved_to: Option<OrderId>,
    pub made_at: At,
    pub ended_at: Option<At>,
    /// Whoever says that it went paid it from the till: the bank has nothing to tell of it.
    pub in_cash: bool,
}

pub fn insert(conn: &mut Conn, row: &Refund) -> StoreResult<()> {
    diesel::insert_into(refund::table).values(row).execute(conn)?;
    Ok(())
}

pub fn get(conn: &mut Conn, id: &RefundId) -> StoreResult<Refund> {
    Ok(refund::table.find(id).select(Refund::as_select()).get_result(conn)?)
}

/// Every refund of orders (at most 500), the oldest first.
pub fn list_of_orders(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<Refund>> {
    let query = refund::table.filter(refund::order_id.eq_any(orders)).order((refund::made_at, refund::id));
    Ok(query.select(Refund::as_select()).load(conn)?)
}

/// The refund of an order that is under way.
pub fn find_under_way(conn: &mut Conn, order: &OrderId) -> StoreResult<Option<Refund>> {
    let query = refund::table.filter(refund::order_id.eq(order)).filter(refund::state.eq_any(UNDER_WAY));
    Ok(query.select(Refund::as_select()).load(conn)?.pop())
}

/// What is under way: of one cooperative, or of all; the oldest first.
pub fn list_under_way(
    conn: &mut Conn,
    cooperative: Option<&CooperativeId>,
    most: i64,
) -> StoreResult<Vec<(Refund, OrderCode, String, String)>> {
    let mut query = refund::table
        .inner_join(sale_order::table)
        .inner_join(cooperative::table)
        .filter(refund::state.eq_any(UNDER_WAY))
        .order((refund::made_at, refund::id))
        .limit(most)
        .select((Refund::as_select(), sale_order::code, cooperative::name, cooperative::phone))
        .into_boxed();
    if let Some(wanted) = cooperative {
        query = query.filter(refund::cooperative_id.eq(wanted));
    }
    Ok(query.load(conn)?)
}

/// Refunds of a cooperative that go to an account: under way, or said to be sent and not proven. Whoever decides about them locks
/// their orders first and reads them again.
pub fn list_to_account(conn: &mut Conn, cooperative: &CooperativeId, account_number: &str) -> StoreResult<Vec<Refund>> {
    let open =
        refund::state.eq_any(UNDER_WAY).or(refund::state.eq(RefundState::Sent).and(refund::closed_by_event.is_null()));
    let query = refund::table
        .filter(refund::cooperative_id.eq(cooperative))
        .filter(refund::account_number.eq(account_number))
        .filter(refund::in_cash.eq(false))
        .filter(open)
        .order((refund::made_at, refund::id))
        .limit(20);
    Ok(query.select(Refund::as_select()).load(conn)?)
}

/// More is owed now: what was agreed on before was agreed on for another sum.
pub fn put_more(conn: &mut Conn, id: &RefundId, amount: Money, state: RefundState) -> StoreResult<()> {
    let values = (refund::amount_vnd.eq(amount), refund::state.eq(state));
    diesel::update(refund::table.find(id)).set(values).execute(conn)?;
    put_no_second(conn, id)
}

/// Less is owed now; whoever agreed to more agreed to this.
pub fn put_less(conn: &mut Conn, id: &RefundId, amount: Money) -> StoreResult<()> {
    diesel::update(refund::table.find(id)).set(refund::amount_vnd.eq(amount)).execute(conn)?;
    Ok(())
}

/// Where it should go. A new account needs a new agreement.
pub fn put_where(
    conn: &mut Conn,
    id: &RefundId,
    to: &Where,
    from_event: Option<&BankEventId>,
    at: At,
) -> StoreResult<()> {
    let values = (
        refund::state.eq(RefundState::Ready),
        refund::bin.eq(&to.bin),
        refund::account_number.eq(&to.account_number),
        refund::holder_name.eq(&to.holder_name),
        refund::account_from_event.eq(from_event),
        refund::account_at.eq(at),
    );
    diesel::update(refund::table.find(id)).set(values).execute(conn)?;
    put_no_second(conn, id)
}

/// Nobody is asked any more and nobody has agreed.
fn put_no_second(conn: &mut Conn, id: &RefundId) -> StoreResult<()> {
    let values = (
        refund::asked_by.eq(None::<AccountId>),
        refund::approver.eq(None::<AccountId>),
        refund::link_hash.eq(None::<String>),
        refund::link_until.eq(None::<At>),
        refund::approved_by.eq(None::<AccountId>),
        refund::approved_at.eq(None::<At>),
    );
    diesel::update(refund::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// Another state, nothing else.
pub fn put_state(conn: &mut Conn, id: &RefundId, state: RefundState) -> StoreResult<()> {
    diesel::update(refund::table.find(id)).set(refund::state.eq(state)).execute(conn)?;
    Ok(())
}

/// A second person is asked, by a link of which only the hash is kept. An earlier link is dead.
pub fn put_asked(
    conn: &mut Conn,
    id: &RefundId,
    by: &AccountId,
    approver: &AccountId,
    link_hash: &str,
    until: At,
) -> StoreResult<()> {
    let values = (
        refund::asked_by.eq(by),
        refund::approver.eq(approver),
        refund::link_hash.eq(link_hash),
        refund::link_until.eq(until),
    );
    diesel::update(refund::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// A second person agrees; the link has done its work.
pub fn mark_approved(conn: &mut Conn, id: &RefundId, by: &AccountId, at: At) -> StoreResult<bool> {
    let target = refund::table.filter(refund::id.eq(id)).filter(refund::state.eq(RefundState::Ready));
    let values = (
        refund::state.eq(RefundState::Approved),
        refund::approved_by.eq(by),
        refund::approved_at.eq(at),
        refund::link_hash.eq(None::<String>),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// A person says that it was sent, or (`in_cash`) paid from the till; false when it is not under way.
pub fn mark_sent(conn: &mut Conn, id: &RefundId, by: &AccountId, at: At, in_cash: bool) -> StoreResult<bool> {
    let target = refund::table.filter(refund::id.eq(id)).filter(refund::state.eq_any(UNDER_WAY));
    let values = (
        refund::state.eq(RefundState::Sent),
        refund::sent_by.eq(by),
        refund::sent_at.eq(at),
        refund::ended_at.eq(at),
        refund::in_cash.eq(in_cash),
        refund::link_hash.eq(None::<String>),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// A person takes «Đã chuyển trả» back; false when the bank has proven it, or it was taken back before.
pub fn mark_undone(conn: &mut Conn, id: &RefundId, at: At) -> StoreResult<bool> {
    let target = refund::table
        .filter(refund::id.eq(id))
        .filter(refund::state.eq(RefundState::Sent))
        .filter(refund::closed_by_event.is_null());
    let values = (refund::state.eq(RefundState::Undone), refund::ended_at.eq(at));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Where the money was to go, and since when that is known, as another row has it.
pub fn put_where_of(conn: &mut Conn, id: &RefundId, other: &Refund) -> StoreResult<()> {
    let values = (
        refund::state.eq(RefundState::Ready),
        refund::bin.eq(&other.bin),
        refund::account_number.eq(&other.account_number),
        refund::holder_name.eq(&other.holder_name),
        refund::account_from_event.eq(&other.account_from_event),
        refund::account_at.eq(other.account_at),
        refund::made_at.eq(other.made_at),
    );
    diesel::update(refund::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// The bank has told of it, before or after a person said so.
pub fn mark_closed(conn: &mut Conn, id: &RefundId, event: &BankEventId, at: At) -> StoreResult<bool> {
    let target = refund::table
        .filter(refund::id.eq(id))
        .filter(refund::closed_by_event.is_null())
        .filter(refund::state.eq_any(UNDER_WAY).or(refund::state.eq(RefundState::Sent)));
    let values = (
        refund::state.eq(RefundState::Closed),
        refund::closed_by_event.eq(event),
        refund::ended_at.eq(at),
        refund::link_hash.eq(None::<String>),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Another order was paid with it.
pub fn put_moved(conn: &mut Conn, id: &RefundId, to: &OrderId, at: At) -> StoreResult<()> {
    let values = (
        refund::state.eq(RefundState::Moved),
        refund::moved_to.eq(to),
        refund::ended_at.eq(at),
        refund::link_hash.eq(None::<String>),
    );
    diesel::update(refund::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// It ends without money: left with the cooperative, or nothing is owed any more.
pub fn put_ended(conn: &mut Conn, id: &RefundId, state: RefundState, at: At) -> StoreResult<()> {
    let values = (refund::state.eq(state), refund::ended_at.eq(at), refund::link_hash.eq(None::<String>));
    diesel::update(refund::table.find(id)).set(values).execute(conn)?;
    Ok(())
}
