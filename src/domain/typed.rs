//! Amounts of goods as people type them: `1,86`, `1.86 kg`, `1860 g`, `18 lạng`, `1,2 tấn`. Knows how Vietnam writes numbers
//! and says weights; knows no field and no page.

use super::quantity::{Base, BaseUnit};

/// What was typed is no amount of this unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAmount {
    #[error("not a number, or a word that is no unit of this")]
    Unreadable,
    /// Half a gram, a third of an egg.
    #[error("not a whole number of base units")]
    NotWhole,
}

/// Reads an amount. Without a word behind it, it counts kilograms, litres or pieces. A point before exactly three figures
/// parts thousands, as it is written here: `1.500` is one thousand five hundred.
pub fn read_base(text: &str, unit: BaseUnit) -> Result<Base, NotAnAmount> {
    let plain: String = text.trim().to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let end = plain.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(plain.len());
    let (number, word) = plain.split_at(end);
    let size = size_of(word, unit).ok_or(NotAnAmount::Unreadable)?;
    let (whole, part) = parted(number).ok_or(NotAnAmount::Unreadable)?;
    let digits = format!("{whole}{part}");
    let places = u32::try_from(part.len()).map_err(|_long| NotAnAmount::Unreadable)?;
    let count: i128 = digits.parse().map_err(|_not_digits| NotAnAmount::Unreadable)?;
    let divisor = 10_i128.checked_pow(places).ok_or(NotAnAmount::Unreadable)?;
    let product = count.checked_mul(size).ok_or(NotAnAmount::Unreadable)?;
    if product.rem_euclid(divisor) != 0 {
        return Err(NotAnAmount::NotWhole);
    }
    i64::try_from(product.div_euclid(divisor)).map(Base).map_err(|_too_large| NotAnAmount::Unreadable)
}

/// Base units in one of what the word names.
fn size_of(word: &str, unit: BaseUnit) -> Option<i128> {
    match unit {
        BaseUnit::Gram => match word {
            "" | "kg" | "k" | "cân" | "ký" | "kí" | "ki" => Some(1000),
            "g" | "gam" | "gram" => Some(1),
            "lạng" => Some(100),
            "yến" => Some(10_000),
            "tạ" => Some(100_000),
            "tấn" => Some(1_000_000),
            _ => None,
        },
        BaseUnit::Millilitre => match word {
            "" | "l" | "lít" | "lit" => Some(1000),
            "ml" => Some(1),
            _ => None,
        },
        BaseUnit::Piece => match word {
            "" | "cái" | "con" | "quả" | "củ" | "bắp" | "hũ" | "chai" | "túi" | "hộp" | "gói" => Some(1),
            "chục" => Some(10),
            "tá" => Some(12),
            _ => None,
        },
    }
}

/// Whole figures and decimals; none when the marks make no number.
fn parted(number: &str) -> Option<(String, String)> {
    let all_digits =
        |text: &str| !text.is_empty() && text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (head, tail) = number.split_once(',').map_or((number, None), |(head, tail)| (head, Some(tail)));
    let groups: Vec<&str> = head.split('.').collect();
    let in_thousands = groups.len() > 1
        && groups.first().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.iter().skip(1).all(|group| group.len() == 3);
    let (whole, part) = match (groups.as_slice(), tail) {
        (_, tail) if in_thousands => (groups.concat(), tail.unwrap_or("").to_owned()),
        ([whole], tail) => ((*whole).to_owned(), tail.unwrap_or("").to_owned()),
        ([whole, part], None) => ((*whole).to_owned(), (*part).to_owned()),
        _ => return None,
    };
    let has_mark = tail.is_some() || (groups.len() > 1 && !in_thousands);
    let part_is_right = if has_mark { all_digits(&part) && part.len() <= 6 } else { true };
    (all_digits(&whole) && part_is_right).then_some((whole, part))
}

/// An amount as it stands in a field to be changed: `1,86` kilograms, litres or pieces.
pub fn typed(base: Base, unit: BaseUnit) -> String {
    match unit {
        BaseUnit::Piece => base.0.to_string(),
        BaseUnit::Gram | BaseUnit::Millilitre => super::quantity::Quantity(base.0).decimal().replace('.', ","),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_weight_is_read_as_it_is_written() {
        let rows = [
            ("1,86", 1860),
            ("1.86", 1860),
            ("1.86 kg", 1860),
            ("1860 g", 1860),
            ("1860g", 1860),
            (" 1 , 5 ", 1500),
            ("1.500", 1_500_000),
            ("1.500 g", 1500),
            ("18 lạng", 1800),
            ("2 yến", 20_000),
            ("1,2 tấn", 1_200_000),
            ("40", 40_000),
            ("12.5", 12_500),
        ];
        for (text, grams) in rows {
            assert_eq!(read_base(text, BaseUnit::Gram), Ok(Base(grams)), "{text}");
        }
        for text in ["", "kg", "-1", "1,,2", "1.2.3", "1,2.3", "1,", ",5", "một cân", "1e3", "1 lít", "1234567890123"]
        {
            assert!(read_base(text, BaseUnit::Gram).is_err(), "{text}");
        }
        assert_eq!(read_base("1,86543", BaseUnit::Gram), Err(NotAnAmount::NotWhole));
        assert_eq!(read_base("30", BaseUnit::Piece), Ok(Base(30)));
        assert_eq!(read_base("3 chục", BaseUnit::Piece), Ok(Base(30)));
        assert_eq!(read_base("2,5", BaseUnit::Piece), Err(NotAnAmount::NotWhole));
        assert_eq!(read_base("0,5 lít", BaseUnit::Millilitre), Ok(Base(500)));
    }

    proptest! {
        #[test]
        fn what_stands_in_a_field_is_read_back(base in 1_i64..999_000_000) {
            for unit in [BaseUnit::Gram, BaseUnit::Millilitre, BaseUnit::Piece] {
                prop_assert_eq!(read_base(&typed(Base(base), unit), unit), Ok(Base(base)));
            }
        }
    }
}
