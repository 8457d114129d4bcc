//! The gap test: each movement that a bank tells with its balance stands on the balance before it. Where it does not, a movement
//! was never told. Pure. Inside one day the order is not trusted (statements know days only): the movements are chained by their
//! balances.

use super::id::BankEventId;
use super::money::Money;
use super::time::{At, Day};
use std::collections::BTreeSet;

/// A movement that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub event: BankEventId,
    pub at: At,
    /// Positive in, negative out.
    pub moved: Money,
    /// Right after it; none where the bank did not say.
    pub balance: Option<Money>,
}

impl Step {
    fn before(&self) -> Option<Money> {
        self.balance?.minus(self.moved).ok()
    }

    fn day(&self) -> Day {
        self.at.day()
    }
}

/// Between two known movements something is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub after: Step,
    pub before: Step,
    /// What must have moved between them, positive in, negative out.
    pub missing: Money,
}

/// Every gap, the oldest first. `steps` by time.
pub fn gaps(steps: &[Step]) -> Vec<Gap> {
    let mut walk = Walk::default();
    for day in steps.chunk_by(|a, b| a.day() == b.day()) {
        walk.through(day);
    }
    walk.gaps
}

#[derive(Default)]
struct Walk {
    at: Option<(Step, Money)>,
    /// Movements without a balance that have not explained anything yet.
    untold: Vec<Money>,
    gaps: Vec<Gap>,
}

impl Walk {
    fn through(&mut self, day: &[Step]) {
        self.untold.extend(day.iter().filter(|step| step.before().is_none()).map(|step| step.moved));
        let mut rest: Vec<&Step> = day.iter().filter(|step| step.before().is_some()).collect();
        let mut seen: BTreeSet<i64> = self.at.iter().map(|(_, balance)| balance.vnd()).collect();
        let mut taken: BTreeSet<(i64, i64)> = BTreeSet::new();
        while !rest.is_empty() {
            let follows = self.at.as_ref().and_then(|(_, balance)| next_from(&rest, *balance));
            let chosen = match follows {
                Some(found) => found,
                None if drop_circle(&mut rest, &seen) => continue,
                None => {
                    let Some(found) = begins_a_chain(&rest) else { return };
                    let known = rest.get(found).map(|step| identity(step)).unwrap_or_default();
                    if taken.contains(&known) {
                        // The same movement told once more by a way that could not be linked.
                        rest.remove(found);
                        continue;
                    }
                    self.bridge(rest.get(found).copied());
                    found
                }
            };
            let step = rest.remove(chosen);
            taken.insert(identity(step));
            if let (Some(before), Some(balance)) = (step.before(), step.balance) {
                seen.extend([before.vnd(), balance.vnd()]);
                self.at = Some((step.clone(), balance));
            }
        }
    }

    /// The next chain begins elsewhere: movements without a balance may be why; else something is missing.
    fn bridge(&mut self, next: Option<&Step>) {
        let (Some((after, balance)), Some(next)) = (&self.at, next) else { return };
        let Some(missing) = next.before().and_then(|before| before.minus(*balance).ok()) else { return };
        if missing == Money::ZERO {
            return;
        }
        if let Some(one) = self.untold.iter().position(|moved| *moved == missing) {
            self.untold.remove(one);
        } else if !self.untold.is_empty() && Money::sum(self.untold.iter().copied()) == Ok(missing) {
            self.untold.clear();
        } else {
            self.gaps.push(Gap { after: after.clone(), before: next.clone(), missing });
        }
    }
}

fn identity(step: &Step) -> (i64, i64) {
    (step.moved.vnd(), step.balance.unwrap_or_default().vnd())
}

fn next_from(rest: &[&Step], balance: Money) -> Option<usize> {
    rest.iter().position(|step| step.before() == Some(balance))
}

/// The earliest movement whose own beginning is no other's end.
fn begins_a_chain(rest: &[&Step]) -> Option<usize> {
    let ends: BTreeSet<i64> = rest.iter().filter_map(|step| step.balance).map(Money::vnd).collect();
    let free = rest.iter().position(|step| step.before().is_some_and(|before| !ends.contains(&before.vnd())));
    free.or(if rest.is_empty() { None } else { Some(0) })
}

/// Money that came and went again in a circle from a balance that the account had that day: nothing is missing.
fn drop_circle(rest: &mut Vec<&Step>, seen: &BTreeSet<i64>) -> bool {
    let starts: Vec<Money> =
        rest.iter().filter_map(|step| step.before()).filter(|before| seen.contains(&before.vnd())).collect();
    for start in starts {
        let (mut left, mut at) = (rest.clone(), start);
        while let Some(found) = next_from(&left, at) {
            at = left.remove(found).balance.unwrap_or(at);
            if at == start {
                *rest = left;
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(rows: &[(i64, i64, Option<i64>)]) -> Vec<Step> {
        let start: At = "2026-11-23T00:00:00+07:00".parse().expect("valid");
        let step = |(n, (hour, moved, balance)): (usize, &(i64, i64, Option<i64>))| {
            let at = start.plus_minutes(hour * 60);
            Step {
                event: BankEventId::new(at, [u8::try_from(n).expect("few"); 10]),
                at,
                moved: Money(*moved),
                balance: balance.map(Money),
            }
        };
        rows.iter().enumerate().map(step).collect()
    }

    fn missing(rows: &[(i64, i64, Option<i64>)]) -> Vec<i64> {
        gaps(&steps(rows)).iter().map(|gap| gap.missing.vnd()).collect()
    }

    #[test]
    fn balances_that_follow_each_other_have_no_gap() {
        assert!(missing(&[]).is_empty());
        assert!(missing(&[(1, 100, Some(1100)), (2, -50, Some(1050)), (30, 10, Some(1060))]).is_empty());
        // Within a day in any order, with a circle.
        assert!(
            missing(&[(1, -50, Some(1050)), (2, 100, Some(1100)), (3, 50, Some(1100)), (4, -50, Some(1050))])
                .is_empty()
        );
    }

    #[test]
    fn a_movement_that_was_never_told_is_a_gap_of_its_amount() {
        assert_eq!(missing(&[(1, 100, Some(1100)), (3, 50, Some(1350))]), [200]);
        assert_eq!(missing(&[(1, 100, Some(1100)), (30, 50, Some(1050)), (60, 1, Some(1052))]), [-100, 1]);
    }

    #[test]
    fn what_has_no_balance_explains_its_own_amount_and_no_other() {
        assert!(missing(&[(1, 100, Some(1100)), (2, 200, None), (3, 50, Some(1350))]).is_empty());
        assert!(missing(&[(1, 100, Some(1100)), (2, 150, None), (2, 50, None), (30, 50, Some(1350))]).is_empty());
        assert_eq!(missing(&[(1, 100, Some(1100)), (2, 190, None), (3, 50, Some(1350))]), [200]);
    }

    #[test]
    fn a_movement_told_twice_is_no_gap() {
        assert!(missing(&[(1, 100, Some(1100)), (1, 100, Some(1100)), (2, 50, Some(1150))]).is_empty());
    }
}
