//! A sales window: goods ordered before they are harvested. When it takes orders, what can be asked of it, when it comes again.

use super::money::{Money, MoneyOverflow};
use super::quantity::Base;
use super::refusal::Refusal;
use super::time::{At, Day};

crate::word_enum! {
    WindowState {
        Open = "open",
        /// Takes no orders until it is opened again.
        Paused = "paused",
        /// Takes no more; what was ordered waits for the harvest.
        Closed = "closed",
        Harvested = "harvested",
        /// Nothing was harvested.
        Failed = "failed",
    }
}

/// Days ahead that a harvest may be announced, and days that one may take.
const MOST_AHEAD: i64 = 180;
const MOST_DAYS: i64 = 31;

impl WindowState {
    /// Whether it is over: what was ordered has been served or given back.
    pub const fn is_over(self) -> bool {
        matches!(self, WindowState::Harvested | WindowState::Failed)
    }
}

/// The three questions: harvested when, how much, ordered until when; and whether it comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub harvest_from: Day,
    pub harvest_to: Day,
    pub planned: Base,
    /// Orders that begin before it.
    pub closes_at: At,
    /// Monday is 1; empty: once.
    pub weekdays: String,
}

/// Whether a window takes an order that began at `began`. One that began before the end wins, however long it took to arrive: the
/// window may have been closed meanwhile.
pub fn takes(state: WindowState, closes_at: At, began: At) -> bool {
    matches!(state, WindowState::Open | WindowState::Closed) && began < closes_at
}

/// What is asked for before an order of `total` stands: so many basis points of it, in whole thousands upwards, never more than all.
pub fn deposit_of(total: Money, bps: i64) -> Result<Money, MoneyOverflow> {
    if bps <= 0 {
        return Ok(Money::ZERO);
    }
    let exact = total.percent_half_up(bps.min(10_000))?.vnd();
    let thousands = exact.saturating_add(999).div_euclid(1_000).saturating_mul(1_000);
    Ok(Money(thousands).min(total))
}

/// From when whoever ordered has to be answered: the harvest is over then. Vietnam's midnight.
pub fn answers_from(harvest_to: Day) -> At {
    harvest_to.plus_days(1).at_minute(0)
}

