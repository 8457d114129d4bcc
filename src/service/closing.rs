//! Closing a period of the books, and the numbers of the cooperative's own chart of accounts. A closed period is kept beside the
//! entries: entries are never changed and always dated by the day they are written, so it says what its reports will always say, and
//! `ganh verify` holds it against them. A mistake found later is an entry of the running month.

use super::books::{lines_of, may_read};
use super::draw::Draw;
use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::selling::names_of;
use super::who::Seller;
use crate::domain::books::{Month, beginning, read_code};
use crate::domain::id::{BooksClosingId, CooperativeId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::time::{At, Day};
use crate::store::books::{BooksClosing, ChartCode, ClosingLine};
use crate::store::ledger::Side;
use crate::store::{self, Conn};
use std::collections::{BTreeMap, HashMap};

/// When and by whom a month's books were closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub at: At,
    pub by: String,
    /// Up to and with this day.
    pub last: Day,
}

/// How a month stands before it is closed.
#[derive(Debug, Clone)]
pub struct BeforeClosing {
    pub closed: Option<Closed>,
    /// Why it cannot be closed now.
    pub refusal: Option<Refusal>,
    /// The first day that closing would take along: earlier months that are open go with it.
    pub from: Day,
    /// Money of the people's list, not yet decided.
    pub waiting_cases: i64,
    /// What stands at the month's end and will be asked about: money of nobody, owed back, still to come.
    pub open: Vec<(LedgerKind, Money)>,
}

/// Whether and with what open questions a month can be closed.
///
/// # Errors
/// `Forbidden` without the accountant's or the manager's role.
pub async fn look_before_closing(kit: &Kit, seller: &Seller, month: Month) -> ServiceResult<BeforeClosing> {
    may_read(seller)?;
    let (cooperative, now) = (seller.cooperative.clone(), kit.now());
    kit.db
        .read(move |conn| {
            let last = store::books::find_last_closing(conn, &cooperative)?;
            let closed = closed_of(conn, &cooperative, month)?;
            let asks =
                |kind: &LedgerKind| !matches!(kind, LedgerKind::Bank | LedgerKind::Revenue | LedgerKind::Shipping);
            let lines = lines_of(conn, &cooperative, month)?;
            Ok(BeforeClosing {
                refusal: month.may_close(last.as_ref().map(|last| last.last_day), now).err(),
                from: first_open_day(last.as_ref(), month),
                waiting_cases: store::bank::count_open_cases(conn, &cooperative)?,
                open: lines
                    .into_iter()
                    .filter(|line| asks(&line.kind) && line.closing != Money::ZERO)
                    .map(|line| (line.kind, line.closing))
                    .collect(),
                closed,
            })
        })
        .await
}

/// When a month was closed, if it was.
///
/// # Errors
/// As `look_before_closing`.
pub async fn find_closed(kit: &Kit, seller: &Seller, month: Month) -> ServiceResult<Option<Closed>> {
    may_read(seller)?;
    let cooperative = seller.cooperative.clone();
    kit.db.read(move |conn| closed_of(conn, &cooperative, month)).await
}

fn closed_of(conn: &mut Conn, cooperative: &CooperativeId, month: Month) -> Result<Option<Closed>, ServiceError> {
    let Some(closing) = store::books::find_closing_of(conn, cooperative, month.last)? else { return Ok(None) };
    let names = names_of(conn, vec![closing.by_account_id.clone()])?;
    let by = names.get(&closing.by_account_id).cloned().unwrap_or_default();
    Ok(Some(Closed { at: closing.at, by, last: closing.last_day }))
}

fn first_open_day(last: Option<&BooksClosing>, month: Month) -> Day {
    last.map(|last| last.last_day.plus_days(1)).or_else(beginning).unwrap_or(month.first)
}

