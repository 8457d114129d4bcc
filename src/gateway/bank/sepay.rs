//! SePay (developer.sepay.vn): HMAC or key mode, one movement a delivery, as JSON or as a form; its mode without any proof is never
//! believed. The only file that knows SePay's names.

use super::Provider;
use super::delivery::{Headers, Movement, Rejected, Secret, Signed};
use super::loose::{self, Fields};
use super::signed;
use crate::domain::bank_message::{BankMessage, Direction};
use crate::domain::time::At;
use serde_json::Value;

/// Signed mode: unix seconds, and `sha256=<hex>` over `<timestamp>.<raw body>`.
pub const TIMESTAMP_HEADER: &str = "x-sepay-timestamp";
pub const SIGNATURE_HEADER: &str = "x-sepay-signature";
/// Key mode: `Authorization: Apikey <key>`; the account's secret is then `apikey:<key>`.
const KEY_HEADER: &str = "authorization";
const KEY_PREFIX: &str = "apikey:";

/// What SePay puts into `X-SePay-Signature`. Used by the demonstration's bank and by tests; the market never signs.
pub fn sign(secret: &str, timestamp_s: i64, body: &[u8]) -> String {
    signed::sign(secret, timestamp_s, body)
}

/// SePay's ways. It takes 200 or 201 with `{"success":true}` as success and comes again after anything else.
pub struct Sepay;

impl Provider for Sepay {
    fn verify(
        &self,
        headers: &Headers,
        body: &[u8],
        secrets: &[Secret],
        now: At,
    ) -> Result<Vec<BankMessage>, Rejected> {
        let (keys, hmac_secrets) = signed::with_prefix(secrets, KEY_PREFIX);
        let stale = if key_is_right(headers, &keys) {
            // A key says nothing of when; the id alone keeps repetitions harmless.
            false
        } else {
            signed::check(headers, (TIMESTAMP_HEADER, SIGNATURE_HEADER), body, &hmac_secrets, now)?
        };
        read(&loose::object_or_form(headers, body)?, stale, now).map(|message| vec![message])
    }

    fn write(&self, said: &Movement<'_>) -> Value {
        serde_json::json!({
            "id": said.id,
            "gateway": "Ngân hàng mẫu",
            "transactionDate": said.at.local().format("%Y-%m-%d %H:%M:%S").to_string(),
            "accountNumber": said.account,
            "subAccount": "",
            "code": null,
            "content": said.memo,
            "transferType": "in",
            "description": said.memo,
            "transferAmount": said.amount.vnd(),
            "referenceCode": said.reference,
        })
    }

    fn prove(&self, secret: &str, at: At, body: Vec<u8>) -> Signed {
        let stamp = at.unix_seconds();
        if let Some(key) = secret.strip_prefix(KEY_PREFIX) {
            return Signed { headers: vec![(KEY_HEADER, format!("Apikey {key}"))], body };
        }
        let signature = sign(secret, stamp, &body);
        Signed { headers: vec![(TIMESTAMP_HEADER, stamp.to_string()), (SIGNATURE_HEADER, signature)], body }
    }
}

fn key_is_right(headers: &Headers, keys: &[&str]) -> bool {
    let given = headers.only(KEY_HEADER).and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("apikey").then(|| key.trim())
    });
    given.is_some_and(|key| signed::is_one_of(key, keys))
}

