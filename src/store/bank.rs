//! Bank accounts and what was told of movements on them.

use super::conn::{Conn, Each, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{bank_account, bank_event, money_case};
use super::told::Told;
use crate::domain::bank_message::{BankProvider, Direction};
use crate::domain::id::{AccountId, BankAccountId, BankEventId, CooperativeId, MoneyCaseId, OrderId};
use crate::domain::money::Money;
use crate::domain::payment::{BankEventState, MoneyCaseReason, MoneyCaseState, ProofGrade};
use crate::domain::product::BankAccountState;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

/// Where a cooperative is paid.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_account, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct BankAccount {
    pub id: BankAccountId,
    /// The opaque id in the webhook's address.
    pub path_id: String,
    pub cooperative_id: CooperativeId,
    pub provider: BankProvider,
    pub bin: String,
    pub account_number: String,
    pub holder_name: String,
    /// Webhook secret, encrypted; names its key.
    pub secret_sealed: Option<String>,
    /// The one before, while both are live.
    pub secret_before_sealed: Option<String>,
    pub secret_before_until: Option<At>,
    pub state: BankAccountState,
    pub first_message_at: Option<At>,
    pub last_message_at: Option<At>,
    pub made_at: At,
    pub made_by: Option<AccountId>,
    pub approved_by: Option<AccountId>,
    pub active_from: Option<At>,
    /// A word that must stand in the memo before the code; letters and digits, at most 15.
    pub memo_prefix: Option<String>,
    /// The number that payers are shown instead of `account_number`; money to either is the cooperative's.
    pub virtual_account: Option<String>,
}

impl BankAccount {
    /// The number that a payer is shown.
    pub fn shown_number(&self) -> &str {
        self.virtual_account.as_deref().unwrap_or(&self.account_number)
    }
}

/// Every movement that a bank, a statement or a person told of.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_event, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct BankEvent {
    pub id: BankEventId,
    pub cooperative_id: CooperativeId,
    pub bank_account_id: BankAccountId,
    pub provider: BankProvider,
    pub provider_event_id: String,
    pub direction: Direction,
    pub amount_vnd: Money,
    pub memo: String,
    pub description: String,
    pub reference_code: String,
    pub counter_name: Option<String>,
    pub counter_account: Option<String>,
    /// As the bank says.
    pub booked_at: At,
    pub received_at: At,
    pub day: Day,
    pub grade: ProofGrade,
    /// Right signature, old timestamp.
    pub is_stale: bool,
    /// Account, bank reference, amount, direction, day.
    pub natural_key: Option<String>,
    pub state: BankEventState,
    pub order_id: Option<OrderId>,
    /// Of a by_hand event.
    pub said_by: Option<AccountId>,
    pub undone_at: Option<At>,
    /// A later, better proof of the same money.
    pub confirmed_by_event: Option<BankEventId>,
    pub raw_body: Option<String>,
    /// The account that the message named, when it is not the one whose webhook told it.
    pub other_account: Option<String>,
}

/// The people's list: money that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = money_case, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct MoneyCase {
    pub id: MoneyCaseId,
    pub cooperative_id: CooperativeId,
    pub bank_event_id: Option<BankEventId>,
    pub order_id: Option<OrderId>,
    pub reason: MoneyCaseReason,
    pub amount_vnd: Money,
    /// Order codes, a space between.
    pub candidates: String,
    pub state: MoneyCaseState,
    pub made_at: At,
    pub resolved_at: Option<At>,
    pub resolved_by: Option<AccountId>,
    pub resolution: Option<String>,
}

pub fn insert_account(conn: &mut Conn, row: &BankAccount) -> StoreResult<()> {
    diesel::insert_into(bank_account::table).values(row).execute(conn)?;
    Ok(())
}

pub fn get_account(conn: &mut Conn, id: &BankAccountId) -> StoreResult<BankAccount> {
    Ok(bank_account::table.find(id).select(BankAccount::as_select()).get_result(conn)?)
}

