//! Vietnam's lunar calendar, worked out from the sun and the moon at UTC+7 (so Tết may differ from China's new year).
//! Astronomy after J. Meeus, "Astronomical Algorithms" (1998), in the arrangement published by Hồ Ngọc Đức. Pure; knows no clock.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "day and month numbers of a few thousand years stay far inside i32"
)]

use super::time::Day;
use std::f64::consts::PI;

/// Vietnam's offset in days.
const UTC_PLUS_7: f64 = 7.0 / 24.0;
/// The new moon of 1900-01-01 as a Julian day, and the mean time from one to the next.
const EPOCH_JD: f64 = 2_415_021.076_998_695;
const SYNODIC_DAYS: f64 = 29.530_588_853;
/// The Julian day number of 1970-01-01.
const UNIX_JDN: i32 = 2_440_588;

/// A day of the lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LunarDay {
    /// The lunar year that began in this solar year, or the one before.
    pub year: i32,
    /// 1 (giêng) to 12 (chạp).
    pub month: i32,
    /// The second month of that number in a year of thirteen.
    pub leap: bool,
    /// 1 (mùng 1) to 30; 15 is rằm.
    pub day: i32,
}

/// The lunar day of a day in Vietnam; right from 1900 to 2199 (the accuracy of the moon's series).
pub fn of(day: Day) -> LunarDay {
    let jdn = jdn_of(day);
    let guess = whole((f64::from(jdn) - EPOCH_JD) / SYNODIC_DAYS);
    let mut begin = new_moon(guess + 1);
    if begin > jdn {
        begin = new_moon(guess);
    }
    let eleventh = month_eleven(day.year());
    let (from, until, mut year) = if eleventh >= begin {
        (month_eleven(day.year() - 1), eleventh, day.year())
    } else {
        (eleventh, month_eleven(day.year() + 1), day.year() + 1)
    };
    let since = whole(f64::from(begin - from) / 29.0);
    let mut month = since + 11;
    let mut leap = false;
    if until - from > 365 {
        let leap_at = leap_month_after(from);
        if since >= leap_at {
            month = since + 10;
            leap = since == leap_at;
        }
    }
    if month > 12 {
        month -= 12;
    }
    if month >= 11 && since < 4 {
        year -= 1;
    }
    LunarDay { year, month, leap, day: jdn - begin + 1 }
}

/// Tết: the first day of the lunar year that begins in this solar year.
pub fn tet(year: i32) -> Option<Day> {
    // The year's first new moon after the sun passed 300° falls between 20 January and 20 February.
    let earliest = Day::new(year, 1, 19)?;
    (0..35)
        .map(|days| earliest.plus_days(days))
        .find(|day| of(*day) == LunarDay { year, month: 1, leap: false, day: 1 })
}

/// The first Tết on this day or after it.
pub fn next_tet(day: Day) -> Option<Day> {
    tet(day.year()).filter(|tet| *tet >= day).or_else(|| tet(day.year() + 1))
}

/// The solar day of a lunar one; none when that month or day does not exist.
pub fn solar(wanted: LunarDay) -> Option<Day> {
    let begin = tet(wanted.year)?;
    let about = begin.plus_days(i64::from(whole(f64::from(wanted.month - 1) * 29.5)) + i64::from(wanted.day) - 3);
    (0..40).map(|days| about.plus_days(days)).find(|day| of(*day) == wanted)
}

/// Mùng 1 or rằm: the days for which people buy fruit, flowers and poultry the day before.
pub fn is_first_or_full(day: Day) -> bool {
    matches!(of(day).day, 1 | 15)
}

fn jdn_of(day: Day) -> i32 {
    let unix = Day::new(1970, 1, 1).map_or(0, |epoch| day.days_since(epoch));
    i32::try_from(unix).unwrap_or(0) + UNIX_JDN
}

/// The integer at or below a number of days or months.
#[expect(
    clippy::as_conversions,
    reason = "std has no other way from f64; day numbers are far inside i32, and `as` saturates"
)]
fn whole(value: f64) -> i32 {
    value.floor() as i32
}

/// The day in Vietnam, as a Julian day number, of the `k`-th new moon since 1900-01-01.
fn new_moon(k: i32) -> i32 {
    let k = f64::from(k);
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let rad = PI / 180.0;
    let mean = 2_415_020.759_33 + 29.530_588_68 * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * ((166.56 + 132.87 * t - 0.009_173 * t2) * rad).sin();
    let sun = (359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3) * rad;
    let moon = (306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3) * rad;
    let node = (21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3) * rad;
    let shift = (0.1734 - 0.000_393 * t) * sun.sin() + 0.0021 * (2.0 * sun).sin() - 0.4068 * moon.sin()
        + 0.0161 * (2.0 * moon).sin()
        - 0.0004 * (3.0 * moon).sin()
        + 0.0104 * (2.0 * node).sin()
        - 0.0051 * (sun + moon).sin()
        - 0.0074 * (sun - moon).sin()
        + 0.0004 * (2.0 * node + sun).sin()
        - 0.0004 * (2.0 * node - sun).sin()
        - 0.0006 * (2.0 * node + moon).sin()
        + 0.0010 * (2.0 * node - moon).sin()
        + 0.0005 * (2.0 * moon + sun).sin();
    // Terrestrial time runs ahead of the clock by about a minute.
    let ahead = if t < -11.0 {
        0.001 + 0.000_839 * t + 0.000_226_1 * t2 - 0.000_008_45 * t3 - 0.000_000_081 * t * t3
    } else {
        -0.000_278 + 0.000_265 * t + 0.000_262 * t2
    };
    whole(mean + shift - ahead + 0.5 + UTC_PLUS_7)
}

