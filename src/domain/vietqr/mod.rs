//! VietQR payloads (EMVCo merchant-presented, NAPAS 247): made for a transfer to one account or card, read back with a
//! reason for every no. Knows the payload's text, not how it is drawn and not whose account it is.

mod crc;
mod decode;
mod encode;
mod fault;
mod tlv;

pub use crc::crc16;
pub use decode::{decode, decode_json};
pub use encode::{EncodeRefusal, encode, encode_text};
pub use fault::{DecodeRefusal, Fault};

use super::bank;
use super::money::Money;

/// NAPAS's application identifier: what makes tag 38 a VietQR.
pub const NAPAS_GUID: &str = "A000000727";

/// Most that one NAPAS 247 transfer carries: below 500 million đồng.
pub const MOST_VND: i64 = 499_999_999;

/// Characters of memo that every bank keeps (EMVCo 62-08).
pub const MEMO_CHARS: usize = 25;

/// Characters of an account number (NAPAS 38-01-01).
pub const ACCOUNT_CHARS: usize = 19;

/// What the number is: an account's or a card's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Account,
    Card,
}

impl Service {
    /// As written in 38-02.
    pub const fn as_text(self) -> &'static str {
        match self {
            Service::Account => "QRIBFTTA",
            Service::Card => "QRIBFTTC",
        }
    }
}

/// A transfer to ask for. With an amount the code is dynamic (12), without it static (11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Six digits.
    pub bin: String,
    /// An account: letters and digits, at most 19. A card: 16 to 19 digits.
    pub account: String,
    pub service: Service,
    /// 1 to 499,999,999 đ.
    pub amount: Option<Money>,
    /// Folded to ASCII, then at most 25 characters; longer is refused, never cut. Blank is none.
    pub memo: Option<String>,
    /// 62-01, at most 25 characters. Bank apps do not carry it to the statement.
    pub bill: Option<String>,
}

impl Transfer {
    pub fn to_account(bin: &str, account: &str) -> Self {
        let (bin, account) = (bin.to_owned(), account.to_owned());
        Self { bin, account, service: Service::Account, amount: None, memo: None, bill: None }
    }

    pub fn to_card(bin: &str, card: &str) -> Self {
        Self { service: Service::Card, ..Self::to_account(bin, card) }
    }

    /// The same with an amount.
    #[must_use]
    pub fn asking(self, amount: Money) -> Self {
        Self { amount: Some(amount), ..self }
    }

    /// The same with a memo.
    #[must_use]
    pub fn saying(self, memo: impl Into<String>) -> Self {
        Self { memo: Some(memo.into()), ..self }
    }
}

/// Whose code it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    VietQr,
    /// A valid code of another scheme: its identifier, when it has one (card schemes do not).
    Other {
        guid: Option<String>,
    },
}

/// 11 may be paid many times, 12 once. A hint to the app only: nothing stops a dynamic code from being paid twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Static,
    Dynamic,
}

impl Method {
    pub const fn as_text(self) -> &'static str {
        match self {
            Method::Static => "static",
            Method::Dynamic => "dynamic",
        }
    }
}

/// What a code says. `bin`, `account` and `service` are those of a VietQR and empty for other schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub kind: Kind,
    pub method: Option<Method>,
    pub bin: Option<String>,
    pub account: Option<String>,
    /// As written in 38-02: `QRIBFTTA`, `QRIBFTTC`, others exist.
    pub service: Option<String>,
    /// Whole đồng; none when the payer types it or the currency is another.
    pub amount: Option<Money>,
    pub memo: Option<String>,
    pub bill: Option<String>,
}

/// The JSON of `ganh vietqr decode`: every key always there, `null` for what the code does not say.
impl serde::Serialize for Decoded {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut out = to.serialize_struct("Decoded", 9)?;
        out.serialize_field("kind", if self.kind == Kind::VietQr { "vietqr" } else { "other" })?;
        out.serialize_field("method", &self.method.map(Method::as_text))?;
        out.serialize_field("bin", &self.bin)?;
        out.serialize_field("bank", &self.bin.as_deref().and_then(bank::find).map(|bank| bank.short_name.as_str()))?;
        out.serialize_field("account", &self.account)?;
        out.serialize_field("service", &self.service)?;
        out.serialize_field("amount_vnd", &self.amount.map(Money::vnd))?;
        out.serialize_field("memo", &self.memo)?;
        out.serialize_field("bill", &self.bill)?;
        out.end()
    }
}

#[cfg(test)]
mod tests;
