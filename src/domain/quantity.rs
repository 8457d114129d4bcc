//! Quantities: what a shopper orders (thousandths of a sale unit) and what a lot counts (whole base units).

use super::money::{Money, MoneyOverflow};
use std::fmt;
use std::str::FromStr;

crate::word_enum! {
    /// What a lot counts: grams, millilitres or pieces.
    BaseUnit { Gram = "g", Millilitre = "ml", Piece = "piece" }
}

impl BaseUnit {
    /// UN/ECE Recommendation 20 code, as EPCIS `uom` wants it; none for counted pieces.
    pub const fn uom(self) -> Option<&'static str> {
        match self {
            BaseUnit::Gram => Some("GRM"),
            BaseUnit::Millilitre => Some("MLT"),
            BaseUnit::Piece => None,
        }
    }
}

/// A whole number of base units (g, ml, pieces). Signed: movements go both ways.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    serde::Serialize,
    serde::Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
#[serde(transparent)]
pub struct Base(pub i64);

crate::number_column!(Base);

/// A count that no longer fits 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the quantity is too large to count")]
pub struct QuantityOverflow;

impl Base {
    pub const ZERO: Base = Base(0);

    pub fn plus(self, other: Base) -> Result<Base, QuantityOverflow> {
        self.0.checked_add(other.0).map(Base).ok_or(QuantityOverflow)
    }

    pub fn minus(self, other: Base) -> Result<Base, QuantityOverflow> {
        self.0.checked_sub(other.0).map(Base).ok_or(QuantityOverflow)
    }

    pub fn negated(self) -> Result<Base, QuantityOverflow> {
        self.0.checked_neg().map(Base).ok_or(QuantityOverflow)
    }

    pub fn sum(parts: impl IntoIterator<Item = Base>) -> Result<Base, QuantityOverflow> {
        parts.into_iter().try_fold(Base::ZERO, Base::plus)
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// As people say it: `1,86 kg`, `800 g`, `1,5 lít`, `12`. The word for pieces is the sale unit's, not ours.
    pub fn said(self, unit: BaseUnit) -> String {
        let (big, small) = match unit {
            BaseUnit::Piece => return super::money::grouped(self.0),
            BaseUnit::Gram => ("kg", "g"),
            BaseUnit::Millilitre => ("lít", "ml"),
        };
        if self.0.abs() < 1000 {
            format!("{}\u{a0}{small}", self.0)
        } else {
            format!("{}\u{a0}{big}", Quantity(self.0).said())
        }
    }
}

/// Thousandths of a sale unit: `1500` is one and a half kilograms, bunches, trays.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Quantity(pub i64);

crate::number_column!(Quantity);

/// What was written is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a quantity: up to nine digits and three decimals")]
pub struct NotAQuantity;

/// A sale quantity that no whole number of base units makes; the nearest two that do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotWhole {
    pub below: Quantity,
    pub above: Quantity,
}

impl Quantity {
    pub const ONE: Quantity = Quantity(1000);

    /// With a decimal comma, as read in Vietnam, no trailing zeros: `1,5`.
    pub fn said(self) -> String {
        let plain = self.decimal();
        match plain.split_once('.') {
            Some((whole, part)) => format!("{},{part}", grouped_text(whole)),
            None => grouped_text(&plain),
        }
    }

    /// With a decimal point, as JSON carries it: `"1.5"`.
    pub fn decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        if part == 0 {
            return format!("{sign}{whole}");
        }
        let digits = format!("{part:03}");
        format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
    }

    /// How many base units this is, when one sale unit holds `per_unit`; else the two nearest quantities that are whole.
    pub fn to_base(self, per_unit: Base) -> Result<Base, NotWhole> {
        let product = i128::from(self.0).saturating_mul(i128::from(per_unit.0));
        if product.rem_euclid(1000) == 0
            && let Ok(whole) = i64::try_from(product.div_euclid(1000))
        {
            return Ok(Base(whole));
        }
        let (below, above) = self.nearest_whole(per_unit);
        Err(NotWhole { below, above })
    }

    /// The closest quantities at or below and above that are a whole number of base units.
    fn nearest_whole(self, per_unit: Base) -> (Quantity, Quantity) {
        // q × per_unit must be a multiple of 1000, so q moves in steps of 1000 / gcd(1000, per_unit).
        let step = 1000_i64.checked_div(gcd(1000, per_unit.0.max(1))).unwrap_or(1000).max(1);
        let below = self.0.div_euclid(step).saturating_mul(step);
        (Quantity(below), Quantity(below.saturating_add(step)))
    }

    /// Price of this many sale units: half a đồng and more is rounded up. The only way a price meets a quantity.
    pub fn priced(self, price: Money) -> Result<Money, MoneyOverflow> {
        price.scaled_half_up(self.0, 1000)
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

const fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        let rest = a.rem_euclid(b);
        a = b;
        b = rest;
    }
    a
}

