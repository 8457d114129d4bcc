//! The door for banks: raw bytes and headers in, the provider's exact answer out. The signature is over the bytes, so nothing
//! reads them before it; no cookie is looked at, and nothing of what a message says goes into the log.

use super::error::{self, WebError, WebResult};
use super::site::Site;
use crate::domain::bank_message::BankProvider;
use crate::gateway::bank::Headers;
use crate::service::granting_token::grant_token;
use crate::service::kit::Kit;
use crate::service::paying::{self, Delivered};
use actix_web::{HttpRequest, web};

/// `POST /webhooks/bank/{provider}/{account}`: `account` is the opaque id of a receiving account. Unknown and wrongly signed are
/// told alike.
pub async fn receive(req: HttpRequest, kit: Kit, path: web::Path<(String, String)>, body: web::Bytes) -> WebResult {
    let (provider, account) = path.into_inner();
    let provider: BankProvider = provider.parse().map_err(|_unknown| WebError::not_found())?;
    take(&req, &kit, provider, &account, body.to_vec()).await
}

async fn take(req: &HttpRequest, kit: &Kit, provider: BankProvider, account: &str, body: Vec<u8>) -> WebResult {
    let delivered = paying::receive_bank_message(kit, provider, account, headers_of(req), body).await?;
    answer(req, provider, &delivered)
}

fn headers_of(req: &HttpRequest) -> Headers {
    Headers::new(req.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())))
}

fn answer(req: &HttpRequest, provider: BankProvider, delivered: &Delivered) -> WebResult {
    Site::of(req)?.metrics.bank_message(provider.as_text(), delivered.word);
    Ok(error::told(delivered.status, delivered.answer.to_string()))
}

/// `POST /webhooks/bank/vietqr/{account}/api/token_generate`: VietQR.vn buys a token with its password.
pub async fn grant_vietqr_token(req: HttpRequest, kit: Kit, path: web::Path<(String, String)>) -> WebResult {
    let (account, _slash) = path.into_inner();
    let delivered = grant_token(&kit, &account, &headers_of(&req)).await?;
    answer(&req, BankProvider::Vietqr, &delivered)
}

/// `POST /webhooks/bank/vietqr/{account}/bank/api/transaction-sync`: VietQR.vn tells with the token. It may write two slashes.
pub async fn receive_vietqr(
    req: HttpRequest,
    kit: Kit,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> WebResult {
    let (account, _slash) = path.into_inner();
    take(&req, &kit, BankProvider::Vietqr, &account, body.to_vec()).await
}
