//! Casso's second webhook (CassoHQ/casso-webhook-v2-verify-signature): one movement a delivery, signed over its whole JSON with every
//! level's keys sorted. The only file that knows its names.

use super::Provider;
use super::delivery::{Headers, Movement, Rejected, Secret, Signed};
use super::js::{Escapes, sorted_json};
use super::loose::{self, Fields};
use super::signed;
use crate::domain::bank_message::BankMessage;
use crate::domain::time::At;
use serde_json::{Value, json};

/// `t=<unix milliseconds>,v1=<128 hex>`: HMAC-SHA512 with the integration's «Key bảo mật» over `<t>.<sorted JSON>`.
pub const SIGNATURE_HEADER: &str = "x-casso-signature";
/// What «Gọi thử» and a registration send.
const TEST_REFERENCE: &str = "MA_GIAO_DICH_THU_NGHIEM";
/// Casso states no bound and repeats old timestamps when it comes again, seconds.
const STALE_AFTER_S: u64 = 86_400;

/// Casso's samples escape text in three ways, and what its server does is not written down: the likeliest first.
const FORMS: [(Escapes, &str); 3] =
    [(Escapes::Raw, "raw"), (Escapes::Unicode, "unicode"), (Escapes::UnicodeAndSlash, "unicode and slash")];

/// Casso's ways. Its strict mode wants `{"success":true}` with the 200.
pub struct Casso;

impl Provider for Casso {
    fn verify(
        &self,
        headers: &Headers,
        body: &[u8],
        secrets: &[Secret],
        now: At,
    ) -> Result<Vec<BankMessage>, Rejected> {
        // A registration may come with nothing at all: there is nothing to believe in it, and nothing is kept.
        if body.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        let given = headers.only(SIGNATURE_HEADER).and_then(read_header).ok_or(Rejected::BadSignature)?;
        let said: Value = serde_json::from_slice(body).map_err(|_not_json| Rejected::BadSignature)?;
        let form = form_signed(&given, &said, secrets).ok_or(Rejected::BadSignature)?;
        tracing::debug!(form, "a Casso message is signed over this form");
        let signed_at = At::from_unix_micros(given.millis.saturating_mul(1000));
        let stale = now.seconds_since(signed_at).unsigned_abs() > STALE_AFTER_S;
        let data = said.get("data").and_then(Value::as_object).ok_or(Rejected::Unreadable)?;
        read(data, stale, now).map(|message| vec![message])
    }

    fn write(&self, said: &Movement<'_>) -> Value {
        json!({
            "error": 0,
            "data": {
                "id": said.id,
                "reference": said.reference,
                "description": said.memo,
                "amount": said.amount.vnd(),
                "runningBalance": 0,
                "transactionDateTime": said.at.local().format("%Y-%m-%d %H:%M:%S").to_string(),
                "accountNumber": said.account,
                "bankName": "Ngân hàng mẫu",
                "bankAbbreviation": "",
                "virtualAccountNumber": "",
                "virtualAccountName": "",
                "counterAccountName": "",
                "counterAccountNumber": "",
                "counterAccountBankId": "",
                "counterAccountBankName": "",
            },
        })
    }

    fn prove(&self, secret: &str, at: At, body: Vec<u8>) -> Signed {
        let stamp = at.unix_micros().div_euclid(1000).to_string();
        let said = serde_json::from_slice(&body).unwrap_or_default();
        let tag = tag(secret, &stamp, &said, Escapes::Raw);
        Signed { headers: vec![(SIGNATURE_HEADER, format!("t={stamp},v1={tag}"))], body }
    }
}

struct Given {
    /// As written: it is part of what is signed.
    stamp: String,
    millis: i64,
    tag: String,
}

fn read_header(header: &str) -> Option<Given> {
    let (stamp, tag) = header.split_once(',')?;
    let stamp = stamp.trim().strip_prefix("t=")?;
    let plain = (1..=15).contains(&stamp.len()) && stamp.bytes().all(|byte| byte.is_ascii_digit());
    let millis = plain.then(|| stamp.parse().ok()).flatten()?;
    let tag = signed::read_tag(tag.trim().strip_prefix("v1=")?, 128)?;
    Some(Given { stamp: stamp.to_owned(), millis, tag })
}

fn tag(secret: &str, stamp: &str, body: &Value, escapes: Escapes) -> String {
    signed::tag_512(secret, &format!("{stamp}.{}", sorted_json(body, escapes)))
}

/// The form over which one of the secrets signed. All are tried, so the time taken says nothing of the secret.
fn form_signed(given: &Given, said: &Value, secrets: &[Secret]) -> Option<&'static str> {
    let mut found = None;
    for (escapes, name) in FORMS {
        for secret in secrets.iter().filter(|secret| !secret.reveal().is_empty()) {
            if signed::same_tag(&tag(secret.reveal(), &given.stamp, said, escapes), &given.tag) && found.is_none() {
                found = Some(name);
            }
        }
    }
    found
}

