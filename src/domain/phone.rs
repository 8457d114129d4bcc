//! Telephone numbers of Vietnam: read as people write them, kept as E.164, shown as people read them. Blocks on shape only:
//! blocks of numbers come and go, and a code sent to the number is the proof. Knows nobody who has one.

use super::text::clean::is_invisible;
use unicode_normalization::UnicodeNormalization;

/// A number of Vietnam in E.164: `+84912345678`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

crate::text_column!(Phone);

/// Why a text is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPhone {
    #[error("no number was given")]
    Empty,
    #[error("a telephone number has no {0:?}")]
    Character(char),
    #[error("a number of another country")]
    Foreign,
    #[error("a number begins with 0 or +84")]
    Start,
    #[error("a mobile number begins with 03, 05, 07, 08 or 09, a fixed line with 02")]
    Block,
    #[error("{found} digits; a mobile number has 10, a fixed line 11")]
    Length { found: usize },
}

impl Phone {
    /// E.164.
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// Digits after the country code: `912345678`.
    fn significant(&self) -> &str {
        self.0.strip_prefix("+84").unwrap_or(&self.0)
    }

    pub fn is_mobile(&self) -> bool {
        !self.significant().starts_with('2')
    }

    /// As read in Vietnam: `0912 345 678`, `0227 383 8383`, `024 3825 1234`.
    pub fn shown(&self) -> String {
        let national = format!("0{}", self.significant());
        let big_city = national.starts_with("024") || national.starts_with("028");
        let cuts: &[usize] = if big_city { &[3, 7] } else { &[4, 7] };
        national.chars().enumerate().fold(String::with_capacity(13), |mut out, (index, digit)| {
            if cuts.contains(&index) {
                out.push(' ');
            }
            out.push(digit);
            out
        })
    }

    /// For a list that others may see: `09•• ••• 678`.
    pub fn masked(&self) -> String {
        let shown = self.shown();
        let keep_from = shown.chars().count().saturating_sub(3);
        shown.chars().enumerate().map(|(i, c)| if i < 2 || i >= keep_from || c == ' ' { c } else { '•' }).collect()
    }

    /// Opens the chat of this number in Zalo.
    pub fn zalo_link(&self) -> String {
        format!("https://zalo.me/84{}", self.significant())
    }

    /// Dials.
    pub fn tel(&self) -> String {
        format!("tel:{}", self.0)
    }

    /// Opens an empty message.
    pub fn sms(&self) -> String {
        format!("sms:{}", self.0)
    }

    /// Opens a message with its text (RFC 5724), percent-encoded.
    pub fn sms_saying(&self, text: &str) -> String {
        let encoded = text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                out.push(char::from(byte));
            } else {
                out.push('%');
                out.push_str(&super::id::hex(&[byte]).to_ascii_uppercase());
            }
            out
        });
        format!("sms:{}?body={encoded}", self.0)
    }
}

/// Spaces, points, hyphens, brackets and invisible characters do not matter; `0…`, `84…`, `+84…`, `0084…`, `+84 (0)…` do.
impl std::str::FromStr for Phone {
    type Err = NotAPhone;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String = text
            .nfkc()
            .filter(|c| !(c.is_whitespace() || c.is_control() || is_invisible(*c)))
            .filter(|c| !matches!(c, '.' | '-' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
            .collect();
        let digits = plain.strip_prefix('+').unwrap_or(&plain);
        if let Some(stranger) = digits.chars().find(|c| !c.is_ascii_digit()) {
            return Err(NotAPhone::Character(stranger));
        }
        if digits.is_empty() {
            return Err(NotAPhone::Empty);
        }
        let international = plain.starts_with('+').then_some(digits).or_else(|| digits.strip_prefix("00"));
        let after_country = match international {
            Some(number) => number.strip_prefix("84").ok_or(NotAPhone::Foreign)?,
            None if digits.starts_with('0') => digits,
            None => digits.strip_prefix("84").ok_or(NotAPhone::Start)?,
        };
        let significant = after_country.strip_prefix('0').unwrap_or(after_country);
        let wanted = match significant.chars().next() {
            Some('3' | '5' | '7' | '8' | '9') => 9,
            Some('2') => 10,
            Some(_) => return Err(NotAPhone::Block),
            None => return Err(NotAPhone::Length { found: 1 }),
        };
        if significant.len() != wanted {
            return Err(NotAPhone::Length { found: significant.len().saturating_add(1) });
        }
        Ok(Phone(format!("+84{significant}")))
    }
}

impl std::fmt::Display for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Phone {
    type Error = NotAPhone;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phone(text: &str) -> Phone {
        text.parse().expect(text)
    }

    #[test]
    fn a_number_is_read_however_it_is_written() {
        for text in [
            "0912345678",
            "0912 345 678",
            "0912.345.678",
            "+84912345678",
            "84912345678",
            "0084 912 345 678",
            "+84 (0)912-345-678",
            "\u{202a}+84 912 345 678\u{202c}",
            " 0912\u{a0}345\u{200b}678 ",
            "０９１２３４５６７８",
        ] {
            assert_eq!(phone(text).as_text(), "+84912345678", "{text}");
        }
        assert_eq!(phone("0227 3838383").shown(), "0227 383 8383");
        assert_eq!(phone("02438251234").shown(), "024 3825 1234");
    }

    #[test]
    fn only_the_shape_is_judged() {
        for text in [
            "0331234567",
            "0771234567",
            "0871234567",
            "0591234567",
            "0862345678",
            "0521234567",
            "0551234567",
            "02273838383",
        ] {
            assert!(text.parse::<Phone>().is_ok(), "{text}");
        }
        for (text, why) in [
            ("", NotAPhone::Empty),
            (" + ", NotAPhone::Empty),
            ("091234567", NotAPhone::Length { found: 9 }),
            ("09123456789", NotAPhone::Length { found: 11 }),
            ("01612345678", NotAPhone::Block),
            ("0412345678", NotAPhone::Block),
            ("912345678", NotAPhone::Start),
            ("+1 202 555 0123", NotAPhone::Foreign),
            ("0912x45678", NotAPhone::Character('x')),
            ("09123O5678", NotAPhone::Character('O')),
            ("٠٩١٢٣٤٥٦٧٨", NotAPhone::Character('٠')),
            ("0", NotAPhone::Length { found: 1 }),
        ] {
            assert_eq!(text.parse::<Phone>(), Err(why), "{text}");
        }
    }

    #[test]
    fn a_number_becomes_what_people_press() {
        let phone = phone("0912345678");
        assert_eq!(phone.shown(), "0912 345 678");
        assert_eq!(phone.masked(), "09•• ••• 678");
        assert_eq!(phone.zalo_link(), "https://zalo.me/84912345678");
        assert_eq!(phone.tel(), "tel:+84912345678");
        assert_eq!(phone.sms(), "sms:+84912345678");
        assert_eq!(phone.sms_saying("Đơn A&b"), "sms:+84912345678?body=%C4%90%C6%A1n%20A%26b");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(number in "0[35789][0-9]{8}|02[0-9]{9}") {
            let phone = phone(&number);
            prop_assert_eq!(phone.shown().parse(), Ok(phone.clone()));
            prop_assert_eq!(phone.as_text().parse(), Ok(phone.clone()));
            prop_assert_eq!(phone.shown().replace(' ', ""), number);
        }

        #[test]
        fn any_text_is_refused_without_harm(text in "\\PC{0,20}|[0-9+ ]{0,16}") {
            let _ = text.parse::<Phone>();
        }
    }
}
