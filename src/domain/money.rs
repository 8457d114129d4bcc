//! Money in whole đồng. No operators: every step is checked, every rounding is in a name.

#![deny(clippy::arithmetic_side_effects)]

use std::fmt;

/// An amount in whole đồng (ISO 4217 VND, exponent 0). May be negative in a ledger, never on a price.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    serde::Serialize,
    serde::Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
#[serde(transparent)]
pub struct Money(pub i64);

crate::number_column!(Money);

/// A sum that no longer fits 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amount is too large to count")]
pub struct MoneyOverflow;

impl Money {
    pub const ZERO: Money = Money(0);

    /// The amount in đồng.
    pub const fn vnd(self) -> i64 {
        self.0
    }

    pub fn plus(self, other: Money) -> Result<Money, MoneyOverflow> {
        self.0.checked_add(other.0).map(Money).ok_or(MoneyOverflow)
    }

    pub fn minus(self, other: Money) -> Result<Money, MoneyOverflow> {
        self.0.checked_sub(other.0).map(Money).ok_or(MoneyOverflow)
    }

    pub fn times(self, count: i64) -> Result<Money, MoneyOverflow> {
        self.0.checked_mul(count).map(Money).ok_or(MoneyOverflow)
    }

    pub fn negated(self) -> Result<Money, MoneyOverflow> {
        self.0.checked_neg().map(Money).ok_or(MoneyOverflow)
    }

    /// Σ of amounts.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyOverflow> {
        amounts.into_iter().try_fold(Money::ZERO, Money::plus)
    }

    /// `self × numerator / denominator`, half away from zero. The one rounding rule of prices.
    pub fn scaled_half_up(self, numerator: i64, denominator: i64) -> Result<Money, MoneyOverflow> {
        if denominator <= 0 {
            return Err(MoneyOverflow);
        }
        let product = i128::from(self.0).checked_mul(i128::from(numerator)).ok_or(MoneyOverflow)?;
        let (divisor, half) = (i128::from(denominator), i128::from(denominator).div_euclid(2));
        let rounded = if product >= 0 { product.checked_add(half) } else { product.checked_sub(half) };
        let quotient = rounded.and_then(|value| value.checked_div(divisor)).ok_or(MoneyOverflow)?;
        i64::try_from(quotient).map(Money).map_err(|_too_large| MoneyOverflow)
    }

    /// Basis points of an amount (10,000 bps = all of it), half away from zero.
    pub fn percent_half_up(self, bps: i64) -> Result<Money, MoneyOverflow> {
        self.scaled_half_up(bps, 10_000)
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

/// As written in Vietnam: `1.234.567 ₫` with a no-break space.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{a0}₫", grouped(self.0))
    }
}

/// Digits in groups of three with points, as Vietnamese writes whole numbers.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let first = digits.len() % 3;
    let mut out = String::with_capacity(digits.len().saturating_add(digits.len() / 3).saturating_add(1));
    if value < 0 {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 3 == first {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// What a person typed into a money field is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in whole đồng")]
pub struct NotMoney;

/// Reads a money field: digits, with points, commas or spaces only as thousand separators, `₫`/`đ` allowed behind.
pub fn read_money(text: &str) -> Result<Money, NotMoney> {
    let plain: String = text.trim().trim_end_matches(['₫', 'đ', 'Đ']).chars().filter(|c| !c.is_whitespace()).collect();
    let groups: Vec<&str> = plain.split(['.', ',']).collect();
    let well_grouped = groups.iter().skip(1).all(|group| group.len() == 3)
        && groups.first().is_some_and(|first| !first.is_empty() && (groups.len() == 1 || first.len() <= 3));
    let digits: String = groups.concat();
    if !well_grouped || digits.len() > 15 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotMoney);
    }
    digits.parse().map(Money).map_err(|_not_digits| NotMoney)
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "the test's own sums are of i128 and cannot wrap")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn money_is_written_as_vietnam_writes_it() {
        assert_eq!(Money(1_234_567).to_string(), "1.234.567\u{a0}₫");
        assert_eq!(Money(0).to_string(), "0\u{a0}₫");
        assert_eq!(Money(-25_000).to_string(), "-25.000\u{a0}₫");
        assert_eq!(Money(999).to_string(), "999\u{a0}₫");
    }

    #[test]
    fn a_money_field_reads_what_people_type_and_refuses_the_rest() {
        for (text, value) in [("25000", 25_000), ("25.000", 25_000), (" 25 000 đ", 25_000), ("1,234,567₫", 1_234_567)]
        {
            assert_eq!(read_money(text), Ok(Money(value)), "{text}");
        }
        for text in ["", "25.00", "1.5", "-5", "25k", "1234.567.890.123.456.789", ".500", "0x10"] {
            assert_eq!(read_money(text), Err(NotMoney), "{text}");
        }
    }

    #[test]
    fn a_half_is_rounded_away_from_zero() {
        assert_eq!(Money(3).scaled_half_up(1, 2), Ok(Money(2)));
        assert_eq!(Money(-3).scaled_half_up(1, 2), Ok(Money(-2)));
        assert_eq!(Money(1).scaled_half_up(1, 0), Err(MoneyOverflow));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in 0_i64..1_000_000_000_000) {
            prop_assert_eq!(read_money(&Money(value).to_string()), Ok(Money(value)));
        }

        #[test]
        fn no_step_ever_wraps(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(Money(a).plus(Money(b)).ok().map(Money::vnd), a.checked_add(b));
            prop_assert_eq!(Money(a).minus(Money(b)).ok().map(Money::vnd), a.checked_sub(b));
            prop_assert_eq!(Money(a).times(b).ok().map(Money::vnd), a.checked_mul(b));
        }

        #[test]
        fn scaling_is_within_half_a_dong(value in -1_000_000_000_i64..1_000_000_000, n in 0_i64..100_000, d in 1_i64..100_000) {
            let scaled = i128::from(Money(value).scaled_half_up(n, d).expect("small").vnd());
            let exact_times_d = i128::from(value) * i128::from(n);
            prop_assert!((scaled * i128::from(d) - exact_times_d).abs() * 2 <= i128::from(d));
        }
    }
}
