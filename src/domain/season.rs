//! When goods are in season: ranges of the year as sellers write them, `07-20/08-30`, commas between. Knows no product.

use super::time::Day;

/// Whether a day lies in one of the ranges. A range may run over New Year (`12-01/02-10`); what cannot be read counts
/// as no range, and no range at all is no season.
pub fn holds(ranges: &str, day: Day) -> bool {
    let today = (day.month(), day.day_of_month());
    ranges
        .split(',')
        .filter_map(range)
        .any(|(from, to)| if from <= to { (from..=to).contains(&today) } else { today >= from || today <= to })
}

type MonthDay = (u32, u32);

fn range(text: &str) -> Option<(MonthDay, MonthDay)> {
    let (from, to) = text.trim().split_once('/')?;
    Some((month_day(from)?, month_day(to)?))
}

fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.trim().split_once('-')?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(ranges: &str, day: &str) -> bool {
        holds(ranges, day.parse().expect("a day"))
    }

    #[test]
    fn a_day_is_in_season_from_the_first_day_to_the_last() {
        assert!(on("07-20/08-30", "2026-07-20") && on("07-20/08-30", "2026-08-30"));
        assert!(!on("07-20/08-30", "2026-07-19") && !on("07-20/08-30", "2026-08-31"));
        assert!(on("05-20/06-15, 11-01/12-31", "2026-11-23"));
    }

    #[test]
    fn a_season_may_run_over_new_year() {
        for day in ["2026-12-01", "2026-12-31", "2027-01-01", "2027-02-10"] {
            assert!(on("12-01/02-10", day), "{day}");
        }
        assert!(!on("12-01/02-10", "2026-11-30") && !on("12-01/02-10", "2027-02-11"));
    }

    #[test]
    fn what_cannot_be_read_is_no_season() {
        assert!(!on("", "2026-07-20") && !on("summer", "2026-07-20") && !on("07-20", "2026-07-20"));
    }
}
