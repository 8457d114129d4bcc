//! What a shopper sends to order, as typed; and what it says once it has been read. Knows no stock and no price.

use super::error::ServiceError;
use crate::domain::commune;
use crate::domain::id::{OfferId, PickupPointId, hex};
use crate::domain::money::Money;
use crate::domain::order::{FulfilmentKind, IfShort, PaymentKind};
use crate::domain::phone::Phone;
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::domain::slot::{Wish, read_wishes};
use crate::domain::text::clean;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// Lines one checkout may hold.
pub const MOST_LINES: usize = 60;
/// A day and window for each of many cooperatives.
const MOST_SLOT_CHARS: usize = 1_000;
/// A code, with the spaces that people put into it.
const MOST_VOUCHER_CHARS: usize = 60;

/// A checkout as a machine or a form sends it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RawCheckout {
    pub lines: Vec<RawLine>,
    pub buyer: RawBuyer,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<RawRecipient>,
    pub fulfilment: RawFulfilment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<RawInvoice>,
    /// `vietqr` or `cod` (pay on delivery, in cash or by QR at the door).
    pub payment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_version: Option<String>,
    /// What the buyer was shown; a difference is answered with 409 and the new figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_total_vnd: Option<i64>,
    /// A code of a cooperative that takes something off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RawLine {
    /// The product's slug.
    pub product: String,
    /// The id of one of its offers, or of one of its windows'; absent: its first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// A decimal string in sale units: `"1.5"`.
    pub quantity: String,
    /// `replace`, `drop` or `call`; of an offer of a window, when less is harvested: `less`, `whole` (all of it or nothing) or `next`
    /// (wait for the next harvest).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_short: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RawBuyer {
    pub name: String,
    pub phone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RawRecipient {
    pub name: String,
    pub phone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default)]
    pub hide_prices: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RawFulfilment {
    /// `delivery`, `pickup` or `coach`.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commune_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// A day (`2026-11-25`) or a window of a day (`<id>@2026-11-25`) as `/api/v1/quotes` offers them, one for each cooperative,
    /// separated by spaces; any other words are a wish that people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RawInvoice {
    pub tax_code: String,
    pub name: String,
    pub address: String,
    pub email: String,
}

/// A checkout that can be read: every field has its meaning, nothing has been looked up yet.
#[derive(Debug, Clone)]
pub struct Checkout {
    pub lines: Vec<CheckoutLine>,
    pub buyer_name: String,
    pub buyer_phone: Phone,
    pub buyer_email: Option<String>,
    pub recipient_name: String,
    pub recipient_phone: Phone,
    pub gift_message: Option<String>,
    pub hide_prices: bool,
    pub fulfilment: FulfilmentKind,
    pub commune: Option<&'static commune::Commune>,
    pub address: Option<String>,
    /// The buyer's own words of when it should come.
    pub slot: Option<String>,
    /// Days and windows chosen, one a way at most.
    pub wishes: Vec<Wish>,
    pub point: Option<PickupPointId>,
    pub note: Option<String>,
    pub invoice: Option<RawInvoice>,
    pub payment: PaymentKind,
    pub rules_version: String,
    pub expected_total: Option<Money>,
    /// A code as typed; whether there is such a code is looked up.
    pub voucher: Option<String>,
    /// SHA-256 of the canonical request (RFC 8785): the same key with another hash is another request.
    pub request_hash: String,
}

#[derive(Debug, Clone)]
pub struct CheckoutLine {
    pub product: String,
    pub offer: Option<OfferId>,
    pub quantity: Quantity,
    pub if_short: IfShort,
}

/// Collects every refusal, so that a form shows them all at once.
struct Reader {
    refusals: Vec<Refusal>,
}

impl Reader {
    fn no(&mut self, key: &str, field: &str) {
        self.refusals.push(Refusal::new(key).about(field));
    }

    /// One line of text, cleaned; refused when empty or longer than `most` characters.
    fn needed(&mut self, text: &str, most: usize, key: &str, field: &str) -> String {
        match clean::line(text, most) {
            Ok(line) if line.is_empty() => {
                self.no(key, field);
                line
            }
            Ok(line) => line,
            Err(_too_long) => {
                self.refusals.push(Refusal::new("refusal-text-too-long").with("most", most).about(field));
                String::new()
            }
        }
    }

