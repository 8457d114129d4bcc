//! Where a grant counts: one commune, one province, the country. Knows no person.

use super::commune;

/// A territory as a grant writes it: `11977`, `p:33`, `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Territory {
    Country,
    Province(String),
    Commune(String),
}

/// A text that names no place of the land.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a territory: {0:?}; write a commune's code, p:33 or *")]
pub struct NotATerritory(pub String);

impl std::str::FromStr for Territory {
    type Err = NotATerritory;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let no = || NotATerritory(text.to_owned());
        match text.strip_prefix("p:") {
            Some(code) => commune::find_province(code).map(|found| Self::Province(found.code.clone())).ok_or_else(no),
            None if text == "*" => Ok(Self::Country),
            None => commune::find(text).map(|found| Self::Commune(found.code.clone())).ok_or_else(no),
        }
    }
}

impl Territory {
    /// Whether a commune lies within; an unknown one lies nowhere but in the country.
    pub fn holds(&self, commune_code: &str) -> bool {
        let commune = commune::find(commune_code);
        match self {
            Self::Country => true,
            Self::Province(code) => commune.is_some_and(|found| found.province_code == *code),
            Self::Commune(code) => commune.is_some_and(|found| found.code == *code),
        }
    }

    /// Its name as people read it; none for the country.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Country => None,
            Self::Province(code) => commune::find_province(code).map(|found| found.name.clone()),
            Self::Commune(code) => commune::find(code).map(commune::Commune::with_province),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_territory_holds_its_communes_and_no_others() {
        let read = |text: &str| text.parse::<Territory>();
        assert_eq!(read("p:33").map(|land| (land.holds("11977"), land.holds("00070"))), Ok((true, false)));
        assert_eq!(read("11977").map(|land| (land.holds("11977"), land.holds("12004"))), Ok((true, false)));
        assert_eq!(read("*").map(|land| (land.holds("11977"), land.holds("nowhere"))), Ok((true, true)));
        assert_eq!(read("p:33").map(|land| land.holds("nowhere")), Ok(false));
        for no in ["", "p:", "p:00", "33", "hưng yên"] {
            assert!(read(no).is_err(), "{no}");
        }
    }
}
