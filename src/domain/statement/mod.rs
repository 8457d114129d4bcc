//! A bank statement as a table of text, read into movements: whichever bank wrote it, whichever program saved it. Every row that
//! speaks of money is read, or kept with its line and the reason; titles, sums and footers are passed over. Pure; knows no file
//! format and no order. Columns and their names: the exports that public importers know (Vietcombank's bilingual one first).

mod cell;
mod check;
mod header;
#[cfg(test)]
mod tests;

pub use check::{Checked, check};

use super::bank_message::{BankMessage, Direction};
use super::money::Money;
use super::text::fold::fold;
use super::time::Day;
use header::Columns;

/// Rows above which no header is looked for any more.
const TITLE_ROWS: usize = 80;
/// Letters of a row that are kept to show it.
const MOST_SHOWN: usize = 120;

/// A row of a table: its number in the file, from 1, and its cells as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    pub line: u32,
    pub cells: Vec<String>,
}

impl Row {
    fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.cells.get(column)).map_or("", |text| text.trim())
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    fn shown(&self) -> String {
        let cells: Vec<String> = self.cells.iter().map(|cell| one_line(cell)).filter(|cell| !cell.is_empty()).collect();
        cells.join(" · ").chars().take(MOST_SHOWN).collect()
    }
}

/// White space of any kind and length as one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One movement of a statement.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    /// In the file, from 1.
    pub line: u32,
    pub day: Day,
    /// Minutes since midnight, when the bank says a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minute: Option<i64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc_no: String,
    pub direction: Direction,
    /// Positive whichever way it went.
    pub amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Money>,
    pub text: String,
    /// How many movements of this file, up to this one, look exactly alike: two of the same are two, the same twice is one.
    pub nth: u32,
}

impl Line {
    /// Positive for money in, negative for money out.
    pub fn signed(&self) -> Money {
        match self.direction {
            Direction::In => self.amount,
            Direction::Out => self.amount.negated().unwrap_or_default(),
        }
    }

    /// What makes it itself on its account, whatever file it stands in: day, number, sums, balance, which of the alike. Where the
    /// bank writes no balance, two payments of one sum on one day differ in their letters only.
    pub fn identity(&self) -> String {
        let tells_apart = match self.balance {
            Some(balance) => balance.vnd().to_string(),
            None => fold(&self.text).chars().filter(char::is_ascii_alphanumeric).collect(),
        };
        let doc_no = one_line(&self.doc_no);
        format!("{}|{doc_no}|{}|{}|{tells_apart}|{}", self.day, self.direction, self.amount.vnd(), self.nth)
    }

    /// The same as a bank's message, under an id of the caller's making.
    pub fn as_message(&self, id: String) -> BankMessage {
        BankMessage {
            provider_event_id: id,
            direction: self.direction,
            amount: self.amount,
            memo: self.text.clone(),
            description: String::new(),
            reference_code: self.doc_no.clone(),
            account_number: String::new(),
            virtual_account: None,
            counter_name: None,
            counter_account: None,
            link_number: None,
            balance_after: self.balance,
            booked_at: self.day.at_minute(self.minute.unwrap_or(0)),
            stale: false,
            ping: false,
        }
    }
}

/// Why a row with money in it could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    NoDay,
    BadDay,
    BadAmount,
    NoAmount,
    TwoAmounts,
}

impl Why {
    /// The end of the sentence's key: `statement-why-…`.
    pub const fn word(self) -> &'static str {
        match self {
            Why::NoDay => "no-day",
            Why::BadDay => "bad-day",
            Why::BadAmount => "bad-amount",
            Why::NoAmount => "no-amount",
            Why::TwoAmounts => "two-amounts",
        }
    }
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Unreadable {
    pub line: u32,
    pub why: Why,
    pub shown: String,
}

/// Everything that a table said, the oldest movement first.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Statement {
    pub lines: Vec<Line>,
    pub unreadable: Vec<Unreadable>,
    /// As the bank writes them, when it does.
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    /// The account that the title names, digits only.
    pub account: Option<String>,
}

impl Statement {
    /// Whether the title names another account than this one. Banks write leading zeros and branches differently.
    pub fn is_of_another(&self, number: &str) -> bool {
        let digits: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
        self.account.as_ref().is_some_and(|named| !named.ends_with(&digits) && !digits.ends_with(named.as_str()))
    }
}

/// Why a table is no statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAStatement {
    #[error("no row names a day, an amount and what it was for")]
    NoHeader,
    #[error("there is not one movement in it")]
    Empty,
}

/// Whether a table has a row that names the columns of a statement.
pub fn has_header(rows: &[Row]) -> bool {
    find_header(rows).is_some()
}

fn find_header(rows: &[Row]) -> Option<(usize, Columns)> {
    rows.iter().take(TITLE_ROWS).enumerate().find_map(|(at, row)| Columns::of(row).map(|columns| (at, columns)))
}

