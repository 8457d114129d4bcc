//! Payment links that providers make for orders, and what opens their APIs.

use super::bank::BankAccount;
use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{bank_account, link_key, payment_link, sale_order};
use super::told::Mark;
use crate::domain::id::{AccountId, BankAccountId, CooperativeId, OrderId, PaymentLinkId};
use crate::domain::money::Money;
use crate::domain::payment::PaymentLinkState;
use crate::domain::time::At;
use diesel::prelude::*;

/// What opens the provider's API for an account, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = link_key, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct LinkKey {
    pub bank_account_id: BankAccountId,
    pub cooperative_id: CooperativeId,
    pub client_id_sealed: String,
    pub api_key_sealed: String,
    pub set_at: At,
    pub set_by: Option<AccountId>,
    pub answered_at: Option<At>,
    /// `ok`, or why not.
    pub answer: Option<String>,
}

/// A link that a provider was asked to make for what an order owed at a time.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = payment_link, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct PaymentLink {
    pub id: PaymentLinkId,
    pub cooperative_id: CooperativeId,
    pub bank_account_id: BankAccountId,
    pub order_id: OrderId,
    /// The provider's order code, once an account.
    pub number: i64,
    pub amount_vnd: Money,
    pub state: PaymentLinkState,
    /// The provider's own id.
    pub link_id: Option<String>,
    /// Its code, verified.
    pub qr_payload: Option<String>,
    /// The number in its code.
    pub account_number: Option<String>,
    pub holder_name: Option<String>,
    /// None: it is cancelled when nothing is due any more.
    pub expires_at: Option<At>,
    pub made_at: At,
    pub ended_at: Option<At>,
    /// When to ask what came through it; none: never again.
    pub poll_at: Option<At>,
}

/// Sets or replaces what opens an account's API. The account is held by the caller.
pub fn put_key(conn: &mut Conn, row: &LinkKey) -> StoreResult<()> {
    remove_key(conn, &row.bank_account_id)?;
    diesel::insert_into(link_key::table).values(row).execute(conn)?;
    Ok(())
}

pub fn remove_key(conn: &mut Conn, account: &BankAccountId) -> StoreResult<()> {
    diesel::delete(link_key::table.find(account)).execute(conn)?;
    Ok(())
}

pub fn find_key(conn: &mut Conn, account: &BankAccountId) -> StoreResult<Option<LinkKey>> {
    Ok(link_key::table.find(account).select(LinkKey::as_select()).get_result(conn).optional()?)
}

/// Accounts whose API can be opened.
pub fn list_keys(conn: &mut Conn, most: i64) -> StoreResult<Vec<(LinkKey, BankAccount)>> {
    let query = link_key::table
        .inner_join(bank_account::table)
        .order(link_key::bank_account_id)
        .limit(most)
        .select((LinkKey::as_select(), BankAccount::as_select()));
    Ok(query.load(conn)?)
}

/// Whether the account that an order was printed with has such a key.
pub fn can_have_link(conn: &mut Conn, order: &OrderId) -> StoreResult<bool> {
    let keys = link_key::table
        .inner_join(sale_order::table.on(sale_order::bank_account_id.eq(link_key::bank_account_id.nullable())))
        .filter(sale_order::id.eq(order));
    Ok(diesel::select(diesel::dsl::exists(keys)).get_result(conn)?)
}

/// What the provider answered last.
pub fn put_answer(conn: &mut Conn, account: &BankAccountId, at: At, answer: &str) -> StoreResult<()> {
    let values = (link_key::answered_at.eq(at), link_key::answer.eq(answer));
    diesel::update(link_key::table.find(account)).set(values).execute(conn)?;
    Ok(())
}

/// A second link that stands for one order is a conflict.
pub fn insert(conn: &mut Conn, row: &PaymentLink) -> StoreResult<()> {
    diesel::insert_into(payment_link::table).values(row).execute(conn)?;
    Ok(())
}

/// Links of an order that have not ended, oldest first. The order is held by the caller.
pub fn list_unended(conn: &mut Conn, order: &OrderId) -> StoreResult<Vec<PaymentLink>> {
    let query = payment_link::table
        .filter(payment_link::order_id.eq(order))
        .filter(payment_link::state.ne(PaymentLinkState::Ended))
        .order((payment_link::made_at, payment_link::id));
    Ok(query.select(PaymentLink::as_select()).load(conn)?)
}

/// Links whose codes payers are shown, of at most 500 orders.
pub fn list_open_of(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<PaymentLink>> {
    let query = payment_link::table
        .filter(payment_link::order_id.eq_any(orders))
        .filter(payment_link::state.eq(PaymentLinkState::Open))
        .order(payment_link::id);
    Ok(query.select(PaymentLink::as_select()).load(conn)?)
}

/// Orders of an account that have links which have not ended.
pub fn list_orders_with_links(conn: &mut Conn, account: &BankAccountId, most: i64) -> StoreResult<Vec<OrderId>> {
    let query = payment_link::table
        .filter(payment_link::bank_account_id.eq(account))
        .filter(payment_link::state.ne(PaymentLinkState::Ended))
        .order(payment_link::id)
        .limit(most)
        .select(payment_link::order_id);
    Ok(query.load(conn)?)
}

/// The link that a provider's number names.
pub fn find_by_number(conn: &mut Conn, account: &BankAccountId, number: i64) -> StoreResult<Option<PaymentLink>> {
    let query = payment_link::table
        .filter(payment_link::bank_account_id.eq(account))
        .filter(payment_link::number.eq(number))
        .select(PaymentLink::as_select());
    Ok(query.get_result(conn).optional()?)
}

/// Whether a number was ever in the code of one of an account's links.
pub fn was_shown(conn: &mut Conn, account: &BankAccountId, number: &str) -> StoreResult<bool> {
    let shown = payment_link::table
        .filter(payment_link::bank_account_id.eq(account))
        .filter(payment_link::account_number.eq(number));
    Ok(diesel::select(diesel::dsl::exists(shown)).get_result(conn)?)
}

/// What a provider answered about a link that was asked for.
#[derive(Debug, Clone)]
pub struct Opened<'a> {
    pub link_id: &'a str,
    pub qr_payload: &'a str,
    pub account_number: &'a str,
    pub holder_name: Option<&'a str>,
    pub poll_at: At,
}

