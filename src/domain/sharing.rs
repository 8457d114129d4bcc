//! A harvest that is less than was ordered of it: who gets how much. Whole steps of what each bought by, never more than was ordered,
//! never more in all than was harvested. The rule is chosen before anybody orders, and shown to whoever does.

use super::quantity::Base;
use super::time::At;

crate::word_enum! {
    SharingRule {
        /// Whoever ordered first gets all of theirs first.
        First = "first",
        /// Everyone the same share of what they ordered, in whole steps: the largest remainders first.
        Equal = "equal",
    }
}

/// What one line has a claim to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub base: Base,
    /// The least that can be given more or less of it, base units.
    pub step: Base,
    /// All of it or nothing.
    pub whole: bool,
    /// Its order is not paid, though payment was asked for: behind all others.
    pub awaits_money: bool,
    pub ordered_at: At,
}

/// How much each claim gets, in their order.
pub fn share(there: Base, claims: &[Claim], rule: SharingRule) -> Vec<Base> {
    let mut turn: Vec<usize> = (0..claims.len()).collect();
    turn.sort_by_key(|at| claims.get(*at).map(|claim| (claim.awaits_money, claim.ordered_at)));
    let mut out: Vec<bool> = vec![false; claims.len()];
    loop {
        let shares = match rule {
            SharingRule::First => in_turn(there.0.max(0), claims, &turn, &out),
            SharingRule::Equal => alike(there.0.max(0), claims, &turn, &out),
        };
        // Of those who want all or nothing and would get a part, the last steps back; what it had is shared anew.
        let is_part = |at: &&usize| {
            claims.get(**at).zip(shares.get(**at)).is_some_and(|(claim, got)| claim.whole && *got < claim.base.0)
        };
        let steps_back = turn.iter().rev().filter(|at| out.get(**at) == Some(&false)).find(is_part).copied();
        match steps_back.and_then(|at| out.get_mut(at)) {
            Some(is_out) => *is_out = true,
            None => return shares.into_iter().map(Base).collect(),
        }
    }
}

/// The most of `base` in whole steps that `room` allows; all of it needs no steps.
fn in_steps(base: i64, step: i64, room: i64) -> i64 {
    if room >= base { base } else { room.div_euclid(step.max(1)).saturating_mul(step.max(1)).max(0) }
}

fn in_turn(there: i64, claims: &[Claim], turn: &[usize], out: &[bool]) -> Vec<i64> {
    let mut shares = vec![0; claims.len()];
    let mut left = there;
    for at in turn {
        let (Some(claim), Some(share), Some(false)) = (claims.get(*at), shares.get_mut(*at), out.get(*at)) else {
            continue;
        };
        let got = in_steps(claim.base.0, claim.step.0, left);
        *share = if claim.whole && got < claim.base.0 { 0 } else { got };
        left = left.saturating_sub(*share);
        // First means first: nobody behind takes what the one before could not use a whole step of.
        if got < claim.base.0 && !claim.whole {
            break;
        }
    }
    shares
}