/// Reads a table.
///
/// # Errors
/// When no header is found, or nothing in it speaks of money.
pub fn read(rows: &[Row]) -> Result<Statement, NotAStatement> {
    let (at, columns) = find_header(rows).ok_or(NotAStatement::NoHeader)?;
    let (titles, below) = rows.split_at(at);
    let mut found = Statement {
        lines: Vec::new(),
        unreadable: Vec::new(),
        opening: None,
        closing: None,
        account: header::account_named(titles),
    };
    for row in below.iter().skip(1).filter(|row| !row.is_blank()) {
        match read_row(row, &columns) {
            Read::Movement(line) => found.lines.push(line),
            Read::Unreadable(why) => found.unreadable.push(Unreadable { line: row.line, why, shown: row.shown() }),
            Read::Opening(balance) => found.opening = found.opening.or(Some(balance)),
            Read::Closing(balance) => found.closing = Some(balance),
            Read::PassedOver => {}
        }
    }
    if found.lines.is_empty() && found.unreadable.is_empty() {
        return Err(NotAStatement::Empty);
    }
    check::oldest_first(&mut found.lines);
    number_the_alike(&mut found.lines);
    Ok(found)
}

enum Read {
    Movement(Line),
    Unreadable(Why),
    Opening(Money),
    Closing(Money),
    PassedOver,
}

fn read_row(row: &Row, columns: &Columns) -> Read {
    let day_text = row.cell(Some(columns.day));
    let sums = columns.amount_of(row);
    let day = match cell::day(day_text) {
        Some(day) => day,
        None => return not_a_movement(row, columns, day_text),
    };
    let balance = cell::amount(row.cell(columns.balance)).ok().flatten();
    match sums {
        Err(why) => Read::Unreadable(why),
        Ok(None) => match (sum_word(row), balance) {
            (Some(Word::Opening), Some(balance)) => Read::Opening(balance),
            (Some(Word::Closing), Some(balance)) => Read::Closing(balance),
            _ => Read::Unreadable(Why::NoAmount),
        },
        Ok(Some((direction, amount))) => Read::Movement(Line {
            line: row.line,
            day: day.day,
            minute: day.minute,
            doc_no: one_line(row.cell(columns.doc)).chars().take(64).collect(),
            direction,
            amount,
            balance,
            text: columns.text_of(row),
            nth: 1,
        }),
    }
}

/// A row without a day: a sum, a balance, a footer, the header's second line, or a movement that cannot be read.
fn not_a_movement(row: &Row, columns: &Columns, day_text: &str) -> Read {
    match sum_word(row) {
        Some(word) => match (word, last_amount(row)) {
            (Word::Opening, Some(balance)) => Read::Opening(balance),
            (Word::Closing, Some(balance)) => Read::Closing(balance),
            _ => Read::PassedOver,
        },
        None => match columns.amount_of(row) {
            // Letters where a sum should be: a footer or the header's other language.
            Err(_) if !columns.has_digits(row) => Read::PassedOver,
            Ok(None) => Read::PassedOver,
            // Bare sums, with nothing said of them.
            _ if day_text.is_empty() && columns.text_of(row).is_empty() && row.cell(columns.doc).is_empty() => {
                Read::PassedOver
            }
            _ if day_text.is_empty() => Read::Unreadable(Why::NoDay),
            _ => Read::Unreadable(Why::BadDay),
        },
    }
}

#[derive(Clone, Copy)]
enum Word {
    Opening,
    Closing,
    Other,
}

/// Whether a row is a sum or a balance carried, by the words that it begins a cell with.
fn sum_word(row: &Row) -> Option<Word> {
    const OPENING: [&str; 6] =
        ["so du dau", "opening balance", "beginning balance", "balance b/f", "balance brought", "du dau ky"];
    const CLOSING: [&str; 5] = ["so du cuoi", "closing balance", "ending balance", "balance c/f", "du cuoi ky"];
    const OTHER: [&str; 7] = ["tong", "cong ", "cong:", "total", "phat sinh", "luy ke", "sub-total"];
    let folded = || row.cells.iter().map(|cell| one_line(&fold(cell)));
    let begins = |words: &[&str]| folded().any(|cell| words.iter().any(|word| cell.starts_with(word)));
    if begins(&OPENING) {
        Some(Word::Opening)
    } else if begins(&CLOSING) {
        Some(Word::Closing)
    } else {
        (begins(&OTHER) || folded().any(|cell| cell == "cong")).then_some(Word::Other)
    }
}

fn last_amount(row: &Row) -> Option<Money> {
    row.cells.iter().rev().find_map(|text| cell::amount(text).ok().flatten())
}

fn number_the_alike(lines: &mut [Line]) {
    let mut seen = std::collections::HashMap::<String, u32>::new();
    for line in lines {
        let count = seen.entry(line.identity()).or_insert(0);
        *count = count.saturating_add(1);
        line.nth = *count;
    }
}
