//! When another account may take the money of a cooperative: one person proposes, another agrees, a day goes by in which anybody who
//! manages may stop it. Pure; knows no account number and no page. Source: decisions, «Changing a receiving account».

use super::id::AccountId;
use super::time::At;

crate::word_enum! {
    ChangeState {
        /// Waits for a second person.
        Proposed = "proposed",
        /// Waits for its hour.
        Agreed = "agreed",
        InForce = "in_force",
        TakenBack = "taken_back",
        Refused = "refused",
        Stopped = "stopped",
    }
}
crate::word_enum! {
    /// As whom the second person agreed.
    Second { Manager = "manager", Operator = "operator" }
}

/// The day in which everybody can see it and stop it, seconds.
pub const LEAST_WAIT_S: i64 = 86_400;

/// How long an agreed change waits: the dated setting, which may lengthen the day and never shorten it.
pub fn wait_s(setting_hours: Option<i64>) -> i64 {
    setting_hours.unwrap_or(0).saturating_mul(3_600).max(LEAST_WAIT_S)
}

/// A change as its rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub state: ChangeState,
    pub proposed_by: AccountId,
    pub proposed_at: At,
    pub agreed_by: Option<AccountId>,
    pub agreed_at: Option<At>,
    pub in_force_from: Option<At>,
}

/// Why an act cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Who proposes does not agree.
    SamePerson,
    /// Only the proposer takes it back.
    NotTheProposer,
    /// Its hour has come: it is in force.
    TooLate,
    /// Somebody has acted meanwhile.
    Moved,
}

impl Change {
    pub fn propose(by: AccountId, at: At) -> Self {
        let state = ChangeState::Proposed;
        Self { state, proposed_by: by, proposed_at: at, agreed_by: None, agreed_at: None, in_force_from: None }
    }

    /// Whether the new account takes the money now. Asked wherever an account is read: no worker has to have run.
    pub fn is_in_force(&self, now: At) -> bool {
        match self.state {
            ChangeState::InForce => true,
            ChangeState::Agreed => self.in_force_from.is_some_and(|from| from <= now),
            _ => false,
        }
    }

    /// Nothing about it is decided any more, but its hour.
    pub fn is_under_way(&self, now: At) -> bool {
        matches!(self.state, ChangeState::Proposed | ChangeState::Agreed) && !self.is_in_force(now)
    }

    fn still(&self, state: ChangeState, now: At) -> Result<(), Against> {
        if self.is_in_force(now) {
            Err(Against::TooLate)
        } else if self.state == state {
            Ok(())
        } else {
            Err(Against::Moved)
        }
    }

    /// The second person agrees; it comes into force after the wait, counted from this moment.
    pub fn agree(&mut self, by: &AccountId, now: At, wait_s: i64) -> Result<(), Against> {
        self.still(ChangeState::Proposed, now)?;
        if *by == self.proposed_by {
            return Err(Against::SamePerson);
        }
        self.state = ChangeState::Agreed;
        self.agreed_by = Some(by.clone());
        self.agreed_at = Some(now);
        self.in_force_from = Some(now.plus_seconds(wait_s.max(LEAST_WAIT_S)));
        Ok(())
    }

    /// The second person does not agree. Whoever proposed takes it back instead.
    pub fn refuse(&mut self, by: &AccountId, now: At) -> Result<(), Against> {
        self.still(ChangeState::Proposed, now)?;
        if *by == self.proposed_by {
            return Err(Against::SamePerson);
        }
        self.state = ChangeState::Refused;
        Ok(())
    }

    pub fn take_back(&mut self, by: &AccountId, now: At) -> Result<(), Against> {
        self.still(ChangeState::Proposed, now)?;
        if *by != self.proposed_by {
            return Err(Against::NotTheProposer);
        }
        self.state = ChangeState::TakenBack;
        Ok(())
    }

    /// Anybody who manages, for any reason, as long as its hour has not come.
    pub fn stop(&mut self, now: At) -> Result<(), Against> {
        self.still(ChangeState::Agreed, now)?;
        self.state = ChangeState::Stopped;
        Ok(())
    }

