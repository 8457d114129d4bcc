//! A delivery as it arrives: secrets, headers, and why it may be rejected. What every provider's file builds on.

use crate::domain::money::Money;
use crate::domain::time::At;
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

    pub fn reveal(&self) -> &str {
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
    pub fn only(&self, name: &str) -> Option<&str> {
        match self.0.get(name).map(Vec::as_slice) {
            Some([value]) => std::str::from_utf8(value).ok(),
            _ => None,
        }
    }
}

/// A movement of money that somebody tells: the demonstration's bank and tests, never the market itself.
#[derive(Debug, Clone, Copy)]
pub struct Movement<'a> {
    /// The provider's own number of the message.
    pub id: u64,
    /// The receiving account.
    pub account: &'a str,
    pub amount: Money,
    pub memo: &'a str,
    /// The bank's reference: two tellings of the same money have the same.
    pub reference: &'a str,
    pub at: At,
}

/// A delivery ready to be posted.
#[derive(Debug, Clone)]
pub struct Signed {
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Secret::new("canary")), "Secret(…)");
    }

    #[test]
    fn a_doubled_header_is_no_header() {
        let headers =
            Headers::new([("X-One", b"a".as_slice()), ("x-two", b"a".as_slice()), ("X-TWO", b"b".as_slice())]);
        assert_eq!(headers.only("x-one"), Some("a"));
        assert_eq!(headers.only("x-two"), None);
        assert_eq!(headers.only("x-three"), None);
    }
}
