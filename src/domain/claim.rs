//! A buyer says what is wrong with goods that were received: the states of that claim, what it can be worth, and its clocks. Pure; what is
//! given back is the ledger's matter.

use super::answer::Hours;
use super::money::{Money, MoneyOverflow};
use super::quantity::Base;
use super::refusal::Refusal;
use super::time::At;

crate::word_enum! {
    /// What is wrong.
    ClaimKind { Spoiled = "spoiled", Short = "short", Wrong = "wrong", Missing = "missing", Other = "other" }
}

crate::word_enum! {
    /// Where a claim stands, and with that whose turn it is.
    ClaimState {
        /// The cooperative has to answer.
        Open = "open",
        /// The cooperative has asked the buyer for one more picture.
        Asked = "asked",
        /// The cooperative gives the line's money back, or a part; the buyer may take it further.
        Accepted = "accepted",
        Declined = "declined",
        /// The operator looks: the buyer wished it, or nobody answered.
        Escalated = "escalated",
        /// The operator has found that money should go back; the cooperative is asked for it.
        Found = "found",
        /// The cooperative refused that, or was silent: on the operator's list.
        Unmet = "unmet",
        Closed = "closed",
    }
}

crate::word_enum! {
    ClaimEvent {
        Made = "made", AskedPhoto = "asked_photo", SentPhoto = "sent_photo", Accepted = "accepted", Declined = "declined",
        /// The buyer is content, or takes it back.
        Satisfied = "satisfied",
        Escalated = "escalated", Found = "found",
        /// The operator found that nothing has to go back.
        Cleared = "cleared",
        Unmet = "unmet",
        /// Whoever's turn it was let the time go by.
        RanOut = "ran_out",
    }
}

/// Pictures of one claim.
pub const MOST_PHOTOS: usize = 4;
/// Letters of one person's words.
pub const MOST_WORDS: usize = 500;
/// Hours after hand-over in which a claim can be made, when no dated setting says otherwise.
pub const WITHIN_H: i64 = 24;
/// Hours until a claim should be at rest, the same.
pub const SOLVE_H: i64 = 168;

impl ClaimState {
    /// Somebody's turn.
    pub const fn is_under_way(self) -> bool {
        !matches!(self, ClaimState::Closed)
    }

    /// Before the operator.
    pub const fn is_with_operator(self) -> bool {
        matches!(self, ClaimState::Escalated | ClaimState::Found | ClaimState::Unmet)
    }

    /// The cooperative's turn.
    pub const fn waits_for_cooperative(self) -> bool {
        matches!(self, ClaimState::Open | ClaimState::Found | ClaimState::Unmet)
    }

    /// The state after `event`, or why it cannot be.
    pub fn after(self, event: ClaimEvent) -> Result<ClaimState, Refusal> {
        use ClaimState as S;
        let next = match (event, self) {
            (_, S::Closed) | (ClaimEvent::Made, _) => None,
            (ClaimEvent::AskedPhoto, S::Open) => Some(S::Asked),
            (ClaimEvent::SentPhoto, S::Open | S::Asked) => Some(S::Open),
            (ClaimEvent::SentPhoto, S::Escalated) => Some(S::Escalated),
            // The cooperative may say yes later than it should, or after all.
            (ClaimEvent::Accepted, S::Open | S::Asked | S::Declined | S::Escalated | S::Found | S::Unmet) => {
                Some(S::Accepted)
            }
            (ClaimEvent::Declined, S::Open | S::Asked) => Some(S::Declined),
            (ClaimEvent::Satisfied, _) => Some(S::Closed),
            (ClaimEvent::Escalated, S::Open | S::Accepted | S::Declined) => Some(S::Escalated),
            (ClaimEvent::Found, S::Escalated | S::Unmet) => Some(S::Found),
            (ClaimEvent::Cleared, S::Escalated | S::Unmet) => Some(S::Closed),
            (ClaimEvent::Unmet, S::Found) => Some(S::Unmet),
            (ClaimEvent::RanOut, S::Asked) => Some(S::Open),
            (ClaimEvent::RanOut, S::Accepted | S::Declined) => Some(S::Closed),
            _ => None,
        };
        next.ok_or_else(|| Refusal::new("refusal-claim-state").with("state", self))
    }
}

