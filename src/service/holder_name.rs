//! Accounts whose holder is not the cooperative by name: told to the seller and the shopper, looked into by the operator. The comparison
//! is `domain::holder_name`'s.

use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::selling::names_of;
use super::who::Operator;
use crate::domain::holder_name::{HolderName, is_legal_name};
use crate::domain::id::BankAccountId;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::domain::time::At;
use crate::store::bank::BankAccount;
use crate::store::holder_check::HolderCheck;
use crate::store::{self, Conn};
use std::collections::HashMap;

const LONGEST_REASON: usize = 300;
const SHORTEST_REASON: usize = 3;

/// Who has made sure of a holder, when and how.
#[derive(Debug, Clone)]
pub struct Checked {
    pub by: String,
    pub at: At,
    pub reason: String,
}

/// An account's holder beside its owner.
#[derive(Debug, Clone)]
pub struct Holder {
    pub kind: HolderName,
    pub legal_name: String,
    pub checked: Option<Checked>,
}

/// An account that is held in another name.
#[derive(Debug, Clone)]
pub struct OtherHolder {
    pub account: BankAccount,
    pub cooperative: String,
    pub legal_name: String,
    /// E.164.
    pub phone: String,
    pub checked: Option<Checked>,
}

fn checks_of(conn: &mut Conn, accounts: &[BankAccountId]) -> ServiceResult<HashMap<BankAccountId, Checked>> {
    let mut rows: Vec<HolderCheck> = Vec::new();
    for chunk in accounts.chunks(500) {
        rows.extend(store::holder_check::list_of(conn, chunk)?);
    }
    let names = names_of(conn, rows.iter().map(|row| row.checked_by.clone()).collect())?;
    let checked = |row: HolderCheck| {
        let by = names.get(&row.checked_by).cloned().unwrap_or_default();
        (row.bank_account_id, Checked { by, at: row.checked_at, reason: row.reason })
    };
    Ok(rows.into_iter().map(checked).collect())
}

/// How an account's holder stands to its cooperative.
pub(super) fn holder_of(conn: &mut Conn, account: &BankAccount) -> ServiceResult<Holder> {
    let legal_name = store::cooperative::get(conn, &account.cooperative_id)?.legal_name;
    let checked = checks_of(conn, std::slice::from_ref(&account.id))?.remove(&account.id);
    Ok(Holder { kind: HolderName::of(&account.holder_name, &legal_name, checked.is_some()), legal_name, checked })
}

/// Accounts that take money, or soon may, in another name than their cooperative's; those that nobody has looked into first.
pub async fn list_other_holders(kit: &Kit, _operator: &Operator) -> ServiceResult<Vec<OtherHolder>> {
    kit.db.read(other_holders).await
}

pub(super) fn other_holders(conn: &mut Conn) -> ServiceResult<Vec<OtherHolder>> {
    let mut rows = store::holder_check::list_accounts(conn)?;
    rows.retain(|(account, (_, legal_name, _))| !is_legal_name(&account.holder_name, legal_name));
    let ids: Vec<BankAccountId> = rows.iter().map(|(account, _)| account.id.clone()).collect();
    let mut checks = checks_of(conn, &ids)?;
    let other = |(account, (cooperative, legal_name, phone)): (BankAccount, store::holder_check::Owner)| OtherHolder {
        checked: checks.remove(&account.id),
        account,
        cooperative,
        legal_name,
        phone,
    };
    let mut found: Vec<OtherHolder> = rows.into_iter().map(other).collect();
    found.sort_by_key(|other| other.checked.is_some());
    Ok(found)
}

/// The operator has made sure of an account's holder, and says how. Said twice, the first word stands.
///
/// # Errors
/// `Refused` without a reason; `NotFound` where there is nothing to make sure of.
pub async fn note_holder_checked(
    kit: &Kit,
    operator: &Operator,
    account: &BankAccountId,
    reason: &str,
) -> ServiceResult<()> {
    let reason = clean::line(reason, LONGEST_REASON).unwrap_or_default();
    let (now, by, id) = (kit.now(), operator.account.clone(), account.clone());
    kit.db
        .write(move |conn| {
            let account = store::bank::get_account(conn, &id)?;
            if holder_of(conn, &account)?.kind == HolderName::Own {
                return Err(ServiceError::NotFound);
            }
            if reason.chars().count() < SHORTEST_REASON {
                return Err(ServiceError::refused(Refusal::new("refusal-holder-reason").about("reason")));
            }
            let row = HolderCheck {
                bank_account_id: account.id,
                cooperative_id: account.cooperative_id,
                checked_by: by.clone(),
                checked_at: now,
                reason: reason.clone(),
            };
            store::holder_check::insert_new(conn, &row)?;
            Ok::<_, ServiceError>(())
        })
        .await?;
    tracing::info!(target: "access", operator = %operator.account, what = "check a holder", id = %account);
    Ok(())
}
