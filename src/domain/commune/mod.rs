//! The land: 34 provinces and their communes as they have been since 2025-07-01, and the names that people still use.
//! The tables are embedded and read once. Knows no coordinates of people or plots, and nothing of who sells where.

mod index;
pub mod place;
mod read;

pub use index::{Found, How, old_names, search};

use std::collections::HashMap;
use std::sync::LazyLock;

/// The province that runs this market: it comes first wherever names repeat.
pub const HOME_PROVINCE: &str = "33";

/// Codes that older lists give to five communes of Hưng Yên, and the code that is theirs today.
const ALIASES: [(&str, &str); 5] = [
    ("11986", "12004"), // Như Quỳnh
    ("12052", "12073"), // Yên Mỹ
    ("12220", "12223"), // Triệu Việt Vương
    ("12478", "12583"), // Tân Tiến
    ("12841", "12916"), // Bắc Thái Ninh
];

/// A province or a city under the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Province {
    /// Two digits, `33`.
    pub code: String,
    /// With its kind: «Tỉnh Hưng Yên».
    pub name: String,
}

/// A commune, ward or special zone: the only level below the province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// Five digits, `11977`.
    pub code: String,
    /// With its kind: «Xã Tân Hưng».
    pub name: String,
    /// «Xã», «Phường» or «Đặc khu».
    pub kind: String,
    pub province_code: String,
    pub province_name: String,
    /// The units that it was formed from, as the resolutions list them; «giữ nguyên» when it was left as it was.
    pub formed_from: String,
}

impl Commune {
    /// The name without its kind: «Tân Hưng».
    pub fn bare_name(&self) -> &str {
        self.name.strip_prefix(self.kind.as_str()).map_or(self.name.as_str(), str::trim)
    }

    /// As an address ends: «Xã Tân Hưng, Tỉnh Hưng Yên».
    pub fn with_province(&self) -> String {
        format!("{}, {}", self.name, self.province_name)
    }
}

/// The whole table with its ways in.
struct Land {
    provinces: Vec<Province>,
    /// In the order of the official list: by province, then by code.
    communes: Vec<Commune>,
    by_code: HashMap<String, usize>,
}

static LAND: LazyLock<Land> = LazyLock::new(|| {
    let communes = read::communes();
    let mut provinces: Vec<Province> = Vec::with_capacity(34);
    for commune in &communes {
        if provinces.last().is_none_or(|last| last.code != commune.province_code) {
            provinces.push(Province { code: commune.province_code.clone(), name: commune.province_name.clone() });
        }
    }
    let by_code = communes.iter().enumerate().map(|(at, commune)| (commune.code.clone(), at)).collect();
    Land { provinces, communes, by_code }
});

/// All provinces in the order of their codes.
pub fn province_list() -> &'static [Province] {
    &LAND.provinces
}

/// Every commune of the country.
pub fn all() -> &'static [Commune] {
    &LAND.communes
}

/// The communes of one province; empty for an unknown code.
pub fn communes_of(province_code: &str) -> Vec<&'static Commune> {
    LAND.communes.iter().filter(|commune| commune.province_code == province_code).collect()
}

/// A province by its code.
pub fn find_province(code: &str) -> Option<&'static Province> {
    LAND.provinces.iter().find(|province| province.code == code)
}

/// A commune by its code of today, or by one of the five codes that older lists use.
pub fn find(code: &str) -> Option<&'static Commune> {
    let today = ALIASES.iter().find(|(older, _)| *older == code).map_or(code, |(_, today)| *today);
    LAND.by_code.get(today).and_then(|at| LAND.communes.get(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_thirty_four_provinces_and_all_their_communes() {
        assert_eq!(province_list().len(), 34);
        assert_eq!(all().len(), 3321);
        assert_eq!(communes_of(HOME_PROVINCE).len(), 104);
        assert_eq!(find_province("33").map(|p| p.name.as_str()), Some("Tỉnh Hưng Yên"));
        assert!(communes_of("99").is_empty());
    }

    #[test]
    fn a_commune_is_found_by_its_code_of_today_and_by_the_code_of_older_lists() {
        assert_eq!(find("11977").map(Commune::with_province).as_deref(), Some("Xã Tân Hưng, Tỉnh Hưng Yên"));
        for (older, today, name) in [
            ("11986", "12004", "Như Quỳnh"),
            ("12052", "12073", "Yên Mỹ"),
            ("12220", "12223", "Triệu Việt Vương"),
            ("12478", "12583", "Tân Tiến"),
            ("12841", "12916", "Bắc Thái Ninh"),
        ] {
            let found = find(older).expect(older);
            assert_eq!((found.code.as_str(), found.bare_name()), (today, name));
            assert!(!LAND.by_code.contains_key(older), "{older} must not hide a commune of today");
        }
        assert!(find("00000").is_none());
    }

    #[test]
    fn the_names_of_the_land_are_written_in_whole_letters() {
        use unicode_normalization::is_nfc;
        assert!(all().iter().all(|c| is_nfc(&c.name) && is_nfc(&c.formed_from) && is_nfc(&c.province_name)));
    }

    #[test]
    fn no_code_stands_twice() {
        assert_eq!(LAND.by_code.len(), LAND.communes.len());
    }
}