    fn wished(&mut self, text: Option<&String>, most: usize, field: &str) -> Option<String> {
        let cleaned = clean::lines(text.map(String::as_str).unwrap_or_default(), most);
        match cleaned {
            Ok(words) => Some(words).filter(|words| !words.is_empty()),
            Err(_too_long) => {
                self.refusals.push(Refusal::new("refusal-text-too-long").with("most", most).about(field));
                None
            }
        }
    }

    fn phone(&mut self, text: &str, field: &str) -> Option<Phone> {
        let phone = text.parse().ok();
        if phone.is_none() {
            self.no("refusal-phone", field);
        }
        phone
    }

    fn email(&mut self, text: Option<&String>, field: &str) -> Option<String> {
        let email = self.wished(text, 254, field)?;
        if is_email(&email) {
            return Some(email);
        }
        self.no("refusal-email", field);
        None
    }

    fn line(&mut self, raw: &RawLine, index: usize) -> Option<CheckoutLine> {
        let field = |name: &str| format!("lines[{index}].{name}");
        let quantity: Option<Quantity> =
            raw.quantity.trim().parse().ok().filter(|quantity: &Quantity| quantity.is_positive());
        if quantity.is_none() {
            self.no("refusal-quantity", &field("quantity"));
        }
        let offer = match raw.offer.as_deref().filter(|offer| !offer.is_empty()).map(str::parse::<OfferId>) {
            Some(Err(_not_an_id)) => {
                self.no("refusal-offer-unknown", &field("offer"));
                return None;
            }
            Some(Ok(offer)) => Some(offer),
            None => None,
        };
        let if_short = raw.if_short.as_deref().filter(|wish| !wish.is_empty()).unwrap_or("call").parse();
        if if_short.is_err() {
            self.no("refusal-if-short", &field("if_short"));
        }
        Some(CheckoutLine {
            product: raw.product.trim().to_owned(),
            offer,
            quantity: quantity?,
            if_short: if_short.ok()?,
        })
    }

    fn invoice(&mut self, raw: &RawInvoice) -> RawInvoice {
        let tax_code = raw.tax_code.trim().to_owned();
        let digits = tax_code.bytes().filter(u8::is_ascii_digit).count();
        // 10 digits, or 13 as 10-3 (branches); 12 digits where a person's identity number serves as the tax code.
        let shaped =
            tax_code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && matches!(digits, 10 | 12 | 13);
        if !shaped {
            self.no("refusal-tax-code", "invoice.tax_code");
        }
        RawInvoice {
            tax_code,
            name: self.needed(&raw.name, 200, "refusal-invoice-name", "invoice.name"),
            address: self.needed(&raw.address, 300, "refusal-invoice-address", "invoice.address"),
            email: self.email(Some(&raw.email), "invoice.email").unwrap_or_else(|| {
                if raw.email.trim().is_empty() {
                    self.no("refusal-email", "invoice.email");
                }
                String::new()
            }),
        }
    }
}

/// Shape only: whether mail arrives, only mail can tell.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>,;\"()".contains(c))
    };
    plain(local) && plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}

