//! Casso's first webhook (CassoHQ/casso-webhook-handler-sample): a list of movements under one word in a header; nothing is signed.
//! The only file that knows its names.

use super::Provider;
use super::delivery::{Headers, Movement, Rejected, Secret, Signed};
use super::loose::{self, Fields};
use super::signed;
use crate::domain::bank_message::BankMessage;
use crate::domain::time::At;
use serde_json::{Value, json};

/// The word that the cooperative typed at Casso, plain.
pub const KEY_HEADER: &str = "secure-token";

pub struct CassoV1;

impl Provider for CassoV1 {
    fn verify(
        &self,
        headers: &Headers,
        body: &[u8],
        secrets: &[Secret],
        now: At,
    ) -> Result<Vec<BankMessage>, Rejected> {
        let keys: Vec<&str> = secrets.iter().map(Secret::reveal).collect();
        let given = headers.only(KEY_HEADER).filter(|given| signed::is_one_of(given, &keys));
        if given.is_none() {
            return Err(Rejected::BadSignature);
        }
        if body.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        let fields = loose::object(body)?;
        let rows = match fields.get("data") {
            Some(Value::Array(rows)) => rows.iter().filter_map(Value::as_object).collect(),
            Some(Value::Object(row)) => vec![row],
            _ => return Err(Rejected::Unreadable),
        };
        Ok(rows.into_iter().map(|row| read(row, now)).collect())
    }

    fn write(&self, said: &Movement<'_>) -> Value {
        json!({
            "error": 0,
            "data": [{
                "id": said.id,
                "tid": said.reference,
                "amount": said.amount.vnd(),
                "description": said.memo,
                "cusum_balance": 0,
                "when": said.at.local().format("%Y-%m-%d %H:%M:%S").to_string(),
                "subAccId": said.account,
                "bank_sub_acc_id": said.account,
            }],
        })
    }

    fn prove(&self, secret: &str, _: At, body: Vec<u8>) -> Signed {
        Signed { headers: vec![(KEY_HEADER, secret.to_owned())], body }
    }
}

/// One row. A row without an id must not cost its neighbours: it goes by its own bytes.
fn read(fields: &Fields, now: At) -> BankMessage {
    let id = loose::text(fields, "id");
    let ping = id.as_deref() == Some("0");
    let id = id.unwrap_or_else(|| loose::id_of_bytes(Value::Object(fields.clone()).to_string().as_bytes()));
    let (direction, amount) = loose::signed_amount(fields, "amount");
    let account = loose::text(fields, "bank_sub_acc_id").or_else(|| loose::text(fields, "subAccId"));
    BankMessage {
        direction,
        amount,
        memo: loose::text(fields, "description").unwrap_or_default(),
        reference_code: loose::text(fields, "tid").unwrap_or_default(),
        virtual_account: loose::text(fields, "subAccId").filter(|beneath| Some(beneath) != account.as_ref()),
        account_number: account.unwrap_or_default(),
        balance_after: loose::amount(fields, "cusum_balance"),
        booked_at: loose::text(fields, "when").and_then(|text| loose::local_time(&text)).unwrap_or(now),
        ping,
        ..loose::blank(id, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank_message::Direction;
    use crate::domain::money::Money;

    const BODY: &str = r#"{"error":0,"data":[{"id":1,"tid":"TF80307914","amount":200500,"description":"HT7K2M9QA","cusum_balance":15900500,"when":"2026-11-23 10:00:00","subAccId":"123456789","bank_sub_acc_id":"123456789"}]}"#;

    fn hear(word: &str, body: &str) -> Result<Vec<BankMessage>, Rejected> {
        let headers = Headers::new([("Secure-Token", word.as_bytes())]);
        CassoV1.verify(&headers, body.as_bytes(), &[Secret::new("tu-khoa")], At::from_unix_seconds(1_795_400_000))
    }

    #[test]
    fn the_example_is_read_and_another_word_is_refused() {
        let message = hear("tu-khoa", BODY).expect("the word").remove(0);
        assert_eq!(
            (message.amount, &*message.memo, &*message.reference_code),
            (Money(200_500), "HT7K2M9QA", "TF80307914")
        );
        assert_eq!(
            (message.booked_at, message.virtual_account),
            ("2026-11-23T10:00:00+07:00".parse().expect("a time"), None)
        );
        for wrong in ["", "tu-kho", "tu-khoa1", "TU-KHOA"] {
            assert_eq!(hear(wrong, BODY), Err(Rejected::BadSignature), "{wrong}");
        }
        assert_eq!(
            CassoV1.verify(&Headers::default(), BODY.as_bytes(), &[Secret::new("")], At::from_unix_seconds(0)),
            Err(Rejected::BadSignature)
        );
    }

    #[test]
    fn a_list_is_read_row_by_row_and_a_bad_row_costs_no_other() {
        let row = |more: &str| format!(r#"{{"description":"x"{more}}}"#);
        let body = format!(
            r#"{{"error":0,"data":[{},{},{},7,{}]}}"#,
            row(r#","id":1,"amount":-5000,"when":"2026-11-23""#),
            row(r#","amount":7000"#),
            row(r#","id":3,"amount":"?""#),
            row(r#","id":0,"amount":1000"#),
        );
        let heard = hear("tu-khoa", &body).expect("the word");
        assert_eq!(heard.len(), 4);
        assert_eq!((heard[0].direction, heard[0].amount), (Direction::Out, Money(5000)));
        assert_eq!(heard[0].booked_at, "2026-11-23T00:00:00+07:00".parse().expect("a time"));
        assert!(heard[1].provider_event_id.starts_with("body:") && heard[1].amount == Money(7000));
        assert_eq!((heard[2].amount, heard[2].ping, heard[3].ping), (Money::ZERO, false, true));
    }

    #[test]
    fn what_is_no_list_is_unreadable() {
        for odd in ["{}", "[]", "null", r#"{"data":5}"#, "\u{0}"] {
            assert_eq!(hear("tu-khoa", odd), Err(Rejected::Unreadable), "{odd}");
        }
    }
}