fn grouped_text(whole: &str) -> String {
    whole.parse::<i64>().map_or_else(|_not_a_number| whole.to_owned(), super::money::grouped)
}

/// The price of a true weight, when `per_unit` base units cost `price`.
pub fn priced_base(price: Money, weighed: Base, per_unit: Base) -> Result<Money, MoneyOverflow> {
    price.scaled_half_up(weighed.0, per_unit.0)
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.decimal())
    }
}

/// Strict, for machines: `1`, `1.5`, `0.125`; no sign, no comma, at most three decimals.
impl FromStr for Quantity {
    type Err = NotAQuantity;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
        let digits = |s: &str, most: usize| !s.is_empty() && s.len() <= most && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole, 9) || part.is_some_and(|part| !digits(part, 3)) {
            return Err(NotAQuantity);
        }
        let padded = format!("{:0<3}", part.unwrap_or(""));
        format!("{whole}{padded}").parse().map(Quantity).map_err(|_not_digits| NotAQuantity)
    }
}

/// For people: a comma or a point is the decimal mark, spaces do not matter: `1,5` · `1.5` · `12`.
pub fn read_quantity(text: &str) -> Result<Quantity, NotAQuantity> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.replace(',', ".").parse()
}

impl serde::Serialize for Quantity {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.decimal())
    }
}

impl<'de> serde::Deserialize<'de> for Quantity {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quantity_is_said_as_people_say_it() {
        assert_eq!(Base(1860).said(BaseUnit::Gram), "1,86\u{a0}kg");
        assert_eq!(Base(800).said(BaseUnit::Gram), "800\u{a0}g");
        assert_eq!(Base(1_234_500).said(BaseUnit::Gram), "1.234,5\u{a0}kg");
        assert_eq!(Base(1500).said(BaseUnit::Millilitre), "1,5\u{a0}lít");
        assert_eq!(Base(12).said(BaseUnit::Piece), "12");
    }

    #[test]
    fn a_part_of_a_piece_is_refused_with_the_nearest_two() {
        assert_eq!(Quantity(1500).to_base(Base(1)), Err(NotWhole { below: Quantity(1000), above: Quantity(2000) }));
        assert_eq!(Quantity(1500).to_base(Base(10)), Ok(Base(15)));
        assert_eq!(Quantity(1550).to_base(Base(10)), Err(NotWhole { below: Quantity(1500), above: Quantity(1600) }));
        assert_eq!(Quantity(1).to_base(Base(1000)), Ok(Base(1)));
    }

    #[test]
    fn machines_write_points_and_people_write_either() {
        assert_eq!("1.5".parse(), Ok(Quantity(1500)));
        assert_eq!(read_quantity(" 1,5 "), Ok(Quantity(1500)));
        for text in ["", "1,5", "-1", "1.2345", "1e3", "٣", "1.", ".5", "1234567890", "NaN"] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_quantity_written_is_read_back(value in 0_i64..1_000_000_000_000) {
            prop_assert_eq!(Quantity(value).decimal().parse(), Ok(Quantity(value)));
        }

        #[test]
        fn the_nearest_two_enclose_and_are_whole(value in 1_i64..10_000_000, per_unit in 1_i64..50_000) {
            if let Err(near) = Quantity(value).to_base(Base(per_unit)) {
                prop_assert!(near.below.0 < value && value < near.above.0);
                prop_assert!(near.below.to_base(Base(per_unit)).is_ok());
                prop_assert!(near.above.to_base(Base(per_unit)).is_ok());
            }
        }
    }
}
