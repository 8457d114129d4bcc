//! The basket a browser carries: ids and quantities in a cookie, trusted in nothing.

use super::id::OfferId;
use super::quantity::Quantity;

/// The cookie's most bytes; more is cut off line by line, never refused.
pub const MOST_BYTES: usize = 3072;
/// Lines one basket may hold.
pub const MOST_LINES: usize = 60;

/// What a visitor has put in: offers with sale quantities, each offer once, in the order of first touch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basket {
    lines: Vec<(OfferId, Quantity)>,
}

impl Basket {
    /// Reads `offer~thousandths.offer~thousandths`; what cannot be read is left out.
    pub fn read(cookie: &str) -> Self {
        let mut basket = Self::default();
        for part in cookie.get(..MOST_BYTES.min(cookie.len())).unwrap_or("").split('.') {
            let Some((offer, quantity)) = part.split_once('~') else { continue };
            if let (Ok(offer), Ok(quantity)) = (offer.parse(), quantity.parse::<i64>()) {
                basket.set(offer, Quantity(quantity));
            }
        }
        basket
    }

    pub fn write(&self) -> String {
        let mut out = String::new();
        for (offer, quantity) in &self.lines {
            let part = format!("{offer}~{}", quantity.0);
            if out.len().saturating_add(part.len()).saturating_add(1) > MOST_BYTES {
                break;
            }
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&part);
        }
        out
    }

    /// Sets a line; nothing or less takes it out.
    pub fn set(&mut self, offer: OfferId, quantity: Quantity) {
        if !quantity.is_positive() {
            self.lines.retain(|(known, _)| *known != offer);
        } else if let Some(line) = self.lines.iter_mut().find(|(known, _)| *known == offer) {
            line.1 = quantity;
        } else if self.lines.len() < MOST_LINES {
            self.lines.push((offer, quantity));
        }
    }

    /// Puts more of an offer in.
    pub fn add(&mut self, offer: OfferId, quantity: Quantity) {
        let already = self.lines.iter().find(|(known, _)| *known == offer).map_or(0, |(_, there)| there.0);
        self.set(offer, Quantity(already.saturating_add(quantity.0)));
    }

    pub fn lines(&self) -> &[(OfferId, Quantity)] {
        &self.lines
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::At;
    use proptest::prelude::*;

    fn offer(n: u8) -> OfferId {
        OfferId::new(At::from_unix_seconds(1), [n; 10])
    }

    #[test]
    fn rubbish_in_the_cookie_is_left_out_and_the_rest_kept() {
        let mut basket = Basket::default();
        basket.add(offer(1), Quantity(1500));
        let cookie = format!("x~1.{}.~~.{}~-5.é~3", basket.write(), offer(2));
        assert_eq!(Basket::read(&cookie), basket);
    }

    proptest! {
        #[test]
        fn a_basket_survives_its_cookie(lines in proptest::collection::vec((0_u8..40, 1_i64..100_000), 0..40)) {
            let mut basket = Basket::default();
            for (n, quantity) in lines { basket.set(offer(n), Quantity(quantity)); }
            prop_assert!(basket.write().len() <= MOST_BYTES);
            prop_assert_eq!(Basket::read(&basket.write()), basket);
        }

        #[test]
        fn any_cookie_can_be_read(cookie in ".{0,400}") { let _ = Basket::read(&cookie); }
    }
}