/// The account that a webhook's path names.
pub fn find_account_by_path(conn: &mut Conn, path_id: &str) -> StoreResult<Option<BankAccount>> {
    let query = bank_account::table.filter(bank_account::path_id.eq(path_id)).select(BankAccount::as_select());
    Ok(query.get_result(conn).optional()?)
}

/// Receiving accounts in force of cooperatives (at most 500), one each. An account agreed on whose hour has come is in force whether or
/// not a worker has written that down.
pub fn list_active(conn: &mut Conn, cooperatives: &[CooperativeId], now: At) -> StoreResult<Vec<BankAccount>> {
    let its_hour_came = bank_account::state
        .eq(BankAccountState::Pending)
        .and(bank_account::approved_by.is_not_null())
        .and(bank_account::active_from.is_not_null())
        .and(bank_account::active_from.assume_not_null().le(now));
    let query = bank_account::table
        .filter(bank_account::cooperative_id.eq_any(cooperatives))
        .filter(bank_account::state.eq(BankAccountState::Active).or(its_hour_came))
        .order((bank_account::cooperative_id, bank_account::state.desc(), bank_account::made_at.desc()));
    let mut found: Vec<BankAccount> = query.select(BankAccount::as_select()).load(conn)?;
    // `pending` stands before `active`: the newer word is the one that holds.
    found.dedup_by(|later, first| later.cooperative_id == first.cooperative_id);
    Ok(found)
}

/// Accounts by id, whatever their state.
pub fn list_accounts_of(conn: &mut Conn, ids: &[BankAccountId]) -> StoreResult<Vec<BankAccount>> {
    Ok(bank_account::table.filter(bank_account::id.eq_any(ids)).select(BankAccount::as_select()).load(conn)?)
}

/// The word that payers write before the code from now on.
pub fn put_prefix(conn: &mut Conn, id: &BankAccountId, word: Option<&str>) -> StoreResult<()> {
    diesel::update(bank_account::table.find(id)).set(bank_account::memo_prefix.eq(word)).execute(conn)?;
    Ok(())
}

