//! The clock of an answer: in which hours it runs, whom it asks when, and when it answers itself. Knows no order and no channel.

use super::delivery::answer_by;
use super::time::At;

crate::word_enum! {
    /// What the clock does, in this order; each once. A later one stands for those before it.
    Stage {
        /// The person who answers for the cooperative is asked.
        Asked = "asked",
        /// The same person again.
        Again = "again",
        /// Everybody who answers for the cooperative.
        Next = "next",
        /// Somebody of the cooperative calls.
        CallList = "call_list",
        /// The helper of the commune and the operator call.
        Help = "help",
        /// The promise and the grace are over: declined.
        Over = "over",
    }
}

crate::word_enum! {
    /// What a cooperative proposed instead of what was ordered.
    ProposalState { Open = "open", Agreed = "agreed", Void = "void" }
}

/// The hours that a cooperative keeps, in minutes of the day in Vietnam, and how soon in them it promises to answer.
/// `opens_min >= closes_min` means round the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub opens_min: i64,
    pub closes_min: i64,
    pub within_min: i64,
}

impl Hours {
    pub fn is_open(self, now: At) -> bool {
        let minute = now.minute_of_day();
        self.opens_min >= self.closes_min || (self.opens_min <= minute && minute < self.closes_min)
    }

    /// When so many minutes of its hours have passed since `from`; of none, its next minute of work.
    pub fn after(self, from: At, minutes: i64) -> At {
        answer_by(from, minutes, self.opens_min, self.closes_min)
    }

    /// Whole minutes of its hours between two instants.
    pub fn between(self, from: At, to: At) -> i64 {
        if self.opens_min >= self.closes_min {
            return to.seconds_since(from).div_euclid(60).max(0);
        }
        let (mut day, last, mut seconds) = (from.day(), to.day(), 0_i64);
        // A year of days is a bound nobody reaches.
        for _ in 0..366 {
            let opens = day.at_minute(self.opens_min).max(from);
            let closes = day.at_minute(self.closes_min).min(to);
            seconds = seconds.saturating_add(closes.seconds_since(opens).max(0));
            if day >= last {
                break;
            }
            day = day.plus_days(1);
        }
        seconds.div_euclid(60)
    }
}

/// When each stage begins, in thousandths of the promise; the grace in minutes of the cooperative's hours. Dated settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timetable {
    pub again_permille: i64,
    pub next_permille: i64,
    pub call_permille: i64,
    pub help_permille: i64,
    pub grace_min: i64,
}

impl Default for Timetable {
    fn default() -> Self {
        Self { again_permille: 333, next_permille: 667, call_permille: 833, help_permille: 1000, grace_min: 60 }
    }
}

impl Stage {
    /// Its place in the row, from 1.
    pub fn number(self) -> i64 {
        let place = Stage::ALL.iter().position(|stage| *stage == self).unwrap_or(0);
        i64::try_from(place).unwrap_or(0).saturating_add(1)
    }
}

impl Timetable {
    /// When a stage begins for an order that waits since `from`.
    pub fn begins(&self, stage: Stage, from: At, hours: Hours) -> At {
        let part = |permille: i64| hours.within_min.saturating_mul(permille).div_euclid(1000);
        let minutes = match stage {
            Stage::Asked => 0,
            Stage::Again => part(self.again_permille),
            Stage::Next => part(self.next_permille),
            Stage::CallList => part(self.call_permille),
            Stage::Help => part(self.help_permille),
            Stage::Over => hours.within_min.saturating_add(self.grace_min),
        };
        hours.after(from, minutes)
    }

    /// The newest stage that has begun, and when the one after it does. None before the first.
    pub fn newest(&self, from: At, now: At, hours: Hours) -> Option<(Stage, Option<At>)> {
        let begun = Stage::ALL.iter().rposition(|stage| self.begins(*stage, from, hours) <= now)?;
        let next = Stage::ALL.get(begun.saturating_add(1)).map(|stage| self.begins(*stage, from, hours));
        Some((*Stage::ALL.get(begun)?, next))
    }
}

/// Answers from which on a figure is shown: fewer say nothing of a cooperative.
pub const LEAST_ANSWERS: i64 = 5;
/// Days that a score looks back.
pub const SCORE_DAYS: i64 = 30;

