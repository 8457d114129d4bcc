//! Posts a composed delivery over HTTP, as a provider would: only the demonstration's bank does this. Knows no market.

use super::{Movement, Signed, compose, vietqr_vn};
use crate::domain::bank_message::BankProvider;
use std::time::Duration;

/// A provider waits about this long for its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Letters of an answer that are shown.
const MOST_SHOWN: usize = 500;

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub body: String,
}

/// Nobody answered.
#[derive(Debug, thiserror::Error)]
pub enum NotPosted {
    #[error("the webhook could not be posted: {0}")]
    Lost(#[from] reqwest::Error),
    #[error("this provider tells nothing")]
    Silent,
}

/// Tells an account's webhook of a movement, with every step that its provider takes: VietQR.vn fetches a token first, and puts
/// one slash too many into its second address.
pub async fn deliver(
    provider: BankProvider,
    webhook_url: &str,
    secret: &str,
    said: &Movement<'_>,
) -> Result<Answered, NotPosted> {
    if provider != BankProvider::Vietqr {
        return post(webhook_url, &compose(provider, secret, said).ok_or(NotPosted::Silent)?).await;
    }
    let granted = post(&format!("{webhook_url}{}", vietqr_vn::TOKEN_PATH), &vietqr_vn::ask("ganh", secret)).await?;
    let answer: serde_json::Value = serde_json::from_str(&granted.body).unwrap_or_default();
    let Some(token) = answer.get("access_token").and_then(serde_json::Value::as_str) else { return Ok(granted) };
    let signed = compose(provider, token, said).ok_or(NotPosted::Silent)?;
    post(&format!("{webhook_url}/{}", vietqr_vn::SYNC_PATH), &signed).await
}

/// Sends one delivery and waits for its answer.
pub async fn post(url: &str, signed: &Signed) -> Result<Answered, NotPosted> {
    let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build()?;
    let mut request = client.post(url).header("content-type", "application/json").body(signed.body.clone());
    for (name, value) in &signed.headers {
        request = request.header(*name, value);
    }
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    Ok(Answered { status, body: answer.text().await?.chars().take(MOST_SHOWN).collect() })
}
