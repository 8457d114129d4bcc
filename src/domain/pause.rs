//! Days on which nothing is brought to some communes: what a pause covers, and what a person may lay down.

use super::commune::{self, Commune};
use super::delivery::Scope;
use super::refusal::Refusal;
use super::time::Day;

/// The furthest that a pause may begin or reach, days.
pub const MOST_DAYS: i64 = 60;
/// Letters of its one message.
pub const MOST_CHARS: usize = 200;

/// No delivery within `scope` from a day to another, both counted; without a last day until somebody ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseRule {
    pub scope: Scope,
    pub from_on: Day,
    pub until_on: Option<Day>,
}

impl PauseRule {
    pub fn covers(&self, place: &Commune, day: Day) -> bool {
        self.from_on <= day
            && self.until_on.is_none_or(|until| day <= until)
            && self.scope.reaches(&place.province_code, &place.code)
    }

    /// The communes it names; none: everywhere.
    pub fn communes(&self) -> Option<Vec<String>> {
        match &self.scope {
            Scope::Country => None,
            Scope::Provinces(codes) => {
                let named = codes.iter().flat_map(|code| commune::communes_of(code));
                Some(named.map(|one| one.code.clone()).collect())
            }
            Scope::Communes(codes) => Some(codes.clone()),
        }
    }
}

/// Whether somebody may lay down a pause of these days today.
///
/// # Errors
/// Days in the past, the wrong way round, or too far ahead.
pub fn check_days(today: Day, from_on: Day, until_on: Option<Day>) -> Result<(), Refusal> {
    let far = today.plus_days(MOST_DAYS);
    if from_on < today || from_on > far || until_on.is_some_and(|until| until < from_on || until > far) {
        return Err(Refusal::new("refusal-pause-days").with("most", MOST_DAYS).about("from_on"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_pause_covers_its_communes_on_its_days() {
        let here = commune::communes_of(commune::HOME_PROVINCE);
        let (wet, dry) = (here[0], here[1]);
        let scope = format!("c:{}", wet.code).parse().expect("a scope");
        let mut rule = PauseRule { scope, from_on: day("2026-11-25"), until_on: Some(day("2026-11-26")) };
        let days = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];
        assert_eq!(days.map(|one| rule.covers(wet, day(one))), [false, true, true, false]);
        assert!(!rule.covers(dry, day("2026-11-25")));
        rule.until_on = None;
        assert!(rule.covers(wet, day("2027-05-01")));
        let whole: PauseRule = PauseRule { scope: "p:33".parse().expect("a scope"), ..rule };
        assert!(whole.covers(dry, day("2026-11-25")));
        assert_eq!(whole.communes().map(|all| all.len()), Some(here.len()));
    }

    proptest! {
        #[test]
        fn what_may_be_laid_down_is_near_and_the_right_way_round(from in -90_i64..90, length in -5_i64..90) {
            let today = day("2026-11-24");
            let (from_on, until_on) = (today.plus_days(from), today.plus_days(from + length));
            let may = check_days(today, from_on, Some(until_on)).is_ok();
            prop_assert_eq!(may, from >= 0 && length >= 0 && from <= 60 && from + length <= 60);
        }
    }
}
