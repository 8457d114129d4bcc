//! JSON as JavaScript orders and writes it, because two providers sign what their own JavaScript wrote: keys sorted by UTF-16 units
//! (whole numbers first, as every JavaScript object has them), numbers in their shortest form, no spaces. Knows no provider.

use serde_json::{Map, Number, Value};
use std::cmp::Ordering;
use std::fmt::Write as _;

/// JavaScript keeps whole numbers exactly up to here (2^53).
const SAFE: u64 = 1 << 53;
/// The largest key that JavaScript treats as an array's index, and therefore puts first (2^32 − 2).
const LAST_INDEX: u64 = 4_294_967_294;

/// How text beyond ASCII is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// As it is: `JSON.stringify`.
    Raw,
    /// `\uXXXX`: Python's `json.dumps`.
    Unicode,
    /// `\uXXXX`, and `\/` for a slash: PHP's `json_encode`.
    UnicodeAndSlash,
}

/// Compact JSON with the keys of every level sorted.
pub fn sorted_json(value: &Value, escapes: Escapes) -> String {
    let mut out = String::new();
    write_value(&mut out, value, escapes);
    out
}

/// Keys and values of an object in the order in which JavaScript walks it after `Object.keys(…).sort()`.
pub fn entries(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = fields.iter().collect();
    entries.sort_by(|(one, _), (other, _)| match (index(one), index(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.encode_utf16().cmp(other.encode_utf16()),
    });
    entries
}

fn index(key: &str) -> Option<u64> {
    let number: u64 = key.parse().ok()?;
    (number <= LAST_INDEX && number.to_string() == key).then_some(number)
}

/// A number as JavaScript prints it: `3000`, `1.5`, `1e+21`.
pub fn number(number: &Number) -> String {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) if whole.unsigned_abs() <= SAFE => whole.to_string(),
        (_, Some(float)) => shortest(float),
        _ => number.to_string(),
    }
}

/// ECMAScript's Number::toString. Rust's `{:e}` gives the same shortest digits.
fn shortest(float: f64) -> String {
    if float == 0.0 {
        return "0".to_owned();
    }
    let sign = if float < 0.0 { "-" } else { "" };
    let scientific = format!("{:e}", float.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // The decimal point stands behind so many digits.
    let point = exponent.saturating_add(1);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let body = if (length..=21).contains(&point) {
        format!("{digits}{}", zeros(point.saturating_sub(length)))
    } else if (1..=21).contains(&point) {
        let (whole, part) = digits.split_at_checked(usize::try_from(point).unwrap_or(0)).unwrap_or((&digits, ""));
        format!("{whole}.{part}")
    } else if (-5..=0).contains(&point) {
        format!("0.{}{digits}", zeros(point.saturating_neg()))
    } else {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        let dot = if rest.is_empty() { "" } else { "." };
        let plus = if exponent > 0 { "+" } else { "" };
        format!("{first}{dot}{rest}e{plus}{exponent}")
    };
    format!("{sign}{body}")
}

fn write_value(out: &mut String, value: &Value, escapes: Escapes) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(said) => out.push_str(if *said { "true" } else { "false" }),
        Value::Number(said) => out.push_str(&number(said)),
        Value::String(text) => write_text(out, text, escapes),
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_value(out, item, escapes);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (position, (key, item)) in entries(fields).into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_text(out, key, escapes);
                out.push(':');
                write_value(out, item, escapes);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str, escapes: Escapes) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '/' if escapes == Escapes::UnicodeAndSlash => out.push_str("\\/"),
            c if c < ' ' || (escapes != Escapes::Raw && !c.is_ascii()) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_printed_as_node_prints_them() {
        // Each pair read off `node -p`.
        for (text, printed) in [
            ("3000", "3000"),
            ("1.50", "1.5"),
            ("599000.0", "599000"),
            ("-0.0", "0"),
            ("0", "0"),
            ("-12.25", "-12.25"),
            ("9007199254740993", "9007199254740992"),
            ("18446744073709551615", "18446744073709552000"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("123456789012345680000", "123456789012345680000"),
            ("0.000001", "0.000001"),
            ("0.00000123", "0.00000123"),
            ("1e-7", "1e-7"),
            ("1.25e-9", "1.25e-9"),
        ] {
            let Value::Number(read) = serde_json::from_str(text).expect("json") else { panic!("{text}") };
            assert_eq!(number(&read), printed, "{text}");
        }
    }

    #[test]
    fn keys_stand_as_javascript_walks_them() {
        let value = json!({"b": 1, "a": {"y": 1, "x": [{"q": null, "p": true}]}, "10": 1, "9": 1, "09": 1, "Z": 1});
        let expected = r#"{"9":1,"10":1,"09":1,"Z":1,"a":{"x":[{"p":true,"q":null}],"y":1},"b":1}"#;
        assert_eq!(sorted_json(&value, Escapes::Raw), expected);
        // U+1F600 begins with a surrogate, which sorts before U+FF41.
        let astral = json!({"\u{ff41}": 1, "\u{1f600}": 2});
        assert_eq!(sorted_json(&astral, Escapes::Raw), "{\"\u{1f600}\":2,\"\u{ff41}\":1}");
    }

    #[test]
    fn text_is_escaped_in_three_ways() {
        let value = json!("đơn/\"1\"\n\u{1}\u{1f600}");
        assert_eq!(sorted_json(&value, Escapes::Raw), "\"đơn/\\\"1\\\"\\n\\u0001\u{1f600}\"");
        assert_eq!(sorted_json(&value, Escapes::Unicode), r#""\u0111\u01a1n/\"1\"\n\u0001\ud83d\ude00""#);
        assert_eq!(sorted_json(&value, Escapes::UnicodeAndSlash), r#""\u0111\u01a1n\/\"1\"\n\u0001\ud83d\ude00""#);
    }
}
