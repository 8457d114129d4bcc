//! Closed periods of the books, and the numbers of a cooperative's own chart of accounts.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{books_closing, books_closing_line, chart_code};
use crate::domain::id::{AccountId, BooksClosingId, CooperativeId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = books_closing, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct BooksClosing {
    pub id: BooksClosingId,
    pub cooperative_id: CooperativeId,
    pub first_day: Day,
    pub last_day: Day,
    pub at: At,
    pub by_account_id: AccountId,
}

/// Debit and credit both above zero; `closing_vnd` is positive where debit outweighs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = books_closing_line, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ClosingLine {
    pub books_closing_id: BooksClosingId,
    pub kind: LedgerKind,
    pub cooperative_id: CooperativeId,
    pub debit_vnd: Money,
    pub credit_vnd: Money,
    pub closing_vnd: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = chart_code, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ChartCode {
    pub cooperative_id: CooperativeId,
    pub kind: LedgerKind,
    pub code: String,
    pub set_at: At,
    pub set_by: AccountId,
}

pub fn insert_closing(conn: &mut Conn, row: &BooksClosing, lines: &[ClosingLine]) -> StoreResult<()> {
    diesel::insert_into(books_closing::table).values(row).execute(conn)?;
    for line in lines {
        diesel::insert_into(books_closing_line::table).values(line).execute(conn)?;
    }
    Ok(())
}

/// The last period that a cooperative has closed.
pub fn find_last_closing(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Option<BooksClosing>> {
    let query = books_closing::table
        .filter(books_closing::cooperative_id.eq(cooperative))
        .order(books_closing::last_day.desc())
        .limit(1)
        .select(BooksClosing::as_select());
    Ok(query.load(conn)?.pop())
}

/// The closing that a day belongs to.
pub fn find_closing_of(conn: &mut Conn, cooperative: &CooperativeId, day: Day) -> StoreResult<Option<BooksClosing>> {
    let query = books_closing::table
        .filter(books_closing::cooperative_id.eq(cooperative))
        .filter(books_closing::last_day.ge(day))
        .order(books_closing::last_day)
        .limit(1)
        .select(BooksClosing::as_select());
    Ok(query.load(conn)?.pop())
}

pub fn list_closing_lines(conn: &mut Conn, closing: &BooksClosingId) -> StoreResult<Vec<ClosingLine>> {
    let query = books_closing_line::table.filter(books_closing_line::books_closing_id.eq(closing));
    Ok(query.order(books_closing_line::kind).select(ClosingLine::as_select()).load(conn)?)
}

/// Closings of every cooperative, by id: for the check.
pub fn list_closings(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<BooksClosing>> {
    let query = books_closing::table.filter(books_closing::id.gt(after)).order(books_closing::id).limit(most);
    Ok(query.select(BooksClosing::as_select()).load(conn)?)
}

pub fn list_codes(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<ChartCode>> {
    let query = chart_code::table.filter(chart_code::cooperative_id.eq(cooperative)).order(chart_code::kind);
    Ok(query.select(ChartCode::as_select()).load(conn)?)
}

/// Replaces all numbers of a cooperative's chart.
pub fn put_codes(conn: &mut Conn, cooperative: &CooperativeId, codes: &[ChartCode]) -> StoreResult<()> {
    diesel::delete(chart_code::table.filter(chart_code::cooperative_id.eq(cooperative))).execute(conn)?;
    for code in codes {
        diesel::insert_into(chart_code::table).values(code).execute(conn)?;
    }
    Ok(())
}
