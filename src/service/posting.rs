//! Journals: writes the lines that `domain::ledger` made, and reads where an order's money stands.

use super::draw::Run;
use super::error::ServiceError;
use super::owing::follow_debt;
use super::telling::owe_link;
use crate::domain::id::{AccountId, BankEventId, CooperativeId, JournalId, LedgerAccountId, OrderId, PostingId};
use crate::domain::ledger::{JournalKind, LedgerKind, Line, OrderBalance, balance_of};
use crate::domain::money::Money;
use crate::failpoint::{self, Failpoint};
use crate::store::{self, Conn, StoreError};
use std::collections::HashMap;

/// What a journal is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub cooperative: &'a CooperativeId,
    pub kind: JournalKind,
    pub order: Option<&'a OrderId>,
    pub event: Option<&'a BankEventId>,
    pub by: Option<&'a AccountId>,
    pub note: Option<&'a str>,
    pub reverses: Option<&'a JournalId>,
}

/// Gives a new cooperative one ledger account of each kind.
pub fn open_books(conn: &mut Conn, run: &Run, cooperative: &CooperativeId) -> Result<(), ServiceError> {
    for kind in LedgerKind::ALL {
        let id = LedgerAccountId::new(run.now, run.ten());
        let row = store::ledger::LedgerAccount { id, cooperative_id: cooperative.clone(), kind: *kind };
        store::ledger::insert_account(conn, &row)?;
    }
    Ok(())
}

/// Writes one journal. Lines that do not balance are a fault of ours and write nothing.
pub fn post(conn: &mut Conn, run: &Run, about: About<'_>, lines: &[Line]) -> Result<Option<JournalId>, ServiceError> {
    if lines.is_empty() {
        return Ok(None);
    }
    if Money::sum(lines.iter().map(|line| line.amount))? != Money::ZERO {
        return Err(ServiceError::broken("a journal that does not balance"));
    }
    let accounts: HashMap<LedgerKind, LedgerAccountId> = store::ledger::list_accounts(conn, about.cooperative)?
        .into_iter()
        .map(|account| (account.kind, account.id))
        .collect();
    let journal = JournalId::new(run.now, run.ten());
    store::ledger::insert_journal(
        conn,
        &store::ledger::Journal {
            id: journal.clone(),
            cooperative_id: about.cooperative.clone(),
            kind: about.kind,
            order_id: about.order.cloned(),
            bank_event_id: about.event.cloned(),
            reverses: about.reverses.cloned(),
            by_account_id: about.by.cloned(),
            note: about.note.map(str::to_owned),
            at: run.now,
            day: run.now.day(),
        },
    )?;
    for line in lines {
        store::ledger::insert_posting(
            conn,
            &store::ledger::Posting {
                id: PostingId::new(run.now, run.ten()),
                cooperative_id: about.cooperative.clone(),
                journal_id: journal.clone(),
                ledger_account_id: accounts.get(&line.kind).cloned().ok_or(StoreError::NotFound)?,
                kind: line.kind,
                order_id: line.order.clone(),
                amount_vnd: line.amount,
            },
        )?;
        failpoint::pass(Failpoint::JournalHalf);
    }
    if let Some(order) = about.order {
        owe_link(conn, run, order)?;
    }
    let owes = lines.iter().find(|line| line.kind == LedgerKind::RefundsDue).and_then(|line| line.order.as_ref());
    if let Some(order) = owes {
        let owed = balance(conn, order)?.refund_due;
        follow_debt(conn, run, about.cooperative, order, owed)?;
    }
    Ok(Some(journal))
}

/// Where the money of orders stands; an order without postings has a balance of nothing.
pub fn balances(conn: &mut Conn, orders: &[OrderId]) -> Result<HashMap<OrderId, OrderBalance>, ServiceError> {
    let mut lines: HashMap<OrderId, Vec<(LedgerKind, Money)>> = HashMap::new();
    let mut refunded: HashMap<OrderId, Money> = HashMap::new();
    for chunk in orders.chunks(500) {
        for (order, _, amount) in store::ledger::list_refunds(conn, chunk)? {
            let sum = refunded.entry(order).or_default();
            *sum = sum.minus(amount)?;
        }
        for (order, kind, amount) in store::ledger::list_sums(conn, chunk)? {
            lines.entry(order).or_default().push((kind, amount));
        }
    }
    let mut out = HashMap::new();
    for order in orders {
        let mut balance = balance_of(lines.remove(order).unwrap_or_default())?;
        // Only the journals know a refund from a mistake that was taken back.
        balance.refunded = refunded.remove(order).unwrap_or_default();
        out.insert(order.clone(), balance);
    }
    Ok(out)
}

/// Where the money of one order stands.
pub fn balance(conn: &mut Conn, order: &OrderId) -> Result<OrderBalance, ServiceError> {
    Ok(balances(conn, std::slice::from_ref(order))?.remove(order).unwrap_or_default())
}