/// Only an id is needed: what else cannot be read waits for a person. The reference may repeat (Agribank, Eximbank).
fn read(fields: &Fields, stale: bool, now: At) -> Result<BankMessage, Rejected> {
    let reference_code = loose::text(fields, "reference").unwrap_or_default();
    let id = loose::text(fields, "id");
    let ping = reference_code == TEST_REFERENCE || id.as_deref() == Some("0");
    let id = if ping { "0".to_owned() } else { id.ok_or(Rejected::Unreadable)? };
    let (direction, amount) = loose::signed_amount(fields, "amount");
    let memo = loose::text(fields, "description").unwrap_or_default();
    Ok(BankMessage {
        direction,
        amount,
        memo,
        reference_code,
        account_number: loose::text(fields, "accountNumber").unwrap_or_default(),
        virtual_account: loose::text(fields, "virtualAccountNumber"),
        counter_name: loose::text(fields, "counterAccountName"),
        counter_account: loose::text(fields, "counterAccountNumber"),
        balance_after: loose::amount(fields, "runningBalance"),
        booked_at: loose::text(fields, "transactionDateTime").and_then(|text| loose::local_time(&text)).unwrap_or(now),
        stale,
        ping,
        ..loose::blank(id, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank_message::Direction;
    use crate::domain::money::Money;

    /// Casso's own vector, recomputed elsewhere.
    const KEY: &str = "mgExMrjj4i7a1p8Cs6LmFbpCd8lbw4sSX4LZXPag7TKazeIogtR90tvWYTkwQbvs";
    const OWN_T: i64 = 1_727_948_258_788;
    const OWN: &str = r#"{"error":0,"data":{"id":0,"reference":"MA_GIAO_DICH_THU_NGHIEM","description":"giao dich thu nghiem","amount":599000,"runningBalance":25000000,"transactionDateTime":"2024-10-03 15:06:37","accountNumber":"88888888","bankName":"VPBank","bankAbbreviation":"VPB","virtualAccountNumber":"","virtualAccountName":"","counterAccountName":"NGUYEN VAN A","counterAccountNumber":"8888888888","counterAccountBankId":"970415","counterAccountBankName":"VietinBank"}}"#;
    const OWN_TAG: &str = "ed0a4bd2e826d5cb69988cdb141e6c1a080e21f3b57eb72cd78192220042b9e7dde0868fc667faea8e224900fa7904e7c88dfa098032fb2d6b6996856e8b7ff3";

    /// The same body with an id, an accent and a slash: one tag for each form, computed with Python.
    const T: i64 = 1_795_400_000_000;
    const RAW_TAG: &str = "974bf71489df1deccab8435871ae3856d44ed7091b2678c85a4081beef22243f7dfa988739f498a636a4d0691fc3bf4f761b08e9ba615a9725b598785d40b9ad";
    const UNICODE_TAG: &str = "5f8bc6ccb2964bd09322ae35eec2e19f141728d3bd4fbf0a7f7f88307b88b29a6897fbe2220924b8c74cf57f6e43263eca71682c0a5e415d44bb664d20e56500";
    const SLASH_TAG: &str = "fb5cd6fc26e897542f53eff0ca04750fcce8a4e5f98fcadd5566c5a02fe0368a988ce064cc1184812dc4c1e1df7e8f761226506fefc6e00085ec94f1b8af2994";
    const NULL_TAG: &str = "3a51a361531c645b0415f9dd3a21365c270d520332651385a562832717196e28c40f29412fa1b6a85de13a7c500430a7017bccd1d101b6a41d27bdfb19043cdb";

    fn money() -> String {
        OWN.replace("\"id\":0", "\"id\":5512345")
            .replace("599000", "185000")
            .replace("giao dich thu nghiem", "HTX7K2M9QXA/đơn 1")
            .replace("MA_GIAO_DICH_THU_NGHIEM", "FT26327123456")
    }

    fn hear(key: &str, t: i64, tag: &str, body: &[u8]) -> Result<Vec<BankMessage>, Rejected> {
        let header = format!("t={t},v1={tag}");
        let headers = Headers::new([("X-Casso-Signature", header.as_bytes())]);
        Casso.verify(&headers, body, &[Secret::new("cu"), Secret::new(key)], At::from_unix_seconds(t / 1000))
    }

    #[test]
    fn cassos_own_vector_is_believed_and_is_a_ping() {
        let message = hear(KEY, OWN_T, OWN_TAG, OWN.as_bytes()).expect("signed").remove(0);
        assert!(message.ping && !message.stale);
        assert!(hear(KEY, OWN_T, &OWN_TAG.to_uppercase(), OWN.as_bytes()).is_ok());
    }

    #[test]
    fn each_way_to_escape_is_believed_whatever_way_the_body_came() {
        let body = money();
        let escaped = body.replace('đ', "\\u0111").replace('ơ', "\\u01A1").replace('/', "\\/");
        for tag in [RAW_TAG, UNICODE_TAG, SLASH_TAG] {
            for body in [&body, &escaped] {
                let message = hear(KEY, T, tag, body.as_bytes()).expect("signed").remove(0);
                assert_eq!((&*message.provider_event_id, message.amount), ("5512345", Money(185_000)));
                assert_eq!((&*message.memo, &*message.reference_code), ("HTX7K2M9QXA/đơn 1", "FT26327123456"));
                assert_eq!(message.counter_account.as_deref(), Some("8888888888"));
                assert_eq!(
                    (message.booked_at, message.virtual_account),
                    ("2024-10-03T15:06:37+07:00".parse().expect("a time"), None)
                );
            }
        }
    }

    #[test]
    fn a_null_is_a_plain_value() {
        let body = money().replace(r#""virtualAccountName":"""#, r#""virtualAccountName":null"#);
        assert!(hear(KEY, T, NULL_TAG, body.as_bytes()).is_ok());
    }

    /// The pair of Casso's JavaScript sample does not verify under its own code.
    #[test]
    fn the_pair_of_the_javascript_sample_is_refused() {
        let body = r#"{"error":0,"data":{"id":218897,"reference":"FT24364030863634","description":"hoi lai 100 bao mun dua","amount":16775000,"runningBalance":16775000,"transactionDateTime":"2024-12-23 07:00:00","accountNumber":"123456789","bankName":"MBBank","bankAbbreviation":"MBB","virtualAccountNumber":"","virtualAccountName":"","counterAccountName":"","counterAccountNumber":"","counterAccountBankId":"","counterAccountBankName":""}}"#;
        let tag = "6cec920aa3352341d3710d4ce89de3c73481739bdf240c89a440fb988bfb113f87be23dc75ad16982f6fbdb65553b73f4e51e73ed4764928f0401cd4a949a4c8";
        let key = "g3oZ950pJQ4k6REhOPGkx37RsXgWz9QJ9RCAZ7i0yagLF32XQZtemQ6r3JIo4MCr";
        assert_eq!(hear(key, 1_734_924_830_020, tag, body.as_bytes()), Err(Rejected::BadSignature));
    }

    #[test]
    fn other_peoples_mistakes_are_refused() {
        let body = money();
        let sorted = sorted_json(&serde_json::from_str(&body).expect("json"), Escapes::Raw);
        let data = sorted.split_once(":").and_then(|(_, rest)| rest.strip_suffix(r#","error":0}"#)).expect("data");
        for wrong in [
            signed::tag_512(KEY, &format!("{T}.{data}")),
            signed::tag_512(KEY, &format!("{T}.{body}")),
            signed::tag_512(KEY, &sorted),
            signed::tag_512(KEY, &format!("{}.{sorted}", T / 1000)),
            signed::tag_256(KEY, &format!("{T}.{sorted}")),
            String::new(),
        ] {
            assert_eq!(hear(KEY, T, &wrong, body.as_bytes()), Err(Rejected::BadSignature));
        }
        assert_eq!(hear("khac", T, RAW_TAG, body.as_bytes()), Err(Rejected::BadSignature));
        assert_eq!(hear(KEY, T + 1, RAW_TAG, body.as_bytes()), Err(Rejected::BadSignature));
    }

    #[test]
    fn a_timestamp_of_two_days_ago_is_taken_and_marked() {
        let header = format!("t={T},v1={RAW_TAG}");
        let headers = Headers::new([(SIGNATURE_HEADER, header.as_bytes())]);
        for (hours, stale) in [(0, false), (23, false), (48, true), (-48, true)] {
            let now = At::from_unix_seconds(T / 1000 + hours * 3600);
            let heard = Casso.verify(&headers, money().as_bytes(), &[Secret::new(KEY)], now).expect("signed");
            assert_eq!(heard[0].stale, stale, "{hours} h");
        }
    }

    #[test]
    fn nothing_at_all_is_a_ping_that_leaves_nothing() {
        assert_eq!(Casso.verify(&Headers::default(), b" \n", &[], At::from_unix_seconds(0)), Ok(Vec::new()));
    }

    #[test]
    fn money_that_leaves_has_a_negative_amount_and_half_a_message_waits() {
        let tell = |body: String| {
            let tag = tag(KEY, &T.to_string(), &serde_json::from_str(&body).expect("json"), Escapes::Raw);
            hear(KEY, T, &tag, body.as_bytes())
        };
        let out = tell(money().replace("185000", "-185000")).expect("signed").remove(0);
        assert_eq!((out.direction, out.amount), (Direction::Out, Money(185_000)));
        let half = tell(money().replace("185000", "\"?\"")).expect("signed").remove(0);
        assert_eq!((half.amount, &*half.memo), (Money::ZERO, "HTX7K2M9QXA/đơn 1"));
        assert_eq!(tell(money().replace("\"id\":5512345,", "")), Err(Rejected::Unreadable));
        assert_eq!(tell(r#"{"error":0,"data":[]}"#.to_owned()), Err(Rejected::Unreadable));
    }
}
