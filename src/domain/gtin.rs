//! GTINs as a GS1 Digital Link carries them: fourteen digits, the last one a check (GS1 General Specifications 7.9).
//! Knows no product.

/// A GTIN-14; shorter ones have zeros in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gtin(String);

/// Why a text is no GTIN of a Digital Link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAGtin {
    #[error("a GTIN in a Digital Link has 14 digits")]
    Shape,
    #[error("the check digit does not fit")]
    Check,
}

impl Gtin {
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// As products keep it, whatever number of digits was typed: 8, 12, 13 or 14.
    pub fn is_written_as(&self, stored: &str) -> bool {
        format!("{stored:0>14}") == self.0
    }
}

/// The body's digits from the right weigh 3, 1, 3, 1 …; with the check digit the sum is a multiple of ten.
fn fits(digits: &str) -> bool {
    let sum = digits.bytes().rev().zip([1_u32, 3].into_iter().cycle()).fold(0_u32, |sum, (digit, weight)| {
        sum.saturating_add(u32::from(digit.saturating_sub(b'0')).saturating_mul(weight))
    });
    sum.rem_euclid(10) == 0
}

/// Strict, as the standard's own engine is: exactly fourteen digits.
impl std::str::FromStr for Gtin {
    type Err = NotAGtin;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAGtin::Shape);
        }
        if fits(text) { Ok(Self(text.to_owned())) } else { Err(NotAGtin::Check) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_pass_and_fail() {
        assert!(["02345673", "416000336108", "1234567890128", "12345678901231"].into_iter().all(fits));
        assert!(!["12345673", "416000336109", "1234567890129", "12345678901232"].into_iter().any(fits));
        assert_eq!("09521234543213".parse::<Gtin>().map(|gtin| gtin.is_written_as("9521234543213")), Ok(true));
        assert_eq!("9521234543213".parse::<Gtin>(), Err(NotAGtin::Shape));
        assert_eq!("0952123454321x".parse::<Gtin>(), Err(NotAGtin::Shape));
        assert_eq!("09521234543214".parse::<Gtin>(), Err(NotAGtin::Check));
        assert_eq!("".parse::<Gtin>(), Err(NotAGtin::Shape));
    }
}
