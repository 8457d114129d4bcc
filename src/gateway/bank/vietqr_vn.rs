//! VietQR.vn's transaction-sync (api.vietqr.vn): it first asks us for a token with a password, then tells of one movement with the
//! token; nothing is signed, so the token is short-lived and good for one account. The only file that knows its names.

use super::delivery::{Headers, Movement, Rejected, Secret, Signed};
use super::loose::{self, Fields};
use super::signed;
use super::{Outcome, Provider};
use crate::domain::bank_message::{BankMessage, Direction};
use crate::domain::id::hex;
use crate::domain::time::At;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const HEADER: &str = "authorization";
/// How long a token lives; VietQR.vn asks for one before every push, seconds.
pub const TOKEN_LIFE_S: i64 = 300;
/// Beneath an account's webhook.
pub const TOKEN_PATH: &str = "/api/token_generate";
pub const SYNC_PATH: &str = "/bank/api/transaction-sync";
/// Digits of our answer's id.
const ANSWER_DIGITS: usize = 32;

/// VietQR.vn's ways. The secrets given to `verify` are the keys of tokens (`issue`), never the password.
pub struct VietqrVn;

impl Provider for VietqrVn {
    fn verify(
        &self,
        headers: &Headers,
        body: &[u8],
        secrets: &[Secret],
        now: At,
    ) -> Result<Vec<BankMessage>, Rejected> {
        let token = headers.only(HEADER).and_then(|value| after_scheme(value, "bearer"));
        let token = token.ok_or(Rejected::BadSignature)?;
        if !secrets.iter().fold(false, |right, key| right | is_token(key, token, now)) {
            return Err(Rejected::BadSignature);
        }
        let fields = loose::object(body)?;
        if fields.is_empty() {
            return Err(Rejected::Unreadable);
        }
        Ok(vec![read(&fields, body, now)])
    }

    /// It looks for a 2xx and a `reftransactionid`, and comes again for the codes that we declare: E01, E02, E03.
    fn answer(&self, outcome: Outcome, said: &[BankMessage]) -> (u16, Value) {
        let failed = |code: &str, words: &str| json!({"error": true, "errorReason": code, "toastMessage": words, "object": null});
        match outcome {
            Outcome::Taken => {
                let id = said.first().map(|message| Sha256::digest(message.provider_event_id.as_bytes()));
                let id = hex(id.unwrap_or_default().as_slice());
                let id = id.get(..ANSWER_DIGITS).unwrap_or(&id);
                let object = json!({"reftransactionid": id});
                (200, json!({"error": false, "errorReason": "000", "toastMessage": "", "object": object}))
            }
            Outcome::Rejected(Rejected::BadSignature) => (401, failed("E01", "not authorised")),
            Outcome::Rejected(Rejected::Unreadable) => (400, failed("E02", "unreadable")),
            Outcome::NotNow => (503, failed("E03", "try again")),
        }
    }

    fn write(&self, said: &Movement<'_>) -> Value {
        json!({
            "bankaccount": said.account,
            "amount": said.amount.vnd(),
            "transType": "C",
            "content": said.memo,
            "transactionid": said.id.to_string(),
            "transactiontime": said.at.unix_micros().div_euclid(1000),
            "referencenumber": said.reference,
            "orderId": "",
        })
    }

    /// `secret` is a token.
    fn prove(&self, secret: &str, _: At, body: Vec<u8>) -> Signed {
        Signed { headers: vec![(HEADER, format!("Bearer {secret}"))], body }
    }
}

/// A token that says itself until when it is good: `<unix seconds>.<64 hex>`. Nothing is stored.
pub fn issue(key: &Secret, now: At) -> String {
    let until = now.unix_seconds().saturating_add(TOKEN_LIFE_S).to_string();
    let tag = token_tag(key, &until);
    format!("{until}.{tag}")
}

fn token_tag(key: &Secret, until: &str) -> String {
    signed::tag_256(key.reveal(), &format!("vietqr.vn token until {until}"))
}

fn is_token(key: &Secret, token: &str, now: At) -> bool {
    let Some((until, tag)) = token.split_once('.') else { return false };
    let plain = (1..=11).contains(&until.len()) && until.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(seconds), Some(tag)) = (until.parse::<i64>().ok().filter(|_| plain), signed::read_tag(tag, 64)) else {
        return false;
    };
    let left = seconds.saturating_sub(now.unix_seconds());
    !key.reveal().is_empty() && (0..=TOKEN_LIFE_S).contains(&left) && signed::same_tag(&token_tag(key, until), &tag)
}