/// Only an id is needed: what else cannot be read waits for a person.
fn read(fields: &Fields, stale: bool, now: At) -> Result<BankMessage, Rejected> {
    let id = loose::text(fields, "id").ok_or(Rejected::Unreadable)?;
    // «Gửi thử» sends sample data under id 0: it must succeed, and it must never be money nor block an id.
    let ping = id == "0";
    let direction = match fields.get("transferType").and_then(Value::as_str) {
        Some(word) if word.eq_ignore_ascii_case("in") => Some(Direction::In),
        Some(word) if word.eq_ignore_ascii_case("out") => Some(Direction::Out),
        _ => None,
    };
    let (direction, amount) = loose::movement(direction, loose::amount(fields, "transferAmount"));
    Ok(BankMessage {
        direction,
        amount,
        memo: loose::text(fields, "content").unwrap_or_default(),
        description: loose::text(fields, "description").unwrap_or_default(),
        reference_code: loose::text(fields, "referenceCode").unwrap_or_default(),
        account_number: loose::text(fields, "accountNumber").unwrap_or_default(),
        virtual_account: loose::text(fields, "subAccount"),
        // 0 means that SePay does not know it.
        balance_after: loose::amount(fields, "accumulated"),
        booked_at: loose::text(fields, "transactionDate").and_then(|text| loose::local_time(&text)).unwrap_or(now),
        stale,
        ping,
        ..loose::blank(id, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;

    /// payments.md's own vector: 319 bytes, timestamp and MAC computed elsewhere.
    const SECRET: &str = "sepay-sample-secret-0001";
    const TS: i64 = 1_795_400_000;
    const BODY: &str = r#"{"id":92704,"gateway":"Vietcombank","transactionDate":"2026-11-23 11:08:33","accountNumber":"1017588888","subAccount":"","code":"HTX7K2M9QXA","content":"HTX7K2M9QXA chuyen tien","transferType":"in","description":"NGUYEN VAN A chuyen tien","transferAmount":185000,"accumulated":105000000,"referenceCode":"FT26327123456"}"#;
    const SIGNATURE: &str = "sha256=bdb8fadbe60b2bbcf658a707070d29d53c94aee85d0f1ab372c4ef26a017789b";

    fn now() -> At {
        At::from_unix_seconds(TS + 2)
    }

    fn hear(timestamp: &str, signature: &str, body: &[u8]) -> Result<Vec<BankMessage>, Rejected> {
        let headers =
            Headers::new([("X-SePay-Timestamp", timestamp.as_bytes()), ("X-SePay-Signature", signature.as_bytes())]);
        Sepay.verify(&headers, body, &[Secret::new("an older one"), Secret::new(SECRET)], now())
    }

    fn hear_signed(body: &str) -> Result<Vec<BankMessage>, Rejected> {
        hear(&TS.to_string(), &sign(SECRET, TS, body.as_bytes()), body.as_bytes())
    }

    #[test]
    fn the_documented_message_is_verified_and_read() {
        assert_eq!(BODY.len(), 319);
        assert_eq!(sign(SECRET, TS, BODY.as_bytes()), SIGNATURE);
        let messages = hear(&TS.to_string(), SIGNATURE, BODY.as_bytes()).expect("signed");
        let expected = BankMessage {
            provider_event_id: "92704".into(),
            direction: Direction::In,
            amount: Money(185_000),
            memo: "HTX7K2M9QXA chuyen tien".into(),
            description: "NGUYEN VAN A chuyen tien".into(),
            reference_code: "FT26327123456".into(),
            account_number: "1017588888".into(),
            virtual_account: None,
            counter_name: None,
            counter_account: None,
            link_number: None,
            balance_after: Some(Money(105_000_000)),
            booked_at: "2026-11-23T11:08:33+07:00".parse().expect("valid"),
            stale: false,
            ping: false,
        };
        assert_eq!(messages, [expected]);
        let upper = SIGNATURE.to_uppercase().replace("SHA256=", "sha256=");
        assert!(hear(&TS.to_string(), &upper, BODY.as_bytes()).is_ok(), "hex may be in capitals");
    }

    #[test]
    fn every_flipped_bit_of_the_body_is_refused() {
        for position in 0..BODY.len() * 8 {
            let mut body = BODY.as_bytes().to_vec();
            body[position / 8] ^= 1 << (position % 8);
            assert_eq!(hear(&TS.to_string(), SIGNATURE, &body), Err(Rejected::BadSignature), "bit {position}");
        }
    }

    #[test]
    fn every_flipped_bit_of_signature_and_timestamp_is_refused() {
        for position in 0..SIGNATURE.len() * 8 {
            let mut signature = SIGNATURE.as_bytes().to_vec();
            signature[position / 8] ^= 1 << (position % 8);
            let (stamp, changed) = (TS.to_string(), signature.clone());
            let headers =
                Headers::new([("x-sepay-timestamp", stamp.as_bytes()), ("x-sepay-signature", changed.as_slice())]);
            let same_hex = signature.eq_ignore_ascii_case(SIGNATURE.as_bytes()) && signature.starts_with(b"sha256=");
            let answered = Sepay.verify(&headers, BODY.as_bytes(), &[Secret::new(SECRET)], now());
            assert_eq!(answered.is_ok(), same_hex, "bit {position}");
        }
        for stamp in
            ["1795400001", "01795400000", "+1795400000", "1795400000 ", "179540000a", "-1", "", "99999999999999999999"]
        {
            assert_eq!(hear(stamp, SIGNATURE, BODY.as_bytes()), Err(Rejected::BadSignature), "{stamp}");
        }
    }

    #[test]
    fn missing_double_malformed_and_huge_headers_are_refused_without_a_panic() {
        let stamp = TS.to_string();
        let huge = "a".repeat(10_240);
        let huge_hex = format!("sha256={huge}");
        let bad: [&[(&str, &[u8])]; 8] = [
            &[],
            &[("x-sepay-timestamp", stamp.as_bytes())],
            &[("x-sepay-signature", SIGNATURE.as_bytes())],
            &[
                ("x-sepay-timestamp", stamp.as_bytes()),
                ("x-sepay-signature", SIGNATURE.as_bytes()),
                ("X-SePay-Signature", SIGNATURE.as_bytes()),
            ],
            &[
                ("x-sepay-timestamp", stamp.as_bytes()),
                ("x-sepay-timestamp", stamp.as_bytes()),
                ("x-sepay-signature", SIGNATURE.as_bytes()),
            ],
            &[("x-sepay-timestamp", huge.as_bytes()), ("x-sepay-signature", huge_hex.as_bytes())],
            &[("x-sepay-timestamp", stamp.as_bytes()), ("x-sepay-signature", huge_hex.as_bytes())],
            &[("x-sepay-timestamp", stamp.as_bytes()), ("x-sepay-signature", b"\xff\xfe\x00")],
        ];
        for pairs in bad {
            let answered =
                Sepay.verify(&Headers::new(pairs.iter().copied()), BODY.as_bytes(), &[Secret::new(SECRET)], now());
            assert_eq!(answered, Err(Rejected::BadSignature), "{pairs:?}");
        }
    }

    #[test]
    fn no_secret_or_an_empty_one_believes_nobody() {
        let signature = sign("", TS, BODY.as_bytes());
        let stamp = TS.to_string();
        let headers =
            Headers::new([("x-sepay-timestamp", stamp.as_bytes()), ("x-sepay-signature", signature.as_bytes())]);
        for secrets in [vec![], vec![Secret::new("")], vec![Secret::new("apikey:")]] {
            assert_eq!(Sepay.verify(&headers, BODY.as_bytes(), &secrets, now()), Err(Rejected::BadSignature));
        }
    }

    #[test]
    fn a_right_signature_with_an_old_timestamp_is_taken_and_marked() {
        for (age_s, stale) in [(0, false), (300, false), (-300, false), (301, true), (-301, true), (3 * 86_400, true)] {
            let stamp = TS + 2 - age_s;
            let messages =
                hear(&stamp.to_string(), &sign(SECRET, stamp, BODY.as_bytes()), BODY.as_bytes()).expect("signed");
            assert_eq!(messages[0].stale, stale, "{age_s} s old");
        }
    }

    #[test]
    fn escaped_text_is_verified_over_its_bytes_and_a_rewritten_body_is_refused() {
        let escaped = BODY.replace("chuyen tien", r"chuy\u1ec3n ti\u1ec1n");
        assert_eq!(hear_signed(&escaped).expect("signed")[0].memo, "HTX7K2M9QXA chuyển tiền");
        let value: Value = serde_json::from_str(&escaped).expect("json");
        let rewritten = serde_json::to_vec(&value).expect("json");
        let answered = hear(&TS.to_string(), &sign(SECRET, TS, escaped.as_bytes()), &rewritten);
        assert_eq!(answered, Err(Rejected::BadSignature));
    }

    #[test]
    fn the_test_button_is_a_ping_and_never_money() {
        for body in [r#"{"id":0,"transferType":"in","transferAmount":10000,"content":"thu"}"#, r#"{"id":"0"}"#] {
            let message = &hear_signed(body).expect("signed")[0];
            assert!(message.ping, "{body}");
        }
        assert!(!hear_signed(BODY).expect("signed")[0].ping);
    }

    #[test]
    fn money_that_leaves_is_told_as_leaving() {
        let body = BODY.replace(r#""transferType":"in""#, r#""transferType":"out""#);
        assert_eq!(hear_signed(&body).expect("signed")[0].direction, Direction::Out);
    }

    #[test]
    fn key_mode_takes_the_key_and_nothing_like_it() {
        let secrets = [Secret::new("apikey:KHOA-123"), Secret::new("apikey:KHOA-CU")];
        let ask = |value: &str| {
            Sepay.verify(&Headers::new([("Authorization", value.as_bytes())]), BODY.as_bytes(), &secrets, now())
        };
        assert!(ask("Apikey KHOA-123").is_ok());
        assert!(ask("apikey KHOA-CU").is_ok());
        for wrong in [
            "Apikey KHOA-12",
            "Apikey KHOA-1234",
            "Apikey ",
            "Apikey",
            "Bearer KHOA-123",
            "KHOA-123",
            "Apikey khoa-123",
        ] {
            assert_eq!(ask(wrong), Err(Rejected::BadSignature), "{wrong}");
        }
        let twice = Headers::new([
            ("authorization", b"Apikey KHOA-123".as_slice()),
            ("authorization", b"Apikey KHOA-123".as_slice()),
        ]);
        assert_eq!(Sepay.verify(&twice, BODY.as_bytes(), &secrets, now()), Err(Rejected::BadSignature));
        // A key is no HMAC secret.
        let stamp = TS.to_string();
        let signature = sign("apikey:KHOA-123", TS, BODY.as_bytes());
        let signed =
            Headers::new([("x-sepay-timestamp", stamp.as_bytes()), ("x-sepay-signature", signature.as_bytes())]);
        assert_eq!(Sepay.verify(&signed, BODY.as_bytes(), &secrets, now()), Err(Rejected::BadSignature));
    }

    #[test]
    fn signed_nonsense_without_an_id_is_unreadable_and_never_a_panic() {
        let deep = "[".repeat(20_000);
        let many = ["", "null", "[]", "{}", "\u{0}", &deep, r#"{"id":null,"transferType":"in","transferAmount":5}"#];
        for body in many {
            assert_eq!(hear_signed(body), Err(Rejected::Unreadable), "{}", &body[..body.len().min(60)]);
        }
    }

    #[test]
    fn half_a_message_with_an_id_is_kept_for_a_person() {
        for half in [
            r#""transferType":"in""#,
            r#""transferType":"in","transferAmount":-5"#,
            r#""transferType":"in","transferAmount":0"#,
            r#""transferType":"in","transferAmount":1e3"#,
            r#""transferType":"in","transferAmount":1.5"#,
            r#""transferType":"in","transferAmount":99999999999999999999"#,
            r#""transferType":"in","transferAmount":1000000000000001"#,
            r#""transferType":"sideways","transferAmount":5"#,
        ] {
            let message =
                hear_signed(&format!(r#"{{"id":1,"content":"HT7K2M9QA",{half}}}"#)).expect("signed").remove(0);
            assert_eq!(
                (message.amount, message.direction, message.ping),
                (Money::ZERO, Direction::In, false),
                "{half}"
            );
            assert_eq!((&*message.provider_event_id, &*message.memo), ("1", "HT7K2M9QA"));
        }
    }

    #[test]
    fn a_form_is_verified_over_its_bytes_and_read() {
        let body = "id=92705&transferType=in&transferAmount=185000&content=HT7K2M9QA+%C4%91%C6%A1n&subAccount=&referenceCode=FT9";
        let stamp = TS.to_string();
        let signature = sign(SECRET, TS, body.as_bytes());
        let headers = Headers::new([
            ("content-type", b"application/x-www-form-urlencoded".as_slice()),
            ("x-sepay-timestamp", stamp.as_bytes()),
            ("x-sepay-signature", signature.as_bytes()),
        ]);
        let message = Sepay.verify(&headers, body.as_bytes(), &[Secret::new(SECRET)], now()).expect("signed").remove(0);
        assert_eq!(
            (message.amount, &*message.memo, &*message.reference_code),
            (Money(185_000), "HT7K2M9QA đơn", "FT9")
        );
        let altered = body.replace("185000", "985000");
        assert_eq!(
            Sepay.verify(&headers, altered.as_bytes(), &[Secret::new(SECRET)], now()),
            Err(Rejected::BadSignature)
        );
    }

    #[test]
    fn what_may_be_missing_may_be_missing() {
        let body = r#"{"id":"abc","transferType":"in","transferAmount":"25000","subAccount":null,"transactionDate":"hôm qua","new":[1]}"#;
        let message = &hear_signed(body).expect("signed")[0];
        assert_eq!((message.amount, message.booked_at, &*message.memo), (Money(25_000), now(), ""));
    }
}
