//! Reading what providers write, loosely: fields may be missing, null, numbers or texts. Money that has arrived is never refused for
//! a field: what cannot be read becomes an amount of zero, and a person looks. Knows no provider.

use super::delivery::{Headers, Rejected};
use crate::domain::bank_message::{BankMessage, Direction};
use crate::domain::id::hex;
use crate::domain::money::Money;
use crate::domain::time::At;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// More đồng than any account moves; the column's own bound.
pub const MOST_VND: i64 = 1_000_000_000_000_000;
/// Unix times from here on are milliseconds (seconds reach it in the year 5138).
const MILLISECONDS_FROM: i64 = 100_000_000_000;

pub type Fields = Map<String, Value>;

/// A message of which nothing is known yet but its id.
pub fn blank(provider_event_id: String, now: At) -> BankMessage {
    BankMessage {
        provider_event_id,
        direction: Direction::In,
        amount: Money::ZERO,
        memo: String::new(),
        description: String::new(),
        reference_code: String::new(),
        account_number: String::new(),
        virtual_account: None,
        counter_name: None,
        counter_account: None,
        link_number: None,
        balance_after: None,
        booked_at: now,
        stale: false,
        ping: false,
    }
}

/// Which way and how much. Half of it is worth nothing: a direction without an amount, or the other way round, is left to a person
/// as zero đồng that came.
pub fn movement(direction: Option<Direction>, amount: Option<Money>) -> (Direction, Money) {
    match (direction, amount) {
        (Some(direction), Some(amount)) => (direction, amount),
        _ => (Direction::In, Money::ZERO),
    }
}

/// An amount whose sign says the way: `-5000` left the account.
pub fn signed_amount(fields: &Fields, name: &str) -> (Direction, Money) {
    let negative = match fields.get(name) {
        Some(Value::Number(number)) => number.as_i64().and_then(i64::checked_neg),
        Some(Value::String(text)) => text.strip_prefix('-').and_then(digits),
        _ => None,
    };
    match negative.filter(|vnd| (1..=MOST_VND).contains(vnd)) {
        Some(vnd) => (Direction::Out, Money(vnd)),
        None => movement(Some(Direction::In), amount(fields, name)),
    }
}

/// A JSON object, or nothing that we read.
pub fn object(body: &[u8]) -> Result<Fields, Rejected> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Rejected::Unreadable),
    }
}

/// The same of a body that may also be a form: url-encoded or multipart, each field a text.
pub fn object_or_form(headers: &Headers, body: &[u8]) -> Result<Fields, Rejected> {
    let kind = headers.only("content-type").unwrap_or_default().to_ascii_lowercase();
    let pairs = if kind.starts_with("application/x-www-form-urlencoded") {
        serde_html_form::from_bytes::<Vec<(String, String)>>(body).map_err(|_odd| Rejected::Unreadable)?
    } else if kind.starts_with("multipart/form-data") {
        parts(&String::from_utf8_lossy(body))
    } else {
        return object(body);
    };
    Ok(pairs.into_iter().map(|(name, text)| (name, Value::String(text))).collect())
}

/// The text fields of a multipart form (RFC 7578). Its first line is the boundary.
fn parts(body: &str) -> Vec<(String, String)> {
    let Some((boundary, _)) = body.split_once("\r\n").filter(|(line, _)| line.starts_with("--")) else {
        return Vec::new();
    };
    let field = |part: &str| {
        let (head, text) = part.split_once("\r\n\r\n")?;
        let (_, after) = head.split_once("name=\"")?;
        let (name, _) = after.split_once('"')?;
        Some((name.to_owned(), text.strip_suffix("\r\n").unwrap_or(text).to_owned()))
    };
    body.split(boundary).filter_map(field).collect()
}

