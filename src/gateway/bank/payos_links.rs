//! payOS's payment links (payos.vn/docs, @payos/node 2.0.5 `paymentRequests`): made, asked after and cancelled by `/v2/payment-requests`.
//! An answer counts when it is signed with the channel's key, names our number and its code asks for our sum. Stores nothing.

use super::Secret;
use super::loose::{self, Fields};
use super::payos::{is_signed, read_transaction};
use super::poll::{NotFetched, body_of};
use super::signed::tag_256;
use crate::domain::bank_message::BankMessage;
use crate::domain::money::Money;
use crate::domain::time::At;
use crate::domain::vietqr::{self, Kind};
use serde_json::{Value, json};
use std::time::Duration;

/// What opens one channel of payOS.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Without a slash at the end.
    pub base_url: String,
    pub client_id: crate::config::Secret,
    pub api_key: crate::config::Secret,
    /// The first signs what we ask; any of them proves an answer.
    pub checksum_keys: Vec<Secret>,
    pub timeout_ms: u64,
}

/// A link to be.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// payOS's `orderCode`: once a channel, at most 2^53 − 1.
    pub number: i64,
    pub amount: Money,
    /// At most 9 characters: payOS may put its own code before it.
    pub description: String,
    /// Where payOS's own page would send a payer, who is never shown it. What comes back in it is unsigned and believed in nothing.
    pub return_url: String,
    pub cancel_url: String,
    pub expires_at: Option<At>,
}

/// A link that was made, its code verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub link_id: String,
    pub qr_payload: String,
    /// The number in the code, which may be a virtual one.
    pub account_number: String,
    pub holder_name: Option<String>,
}

/// What payOS says of a link.
#[derive(Debug, Clone)]
pub struct Standing {
    pub amount: Option<Money>,
    /// `PENDING`, `UNDERPAID` and `PROCESSING` may still be paid; `PAID`, `CANCELLED`, `EXPIRED` and `FAILED` may not.
    pub status: String,
    /// What came through it, each under its webhook's id.
    pub messages: Vec<BankMessage>,
}

impl Standing {
    pub fn may_be_paid(&self) -> bool {
        !matches!(self.status.as_str(), "PAID" | "CANCELLED" | "EXPIRED" | "FAILED")
    }
}

/// Why there is no answer that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    #[error(transparent)]
    Not(#[from] NotFetched),
    /// payOS answered, and says no: the number is taken, unknown or ended, or a field is not as it wants.
    #[error("payOS refuses: {code}")]
    Refused { code: String },
    /// Signed, and not what was asked for: another number, another sum, or no VietQR.
    #[error("the link is not the one that was asked for")]
    OtherLink,
}

impl NoLink {
    /// As it is kept beside the account's keys; the end of a sentence's key.
    pub const fn word(&self) -> &'static str {
        match self {
            NoLink::Not(not) => not.word(),
            NoLink::Refused { .. } => "refused",
            NoLink::OtherLink => "other-link",
        }
    }
}

/// The signature of a request to make a link: five fields in this order, unescaped.
pub fn create_signature(key: &str, link: &NewLink) -> String {
    let NewLink { number, amount, description, return_url, cancel_url, .. } = link;
    let amount = amount.vnd();
    let text = format!(
        "amount={amount}&cancelUrl={cancel_url}&description={description}&orderCode={number}&returnUrl={return_url}"
    );
    tag_256(key, &text)
}

/// Asks for a link. Asked twice with one number, payOS refuses the second time: `find` then tells what there is.
pub async fn create(channel: &Channel, link: &NewLink) -> Result<Made, NoLink> {
    let key = channel.checksum_keys.first().map(Secret::reveal).unwrap_or_default();
    let mut body = json!({
        "orderCode": link.number,
        "amount": link.amount.vnd(),
        "description": link.description,
        "cancelUrl": link.cancel_url,
        "returnUrl": link.return_url,
        "signature": create_signature(key, link),
    });
    // Seconds in 32 bits: a time beyond them is left out, and the link is cancelled when its order ends.
    let expires_at = link.expires_at.and_then(|at| i32::try_from(at.unix_seconds()).ok());
    if let (Some(expires_at), Some(fields)) = (expires_at, body.as_object_mut()) {
        fields.insert("expiredAt".to_owned(), Value::from(expires_at));
    }
    let data = call(channel, reqwest::Method::POST, "", Some(&body)).await?;
    made(&data, link).ok_or(NoLink::OtherLink)
}