fn alike(there: i64, claims: &[Claim], turn: &[usize], out: &[bool]) -> Vec<i64> {
    let mut shares = vec![0; claims.len()];
    let living: Vec<(usize, &Claim)> =
        turn.iter().filter(|at| out.get(**at) == Some(&false)).filter_map(|at| Some((*at, claims.get(*at)?))).collect();
    let total: i128 = living.iter().map(|(_, claim)| i128::from(claim.base.0)).sum();
    if total <= 0 {
        return shares;
    }
    let there = i128::from(there).min(total);
    let mut left = there;
    let mut remainders: Vec<(i128, usize, i64, i64)> = Vec::new();
    for (at, claim) in &living {
        // Exact: the share in parts of `total`.
        let exact = there.saturating_mul(i128::from(claim.base.0));
        let room = i64::try_from(exact.div_euclid(total)).unwrap_or(claim.base.0);
        let got = in_steps(claim.base.0, claim.step.0, room);
        if let Some(share) = shares.get_mut(*at) {
            *share = got;
        }
        left = left.saturating_sub(i128::from(got));
        remainders.push((
            exact.saturating_sub(i128::from(got).saturating_mul(total)),
            *at,
            claim.base.0,
            claim.step.0.max(1),
        ));
    }
    // Sorting keeps the turn among equals: who ordered first.
    remainders.sort_by_key(|(remainder, ..)| std::cmp::Reverse(*remainder));
    let mut has_given = true;
    while has_given {
        has_given = false;
        for (_, at, base, step) in &remainders {
            let Some(share) = shares.get_mut(*at) else { continue };
            let more = (*step).min(base.saturating_sub(*share));
            if more > 0 && i128::from(more) <= left {
                *share = share.saturating_add(more);
                left = left.saturating_sub(i128::from(more));
                has_given = true;
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claim(base: i64, at: i64) -> Claim {
        let ordered_at = At::from_unix_seconds(at);
        Claim { base: Base(base), step: Base(1), whole: false, awaits_money: false, ordered_at }
    }

    fn given(there: i64, claims: &[Claim], rule: SharingRule) -> Vec<i64> {
        share(Base(there), claims, rule).into_iter().map(|base| base.0).collect()
    }

    #[test]
    fn the_first_keeps_all_or_everyone_gives_up_the_same_part() {
        let claims = [claim(4_000, 2), claim(2_000, 1), claim(6_000, 3)];
        assert_eq!(given(9_000, &claims, SharingRule::First), [4_000, 2_000, 3_000]);
        assert_eq!(given(9_000, &claims, SharingRule::Equal), [3_000, 1_500, 4_500]);
        assert_eq!(given(10_000, &claims, SharingRule::Equal), [3_333, 1_667, 5_000]);
        let unpaid = [Claim { awaits_money: true, ..claim(4_000, 1) }, claim(2_000, 9)];
        assert_eq!(given(2_000, &unpaid, SharingRule::First), [0, 2_000]);
    }

    #[test]
    fn whole_packs_are_given_and_all_or_nothing_leaves_room_for_others() {
        let pack = |base, at| Claim { step: Base(500), ..claim(base, at) };
        assert_eq!(given(2_300, &[pack(1_500, 1), pack(1_500, 2)], SharingRule::Equal), [1_000, 1_000]);
        assert_eq!(given(2_700, &[pack(1_500, 1), pack(1_500, 2)], SharingRule::Equal), [1_500, 1_000]);
        let all = |base, at| Claim { whole: true, ..claim(base, at) };
        assert_eq!(given(5_000, &[claim(3_000, 1), all(4_000, 2)], SharingRule::Equal), [3_000, 0]);
        assert_eq!(
            given(5_000, &[all(3_000, 1), all(4_000, 2), claim(1_000, 3)], SharingRule::Equal),
            [3_000, 0, 1_000]
        );
        assert_eq!(given(5_000, &[all(6_000, 1), claim(4_000, 2)], SharingRule::First), [0, 4_000]);
    }

    proptest! {
        #[test]
        fn all_of_the_harvest_is_given_to_the_gram_and_nobody_gets_more_than_they_ordered(
            there in 0_i64..200_000,
            orders in proptest::collection::vec((1_i64..40_000, 0_i64..50), 0..30),
        ) {
            let claims: Vec<Claim> = orders.iter().map(|(base, at)| claim(*base, *at)).collect();
            let total: i64 = orders.iter().map(|(base, _)| base).sum();
            for rule in SharingRule::ALL {
                let got = given(there, &claims, *rule);
                prop_assert_eq!(got.iter().sum::<i64>(), there.min(total));
                for (got, claim) in got.iter().zip(&claims) {
                    prop_assert!((0..=claim.base.0).contains(got));
                }
            }
            // Who ordered more never gets less; and none is further than a gram from the exact share.
            let got = given(there, &claims, SharingRule::Equal);
            for (one, base) in got.iter().zip(&claims) {
                let exact = i128::from(there.min(total)) * i128::from(base.base.0);
                prop_assert!((i128::from(*one) * i128::from(total) - exact).abs() < i128::from(total));
                for (other, than) in got.iter().zip(&claims) {
                    prop_assert!(base.base <= than.base || one >= other);
                }
            }
        }

        #[test]
        fn more_harvested_takes_nothing_from_whoever_ordered_first_and_whole_steps_never_exceed_it(
            there in 0_i64..60_000,
            more in 0_i64..20_000,
            orders in proptest::collection::vec((1_i64..40, 0_i64..50, any::<bool>(), 1_i64..4), 0..12),
        ) {
            let claims: Vec<Claim> = orders
                .iter()
                .map(|(steps, at, whole, size)| Claim { step: Base(size * 250), whole: *whole, ..claim(steps * size * 250, *at) })
                .collect();
            for rule in SharingRule::ALL {
                let got = given(there, &claims, *rule);
                prop_assert!(got.iter().sum::<i64>() <= there);
                for (got, claim) in got.iter().zip(&claims) {
                    prop_assert!(got % claim.step.0 == 0 && *got <= claim.base.0);
                    prop_assert!(!claim.whole || *got == 0 || *got == claim.base.0);
                }
            }
            let simple: Vec<Claim> = claims.into_iter().map(|claim| Claim { whole: false, ..claim }).collect();
            let (before, after) = (given(there, &simple, SharingRule::First), given(there + more, &simple, SharingRule::First));
            prop_assert!(before.iter().zip(&after).all(|(before, after)| before <= after));
        }
    }
}
