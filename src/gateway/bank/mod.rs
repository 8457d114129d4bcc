//! Banks' messages: which provider speaks, whether it is really they, and what they said as `BankMessage`s.
//! Field names and signatures are each provider's own file. Knows no order and stores nothing.

mod delivery;
pub mod generic;
pub mod sepay;
mod signed;

pub use delivery::{Headers, Rejected, STALE_AFTER_S, Secret};

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
}