impl Plan {
    /// What cannot be, each about its field.
    pub fn check(&self, now: At) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let mut need = |holds: bool, key: &str, field: &str| {
            if !holds {
                refusals.push(Refusal::new(key).about(field));
            }
        };
        let span = self.harvest_to.days_since(self.harvest_from);
        let is_near = (0..=MOST_AHEAD).contains(&self.harvest_from.days_since(now.day()));
        need(is_near, "refusal-window-harvest", "harvest_from");
        need((0..=MOST_DAYS).contains(&span), "refusal-window-span", "harvest_to");
        need((1..=1_000_000_000_000).contains(&self.planned.0), "refusal-lot-quantity", "quantity");
        let is_before_the_end = self.closes_at < answers_from(self.harvest_to);
        need(now < self.closes_at && is_before_the_end, "refusal-window-closes", "closes_on");
        need(self.weekdays.chars().all(|day| ('1'..='7').contains(&day)), "refusal-window-weekdays", "weekdays");
        refusals
    }

    /// The round after this one: the next of its days whose orders can still be taken at `now`. However long nobody looked, there is one.
    pub fn next(&self, now: At) -> Option<Plan> {
        let span = self.harvest_to.days_since(self.harvest_from);
        let is_one = |day: &Day| self.weekdays.contains(&day.weekday().number_from_monday().to_string());
        let behind = now.day().days_since(self.harvest_from).max(0);
        (1..=behind.saturating_add(14)).map(|ahead| self.harvest_from.plus_days(ahead)).filter(is_one).find_map(|day| {
            let ahead = day.days_since(self.harvest_from);
            let closes_at = self.closes_at.plus_minutes(ahead.saturating_mul(24 * 60));
            (closes_at > now).then(|| Plan {
                harvest_from: day,
                harvest_to: day.plus_days(span),
                closes_at,
                ..self.clone()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> At {
        text.parse().expect("a time")
    }

    /// Harvest on Saturday 28/11, ordered until Thursday 17:00.
    fn saturday(weekdays: &str) -> Plan {
        Plan {
            harvest_from: "2026-11-28".parse().expect("a day"),
            harvest_to: "2026-11-28".parse().expect("a day"),
            planned: Base(120_000),
            closes_at: at("2026-11-26T17:00:00+07:00"),
            weekdays: weekdays.to_owned(),
        }
    }

    #[test]
    fn the_last_second_is_inside_and_the_next_is_outside() {
        let end = at("2026-11-26T17:00:00+07:00");
        for state in [WindowState::Open, WindowState::Closed] {
            assert!(takes(state, end, end.plus_seconds(-1)) && !takes(state, end, end));
        }
        for state in [WindowState::Paused, WindowState::Harvested, WindowState::Failed] {
            assert!(!takes(state, end, end.plus_seconds(-1)));
        }
    }

    #[test]
    fn what_cannot_be_is_said_field_by_field() {
        let now = at("2026-11-24T08:00:00+07:00");
        assert!(saturday("").check(now).is_empty());
        let wrong = Plan {
            harvest_from: "2026-11-20".parse().expect("a day"),
            harvest_to: "2026-11-19".parse().expect("a day"),
            planned: Base(0),
            closes_at: now,
            weekdays: "18".into(),
        };
        let fields: Vec<String> = wrong.check(now).into_iter().map(|refusal| refusal.field).collect();
        assert_eq!(fields, ["harvest_from", "harvest_to", "quantity", "closes_on", "weekdays"]);
        let late = Plan { closes_at: at("2026-11-29T00:00:00+07:00"), ..saturday("") };
        assert_eq!(late.check(now).len(), 1, "nobody orders what has been harvested");
    }

    #[test]
    fn it_comes_again_on_its_days_and_skips_those_that_are_past() {
        assert_eq!(saturday("").next(at("2026-11-26T17:00:00+07:00")), None);
        let next = saturday("36").next(at("2026-11-26T17:00:00+07:00")).expect("Wednesday");
        assert_eq!((next.harvest_from.as_text(), next.closes_at), ("2026-12-02", at("2026-11-30T17:00:00+07:00")));
        let next = saturday("6").next(at("2026-12-20T09:00:00+07:00")).expect("a Saturday");
        assert_eq!((next.harvest_from.as_text(), next.closes_at), ("2026-12-26", at("2026-12-24T17:00:00+07:00")));
    }

    #[test]
    fn a_deposit_is_in_whole_thousands_and_never_more_than_all() {
        let of = |vnd, bps| deposit_of(Money(vnd), bps).expect("small").vnd();
        assert_eq!((of(140_000, 0), of(140_000, 3_000), of(145_500, 3_000)), (0, 42_000, 44_000));
        assert_eq!((of(145_500, 10_000), of(500, 3_000)), (145_500, 500));
    }

    proptest! {
        #[test]
        fn a_window_that_comes_again_always_finds_its_next_round(hours in 0_i64..5_000, days in "[1-7]{1,7}", lead in 0_i64..6) {
            let plan = Plan { closes_at: at("2026-11-28T17:00:00+07:00").plus_minutes(-lead * 24 * 60), ..saturday(&days) };
            let now = plan.closes_at.plus_minutes(hours * 60);
            let next = plan.next(now).expect("a round");
            prop_assert!(next.closes_at > now && next.harvest_from > plan.harvest_from);
            prop_assert!(days.contains(&next.harvest_from.weekday().number_from_monday().to_string()));
            prop_assert_eq!(next.closes_at.seconds_since(next.harvest_from.at_minute(0)), plan.closes_at.seconds_since(plan.harvest_from.at_minute(0)));
        }
    }
}
