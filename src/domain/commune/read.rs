//! Reads the embedded tables of the land: communes, and the districts that were abolished on 2025-07-01.
//! A row that cannot be read is left out; the tests count the rows.

use super::Commune;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const COMMUNES: &str = include_str!("../../../assets/data/communes.csv");
const KNOWN_PLACES: &str = include_str!("../../../assets/data/known-places.csv");
const DISTRICTS: &str = include_str!("../../../assets/data/old-districts.csv");

#[derive(Deserialize)]
struct CommuneRow {
    province_code: String,
    province: String,
    commune_code: String,
    commune: String,
    kind: String,
    formed_from: String,
}

/// An abolished district as a run of commune codes: the national list numbered communes district by district, and today's
/// communes kept a code from that list. Held for the home province and the inner part of Hà Nội only.
#[derive(Debug, Deserialize)]
pub(super) struct District {
    pub province_code: String,
    pub old_province: String,
    /// With its kind: «Huyện Kiến Xương».
    pub district: String,
    pub first_code: String,
    pub last_code: String,
}

impl District {
    pub(super) fn holds(&self, commune: &Commune) -> bool {
        self.province_code == commune.province_code
            && (self.first_code.as_str()..=self.last_code.as_str()).contains(&commune.code.as_str())
    }
}

/// A place whose name its goods carry («nhãn Hồng Nam») and that `formed_from` does not list: merged before 2025, or a village.
#[derive(Debug, Deserialize)]
pub(super) struct KnownPlace {
    pub commune_code: String,
    /// With its kind: «Xã Hồng Nam».
    pub name: String,
}

/// The rows of an embedded CSV with a heading.
pub(super) fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

pub(super) fn communes() -> Vec<Commune> {
    rows::<CommuneRow>(COMMUNES)
        .into_iter()
        .map(|row| Commune {
            code: row.commune_code,
            name: row.commune,
            kind: row.kind,
            province_code: row.province_code,
            province_name: row.province,
            formed_from: row.formed_from,
        })
        .collect()
}

pub(super) fn districts() -> Vec<District> {
    rows(DISTRICTS)
}

pub(super) fn known_places() -> Vec<KnownPlace> {
    rows(KNOWN_PLACES)
}

/// One old unit out of `formed_from`: «Xã Quang Trung (huyện Kiến Xương)».
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OldUnit<'a> {
    /// With its kind: «Xã Quang Trung».
    pub name: &'a str,
    /// The district that tells it from another of that name, where the table gives one: «huyện Kiến Xương».
    pub district: Option<&'a str>,
}

/// The old units that a commune was formed from. «phần còn lại …» (what others left over) says nothing about a name.
pub(super) fn old_units(formed_from: &str) -> Vec<OldUnit<'_>> {
    pieces(formed_from)
        .into_iter()
        .filter(|piece| !piece.is_empty() && *piece != "giữ nguyên")
        .map(|piece| {
            let (name, rest) = piece.split_once('(').unwrap_or((piece, ""));
            let district = rest
                .split(['(', ')'])
                .map(str::trim)
                .find(|note| !note.is_empty() && !note.starts_with("phần còn lại") && !note.starts_with("do "));
            OldUnit { name: name.trim(), district }
        })
        .collect()
}

/// Parts between the commas that stand outside brackets.
fn pieces(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    text.split(|c: char| {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth <= 0
    })
    .map(str::trim)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_land_is_read() {
        assert_eq!(communes().len(), COMMUNES.lines().count() - 1);
        assert_eq!(districts().len(), DISTRICTS.lines().count() - 1);
        assert_eq!(known_places().len(), KNOWN_PLACES.lines().count() - 1);
        assert!(known_places().iter().all(|place| super::super::find(&place.commune_code).is_some()));
    }

    #[test]
    fn an_old_unit_keeps_its_district_and_loses_the_remark_about_what_was_left_over() {
        let text =
            "Phường Quang Trung (quận Đống Đa) (phần còn lại sau khi sáp nhập vào phường A, phường B), Xã Vũ Lạc";
        assert_eq!(
            old_units(text),
            [
                OldUnit { name: "Phường Quang Trung", district: Some("quận Đống Đa") },
                OldUnit { name: "Xã Vũ Lạc", district: None },
            ]
        );
        assert!(old_units("giữ nguyên").is_empty());
    }

    #[test]
    fn the_runs_of_codes_agree_with_every_district_that_the_table_itself_names() {
        let districts = districts();
        let communes = communes();
        let (mut agree, mut differ) = (0, Vec::new());
        for commune in communes.iter().filter(|c| c.province_code == "33") {
            let own: Vec<&str> = districts.iter().filter(|d| d.holds(commune)).map(|d| d.district.as_str()).collect();
            assert!(!own.is_empty(), "{} lies in no old district", commune.name);
            for unit in old_units(&commune.formed_from) {
                let Some(named) = unit.district else { continue };
                if own.iter().any(|d| d.to_lowercase() == named.to_lowercase()) {
                    agree += 1
                } else {
                    differ.push((&commune.name, named))
                }
            }
        }
        // Three communes were made across an old border: the odd unit, not the run, lies elsewhere.
        assert!(agree >= 25 && differ.len() <= 3, "{agree} agree, {differ:?} differ");
    }
}
