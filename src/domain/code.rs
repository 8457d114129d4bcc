//! Short codes that people type, read aloud and transfer with: a prefix that says what it is, six characters without
//! look-alikes and one check character. The order code is the payment reference. Knows no order, purchase or lot.

use super::text::clean::is_invisible;
use super::time::Entropy;

/// No I, L, O, 0, 1. 31 is prime, so the weighted sum catches every single substitution and every swap of neighbours.
pub const ALPHABET: &str = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Prefix, six characters, check character.
pub const CODE_CHARS: usize = 9;

const DRAWN_CHARS: usize = 6;
const PRIME: u32 = 31;

/// Why a text is not a code of this kind. Look-alikes are refused, never guessed: a guess may be another person's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    #[error("a code has 9 characters, this has {0}")]
    Length(usize),
    #[error("the code must begin with {0}")]
    Prefix(&'static str),
    #[error("no code has the character {0:?}")]
    Character(char),
    #[error("the check character does not fit: one character is wrong or two are swapped")]
    Check,
}

fn value(c: char) -> Option<u32> {
    ALPHABET.chars().zip(0_u32..).find_map(|(letter, index)| (letter == c).then_some(index))
}

/// 2·v1 + 3·v2 + … + 7·v6, modulo 31.
fn weighted(body: &str) -> Result<u32, NotACode> {
    body.chars().zip(2_u32..).try_fold(0_u32, |sum, (c, weight)| {
        let term = value(c).ok_or(NotACode::Character(c))?.saturating_mul(weight);
        Ok(sum.saturating_add(term).rem_euclid(PRIME))
    })
}

fn letter(index: u32) -> char {
    let place = usize::try_from(index.rem_euclid(PRIME)).unwrap_or(0);
    ALPHABET.chars().nth(place).unwrap_or('A')
}

fn completed(prefix: &str, body: &str) -> String {
    // Every body made here is of the alphabet, so the sum cannot fail.
    let sum = weighted(body).unwrap_or(0);
    format!("{prefix}{body}{}", letter(PRIME.saturating_sub(sum)))
}

/// Six characters by rejection sampling: bytes from 248 (8 × 31) up are thrown away, so no letter is likelier than another. Six
/// letters without a digit are drawn again: «Đạt Hạnh Tuyết» runs together to what a code looks like, and a name never has a digit.
fn drawn(entropy: &dyn Entropy) -> String {
    let mut body = String::with_capacity(DRAWN_CHARS);
    // Real chance needs one round, seldom two. The bound keeps a test's constant entropy from looping for ever.
    for _round in 0..64 {
        let mut bytes = [0_u8; 16];
        entropy.fill(&mut bytes);
        for byte in bytes.into_iter().filter(|byte| *byte < 248) {
            body.push(letter(u32::from(byte)));
            if body.len() < DRAWN_CHARS {
                continue;
            }
            if body.bytes().any(|c| c.is_ascii_digit()) {
                return body;
            }
            body.clear();
        }
    }
    format!("{body:2<DRAWN_CHARS$}")
}

/// What a person wrote, without what people put between characters: spaces, hyphens, dashes, points, invisible marks.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !(c.is_whitespace()
                || is_invisible(*c)
                || matches!(c, '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn checked(text: &str, prefix: &'static str) -> Result<String, NotACode> {
    let code = plain(text);
    let count = code.chars().count();
    if count != CODE_CHARS {
        return Err(NotACode::Length(count));
    }
    let rest = code.strip_prefix(prefix).ok_or(NotACode::Prefix(prefix))?;
    let check = rest.chars().last().ok_or(NotACode::Check)?;
    let body = rest.strip_suffix(check).ok_or(NotACode::Check)?;
    let sum = weighted(body)?.saturating_add(value(check).ok_or(NotACode::Character(check))?);
    if sum.rem_euclid(PRIME) == 0 { Ok(code) } else { Err(NotACode::Check) }
}

/// Any code in groups of three, as it is shown and read aloud everywhere: `HT7K2M9QA` → `HT7 K2M 9QA`.
pub fn grouped(text: &str) -> String {
    let letters = text.chars().filter(|letter| *letter != '-' && *letter != ' ').enumerate();
    letters.fold(String::with_capacity(12), |mut out, (index, letter)| {
        if index > 0 && index.is_multiple_of(3) {
            out.push(' ');
        }
        out.push(letter);
        out
    })
}

macro_rules! short_code {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// A new code, with a digit in it: 31⁶ − 23⁶ ≈ 739 million values, so the column is UNIQUE and a clash draws again.
            pub fn draw(entropy: &dyn Entropy) -> Self {
                Self(completed(Self::PREFIX, &drawn(entropy)))
            }

            /// The code as kept and transferred: nine characters, no spaces.
            pub fn as_text(&self) -> &str { &self.0 }

            /// For reading aloud and for the eye: `HT7 K2M 9QA`.
            pub fn grouped(&self) -> String { grouped(&self.0) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }

        /// Tolerant of case, spaces, hyphens and points; of nothing else.
        impl std::str::FromStr for $name {
            type Err = NotACode;
            fn from_str(text: &str) -> Result<Self, Self::Err> { checked(text, Self::PREFIX).map(Self) }
        }

        impl TryFrom<String> for $name {
            type Error = NotACode;
            fn try_from(text: String) -> Result<Self, Self::Error> { text.parse() }
        }

        impl From<$name> for String {
            fn from(code: $name) -> String { code.0 }
        }

        $crate::text_column!($name);
    )+ };
}

