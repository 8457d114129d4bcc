//! A lot that holds less than was promised from it: who keeps theirs, what other lots can give instead, what is missing. The rule
//! is the one shown to people: whoever the cooperative has promised first, keeps first; who has not paid or agreed yet comes last.

use super::id::{HoldId, LotId, OrderId};
use super::quantity::{Base, QuantityOverflow};
use super::stock::{LotStock, Share};
use super::time::At;

/// What one hold promises of the lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    pub hold: HoldId,
    pub order: OrderId,
    /// Since when the order stands; none: its payment is still awaited.
    pub placed_at: Option<At>,
    pub made_at: At,
    pub base: Base,
}

/// What becomes of a promise: `keeps + Σ moves + missing` is what was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    pub promise: Promise,
    pub keeps: Base,
    /// From other lots of the product, first expired first out.
    pub moves: Vec<Share>,
    pub missing: Base,
}

impl Fate {
    pub const fn is_touched(&self) -> bool {
        !self.moves.is_empty() || self.missing.is_positive()
    }

    /// What other lots give.
    pub fn moved(&self) -> Result<Base, QuantityOverflow> {
        Base::sum(self.moves.iter().map(|share| share.base))
    }
}

/// Shares what is there over promises by the rule, and lets other lots give what is not. Answers in the order of the rule.
pub fn settle(there: Base, mut promises: Vec<Promise>, others: &mut [LotStock]) -> Result<Vec<Fate>, QuantityOverflow> {
    let rank = |one: &Promise| (one.placed_at.is_none(), one.placed_at, one.made_at);
    promises.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.hold.cmp(&b.hold)));
    let mut left = there.max(Base::ZERO);
    let mut fates = Vec::with_capacity(promises.len());
    for promise in promises {
        let keeps = promise.base.min(left);
        left = left.minus(keeps)?;
        let mut missing = promise.base.minus(keeps)?;
        let mut moves = Vec::new();
        for lot in others.iter_mut() {
            let base = lot.available.min(missing);
            if !base.is_positive() {
                continue;
            }
            lot.available = lot.available.minus(base)?;
            missing = missing.minus(base)?;
            moves.push(Share { lot: lot.id.clone(), base });
        }
        fates.push(Fate { promise, keeps, moves, missing });
    }
    Ok(fates)
}

/// Which lot a person may choose for a line: any that can promise all of it.
pub fn can_serve(lot: &LotStock, need: Base, already: &[(LotId, Base)]) -> Result<bool, QuantityOverflow> {
    let own = Base::sum(already.iter().filter(|(id, _)| *id == lot.id).map(|(_, base)| *base))?;
    Ok(lot.available.plus(own)? >= need)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn promise(number: u8, placed_s: Option<i64>, base: i64) -> Promise {
        let at = At::from_unix_seconds(i64::from(number));
        Promise {
            hold: HoldId::new(at, [number; 10]),
            order: OrderId::new(at, [number; 10]),
            placed_at: placed_s.map(At::from_unix_seconds),
            made_at: at,
            base: Base(base),
        }
    }

    fn lot(number: u8, available: i64) -> LotStock {
        LotStock {
            id: LotId::new(At::from_unix_seconds(i64::from(number)), [number; 10]),
            best_before: None,
            made_on: "2026-11-20".parse().expect("a day"),
            available: Base(available),
            is_planned: false,
            is_window: false,
        }
    }

    #[test]
    fn whoever_was_promised_first_keeps_and_the_unpaid_come_last() {
        let promises = vec![promise(1, None, 10), promise(2, Some(50), 15), promise(3, Some(40), 15)];
        let fates = settle(Base(20), promises, &mut [lot(9, 8)]).expect("small");
        let told: Vec<(u8, i64, i64, i64)> = fates
            .iter()
            .map(|fate| {
                let name = if fate.promise.base == Base(10) {
                    1
                } else if fate.promise.placed_at == Some(At::from_unix_seconds(50)) {
                    2
                } else {
                    3
                };
                (name, fate.keeps.0, fate.moved().expect("small").0, fate.missing.0)
            })
            .collect();
        assert_eq!(told, vec![(3, 15, 0, 0), (2, 5, 8, 2), (1, 0, 0, 10)]);
    }

    #[test]
    fn a_lot_that_holds_the_whole_line_can_be_chosen_with_what_the_line_has_there_already() {
        let there = lot(4, 6);
        assert!(can_serve(&there, Base(6), &[]).expect("small"));
        assert!(!can_serve(&there, Base(10), &[]).expect("small"));
        assert!(can_serve(&there, Base(10), &[(there.id.clone(), Base(4))]).expect("small"));
    }

    proptest! {
        #[test]
        fn nothing_is_given_twice_and_nobody_later_keeps_while_an_earlier_misses(
            there in -20_i64..200,
            sizes in proptest::collection::vec((1_i64..60, proptest::option::of(0_i64..9)), 0..9),
            others in proptest::collection::vec(-5_i64..60, 0..4),
        ) {
            let promises: Vec<Promise> = sizes.iter().zip(1_u8..).map(|((base, placed), n)| promise(n, *placed, *base)).collect();
            let mut lots: Vec<LotStock> = others.iter().zip(100_u8..).map(|(n, i)| lot(i, *n)).collect();
            let fates = settle(Base(there), promises.clone(), &mut lots).expect("small");
            let sum = |of: &dyn Fn(&Fate) -> i64| fates.iter().map(of).sum::<i64>();
            prop_assert_eq!(sum(&|fate| fate.keeps.0), there.max(0).min(promises.iter().map(|one| one.base.0).sum()));
            let spare: i64 = others.iter().filter(|n| **n > 0).sum();
            prop_assert!(sum(&|fate| fate.moved().expect("small").0) <= spare);
            for fate in &fates {
                prop_assert_eq!(fate.keeps.0 + fate.moved().expect("small").0 + fate.missing.0, fate.promise.base.0);
            }
            let first_short = fates.iter().position(|fate| fate.missing.is_positive());
            if let Some(at) = first_short {
                prop_assert!(fates.iter().skip(at + 1).all(|fate| fate.keeps == Base::ZERO && fate.moves.is_empty()));
            }
            prop_assert_eq!(lots.iter().map(|lot| lot.available.0).sum::<i64>(), others.iter().sum::<i64>() - sum(&|fate| fate.moved().expect("small").0));
        }
    }
}