/// Its code may be shown from now on, unless it is no longer wanted.
pub fn mark_open(conn: &mut Conn, id: &PaymentLinkId, opened: &Opened<'_>) -> StoreResult<Mark> {
    let target =
        payment_link::table.filter(payment_link::id.eq(id)).filter(payment_link::state.eq(PaymentLinkState::Asked));
    let values = (
        payment_link::state.eq(PaymentLinkState::Open),
        payment_link::link_id.eq(opened.link_id),
        payment_link::qr_payload.eq(opened.qr_payload),
        payment_link::account_number.eq(opened.account_number),
        payment_link::holder_name.eq(opened.holder_name),
        payment_link::poll_at.eq(opened.poll_at),
    );
    Ok(Mark::of_rows(diesel::update(target).set(values).execute(conn)?))
}

/// No longer wanted; payers do not see it any more.
pub fn mark_ending(conn: &mut Conn, id: &PaymentLinkId) -> StoreResult<Mark> {
    let target = payment_link::table
        .filter(payment_link::id.eq(id))
        .filter(payment_link::state.eq_any([PaymentLinkState::Asked, PaymentLinkState::Open]));
    let rows = diesel::update(target).set(payment_link::state.eq(PaymentLinkState::Ending)).execute(conn)?;
    Ok(Mark::of_rows(rows))
}

/// Given up before its code was shown.
pub fn mark_given_up(conn: &mut Conn, id: &PaymentLinkId) -> StoreResult<Mark> {
    let target =
        payment_link::table.filter(payment_link::id.eq(id)).filter(payment_link::state.eq(PaymentLinkState::Asked));
    let rows = diesel::update(target).set(payment_link::state.eq(PaymentLinkState::Ending)).execute(conn)?;
    Ok(Mark::of_rows(rows))
}

/// It has ended; asked once more at `poll_at` for what was under way.
pub fn mark_ended(conn: &mut Conn, id: &PaymentLinkId, at: At, poll_at: Option<At>) -> StoreResult<Mark> {
    let target =
        payment_link::table.filter(payment_link::id.eq(id)).filter(payment_link::state.ne(PaymentLinkState::Ended));
    let values = (
        payment_link::state.eq(PaymentLinkState::Ended),
        payment_link::ended_at.eq(at),
        payment_link::poll_at.eq(poll_at),
    );
    Ok(Mark::of_rows(diesel::update(target).set(values).execute(conn)?))
}

/// Ends all links of an account: it can no longer be asked about them.
pub fn mark_all_ended(conn: &mut Conn, account: &BankAccountId, at: At) -> StoreResult<usize> {
    let target = payment_link::table
        .filter(payment_link::bank_account_id.eq(account))
        .filter(payment_link::state.ne(PaymentLinkState::Ended));
    let values = (payment_link::state.eq(PaymentLinkState::Ended), payment_link::ended_at.eq(at));
    Ok(diesel::update(target).set(values).execute(conn)?)
}

/// Links that are due to be asked after, those longest due first.
pub fn list_due(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<PaymentLink>> {
    let query = payment_link::table
        .inner_join(link_key::table.on(link_key::bank_account_id.eq(payment_link::bank_account_id)))
        .filter(payment_link::poll_at.le(now))
        .order((payment_link::poll_at, payment_link::id))
        .limit(most);
    Ok(query.select(PaymentLink::as_select()).load(conn)?)
}

/// Links of an account made since, the newest first.
pub fn list_since(conn: &mut Conn, account: &BankAccountId, since: At, most: i64) -> StoreResult<Vec<PaymentLink>> {
    let query = payment_link::table
        .filter(payment_link::bank_account_id.eq(account))
        .filter(payment_link::made_at.ge(since))
        .order(payment_link::id.desc())
        .limit(most);
    Ok(query.select(PaymentLink::as_select()).load(conn)?)
}

/// Begins to ask after a link, if nobody has begun since it was looked at; `next` is when it is due again.
pub fn mark_polled(conn: &mut Conn, seen: &PaymentLink, next: Option<At>) -> StoreResult<Mark> {
    let Some(before) = seen.poll_at else { return Ok(Mark::NotThere) };
    let target = payment_link::table.filter(payment_link::id.eq(&seen.id)).filter(payment_link::poll_at.eq(before));
    Ok(Mark::of_rows(diesel::update(target).set(payment_link::poll_at.eq(next)).execute(conn)?))
}
