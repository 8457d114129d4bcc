//! Who offers what: cooperatives × goods × varieties and grades make the four hundred products, each with its packs.
//! A rule over the tables; knows no clock and no database.

use super::calendar::round_price;
use super::season::{SeasonState, Seasons};
use super::tables::{self, BaseUnit, Cooperative, Form, Goods, Offer, Variant};
use crate::domain::money::Money;
use crate::domain::time::Day;

/// One product of one cooperative.
#[derive(Debug, Clone, Copy)]
pub struct Assorted {
    pub cooperative: &'static Cooperative,
    pub goods: &'static Goods,
    pub variant: &'static Variant,
}

impl Assorted {
    pub fn name(&self) -> &'static str {
        &self.variant.name
    }

    /// `/san-pham/{slug}`: variety and cooperative, so no two are alike.
    pub fn slug(&self) -> String {
        format!("{}-{}", self.variant.slug, self.cooperative.slug)
    }

    pub fn category(&self) -> &'static str {
        self.variant.category.as_deref().unwrap_or(&self.goods.category)
    }

    pub fn form(&self) -> Form {
        self.variant.form.unwrap_or(self.goods.form)
    }

    pub fn base_unit(&self) -> BaseUnit {
        self.goods.base_unit
    }

    pub fn description(&self) -> &'static str {
        self.variant.description.as_deref().unwrap_or(&self.goods.description)
    }

    pub fn keeps_days(&self) -> i64 {
        self.variant.keeps_days.unwrap_or(self.goods.keeps_days)
    }

    pub fn season(&self) -> &'static Seasons {
        self.variant.season.as_ref().unwrap_or(&self.goods.season)
    }

    pub fn season_on(&self, day: Day) -> SeasonState {
        self.season().state_on(&self.goods.peak, day)
    }

    /// Smallest and largest lot in base units, at least one pack of the first kind.
    pub fn lot_base(&self) -> (i64, i64) {
        let scaled = |base: i64| base.saturating_mul(self.variant.lot_percent) / 100;
        let pack = self.offers().first().map_or(1, |offer| offer.base_quantity);
        (scaled(self.goods.lot_low_base).max(pack), scaled(self.goods.lot_high_base).max(pack))
    }

    /// Its packs in their order; the first is the one meant when none is named.
    pub fn offers(&self) -> Vec<&'static Offer> {
        let of = |variant: Option<u32>| {
            tables::offers()
                .iter()
                .filter(move |o| o.goods == self.goods.number && o.variant == variant)
                .collect::<Vec<_>>()
        };
        let own = of(Some(self.variant.position));
        if own.is_empty() { of(None) } else { own }
    }

    /// What keeps all year although its goods do not come all year (kẹo lạc, chuối sấy) costs the same all year.
    fn is_steady(&self) -> bool {
        self.variant.season.as_ref().is_some_and(Seasons::is_all_year)
    }

    /// The price of one sale unit of a pack on a day.
    pub fn price_on(&self, offer: &Offer, day: Day) -> Money {
        let percents = [self.variant.price_percent, self.cooperative.price_percent, offer.price_percent];
        let plain = if self.is_steady() { self.goods.middle_price() } else { self.goods.price_on(day) };
        let whole = plain.vnd().saturating_mul(offer.base_quantity);
        let asked =
            percents.iter().fold(i128::from(whole), |price, percent| price.saturating_mul(i128::from(*percent)));
        let divisor = i128::from(self.goods.price_base.max(1)).saturating_mul(1_000_000);
        round_price(asked.checked_div(divisor).and_then(|vnd| i64::try_from(vnd).ok()).unwrap_or(i64::MAX / 2))
    }

    /// Whether a parcel carrier takes it.
    pub fn can_go_by_parcel(&self) -> bool {
        matches!(self.form(), Form::Dry | Form::Bottled)
    }
}

/// The products of one cooperative: the first variety of each of its goods, then the second of each, until its number is full.
pub fn of(cooperative: &'static Cooperative) -> Vec<Assorted> {
    let varieties = |number: u32| tables::variants().iter().filter(move |v| v.goods == number);
    let deepest = cooperative.goods.iter().map(|number| varieties(*number).count()).max().unwrap_or(0);
    let wanted = usize::try_from(cooperative.n).unwrap_or(usize::MAX);
    (0..deepest)
        .flat_map(|round| {
            cooperative.goods.iter().filter_map(move |number| {
                let goods = tables::find_goods(*number)?;
                varieties(*number).nth(round).map(|variant| Assorted { cooperative, goods, variant })
            })
        })
        .take(wanted)
        .collect()
}

