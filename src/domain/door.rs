//! At the door: what cash means beside what is due, whose hands it is in afterwards, notes that are counted, and what a hand-over
//! to the cashier settles. Pure; knows no page and no row.

use super::ledger::LedgerKind;
use super::money::{Money, MoneyOverflow};
use super::order::OrderState;
use super::refusal::Refusal;
use std::fmt::Write as _;

crate::word_enum! {
    /// A hand-over of cash: said by the carrier, confirmed by the cashier; or ended before, or taken back after.
    HandOverState { Said = "said", Confirmed = "confirmed", Withdrawn = "withdrawn", Undone = "undone" }
}

/// The most that is believed at one door.
const MOST_AT_A_DOOR: Money = Money(500_000_000);
/// How long an entry made by hand can be taken back, seconds.
pub const UNDO_WITHIN_S: i64 = 3_600;
/// Notes in use, the largest first, đồng.
pub const NOTES: [i64; 9] = [500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000];
/// The most pieces of one note that a form takes.
const MOST_PIECES: i64 = 100_000;

/// What a buyer hands over beside what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    Exact,
    /// The order stays unpaid by so much.
    Short(Money),
    /// So much is owed back.
    Over(Money),
    /// A slip of the finger: nothing, ten times what is due, or more than anybody carries.
    Unlikely,
}

/// Compares cash with what is due now (nothing when the order is paid).
pub fn compare(due: Money, amount: Money) -> Result<Handed, MoneyOverflow> {
    let is_ten_times = due.is_positive() && amount >= due.times(10)?;
    if !amount.is_positive() || amount > MOST_AT_A_DOOR || is_ten_times {
        return Ok(Handed::Unlikely);
    }
    Ok(match amount.cmp(&due) {
        std::cmp::Ordering::Equal => Handed::Exact,
        std::cmp::Ordering::Less => Handed::Short(due.minus(amount)?),
        std::cmp::Ordering::Greater => Handed::Over(amount.minus(due)?),
    })
}

/// Where cash stands once a member has taken it: whoever carries the order holds it until it is handed over; a cashier puts it into
/// the till; anybody else holds it.
pub const fn cash_stands(is_carrier: bool, is_cashier: bool) -> LedgerKind {
    if is_cashier && !is_carrier { LedgerKind::Cash } else { LedgerKind::CashWithCarrier }
}

/// Whether somebody stands at a door with this order, or did and money is still to come.
pub const fn is_at_the_door(state: OrderState) -> bool {
    matches!(state, OrderState::OnTheWay | OrderState::Delivered)
}

/// Whether the carrier's screen is green: goods that are given away are paid for, to the đồng.
pub const fn is_green(state: OrderState, due: Money) -> bool {
    is_at_the_door(state) && !due.is_positive()
}

/// Counted notes: (note, pieces), both đồng and pieces above zero.
pub type Notes = Vec<(i64, i64)>;

/// What counted notes come to; nothing when none were counted.
///
/// # Errors
/// A number of pieces that nobody holds.
pub fn sum_of_notes(notes: &[(i64, i64)]) -> Result<Money, Refusal> {
    let unread = || Refusal::new("refusal-notes").about("notes");
    let mut sum = Money::ZERO;
    for (note, pieces) in notes {
        if !NOTES.contains(note) || !(0..=MOST_PIECES).contains(pieces) {
            return Err(unread());
        }
        sum = Money(*note).times(*pieces).and_then(|part| sum.plus(part)).map_err(|_too_much| unread())?;
    }
    Ok(sum)
}

/// Notes as they are kept: `500000x2 20000x3`.
pub fn notes_text(notes: &[(i64, i64)]) -> String {
    let mut text = String::new();
    for (note, pieces) in notes.iter().filter(|(_, pieces)| *pieces > 0) {
        let gap = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{gap}{note}x{pieces}");
    }
    text
}

/// Reads what `notes_text` wrote; what is not understood is left out.
pub fn read_notes(text: &str) -> Notes {
    let read = |part: &str| {
        let (note, pieces) = part.split_once('x')?;
        Some((note.parse().ok()?, pieces.parse().ok()?))
    };
    text.split_whitespace().filter_map(read).collect()
}

/// What of a carrier's money a hand-over settles, when `kept` stays as change.
///
/// # Errors
/// Nothing to hand in, or more kept than is held.
pub fn covered(held: Money, kept: Money) -> Result<Money, Refusal> {
    if !held.is_positive() {
        return Err(Refusal::new("refusal-nothing-held"));
    }
    let covers = held.minus(kept).ok().filter(|covers| covers.is_positive() && kept >= Money::ZERO);
    covers.ok_or_else(|| Refusal::new("refusal-kept").with("held", held).about("kept"))
}

#[cfg(test)]
mod tests {
    use super::super::ledger::cash_handed_over;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cash_is_exact_short_over_or_a_slip_of_the_finger() {
        let due = Money(287_500);
        for (amount, expected) in [
            (287_500, Handed::Exact),
            (280_000, Handed::Short(Money(7_500))),
            (300_000, Handed::Over(Money(12_500))),
            (2_875_000, Handed::Unlikely),
            (0, Handed::Unlikely),
            (-1, Handed::Unlikely),
        ] {
            assert_eq!(compare(due, Money(amount)), Ok(expected), "{amount}");
        }
        assert_eq!(compare(Money::ZERO, Money(20_000)), Ok(Handed::Over(Money(20_000))));
    }