/// Until when a claim can be made for goods handed over then.
pub fn until(delivered: At, within_h: i64) -> At {
    delivered.plus_seconds(within_h.saturating_mul(3600))
}

/// What a line was charged, for how much, and what of that has been given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charged {
    pub amount: Money,
    pub base: Base,
    pub given: Money,
}

impl Charged {
    /// The most that can still be given back; never less than nothing.
    pub fn left(&self) -> Result<Money, MoneyOverflow> {
        Ok(self.amount.minus(self.given)?.max(Money::ZERO))
    }

    /// What so much of the line cost, half a đồng rounded up, within what is left.
    pub fn proposal(&self, claimed: Base) -> Result<Money, MoneyOverflow> {
        let part = claimed.min(self.base);
        Ok(self.amount.scaled_half_up(part.0, self.base.0.max(1))?.min(self.left()?))
    }
}

/// What a claim's clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing before then.
    Wait(At),
    /// The cooperative is asked for the so-manieth time; then again at.
    Ask(i64, At),
    Move(ClaimEvent),
}

/// The clock's times: dated settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Minutes of the cooperative's hours for its answer.
    pub answer_min: i64,
    /// When everybody there is asked again, in thousandths of that.
    pub again_permille: i64,
    pub photo_h: i64,
    pub settle_h: i64,
}

impl Default for Times {
    fn default() -> Self {
        Self { answer_min: 480, again_permille: 500, photo_h: 24, settle_h: 72 }
    }
}

impl Times {
    /// By when the cooperative has to have answered what waits for it since then.
    pub fn answer_by(&self, since: At, hours: Hours) -> At {
        hours.after(since, self.answer_min)
    }

    fn again_at(&self, since: At, hours: Hours) -> At {
        hours.after(since, self.answer_min.saturating_mul(self.again_permille).div_euclid(1000))
    }

    /// When the clock of a state that begins now first has something to do; none when nobody is hurried.
    pub fn first(&self, state: ClaimState, now: At, hours: Hours) -> Option<At> {
        match state {
            ClaimState::Open | ClaimState::Found => Some(hours.after(now, 0)),
            ClaimState::Asked => Some(until(now, self.photo_h)),
            ClaimState::Accepted | ClaimState::Declined => Some(until(now, self.settle_h)),
            ClaimState::Escalated | ClaimState::Unmet | ClaimState::Closed => None,
        }
    }