/// The light: first and last time that the account's bank spoke.
pub fn put_heard(conn: &mut Conn, id: &BankAccountId, at: At) -> StoreResult<()> {
    diesel::update(bank_account::table.find(id)).set(bank_account::last_message_at.eq(at)).execute(conn)?;
    let first = bank_account::table.filter(bank_account::id.eq(id)).filter(bank_account::first_message_at.is_null());
    diesel::update(first).set(bank_account::first_message_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Stores an event once: a provider's id is unique per account and provider.
pub fn insert_new_event(conn: &mut Conn, row: &BankEvent) -> StoreResult<Told> {
    let query = diesel::insert_into(bank_event::table)
        .values(row)
        .on_conflict((bank_event::bank_account_id, bank_event::provider, bank_event::provider_event_id))
        .do_nothing();
    Ok(Told::of_rows(Each(query).execute(conn)?))
}

pub fn get_event(conn: &mut Conn, id: &BankEventId) -> StoreResult<BankEvent> {
    Ok(bank_event::table.find(id).select(BankEvent::as_select()).get_result(conn)?)
}

/// Locks one of a cooperative's own events.
pub fn lock_own_event(conn: &mut Conn, cooperative: &CooperativeId, id: &BankEventId) -> StoreResult<BankEvent> {
    let query = bank_event::table
        .filter(bank_event::id.eq(id))
        .filter(bank_event::cooperative_id.eq(cooperative))
        .select(BankEvent::as_select());
    Ok(locked(query).get_result(conn)?)
}

/// Other tellings of the same money on an account.
pub fn list_same_money(conn: &mut Conn, account: &BankAccountId, natural_key: &str) -> StoreResult<Vec<BankEvent>> {
    let query = bank_event::table
        .filter(bank_event::bank_account_id.eq(account))
        .filter(bank_event::natural_key.eq(natural_key))
        .order(bank_event::received_at);
    Ok(query.select(BankEvent::as_select()).load(conn)?)
}

/// What became of an event, and which order it is for.
pub fn put_event_state(
    conn: &mut Conn,
    id: &BankEventId,
    state: BankEventState,
    order: Option<&OrderId>,
) -> StoreResult<()> {
    let values = (bank_event::state.eq(state), bank_event::order_id.eq(order));
    diesel::update(bank_event::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

pub fn put_event_confirmed(conn: &mut Conn, id: &BankEventId, by: &BankEventId) -> StoreResult<()> {
    diesel::update(bank_event::table.find(id)).set(bank_event::confirmed_by_event.eq(by)).execute(conn)?;
    Ok(())
}

pub fn put_event_undone(conn: &mut Conn, id: &BankEventId, at: At) -> StoreResult<bool> {
    let target = bank_event::table.filter(bank_event::id.eq(id)).filter(bank_event::undone_at.is_null());
    Ok(diesel::update(target).set(bank_event::undone_at.eq(at)).execute(conn)? == 1)
}

/// Money of orders (at most 500 orders), oldest first.
pub fn list_events_of_orders(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<BankEvent>> {
    let query =
        bank_event::table.filter(bank_event::order_id.eq_any(orders)).order((bank_event::received_at, bank_event::id));
    Ok(query.select(BankEvent::as_select()).load(conn)?)
}

/// A cooperative's events in a state, newest first.
pub fn list_events(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    state: BankEventState,
    most: i64,
) -> StoreResult<Vec<BankEvent>> {
    let query = bank_event::table
        .filter(bank_event::cooperative_id.eq(cooperative))
        .filter(bank_event::state.eq(state))
        .order((bank_event::received_at.desc(), bank_event::id))
        .limit(most);
    Ok(query.select(BankEvent::as_select()).load(conn)?)
}

pub fn insert_case(conn: &mut Conn, row: &MoneyCase) -> StoreResult<()> {
    diesel::insert_into(money_case::table).values(row).execute(conn)?;
    Ok(())
}

/// Locks one of a cooperative's own cases.
pub fn lock_own_case(conn: &mut Conn, cooperative: &CooperativeId, id: &MoneyCaseId) -> StoreResult<MoneyCase> {
    let query = money_case::table
        .filter(money_case::id.eq(id))
        .filter(money_case::cooperative_id.eq(cooperative))
        .select(MoneyCase::as_select());
    Ok(locked(query).get_result(conn)?)
}

/// What waits for a person: of one cooperative, or of all; the oldest first.
pub fn list_open_cases(conn: &mut Conn, cooperative: Option<&CooperativeId>, most: i64) -> StoreResult<Vec<MoneyCase>> {
    let mut query = money_case::table
        .filter(money_case::state.eq(MoneyCaseState::Open))
        .order((money_case::made_at, money_case::id))
        .limit(most)
        .select(MoneyCase::as_select())
        .into_boxed();
    if let Some(cooperative) = cooperative {
        query = query.filter(money_case::cooperative_id.eq(cooperative));
    }
    Ok(query.load(conn)?)
}

/// One of a cooperative's own cases, without a lock.
pub fn get_own_case(conn: &mut Conn, cooperative: &CooperativeId, id: &MoneyCaseId) -> StoreResult<MoneyCase> {
    let query = money_case::table.find(id).filter(money_case::cooperative_id.eq(cooperative));
    Ok(query.select(MoneyCase::as_select()).get_result(conn)?)
}

/// One of a cooperative's own events, without a lock.
pub fn get_own_event(conn: &mut Conn, cooperative: &CooperativeId, id: &BankEventId) -> StoreResult<BankEvent> {
    let query = bank_event::table.find(id).filter(bank_event::cooperative_id.eq(cooperative));
    Ok(query.select(BankEvent::as_select()).get_result(conn)?)
}

/// Ends every open case of an order for these reasons; how many there were.
pub fn mark_cases_of_order_resolved(
    conn: &mut Conn,
    order: &OrderId,
    reasons: &[MoneyCaseReason],
    how: &str,
    at: At,
) -> StoreResult<usize> {
    let target = money_case::table
        .filter(money_case::order_id.eq(order))
        .filter(money_case::reason.eq_any(reasons))
        .filter(money_case::state.eq(MoneyCaseState::Open));
    let values = (
        money_case::state.eq(MoneyCaseState::Resolved),
        money_case::resolved_at.eq(at),
        money_case::resolution.eq(how),
    );
    Ok(diesel::update(target).set(values).execute(conn)?)
}

/// Ends every open case of an event; how many there were.
pub fn mark_cases_of_event_resolved(conn: &mut Conn, event: &BankEventId, how: &str, at: At) -> StoreResult<usize> {
    let target = money_case::table
        .filter(money_case::bank_event_id.eq(event))
        .filter(money_case::state.eq(MoneyCaseState::Open));
    let values = (
        money_case::state.eq(MoneyCaseState::Resolved),
        money_case::resolved_at.eq(at),
        money_case::resolution.eq(how),
    );
    Ok(diesel::update(target).set(values).execute(conn)?)
}

pub fn list_cases_of_order(conn: &mut Conn, order: &OrderId) -> StoreResult<Vec<MoneyCase>> {
    let query = money_case::table.filter(money_case::order_id.eq(order)).order((money_case::made_at, money_case::id));
    Ok(query.select(MoneyCase::as_select()).load(conn)?)
}

/// Ends a case; false when somebody was faster.
pub fn mark_case_resolved(
    conn: &mut Conn,
    id: &MoneyCaseId,
    by: Option<&AccountId>,
    how: &str,
    at: At,
) -> StoreResult<bool> {
    let target = money_case::table.filter(money_case::id.eq(id)).filter(money_case::state.eq(MoneyCaseState::Open));
    let values = (
        money_case::state.eq(MoneyCaseState::Resolved),
        money_case::resolved_at.eq(at),
        money_case::resolved_by.eq(by),
        money_case::resolution.eq(how),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Decisions about money, the newest first; what became of other money is told on its own shelf.
pub fn list_resolved_cases(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<MoneyCase>> {
    let query = money_case::table
        .filter(money_case::cooperative_id.eq(cooperative))
        .filter(money_case::state.eq(MoneyCaseState::Resolved))
        .filter(money_case::reason.ne(MoneyCaseReason::OtherMoney))
        .order((money_case::resolved_at.desc(), money_case::id))
        .limit(most);
    Ok(query.select(MoneyCase::as_select()).load(conn)?)
}

pub fn count_open_cases(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<i64> {
    let query = money_case::table
        .filter(money_case::cooperative_id.eq(cooperative))
        .filter(money_case::state.eq(MoneyCaseState::Open));
    Ok(query.count().get_result(conn)?)
}

/// Money that stands on a person's word and that no bank has confirmed yet, the newest first.
pub fn list_by_hand(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<BankEvent>> {
    let query = bank_event::table
        .filter(bank_event::cooperative_id.eq(cooperative))
        .filter(bank_event::grade.eq(ProofGrade::ByHand))
        .filter(bank_event::undone_at.is_null())
        .filter(bank_event::confirmed_by_event.is_null())
        .order((bank_event::received_at.desc(), bank_event::id))
        .limit(most);
    Ok(query.select(BankEvent::as_select()).load(conn)?)
}

/// At most 500 events by id.
pub fn list_events_by_id(conn: &mut Conn, ids: &[BankEventId]) -> StoreResult<Vec<BankEvent>> {
    Ok(bank_event::table.filter(bank_event::id.eq_any(ids)).select(BankEvent::as_select()).load(conn)?)
}
