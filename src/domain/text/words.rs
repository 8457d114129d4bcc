//! Numbers as the North says them: echoes beside what was typed, so that a zero too many is heard. 25000 is «hai mươi lăm nghìn»,
//! 1,5 kg «một cân rưỡi». Knows money and quantities, no price field.

use crate::domain::money::Money;
use crate::domain::quantity::{Base, BaseUnit};

/// An amount without its currency: «hai mươi lăm nghìn».
pub fn money_words(amount: Money) -> String {
    let spoken = number_words(amount.vnd().unsigned_abs());
    if amount.vnd() < 0 { format!("âm {spoken}") } else { spoken }
}

/// The echo of a price: «hai mươi lăm nghìn một cân».
pub fn price_words(price: Money, unit: &str) -> String {
    let unit = if unit == "kg" { "cân" } else { unit };
    format!("{} một {unit}", money_words(price))
}

/// A stock or order quantity: «một cân rưỡi», «tám lạng», «nửa lít», «mười hai».
pub fn quantity_words(quantity: Base, unit: BaseUnit) -> String {
    let count = quantity.0.unsigned_abs();
    let spoken = match unit {
        BaseUnit::Gram => weight_words(count),
        BaseUnit::Millilitre => volume_words(count),
        BaseUnit::Piece => number_words(count),
    };
    if quantity.0 < 0 { format!("âm {spoken}") } else { spoken }
}

/// Grams in tấn, tạ, cân, lạng.
fn weight_words(weight_g: u64) -> String {
    match weight_g {
        1_000_000.. => {
            let (tonnes, rest_kg, rest_g) = (weight_g / 1_000_000, weight_g % 1_000_000 / 1000, weight_g % 1000);
            let whole = format!("{} tấn", number_words(tonnes));
            match (rest_kg, rest_g) {
                (0, 0) => whole,
                (500, 0) => format!("{whole} rưỡi"),
                (kg, 0) if kg % 100 == 0 => format!("{whole} {} tạ", number_words(kg / 100)),
                (_, _) => format!("{whole} {}", weight_words(weight_g % 1_000_000)),
            }
        }
        500 => "nửa cân".to_owned(),
        1000.. => {
            let whole = format!("{} cân", number_words(weight_g / 1000));
            match weight_g % 1000 {
                0 => whole,
                500 => format!("{whole} rưỡi"),
                rest => format!("{whole} {}", hundred_grams(rest)),
            }
        }
        _ => hundred_grams(weight_g),
    }
}

/// Below a kilogram: lạng (100 g) and grams.
fn hundred_grams(weight_g: u64) -> String {
    match (weight_g / 100, weight_g % 100) {
        (0, 50) => "nửa lạng".to_owned(),
        (0, grams) => format!("{} gam", number_words(grams)),
        (whole, 0) => format!("{} lạng", number_words(whole)),
        (whole, 50) => format!("{} lạng rưỡi", number_words(whole)),
        (whole, grams) => format!("{} lạng {} gam", number_words(whole), number_words(grams)),
    }
}

fn volume_words(volume_ml: u64) -> String {
    match (volume_ml / 1000, volume_ml % 1000) {
        (0, 500) => "nửa lít".to_owned(),
        (0, rest) => format!("{} mililít", number_words(rest)),
        (whole, 0) => format!("{} lít", number_words(whole)),
        (whole, 500) => format!("{} lít rưỡi", number_words(whole)),
        (whole, rest) => format!("{} lít {} mililít", number_words(whole), number_words(rest)),
    }
}

/// A whole number.
pub fn number_words(number: u64) -> String {
    if number == 0 {
        return "không".to_owned();
    }
    let mut parts = Vec::new();
    say(number, false, &mut parts);
    parts.join(" ")
}

/// Millions of millions are said as «nghìn tỷ», «triệu tỷ»: what stands before tỷ is a number of its own.
fn say(number: u64, inside: bool, parts: &mut Vec<&'static str>) {
    const BILLION: u64 = 1_000_000_000;
    let (billions, below) = (number / BILLION, number % BILLION);
    if billions > 0 {
        say(billions, inside, parts);
        parts.push("tỷ");
    }
    for (group, name) in [(below / 1_000_000, "triệu"), (below / 1000 % 1000, "nghìn"), (below % 1000, "")] {
        if group > 0 {
            hundreds(group, inside || !parts.is_empty(), parts);
            if !name.is_empty() {
                parts.push(name);
            }
        }
    }
}