/// All products of the province, cooperative by cooperative.
pub fn all() -> Vec<Assorted> {
    tables::cooperatives().iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tables::ShopState;
    use std::collections::HashSet;

    fn day(text: &str) -> Day {
        text.parse().expect(text)
    }

    #[test]
    fn every_cooperative_offers_its_number_of_products_and_together_they_are_four_hundred() {
        for cooperative in tables::cooperatives() {
            assert_eq!(of(cooperative).len(), usize::try_from(cooperative.n).expect("small"), "{}", cooperative.name);
        }
        assert_eq!(all().len(), 400);
        assert!(all().iter().map(|product| product.offers().len()).sum::<usize>() >= 700);
    }

    #[test]
    fn no_two_products_share_a_slug() {
        let slugs: HashSet<String> = all().iter().map(Assorted::slug).collect();
        assert_eq!(slugs.len(), 400);
        assert!(
            slugs
                .iter()
                .all(|s| s.len() < 100 && s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
    }

    #[test]
    fn every_product_stands_on_a_shelf_has_packs_and_is_sold_in_whole_units_from_one() {
        for product in all() {
            assert!(tables::categories().iter().any(|c| c.slug == product.category()), "{}", product.name());
            assert!(product.description().chars().count() >= 30, "{}", product.name());
            let offers = product.offers();
            assert!(!offers.is_empty(), "{}", product.name());
            for offer in offers {
                assert!(offer.base_quantity > 0 && offer.min_thousandths <= 1000 && 1000 % offer.step_thousandths == 0);
                assert_eq!(offer.base_quantity * offer.step_thousandths % 1000, 0, "{}", offer.label);
                let price = product.price_on(offer, day("2027-08-10")).vnd();
                assert!((3_000..5_000_000).contains(&price), "{} {} {price}", product.name(), offer.label);
            }
            assert!(product.lot_base().0 > 0 && product.lot_base().0 <= product.lot_base().1);
        }
    }

    #[test]
    fn in_every_month_at_least_180_products_and_some_of_every_provider_are_on_sale() {
        for month in 1..=12 {
            let today = Day::new(2027, month, 15).expect("a day");
            let on: Vec<_> = all()
                .into_iter()
                .filter(|p| p.season_on(today).is_on() && p.cooperative.state == ShopState::Open)
                .collect();
            assert!(on.len() >= 180, "{today}: {}", on.len());
            for provider in ["sepay", "casso", "payos", "vietqr", "generic"] {
                assert!(on.iter().any(|p| p.cooperative.provider == provider), "{today} {provider}");
            }
        }
    }

    #[test]
    fn dried_bananas_cost_before_tet_what_they_cost_in_summer() {
        let dried = all().into_iter().find(|p| p.variant.slug == "chuoi-say-deo").expect("dried bananas");
        let pack = *dried.offers().first().expect("a pack");
        assert_eq!(dried.price_on(pack, day("2027-02-01")), dried.price_on(pack, day("2027-07-01")));
        let fresh = all().into_iter().find(|p| p.variant.slug == "chuoi-tieu-hong-loai-mot").expect("bananas");
        let hand = *fresh.offers().first().expect("a hand");
        assert!(fresh.price_on(hand, day("2027-02-01")) > fresh.price_on(hand, day("2027-07-01")));
    }

    #[test]
    fn a_price_follows_grade_pack_and_cooperative() {
        let first = all().into_iter().next().expect("a product");
        assert_eq!(first.slug(), "nhan-long-huong-chi-loai-mot-vuon-nhan-tan-hung");
        let prices: Vec<i64> =
            first.offers().iter().map(|offer| first.price_on(offer, day("2027-08-10")).vnd()).collect();
        // 35,000 × 112 % grade × 108 % cooperative; boxes of 5 and 10 kg a little cheaper by the kilogram.
        assert_eq!(prices, [42_500, 44_000, 205_500, 398_000]);
    }
}
