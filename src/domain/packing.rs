//! Packing an order: who has it in hand, what a page showed of it, what may go into the box instead of what is missing. Pure.

use super::id::{OrderLineId, hex};
use super::money::Money;
use super::order::IfShort;
use super::quantity::{Base, BaseUnit, Quantity};
use super::time::At;
use sha2::{Digest, Sha256};

/// Seconds that an order is in a packer's hands; whoever went home meanwhile has it no more.
pub const IN_HAND_S: i64 = 4 * 3600;
/// Characters of a key that a phone makes for a tap.
const KEY_CHARS: std::ops::RangeInclusive<usize> = 8..=64;

/// Whether who took an order up then still has it in hand.
pub fn is_in_hand(since: At, now: At) -> bool {
    now.seconds_since(since) < IN_HAND_S
}

/// Whether a key is one: letters, figures and hyphens.
pub fn is_key(text: &str) -> bool {
    KEY_CHARS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What a packer's page showed of an order: its lines and how much was ordered of each, in one word. Weights are not in it; each
/// is compared by itself.
pub fn seen<'a>(lines: impl IntoIterator<Item = (&'a OrderLineId, Base, bool)>) -> String {
    let mut rows: Vec<String> =
        lines.into_iter().map(|(id, base, is_out)| format!("{id}:{}:{is_out};", base.0)).collect();
    rows.sort();
    let whole = hex(&Sha256::digest(rows.concat().as_bytes()));
    whole.get(..16).unwrap_or(&whole).to_owned()
}

/// Whether a line may be taken out of the box: something must stay in it. An order of which nothing stays is declined instead, with
/// its money given back.
pub fn may_take_out(stays: usize) -> bool {
    stays > 0
}

/// Whether the buyer's wish allows another product for a missing one.
pub fn may_replace(wish: IfShort) -> bool {
    !matches!(wish, IfShort::Drop)
}

/// A missing line, as what stands in for it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    pub unit: BaseUnit,
    pub base: Base,
    /// What it would have cost; nothing that costs more stands in for it.
    pub amount: Money,
}

/// An offer that might stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandIn {
    pub unit: BaseUnit,
    pub per_unit: Base,
    pub price: Money,
}

impl Missing {
    /// How much of an offer stands in for it, and for how much; none when the offer is measured otherwise, makes no such quantity, or
    /// would cost more.
    pub fn by(&self, offer: &StandIn) -> Option<(Quantity, Money)> {
        if offer.unit != self.unit {
            return None;
        }
        let thousandths = i128::from(self.base.0).checked_mul(1_000)?;
        let per_unit = i128::from(offer.per_unit.0.max(1));
        let is_whole = thousandths.rem_euclid(per_unit) == 0;
        let quantity = Quantity(i64::try_from(thousandths.div_euclid(per_unit)).ok().filter(|_| is_whole)?);
        let amount = quantity.priced(offer.price).ok()?;
        (quantity.is_positive() && amount <= self.amount).then_some((quantity, amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(n: u8) -> OrderLineId {
        OrderLineId::new(At::from_unix_seconds(0), [n; 10])
    }

    #[test]
    fn an_order_is_in_hand_until_its_packer_has_gone_home() {
        let since = At::from_unix_seconds(1_000);
        assert!(is_in_hand(since, since.plus_seconds(IN_HAND_S - 1)));
        assert!(!is_in_hand(since, since.plus_seconds(IN_HAND_S)));
    }

    #[test]
    fn a_page_that_showed_other_lines_is_known() {
        let (a, b) = (line(1), line(2));
        let shown = seen([(&a, Base(1_000), false), (&b, Base(500), false)]);
        assert_eq!(shown, seen([(&b, Base(500), false), (&a, Base(1_000), false)]), "in any order");
        assert_ne!(shown, seen([(&a, Base(1_000), false), (&b, Base(500), true)]), "one was taken out");
        assert_ne!(shown, seen([(&a, Base(1_000), false)]));
        assert!(is_key("9f3c-aa01") && !is_key("x") && !is_key("nine<script>") && !is_key(&"a".repeat(65)));
    }

    #[test]
    fn what_stands_in_never_costs_more() {
        let missing = Missing { unit: BaseUnit::Gram, base: Base(2_000), amount: Money(90_000) };
        let offer = |per_unit, price| StandIn { unit: BaseUnit::Gram, per_unit: Base(per_unit), price: Money(price) };
        assert_eq!(missing.by(&offer(1_000, 45_000)), Some((Quantity(2_000), Money(90_000))));
        assert_eq!(missing.by(&offer(500, 20_000)), Some((Quantity(4_000), Money(80_000))));
        assert_eq!(missing.by(&offer(1_000, 45_001)), None);
        assert_eq!(missing.by(&offer(3_000, 1_000)), None, "no whole number of thousandths");
        assert_eq!(missing.by(&StandIn { unit: BaseUnit::Piece, ..offer(1, 1) }), None);
        assert!(may_replace(IfShort::Replace) && may_replace(IfShort::Call) && !may_replace(IfShort::Drop));
        assert!(may_take_out(1) && !may_take_out(0));
    }

    proptest! {
        #[test]
        fn what_stands_in_is_as_much_and_not_dearer(base in 1_i64..100_000, amount in 0_i64..10_000_000, per_unit in 1_i64..50_000, price in 0_i64..1_000_000) {
            let missing = Missing { unit: BaseUnit::Gram, base: Base(base), amount: Money(amount) };
            let offer = StandIn { unit: BaseUnit::Gram, per_unit: Base(per_unit), price: Money(price) };
            if let Some((quantity, costs)) = missing.by(&offer) {
                prop_assert_eq!(quantity.to_base(Base(per_unit)), Ok(Base(base)));
                prop_assert!(costs <= missing.amount);
            }
        }
    }
}
