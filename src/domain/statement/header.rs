//! Which column is which: the header's words in Vietnamese (with and without marks) and English, as banks write them.

use super::{Row, Why, cell, one_line};
use crate::domain::bank_message::Direction;
use crate::domain::money::Money;
use crate::domain::text::fold::fold;

/// Digits that a number must have to be an account's.
const ACCOUNT_DIGITS: usize = 6;

/// The columns of a statement. Amounts stand in two columns, or in one with a sign or a word for the direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub day: usize,
    pub doc: Option<usize>,
    pub debit: Option<usize>,
    pub credit: Option<usize>,
    pub amount: Option<usize>,
    pub kind: Option<usize>,
    pub balance: Option<usize>,
    pub texts: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Day,
    LaterDay,
    Doc,
    Debit,
    Credit,
    Amount,
    Kind,
    Balance,
    Text,
    Nothing,
}

/// The first list whose word stands in the cell decides; their order matters: «số tiền ghi nợ» is a debit, not an amount.
const WORDS: [(Is, &[&str]); 10] = [
    (Is::Nothing, &["doi ung", "correspond", "counter", "beneficiary", "remitter", "nguoi chuyen", "nguoi nhan"]),
    (Is::Balance, &["so du", "balance"]),
    (Is::Debit, &["ghi no", "phat sinh no", "ps no", "debit", "tien ra", "withdraw", "rut ra", "chi ra"]),
    (Is::Credit, &["ghi co", "phat sinh co", "ps co", "credit", "tien vao", "deposit", "gui vao", "thu vao"]),
    (Is::Kind, &["loai", "d/c", "dr/cr", "no/co", "+/-"]),
    (Is::Day, &["ngay giao dich", "ngay gd", "tnx date", "trans date", "transaction date", "thoi gian", "txn date"]),
    (
        Is::Doc,
        &[
            "so ct",
            "doc no",
            "so chung tu",
            "so tham chieu",
            "reference",
            "ref no",
            "so but toan",
            "ma giao dich",
            "ma gd",
            "so gd",
            "transaction no",
            "transaction id",
        ],
    ),
    (Is::Text, &["noi dung", "dien giai", "mo ta", "detail", "description", "remark", "narrative", "chi tiet"]),
    (Is::LaterDay, &["ngay", "date"]),
    (Is::Amount, &["so tien", "amount", "gia tri"]),
];

fn meaning(text: &str) -> Is {
    let folded = one_line(&fold(text));
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    let (debit, credit) = (["ghi no", "debit"], ["ghi co", "credit"]);
    match folded.as_str() {
        "" => return Is::Nothing,
        "no" | "chi" | "ra" => return Is::Debit,
        "co" | "thu" | "vao" => return Is::Credit,
        // «Ghi nợ/Ghi có», «Debit/Credit»: one column that says which.
        _ if has(&debit) && has(&credit) => return Is::Kind,
        _ => {}
    }
    WORDS.iter().find(|(_, words)| has(words)).map_or(Is::Nothing, |(is, _)| *is)
}

impl Columns {
    /// The columns that a row names, when it names enough to be a header: a day, an amount, and what it was for or a balance.
    pub fn of(row: &Row) -> Option<Self> {
        let meanings: Vec<Is> = row.cells.iter().map(|text| meaning(text)).collect();
        let first = |is: Is| meanings.iter().position(|found| *found == is);
        let texts = meanings.iter().enumerate().filter(|(_, found)| **found == Is::Text).map(|(at, _)| at).collect();
        let columns = Self {
            day: first(Is::Day).or_else(|| first(Is::LaterDay))?,
            doc: first(Is::Doc),
            debit: first(Is::Debit),
            credit: first(Is::Credit),
            amount: first(Is::Amount),
            kind: first(Is::Kind),
            balance: first(Is::Balance),
            texts,
        };
        let has_amount = columns.credit.is_some() || columns.amount.is_some();
        (has_amount && (!columns.texts.is_empty() || columns.balance.is_some())).then_some(columns)
    }

    /// Which way and how much; none where nothing moved.
    pub fn amount_of(&self, row: &Row) -> Result<Option<(Direction, Money)>, Why> {
        let read = |column: Option<usize>| cell::amount(row.cell(column)).map_err(|_not_one| Why::BadAmount);
        if self.credit.is_none() {
            return self.one_column(row, read(self.amount)?);
        }
        let moved = |amount: Option<Money>| amount.filter(|amount| *amount != Money::ZERO);
        // Some banks write what went out with a minus in its own column.
        let size = |amount: Money| if amount < Money::ZERO { amount.negated().unwrap_or(amount) } else { amount };
        match (moved(read(self.debit)?), moved(read(self.credit)?)) {
            (None, None) => Ok(None),
            (Some(out), None) => Ok(Some((Direction::Out, size(out)))),
            (None, Some(came)) if came < Money::ZERO => Ok(Some((Direction::Out, size(came)))),
            (None, Some(came)) => Ok(Some((Direction::In, came))),
            (Some(_), Some(_)) => Err(Why::TwoAmounts),
        }
    }

    fn one_column(&self, row: &Row, amount: Option<Money>) -> Result<Option<(Direction, Money)>, Why> {
        let Some(amount) = amount.filter(|amount| *amount != Money::ZERO) else { return Ok(None) };
        if amount < Money::ZERO {
            return Ok(Some((Direction::Out, amount.negated().map_err(|_overflow| Why::BadAmount)?)));
        }
        let word = one_line(&fold(row.cell(self.kind)));
        let is_out = ["d", "dr", "no", "out", "-", "ra", "chi"].contains(&word.as_str())
            || ["ghi no", "debit", "tien ra", "chuyen di"].iter().any(|out| word.contains(out));
        Ok(Some((if is_out { Direction::Out } else { Direction::In }, amount)))
    }

    /// Whether anything numeric stands where sums should be.
    pub fn has_digits(&self, row: &Row) -> bool {
        [self.debit, self.credit, self.amount]
            .into_iter()
            .any(|column| row.cell(column).bytes().any(|byte| byte.is_ascii_digit()))
    }

    /// Everything that is said of the movement. Newlines stay: banks wrap inside words, and whoever looks for a code drops them.
    pub fn text_of(&self, row: &Row) -> String {
        let texts: Vec<&str> =
            self.texts.iter().map(|at| row.cell(Some(*at))).filter(|text| !text.is_empty()).collect();
        texts.join(" ").chars().filter(|c| *c != '\0').take(1_000).collect()
    }
}

/// The account that the rows above the header name: behind «số tài khoản» or "account no".
pub fn account_named(titles: &[Row]) -> Option<String> {
    for row in titles {
        for (at, text) in row.cells.iter().enumerate() {
            let folded = fold(text);
            let named = ["so tai khoan", "so tk", "account n", "account/", "tai khoan:"]
                .iter()
                .any(|word| folded.contains(word));
            if !named {
                continue;
            }
            let behind = row.cells.iter().skip(at).take(4);
            if let Some(number) = behind.filter_map(|cell| long_number(cell)).next() {
                return Some(number);
            }
        }
    }
    None
}

fn long_number(text: &str) -> Option<String> {
    let joined: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | '.')).collect();
    joined.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() >= ACCOUNT_DIGITS).map(str::to_owned)
}
