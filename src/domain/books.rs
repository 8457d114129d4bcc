//! Periods of the books and how an entry is written in an accountant's form: months, when one may be closed, which debit stands
//! against which credit, what an account's number may look like. Pure.

use super::ledger::LedgerKind;
use super::money::{Money, MoneyOverflow};
use super::refusal::Refusal;
use super::time::{At, Day};

/// No market is older.
const FIRST_YEAR: i32 = 2020;
/// A month is closed an hour after its end at the earliest: what was begun in its last second is written by then.
const REST_MINUTES: i64 = 60;
/// Letters of an account's number.
const LONGEST_CODE: usize = 20;

/// A month of Asia/Ho_Chi_Minh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub first: Day,
    pub last: Day,
}

impl Month {
    pub fn of(day: Day) -> Self {
        let first = day.plus_days(1_i64.saturating_sub(i64::from(day.day_of_month())));
        // The 32nd day from the first is in the next month, whichever it is.
        let next = first.plus_days(31);
        Self { first, last: next.plus_days(i64::from(next.day_of_month()).saturating_neg()) }
    }

    /// `2026-11`.
    ///
    /// # Errors
    /// With a sentence for whoever typed it.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let unread = || Refusal::new("refusal-month").with("text", text).about("thang");
        let (year, month) = text.trim().split_once('-').ok_or_else(unread)?;
        let (year, month) = (year.parse().map_err(|_word| unread())?, month.parse().map_err(|_word| unread())?);
        let is_near = (FIRST_YEAR..=2100).contains(&year);
        Day::new(year, month, 1).filter(|_| is_near).map(Self::of).ok_or_else(unread)
    }

    pub fn text(&self) -> String {
        format!("{:04}-{:02}", self.first.year(), self.first.month())
    }

    #[must_use]
    pub fn before(self) -> Self {
        Self::of(self.first.plus_days(-1))
    }

    #[must_use]
    pub fn after(self) -> Self {
        Self::of(self.last.plus_days(1))
    }

    /// Whether the books may be closed up to its end, when they are closed up to `closed` already.
    ///
    /// # Errors
    /// With a sentence: closed already, or from when on.
    pub fn may_close(self, closed: Option<Day>, now: At) -> Result<(), Refusal> {
        if closed.is_some_and(|closed| closed >= self.last) {
            return Err(Refusal::new("refusal-books-closed").with("month", self.text()));
        }
        let from = self.last.plus_days(1);
        if now < from.at_minute(REST_MINUTES) {
            let day = format!("{}/{}/{}", from.day_of_month(), from.month(), from.year());
            return Err(Refusal::new("refusal-books-running").with("month", self.text()).with("day", day));
        }
        Ok(())
    }
}

/// The first day of a cooperative's books, as far as anybody asks.
pub fn beginning() -> Option<Day> {
    Day::new(FIRST_YEAR, 1, 1)
}

/// One line as accountants write it: an amount from one account to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub debit: LedgerKind,
    pub credit: LedgerKind,
    pub amount: Money,
}

/// An entry as pairs, debits against credits in the order in which they stand: what accounting programs take in.
///
/// # Errors
/// When sums leave the range of money.
pub fn pairs(lines: &[(LedgerKind, Money)]) -> Result<Vec<Pair>, MoneyOverflow> {
    let mut credits: Vec<(LedgerKind, Money)> =
        lines.iter().filter(|(_, amount)| *amount < Money::ZERO).map(|(kind, amount)| (*kind, *amount)).rev().collect();
    let mut out = Vec::new();
    for (debit, amount) in lines.iter().filter(|(_, amount)| amount.is_positive()) {
        let mut left = *amount;
        while left.is_positive()
            && let Some((credit, open)) = credits.pop()
        {
            let amount = left.min(open.negated()?);
            out.push(Pair { debit: *debit, credit, amount });
            left = left.minus(amount)?;
            let rest = open.plus(amount)?;
            if rest < Money::ZERO {
                credits.push((credit, rest));
            }
        }
    }
    Ok(out)
}

