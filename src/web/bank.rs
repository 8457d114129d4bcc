//! The door for banks: raw bytes and headers in, the provider's exact answer out. The signature is over the bytes, so nothing
//! reads them before it; no cookie is looked at, and nothing of what a message says goes into the log.

use super::error::{self, WebError, WebResult};
use super::site::Site;
use crate::domain::bank_message::BankProvider;
use crate::gateway::bank::Headers;
use crate::service::kit::Kit;
use crate::service::paying;
use actix_web::{HttpRequest, web};

/// `POST /webhooks/bank/{provider}/{account}`: `account` is the opaque id of a receiving account. Unknown and wrongly signed are
/// told alike.
pub async fn receive(req: HttpRequest, kit: Kit, path: web::Path<(String, String)>, body: web::Bytes) -> WebResult {
    let (provider, account) = path.into_inner();
    let provider: BankProvider = provider.parse().map_err(|_unknown| WebError::not_found())?;
    let headers = Headers::new(req.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    let delivered = paying::receive_bank_message(&kit, provider, &account, headers, body.to_vec()).await?;
    Site::of(&req)?.metrics.bank_message(provider.as_text(), delivered.word);
    Ok(error::told(delivered.status, delivered.answer.to_string()))
}
