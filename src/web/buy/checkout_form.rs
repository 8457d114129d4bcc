//! The form of the checkout: its fields as typed, what they make, and which field a refusal belongs to.

use crate::domain::basket::Basket;
use crate::domain::commune::Commune;
use crate::domain::order::{FulfilmentKind, PaymentKind};
use crate::domain::slot::Wish;
use crate::service::basket::{BasketView, Going};
use crate::service::checkout::{RawBuyer, RawCheckout, RawFulfilment, RawInvoice, RawLine, RawRecipient};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything as it was typed, so that nothing is lost when the form comes back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckoutForm {
    /// What is ordered, as the basket's cookie writes it: the form means what its page showed.
    pub basket: String,
    /// The key of this form: sent twice it is one purchase.
    pub token: String,
    pub expected_total_vnd: String,
    /// For which way and place the total above was shown.
    pub quoted_for: String,
    #[serde(rename = "do")]
    pub act: String,
    /// A code that takes something off, as typed.
    pub voucher: String,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub recipient_name: String,
    pub recipient_phone: String,
    pub gift_message: String,
    pub hide_prices: String,
    pub kind: String,
    pub province: String,
    pub commune_code: String,
    pub commune_q: String,
    pub address: String,
    pub point: String,
    pub note: String,
    pub if_short: String,
    /// The same of what is ordered before its harvest.
    pub if_less: String,
    pub tax_code: String,
    pub invoice_name: String,
    pub invoice_address: String,
    pub invoice_email: String,
    pub payment: String,
    /// `slot-<slug of a cooperative>`: the day and window chosen of each.
    #[serde(flatten)]
    pub slots: BTreeMap<String, String>,
}

/// Before the slug of a cooperative in the name of the field that chooses its day.
pub const SLOT_FIELD: &str = "slot-";

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl CheckoutForm {
    pub fn is_gift(&self) -> bool {
        [&self.recipient_name, &self.recipient_phone, &self.gift_message].iter().any(|text| !text.trim().is_empty())
    }

    pub fn wants_invoice(&self) -> bool {
        let fields = [&self.tax_code, &self.invoice_name, &self.invoice_address, &self.invoice_email];
        fields.iter().any(|text| !text.trim().is_empty())
    }

    pub fn carried(&self) -> Basket {
        Basket::read(&self.basket)
    }

    pub fn kind(&self) -> FulfilmentKind {
        self.kind.parse().unwrap_or(FulfilmentKind::Delivery)
    }

    pub fn going(&self, commune: Option<&'static Commune>) -> Going {
        Going {
            kind: self.kind(),
            commune,
            point: self.point.parse().ok(),
            payment: self.payment.parse().unwrap_or(PaymentKind::VietQr),
            wishes: self.wishes(),
            voucher: self.voucher.clone(),
        }
    }

    /// The days and windows chosen; a field that says nothing leaves it to the cooperative.
    fn wishes(&self) -> Vec<Wish> {
        let chosen = self.slots.iter().filter(|(name, _)| name.starts_with(SLOT_FIELD));
        chosen.filter_map(|(_, wish)| wish.trim().parse().ok()).collect()
    }

    /// What a shown total depends on.
    pub fn quote_of(&self, commune: Option<&'static Commune>) -> String {
        let code = commune.map_or("", |commune| commune.code.as_str());
        format!("{}:{code}:{}:{}", self.kind(), self.point, self.voucher.trim())
    }

    /// The checkout that these fields make.
    pub fn raw(&self, view: &BasketView, commune: Option<&'static Commune>) -> RawCheckout {
        let (wish, less) = (some(&self.if_short), some(&self.if_less).or_else(|| Some("less".to_owned())));
        let wish_of = |line: &RawLine| {
            let is_preorder = line.offer.as_deref().is_some_and(|offer| view.is_preorder(offer));
            if is_preorder { less.clone() } else { wish.clone() }
        };
        let lines = view.raw_lines(self.carried().lines()).into_iter();
        let is_pickup = self.kind() == FulfilmentKind::Pickup;
        let wishes: Vec<String> = self.wishes().iter().map(Wish::to_string).collect();
        RawCheckout {
            lines: lines.map(|line| RawLine { if_short: wish_of(&line), ..line }).collect(),
            buyer: RawBuyer { name: self.name.clone(), phone: self.phone.clone(), email: some(&self.email) },
            recipient: self.is_gift().then(|| RawRecipient {
                name: self.recipient_name.clone(),
                phone: self.recipient_phone.clone(),
                message: some(&self.gift_message),
                hide_prices: !self.hide_prices.is_empty(),
            }),
            fulfilment: RawFulfilment {
                kind: self.kind.clone(),
                commune_code: commune.map(|commune| commune.code.clone()),
                address: some(&self.address),
                slot: some(&wishes.join(" ")),
                point: some(&self.point).filter(|_| is_pickup),
                note: some(&self.note),
            },
            invoice: self.wants_invoice().then(|| RawInvoice {
                tax_code: self.tax_code.clone(),
                name: self.invoice_name.clone(),
                address: self.invoice_address.clone(),
                email: self.invoice_email.clone(),
            }),
            payment: self.payment.clone(),
            rules_version: None,
            expected_total_vnd: self.expected_total_vnd.parse().ok(),
            voucher: some(&self.voucher),
        }
    }
}

/// The field of the page that a refusal's field is.
pub fn field_of(field: &str, key: &str) -> &'static str {
    match (field, key) {
        (_, "refusal-no-way" | "refusal-minimum") => "kind",
        ("buyer.name", _) => "name",
        ("buyer.phone", _) => "phone",
        ("buyer.email", _) => "email",
        ("recipient.name", _) => "recipient_name",
        ("recipient.phone", _) => "recipient_phone",
        ("recipient.message", _) => "gift_message",
        ("fulfilment.kind" | "fulfilment", _) => "kind",
        ("fulfilment.commune_code", _) => "commune_code",
        ("fulfilment.address", _) => "address",
        ("fulfilment.point", _) => "point",
        ("fulfilment.note", _) => "note",
        ("fulfilment.slot", _) => "slot",
        ("invoice.tax_code", _) => "tax_code",
        ("invoice.name", _) => "invoice_name",
        ("invoice.address", _) => "invoice_address",
        ("invoice.email", _) => "invoice_email",
        ("payment", _) => "payment",
        ("voucher", _) => "voucher",
        ("expected_total_vnd", _) => "total",
        _ => "lines",
    }
}
