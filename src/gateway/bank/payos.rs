//! payOS (payos.vn/docs, @payos/node 2.0.5): one movement a delivery, its `data` signed inside the body without a timestamp. The only
//! file that knows its names.

use super::Provider;
use super::delivery::{Headers, Movement, Rejected, Secret, Signed};
use super::js::{self, Escapes, entries, sorted_json};
use super::loose::{self, Fields};
use super::signed;
use crate::domain::bank_message::{BankMessage, Direction};
use crate::domain::time::At;
use serde_json::{Map, Value, json};

/// `POST /confirm-webhook` sends a signed sample of this order and sum, and fails unless it is answered 2xx.
const SAMPLE_ORDER: &str = "123";
const SAMPLE_VND: i64 = 3_000;

/// payOS's ways. Any 2xx is success; how often it comes again is not written down.
pub struct Payos;

impl Provider for Payos {
    fn verify(&self, _: &Headers, body: &[u8], secrets: &[Secret], now: At) -> Result<Vec<BankMessage>, Rejected> {
        let fields = loose::object(body).map_err(|_not_json| Rejected::BadSignature)?;
        let data = fields.get("data").and_then(Value::as_object).ok_or(Rejected::BadSignature)?;
        let right = is_signed(data, fields.get("signature"), secrets);
        if right { Ok(vec![read(data, &signed_text(data), now)]) } else { Err(Rejected::BadSignature) }
    }

    fn write(&self, said: &Movement<'_>) -> Value {
        let data = json!({
            "orderCode": said.id,
            "amount": said.amount.vnd(),
            "description": said.memo,
            "accountNumber": said.account,
            "reference": said.reference,
            "transactionDateTime": said.at.local().format("%Y-%m-%d %H:%M:%S").to_string(),
            "currency": "VND",
            "paymentLinkId": format!("{:032x}", said.id),
            "code": "00",
            "desc": "success",
            "counterAccountBankId": null,
            "counterAccountBankName": null,
            "counterAccountName": null,
            "counterAccountNumber": null,
            "virtualAccountName": null,
            "virtualAccountNumber": null,
        });
        json!({"code": "00", "desc": "success", "success": true, "data": data})
    }

    fn prove(&self, secret: &str, _: At, body: Vec<u8>) -> Signed {
        let mut said: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = said.get("data").and_then(Value::as_object).map(signed_text).unwrap_or_default();
        let Some(fields) = said.as_object_mut() else { return Signed { headers: Vec::new(), body } };
        fields.insert("signature".to_owned(), Value::from(signed::tag_256(secret, &text)));
        Signed { headers: Vec::new(), body: said.to_string().into_bytes() }
    }
}

