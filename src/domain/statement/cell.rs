//! What a cell says: a day, an amount. Only whole đồng are amounts; what is not surely one is refused, never guessed.

use crate::domain::money::Money;
use crate::domain::time::Day;

/// Excel counts days from here (with its 29 February 1900 that never was).
const EXCEL_DAY_ZERO: (i32, u32, u32) = (1899, 12, 30);
/// Serial days that are days of our time: 2000-01-01 to 2100-01-01.
const SERIALS: std::ops::Range<i64> = 36_526..73_051;
const YEARS: std::ops::Range<i32> = 2000..2100;
/// More đồng than any account moves; the column's own bound.
const MOST_VND: i64 = 1_000_000_000_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    pub day: Day,
    /// Minutes since midnight.
    pub minute: Option<i64>,
}

/// `dd/mm/yyyy` (also `-` and `.`, two-digit years, a time behind or before), `yyyy-mm-dd`, `yyyymmdd`, Excel's serial days.
pub fn day(text: &str) -> Option<When> {
    let parts: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == 'T' || c == ',').filter(|part| !part.is_empty()).collect();
    let day = parts.iter().find_map(|part| plain_day(part))?;
    let minute = parts.iter().find_map(|part| minute(part)).or(day.1);
    Some(When { day: day.0, minute })
}

fn plain_day(text: &str) -> Option<(Day, Option<i64>)> {
    let numbers: Vec<&str> = text.split(['/', '-', '.']).collect();
    let whole = |part: &str| part.parse::<u32>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    match numbers.as_slice() {
        [year, month, day] if year.len() == 4 => date(whole(year)?, whole(month)?, whole(day)?).map(|day| (day, None)),
        [day, month, year] if year.len() == 4 => date(whole(year)?, whole(month)?, whole(day)?).map(|day| (day, None)),
        [day, month, year] if year.len() == 2 => {
            date(whole(year)?.checked_add(2000)?, whole(month)?, whole(day)?).map(|day| (day, None))
        }
        [eight] if eight.len() == 8 => {
            let (year, rest) = eight.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            date(whole(year)?, whole(month)?, whole(day)?).map(|day| (day, None))
        }
        [serial] => Some((serial_day(whole(serial)?)?, None)),
        [serial, fraction] if serial.len() == 5 => Some((serial_day(whole(serial)?)?, minute_of_fraction(fraction))),
        _ => None,
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<Day> {
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    Day::new(year, month, day)
}

fn serial_day(serial: u32) -> Option<Day> {
    let serial = i64::from(serial);
    let (year, month, day) = EXCEL_DAY_ZERO;
    SERIALS.contains(&serial).then(|| Day::new(year, month, day)).flatten().map(|zero| zero.plus_days(serial))
}

/// The fraction of a day as a spreadsheet writes it.
fn minute_of_fraction(digits: &str) -> Option<i64> {
    let first: String = digits.chars().take(9).collect();
    if first.is_empty() || !first.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded: i64 = format!("{first:0<9}").parse().ok()?;
    padded.checked_mul(1440)?.checked_div(1_000_000_000).filter(|minute| (1..1440).contains(minute))
}

fn minute(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour: i64 = parts.next()?.parse().ok().filter(|hour| (0..24).contains(hour))?;
    let minute: i64 = parts.next()?.parse().ok().filter(|minute| (0..60).contains(minute))?;
    hour.checked_mul(60)?.checked_add(minute)
}

/// A cell that is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAmount;

/// An amount with its sign; none where the cell is empty or a dash. Thousands parted by `,`, `.`, a blank or an apostrophe;
/// behind a decimal mark only zeros.
pub fn amount(text: &str) -> Result<Option<Money>, NotAnAmount> {
    let folded = crate::domain::text::fold::fold(text);
    let mut plain: String = folded.chars().filter(|c| !c.is_whitespace() && *c != '\'' && *c != '’').collect();
    for unit in ["vnd", "d", "₫"] {
        plain = plain.strip_suffix(unit).map_or_else(|| plain.clone(), str::to_owned);
    }
    plain = plain.strip_prefix("vnd").map_or_else(|| plain.clone(), str::to_owned);
    if plain.is_empty() || plain.chars().all(|c| matches!(c, '-' | '–' | '—')) {
        return Ok(None);
    }
    let (negative, digits) = unsigned(&plain);
    let value = whole(digits).filter(|value| (0..=MOST_VND).contains(value)).ok_or(NotAnAmount)?;
    let money = Money(value);
    if negative { money.negated().map(Some).map_err(|_overflow| NotAnAmount) } else { Ok(Some(money)) }
}

fn unsigned(text: &str) -> (bool, &str) {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, inner);
    }
    for minus in ['-', '−', '–'] {
        if let Some(rest) = text.strip_prefix(minus).or_else(|| text.strip_suffix(minus)) {
            return (true, rest);
        }
    }
    (false, text.strip_prefix('+').or_else(|| text.strip_suffix('+')).unwrap_or(text))
}

/// Whole đồng out of digits and separators. One separator with three digits behind parts thousands, as banks here write.
fn whole(text: &str) -> Option<i64> {
    let is_mark = |c: char| c == ',' || c == '.';
    let (integer, fraction) = match text.rfind(is_mark) {
        None => (text, ""),
        Some(at) => {
            let (before, after) = (text.get(..at)?, text.get(at.checked_add(1)?..)?);
            let mark = text.get(at..)?.chars().next()?;
            let is_thousands = after.len() == 3 && !before.contains(|c: char| is_mark(c) && c != mark);
            if is_thousands { (text, "") } else { (before, after) }
        }
    };
    if !fraction.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let groups: Vec<&str> = integer.split(is_mark).collect();
    let first = groups.first().filter(|first| !first.is_empty())?;
    let well_grouped = groups.len() == 1 || (first.len() <= 3 && groups.iter().skip(1).all(|group| group.len() == 3));
    let mixed = integer.contains(',') && integer.contains('.');
    let digits = groups.concat();
    let plain = well_grouped && !mixed && digits.len() <= 16 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}