    /// What is due in a state that stands since `since`, of which `stage` askings are done. The newest asking stands for those before it,
    /// and a time that is over for all of them. The cooperative is never hurried outside its hours.
    pub fn due(&self, state: ClaimState, stage: i64, since: At, now: At, hours: Hours) -> Option<Due> {
        let silent = match state {
            ClaimState::Open => ClaimEvent::Escalated,
            ClaimState::Found => ClaimEvent::Unmet,
            _ => {
                let end = self.first(state, since, hours)?;
                return Some(if end <= now { Due::Move(ClaimEvent::RanOut) } else { Due::Wait(end) });
            }
        };
        if !hours.is_open(now) {
            return Some(Due::Wait(hours.after(now, 0)));
        }
        let (again, over) = (self.again_at(since, hours), self.answer_by(since, hours));
        Some(if over <= now {
            Due::Move(silent)
        } else if again <= now {
            if stage < 2 { Due::Ask(2, over) } else { Due::Wait(over) }
        } else if stage < 1 {
            Due::Ask(1, again)
        } else {
            Due::Wait(again)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOURS: Hours = Hours { opens_min: 360, closes_min: 1200, within_min: 120 };

    fn at(text: &str) -> At {
        text.parse().expect("a time")
    }

    #[test]
    fn the_transition_table_is_this_and_nothing_else() {
        let mut rows = Vec::new();
        for state in ClaimState::ALL {
            for event in ClaimEvent::ALL {
                if let Ok(next) = state.after(*event) {
                    rows.push(format!("{state} --{event}--> {next}"));
                }
            }
        }
        insta::assert_snapshot!(rows.join("\n"), @r"
        open --asked_photo--> asked
        open --sent_photo--> open
        open --accepted--> accepted
        open --declined--> declined
        open --satisfied--> closed
        open --escalated--> escalated
        asked --sent_photo--> open
        asked --accepted--> accepted
        asked --declined--> declined
        asked --satisfied--> closed
        asked --ran_out--> open
        accepted --satisfied--> closed
        accepted --escalated--> escalated
        accepted --ran_out--> closed
        declined --accepted--> accepted
        declined --satisfied--> closed
        declined --escalated--> escalated
        declined --ran_out--> closed
        escalated --sent_photo--> escalated
        escalated --accepted--> accepted
        escalated --satisfied--> closed
        escalated --found--> found
        escalated --cleared--> closed
        found --accepted--> accepted
        found --satisfied--> closed
        found --unmet--> unmet
        unmet --accepted--> accepted
        unmet --satisfied--> closed
        unmet --found--> found
        unmet --cleared--> closed
        ");
    }

    #[test]
    fn the_cooperative_is_asked_twice_in_its_hours_and_then_the_operator_looks() {
        let (times, since) = (Times::default(), at("2026-11-23T19:00:00+07:00"));
        let due = |stage, now: &str| times.due(ClaimState::Open, stage, since, at(now), HOURS).expect("a clock");
        let (again, over) = (at("2026-11-24T09:00:00+07:00"), at("2026-11-24T13:00:00+07:00"));
        assert_eq!(due(0, "2026-11-23T19:00:00+07:00"), Due::Ask(1, again));
        assert_eq!(due(1, "2026-11-23T19:30:00+07:00"), Due::Wait(again));
        assert_eq!(due(1, "2026-11-23T22:00:00+07:00"), Due::Wait(at("2026-11-24T06:00:00+07:00")));
        assert_eq!(due(1, "2026-11-24T09:00:00+07:00"), Due::Ask(2, over));
        assert_eq!(due(2, "2026-11-24T10:00:00+07:00"), Due::Wait(over));
        // After a night without a worker what is over stands for all that was not asked.
        assert_eq!(due(0, "2026-11-25T08:00:00+07:00"), Due::Move(ClaimEvent::Escalated));
        assert_eq!(
            times.due(ClaimState::Found, 0, since, at("2026-11-25T08:00:00+07:00"), HOURS),
            Some(Due::Move(ClaimEvent::Unmet))
        );
    }

    #[test]
    fn a_silent_buyer_ends_what_was_answered_even_at_night() {
        let (times, since) = (Times::default(), at("2026-11-23T22:00:00+07:00"));
        for state in [ClaimState::Accepted, ClaimState::Declined, ClaimState::Asked] {
            let end = times.first(state, since, HOURS).expect("an end");
            assert_eq!(times.due(state, 0, since, since, HOURS), Some(Due::Wait(end)));
            assert_eq!(times.due(state, 0, since, end, HOURS), Some(Due::Move(ClaimEvent::RanOut)));
        }
        for state in [ClaimState::Escalated, ClaimState::Unmet, ClaimState::Closed] {
            assert_eq!(times.due(state, 0, since, since, HOURS), None);
        }
    }

    proptest! {
        #[test]
        fn what_is_proposed_never_exceeds_what_is_left_and_grows_with_what_is_claimed(
            amount in 0_i64..1_000_000_000, base in 1_i64..10_000_000, given in 0_i64..2_000_000_000,
            one in 0_i64..20_000_000, more in 0_i64..20_000_000,
        ) {
            let line = Charged { amount: Money(amount), base: Base(base), given: Money(given) };
            let (less, all) = (line.proposal(Base(one)).expect("fits"), line.proposal(Base(one + more)).expect("fits"));
            prop_assert!(Money::ZERO <= less && less <= all && all <= line.left().expect("fits"));
            prop_assert_eq!(line.proposal(Base(base)).expect("fits"), line.left().expect("fits"));
        }

        #[test]
        fn every_life_of_a_claim_can_end(events in proptest::collection::vec(0_usize..ClaimEvent::ALL.len(), 0..40)) {
            let mut state = ClaimState::Open;
            for event in events {
                state = state.after(ClaimEvent::ALL[event]).unwrap_or(state);
            }
            prop_assert!(!state.is_under_way() || state.after(ClaimEvent::Satisfied) == Ok(ClaimState::Closed));
        }
    }
}
