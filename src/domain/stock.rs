//! Stock by lot: which lots serve a line, and how much of a lot can still be promised.

use super::id::LotId;
use super::quantity::{Base, QuantityOverflow};
use super::time::{At, Day};

crate::word_enum! {
    MovementKind {
        Harvest = "harvest", Intake = "intake", Sale = "sale", OutsideSale = "outside_sale", Loss = "loss",
        Return = "return", Count = "count", TransformIn = "transform_in", TransformOut = "transform_out",
        /// Promised before it is harvested, and taken back when it is.
        Plan = "plan",
    }
}
crate::word_enum! {
    LotKind {
        Harvest = "harvest", Batch = "batch", Received = "received", Transformed = "transformed", Planned = "planned",
        /// Planned by a sales window, and promised to its orders alone until it is harvested.
        Window = "window",
    }
}
crate::word_enum! { LotState { Open = "open", Stopped = "stopped", Closed = "closed" } }

/// What allocation needs to know of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotStock {
    pub id: LotId,
    pub best_before: Option<Day>,
    pub made_on: Day,
    /// Not there yet: a person says whether it can be.
    pub is_planned: bool,
    /// Of a sales window: it serves that window's orders alone.
    pub is_window: bool,
    /// `on_hand − held`, after holds that have run out were released.
    pub available: Base,
}

/// Part of a line from one lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub lot: LotId,
    pub base: Base,
}

/// Less is there than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    pub available: Base,
}

/// First expired first out: soonest best-before, then oldest, then id. Lots without a date come last.
pub fn order_first_expired(lots: &mut [LotStock]) {
    lots.sort_by(|a, b| {
        let expiry = |lot: &LotStock| (lot.best_before.is_none(), lot.best_before);
        expiry(a).cmp(&expiry(b)).then(a.made_on.cmp(&b.made_on)).then(a.id.cmp(&b.id))
    });
}

/// Takes `need` from lots in the order given; all or nothing.
pub fn allocate(lots: &mut [LotStock], need: Base) -> Result<Vec<Share>, Short> {
    let mut missing = need;
    let mut shares = Vec::new();
    for lot in lots.iter().filter(|lot| lot.available.is_positive()) {
        let base = lot.available.min(missing);
        if !base.is_positive() {
            break;
        }
        missing = missing.minus(base).map_err(|_overflow| Short { available: Base::ZERO })?;
        shares.push(Share { lot: lot.id.clone(), base });
    }
    if missing.is_positive() {
        let available = Base::sum(shares.iter().map(|share| share.base)).unwrap_or(Base::ZERO);
        return Err(Short { available });
    }
    for share in &shares {
        if let Some(lot) = lots.iter_mut().find(|lot| lot.id == share.lot) {
            lot.available = lot.available.minus(share.base).unwrap_or(Base::ZERO);
        }
    }
    Ok(shares)
}

/// `on_hand − held + Σ holds that have run out and still stand`. May be below nothing after a count.
pub fn available(on_hand: Base, held: Base, run_out: Base) -> Result<Base, QuantityOverflow> {
    on_hand.minus(held)?.plus(run_out)
}

/// How much is left, as a list may say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StockWord {
    InStock,
    FewLeft,
    SoldOut,
}

impl StockWord {
    /// Few: no more than three of the smallest sale unit.
    pub fn of(available: Base, smallest_unit: Base) -> Self {
        if available < smallest_unit {
            StockWord::SoldOut
        } else if available.0 <= smallest_unit.0.saturating_mul(3) {
            StockWord::FewLeft
        } else {
            StockWord::InStock
        }
    }
}

/// How long a hold lives while payment is awaited, in minutes. A dated setting, not a law: 15, renewed up to 45; up to 60 from 10,000,000 đ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldRule {
    pub minutes: i64,
    pub most_minutes: i64,
}

impl HoldRule {
    pub fn for_total(total: super::money::Money) -> Self {
        let most_minutes = if total.vnd() >= 10_000_000 { 60 } else { 45 };
        Self { minutes: 15, most_minutes }
    }

    pub fn first_end(self, made_at: At) -> At {
        made_at.plus_minutes(self.minutes)
    }

    /// The end after one more sign of life from the payer's page.
    pub fn renewed_end(self, made_at: At, now: At) -> At {
        now.plus_minutes(self.minutes).min(made_at.plus_minutes(self.most_minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lot(number: u8, best_before: Option<&str>, available: i64) -> LotStock {
        LotStock {
            id: LotId::new(At::from_unix_seconds(i64::from(number)), [number; 10]),
            best_before: best_before.map(|day| day.parse().expect("a day")),
            made_on: "2026-11-20".parse().expect("a day"),
            is_planned: false,
            is_window: false,
            available: Base(available),
        }
    }

    #[test]
    fn what_expires_first_goes_out_first() {
        let mut lots = vec![lot(1, None, 10), lot(2, Some("2026-11-30"), 10), lot(3, Some("2026-11-25"), 10)];
        order_first_expired(&mut lots);
        let shares = allocate(&mut lots, Base(15)).expect("enough");
        let taken: Vec<(LotId, i64)> = shares.into_iter().map(|share| (share.lot, share.base.0)).collect();
        assert_eq!(taken, vec![(lot(3, None, 0).id, 10), (lot(2, None, 0).id, 5)]);
    }

    #[test]
    fn a_lot_that_owes_more_than_it_has_gives_nothing() {
        let mut lots = vec![lot(1, None, -5), lot(2, None, 3)];
        assert_eq!(allocate(&mut lots, Base(4)), Err(Short { available: Base(3) }));
        assert_eq!(lots.iter().map(|lot| lot.available.0).sum::<i64>(), -2, "nothing was taken");
    }

    proptest! {
        #[test]
        fn allocation_gives_exactly_what_was_asked_or_nothing(parts in proptest::collection::vec(-100_i64..1000, 0..8), need in 1_i64..3000) {
            let mut lots: Vec<LotStock> = parts.iter().zip(0_u8..).map(|(n, i)| lot(i, None, *n)).collect();
            let there: i64 = parts.iter().filter(|n| **n > 0).sum();
            match allocate(&mut lots, Base(need)) {
                Ok(shares) => {
                    prop_assert_eq!(shares.iter().map(|share| share.base.0).sum::<i64>(), need);
                    prop_assert!(lots.iter().zip(&parts).all(|(lot, before)| lot.available.0 >= 0.min(*before)));
                }
                Err(short) => { prop_assert!(there < need); prop_assert_eq!(short.available.0, there); }
            }
        }
    }
}
