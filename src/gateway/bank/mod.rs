//! Banks' messages: which provider speaks, whether it is really they, and what they said as `BankMessage`s.
//! Field names and signatures are each provider's own file. Knows no order and stores nothing.

mod delivery;
pub mod generic;
pub mod poll;
mod post;
pub mod sepay;
mod signed;

pub use delivery::{Headers, Movement, Rejected, STALE_AFTER_S, Secret, Signed};
pub use post::{Answered, NotPosted, post};

use crate::domain::bank_message::{BankMessage, BankProvider};
use crate::domain::time::At;
use serde_json::{Value, json};

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
        BankProvider::Casso
        | BankProvider::CassoV1
        | BankProvider::Payos
        | BankProvider::Vietqr
        | BankProvider::None => Err(Rejected::BadSignature),
    }
}

/// A movement written and signed as its provider does; none for a provider that has no adapter.
pub fn compose(provider: BankProvider, secret: &str, said: &Movement<'_>) -> Option<Signed> {
    match provider {
        BankProvider::Sepay => Some(sepay::compose(secret, said)),
        BankProvider::Generic => Some(generic::compose(secret, said)),
        BankProvider::Casso
        | BankProvider::CassoV1
        | BankProvider::Payos
        | BankProvider::Vietqr
        | BankProvider::None => None,
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
            Outcome::Rejected(Rejected::Unreadable) => {
                (400, json!({ "success": false, "message": "unreadable message" }))
            }
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
        for provider in
            [BankProvider::Casso, BankProvider::CassoV1, BankProvider::Payos, BankProvider::Vietqr, BankProvider::None]
        {
            let answered = verify(provider, &Headers::default(), b"{}", &[Secret::new("s")], now);
            assert_eq!(answered, Err(Rejected::BadSignature));
        }
    }

    #[test]
    fn what_is_composed_is_believed_and_read_back() {
        let now = At::from_unix_seconds(1_795_400_000);
        let amount = crate::domain::money::Money(215_000);
        let said = Movement { id: 7, account: "GANHDEMO1", amount, memo: "HT2345678", reference: "FT1", at: now };
        for provider in [BankProvider::Sepay, BankProvider::Generic] {
            let signed = compose(provider, "bi-mat", &said).expect("built");
            let headers = Headers::new(signed.headers.iter().map(|(name, value)| (*name, value.as_bytes())));
            let heard =
                verify(provider, &headers, &signed.body, &[Secret::new("bi-mat")], now).expect("signed").remove(0);
            assert_eq!((heard.amount, &*heard.memo, heard.booked_at), (amount, "HT2345678", now));
            assert!(!heard.ping && !heard.stale);
        }
        assert!(compose(BankProvider::Payos, "bi-mat", &said).is_none());
    }

    #[test]
    fn success_is_said_in_the_words_the_provider_waits_for() {
        assert_eq!(answer(BankProvider::Sepay, Outcome::Taken), (200, json!({"success": true})));
        assert_eq!(answer(BankProvider::Sepay, Outcome::Rejected(Rejected::BadSignature)).0, 401);
        assert_eq!(answer(BankProvider::Generic, Outcome::NotNow).0, 503);
    }
}
