//! What webhooks miss: later tellings of the same money, balances as banks say them, statements that people brought.

use super::bank::{BankAccount, BankEvent};
use super::conn::{Conn, Each, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{bank_account, bank_balance, bank_event, same_money, statement};
use super::told::Told;
use crate::domain::bank_message::Direction;
use crate::domain::id::{AccountId, BankAccountId, BankEventId, CooperativeId, StatementId};
use crate::domain::money::Money;
use crate::domain::payment::ProofGrade;
use crate::domain::product::BankAccountState;
use crate::domain::time::At;
use diesel::prelude::*;

/// A later telling of money that stands here already.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = same_money, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct SameMoney {
    pub bank_event_id: BankEventId,
    pub cooperative_id: CooperativeId,
    pub first_event_id: BankEventId,
    pub at: At,
}

/// What an account held right after a movement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_balance, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct BankBalance {
    pub bank_event_id: BankEventId,
    pub cooperative_id: CooperativeId,
    pub bank_account_id: BankAccountId,
    pub balance_vnd: Money,
}

/// A statement that somebody uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = statement, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct StatementRow {
    pub id: StatementId,
    pub cooperative_id: CooperativeId,
    pub bank_account_id: BankAccountId,
    pub file_name: String,
    pub file_hash: String,
    /// What was read of it, JSON.
    pub content: String,
    pub made_at: At,
    /// None: from the command line.
    pub made_by: Option<AccountId>,
    pub taken_at: Option<At>,
    pub taken_by: Option<AccountId>,
}

/// A statement once per account and file.
pub fn insert_new(conn: &mut Conn, row: &StatementRow) -> StoreResult<Told> {
    let query = diesel::insert_into(statement::table)
        .values(row)
        .on_conflict((statement::bank_account_id, statement::file_hash))
        .do_nothing();
    Ok(Told::of_rows(Each(query).execute(conn)?))
}

pub fn find_by_hash(conn: &mut Conn, account: &BankAccountId, hash: &str) -> StoreResult<Option<StatementRow>> {
    let query = statement::table
        .filter(statement::bank_account_id.eq(account))
        .filter(statement::file_hash.eq(hash))
        .select(StatementRow::as_select());
    Ok(query.get_result(conn).optional()?)
}

/// What was forgotten of a file that is brought again.
pub fn put_content(conn: &mut Conn, id: &StatementId, content: &str, at: At) -> StoreResult<()> {
    let target = statement::table.find(id);
    diesel::update(target).set((statement::content.eq(content), statement::made_at.eq(at))).execute(conn)?;
    Ok(())
}

/// Forgets what files held that were brought before `before`, at most `most` of them; how many.
pub fn put_content_forgotten(conn: &mut Conn, before: At, most: i64) -> StoreResult<usize> {
    let old = statement::table
        .filter(statement::made_at.lt(before))
        .filter(statement::content.ne(""))
        .order(statement::id)
        .limit(most)
        .select(statement::id);
    let ids: Vec<StatementId> = old.load(conn)?;
    let target = statement::table.filter(statement::id.eq_any(&ids));
    Ok(diesel::update(target).set(statement::content.eq("")).execute(conn)?)
}

/// One of a cooperative's own statements.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &StatementId) -> StoreResult<StatementRow> {
    let query = statement::table.find(id).filter(statement::cooperative_id.eq(cooperative));
    Ok(query.select(StatementRow::as_select()).get_result(conn)?)
}

/// A statement in a list: its name, when it was brought, when it was taken in.
pub type Listed = (StatementId, String, At, Option<At>);