// Any two prefixes differ in both places and none is another one swapped: one slip never makes a code of another kind.
short_code!(
    /// An order; also the memo of its transfer.
    OrderCode = "HT",
    /// A purchase (one checkout): «mua».
    PurchaseCode = "MU",
    /// A lot as printed on its label: «nguồn gốc». Not DH, which everyone reads as «đơn hàng».
    LotCode = "NG",
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Bytes that count upwards.
    struct Counting(AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn from(start: u8) -> Counting {
        Counting(AtomicU8::new(start))
    }

    struct Constant(u8);
    impl Entropy for Constant {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn the_known_samples_are_codes() {
        for (text, said) in [("HT7K2M9QA", "HT7 K2M 9QA"), ("HTABCDEFJ", "HTA BCD EFJ"), ("HT23456ZV", "HT2 345 6ZV")] {
            let code: OrderCode = text.parse().expect("valid");
            assert_eq!(code.as_text(), text);
            assert_eq!(code.grouped(), said);
            assert_eq!(code.grouped().to_lowercase().replace(' ', " - ").parse(), Ok(code));
        }
    }

    #[test]
    fn look_alikes_are_refused_and_not_guessed() {
        assert_eq!("HT1K2M9QA".parse::<OrderCode>(), Err(NotACode::Character('1')));
        assert_eq!("HTOK2M9QA".parse::<OrderCode>(), Err(NotACode::Character('O')));
        assert_eq!("HT7K2M9QB".parse::<OrderCode>(), Err(NotACode::Check));
        assert_eq!("MU7K2M9QA".parse::<OrderCode>(), Err(NotACode::Prefix("HT")));
        assert_eq!("HT7K2M9Q".parse::<OrderCode>(), Err(NotACode::Length(8)));
        assert_eq!("HT7K2M9QÁ".parse::<OrderCode>(), Err(NotACode::Character('Á')));
        assert_eq!("".parse::<OrderCode>(), Err(NotACode::Length(0)));
    }

    #[test]
    fn no_letter_is_likelier_than_another() {
        let mut seen = std::collections::BTreeMap::<char, u32>::new();
        for byte in 0..=247_u8 {
            *seen.entry(letter(u32::from(byte))).or_default() += 1;
        }
        assert_eq!(seen.len(), 31);
        assert!(seen.values().all(|count| *count == 8));
        assert!(OrderCode::draw(&from(20)).as_text().starts_with("HTXYZ234"));
        // Bytes 248–255 are thrown away: the first kept one is 0, and its six letters hold no digit.
        assert!(OrderCode::draw(&from(250)).as_text().starts_with("HT"));
        assert!(LotCode::draw(&Constant(255)).as_text().parse::<LotCode>().is_ok());
    }

    #[test]
    fn no_code_is_drawn_that_could_stand_in_a_name() {
        for start in 0..=255_u8 {
            for code in [OrderCode::draw(&from(start)), OrderCode::draw(&Constant(start))] {
                assert!(code.as_text().bytes().any(|c| c.is_ascii_digit()), "{code}");
                assert_eq!(code.as_text().parse(), Ok(code));
            }
        }
    }

    fn any_code() -> impl Strategy<Value = OrderCode> {
        prop::collection::vec(0_u32..31, 6).prop_map(|values| {
            let body: String = values.into_iter().map(letter).collect();
            completed("HT", &body).parse().expect("completed")
        })
    }

    fn any_kind_reads(text: &str) -> bool {
        text.parse::<OrderCode>().is_ok() || text.parse::<PurchaseCode>().is_ok() || text.parse::<LotCode>().is_ok()
    }

    proptest! {
        #[test]
        fn every_single_substitution_is_caught(code in any_code(), place in 0_usize..9, other in "[A-Z0-9]") {
            let mut chars: Vec<char> = code.as_text().chars().collect();
            let new = other.chars().next().expect("one");
            prop_assume!(chars[place] != new);
            chars[place] = new;
            let changed: String = chars.into_iter().collect();
            prop_assert!(!any_kind_reads(&changed), "{} → {}", code, changed);
        }

        #[test]
        fn every_swap_of_neighbours_is_caught(code in any_code(), place in 0_usize..8) {
            let mut chars: Vec<char> = code.as_text().chars().collect();
            prop_assume!(chars[place] != chars[place + 1]);
            chars.swap(place, place + 1);
            let changed: String = chars.into_iter().collect();
            prop_assert!(!any_kind_reads(&changed), "{} → {}", code, changed);
        }

        #[test]
        fn what_is_read_aloud_is_understood(code in any_code(), lower in any::<bool>(), gap in prop::sample::select(vec!["", " ", "-", " – ", "\u{a0}", "\u{200b}"])) {
            let spelled: Vec<String> = code.grouped().split(' ').map(str::to_owned).collect();
            let text = spelled.join(gap);
            let text = if lower { text.to_lowercase() } else { text };
            prop_assert_eq!(text.parse(), Ok(code));
        }

        #[test]
        fn any_text_is_refused_without_harm(text in "\\PC{0,20}") {
            let _ = text.parse::<OrderCode>();
        }
    }
}