/// Which twelfth of the ecliptic the sun stands in at the beginning of that day in Vietnam: 0 from the spring equinox, 9 from
/// the winter solstice.
fn sun_sector(jdn: i32) -> i32 {
    let t = (f64::from(jdn) - 0.5 - UTC_PLUS_7 - 2_451_545.0) / 36_525.0;
    let (t2, rad) = (t * t, PI / 180.0);
    let anomaly = 357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t2 - 0.000_000_48 * t * t2;
    let mean = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t2;
    let equation = (1.914_600 - 0.004_817 * t - 0.000_014 * t2) * (rad * anomaly).sin()
        + (0.019_993 - 0.000_101 * t) * (rad * 2.0 * anomaly).sin()
        + 0.000_290 * (rad * 3.0 * anomaly).sin();
    whole((mean + equation).rem_euclid(360.0) / 30.0)
}

/// The first day of the eleventh lunar month, the one that holds the winter solstice.
fn month_eleven(year: i32) -> i32 {
    let last = Day::new(year, 12, 31).map_or(0, jdn_of);
    let k = whole((f64::from(last) - 2_415_021.0) / SYNODIC_DAYS);
    let begin = new_moon(k);
    if sun_sector(begin) >= 9 { new_moon(k - 1) } else { begin }
}

/// How many months after the eleventh the leap month stands: the first in which the sun enters no new sector.
fn leap_month_after(eleventh: i32) -> i32 {
    let k = whole((f64::from(eleventh) - EPOCH_JD) / SYNODIC_DAYS + 0.5);
    let mut last = sun_sector(new_moon(k + 1));
    for months in 2..15 {
        let sector = sun_sector(new_moon(k + months));
        if sector == last {
            return months - 1;
        }
        last = sector;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect(text)
    }

    #[test]
    fn tet_falls_on_the_days_that_the_official_calendar_gives() {
        for (year, expected) in [
            (2025, "2025-01-29"),
            (2026, "2026-02-17"),
            (2027, "2027-02-06"),
            (2028, "2028-01-26"),
            (2029, "2029-02-13"),
            (2030, "2030-02-02"),
            (2031, "2031-01-23"),
            (2032, "2032-02-11"),
            (2033, "2033-01-31"),
            (2034, "2034-02-19"),
            (2035, "2035-02-08"),
            (2007, "2007-02-17"),
            (1985, "1985-01-21"),
        ] {
            assert_eq!(tet(year), Some(day(expected)), "{year}");
        }
        assert_eq!(next_tet(day("2026-11-23")), Some(day("2027-02-06")));
    }

    #[test]
    fn the_mid_autumn_feast_is_the_fifteenth_of_the_eighth_month() {
        assert_eq!(of(day("2027-09-15")), LunarDay { year: 2027, month: 8, leap: false, day: 15 });
        assert_eq!(solar(LunarDay { year: 2027, month: 8, leap: false, day: 15 }), Some(day("2027-09-15")));
    }

    #[test]
    fn a_leap_month_follows_the_month_whose_number_it_repeats() {
        // 2025 had a second sixth month, from 25 July.
        assert_eq!(of(day("2025-07-24")), LunarDay { year: 2025, month: 6, leap: false, day: 30 });
        assert_eq!(of(day("2025-07-25")), LunarDay { year: 2025, month: 6, leap: true, day: 1 });
        assert_eq!(of(day("2025-08-23")), LunarDay { year: 2025, month: 7, leap: false, day: 1 });
        assert!(of(day("2028-06-23")).leap, "2028 repeats the fifth month");
        assert!(solar(LunarDay { year: 2027, month: 6, leap: true, day: 1 }).is_none());
    }

    #[test]
    fn every_day_follows_the_one_before_it_and_finds_its_way_back() {
        let mut today = day("2025-01-01");
        let mut before = of(today);
        while today < day("2036-01-01") {
            today = today.plus_days(1);
            let now = of(today);
            let next_of_month = now == LunarDay { day: before.day + 1, ..before };
            let new_month = now.day == 1
                && before.day >= 29
                && ((now.month, now.year) == (before.month % 12 + 1, before.year + before.month / 12)
                    || (now.leap && !before.leap && now.month == before.month));
            assert!(next_of_month || new_month, "{before:?} then {now:?} on {today}");
            if now.day == 15 {
                assert_eq!(solar(now), Some(today));
                assert!(is_first_or_full(today));
            }
            before = now;
        }
    }
}