/// The newest statements, without their content.
pub fn list_newest(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<Listed>> {
    let query = statement::table
        .filter(statement::cooperative_id.eq(cooperative))
        .order((statement::made_at.desc(), statement::id))
        .limit(most)
        .select((statement::id, statement::file_name, statement::made_at, statement::taken_at));
    Ok(query.load(conn)?)
}

/// Taken in by somebody; what was taken in first stays.
pub fn mark_taken(conn: &mut Conn, id: &StatementId, by: Option<&AccountId>, at: At) -> StoreResult<bool> {
    let target = statement::table.filter(statement::id.eq(id)).filter(statement::taken_at.is_null());
    let values = (statement::taken_at.eq(at), statement::taken_by.eq(by));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Every account of a cooperative, those in force first, the newest of each first.
pub fn list_accounts(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<BankAccount>> {
    let query = bank_account::table
        .filter(bank_account::cooperative_id.eq(cooperative))
        .filter(bank_account::state.ne(BankAccountState::Dropped))
        .order((bank_account::state, bank_account::made_at.desc()));
    Ok(query.select(BankAccount::as_select()).load(conn)?)
}

/// Accounts by the opaque id of their webhook or by their number.
pub fn list_accounts_named(conn: &mut Conn, name: &str) -> StoreResult<Vec<BankAccount>> {
    let query = bank_account::table
        .filter(bank_account::path_id.eq(name).or(bank_account::account_number.eq(name)))
        .order(bank_account::made_at);
    Ok(query.select(BankAccount::as_select()).load(conn)?)
}

/// Holds an account's messages in a row: whoever takes a movement of it in comes one after the other.
pub fn lock_account(conn: &mut Conn, id: &BankAccountId) -> StoreResult<BankAccount> {
    Ok(locked(bank_account::table.filter(bank_account::id.eq(id)).select(BankAccount::as_select())).get_result(conn)?)
}

/// Which of these ids stand here as lines of statements (at most 500).
pub fn list_known_lines(conn: &mut Conn, account: &BankAccountId, ids: &[String]) -> StoreResult<Vec<String>> {
    let query = bank_event::table
        .filter(bank_event::bank_account_id.eq(account))
        .filter(bank_event::grade.eq(ProofGrade::Statement))
        .filter(bank_event::provider_event_id.eq_any(ids))
        .select(bank_event::provider_event_id);
    Ok(query.load(conn)?)
}

/// Movements of an account of one amount and way, booked in a span of time, in the order in which they were told.
pub fn list_like(
    conn: &mut Conn,
    account: &BankAccountId,
    (amount, direction): (Money, Direction),
    (from, until): (At, At),
) -> StoreResult<Vec<BankEvent>> {
    let query = bank_event::table
        .filter(bank_event::bank_account_id.eq(account))
        .filter(bank_event::amount_vnd.eq(amount))
        .filter(bank_event::direction.eq(direction))
        .filter(bank_event::booked_at.ge(from))
        .filter(bank_event::booked_at.lt(until))
        .order((bank_event::received_at, bank_event::id));
    Ok(query.select(BankEvent::as_select()).load(conn)?)
}

/// All movements of an account booked in a span of time, by time.
pub fn list_between(
    conn: &mut Conn,
    account: &BankAccountId,
    (from, until): (At, At),
    most: i64,
) -> StoreResult<Vec<BankEvent>> {
    let query = bank_event::table
        .filter(bank_event::bank_account_id.eq(account))
        .filter(bank_event::booked_at.ge(from))
        .filter(bank_event::booked_at.lt(until))
        .order((bank_event::booked_at, bank_event::id))
        .limit(most);
    Ok(query.select(BankEvent::as_select()).load(conn)?)
}

pub fn insert_same(conn: &mut Conn, row: &SameMoney) -> StoreResult<()> {
    diesel::insert_into(same_money::table).values(row).execute(conn)?;
    Ok(())
}

/// Which of these events repeat another, and which (at most 500).
pub fn list_same(conn: &mut Conn, events: &[BankEventId]) -> StoreResult<Vec<SameMoney>> {
    let query = same_money::table.filter(same_money::bank_event_id.eq_any(events));
    Ok(query.select(SameMoney::as_select()).load(conn)?)
}

pub fn insert_balance(conn: &mut Conn, row: &BankBalance) -> StoreResult<()> {
    diesel::insert_into(bank_balance::table).values(row).execute(conn)?;
    Ok(())
}

/// Balances right after these events, where banks said them (at most 500).
pub fn list_balances(conn: &mut Conn, events: &[BankEventId]) -> StoreResult<Vec<BankBalance>> {
    let query = bank_balance::table.filter(bank_balance::bank_event_id.eq_any(events));
    Ok(query.select(BankBalance::as_select()).load(conn)?)
}
