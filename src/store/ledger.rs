//! The ledger: journals and postings, and sums over them.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{journal, ledger_account, posting};
use crate::domain::id::{AccountId, BankEventId, CooperativeId, JournalId, LedgerAccountId, OrderId, PostingId};
use crate::domain::ledger::{JournalKind, LedgerKind};
use crate::domain::money::Money;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_account, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct LedgerAccount {
    pub id: LedgerAccountId,
    pub cooperative_id: CooperativeId,
    pub kind: LedgerKind,
}

/// One balanced entry.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Journal {
    pub id: JournalId,
    pub cooperative_id: CooperativeId,
    pub kind: JournalKind,
    pub order_id: Option<OrderId>,
    pub bank_event_id: Option<BankEventId>,
    pub reverses: Option<JournalId>,
    pub by_account_id: Option<AccountId>,
    pub note: Option<String>,
    pub at: At,
    pub day: Day,
}

/// Debit is positive; the postings of a journal add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = posting, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Posting {
    pub id: PostingId,
    pub cooperative_id: CooperativeId,
    pub journal_id: JournalId,
    pub ledger_account_id: LedgerAccountId,
    /// Of its account, for sums without a join.
    pub kind: LedgerKind,
    pub order_id: Option<OrderId>,
    pub amount_vnd: Money,
}

pub fn insert_account(conn: &mut Conn, row: &LedgerAccount) -> StoreResult<()> {
    diesel::insert_into(ledger_account::table).values(row).execute(conn)?;
    Ok(())
}

/// The accounts of a cooperative; it has one of each kind from its first day.
pub fn list_accounts(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<LedgerAccount>> {
    let query =
        ledger_account::table.filter(ledger_account::cooperative_id.eq(cooperative)).order(ledger_account::kind);
    Ok(query.select(LedgerAccount::as_select()).load(conn)?)
}

pub fn insert_journal(conn: &mut Conn, row: &Journal) -> StoreResult<()> {
    diesel::insert_into(journal::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_posting(conn: &mut Conn, row: &Posting) -> StoreResult<()> {
    diesel::insert_into(posting::table).values(row).execute(conn)?;
    Ok(())
}

/// Sums per order and kind: what `OrderBalance` is made of. At most 500 orders.
pub fn list_sums(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<(OrderId, LedgerKind, Money)>> {
    // Each posting is loaded, not SUM(): an order has a handful, and the sum is then checked in Rust on both engines.
    let query = posting::table
        .filter(posting::order_id.eq_any(orders))
        .select((posting::order_id.assume_not_null(), posting::kind, posting::amount_vnd))
        .order(posting::id);
    Ok(query.load(conn)?)
}

/// What went back to the buyers of orders (at most 500), and out of what: the bank and cash lines of refunds, as they were posted
/// (negative). A mistake taken back moves money out of the books too, and is no refund.
pub fn list_refunds(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<(OrderId, LedgerKind, Money)>> {
    let query = posting::table
        .inner_join(journal::table)
        .filter(posting::order_id.eq_any(orders))
        .filter(posting::kind.eq_any([LedgerKind::Bank, LedgerKind::Cash]))
        .filter(journal::kind.eq(JournalKind::Refund))
        .select((posting::order_id.assume_not_null(), posting::kind, posting::amount_vnd))
        .order(posting::id);
    Ok(query.load(conn)?)
}

/// Waiting money that people gave to orders (at most 500), a row for each part: order, movement, how much of it.
pub fn list_assigned(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<(OrderId, BankEventId, Money)>> {
    let query = posting::table
        .inner_join(journal::table)
        .filter(posting::order_id.eq_any(orders))
        .filter(posting::kind.eq(LedgerKind::Unmatched))
        .filter(journal::bank_event_id.is_not_null())
        .select((posting::order_id.assume_not_null(), journal::bank_event_id.assume_not_null(), posting::amount_vnd))
        .order(posting::id);
    Ok(query.load(conn)?)
}

pub fn list_journals_of_event(conn: &mut Conn, event: &BankEventId) -> StoreResult<Vec<Journal>> {
    let query = journal::table.filter(journal::bank_event_id.eq(event)).order(journal::id);
    Ok(query.select(Journal::as_select()).load(conn)?)
}

pub fn list_postings(conn: &mut Conn, journals: &[JournalId]) -> StoreResult<Vec<Posting>> {
    let query = posting::table.filter(posting::journal_id.eq_any(journals)).order((posting::journal_id, posting::id));
    Ok(query.select(Posting::as_select()).load(conn)?)
}

/// Which side of an account a posting stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Debit,
    Credit,
}

/// What journals of the days `from` to `until` moved on one side of each account of a cooperative; credits are negative.
pub fn list_turnover(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    from: Day,
    until: Day,
    side: Side,
) -> StoreResult<Vec<(LedgerKind, Money)>> {
    use diesel::dsl::sql;
    use diesel::sql_types::{BigInt, Bool};
    let is_there = match side {
        Side::Debit => "posting.amount_vnd > 0",
        Side::Credit => "posting.amount_vnd < 0",
    };
    let query = posting::table
        .inner_join(journal::table)
        .filter(journal::cooperative_id.eq(cooperative))
        .filter(journal::day.between(from, until))
        .filter(sql::<Bool>(is_there))
        .group_by(posting::kind)
        // Without the cast a server sums to a number of another type.
        .select((posting::kind, sql::<BigInt>("CAST(SUM(posting.amount_vnd) AS BIGINT)")));
    Ok(query.load(conn)?)
}

/// Journals of the days `from` to `until`, in the order in which they were written, at most `most` after `after`.
pub fn list_journals(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    from: Day,
    until: Day,
    after: Option<&JournalId>,
    most: i64,
) -> StoreResult<Vec<Journal>> {
    let query = journal::table
        .filter(journal::cooperative_id.eq(cooperative))
        .filter(journal::day.between(from, until))
        .filter(journal::id.gt(after.map_or("", JournalId::as_text)))
        .order(journal::id)
        .limit(most);
    Ok(query.select(Journal::as_select()).load(conn)?)
}

/// Orders of a cooperative whose goods were handed over and not all paid for: what stands on its receivable, at most `most`.
pub fn list_owing(conn: &mut Conn, receivable: &LedgerAccountId, most: i64) -> StoreResult<Vec<OrderId>> {
    let query = posting::table
        .filter(posting::ledger_account_id.eq(receivable))
        .filter(posting::order_id.is_not_null())
        .group_by(posting::order_id)
        .having(diesel::dsl::sql::<diesel::sql_types::Bool>("SUM(posting.amount_vnd) > 0"))
        .select(posting::order_id.assume_not_null())
        .order(posting::order_id)
        .limit(most);
    Ok(query.load(conn)?)
}
