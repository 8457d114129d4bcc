//! What a basket shows: groups of cooperatives, lines, ways, and what stands against them. Values only: `basket` looks them up.

use super::checkout::RawLine;
use super::priced::VoucherTaken;
use crate::domain::commune::Commune;
use crate::domain::id::{OfferId, PickupPointId};
use crate::domain::money::Money;
use crate::domain::order::{FulfilmentKind, PaymentKind};
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::domain::slot::{Opening, Wish};
use crate::domain::time::Day;
use crate::store::cooperative::Cooperative;
use crate::store::product::{Offer, Picture, Product};
use crate::store::window::SalesWindow;

/// Where the goods would go, and how they would be paid.
#[derive(Debug, Clone)]
pub struct Going {
    pub kind: FulfilmentKind,
    pub commune: Option<&'static Commune>,
    pub point: Option<PickupPointId>,
    pub payment: PaymentKind,
    /// Days and windows chosen, one a cooperative at most.
    pub wishes: Vec<Wish>,
    /// A code that takes something off, as typed; empty: none.
    pub voucher: String,
}

impl Going {
    /// Delivery, paid by transfer: what a basket supposes before anything was said.
    pub fn home(commune: Option<&'static Commune>) -> Self {
        let (kind, payment) = (FulfilmentKind::Delivery, PaymentKind::VietQr);
        Self { kind, commune, point: None, payment, wishes: Vec::new(), voucher: String::new() }
    }

    /// Fees and days can be told: picking up needs no commune.
    pub fn is_known(&self) -> bool {
        self.commune.is_some() || self.kind == FulfilmentKind::Pickup
    }
}

/// The whole basket.
#[derive(Debug, Clone, Default)]
pub struct BasketView {
    pub groups: Vec<BasketGroup>,
    /// Lines of which nothing is known any more.
    pub gone: usize,
    pub goods: Money,
    /// None until it is known where the goods go.
    pub shipping: Option<Money>,
    /// What codes take off the goods; of the delivery they take it before it is said.
    pub off: Money,
    /// Codes that do so.
    pub vouchers: Vec<VoucherTaken>,
    /// Why a typed code takes nothing off.
    pub no_voucher: Vec<Refusal>,
    pub total: Money,
}

/// What comes from one cooperative: one order, one transfer, one trip.
#[derive(Debug, Clone)]
pub struct BasketGroup {
    pub cooperative: Cooperative,
    /// Ordered before this harvest.
    pub window: Option<SalesWindow>,
    pub lines: Vec<BasketLine>,
    pub goods: Money,
    /// Asked for before the order stands.
    pub deposit: Money,
    pub shipping: Option<Money>,
    pub arrives: Option<Day>,
    /// The day and window it comes in, and what can be chosen instead.
    pub opening: Option<Opening>,
    pub openings: Vec<Opening>,
    pub missing_for_free: Option<Money>,
    pub problems: Vec<Refusal>,
}

#[derive(Debug, Clone)]
pub struct BasketLine {
    pub product: Product,
    pub offer: Offer,
    pub picture: Option<Picture>,
    pub quantity: Quantity,
    pub price: Money,
    /// None while the line cannot be ordered as it is.
    pub amount: Option<Money>,
    pub trouble: Option<Refusal>,
    /// Quantities that would do, the nearest first.
    pub fixes: Vec<Quantity>,
}

impl BasketView {
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Nothing stands against ordering this, as far as can be seen.
    pub fn is_ready(&self) -> bool {
        !self.is_empty()
            && self
                .groups
                .iter()
                .all(|group| group.problems.is_empty() && group.lines.iter().all(|line| line.trouble.is_none()))
    }

    /// Whether something of it is ordered before its harvest.
    pub fn has_preorder(&self) -> bool {
        self.groups.iter().any(|group| group.window.is_some())
    }

    /// Whether an offer in it is ordered before its harvest.
    pub fn is_preorder(&self, offer: &str) -> bool {
        let mut of_windows = self.groups.iter().filter(|group| group.window.is_some());
        of_windows.any(|group| group.lines.iter().any(|line| line.offer.id.as_text() == offer))
    }

    fn lines(&self) -> impl Iterator<Item = &BasketLine> {
        self.groups.iter().flat_map(|group| &group.lines)
    }

    /// The lines as a checkout takes them, in the order of the basket.
    pub fn raw_lines(&self, wanted: &[(OfferId, Quantity)]) -> Vec<RawLine> {
        let line = |(id, quantity): &(OfferId, Quantity)| {
            let known = self.lines().find(|line| line.offer.id == *id)?;
            let (product, offer) = (known.product.slug.clone(), Some(id.to_string()));
            Some(RawLine { product, offer, quantity: quantity.decimal(), if_short: None })
        };
        wanted.iter().filter_map(line).collect()
    }
}

/// A way of getting the goods, for the whole basket.
#[derive(Debug, Clone)]
pub struct KindChoice {
    pub kind: FulfilmentKind,
    /// The sum of all fees; none while it is not known where to, or when a cooperative lacks this way.
    pub shipping: Option<Money>,
    /// Cooperatives that do not have this way, by name.
    pub without: Vec<String>,
    /// For picking up: where.
    pub points: Vec<Point>,
}

/// Where goods are picked up.
#[derive(Debug, Clone)]
pub struct Point {
    pub id: PickupPointId,
    pub name: String,
    pub address: String,
    pub hours: String,
}