/// An account's number as a chart has it: figures, letters, points and dashes. Empty: none.
///
/// # Errors
/// With a sentence for whoever typed it.
pub fn read_code(kind: LedgerKind, text: &str) -> Result<Option<String>, Refusal> {
    let text = text.trim();
    let fits = text.len() <= LONGEST_CODE
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if !fits {
        return Err(Refusal::new("refusal-chart-code").with("text", text).about(format!("code[{kind}]")));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(text: &str) -> Month {
        Month::read(text).expect("a month")
    }

    #[test]
    fn a_month_has_its_first_and_its_last_day() {
        for (text, last) in [("2026-11", "2026-11-30"), ("2028-02", "2028-02-29"), ("2026-12", "2026-12-31")] {
            assert_eq!((month(text).text(), month(text).last.as_text()), (text.to_owned(), last));
        }
        assert_eq!(month("2026-01").before(), month("2025-12"));
        assert_eq!(month("2026-12").after(), month("2027-01"));
        for text in ["", "2026", "2026-13", "2026-0", "1999-01", "9999-01", "november", "2026-11-01"] {
            assert_eq!(Month::read(text).expect_err(text).key, "refusal-month");
        }
    }

    #[test]
    fn a_month_is_closed_once_and_an_hour_after_its_end() {
        let at = |text: &str| text.parse::<At>().expect("an instant");
        let november = month("2026-11");
        let running = november.may_close(None, at("2026-12-01T00:59:59+07:00")).expect_err("running");
        assert_eq!(running.key, "refusal-books-running");
        assert_eq!(november.may_close(None, at("2026-12-01T01:00:00+07:00")), Ok(()));
        assert_eq!(november.may_close(Some(month("2026-10").last), at("2027-03-01T00:00:00+07:00")), Ok(()));
        for closed in ["2026-11", "2026-12"] {
            let again = november.may_close(Some(month(closed).last), at("2027-03-01T00:00:00+07:00"));
            assert_eq!(again.expect_err("closed").key, "refusal-books-closed");
        }
    }

    #[test]
    fn a_hand_over_is_one_debit_against_two_credits() {
        use LedgerKind::{Prepayments, Revenue, Shipping};
        let lines = [(Prepayments, Money(100)), (Revenue, Money(-80)), (Shipping, Money(-20))];
        let pair = |credit, amount| Pair { debit: Prepayments, credit, amount: Money(amount) };
        assert_eq!(pairs(&lines), Ok(vec![pair(Revenue, 80), pair(Shipping, 20)]));
    }

    #[test]
    fn a_number_of_a_chart_is_short_and_plain() {
        assert_eq!(read_code(LedgerKind::Bank, " 112.1-A "), Ok(Some("112.1-A".into())));
        assert_eq!(read_code(LedgerKind::Bank, "  "), Ok(None));
        for text in ["=1+1", "một trăm", "112 1", "123456789012345678901"] {
            assert!(read_code(LedgerKind::Bank, text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn pairs_say_what_the_entry_said(amounts in prop::collection::vec((0_usize..8, -1_000_000_i64..1_000_000), 1..8)) {
            let kind = |at: usize| LedgerKind::ALL[at % LedgerKind::ALL.len()];
            let mut lines: Vec<(LedgerKind, Money)> =
                amounts.iter().filter(|(_, vnd)| *vnd != 0).map(|(at, vnd)| (kind(*at), Money(*vnd))).collect();
            let rest: i64 = lines.iter().map(|(_, amount)| amount.vnd()).sum();
            if rest != 0 {
                lines.push((LedgerKind::Cash, Money(-rest)));
            }
            let said = pairs(&lines).expect("small");
            prop_assert!(said.iter().all(|pair| pair.amount.is_positive()));
            for kind in LedgerKind::ALL {
                let moved = |sign: i64| -> i64 {
                    lines.iter().filter(|(of, amount)| of == kind && amount.vnd().signum() == sign).map(|(_, amount)| amount.vnd().abs()).sum()
                };
                let paired = |of: fn(&Pair) -> LedgerKind| -> i64 {
                    said.iter().filter(|pair| of(pair) == *kind).map(|pair| pair.amount.vnd()).sum()
                };
                prop_assert_eq!((moved(1), moved(-1)), (paired(|pair| pair.debit), paired(|pair| pair.credit)));
            }
        }
    }
}