/// What payOS signs: `key=value` of the keys that are there, sorted, as its Node package writes them.
pub fn signed_text(data: &Fields) -> String {
    let pairs: Vec<String> =
        entries(data).into_iter().map(|(key, value)| format!("{key}={}", value_text(value))).collect();
    pairs.join("&")
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(said) => said.to_string(),
        Value::Number(number) => js::number(number),
        Value::String(text) if text == "null" || text == "undefined" => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => sorted_json(&items.iter().map(with_sorted_keys).collect(), Escapes::Raw),
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// `sortObjDataByKey` of an element: JavaScript walks a text or a list by its places, and a number has no keys.
fn with_sorted_keys(item: &Value) -> Value {
    let by_place = |values: Vec<Value>| {
        Value::Object(values.into_iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect())
    };
    match item {
        Value::Object(_) | Value::Null => item.clone(),
        Value::Array(items) => by_place(items.clone()),
        Value::String(text) => by_place(text.chars().map(|c| Value::String(c.to_string())).collect()),
        Value::Bool(_) | Value::Number(_) => Value::Object(Map::new()),
    }
}

/// A row of a link's `transactions`, as its webhook would have told it: under the same id.
pub fn read_transaction(row: &Fields, link_id: &str, number: i64, now: At) -> BankMessage {
    let mut fields = row.clone();
    fields.insert("paymentLinkId".to_owned(), Value::from(link_id));
    fields.insert("orderCode".to_owned(), Value::from(number));
    read(&fields, &signed_text(&fields), now)
}

/// Whether an answer or a message is payOS's: its `signature` over `data`, by any of these keys.
pub fn is_signed(data: &Fields, given: Option<&Value>, keys: &[Secret]) -> bool {
    let Some(given) = given.and_then(Value::as_str).and_then(|tag| signed::read_tag(tag, 64)) else { return false };
    let text = signed_text(data);
    let mut right = false;
    for key in keys.iter().filter(|key| !key.reveal().is_empty()) {
        right |= signed::same_tag(&signed::tag_256(key.reveal(), &text), &given);
    }
    right
}

fn read(fields: &Fields, signed: &str, now: At) -> BankMessage {
    let reference_code = loose::text(fields, "reference").unwrap_or_default();
    let link = loose::text(fields, "paymentLinkId").unwrap_or_default();
    let id = match (link.is_empty(), reference_code.is_empty()) {
        (true, true) => loose::id_of_bytes(signed.as_bytes()),
        _ => format!("{link}/{reference_code}"),
    };
    // Anything but `00` is not a payment that went through: no order is paid by it, a person looks.
    let went_through = loose::text(fields, "code").is_none_or(|code| code == "00");
    let (direction, amount) =
        loose::movement(Some(Direction::In), loose::amount(fields, "amount").filter(|_| went_through));
    let ping = loose::text(fields, "orderCode").as_deref() == Some(SAMPLE_ORDER) && amount.vnd() == SAMPLE_VND;
    BankMessage {
        direction,
        amount,
        memo: loose::text(fields, "description").unwrap_or_default(),
        reference_code,
        account_number: loose::text(fields, "accountNumber").unwrap_or_default(),
        virtual_account: loose::text(fields, "virtualAccountNumber"),
        counter_name: loose::text(fields, "counterAccountName"),
        counter_account: loose::text(fields, "counterAccountNumber"),
        link_number: loose::text(fields, "orderCode").and_then(|number| number.parse().ok()).filter(|_| !ping),
        booked_at: loose::text(fields, "transactionDateTime").and_then(|text| loose::local_time(&text)).unwrap_or(now),
        ping,
        ..loose::blank(id, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;

    /// payOS's documentation.
    const DOC_KEY: &str = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675";
    const DOC_TAG: &str = "412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03";
    /// The same data under another key, by @payos/node 2.0.5 and Python payos 1.1.0 alike.
    const KEY: &str = "sample-checksum-key-0001";
    const TAG: &str = "25d2d8c9ffebd03b213d4172592851837af80abfe4f4a1988d47c78d818747ea";
    const DATA: &str = r#"{"orderCode":123,"amount":3000,"description":"VQRIO123","accountNumber":"12345678","reference":"TF230204212323","transactionDateTime":"2023-02-04 18:25:00","currency":"VND","paymentLinkId":"124c33293c43417ab7879e14c8d9eb18","code":"00","desc":"Thành công","counterAccountBankId":"","counterAccountBankName":"","counterAccountName":"","counterAccountNumber":"","virtualAccountName":"","virtualAccountNumber":""}"#;
    const TEXT: &str = "accountNumber=12345678&amount=3000&code=00&counterAccountBankId=&counterAccountBankName=&counterAccountName=&counterAccountNumber=&currency=VND&desc=Thành công&description=VQRIO123&orderCode=123&paymentLinkId=124c33293c43417ab7879e14c8d9eb18&reference=TF230204212323&transactionDateTime=2023-02-04 18:25:00&virtualAccountName=&virtualAccountNumber=";

    fn now() -> At {
        At::from_unix_seconds(1_795_400_000)
    }

    fn fields(json: &str) -> Fields {
        loose::object(json.as_bytes()).expect("an object")
    }

    fn body(data: &str, tag: &str) -> String {
        format!(r#"{{"code":"00","desc":"success","success":true,"data":{data},"signature":"{tag}"}}"#)
    }

    fn hear(key: &str, body: &str) -> Result<Vec<BankMessage>, Rejected> {
        Payos.verify(&Headers::default(), body.as_bytes(), &[Secret::new("cu"), Secret::new(key)], now())
    }

    fn hear_signed(data: &str) -> BankMessage {
        let tag = signed::tag_256(KEY, &signed_text(&fields(data)));
        hear(KEY, &body(data, &tag)).expect("signed").remove(0)
    }

    #[test]
    fn the_sample_of_the_documentation_is_believed_and_is_a_ping() {
        assert_eq!(signed_text(&fields(DATA)), TEXT);
        for (key, tag) in [(DOC_KEY, DOC_TAG), (KEY, TAG)] {
            let message = hear(key, &body(DATA, tag)).expect("signed").remove(0);
            assert!(message.ping);
            assert_eq!(message.provider_event_id, "124c33293c43417ab7879e14c8d9eb18/TF230204212323");
        }
        assert_eq!(hear(DOC_KEY, &body(DATA, TAG)), Err(Rejected::BadSignature));
        // Another signature printed in the same documentation belongs to some other key.
        assert_eq!(hear(DOC_KEY, &body(DATA, &format!("8d8640d8{}", "0".repeat(56)))), Err(Rejected::BadSignature));
    }

    #[test]
    fn values_are_written_as_node_writes_them() {
        let odd = r#"{"b":true,"a":[{"z":1,"a":2},{"y":null}],"c":"null","f":1.50,"g":0,"h":false,"n":null,"u":"undefined","o":{"x":1}}"#;
        let expected = r#"a=[{"a":2,"z":1},{"y":null}]&b=true&c=&f=1.5&g=0&h=false&n=&o=[object Object]&u="#;
        assert_eq!(signed_text(&fields(odd)), expected);
        assert_eq!(signed_text(&fields(r#"{"l":[],"t":["ab",[1],2]}"#)), r#"l=[]&t=[{"0":"a","1":"b"},{"0":1},{}]"#);
    }

    #[test]
    fn a_missing_field_is_not_in_the_text_and_a_null_is() {
        let data = r#"{"amount":185000,"code":"00","description":"HT7K2M9QA","orderCode":77,"paymentLinkId":"l1","reference":"FT1","virtualAccountNumber":null}"#;
        let message = hear_signed(data);
        assert_eq!((message.amount, &*message.memo, message.ping), (Money(185_000), "HT7K2M9QA", false));
        assert_eq!((&*message.provider_event_id, message.booked_at, message.virtual_account), ("l1/FT1", now(), None));
    }

    #[test]
    fn the_envelope_is_not_signed_and_not_believed() {
        let failed =
            DATA.replace("\"code\":\"00\"", "\"code\":\"01\"").replace("\"orderCode\":123", "\"orderCode\":77");
        let message = hear_signed(&failed);
        assert_eq!((message.amount, message.ping), (Money::ZERO, false));
        let real = hear_signed(&DATA.replace("\"amount\":3000", "\"amount\":185000"));
        assert!(!real.ping && real.amount == Money(185_000), "an order 123 of another sum is money");
    }

    #[test]
    fn bodies_without_a_signature_or_data_are_refused() {
        let data = DATA;
        let tag = TAG;
        for odd in [
            String::new(),
            "null".into(),
            "[]".into(),
            "{}".into(),
            format!(r#"{{"data":{data}}}"#),
            format!(r#"{{"data":{data},"signature":null}}"#),
            format!(r#"{{"data":{data},"signature":"{}"}}"#, "z".repeat(64)),
            format!(r#"{{"data":{data},"signature":"{}"}}"#, "a".repeat(10_240)),
            format!(r#"{{"data":[],"signature":"{tag}"}}"#),
            format!(r#"{{"data":null,"signature":"{tag}"}}"#),
            "[".repeat(20_000),
        ] {
            assert_eq!(hear(KEY, &odd), Err(Rejected::BadSignature), "{}", odd.get(..60).unwrap_or(&odd));
        }
        let none = Payos.verify(
            &Headers::default(),
            body(DATA, &signed::tag_256("", TEXT)).as_bytes(),
            &[Secret::new("")],
            now(),
        );
        assert_eq!(none, Err(Rejected::BadSignature));
    }
}
