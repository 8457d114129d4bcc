//! Our own webhook for any bank, script or till that can sign: documented in `README.md` beside this file.

use super::Provider;
use super::delivery::{Headers, Movement, Rejected, Secret, Signed};
use super::loose::{self, Fields};
use super::signed;
use crate::domain::bank_message::BankMessage;
use crate::domain::time::At;
use serde_json::Value;

/// Unix seconds, and `sha256=<hex>` over `<timestamp>.<raw body>`.
pub const TIMESTAMP_HEADER: &str = "x-ganh-timestamp";
pub const SIGNATURE_HEADER: &str = "x-ganh-signature";

/// What belongs into `X-Ganh-Signature`. Used by the demonstration's bank and by tests.
pub fn sign(secret: &str, timestamp_s: i64, body: &[u8]) -> String {
    signed::sign(secret, timestamp_s, body)
}

/// Our own ways.
pub struct Generic;

impl Provider for Generic {
    fn verify(
        &self,
        headers: &Headers,
        body: &[u8],
        secrets: &[Secret],
        now: At,
    ) -> Result<Vec<BankMessage>, Rejected> {
        let secrets: Vec<&str> = secrets.iter().map(Secret::reveal).collect();
        let stale = signed::check(headers, (TIMESTAMP_HEADER, SIGNATURE_HEADER), body, &secrets, now)?;
        read(&loose::object(body)?, stale, now).map(|message| vec![message])
    }

    fn write(&self, said: &Movement<'_>) -> Value {
        serde_json::json!({
            "id": said.id.to_string(),
            "account": said.account,
            "amount_vnd": said.amount.vnd(),
            "direction": "in",
            "memo": said.memo,
            "booked_at": said.at.rfc3339(),
            "reference": said.reference,
        })
    }

    fn prove(&self, secret: &str, at: At, body: Vec<u8>) -> Signed {
        let stamp = at.unix_seconds();
        let signature = sign(secret, stamp, &body);
        Signed { headers: vec![(TIMESTAMP_HEADER, stamp.to_string()), (SIGNATURE_HEADER, signature)], body }
    }
}

/// Only an id is needed: what else cannot be read waits for a person.
fn read(fields: &Fields, stale: bool, now: At) -> Result<BankMessage, Rejected> {
    if fields.get("ping") == Some(&Value::Bool(true)) {
        return Ok(BankMessage { ping: true, stale, ..loose::blank("ping".to_owned(), now) });
    }
    let id = loose::text(fields, "id").ok_or(Rejected::Unreadable)?;
    let direction = loose::text(fields, "direction").and_then(|word| word.parse().ok());
    let (direction, amount) = loose::movement(direction, loose::amount(fields, "amount_vnd"));
    Ok(BankMessage {
        direction,
        amount,
        memo: loose::text(fields, "memo").unwrap_or_default(),
        reference_code: loose::text(fields, "reference").unwrap_or_default(),
        account_number: loose::text(fields, "account").unwrap_or_default(),
        counter_name: loose::text(fields, "payer"),
        counter_account: loose::text(fields, "payer_account"),
        balance_after: loose::amount(fields, "balance_vnd"),
        booked_at: loose::text(fields, "booked_at").and_then(|text| text.parse().ok()).unwrap_or(now),
        stale,
        ..loose::blank(id, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank_message::Direction;
    use crate::domain::money::Money;

    const TS: i64 = 1_795_400_000;
    const BODY: &str = r#"{"id":"2026-11-23-0007","account":"0123456789","amount_vnd":185000,"direction":"in","memo":"HT7K2M9QA","booked_at":"2026-11-23T11:08:33+07:00","reference":"FT26327123456","payer":"NGUYEN VAN A"}"#;

    fn hear(secret: &str, body: &[u8]) -> Result<Vec<BankMessage>, Rejected> {
        let (stamp, signature) = (TS.to_string(), sign("bi-mat", TS, BODY.as_bytes()));
        let headers =
            Headers::new([("X-Ganh-Timestamp", stamp.as_bytes()), ("X-Ganh-Signature", signature.as_bytes())]);
        Generic.verify(&headers, body, &[Secret::new(secret)], At::from_unix_seconds(TS))
    }

    fn hear_signed(body: &str) -> Result<Vec<BankMessage>, Rejected> {
        let (stamp, signature) = (TS.to_string(), sign("bi-mat", TS, body.as_bytes()));
        let headers =
            Headers::new([("x-ganh-timestamp", stamp.as_bytes()), ("x-ganh-signature", signature.as_bytes())]);
        Generic.verify(&headers, body.as_bytes(), &[Secret::new("bi-mat")], At::from_unix_seconds(TS))
    }

    /// The example of README.md, computed with Python's hmac.
    #[test]
    fn the_example_of_the_readme_is_true() {
        let readme = include_str!("README.md");
        assert!(readme.contains(BODY) && readme.contains(&sign("bi-mat", TS, BODY.as_bytes())));
    }

    #[test]
    fn a_signed_message_is_read_and_another_key_is_refused() {
        let message = hear("bi-mat", BODY.as_bytes()).expect("signed").remove(0);
        assert_eq!(
            (&*message.provider_event_id, message.amount, message.direction),
            ("2026-11-23-0007", Money(185_000), Direction::In)
        );
        assert_eq!(
            (message.counter_name.as_deref(), &*message.reference_code),
            (Some("NGUYEN VAN A"), "FT26327123456")
        );
        assert_eq!(message.booked_at, "2026-11-23T11:08:33+07:00".parse().expect("valid"));
        assert_eq!(hear("bi-mat2", BODY.as_bytes()), Err(Rejected::BadSignature));
    }

    #[test]
    fn every_flipped_bit_of_the_body_is_refused() {
        for position in 0..BODY.len() * 8 {
            let mut body = BODY.as_bytes().to_vec();
            body[position / 8] ^= 1 << (position % 8);
            assert_eq!(hear("bi-mat", &body), Err(Rejected::BadSignature), "bit {position}");
        }
    }

    #[test]
    fn a_ping_needs_nothing_but_the_signature() {
        let message = hear_signed(r#"{"ping":true}"#).expect("signed").remove(0);
        assert!(message.ping && message.amount == Money::ZERO);
    }

    #[test]
    fn half_a_message_is_kept_for_a_person_as_long_as_it_has_an_id() {
        let without = |name: &str| hear_signed(&BODY.replace(&format!("\"{name}\""), "\"other\""));
        assert_eq!(without("id"), Err(Rejected::Unreadable));
        for name in ["amount_vnd", "direction"] {
            assert_eq!(without(name).expect("signed")[0].amount, Money::ZERO, "{name}");
        }
        let timeless = without("booked_at").expect("signed").remove(0);
        assert_eq!((timeless.amount, timeless.booked_at), (Money(185_000), At::from_unix_seconds(TS)));
    }
}