/// Whether a request for a token carries the account's password: `Authorization: Basic base64(<anything>:<password>)`.
pub fn knows_password(headers: &Headers, passwords: &[Secret]) -> bool {
    let given = headers.only(HEADER).and_then(|value| after_scheme(value, "basic"));
    let decoded = given.and_then(|given| data_encoding::BASE64.decode(given.as_bytes()).ok());
    let Some(pair) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) else { return false };
    let passwords: Vec<&str> = passwords.iter().map(Secret::reveal).collect();
    pair.split_once(':').is_some_and(|(_, password)| signed::is_one_of(password, &passwords))
}

/// What asks for a token at an account.
pub fn ask(user: &str, password: &str) -> Signed {
    let basic = data_encoding::BASE64.encode(format!("{user}:{password}").as_bytes());
    Signed { headers: vec![(HEADER, format!("Basic {basic}"))], body: Vec::new() }
}

/// The answer to one who knows the password.
pub fn token_answer(token: &str) -> (u16, Value) {
    (200, json!({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE_S}))
}

fn after_scheme<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (given, rest) = value.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// Its Vietnamese pages write `bankaccount`, an older English one `bankAccount`: both are read.
fn read(fields: &Fields, body: &[u8], now: At) -> BankMessage {
    let fields: Fields = fields.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    let said = |name: &str| loose::text(&fields, name);
    let (reference, transaction) = (said("referencenumber"), said("transactionid"));
    let id = match (&reference, &transaction) {
        (None, None) => loose::id_of_bytes(body),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (Some(reference), Some(transaction)) => format!("{reference}/{transaction}"),
    };
    let direction = said("transtype").and_then(|word| match word.as_str() {
        "C" | "c" => Some(Direction::In),
        "D" | "d" => Some(Direction::Out),
        _ => None,
    });
    let (direction, amount) = loose::movement(direction, loose::amount(&fields, "amount"));
    BankMessage {
        direction,
        amount,
        memo: said("content").unwrap_or_default(),
        // The order's own id as it stood when the code was made: another place where our reference may stand.
        description: said("orderid").unwrap_or_default(),
        reference_code: reference.unwrap_or_default(),
        account_number: said("bankaccount").unwrap_or_default(),
        booked_at: loose::any_time(&fields, "transactiontime").unwrap_or(now),
        ..loose::blank(id, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;

    const NOW_S: i64 = 1_795_400_000;
    const BODY: &str = r#"{"bankaccount":"0123456789","amount":185000,"transType":"C","content":"HT7K2M9QA","transactionid":"a1b2c3","transactiontime":1795400000,"referencenumber":"FT26327123456","orderId":"HT7K2M9QA"}"#;

    fn at(seconds: i64) -> At {
        At::from_unix_seconds(seconds)
    }

    fn hear(header: &str, body: &str, now_s: i64) -> Result<Vec<BankMessage>, Rejected> {
        let headers = Headers::new([("Authorization", header.as_bytes())]);
        VietqrVn.verify(&headers, body.as_bytes(), &[Secret::new("khoa-tai-khoan")], at(now_s))
    }

    fn hear_with_token(body: &str) -> Result<Vec<BankMessage>, Rejected> {
        hear(&format!("Bearer {}", issue(&Secret::new("khoa-tai-khoan"), at(NOW_S))), body, NOW_S + 5)
    }

    #[test]
    fn both_spellings_and_every_way_to_write_a_time_are_the_same_movement() {
        let first = hear_with_token(BODY).expect("a token").remove(0);
        assert_eq!((first.amount, first.direction, &*first.memo), (Money(185_000), Direction::In, "HT7K2M9QA"));
        assert_eq!((&*first.provider_event_id, first.booked_at), ("FT26327123456/a1b2c3", at(NOW_S)));
        let camel = BODY
            .replace("bankaccount", "bankAccount")
            .replace("transactionid", "transactionId")
            .replace("transactiontime", "transactionTime")
            .replace("referencenumber", "referenceNumber");
        assert_eq!(hear_with_token(&camel).expect("a token"), vec![first.clone()]);
        for time in ["1795400000000", "\"1795400000\"", "\"1795400000000\""] {
            let body = BODY.replace(":1795400000,", &format!(":{time},"));
            assert_eq!(hear_with_token(&body).expect("a token"), vec![first.clone()], "{time}");
        }
    }

    #[test]
    fn a_token_is_good_for_five_minutes_and_one_account() {
        let token = issue(&Secret::new("khoa-tai-khoan"), at(NOW_S));
        let bearer = format!("Bearer {token}");
        for (after, good) in [(0, true), (300, true), (301, false), (86_400, false), (-1, false)] {
            assert_eq!(hear(&bearer, BODY, NOW_S + after).is_ok(), good, "{after} s later");
        }
        let others = issue(&Secret::new("khoa-khac"), at(NOW_S));
        let (until, tag) = token.split_once('.').expect("two parts");
        for wrong in [
            format!("Bearer {others}"),
            format!("Bearer {}.{tag}", NOW_S + 299),
            format!("Bearer 0{until}.{tag}"),
            format!("Bearer {until}.{}", "0".repeat(64)),
            format!("Bearer {until}.{}", "a".repeat(10_240)),
            format!("Bearer {until}"),
            format!("Basic {token}"),
            token.clone(),
            "Bearer".into(),
            String::new(),
        ] {
            assert_eq!(hear(&wrong, BODY, NOW_S), Err(Rejected::BadSignature), "{}", wrong.get(..90).unwrap_or(&wrong));
        }
        let twice = Headers::new([("authorization", bearer.as_bytes()), ("authorization", bearer.as_bytes())]);
        let key = [Secret::new("khoa-tai-khoan")];
        assert_eq!(VietqrVn.verify(&twice, BODY.as_bytes(), &key, at(NOW_S)), Err(Rejected::BadSignature));
        assert_eq!(VietqrVn.verify(&Headers::default(), BODY.as_bytes(), &key, at(NOW_S)), Err(Rejected::BadSignature));
    }

    #[test]
    fn every_flipped_bit_of_a_token_is_refused() {
        let token = issue(&Secret::new("khoa-tai-khoan"), at(NOW_S));
        for position in 0..token.len() * 8 {
            let mut altered = token.clone().into_bytes();
            altered[position / 8] ^= 1 << (position % 8);
            let header = [b"Bearer ".as_slice(), &altered].concat();
            let headers = Headers::new([("authorization", header.as_slice())]);
            let heard = VietqrVn.verify(&headers, BODY.as_bytes(), &[Secret::new("khoa-tai-khoan")], at(NOW_S));
            // The case of a hex digit is no other digit.
            if !altered.eq_ignore_ascii_case(token.as_bytes()) {
                assert_eq!(heard, Err(Rejected::BadSignature), "bit {position}");
            }
        }
    }

    #[test]
    fn a_password_is_asked_for_before_a_token() {
        let asked = |value: &str, password: &str| {
            knows_password(
                &Headers::new([("Authorization", value.as_bytes())]),
                &[Secret::new("cu"), Secret::new(password)],
            )
        };
        // The example of payments.md.
        assert!(asked("Basic Y2hvcXVlLWh0eDpkb2ktbWF0LWtoYXU=", "doi-mat-khau"));
        assert!(asked(&ask("ai-cung-duoc", "cu").headers[0].1, "doi-mat-khau"));
        for wrong in
            ["", "Basic", "Basic !!", "Basic Y2hv", "Bearer Y2hvcXVlLWh0eDpkb2ktbWF0LWtoYXU=", "Basic Y2hvcXVlLWh0eDo="]
        {
            assert!(!asked(wrong, "doi-mat-khau"), "{wrong}");
        }
        assert!(!asked(&ask("", "").headers[0].1, ""), "an empty password is nobody's");
        assert_eq!(token_answer("t").1, json!({"access_token": "t", "token_type": "Bearer", "expires_in": 300}));
    }

    #[test]
    fn the_answers_are_those_that_vietqr_waits_for() {
        let said = hear_with_token(BODY).expect("a token");
        let (status, body) = VietqrVn.answer(Outcome::Taken, &said);
        assert_eq!((status, &body["error"], &body["errorReason"]), (200, &json!(false), &json!("000")));
        assert_eq!(body["object"]["reftransactionid"].as_str().map(str::len), Some(ANSWER_DIGITS));
        assert_eq!(VietqrVn.answer(Outcome::Taken, &said).1, body, "the same for the same movement");
        let (status, body) = VietqrVn.answer(Outcome::Rejected(Rejected::BadSignature), &[]);
        assert_eq!((status, &body["error"], &body["object"]), (401, &json!(true), &Value::Null));
    }

    #[test]
    fn half_a_message_is_kept_and_one_without_ids_goes_by_its_bytes() {
        let bare = r#"{"bankaccount":"0123456789","amount":"185000","transType":"D","content":""}"#;
        let message = hear_with_token(bare).expect("a token").remove(0);
        assert!(message.provider_event_id.starts_with("body:"));
        assert_eq!((message.direction, message.amount), (Direction::Out, Money(185_000)));
        let half = hear_with_token(&BODY.replace("\"C\"", "\"X\"")).expect("a token").remove(0);
        assert_eq!((half.direction, half.amount), (Direction::In, Money::ZERO));
        for odd in ["", "{}", "[]", "null"] {
            assert_eq!(hear_with_token(odd), Err(Rejected::Unreadable), "{odd}");
        }
    }
}
