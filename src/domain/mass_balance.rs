//! What came into a lot, what left it and what is left: the sum that an inspector does by hand. Pure.

use super::quantity::{Base, QuantityOverflow};
use super::stock::MovementKind;

/// Base units of one lot. What left is positive here; `counted` is the sum of what counts have put right, either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct MassBalance {
    pub harvested: Base,
    pub taken_in: Base,
    pub returned: Base,
    pub sold: Base,
    pub sold_outside: Base,
    pub lost: Base,
    /// Became another lot, or came from another.
    pub transformed: Base,
    pub counted: Base,
    /// The sum of all movements: what must be there.
    pub left: Base,
}

impl MassBalance {
    /// Adds up a lot's movements, each signed as it is stored.
    pub fn of(movements: impl IntoIterator<Item = (MovementKind, Base)>) -> Result<Self, QuantityOverflow> {
        let mut balance = Self::default();
        for (kind, base) in movements {
            balance.left = balance.left.plus(base)?;
            match kind {
                // A plan is taken back when its harvest is there; until then it stands for it.
                MovementKind::Harvest | MovementKind::Plan => balance.harvested = balance.harvested.plus(base)?,
                MovementKind::Intake => balance.taken_in = balance.taken_in.plus(base)?,
                MovementKind::Return => balance.returned = balance.returned.plus(base)?,
                MovementKind::Sale => balance.sold = balance.sold.minus(base)?,
                MovementKind::OutsideSale => balance.sold_outside = balance.sold_outside.minus(base)?,
                MovementKind::Loss => balance.lost = balance.lost.minus(base)?,
                MovementKind::TransformIn | MovementKind::TransformOut => {
                    balance.transformed = balance.transformed.plus(base)?;
                }
                MovementKind::Count => balance.counted = balance.counted.plus(base)?,
            }
        }
        Ok(balance)
    }

    /// Everything that came in, before counts.
    pub fn came_in(&self) -> Result<Base, QuantityOverflow> {
        Base::sum([self.harvested, self.taken_in, self.returned])
    }

    /// In, less out, put right by counts, is what is left.
    pub fn adds_up(&self) -> Result<bool, QuantityOverflow> {
        let out = Base::sum([self.sold, self.sold_outside, self.lost])?;
        let sum = self.came_in()?.minus(out)?.plus(self.transformed)?.plus(self.counted)?;
        Ok(sum == self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_moved_the_parts_add_up_to_what_is_left(moves in proptest::collection::vec((0_usize..MovementKind::ALL.len(), -100_000_i64..100_000), 0..30)) {
            let moves: Vec<(MovementKind, Base)> = moves.into_iter().map(|(kind, base)| (MovementKind::ALL[kind], Base(base))).collect();
            let balance = MassBalance::of(moves.iter().copied()).expect("small numbers");
            prop_assert_eq!(balance.adds_up(), Ok(true));
            prop_assert_eq!(balance.left.0, moves.iter().map(|(_, base)| base.0).sum::<i64>());
        }
    }
}
