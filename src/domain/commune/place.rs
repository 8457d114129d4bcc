//! Where the communes of the home province lie: one public point each, and which are neighbours.
//! Never the place of a plot or a person.

use super::{Commune, find, read};
use serde::Deserialize;
use std::sync::LazyLock;

const PLACES: &str = include_str!("../../../assets/data/communes-hung-yen-places.csv");

/// Mean radius of the earth in kilometres.
const EARTH_KM: f64 = 6371.0;

/// A commune's point in WGS 84 degrees.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Place {
    pub commune_code: String,
    pub latitude: f64,
    pub longitude: f64,
}

impl Place {
    /// Kilometres as the crow flies.
    pub fn km_to(&self, other: &Place) -> f64 {
        let (here, there) = (self.latitude.to_radians(), other.latitude.to_radians());
        let north = (there - here) / 2.0;
        let east = (other.longitude - self.longitude).to_radians() / 2.0;
        let chord = north.sin().powi(2) + here.cos() * there.cos() * east.sin().powi(2);
        2.0 * EARTH_KM * chord.sqrt().asin()
    }
}

static ALL: LazyLock<Vec<Place>> = LazyLock::new(|| read::rows(PLACES));

/// The points of all communes of the home province.
pub fn all() -> &'static [Place] {
    &ALL
}

/// The point of a commune; none outside the home province.
pub fn of(commune_code: &str) -> Option<&'static Place> {
    let today = find(commune_code)?;
    ALL.iter().find(|place| place.commune_code == today.code)
}

/// A commune and those whose point lies within `km` of its own, nearest first (itself leads).
pub fn near(commune_code: &str, km: f64) -> Vec<&'static Commune> {
    let Some(centre) = of(commune_code) else { return Vec::new() };
    let mut ring: Vec<(f64, &'static Place)> =
        ALL.iter().map(|place| (centre.km_to(place), place)).filter(|(distance, _)| *distance <= km).collect();
    ring.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    ring.into_iter().filter_map(|(_, place)| find(&place.commune_code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commune_of_the_home_province_has_a_point_within_it() {
        assert_eq!(all().len(), 104);
        for commune in super::super::communes_of("33") {
            let place = of(&commune.code).expect("a point");
            assert!(
                (20.2..21.1).contains(&place.latitude) && (105.8..106.7).contains(&place.longitude),
                "{}",
                commune.name
            );
        }
        assert!(of("00331").is_none());
    }

    #[test]
    fn neighbours_are_near_and_begin_with_the_commune_itself() {
        let ring: Vec<_> = near("11977", 8.0).into_iter().map(|c| c.bare_name()).collect();
        assert_eq!(ring.first(), Some(&"Tân Hưng"));
        assert!(ring.contains(&"Phố Hiến") && ring.len() < 12, "{ring:?}");
        assert!(near("00331", 8.0).is_empty());
    }
}
