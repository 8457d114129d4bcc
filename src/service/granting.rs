//! Grants: who is helper, official or operator, on which paper, where and until when. Given and taken back by the operator.

use super::error::ServiceError;
use super::kit::Kit;
use super::people::account_of;
use super::who::Operator;
use crate::domain::account::GrantKind;
use crate::domain::id::{AccountId, GrantId};
use crate::domain::lang::Lang;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::domain::territory::Territory;
use crate::domain::text::{clean, fold::fold};
use crate::store;
use crate::store::account::Account;
use crate::store::grant::Grant;
use crate::store::overview;

/// Letters of a paper's name, an office, a person.
const MOST_LETTERS: usize = 160;
/// Days a grant may run at most; it can be given again.
const MOST_DAYS: i64 = 3_660;

/// A grant with whose it is.
#[derive(Debug, Clone)]
pub struct GrantHeld {
    pub grant: Grant,
    pub name: String,
    /// E.164.
    pub phone: String,
}

/// A grant as the form says it.
#[derive(Debug, Clone, Default)]
pub struct GrantSaid {
    pub phone: String,
    /// For a phone without an account; an account keeps its own name.
    pub name: String,
    pub kind: String,
    pub territory: String,
    pub basis: String,
    pub office: String,
    /// Empty: until taken back.
    pub days: String,
}

struct Checked {
    phone: Phone,
    name: String,
    kind: GrantKind,
    territory: String,
    basis: String,
    office: Option<String>,
    days: Option<i64>,
}

/// Every grant in force.
pub async fn list_grants(kit: &Kit, _operator: &Operator) -> Result<Vec<GrantHeld>, ServiceError> {
    let now = kit.now();
    let rows = kit.db.read(move |conn| Ok::<_, ServiceError>(overview::list_grants(conn, now)?)).await?;
    Ok(rows.into_iter().map(|(grant, name, phone)| GrantHeld { grant, name, phone }).collect())
}

fn checked(said: &GrantSaid) -> Result<Checked, ServiceError> {
    let mut refusals = Vec::new();
    let line = |text: &str| clean::line(text, MOST_LETTERS).unwrap_or_default();
    let mut need = |holds: bool, key: &str, field: &str| {
        if !holds {
            refusals.push(Refusal::new(key).about(field));
        }
    };
    let phone = said.phone.parse::<Phone>().ok();
    let kind = said.kind.parse::<GrantKind>().ok();
    let (basis, office) = (line(&said.basis), line(&said.office));
    let place = said.territory.trim();
    // The operator runs the whole market.
    let place = if kind == Some(GrantKind::Operator) { "*" } else { place };
    let days = said.days.trim();
    let read_days = if days.is_empty() {
        Some(None)
    } else {
        days.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days)).map(Some)
    };
    need(phone.is_some(), "refusal-phone", "phone");
    need(kind.is_some(), "refusal-grant-kind", "kind");
    need(place.parse::<Territory>().is_ok(), "refusal-territory", "territory");
    need(!basis.is_empty(), "refusal-grant-basis", "basis");
    need(kind != Some(GrantKind::Official) || !office.is_empty(), "refusal-grant-office", "office");
    need(read_days.is_some(), "refusal-grant-days", "days");
    match (phone, kind, read_days) {
        (Some(phone), Some(kind), Some(days)) if refusals.is_empty() => Ok(Checked {
            phone,
            name: line(&said.name),
            kind,
            territory: place.to_owned(),
            basis,
            office: Some(office).filter(|office| !office.is_empty()),
            days,
        }),
        _ => Err(ServiceError::Refused(refusals)),
    }
}

/// Gives a grant to the person of a phone; one without an account gets one, and signs in by a one-time code.
pub async fn give_grant(kit: &Kit, operator: &Operator, said: &GrantSaid) -> Result<GrantId, ServiceError> {
    let said = checked(said)?;
    let now = kit.now();
    let (account_ten, grant_ten, by) = (kit.ten(), kit.ten(), operator.account.clone());
    let id = kit
        .db
        .write(move |conn| {
            let account = match store::account::find_by_phone(conn, &said.phone)? {
                Some(account) => account.id,
                None if said.name.is_empty() => {
                    return Err(ServiceError::refused(Refusal::new("refusal-grant-name").about("name")));
                }
                None => {
                    let row = Account {
                        id: AccountId::new(now, account_ten),
                        phone: said.phone.clone(),
                        name_key: fold(&said.name),
                        name: said.name.clone(),
                        email: None,
                        password_hash: None,
                        language: Lang::Vi,
                        is_active: true,
                        created_at: now,
                    };
                    account_of(conn, &row)?
                }
            };
            let row = Grant {
                id: GrantId::new(now, grant_ten),
                account_id: account,
                kind: said.kind,
                territory: said.territory.clone(),
                basis: said.basis.clone(),
                office: said.office.clone(),
                valid_from: now,
                valid_until: said.days.map(|days| now.plus_seconds(days.saturating_mul(86_400))),
                revoked_at: None,
                granted_by: Some(by.clone()),
            };
            store::grant::insert(conn, &row)?;
            Ok(row.id)
        })
        .await?;
    tracing::info!(target: "access", operator = %operator.account, what = "grant", id = %id);
    Ok(id)
}

/// Takes a grant back; it ends at once. The last operator cannot be taken away: nobody could give it again.
pub async fn revoke_grant(kit: &Kit, operator: &Operator, id: &GrantId) -> Result<(), ServiceError> {
    let (now, asked) = (kit.now(), id.clone());
    kit.db
        .write(move |conn| {
            let operators = store::grant::lock_in_force(conn, GrantKind::Operator, now)?;
            let is_one = operators.iter().any(|grant| grant.id == asked);
            let others = operators.iter().any(|grant| grant.id != asked);
            if is_one && !others {
                return Err(ServiceError::refused(Refusal::new("refusal-last-operator")));
            }
            // A second press finds it taken back already, which is what was wanted.
            store::grant::mark_revoked(conn, &asked, now)?;
            Ok(())
        })
        .await?;
    tracing::info!(target: "access", operator = %operator.account, what = "revoke", id = %id);
    Ok(())
}