/// A text field; numbers are taken as their digits, null, absence and nothing as nothing.
pub fn text(fields: &Fields, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A positive amount of whole đồng, as a number or as digits; `1e3`, fractions and signs are not amounts.
pub fn amount(fields: &Fields, name: &str) -> Option<Money> {
    let value = match fields.get(name)? {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => digits(text)?,
        _ => return None,
    };
    (1..=MOST_VND).contains(&value).then_some(Money(value))
}

fn digits(text: &str) -> Option<i64> {
    let plain = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// `YYYY-MM-DD HH:mm:ss` (or the day alone) on Vietnam's clock, without offset; or RFC 3339 with one.
pub fn local_time(text: &str) -> Option<At> {
    let text = text.trim();
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00:00"));
    format!("{day}T{time}+07:00").parse().ok()
}

/// A time in seconds or milliseconds since 1970, as a number or as digits; or a local time.
pub fn any_time(fields: &Fields, name: &str) -> Option<At> {
    let said = text(fields, name)?;
    match digits(&said) {
        Some(millis) if millis >= MILLISECONDS_FROM => Some(At::from_unix_micros(millis.checked_mul(1000)?)),
        Some(seconds) => Some(At::from_unix_seconds(seconds)),
        None => local_time(&said),
    }
}

/// An id for a movement whose provider gave none: the same for the same bytes.
pub fn id_of_bytes(bytes: &[u8]) -> String {
    format!("body:{}", hex(&Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        object(json.as_bytes()).expect("an object")
    }

    #[test]
    fn seconds_milliseconds_and_clock_texts_are_the_same_instant() {
        let at = At::from_unix_seconds(1_795_400_000);
        for said in ["1795400000", "1795400000000", "\"1795400000\"", "\"1795400000000\"", "\"2026-11-23 07:53:20\""] {
            let read = any_time(&fields(&format!(r#"{{"t":{said}}}"#)), "t");
            assert_eq!(read.map(|read| read.day()), Some(at.day()), "{said}");
            if !said.contains('-') {
                assert_eq!(read, Some(at), "{said}");
            }
        }
        assert_eq!(local_time("2026-11-23"), "2026-11-23T00:00:00+07:00".parse().ok());
        assert_eq!(local_time("hôm qua"), None);
    }

    #[test]
    fn the_sign_of_an_amount_is_its_way() {
        let read = |json: &str| signed_amount(&fields(json), "a");
        assert_eq!(read(r#"{"a":-5000}"#), (Direction::Out, Money(5000)));
        assert_eq!(read(r#"{"a":"-5000"}"#), (Direction::Out, Money(5000)));
        assert_eq!(read(r#"{"a":5000}"#), (Direction::In, Money(5000)));
        for odd in
            [r#"{"a":0}"#, r#"{"a":1.5}"#, r#"{"a":null}"#, "{}", r#"{"a":-9223372036854775808}"#, r#"{"a":"--5"}"#]
        {
            assert_eq!(read(odd), (Direction::In, Money::ZERO), "{odd}");
        }
    }

    #[test]
    fn a_form_is_read_like_an_object() {
        let form = |kind: &str, body: &str| {
            object_or_form(&Headers::new([("content-type", kind.as_bytes())]), body.as_bytes()).expect("a form")
        };
        let encoded = form("application/x-www-form-urlencoded", "id=5&content=HT7+%C4%91%C6%A1n&empty=");
        assert_eq!(
            (text(&encoded, "id").as_deref(), text(&encoded, "content").as_deref()),
            (Some("5"), Some("HT7 đơn"))
        );
        assert_eq!(text(&encoded, "empty"), None);
        let body = "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n5\r\n--x\r\nContent-Disposition: form-data; \
                    name=\"content\"\r\n\r\nHT7\r\nđơn\r\n--x--\r\n";
        let parts = form("multipart/form-data; boundary=x", body);
        assert_eq!(
            (text(&parts, "id").as_deref(), text(&parts, "content").as_deref()),
            (Some("5"), Some("HT7\r\nđơn"))
        );
    }
}
