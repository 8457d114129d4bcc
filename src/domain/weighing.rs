//! True weights: what a figure from the scale means beside what was promised, what of it the buyer pays, and what becomes of the
//! difference to what was paid already. Pure; knows no product row and no page.

use super::money::{Money, MoneyOverflow};
use super::quantity::Base;

/// Tolerance where a product states none, in ten-thousandths, when no dated setting says otherwise.
pub const TOLERANCE_BPS: i64 = 1_000;
/// The largest difference that is not moved by bank, when no dated setting says otherwise.
pub const SMALL_DIFFERENCE: Money = Money(10_000);
/// From so many times off on a figure is taken for a slip of the finger: `1.500` for `1,5`.
const TIMES_OFF: i64 = 5;

/// What was promised of a line: «khoảng 1 kg, nhiều nhất +10 %».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised {
    pub ordered: Base,
    /// Ten-thousandths above what was ordered that the buyer pays at most.
    pub over_bps: i64,
    /// Ten-thousandths below it from which on the buyer is told.
    pub under_bps: i64,
}

/// What a figure from the scale is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    /// No weight at all.
    Nothing,
    /// So far off that a comma is missing, or another line was weighed.
    TimesOff,
    /// More than the buyer has agreed to pay.
    Over,
    /// Less than was promised: the buyer is told.
    Under,
}

impl Promised {
    /// The most that the buyer pays, in base units; rounded down.
    pub fn most(self) -> Base {
        let share = 10_000_i64.saturating_add(self.over_bps.max(0));
        Base(self.ordered.0.max(1).saturating_mul(share).div_euclid(10_000))
    }

    /// The least that is still as promised; rounded up.
    pub fn least(self) -> Base {
        let share = 10_000_i64.saturating_sub(self.under_bps.clamp(0, 10_000));
        Base(self.ordered.0.max(1).saturating_mul(share).saturating_add(9_999).div_euclid(10_000))
    }

    pub fn judge(self, weighed: Base) -> Verdict {
        let ordered = self.ordered.0.max(1);
        if !weighed.is_positive() {
            Verdict::Nothing
        } else if weighed.0 >= ordered.saturating_mul(TIMES_OFF) || weighed.0.saturating_mul(TIMES_OFF) <= ordered {
            Verdict::TimesOff
        } else if weighed > self.most() {
            Verdict::Over
        } else if weighed < self.least() {
            Verdict::Under
        } else {
            Verdict::Fine
        }
    }

    /// What of a weight is charged while the buyer has not agreed to more.
    pub fn charged(self, weighed: Base) -> Base {
        weighed.min(self.most())
    }

    /// What was probably meant by a figure that is times off: the same figures with the comma elsewhere.
    pub fn likely(self, weighed: Base) -> Option<Base> {
        let smaller = [1_000, 10, 100].into_iter().filter(|by| weighed.0.rem_euclid(*by) == 0);
        let smaller = smaller.map(|by| weighed.0.div_euclid(by));
        let larger = [10, 100, 1_000].into_iter().map(|by| weighed.0.saturating_mul(by));
        smaller.chain(larger).map(Base).find(|meant| self.judge(*meant) == Verdict::Fine)
    }
}

/// What a cooperative has laid down for small differences between a payment and the true weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallRule {
    /// Up to this no bank is asked.
    pub most: Money,
    /// What the buyer would still owe up to that is let go; else it is collected at the door.
    pub lets_go: bool,
}

/// What becomes of the difference between what was paid and what the true weights cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    Nothing,
    /// The buyer owes so little that the cooperative lets it go.
    LetGo(Money),
    /// The buyer still owes: at the door, in cash or by its QR.
    AtTheDoor(Money),
    /// The cooperative owes so little that it is given back in cash.
    BackInCash(Money),
    /// The cooperative owes: a refund like any other.
    Back(Money),
}

