//! Closed periods of the books beside the entries that they were made of.

use super::Checked;
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::store::books::{BooksClosing, ClosingLine, list_closing_lines, list_closings};
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::ledger::{Side, list_turnover};
use crate::store::schema::books_closing;
use diesel::prelude::*;

/// A closing, the one before it, and what the entries of its days say today.
#[derive(Debug, Clone)]
pub struct ClosingSums {
    pub closing: BooksClosing,
    pub lines: Vec<ClosingLine>,
    pub before: Vec<ClosingLine>,
    pub debits: Vec<(LedgerKind, Money)>,
    pub credits: Vec<(LedgerKind, Money)>,
}

impl Checked for ClosingSums {
    fn key(&self) -> String {
        self.closing.id.to_string()
    }
}

impl ClosingSums {
    pub fn trouble(&self) -> Option<String> {
        let of = |sums: &[(LedgerKind, Money)], kind: LedgerKind| {
            sums.iter().find(|(of, _)| *of == kind).map(|(_, sum)| *sum).unwrap_or_default()
        };
        let wrong = LedgerKind::ALL.iter().find(|kind| {
            let line = self.lines.iter().find(|line| line.kind == **kind);
            let (debit, credit) = (of(&self.debits, **kind), of(&self.credits, **kind));
            // An account that was opened after this closing has no line in it, and nothing to say.
            let Some(line) = line else { return debit != Money::ZERO || credit != Money::ZERO };
            let stood =
                self.before.iter().find(|line| line.kind == **kind).map(|line| line.closing_vnd).unwrap_or_default();
            let closing = stood.plus(debit).and_then(|sum| sum.plus(credit));
            line.debit_vnd != debit || credit.negated() != Ok(line.credit_vnd) || closing != Ok(line.closing_vnd)
        });
        let (closing, last) = (&self.closing, self.closing.last_day);
        wrong.map(|kind| format!("closing {} up to {last} says otherwise than its entries on {kind}", closing.id))
    }
}

pub fn list_closing_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<ClosingSums>> {
    let mut out = Vec::new();
    for closing in list_closings(conn, after, most)? {
        let mine = &closing.cooperative_id;
        let before: Option<BooksClosing> = books_closing::table
            .filter(books_closing::cooperative_id.eq(mine).and(books_closing::last_day.lt(closing.first_day)))
            .order(books_closing::last_day.desc())
            .limit(1)
            .select(BooksClosing::as_select())
            .load(conn)?
            .pop();
        let before = match before {
            Some(before) => list_closing_lines(conn, &before.id)?,
            None => Vec::new(),
        };
        out.push(ClosingSums {
            lines: list_closing_lines(conn, &closing.id)?,
            before,
            debits: list_turnover(conn, mine, closing.first_day, closing.last_day, Side::Debit)?,
            credits: list_turnover(conn, mine, closing.first_day, closing.last_day, Side::Credit)?,
            closing,
        });
    }
    Ok(out)
}
