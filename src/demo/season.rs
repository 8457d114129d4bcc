//! Seasons: runs of days that come back every year, and where a day stands in them. Pure; knows no goods.

use crate::domain::time::Day;
use serde::{Deserialize, Deserializer};
use std::str::FromStr;

/// The first and last parts of a season that has no peak of its own count as its beginning and its end.
const EDGE_PERMILLE: i64 = 150;

/// A day of any year, as `month × 100 + day`.
type MonthDay = u32;

/// Runs of days that come back every year; a run may wrap the new year. None = the whole year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seasons(Vec<(MonthDay, MonthDay)>);

/// Where a day lies in a season, in the words of the glossary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeasonState {
    /// Sold all year.
    AllYear,
    /// vào vụ
    Entering,
    /// rộ vụ
    Peak,
    /// cuối vụ
    Ending,
    /// hết vụ, vụ tới khoảng `next`
    Over { next: Day },
}

impl SeasonState {
    pub fn is_on(self) -> bool {
        !matches!(self, Self::Over { .. })
    }
}

/// Not `MM-DD/MM-DD`, `;` between runs.
#[derive(Debug, thiserror::Error)]
#[error("not a run of days like 07-20/08-30")]
pub struct NotASeason;

fn month_day(text: &str) -> Result<MonthDay, NotASeason> {
    let (month, day) = text.split_once('-').ok_or(NotASeason)?;
    let (month, day): (u32, u32) = (month.parse().map_err(|_odd| NotASeason)?, day.parse().map_err(|_odd| NotASeason)?);
    // 2028 is a leap year, so that 29 February may be written.
    Day::new(2028, month, day).map(of_day).ok_or(NotASeason)
}

fn of_day(day: Day) -> MonthDay {
    day.month().saturating_mul(100).saturating_add(day.day_of_month())
}

/// The day in that year; 29 February falls back to the 28th.
fn in_year(year: i32, at: MonthDay) -> Option<Day> {
    let (month, day) = (at.checked_div(100)?, at.checked_rem(100)?);
    Day::new(year, month, day).or_else(|| Day::new(year, month, day.saturating_sub(1)))
}

impl FromStr for Seasons {
    type Err = NotASeason;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if matches!(text, "" | "all") {
            return Ok(Self::default());
        }
        text.split(';')
            .map(|run| {
                run.split_once('/').ok_or(NotASeason).and_then(|(from, to)| Ok((month_day(from)?, month_day(to)?)))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl<'de> Deserialize<'de> for Seasons {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Seasons {
    /// As a product's column has it: `07-20/08-30`, comma between; none for the whole year.
    pub fn said(&self) -> Option<String> {
        let day = |at: MonthDay| format!("{:02}-{:02}", at / 100, at % 100);
        let runs: Vec<String> = self.0.iter().map(|(from, to)| format!("{}/{}", day(*from), day(*to))).collect();
        (!runs.is_empty()).then(|| runs.join(","))
    }

    pub fn is_all_year(&self) -> bool {
        self.0.is_empty()
    }

    /// The run that holds the day, as its first and last day.
    pub fn run_on(&self, day: Day) -> Option<(Day, Day)> {
        self.0.iter().find_map(|(from, to)| {
            [day.year().saturating_sub(1), day.year()].into_iter().find_map(|year| {
                let end_year = if to < from { year.saturating_add(1) } else { year };
                let (first, last) = (in_year(year, *from)?, in_year(end_year, *to)?);
                (first <= day && day <= last).then_some((first, last))
            })
        })
    }

    pub fn holds(&self, day: Day) -> bool {
        self.is_all_year() || self.run_on(day).is_some()
    }

    /// The first day of the next run that begins after this day; none when there are no runs.
    pub fn next_begin(&self, day: Day) -> Option<Day> {
        let years = [day.year(), day.year().saturating_add(1)];
        self.0
            .iter()
            .flat_map(|(from, _)| years.map(|year| in_year(year, *from)))
            .flatten()
            .filter(|begin| *begin > day)
            .min()
    }

    /// Where the day lies in its run: 0 at the first day, 1000 at the last; runs that meet count apart.
    pub fn permille_on(&self, day: Day) -> Option<i64> {
        let (first, last) = self.run_on(day)?;
        let length = last.days_since(first).max(1);
        day.days_since(first).saturating_mul(1000).checked_div(length)
    }

    /// The state of a season whose best time is `peak` (empty: its middle).
    pub fn state_on(&self, peak: &Seasons, day: Day) -> SeasonState {
        let in_peak = !peak.is_all_year() && peak.holds(day);
        if self.is_all_year() {
            return if in_peak { SeasonState::Peak } else { SeasonState::AllYear };
        }
        match self.permille_on(day) {
            None => SeasonState::Over { next: self.next_begin(day).unwrap_or(day) },
            Some(_) if in_peak => SeasonState::Peak,
            Some(at) if peak.is_all_year() && (EDGE_PERMILLE..=1000 - EDGE_PERMILLE).contains(&at) => SeasonState::Peak,
            Some(at) if at < 500 => SeasonState::Entering,
            Some(_) => SeasonState::Ending,
        }
    }
}
