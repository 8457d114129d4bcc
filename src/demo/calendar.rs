//! What ripens when, and what it costs on a day. Pure: takes the day, never the clock.

use super::season::SeasonState;
use super::tables::{self, Goods, LeadKind};
use crate::domain::lunar;
use crate::domain::money::Money;
use crate::domain::time::Day;

/// Prices are asked in steps of 500 đ.
const PRICE_STEP_VND: i64 = 500;
/// How long before Tết its prices hold.
const TET_DAYS: i64 = 20;

impl Goods {
    pub fn season_on(&self, day: Day) -> SeasonState {
        self.season.state_on(&self.peak, day)
    }

    /// The middle of the range, for `price_base` base units.
    pub fn middle_price(&self) -> Money {
        round_price(self.price_low_vnd.saturating_add(self.price_high_vnd) / 2)
    }

    /// The price of `price_base` base units on a day: high at both ends of the season, low in its middle; for what is sold all
    /// year, low while most of it comes. Before Tết by its own percentage. Out of season: the high end.
    pub fn price_on(&self, day: Day) -> Money {
        let above = if self.season.is_all_year() {
            // Within the peak up to the middle of the range, outside it at seven tenths, without one at the middle.
            match self.peak.permille_on(day) {
                Some(at) => bend(at) / 2,
                None if self.peak.is_all_year() => 500,
                None => 700,
            }
        } else {
            self.season.permille_on(day).map_or(1000, bend)
        };
        let span = self.price_high_vnd.saturating_sub(self.price_low_vnd);
        let plain = self.price_low_vnd.saturating_add(span.saturating_mul(above) / 1000);
        let before_tet = lunar::next_tet(day).is_some_and(|tet| tet.days_since(day) <= TET_DAYS);
        let percent = if before_tet { self.tet_percent } else { 100 };
        round_price(plain.saturating_mul(percent) / 100)
    }
}

/// A parabola: 1000 at 0 and at 1000, nothing in the middle.
fn bend(permille: i64) -> i64 {
    let from_middle = permille.saturating_mul(2).saturating_sub(1000);
    from_middle.saturating_mul(from_middle) / 1000
}

/// To the nearest step at which prices are asked, never to nothing.
pub fn round_price(vnd: i64) -> Money {
    let steps = vnd.saturating_add(PRICE_STEP_VND / 2) / PRICE_STEP_VND;
    Money(steps.max(1).saturating_mul(PRICE_STEP_VND))
}

/// What leads the front page on a day: the month's goods that are in season, in the table's order.
pub fn leads_on(day: Day) -> Vec<&'static Goods> {
    of_month(day, LeadKind::Lead).filter(|goods| goods.season_on(day).is_on()).collect()
}

/// What is announced on a day: the month's coming goods that are not on sale yet.
pub fn coming_on(day: Day) -> Vec<&'static Goods> {
    of_month(day, LeadKind::Coming).filter(|goods| !goods.season_on(day).is_on()).collect()
}

fn of_month(day: Day, kind: LeadKind) -> impl Iterator<Item = &'static Goods> {
    tables::leads()
        .iter()
        .filter(move |lead| lead.month == day.month() && lead.kind == kind)
        .filter_map(|lead| tables::find_goods(lead.goods))
}

/// All goods in season on a day.
pub fn in_season(day: Day) -> Vec<&'static Goods> {
    tables::goods().iter().filter(|goods| goods.season_on(day).is_on()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::season::Seasons;
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect(text)
    }

    fn goods(number: u32) -> &'static Goods {
        tables::find_goods(number).expect("goods")
    }

    #[test]
    fn the_front_page_has_eight_goods_in_season_on_every_day_of_the_year() {
        let mut today = day("2027-01-01");
        while today < day("2029-01-01") {
            let leads = leads_on(today);
            assert!(leads.len() >= 8, "{today}: {}", leads.len());
            assert!(in_season(today).len() >= 25, "{today}");
            today = today.plus_days(1);
        }
    }

    #[test]
    fn each_months_leading_fresh_goods_are_those_of_the_province() {
        for (on, number) in [
            ("2027-01-15", 8),
            ("2027-02-15", 24),
            ("2027-03-15", 25),
            ("2027-04-15", 56),
            ("2027-05-25", 5),
            ("2027-06-10", 4),
            ("2027-07-25", 1),
            ("2027-08-15", 1),
            ("2027-09-15", 2),
            ("2027-10-15", 16),
            ("2027-11-15", 15),
            ("2027-12-15", 7),
        ] {
            assert!(leads_on(day(on)).iter().any(|g| g.number == number), "{on} {number}");
        }
    }

    #[test]
    fn a_season_may_wrap_the_new_year_and_says_when_it_comes_again() {
        let orange = goods(8);
        for on in ["2026-12-10", "2026-12-31", "2027-01-01", "2027-02-15"] {
            assert!(orange.season_on(day(on)).is_on(), "{on}");
        }
        assert_eq!(orange.season_on(day("2027-02-16")), SeasonState::Over { next: day("2027-12-10") });
        assert_eq!(goods(1).season_on(day("2027-09-01")), SeasonState::Over { next: day("2028-07-20") });
        assert_eq!(goods(14).season_on(day("2027-07-15")), SeasonState::Over { next: day("2027-09-01") });
        assert!(goods(9).season_on(day("2028-02-28")).is_on());
        assert!("02-30/03-01".parse::<Seasons>().is_err() && "07-20".parse::<Seasons>().is_err());
    }

    #[test]
    fn a_season_enters_peaks_and_ends() {
        let longan = goods(1);
        assert_eq!(longan.season_on(day("2027-07-21")), SeasonState::Entering);
        assert_eq!(longan.season_on(day("2027-08-10")), SeasonState::Peak);
        assert_eq!(longan.season_on(day("2027-08-29")), SeasonState::Ending);
        assert_eq!(goods(54).season_on(day("2027-08-29")), SeasonState::AllYear);
    }

    #[test]
    fn a_price_is_high_at_both_ends_of_the_season_and_low_in_its_middle() {
        let longan = goods(1);
        assert_eq!(longan.price_on(day("2027-07-20")), Money(60_000));
        assert_eq!(longan.price_on(day("2027-08-30")), Money(60_000));
        let middle = longan.price_on(day("2027-08-10"));
        assert!((Money(35_000)..=Money(36_000)).contains(&middle), "{middle}");
    }

    #[test]
    fn prices_stay_in_their_range_but_for_tet() {
        for goods in tables::goods() {
            let mut today = day("2027-03-01");
            while today < day("2027-12-31") {
                let price = goods.price_on(today).vnd();
                assert!(
                    (goods.price_low_vnd..=goods.price_high_vnd).contains(&price),
                    "{} {today} {price}",
                    goods.name
                );
                today = today.plus_days(3);
            }
        }
        let bananas = goods(11);
        let nai = bananas.price_on(day("2027-02-01")).vnd();
        assert!((80_000..=150_000).contains(&nai), "a hand of bananas before Tết: {nai}");
    }
}