    #[test]
    fn only_a_cashier_who_does_not_carry_the_order_puts_cash_into_the_till() {
        assert_eq!(cash_stands(false, true), LedgerKind::Cash);
        for (is_carrier, is_cashier) in [(true, true), (true, false), (false, false)] {
            assert_eq!(cash_stands(is_carrier, is_cashier), LedgerKind::CashWithCarrier);
        }
    }

    #[test]
    fn nothing_is_green_that_is_not_at_the_door_or_not_paid() {
        for state in OrderState::ALL {
            assert!(!is_green(*state, Money(1)), "{state}");
            assert_eq!(is_green(*state, Money::ZERO), is_at_the_door(*state), "{state}");
        }
    }

    #[test]
    fn kept_change_is_at_most_what_is_held() {
        assert_eq!(covered(Money(340_000), Money::ZERO), Ok(Money(340_000)));
        assert_eq!(covered(Money(340_000), Money(40_000)), Ok(Money(300_000)));
        for (held, kept, key) in [(0, 0, "refusal-nothing-held"), (5, 5, "refusal-kept"), (5, -1, "refusal-kept")] {
            assert_eq!(covered(Money(held), Money(kept)).expect_err("refused").key, key);
        }
    }

    /// What a carrier does: takes cash, or hands in all but some change, counted right or wrong.
    #[derive(Debug, Clone)]
    enum Act {
        Takes(i64),
        HandsIn { kept: i64, off: i64 },
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let takes = (1_i64..5_000_000).prop_map(Act::Takes);
        let hands_in = (0_i64..200_000, -50_000_i64..50_000).prop_map(|(kept, off)| Act::HandsIn { kept, off });
        proptest::collection::vec(prop_oneof![takes, hands_in], 0..30)
    }

    proptest! {
        #[test]
        fn short_and_over_say_the_difference_to_the_dong(due in 0_i64..1_000_000_000, amount in 1_i64..500_000_000) {
            match compare(Money(due), Money(amount)).expect("fits") {
                Handed::Exact => prop_assert_eq!(amount, due),
                Handed::Short(Money(missing)) => prop_assert_eq!(amount + missing, due),
                Handed::Over(Money(excess)) => prop_assert_eq!(due + excess, amount),
                Handed::Unlikely => prop_assert!(due > 0 && amount >= due * 10),
            }
        }

        #[test]
        fn whatever_is_counted_the_hand_over_balances_and_settles_what_it_covers(covers in 1_i64..1_000_000_000, counted in 1_i64..1_000_000_000) {
            let lines = cash_handed_over(Money(covers), Money(counted)).expect("fits");
            prop_assert_eq!(Money::sum(lines.iter().map(|line| line.amount)), Ok(Money::ZERO));
            let of = |kind| lines.iter().find(|line| line.kind == kind).map_or(0, |line| line.amount.vnd());
            prop_assert_eq!((of(LedgerKind::Cash), of(LedgerKind::CashWithCarrier)), (counted, -covers));
            prop_assert_eq!(of(LedgerKind::CashDifference), covers - counted);
            let back = cash_handed_over(Money(-covers), Money(-counted)).expect("fits");
            for (there, back) in lines.iter().zip(&back) {
                prop_assert_eq!((there.kind, there.amount.vnd()), (back.kind, -back.amount.vnd()));
            }
        }

        #[test]
        fn what_was_taken_is_in_hands_in_the_till_or_stands_as_a_difference(acts in acts()) {
            let (mut held, mut taken, mut till, mut difference) = (0_i64, 0_i64, 0_i64, 0_i64);
            for act in acts {
                match act {
                    Act::Takes(amount) => (held, taken) = (held + amount, taken + amount),
                    Act::HandsIn { kept, off } => {
                        let Ok(covers) = covered(Money(held), Money(kept)) else { continue };
                        let counted = Money((covers.vnd() + off).max(1));
                        for line in cash_handed_over(covers, counted).expect("fits") {
                            match line.kind {
                                LedgerKind::Cash => till += line.amount.vnd(),
                                LedgerKind::CashWithCarrier => held += line.amount.vnd(),
                                _ => difference += line.amount.vnd(),
                            }
                        }
                        prop_assert_eq!(held, kept);
                    }
                }
                prop_assert!(held >= 0);
                prop_assert_eq!(taken, held + till + difference);
            }
        }

        #[test]
        fn notes_are_read_back_as_they_were_counted(pieces in proptest::collection::vec(0_i64..500, NOTES.len())) {
            let notes: Notes = NOTES.into_iter().zip(pieces).collect();
            let counted: Notes = notes.iter().copied().filter(|(_, pieces)| *pieces > 0).collect();
            prop_assert_eq!(read_notes(&notes_text(&notes)), counted);
            let sum: i64 = notes.iter().map(|(note, pieces)| note * pieces).sum();
            prop_assert_eq!(sum_of_notes(&notes), Ok(Money(sum)));
        }
    }
}
