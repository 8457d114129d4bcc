//! Banks' messages: which provider speaks, whether it is really they, and what they said as `BankMessage`s.
//! Field names, signatures and answers are each provider's own file behind one trait. Knows no order and stores nothing.

mod casso;
mod casso_v1;
mod delivery;
pub mod generic;
mod js;
mod loose;
mod payos;
pub mod payos_links;
pub mod poll;
mod post;
pub mod sepay;
mod signed;
#[cfg(test)]
mod tests;
pub mod vietqr_vn;

pub use delivery::{Headers, Movement, Rejected, STALE_AFTER_S, Secret, Signed};
pub use post::{Answered, NotPosted, deliver, post};

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

/// One provider's ways. A bank that tells of movements itself is one more of these.
trait Provider: Sync {
    /// Verifies a delivery over its raw bytes and reads it. Several movements, or none (a test call without a body).
    fn verify(&self, headers: &Headers, body: &[u8], secrets: &[Secret], now: At)
    -> Result<Vec<BankMessage>, Rejected>;

    /// The exact answer it takes for this outcome. Most are content with a status and `success`.
    fn answer(&self, outcome: Outcome, _said: &[BankMessage]) -> (u16, Value) {
        match outcome {
            Outcome::Taken => (200, json!({ "success": true })),
            Outcome::Rejected(Rejected::BadSignature) => (401, json!({ "success": false, "message": "bad signature" })),
            Outcome::Rejected(Rejected::Unreadable) => {
                (400, json!({ "success": false, "message": "unreadable message" }))
            }
            Outcome::NotNow => (503, json!({ "success": false, "message": "try again" })),
        }
    }

    /// A movement as it writes it: for the demonstration's bank and for tests, the market never signs.
    fn write(&self, said: &Movement<'_>) -> Value;

    /// A body, whatever it says, with the proof that it puts to it.
    fn prove(&self, secret: &str, at: At, body: Vec<u8>) -> Signed;
}

/// The ways of a provider; none for an account that nobody tells of.
fn ways(provider: BankProvider) -> Option<&'static dyn Provider> {
    match provider {
        BankProvider::Sepay => Some(&sepay::Sepay),
        BankProvider::Casso => Some(&casso::Casso),
        BankProvider::CassoV1 => Some(&casso_v1::CassoV1),
        BankProvider::Payos => Some(&payos::Payos),
        BankProvider::Vietqr => Some(&vietqr_vn::VietqrVn),
        BankProvider::Generic => Some(&generic::Generic),
        BankProvider::None => None,
    }
}

/// Verifies a delivery over its raw bytes and reads it. Any of `secrets` may have signed (two live while one is changed); for
/// VietQR.vn they are the keys of its tokens.
///
/// # Errors
/// `BadSignature` for whatever is not proven; `Unreadable` for what is proven and has not even an id.
pub fn verify(
    provider: BankProvider,
    headers: &Headers,
    body: &[u8],
    secrets: &[Secret],
    now: At,
) -> Result<Vec<BankMessage>, Rejected> {
    ways(provider).ok_or(Rejected::BadSignature)?.verify(headers, body, secrets, now)
}

/// A movement written and signed as its provider does; none for an account that nobody tells of.
pub fn compose(provider: BankProvider, secret: &str, said: &Movement<'_>) -> Option<Signed> {
    ways(provider).map(|ways| ways.prove(secret, said.at, ways.write(said).to_string().into_bytes()))
}

/// Any bytes with the provider's proof: how a reader behind a signature is tried. None for an account that nobody tells of.
pub fn prove(provider: BankProvider, secret: &str, at: At, body: Vec<u8>) -> Option<Signed> {
    ways(provider).map(|ways| ways.prove(secret, at, body))
}

/// The exact answer that the provider takes for this outcome: status and JSON. `said`: what was read of the delivery.
pub fn answer(provider: BankProvider, outcome: Outcome, said: &[BankMessage]) -> (u16, Value) {
    ways(provider).unwrap_or(&generic::Generic).answer(outcome, said)
}