/// One to 999. Behind a larger group the hundreds are always said: «một nghìn không trăm linh năm».
fn hundreds(group: u64, inside: bool, parts: &mut Vec<&'static str>) {
    let (hundred, ten, one) = (group / 100, group / 10 % 10, group % 10);
    let said = hundred > 0 || inside;
    if said {
        parts.extend([digit(hundred), "trăm"]);
    }
    match ten {
        0 if said && one > 0 => parts.push("linh"),
        0 => {}
        1 => parts.push("mười"),
        _ => parts.extend([digit(ten), "mươi"]),
    }
    match (ten, one) {
        (_, 0) => {}
        (2.., 1) => parts.push("mốt"),
        (2.., 4) => parts.push("tư"),
        (1.., 5) => parts.push("lăm"),
        _ => parts.push(digit(one)),
    }
}

const fn digit(value: u64) -> &'static str {
    match value {
        0 => "không",
        1 => "một",
        2 => "hai",
        3 => "ba",
        4 => "bốn",
        5 => "năm",
        6 => "sáu",
        7 => "bảy",
        8 => "tám",
        _ => "chín",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn money_is_said_as_in_the_north() {
        for (vnd, said) in [
            (0, "không"),
            (5, "năm"),
            (10, "mười"),
            (11, "mười một"),
            (14, "mười bốn"),
            (15, "mười lăm"),
            (20, "hai mươi"),
            (21, "hai mươi mốt"),
            (24, "hai mươi tư"),
            (25, "hai mươi lăm"),
            (55, "năm mươi lăm"),
            (100, "một trăm"),
            (101, "một trăm linh một"),
            (105, "một trăm linh năm"),
            (110, "một trăm mười"),
            (115, "một trăm mười lăm"),
            (1_000, "một nghìn"),
            (1_005, "một nghìn không trăm linh năm"),
            (1_050, "một nghìn không trăm năm mươi"),
            (25_000, "hai mươi lăm nghìn"),
            (185_000, "một trăm tám mươi lăm nghìn"),
            (1_234_567, "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy"),
            (1_050_000, "một triệu không trăm năm mươi nghìn"),
            (10_000_000, "mười triệu"),
            (1_005_000_000, "một tỷ không trăm linh năm triệu"),
            (2_000_000_000_000, "hai nghìn tỷ"),
            (-25_000, "âm hai mươi lăm nghìn"),
        ] {
            assert_eq!(money_words(Money(vnd)), said, "{vnd}");
        }
        assert_eq!(price_words(Money(25_000), "kg"), "hai mươi lăm nghìn một cân");
        assert_eq!(price_words(Money(8_000), "mớ"), "tám nghìn một mớ");
    }

    #[test]
    fn weights_are_said_in_can_and_lang() {
        for (grams, said) in [
            (1_500, "một cân rưỡi"),
            (1_000, "một cân"),
            (500, "nửa cân"),
            (800, "tám lạng"),
            (250, "hai lạng rưỡi"),
            (50, "nửa lạng"),
            (20, "hai mươi gam"),
            (1_860, "một cân tám lạng sáu mươi gam"),
            (1_850, "một cân tám lạng rưỡi"),
            (2_300, "hai cân ba lạng"),
            (15_000, "mười lăm cân"),
            (42_000, "bốn mươi hai cân"),
            (1_000_000, "một tấn"),
            (1_200_000, "một tấn hai tạ"),
            (1_500_000, "một tấn rưỡi"),
            (1_230_000, "một tấn hai trăm ba mươi cân"),
            (0, "không gam"),
        ] {
            assert_eq!(quantity_words(Base(grams), BaseUnit::Gram), said, "{grams}");
        }
        assert_eq!(quantity_words(Base(1_500), BaseUnit::Millilitre), "một lít rưỡi");
        assert_eq!(quantity_words(Base(500), BaseUnit::Millilitre), "nửa lít");
        assert_eq!(quantity_words(Base(30), BaseUnit::Piece), "ba mươi");
    }

    proptest! {
        #[test]
        fn every_number_is_said_in_its_own_words(a in any::<u32>(), b in any::<u32>(), huge in any::<i64>()) {
            let (first, second) = (number_words(u64::from(a)), number_words(u64::from(b)));
            prop_assert_eq!(a == b, first == second);
            prop_assert!(!first.contains("  ") && !first.starts_with(' ') && !first.ends_with(' '));
            let _ = (money_words(Money(huge)), quantity_words(Base(huge), BaseUnit::Gram), quantity_words(Base(huge), BaseUnit::Millilitre));
        }
    }
}