fn made(data: &Fields, link: &NewLink) -> Option<Made> {
    let is_ours = data.get("orderCode")?.as_i64()? == link.number && loose::amount(data, "amount")? == link.amount;
    let qr_payload = loose::text(data, "qrCode")?;
    let code = vietqr::decode(&qr_payload).ok()?;
    let fits = is_ours && code.kind == Kind::VietQr && code.amount == Some(link.amount) && code.bin.is_some();
    let account_number = code.account.filter(|_| fits)?;
    let (link_id, holder_name) = (loose::text(data, "paymentLinkId")?, loose::text(data, "accountName"));
    Some(Made { link_id, qr_payload, account_number, holder_name })
}

/// How a link stands, with what came through it.
pub async fn find(channel: &Channel, number: i64, now: At) -> Result<Standing, NoLink> {
    let data = call(channel, reqwest::Method::GET, &format!("/{number}"), None).await?;
    if data.get("orderCode").and_then(Value::as_i64) != Some(number) {
        return Err(NoLink::OtherLink);
    }
    let link_id = loose::text(&data, "id").unwrap_or_default();
    let rows = data.get("transactions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let rows = rows.iter().filter_map(Value::as_object);
    Ok(Standing {
        amount: loose::amount(&data, "amount"),
        status: loose::text(&data, "status").unwrap_or_default(),
        messages: rows.map(|row| read_transaction(row, &link_id, number, now)).collect(),
    })
}

/// Ends a link. One that payOS does not know, or that can no longer be paid, has ended.
pub async fn cancel(channel: &Channel, number: i64, now: At) -> Result<(), NoLink> {
    let body = json!({ "cancellationReason": "Don khong con cho so tien nay" });
    match call(channel, reqwest::Method::POST, &format!("/{number}/cancel"), Some(&body)).await {
        Ok(_) => Ok(()),
        Err(refused @ NoLink::Refused { .. }) => match find(channel, number, now).await {
            Ok(standing) if standing.may_be_paid() => Err(refused),
            Ok(_) | Err(NoLink::Refused { .. }) => Ok(()),
            Err(other) => Err(other),
        },
        Err(other) => Err(other),
    }
}

/// One request; its `data`, signed.
async fn call(channel: &Channel, method: reqwest::Method, path: &str, body: Option<&Value>) -> Result<Fields, NoLink> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_millis(channel.timeout_ms))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|_no_client| NotFetched::Unreachable)?;
    let mut request = client
        .request(method, format!("{}/v2/payment-requests{path}", channel.base_url))
        .header("x-client-id", channel.client_id.expose())
        .header("x-api-key", channel.api_key.expose());
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.map_err(|_no_answer| NotFetched::Unreachable)?;
    let status = answer.status().as_u16();
    match status {
        401 | 403 => return Err(NotFetched::KeyRefused.into()),
        429 => return Err(NotFetched::Busy.into()),
        300..=399 | 500..=599 => return Err(NotFetched::Failed(status).into()),
        _ => {}
    }
    let Value::Object(said) = body_of(answer).await? else { return Err(NotFetched::Unreadable.into()) };
    match (loose::text(&said, "code").as_deref(), said.get("data")) {
        (Some("00"), Some(Value::Object(data))) if is_signed(data, said.get("signature"), &channel.checksum_keys) => {
            Ok(data.clone())
        }
        (Some("00"), Some(Value::Object(_))) => Err(NotFetched::Unsigned.into()),
        (Some("00") | None, _) => Err(NotFetched::Unreadable.into()),
        (Some(code), _) => Err(NoLink::Refused { code: code.chars().take(20).collect() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By @payos/node 2.0.5 and Python payos 1.1.0 alike.
    #[test]
    fn a_request_is_signed_as_payos_own_packages_sign_it() {
        let link = NewLink {
            number: 20_261_123_001,
            amount: Money(185_000),
            description: "HTX7K2M9QXA".into(),
            return_url: "https://shop.example.vn/tra-ve?don=1&k=2".into(),
            cancel_url: "https://shop.example.vn/huy".into(),
            expires_at: None,
        };
        let tag = create_signature("sample-checksum-key-0001", &link);
        assert_eq!(tag, "442c8142e063755ab4f1b08e1d2ab17810a117bf429e0450fe29d47106ccffab");
    }
}