/// «Khóa sổ»: up to and with the last day of a month. Pressed twice, by two people or at once, it is closed once.
///
/// # Errors
/// `Changed` when it is closed already, `Refused` while the month runs.
pub async fn close_books(kit: &Kit, seller: &Seller, month: Month) -> ServiceResult<()> {
    may_read(seller)?;
    let (draw, seller) = (Draw::new(kit), seller.clone());
    kit.db
        .write(move |conn| {
            let (run, cooperative) = (draw.fresh(), &seller.cooperative);
            store::cooperative::lock_of(conn, std::slice::from_ref(cooperative))?;
            let last = store::books::find_last_closing(conn, cooperative)?;
            let closed = last.as_ref().map(|last| last.last_day);
            month.may_close(closed, run.now).map_err(|refusal| match closed {
                Some(closed) if closed >= month.last => ServiceError::changed(refusal),
                _ => ServiceError::refused(refusal),
            })?;
            let closing = BooksClosing {
                id: BooksClosingId::new(run.now, run.ten()),
                cooperative_id: cooperative.clone(),
                first_day: first_open_day(last.as_ref(), month),
                last_day: month.last,
                at: run.now,
                by_account_id: seller.account.clone(),
            };
            let before = match &last {
                Some(last) => store::books::list_closing_lines(conn, &last.id)?,
                None => Vec::new(),
            };
            let lines = closing_lines(conn, &closing, &before)?;
            Ok(store::books::insert_closing(conn, &closing, &lines)?)
        })
        .await
}

fn closing_lines(
    conn: &mut Conn,
    closing: &BooksClosing,
    before: &[ClosingLine],
) -> Result<Vec<ClosingLine>, ServiceError> {
    let mut moved = |side: Side| -> Result<HashMap<LedgerKind, Money>, ServiceError> {
        let (from, until) = (closing.first_day, closing.last_day);
        Ok(store::ledger::list_turnover(conn, &closing.cooperative_id, from, until, side)?.into_iter().collect())
    };
    let (debits, credits) = (moved(Side::Debit)?, moved(Side::Credit)?);
    let line = |kind: &LedgerKind| {
        let sum = |of: &HashMap<LedgerKind, Money>| of.get(kind).copied().unwrap_or_default();
        let stood = before.iter().find(|line| line.kind == *kind).map(|line| line.closing_vnd).unwrap_or_default();
        let (debit, credit) = (sum(&debits), sum(&credits));
        Ok(ClosingLine {
            books_closing_id: closing.id.clone(),
            kind: *kind,
            cooperative_id: closing.cooperative_id.clone(),
            debit_vnd: debit,
            credit_vnd: credit.negated()?,
            closing_vnd: stood.plus(debit)?.plus(credit)?,
        })
    };
    LedgerKind::ALL.iter().map(line).collect()
}

/// The numbers of the cooperative's chart, by ledger account.
///
/// # Errors
/// `Forbidden` without the accountant's or the manager's role.
pub async fn list_codes(kit: &Kit, seller: &Seller) -> ServiceResult<BTreeMap<LedgerKind, String>> {
    may_read(seller)?;
    let cooperative = seller.cooperative.clone();
    let rows = kit.db.read(move |conn| Ok::<_, ServiceError>(store::books::list_codes(conn, &cooperative)?)).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.code)).collect())
}

/// «Lưu số tài khoản»: replaces them all; an empty one is none.
///
/// # Errors
/// `Refused` naming each that cannot be a number of a chart.
pub async fn put_codes(kit: &Kit, seller: &Seller, typed: &BTreeMap<LedgerKind, String>) -> ServiceResult<()> {
    may_read(seller)?;
    let (mut codes, mut refusals) = (Vec::new(), Vec::new());
    for (kind, text) in typed {
        match read_code(*kind, text) {
            Ok(Some(code)) => codes.push(ChartCode {
                cooperative_id: seller.cooperative.clone(),
                kind: *kind,
                code,
                set_at: kit.now(),
                set_by: seller.account.clone(),
            }),
            Ok(None) => {}
            Err(refusal) => refusals.push(refusal),
        }
    }
    if !refusals.is_empty() {
        return Err(ServiceError::Refused(refusals));
    }
    let cooperative = seller.cooperative.clone();
    kit.db
        .write(move |conn| {
            store::cooperative::lock_of(conn, std::slice::from_ref(&cooperative))?;
            Ok::<_, ServiceError>(store::books::put_codes(conn, &cooperative, &codes)?)
        })
        .await
}
