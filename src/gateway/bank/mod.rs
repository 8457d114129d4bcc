//! Banks' messages: which provider speaks, whether it is really they, and what they said as `BankMessage`s.
//! Field names and signatures are each provider's own file. Knows no order and stores nothing.

pub mod generic;
pub mod sepay;
mod signed;

use crate::domain::bank_message::{BankMessage, BankProvider};
use crate::domain::time::At;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// How far a signed timestamp may lie from our clock before the message is marked stale, seconds (SePay's own rule).
pub const STALE_AFTER_S: i64 = 300;

/// A webhook secret. A SePay account in key mode holds `apikey:<key>`; anything else is an HMAC key.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// Secrets are never written out, not even by accident.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Request headers as received: every value of every name, names in lower case.
#[derive(Debug, Clone, Default)]
pub struct Headers(BTreeMap<String, Vec<Vec<u8>>>);

impl Headers {
    /// From pairs of name and raw value, in the order of the request.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut headers = Self::default();
        for (name, value) in pairs {
            headers.0.entry(name.to_ascii_lowercase()).or_default().push(value.to_vec());
        }
        headers
    }

    /// The only value of a header; none when it is missing, doubled or not text. Two signatures are never a choice.
    fn only(&self, name: &str) -> Option<&str> {
        match self.0.get(name).map(Vec::as_slice) {
            Some([value]) => std::str::from_utf8(value).ok(),
            _ => None,
        }
    }
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Not proven to come from the provider: counted, never stored.
    #[error("the message is not signed as agreed")]
    BadSignature,
    /// Proven, but not a message that we understand.
    #[error("the message is signed but not readable")]
    Unreadable,
}

/// What became of a delivery, as far as the provider must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Booked, seen before, unmatched or a test: it stands here and must not be sent again.
    Taken,
    Rejected(Rejected),
    /// Nothing could be stored just now: send it again.
    NotNow,
}

/// Verifies a delivery over its raw bytes and reads it. Any of `secrets` may have signed (two live while one is changed).
///
/// # Errors
/// `BadSignature` for whatever is not proven, also for a provider that has no adapter; `Unreadable` for proven nonsense.
pub fn verify(
    provider: BankProvider,
    headers: &Headers,
    body: &[u8],
    secrets: &[Secret],
    now: At,
) -> Result<Vec<BankMessage>, Rejected> {
    match provider {
        BankProvider::Sepay => sepay::verify(headers, body, secrets, now),
        BankProvider::Generic => generic::verify(headers, body, secrets, now),
        BankProvider::Casso | BankProvider::CassoV1 | BankProvider::Payos | BankProvider::Vietqr | BankProvider::None => {
            Err(Rejected::BadSignature)
        }
    }
}

/// The exact answer that the provider takes for this outcome: status and JSON.
pub fn answer(provider: BankProvider, outcome: Outcome) -> (u16, Value) {
    match provider {
        // SePay counts anything but 200/201 with success:true as failed and comes again; every built provider agrees.
        BankProvider::Sepay
        | BankProvider::Generic
        | BankProvider::Casso
        | BankProvider::CassoV1
        | BankProvider::Payos
        | BankProvider::Vietqr
        | BankProvider::None => match outcome {
            Outcome::Taken => (200, json!({ "success": true })),
            Outcome::Rejected(Rejected::BadSignature) => (401, json!({ "success": false, "message": "bad signature" })),
            Outcome::Rejected(Rejected::Unreadable) => (400, json!({ "success": false, "message": "unreadable message" })),
            Outcome::NotNow => (503, json!({ "success": false, "message": "try again" })),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_without_an_adapter_is_never_believed() {
        let now = At::from_unix_seconds(1_795_400_000);
        for provider in [BankProvider::Casso, BankProvider::CassoV1, BankProvider::Payos, BankProvider::Vietqr, BankProvider::None] {
            let answered = verify(provider, &Headers::default(), b"{}", &[Secret::new("s")], now);
            assert_eq!(answered, Err(Rejected::BadSignature));
        }
    }

    #[test]
    fn success_is_said_in_the_words_the_provider_waits_for() {
        assert_eq!(answer(BankProvider::Sepay, Outcome::Taken), (200, json!({"success": true})));
        assert_eq!(answer(BankProvider::Sepay, Outcome::Rejected(Rejected::BadSignature)).0, 401);
        assert_eq!(answer(BankProvider::Generic, Outcome::NotNow).0, 503);
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Secret::new("canary")), "Secret(…)");
    }

    #[test]
    fn a_doubled_header_is_no_header() {
        let headers = Headers::new([("X-One", b"a".as_slice()), ("x-two", b"a".as_slice()), ("X-TWO", b"b".as_slice())]);
        assert_eq!(headers.only("x-one"), Some("a"));
        assert_eq!(headers.only("x-two"), None);
        assert_eq!(headers.only("x-three"), None);
    }
}