/// The one rule for a difference. An order of which nothing was paid before has no difference: all of it is due at the door.
pub fn rest(received: Money, total: Money, rule: SmallRule) -> Result<Rest, MoneyOverflow> {
    let difference = received.minus(total)?;
    if difference == Money::ZERO || !received.is_positive() {
        return Ok(if difference == Money::ZERO { Rest::Nothing } else { Rest::AtTheDoor(total) });
    }
    if difference.is_positive() {
        return Ok(if difference <= rule.most { Rest::BackInCash(difference) } else { Rest::Back(difference) });
    }
    let missing = difference.negated()?;
    Ok(if missing <= rule.most && rule.lets_go { Rest::LetGo(missing) } else { Rest::AtTheDoor(missing) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KILO: Promised = Promised { ordered: Base(1_000), over_bps: 1_000, under_bps: 1_000 };

    #[test]
    fn a_weight_is_judged_by_what_was_promised() {
        let rows = [
            (1_000, Verdict::Fine),
            (1_100, Verdict::Fine),
            (1_101, Verdict::Over),
            (900, Verdict::Fine),
            (899, Verdict::Under),
            (5_000, Verdict::TimesOff),
            (200, Verdict::TimesOff),
            (201, Verdict::Under),
            (0, Verdict::Nothing),
        ];
        for (grams, verdict) in rows {
            assert_eq!(KILO.judge(Base(grams)), verdict, "{grams} g");
        }
    }

    #[test]
    fn a_comma_elsewhere_is_found() {
        let ordered = Promised { ordered: Base(1_500), ..KILO };
        assert_eq!(ordered.likely(Base(1_500_000)), Some(Base(1_500)), "1.500 for 1,5");
        assert_eq!(ordered.likely(Base(15_000)), Some(Base(1_500)), "15 for 1,5");
        assert_eq!(ordered.likely(Base(146)), Some(Base(1_460)), "0,146 for 1,46");
        assert_eq!(ordered.likely(Base(70)), None);
    }

    #[test]
    fn small_differences_are_never_moved_by_bank() {
        let rule = SmallRule { most: Money(10_000), lets_go: true };
        let of = |received, total, rule| rest(Money(received), Money(total), rule).expect("small sums");
        assert_eq!(of(45_000, 45_000, rule), Rest::Nothing);
        assert_eq!(of(45_000, 37_300, rule), Rest::BackInCash(Money(7_700)));
        assert_eq!(of(45_000, 34_999, rule), Rest::Back(Money(10_001)));
        assert_eq!(of(45_000, 49_500, rule), Rest::LetGo(Money(4_500)));
        assert_eq!(of(45_000, 49_500, SmallRule { lets_go: false, ..rule }), Rest::AtTheDoor(Money(4_500)));
        assert_eq!(of(45_000, 55_001, rule), Rest::AtTheDoor(Money(10_001)));
        assert_eq!(of(0, 5_000, rule), Rest::AtTheDoor(Money(5_000)), "nothing was paid before: nothing is let go");
    }

    proptest! {
        #[test]
        fn the_buyer_never_pays_beyond_the_tolerance(ordered in 1_i64..100_000_000, bps in 0_i64..5_000, weighed in 0_i64..500_000_000) {
            let promised = Promised { ordered: Base(ordered), over_bps: bps, under_bps: bps };
            let charged = promised.charged(Base(weighed));
            prop_assert!(charged <= promised.most() && charged.0 <= weighed);
            prop_assert!(i128::from(charged.0) * 10_000 <= i128::from(ordered) * i128::from(10_000 + bps));
            prop_assert!(promised.least() <= promised.ordered && promised.ordered <= promised.most());
            if promised.judge(Base(weighed)) == Verdict::Fine {
                prop_assert_eq!(charged, Base(weighed), "what is fine is charged as it is");
            }
            prop_assert_eq!(promised.judge(promised.ordered), Verdict::Fine);
        }

        #[test]
        fn what_was_meant_is_as_promised(ordered in 1_i64..10_000_000, weighed in 1_i64..1_000_000_000) {
            let promised = Promised { ordered: Base(ordered), over_bps: 1_000, under_bps: 1_000 };
            if let Some(meant) = promised.likely(Base(weighed)) {
                prop_assert_eq!(promised.judge(meant), Verdict::Fine);
            }
        }

        #[test]
        fn a_difference_is_settled_whole(received in 1_i64..1_000_000, total in 0_i64..1_000_000, most in 0_i64..50_000, lets_go: bool) {
            let rule = SmallRule { most: Money(most), lets_go };
            let settled = match rest(Money(received), Money(total), rule).expect("small sums") {
                Rest::Nothing => 0,
                Rest::LetGo(missing) => { prop_assert!(missing.vnd() <= most && lets_go); -missing.vnd() }
                Rest::AtTheDoor(missing) => -missing.vnd(),
                Rest::BackInCash(back) => { prop_assert!(back.vnd() <= most); back.vnd() }
                Rest::Back(back) => { prop_assert!(back.vnd() > most); back.vnd() }
            };
            prop_assert_eq!(settled, received - total);
        }
    }
}
