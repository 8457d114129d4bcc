//! Posts a composed delivery over HTTP, as a provider would: only the demonstration's bank does this. Knows no market.

use super::Signed;
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
#[error("the webhook could not be posted: {0}")]
pub struct NotPosted(#[from] reqwest::Error);

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