impl RawCheckout {
    /// Reads every field, or says everything that is wrong at once.
    pub fn read(&self) -> Result<Checkout, ServiceError> {
        let mut reader = Reader { refusals: Vec::new() };
        if self.lines.is_empty() {
            reader.no("refusal-basket-empty", "lines");
        }
        if self.lines.len() > MOST_LINES {
            reader.refusals.push(Refusal::new("refusal-too-many-lines").with("most", MOST_LINES).about("lines"));
        }
        let lines =
            self.lines.iter().take(MOST_LINES).enumerate().filter_map(|(index, raw)| reader.line(raw, index)).collect();
        let buyer_name = reader.needed(&self.buyer.name, 80, "refusal-name", "buyer.name");
        let buyer_phone = reader.phone(&self.buyer.phone, "buyer.phone");
        let buyer_email = reader.email(self.buyer.email.as_ref(), "buyer.email");
        let (recipient_name, recipient_phone) = match &self.recipient {
            Some(raw) => (
                reader.needed(&raw.name, 80, "refusal-name", "recipient.name"),
                reader.phone(&raw.phone, "recipient.phone"),
            ),
            None => (buyer_name.clone(), buyer_phone.clone()),
        };
        let gift_message =
            self.recipient.as_ref().and_then(|raw| reader.wished(raw.message.as_ref(), 300, "recipient.message"));
        let invoice = self.invoice.as_ref().map(|raw| reader.invoice(raw));
        let payment = self.payment.parse::<PaymentKind>();
        if payment.is_err() {
            reader.no("refusal-payment-kind", "payment");
        }
        let going = self.read_fulfilment(&mut reader);
        let (wishes, slot) = match going.as_ref().and_then(|going| going.slot.clone()) {
            Some(text) => read_wishes(&text).map_or((Vec::new(), Some(text)), |wishes| (wishes, None)),
            None => (Vec::new(), None),
        };
        let voucher = reader.wished(self.voucher.as_ref(), MOST_VOUCHER_CHARS, "voucher");
        let request_hash = self.hash()?;
        let (Some(buyer_phone), Some(recipient_phone), Ok(payment), Some(going), true) =
            (buyer_phone, recipient_phone, payment, going, reader.refusals.is_empty())
        else {
            return Err(ServiceError::Refused(reader.refusals));
        };
        Ok(Checkout {
            lines,
            buyer_name,
            buyer_phone,
            buyer_email,
            recipient_name,
            recipient_phone,
            gift_message,
            hide_prices: self.recipient.as_ref().is_some_and(|raw| raw.hide_prices),
            fulfilment: going.kind,
            commune: going.commune,
            address: going.address,
            slot,
            wishes,
            point: going.point,
            note: going.note,
            invoice,
            payment,
            rules_version: self.rules_version.clone().unwrap_or_default().chars().take(40).collect(),
            expected_total: self.expected_total_vnd.map(Money),
            voucher,
            request_hash,
        })
    }

    fn read_fulfilment(&self, reader: &mut Reader) -> Option<Going> {
        let raw = &self.fulfilment;
        let Ok(kind) = raw.kind.parse::<FulfilmentKind>() else {
            reader.no("refusal-fulfilment-kind", "fulfilment.kind");
            return None;
        };
        let code = raw.commune_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let commune = code.and_then(commune::find);
        let travels = matches!(kind, FulfilmentKind::Delivery | FulfilmentKind::Coach);
        if (travels && commune.is_none()) || (code.is_some() && commune.is_none()) {
            reader.no("refusal-commune", "fulfilment.commune_code");
        }
        let address = reader.wished(raw.address.as_ref(), 300, "fulfilment.address");
        if kind == FulfilmentKind::Delivery && address.is_none() {
            reader.no("refusal-address", "fulfilment.address");
        }
        let point = raw.point.as_deref().filter(|point| !point.is_empty()).map(str::parse::<PickupPointId>);
        if matches!(point, Some(Err(_))) {
            reader.no("refusal-pickup-point", "fulfilment.point");
        }
        Some(Going {
            kind,
            commune,
            address,
            slot: reader.wished(raw.slot.as_ref(), MOST_SLOT_CHARS, "fulfilment.slot"),
            point: point.and_then(Result::ok),
            note: reader.wished(raw.note.as_ref(), 300, "fulfilment.note"),
        })
    }

    fn hash(&self) -> Result<String, ServiceError> {
        let canonical = serde_json_canonicalizer::to_vec(self).map_err(ServiceError::broken)?;
        Ok(hex(&Sha256::digest(canonical)))
    }
}

/// Where the goods go.
struct Going {
    kind: FulfilmentKind,
    commune: Option<&'static commune::Commune>,
    address: Option<String>,
    slot: Option<String>,
    point: Option<PickupPointId>,
    note: Option<String>,
}

#[cfg(test)]
#[path = "checkout_tests.rs"]
mod tests;
