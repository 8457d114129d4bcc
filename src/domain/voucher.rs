//! A cooperative's code that takes something off an order: a percentage of its goods, or what its delivery costs. What it takes of what,
//! when it holds, how a code is written. Pure.

use super::money::{Money, MoneyOverflow};
use super::refusal::Refusal;
use super::text::fold::fold;
use super::time::Day;

crate::word_enum! {
    VoucherKind {
        Percent = "percent",
        FreeShipping = "free_shipping",
    }
}

/// Characters of a code.
pub const CODE_CHARS: std::ops::RangeInclusive<usize> = 3..=20;
/// Days that a code may hold, and the most uses that it may state.
const MOST_DAYS: i64 = 730;
const MOST_USES: i64 = 1_000_000;

/// A code as it is kept, however it was typed: capital letters and digits, no marks, no spaces or dashes.
///
/// # Errors
/// With a sentence about `voucher` for anything that no code can be.
pub fn read_code(typed: &str) -> Result<String, Refusal> {
    let code: String = fold(typed).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let code = code.to_uppercase();
    let is_code = CODE_CHARS.contains(&code.chars().count())
        && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if is_code { Ok(code) } else { Err(Refusal::new("refusal-voucher-code").about("voucher")) }
}

/// What a code takes off. An order keeps the terms that it was placed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Of the goods, basis points; 0 where it is the delivery that costs nothing.
    pub percent_bps: i64,
    /// The most that the percentage may come to; zero: no bound.
    pub most_off: Money,
}

impl Terms {
    /// What is taken off goods that cost so much, half up, never more than they cost.
    pub fn off(&self, goods: Money) -> Result<Money, MoneyOverflow> {
        let off = goods.percent_half_up(self.percent_bps)?;
        let off = if self.most_off.is_positive() { off.min(self.most_off) } else { off };
        Ok(off.min(goods).max(Money::ZERO))
    }
}

/// A code as a cooperative lays it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub code: String,
    pub kind: VoucherKind,
    pub terms: Terms,
    /// Goods have to cost this much before it.
    pub least_goods: Money,
    /// The first and the last day on which it may be used.
    pub from_day: Day,
    pub to_day: Day,
    /// Orders in all, and of one number; 0: no bound.
    pub uses_most: i64,
    pub phone_most: i64,
}

impl Plan {
    /// What stands against it; each beside its field.
    pub fn check(&self, today: Day) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let mut no = |key: &str, field: &str| refusals.push(Refusal::new(key).about(field));
        let percent = self.terms.percent_bps;
        if self.kind == VoucherKind::Percent && !(100..=10_000).contains(&percent) {
            no("refusal-voucher-percent", "percent");
        }
        if self.terms.most_off < Money::ZERO || self.least_goods < Money::ZERO {
            no("refusal-price", "least_goods");
        }
        if self.to_day < self.from_day || self.to_day < today || self.to_day.days_since(self.from_day) > MOST_DAYS {
            no("refusal-voucher-days", "to_day");
        }
        for (field, uses) in [("uses_most", self.uses_most), ("phone_most", self.phone_most)] {
            if !(0..=MOST_USES).contains(&uses) {
                no("refusal-voucher-uses", field);
            }
        }
        refusals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in ["TET2027", "tet 2027", " Tết-2027 ", "ＴＥＴ２０２７"] {
            assert_eq!(read_code(typed).as_deref(), Ok("TET2027"), "{typed}");
        }
        for typed in ["", "AB", "A_B_C", "ABCDEFGHIJKLMNOPQRSTU", "mã🍈"] {
            assert!(read_code(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_percentage_is_bounded_and_half_up() {
        let off = |percent_bps, most, goods| {
            Terms { percent_bps, most_off: Money(most) }.off(Money(goods)).expect("small").vnd()
        };
        assert_eq!((off(1_000, 0, 140_000), off(1_000, 10_000, 140_000)), (14_000, 10_000));
        assert_eq!((off(1_000, 0, 145), off(10_000, 0, 145), off(0, 0, 145)), (15, 145, 0));
    }

    #[test]
    fn a_plan_says_what_is_wrong_beside_its_field() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let plan = Plan {
            code: "TET".into(),
            kind: VoucherKind::Percent,
            terms: Terms { percent_bps: 0, most_off: Money::ZERO },
            least_goods: Money::ZERO,
            from_day: day("2026-12-01"),
            to_day: day("2026-11-30"),
            uses_most: -1,
            phone_most: 0,
        };
        let fields: Vec<String> = plan.check(day("2026-11-01")).into_iter().map(|no| no.field).collect();
        assert_eq!(fields, ["percent", "to_day", "uses_most"]);
        let sound = Plan { kind: VoucherKind::FreeShipping, to_day: day("2026-12-01"), uses_most: 0, ..plan };
        assert_eq!(sound.check(day("2026-11-01")), []);
    }

    proptest! {
        #[test]
        fn no_more_is_taken_off_than_the_goods_cost(
            percent_bps in 0..=10_000_i64, most in 0..1_000_000_i64, goods in 0..1_000_000_000_i64,
        ) {
            let terms = Terms { percent_bps, most_off: Money(most) };
            let off = terms.off(Money(goods)).expect("small");
            prop_assert!(off >= Money::ZERO && off <= Money(goods));
            prop_assert!(most == 0 || off <= Money(most));
        }
    }
}
