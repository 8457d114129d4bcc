//! How a cooperative brings its goods: whom a way reaches, what it costs, which day it can be.

use super::money::Money;
use super::order::FulfilmentKind;
use super::time::{At, Day};

/// Which communes a way reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Country,
    Provinces(Vec<String>),
    Communes(Vec<String>),
}

/// A scope that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a delivery scope: {0:?}; write *, p:33 or c:11977,11980")]
pub struct NotAScope(pub String);

impl std::str::FromStr for Scope {
    type Err = NotAScope;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let list = |codes: &str| -> Vec<String> {
            codes.split(',').map(|code| code.trim().to_owned()).filter(|c| !c.is_empty()).collect()
        };
        match text.split_once(':') {
            None if text == "*" => Ok(Scope::Country),
            Some(("p", codes)) => Ok(Scope::Provinces(list(codes))),
            Some(("c", codes)) => Ok(Scope::Communes(list(codes))),
            _ => Err(NotAScope(text.to_owned())),
        }
    }
}

impl Scope {
    pub fn reaches(&self, province_code: &str, commune_code: &str) -> bool {
        match self {
            Scope::Country => true,
            Scope::Provinces(codes) => codes.iter().any(|code| code == province_code),
            Scope::Communes(codes) => codes.iter().any(|code| code == commune_code),
        }
    }
}

/// A way as its rules need it; minutes are minutes of the day in Vietnam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayRule {
    pub kind: FulfilmentKind,
    pub scope: Scope,
    pub fee: Money,
    pub free_from: Option<Money>,
    pub minimum: Money,
    /// Monday is 1; empty means every day.
    pub weekdays: String,
    pub cutoff_min: i64,
    pub cutoff_days: i64,
}

impl WayRule {
    /// What bringing goods worth `goods` costs.
    pub fn fee_for(&self, goods: Money) -> Money {
        if self.free_from.is_some_and(|from| goods >= from) { Money::ZERO } else { self.fee }
    }

    /// The days on which an order made now can arrive, three weeks ahead.
    pub fn days(&self, now: At) -> impl Iterator<Item = Day> {
        let today = now.day();
        (0..=21).map(move |ahead| today.plus_days(ahead)).filter(move |day| {
            let weekday = day.weekday().number_from_monday().to_string();
            let runs = self.weekdays.is_empty() || self.weekdays.contains(&weekday);
            runs && now < self.cutoff_of(*day)
        })
    }

    /// The first of them.
    pub fn next_day(&self, now: At) -> Option<Day> {
        self.days(now).next()
    }

    /// Until when an order still makes `day`.
    pub fn cutoff_of(&self, day: Day) -> At {
        day.plus_days(self.cutoff_days.saturating_neg()).at_minute(self.cutoff_min)
    }
}

/// When a cooperative has to have answered: its promise counted only in the hours that it keeps.
/// `opens_min == closes_min` means round the clock.
pub fn answer_by(from: At, within_min: i64, opens_min: i64, closes_min: i64) -> At {
    if opens_min >= closes_min {
        return from.plus_minutes(within_min);
    }
    let (mut at, mut left) = (from, within_min);
    // Each turn uses up one opening day or the waiting before it; a year of days is a bound nobody reaches.
    for _ in 0..366 {
        let day = at.day();
        let (opens, closes) = (day.at_minute(opens_min), day.at_minute(closes_min));
        if at < opens {
            at = opens;
        } else if at >= closes {
            at = day.plus_days(1).at_minute(opens_min);
            continue;
        }
        let open_for = closes.seconds_since(at).div_euclid(60);
        if left <= open_for {
            return at.plus_minutes(left);
        }
        left = left.saturating_sub(open_for);
        at = day.plus_days(1).at_minute(opens_min);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        text.parse().expect("a time")
    }

    fn van() -> WayRule {
        WayRule {
            kind: FulfilmentKind::Delivery,
            scope: "p:01".parse().expect("a scope"),
            fee: Money(25_000),
            free_from: Some(Money(300_000)),
            minimum: Money::ZERO,
            weekdays: "36".to_owned(),
            cutoff_min: 17 * 60,
            cutoff_days: 1,
        }
    }

    #[test]
    fn an_order_after_the_cut_off_takes_the_next_run() {
        // Monday 23 November 2026; the van goes on Wednesday and Saturday, orders until 17:00 the day before.
        assert_eq!(van().next_day(at("2026-11-24T16:59:00+07:00")), Day::new(2026, 11, 25));
        assert_eq!(van().next_day(at("2026-11-24T17:00:00+07:00")), Day::new(2026, 11, 28));
    }

    #[test]
    fn the_fee_falls_away_from_the_stated_sum() {
        assert_eq!(van().fee_for(Money(299_999)), Money(25_000));
        assert_eq!(van().fee_for(Money(300_000)), Money::ZERO);
        assert!(van().scope.reaches("01", "00319") && !van().scope.reaches("33", "11977"));
        assert!("x:1".parse::<Scope>().is_err());
    }

    #[test]
    fn nothing_is_due_at_night() {
        let (opens, closes) = (6 * 60, 20 * 60);
        assert_eq!(answer_by(at("2026-11-23T21:40:00+07:00"), 60, opens, closes), at("2026-11-24T07:00:00+07:00"));
        assert_eq!(answer_by(at("2026-11-23T19:30:00+07:00"), 60, opens, closes), at("2026-11-24T06:30:00+07:00"));
        assert_eq!(answer_by(at("2026-11-23T10:00:00+07:00"), 60, opens, closes), at("2026-11-23T11:00:00+07:00"));
        assert_eq!(answer_by(at("2026-11-23T03:00:00+07:00"), 60, 0, 0), at("2026-11-23T04:00:00+07:00"));
    }
}
