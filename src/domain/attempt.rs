//! A delivery that did not end in the buyer's hands: why, what counts against whom, and what becomes of the goods.

use super::refusal::Refusal;
use super::time::Day;

crate::word_enum! {
    /// Why goods came back from a door.
    AttemptReason {
        NobodyHome = "nobody_home", NoAnswer = "no_answer", AskedLater = "asked_later", WrongAddress = "wrong_address",
        RoadClosed = "road_closed", Refused = "refused",
    }
}
crate::word_enum! {
    /// How goods are that came back for good.
    GoodsBack { Sellable = "sellable", Spoiled = "spoiled" }
}

/// Another try lies at most so many days ahead.
const MOST_DAYS: i64 = 14;
/// How long a delivery that was not taken counts, days.
pub const COUNTS_DAYS: i64 = 365;

impl AttemptReason {
    /// Whether an order that then came back for good counts against the buyer's number: the road and a wrongly written address do not,
    /// nor does who asked for another day.
    pub const fn counts(self) -> bool {
        match self {
            AttemptReason::NobodyHome | AttemptReason::NoAnswer | AttemptReason::Refused => true,
            AttemptReason::AskedLater | AttemptReason::WrongAddress | AttemptReason::RoadClosed => false,
        }
    }
}

/// Whether a day can be that of the next try: today (in the evening) or within two weeks.
///
/// # Errors
/// Any other day.
pub fn check_next(today: Day, next: Day) -> Result<(), Refusal> {
    if next < today || next > today.plus_days(MOST_DAYS) {
        return Err(Refusal::new("refusal-next-try").with("most", MOST_DAYS).about("next_on"));
    }
    Ok(())
}

/// A number plate as people write it: letters and digits, in capitals, 5 to 12 of them with what stands between.
///
/// # Errors
/// What nobody could read off a coach.
pub fn read_plate(text: &str) -> Result<String, Refusal> {
    let plate = text.trim().to_uppercase();
    let signs = plate.chars().filter(char::is_ascii_alphanumeric).count();
    let is_plain = plate.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ' ' | 'Đ'));
    if !(5..=12).contains(&signs) || !is_plain || plate.chars().count() > 16 {
        return Err(Refusal::new("refusal-plate").about("plate"));
    }
    Ok(plate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_try_is_within_two_weeks() {
        let today = Day::new(2026, 11, 24).expect("a day");
        assert!(check_next(today, today).is_ok());
        assert!(check_next(today, today.plus_days(14)).is_ok());
        assert!(check_next(today, today.plus_days(15)).is_err());
        assert!(check_next(today, today.plus_days(-1)).is_err());
    }

    #[test]
    fn a_plate_is_read_as_people_write_it() {
        assert_eq!(read_plate(" 17b-012.34 ").as_deref(), Ok("17B-012.34"));
        assert_eq!(read_plate("89F 00123").as_deref(), Ok("89F 00123"));
        for wrong in ["", "xe khách Hải", "17<script>", "1234", "17B-012.34 17B-012.35"] {
            assert!(read_plate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_what_the_buyer_did_counts_against_a_number() {
        let counted: Vec<_> = AttemptReason::ALL.iter().filter(|reason| reason.counts()).collect();
        assert_eq!(counted, [&AttemptReason::NobodyHome, &AttemptReason::NoAnswer, &AttemptReason::Refused]);
    }
}
