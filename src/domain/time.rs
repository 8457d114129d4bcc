//! Instants and days. An instant is born from a `Clock` or read from text, never from thin air; a day is a day in Vietnam.

use chrono::{
    DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveDateTime, Offset, SecondsFormat, TimeZone, Utc, Weekday,
};
use std::fmt;
use std::str::FromStr;

/// Vietnam keeps UTC+7 all year (no zone database is needed).
const VIETNAM_OFFSET_S: i32 = 7 * 3600;

fn vietnam() -> FixedOffset {
    // 7 h lies within a day, so the second arm is never taken.
    FixedOffset::east_opt(VIETNAM_OFFSET_S).unwrap_or_else(|| Utc.fix())
}

/// An instant in UTC, cut to microseconds so that both engines give back what they were given.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Timestamp)]
pub struct At(NaiveDateTime);

/// Text that is not an instant or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time or a day")]
pub struct NotATime;

impl At {
    /// From microseconds since 1970 UTC.
    pub fn from_unix_micros(micros: i64) -> Self {
        Self(DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default().naive_utc())
    }

    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self::from_unix_micros(seconds.saturating_mul(1_000_000))
    }

    pub fn unix_micros(self) -> i64 {
        self.0.and_utc().timestamp_micros()
    }

    pub fn unix_seconds(self) -> i64 {
        self.0.and_utc().timestamp()
    }

    /// Later (or earlier) by seconds; stops at the end of time instead of wrapping.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix_micros(self.unix_micros().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// Whole seconds from `earlier` until this instant, negative when it lies before.
    pub fn seconds_since(self, earlier: At) -> i64 {
        (self.0 - earlier.0).num_seconds()
    }

    /// RFC 3339 in Vietnam's offset, as everything outside reads it: `2026-11-25T07:05:00+07:00`.
    pub fn rfc3339(self) -> String {
        self.local().to_rfc3339_opts(SecondsFormat::AutoSi, false)
    }

    /// The wall clock in Vietnam.
    pub fn local(self) -> DateTime<FixedOffset> {
        vietnam().from_utc_datetime(&self.0)
    }

    /// The day in Vietnam.
    pub fn day(self) -> Day {
        Day::of(self.local().date_naive())
    }

    /// Minutes since midnight in Vietnam.
    pub fn minute_of_day(self) -> i64 {
        use chrono::Timelike;
        let local = self.local();
        i64::from(local.hour()).saturating_mul(60).saturating_add(i64::from(local.minute()))
    }

    /// The same instant with minutes and seconds dropped (what a public log may show of a sale).
    #[must_use]
    pub fn cut_to_hour(self) -> Self {
        let micros = self.unix_micros();
        Self::from_unix_micros(micros.saturating_sub(micros.rem_euclid(3_600_000_000)))
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// RFC 3339 with an offset.
impl FromStr for At {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self::from_unix_micros(at.timestamp_micros()))
            .map_err(|_malformed| NotATime)
    }
}

impl serde::Serialize for At {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.rfc3339())
    }
}

impl<'de> serde::Deserialize<'de> for At {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<DB> diesel::serialize::ToSql<diesel::sql_types::Timestamp, DB> for At
where
    DB: diesel::backend::Backend,
    NaiveDateTime: diesel::serialize::ToSql<diesel::sql_types::Timestamp, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        <NaiveDateTime as diesel::serialize::ToSql<diesel::sql_types::Timestamp, DB>>::to_sql(&self.0, out)
    }
}

impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Timestamp, DB> for At
where
    DB: diesel::backend::Backend,
    NaiveDateTime: diesel::deserialize::FromSql<diesel::sql_types::Timestamp, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        <NaiveDateTime as diesel::deserialize::FromSql<diesel::sql_types::Timestamp, DB>>::from_sql(bytes).map(At)
    }
}

/// A calendar day in Vietnam. In columns it is ISO 8601 text (`2026-11-25`), which sorts as it should on both engines.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Day {
    date: NaiveDate,
    /// The same as text, kept because a column borrows its spelling.
    text: [u8; 10],
}

impl Day {
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::of)
    }

    /// Years beyond 0–9999 have no ten-letter spelling and do not occur in a market.
    fn of(date: NaiveDate) -> Self {
        let mut text = *b"9999-12-31";
        let spelled = date.format("%Y-%m-%d").to_string();
        if let Ok(bytes) = <[u8; 10]>::try_from(spelled.as_bytes()) {
            text = bytes;
        }
        Self { date, text }
    }

    /// ISO 8601: `2026-11-25`.
    pub fn as_text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or("9999-12-31")
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Duration::try_days(days).and_then(|span| self.date.checked_add_signed(span)).map_or(self, Self::of)
    }

    /// Days from `earlier` until this day.
    pub fn days_since(self, earlier: Day) -> i64 {
        (self.date - earlier.date).num_days()
    }

    pub fn year(self) -> i32 {
        self.date.year()
    }

    pub fn month(self) -> u32 {
        self.date.month()
    }

    pub fn day_of_month(self) -> u32 {
        self.date.day()
    }

    pub fn weekday(self) -> Weekday {
        self.date.weekday()
    }

    /// The instant at which `minute` of this day begins in Vietnam.
    pub fn at_minute(self, minute: i64) -> At {
        let midnight = self.date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        At::from_unix_seconds(midnight.saturating_sub(i64::from(VIETNAM_OFFSET_S))).plus_minutes(minute)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_text())
    }
}

impl FromStr for Day {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self::of).map_err(|_malformed| NotATime)
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

crate::text_column!(Day);

/// Where instants come from. One clock a process; tests own theirs.
pub trait Clock: Send + Sync {
    fn now(&self) -> At;
}

/// Where chance comes from. Tests own theirs.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// Ten random bytes, what an id needs.
pub fn ten(entropy: &dyn Entropy) -> [u8; 10] {
    let mut bytes = [0; 10];
    entropy.fill(&mut bytes);
    bytes
}

/// The clock of the machine. The only reader of the wall clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else must ask")]
    fn now(&self) -> At {
        At::from_unix_micros(Utc::now().timestamp_micros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_vietnam() {
        let late: At = "2026-11-24T17:00:00Z".parse().expect("valid");
        assert_eq!(late.day().to_string(), "2026-11-25");
        assert_eq!(late.minute_of_day(), 0);
        assert_eq!(late.plus_seconds(-1).day().to_string(), "2026-11-24");
        assert_eq!(late.day().at_minute(0), late);
    }

    #[test]
    fn an_instant_is_written_with_its_offset_and_read_back() {
        let at: At = "2026-11-25T07:05:00.123456+07:00".parse().expect("valid");
        assert_eq!(at.rfc3339(), "2026-11-25T07:05:00.123456+07:00");
        assert_eq!(at.rfc3339().parse(), Ok(at));
        assert_eq!(at.cut_to_hour().rfc3339(), "2026-11-25T07:00:00+07:00");
    }
}