    /// Writes down that its hour has come; false while it has not, or when that is written already.
    pub fn come_into_force(&mut self, now: At) -> bool {
        let is_due = self.state == ChangeState::Agreed && self.is_in_force(now);
        if is_due {
            self.state = ChangeState::InForce;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn person(n: u8) -> AccountId {
        AccountId::new(At::from_unix_seconds(1), [n; 10])
    }

    #[derive(Debug, Clone)]
    enum Act {
        Agree(u8, i64),
        Refuse(u8),
        TakeBack(u8),
        Stop,
        Come,
    }

    fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
        let act = prop_oneof![
            4 => (0..3_u8, -50..50_i64).prop_map(|(by, hours)| Act::Agree(by, hours)),
            1 => (0..3_u8).prop_map(Act::Refuse),
            1 => (0..3_u8).prop_map(Act::TakeBack),
            1 => Just(Act::Stop),
            4 => Just(Act::Come),
        ];
        // Time goes on, and now and then back.
        proptest::collection::vec((act, -3_600..60_000_i64), 1..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn no_sequence_of_acts_puts_an_account_in_force_without_two_people_and_a_day(acts in acts()) {
            let mut now = At::from_unix_seconds(1_000_000_000);
            let mut change = Change::propose(person(0), now);
            let (mut agreed, mut ended) = (None::<(AccountId, At)>, false);
            for (act, seconds) in acts {
                now = now.plus_seconds(seconds);
                match act {
                    Act::Agree(by, hours) => {
                        if change.agree(&person(by), now, wait_s(Some(hours))).is_ok() {
                            prop_assert!(agreed.is_none() && !ended, "agreed once, and not after an end");
                            agreed = Some((person(by), now));
                        }
                    }
                    Act::Refuse(by) => ended |= change.refuse(&person(by), now).is_ok(),
                    Act::TakeBack(by) => ended |= change.take_back(&person(by), now).is_ok(),
                    Act::Stop => ended |= change.stop(now).is_ok(),
                    Act::Come => { change.come_into_force(now); }
                }
                if change.is_in_force(now) {
                    let (second, at) = agreed.clone().expect("somebody agreed");
                    prop_assert!(!ended, "what was ended stays ended");
                    prop_assert!(second != change.proposed_by);
                    let from = change.in_force_from.expect("an hour");
                    prop_assert!(from.seconds_since(at) >= LEAST_WAIT_S);
                    if change.state == ChangeState::Agreed {
                        prop_assert!(now.seconds_since(at) >= LEAST_WAIT_S);
                        prop_assert_eq!(change.clone().stop(now), Err(Against::TooLate));
                    }
                }
            }
        }
    }

    #[test]
    fn each_act_has_its_state_and_its_person() {
        let t = At::from_unix_seconds(1_000_000);
        let new = || Change::propose(person(0), t);
        let agreed = || {
            let mut change = new();
            change.agree(&person(1), t, wait_s(None)).expect("agreed");
            change
        };
        assert_eq!(new().agree(&person(0), t, LEAST_WAIT_S), Err(Against::SamePerson));
        assert_eq!(new().refuse(&person(0), t), Err(Against::SamePerson));
        assert_eq!(new().take_back(&person(1), t), Err(Against::NotTheProposer));
        assert_eq!(new().stop(t), Err(Against::Moved));
        assert_eq!(agreed().agree(&person(2), t, LEAST_WAIT_S), Err(Against::Moved));
        assert_eq!(agreed().take_back(&person(0), t), Err(Against::Moved));
        let (late, early) = (t.plus_seconds(LEAST_WAIT_S), t.plus_seconds(LEAST_WAIT_S - 1));
        assert_eq!(agreed().stop(early), Ok(()));
        assert_eq!(agreed().stop(late), Err(Against::TooLate));
        assert!(!agreed().is_in_force(early) && agreed().is_in_force(late) && agreed().is_under_way(early));
        assert!(!agreed().come_into_force(early) && agreed().come_into_force(late));
    }

    #[test]
    fn a_setting_lengthens_the_day_and_never_shortens_it() {
        assert_eq!(
            [None, Some(1), Some(24), Some(-5), Some(48)].map(wait_s),
            [86_400, 86_400, 86_400, 86_400, 172_800]
        );
    }
}
