//! VietQR.vn buys a token with the account's password before every message.

use super::bank_keys::{live_secrets, new_token};
use super::error::ServiceError;
use super::kit::Kit;
use super::paying::Delivered;
use crate::domain::bank_message::BankProvider;
use crate::gateway::bank::{self, Headers, Outcome, Rejected, vietqr_vn};
use crate::store;

/// Gives a token to one who knows the password. Unknown accounts and wrong passwords are told alike.
pub async fn grant_token(kit: &Kit, path_id: &str, headers: &Headers) -> Result<Delivered, ServiceError> {
    let told = |word, outcome| {
        let (status, answer) = bank::answer(BankProvider::Vietqr, outcome, &[]);
        Delivered { status, answer, word }
    };
    let path = path_id.to_owned();
    let found = kit.db.read(move |conn| Ok::<_, ServiceError>(store::bank::find_account_by_path(conn, &path)?)).await;
    let account = match found {
        Err(ServiceError::Unavailable { .. }) => return Ok(told("not_now", Outcome::NotNow)),
        found => found?.filter(|account| account.provider == BankProvider::Vietqr),
    };
    let passwords = account.as_ref().map(|account| live_secrets(kit, account)).transpose()?.unwrap_or_default();
    if !vietqr_vn::knows_password(headers, &passwords) {
        return Ok(told("bad_signature", Outcome::Rejected(Rejected::BadSignature)));
    }
    let (status, answer) = vietqr_vn::token_answer(&new_token(kit, path_id));
    Ok(Delivered { status, answer, word: "token" })
}
