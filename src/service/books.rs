//! The cooperative's books as its accountant takes them along: per ledger account what stood, came and went in a month, and every
//! entry with its lines. Reads only; entries are written where money moves (`posting`), in double entry and never changed.

use super::error::ServiceError;
use super::kit::Kit;
use super::selling::names_of;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::books::{Month, beginning};
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, CooperativeId, JournalId, OrderId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::time::Day;
use crate::store::ledger::{Journal, Posting, Side};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Journals of one read.
const CHUNK: i64 = 500;

/// One ledger account in a month. Debit is positive in `opening` and `closing`; `debit` and `credit` are both above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    pub kind: LedgerKind,
    pub opening: Money,
    pub debit: Money,
    pub credit: Money,
    pub closing: Money,
}

/// One entry with its lines.
#[derive(Debug, Clone)]
pub struct Entry {
    pub journal: Journal,
    pub order: Option<OrderCode>,
    pub by: Option<String>,
    /// What the bank wrote, of money that came or went.
    pub memo: Option<String>,
    pub lines: Vec<(LedgerKind, Money)>,
}

pub(super) fn may_read(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Accountant) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// What stood, came and went on each account in a month.
///
/// # Errors
/// `Forbidden` without the accountant's or the manager's role.
pub async fn show_books(kit: &Kit, seller: &Seller, month: Month) -> Result<Vec<AccountLine>, ServiceError> {
    may_read(seller)?;
    let cooperative = seller.cooperative.clone();
    kit.db.read(move |conn| lines_of(conn, &cooperative, month)).await
}

pub(super) fn lines_of(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    month: Month,
) -> Result<Vec<AccountLine>, ServiceError> {
    // What stood before a month is everything since then.
    let beginning = beginning().unwrap_or(month.first);
    let mut turnover = |from: Day, until: Day, side: Side| -> Result<HashMap<LedgerKind, Money>, ServiceError> {
        Ok(store::ledger::list_turnover(conn, cooperative, from, until, side)?.into_iter().collect())
    };
    let before = month.first.plus_days(-1);
    let (came, went) = (turnover(beginning, before, Side::Debit)?, turnover(beginning, before, Side::Credit)?);
    let (debits, credits) =
        (turnover(month.first, month.last, Side::Debit)?, turnover(month.first, month.last, Side::Credit)?);
    let line = |kind: &LedgerKind| {
        let sum = |of: &HashMap<LedgerKind, Money>| of.get(kind).copied().unwrap_or_default();
        let opening = sum(&came).plus(sum(&went))?;
        let (debit, credit) = (sum(&debits), sum(&credits));
        let closing = opening.plus(debit)?.plus(credit)?;
        Ok(AccountLine { kind: *kind, opening, debit, credit: credit.negated()?, closing })
    };
    LedgerKind::ALL.iter().map(line).collect()
}

/// Every entry of a month, in the order in which they were written. Read in chunks, so that no connection is held long.
///
/// # Errors
/// As `show_books`.
pub async fn list_entries(kit: &Kit, seller: &Seller, month: Month) -> Result<Vec<Entry>, ServiceError> {
    may_read(seller)?;
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let (cooperative, after) = (seller.cooperative.clone(), all.last().map(|entry| entry.journal.id.clone()));
        let chunk = kit.db.read(move |conn| entries_of(conn, &cooperative, month, after.as_ref())).await?;
        let is_last = chunk.len() < usize::try_from(CHUNK).unwrap_or(usize::MAX);
        all.extend(chunk);
        if is_last {
            return Ok(all);
        }
    }
}

fn entries_of(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    month: Month,
    after: Option<&JournalId>,
) -> Result<Vec<Entry>, ServiceError> {
    let journals = store::ledger::list_journals(conn, cooperative, month.first, month.last, after, CHUNK)?;
    let ids: Vec<JournalId> = journals.iter().map(|journal| journal.id.clone()).collect();
    let mut lines: HashMap<JournalId, Vec<Posting>> = HashMap::new();
    for posting in store::ledger::list_postings(conn, &ids)? {
        lines.entry(posting.journal_id.clone()).or_default().push(posting);
    }
    let mut orders: Vec<OrderId> = journals.iter().filter_map(|journal| journal.order_id.clone()).collect();
    orders.sort();
    orders.dedup();
    let codes: HashMap<OrderId, OrderCode> =
        store::order::list_of(conn, &orders)?.into_iter().map(|order| (order.id, order.code)).collect();
    let people: Vec<AccountId> = journals.iter().filter_map(|journal| journal.by_account_id.clone()).collect();
    let names = names_of(conn, people)?;
    let events: Vec<_> = journals.iter().filter_map(|journal| journal.bank_event_id.clone()).collect();
    let memos: HashMap<_, String> =
        store::bank::list_events_by_id(conn, &events)?.into_iter().map(|event| (event.id, event.memo)).collect();
    let entry = |journal: Journal| Entry {
        order: journal.order_id.as_ref().and_then(|id| codes.get(id).cloned()),
        by: journal.by_account_id.as_ref().and_then(|id| names.get(id).cloned()),
        memo: journal.bank_event_id.as_ref().and_then(|id| memos.get(id).cloned()),
        lines: lines
            .remove(&journal.id)
            .unwrap_or_default()
            .into_iter()
            .map(|line| (line.kind, line.amount_vnd))
            .collect(),
        journal,
    };
    Ok(journals.into_iter().map(entry).collect())
}
