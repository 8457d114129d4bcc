//! What is typed of a receiving account beside its bank: its number, the virtual number that payers are shown instead, and the word
//! that must stand before the code in every memo. The word alone may be changed in force: it moves no money to anybody else.

use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::signing_in;
use super::who::{Seller, SignedIn};
use crate::config::Secret;
use crate::domain::account::MemberRole;
use crate::domain::memo;
use crate::domain::product::BankAccountState;
use crate::domain::refusal::Refusal;
use crate::domain::vietqr::ACCOUNT_CHARS;
use crate::store;
use crate::store::bank::BankAccount;

/// What the demonstration's account numbers begin with; nowhere else may one.
pub const DEMO_ACCOUNT_PREFIX: &str = "GANHDEMO";

/// An account's number as it is kept.
///
/// # Errors
/// `Refused` for what no bank's account is called, and for a demonstration's number in a real market.
pub fn read_number(kit: &Kit, typed: &str, field: &str) -> ServiceResult<String> {
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let shaped = (1..=ACCOUNT_CHARS).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !shaped || (number.starts_with(DEMO_ACCOUNT_PREFIX) && !kit.config.is_demo) {
        return Err(ServiceError::refused(Refusal::new("refusal-account-number").about(field)));
    }
    Ok(number)
}

/// The virtual number, when one was typed that is not the main one.
pub fn read_virtual(kit: &Kit, typed: &str, main: &str) -> ServiceResult<Option<String>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let number = read_number(kit, typed, "virtual_account")?;
    Ok((!number.eq_ignore_ascii_case(main)).then_some(number))
}

/// Whether a number that a bank wrote is this account's: its own or its virtual one, spaces and case aside.
pub fn is_own_number(account: &BankAccount, written: &str) -> bool {
    let written = plain(written);
    written == plain(&account.account_number) || account.virtual_account.as_deref().map(plain) == Some(written)
}

fn plain(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// «Lưu từ này»: from now on payers are asked to write it; empty ends it. Memos that were copied before are found all the same.
///
/// # Errors
/// `Refused` for a wrong password or a word that no memo can hold; `NotFound` without an account.
pub async fn change_prefix(
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    password: Secret,
    typed: &str,
) -> ServiceResult<()> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    let word = memo::read_prefix(typed).map_err(ServiceError::refused)?;
    signing_in::check_again(kit, me, password).await?;
    let (owner, now) = (seller.cooperative.clone(), kit.now());
    kit.db
        .write(move |conn| {
            let active = store::bank::list_active(conn, std::slice::from_ref(&owner), now)?;
            let account = active.into_iter().next().ok_or(ServiceError::NotFound)?;
            let account = store::bank_key::lock_own_account(conn, &owner, &account.id)?;
            if account.state != BankAccountState::Active {
                return Err(ServiceError::NotFound);
            }
            Ok(store::bank::put_prefix(conn, &account.id, word.as_deref())?)
        })
        .await
}