/// How one order was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Minutes of the cooperative's hours until its answer; none: never, and the promise is over.
    pub after_min: Option<i64>,
    pub in_time: bool,
}

/// How a cooperative answers: honest, since what was never answered counts as the longest wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    pub orders: i64,
    pub in_time: i64,
    /// None when half or more were never answered.
    pub median_min: Option<i64>,
}

impl Score {
    /// The median of an even row is its upper middle: nobody is made faster than they are.
    pub fn of(answers: &[Answered]) -> Score {
        let mut waits: Vec<i64> = answers.iter().map(|one| one.after_min.unwrap_or(i64::MAX)).collect();
        waits.sort_unstable();
        let median = waits.get(waits.len().div_euclid(2)).copied().filter(|wait| *wait < i64::MAX);
        let count = |wanted: &dyn Fn(&Answered) -> bool| {
            i64::try_from(answers.iter().filter(|one| wanted(one)).count()).unwrap_or(i64::MAX)
        };
        Score { orders: count(&|_| true), in_time: count(&|one| one.in_time), median_min: median }
    }

    pub const fn is_shown(&self) -> bool {
        self.orders >= LEAST_ANSWERS
    }

    /// Whole percent, rounded down.
    pub fn percent_in_time(&self) -> i64 {
        self.in_time.saturating_mul(100).checked_div(self.orders).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: Hours = Hours { opens_min: 360, closes_min: 1200, within_min: 120 };

    fn at(text: &str) -> At {
        text.parse().expect("a time")
    }

    #[test]
    fn stages_follow_each_other_in_the_hours_of_the_cooperative() {
        let from = at("2026-11-23T19:20:00+07:00");
        let row: Vec<String> = Stage::ALL
            .iter()
            .map(|stage| format!("{} {stage} {}", stage.number(), Timetable::default().begins(*stage, from, HOURS)))
            .collect();
        insta::assert_snapshot!(row.join("\n"), @r"
        1 asked 2026-11-23T19:20:00+07:00
        2 again 2026-11-23T19:59:00+07:00
        3 next 2026-11-24T06:40:00+07:00
        4 call_list 2026-11-24T06:59:00+07:00
        5 help 2026-11-24T07:20:00+07:00
        6 over 2026-11-24T08:20:00+07:00
        ");
    }

    #[test]
    fn after_a_long_sleep_the_newest_stage_stands_for_all_before_it() {
        let (from, table) = (at("2026-11-23T21:00:00+07:00"), Timetable::default());
        assert_eq!(table.newest(from, at("2026-11-23T23:00:00+07:00"), HOURS), None, "nobody is asked at night");
        let asked = (Stage::Asked, Some(at("2026-11-24T06:39:00+07:00")));
        assert_eq!(table.newest(from, at("2026-11-24T06:00:00+07:00"), HOURS), Some(asked));
        assert_eq!(table.newest(from, at("2026-11-25T21:00:00+07:00"), HOURS), Some((Stage::Over, None)));
    }

    #[test]
    fn what_was_never_answered_is_the_longest_wait() {
        let after = |minutes: i64| Answered { after_min: Some(minutes), in_time: minutes <= 60 };
        let never = Answered { after_min: None, in_time: false };
        assert_eq!(Score::of(&[]), Score { orders: 0, in_time: 0, median_min: None });
        let row = [after(90), after(5), never, after(12), after(0)];
        let score = Score::of(&row);
        assert_eq!(score, Score { orders: 5, in_time: 3, median_min: Some(12) });
        assert_eq!((score.is_shown(), score.percent_in_time()), (true, 60));
        assert_eq!(Score::of(&[after(1), never]).median_min, None);
        assert!(!Score::of(&row[..4]).is_shown());
    }

    #[test]
    fn minutes_between_two_instants_are_those_of_the_hours() {
        let (from, to) = (at("2026-11-23T19:30:00+07:00"), at("2026-11-24T06:45:30+07:00"));
        assert_eq!(HOURS.between(from, to), 75);
        assert_eq!((HOURS.between(to, from), HOURS.between(from, from)), (0, 0));
        assert_eq!(Hours { closes_min: 360, ..HOURS }.between(from, to), 675);
        assert!(HOURS.is_open(at("2026-11-23T06:00:00+07:00")) && !HOURS.is_open(at("2026-11-23T20:00:00+07:00")));
    }
}
