//! What proves that an account's provider speaks: the secret agreed with it, the one before while both live, and for VietQR.vn the
//! short-lived tokens that its password buys. Secrets leave here to be compared.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::bank_message::BankProvider;
use crate::gateway::bank::{self, vietqr_vn};
use crate::store::bank::BankAccount;

/// The secrets in force: the current one, and the one before while both are alive.
pub fn live_secrets(kit: &Kit, account: &BankAccount) -> Result<Vec<bank::Secret>, ServiceError> {
    let before_lives = account.secret_before_until.is_some_and(|until| until > kit.now());
    let before = account.secret_before_sealed.as_ref().filter(|_| before_lives);
    account
        .secret_sealed
        .iter()
        .chain(before)
        .map(|sealed| kit.keys.open_text("webhook", sealed).map(bank::Secret::new).map_err(ServiceError::broken))
        .collect()
}

/// What a delivery to this account must be proven with.
pub fn proofs_of(kit: &Kit, account: &BankAccount) -> Result<Vec<bank::Secret>, ServiceError> {
    let secrets = live_secrets(kit, account)?;
    let is_token = account.provider == BankProvider::Vietqr && !secrets.is_empty();
    Ok(if is_token { vec![token_key(kit, &account.path_id)] } else { secrets })
}

/// The key of an account's tokens: derived, so nothing of them is stored.
fn token_key(kit: &Kit, path_id: &str) -> bank::Secret {
    bank::Secret::new(kit.keys.link_token("vietqr-token", path_id))
}

/// A token for VietQR.vn, good for this account and a few minutes.
pub fn new_token(kit: &Kit, path_id: &str) -> String {
    vietqr_vn::issue(&token_key(kit, path_id), kit.now())
}

/// What a provider signs with at this moment: its secret, or the token that VietQR.vn would be given for it. For the demonstration.
pub fn signing_secret(kit: &Kit, provider: BankProvider, path_id: &str, secret: &str) -> String {
    match provider {
        BankProvider::Vietqr => new_token(kit, path_id),
        _ => secret.to_owned(),
    }
}
