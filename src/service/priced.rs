//! A checkout with its prices, and what has to be known of one to price it. Values only: `pricing` makes them.

use super::checkout::{Checkout, CheckoutLine};
use crate::domain::commune::Commune;
use crate::domain::id::PickupPointId;
use crate::domain::money::Money;
use crate::domain::order::{FulfilmentKind, PaymentKind};
use crate::domain::quantity::{Base, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::slot::{Opening, Wish};
use crate::domain::time::Day;
use crate::store::bank::BankAccount;
use crate::store::cooperative::{Cooperative, DeliveryWay, PickupPoint};
use crate::store::product::{Offer, Product};
use crate::store::voucher::Voucher;
use crate::store::window::SalesWindow;

/// One line with its price.
#[derive(Debug, Clone)]
pub struct PricedLine {
    /// Its place in the request.
    pub index: usize,
    pub product: Product,
    pub offer: Offer,
    pub quantity: Quantity,
    pub base: Base,
    /// Per sale unit, after price steps.
    pub price: Money,
    pub amount: Money,
    /// Ordered before its harvest: of this window.
    pub window: Option<SalesWindow>,
}

/// What goes to one cooperative: one order; what is not harvested yet is one of its own for each window.
#[derive(Debug, Clone)]
pub struct Group {
    pub cooperative: Cooperative,
    pub window: Option<SalesWindow>,
    pub lines: Vec<PricedLine>,
    pub way: Option<DeliveryWay>,
    pub point: Option<PickupPoint>,
    pub deliver_on: Option<Day>,
    /// The day and window that it comes in.
    pub opening: Option<Opening>,
    /// What else the way still has, soonest first; full windows too.
    pub openings: Vec<Opening>,
    pub account: Option<BankAccount>,
    pub goods: Money,
    pub shipping: Money,
    pub total: Money,
    /// Asked for before the order stands.
    pub deposit: Money,
    /// How much more makes the delivery free.
    pub missing_for_free: Option<Money>,
    /// What a code has taken off; goods, shipping and total are what is left.
    pub voucher: Option<VoucherTaken>,
}

/// Everything, and what stands against it.
#[derive(Debug, Clone, Default)]
pub struct Priced {
    pub groups: Vec<Group>,
    /// Can never work as asked.
    pub refused: Vec<Refusal>,
    /// Is no longer as it was shown.
    pub changed: Vec<Refusal>,
    pub total: Money,
}

/// What a code takes off one order.
#[derive(Debug, Clone)]
pub struct VoucherTaken {
    pub voucher: Voucher,
    /// The goods before it.
    pub gross: Money,
    pub goods_off: Money,
    pub shipping_off: Money,
}

/// What has to be known of a checkout to price it: a basket has this much before anybody has said a name.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub lines: &'a [CheckoutLine],
    pub fulfilment: FulfilmentKind,
    pub commune: Option<&'static Commune>,
    pub point: Option<&'a PickupPointId>,
    pub payment: PaymentKind,
    pub expected_total: Option<Money>,
    pub wishes: &'a [Wish],
    /// A code that takes something off, as typed.
    pub voucher: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    pub fn of(checkout: &'a Checkout) -> Self {
        Self {
            lines: &checkout.lines,
            fulfilment: checkout.fulfilment,
            commune: checkout.commune,
            point: checkout.point.as_ref(),
            payment: checkout.payment,
            expected_total: checkout.expected_total,
            wishes: &checkout.wishes,
            voucher: checkout.voucher.as_deref(),
        }
    }
}
