//! Changes of receiving accounts as they are read: old and new side by side, who asked, who agreed, and all that were before. For the
//! managers of one cooperative, and for the operator across all. Reads only.

use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::selling::names_of;
use super::who::{Operator, Seller};
use crate::domain::account::MemberRole;
use crate::domain::account_change::ChangeState;
use crate::domain::holder_name::is_legal_name;
use crate::domain::id::{AccountId, BankAccountId, CooperativeId};
use crate::domain::product::BankAccountState;
use crate::domain::time::At;
use crate::store::account_change::AccountChange;
use crate::store::bank::BankAccount;
use crate::store::cooperative::Cooperative;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Changes of one page.
const MOST: i64 = 50;

/// A change with everything that a person decides by.
#[derive(Debug, Clone)]
pub struct ChangeView {
    pub change: AccountChange,
    /// As it holds now, whether or not a worker has written that down.
    pub state: ChangeState,
    pub old: BankAccount,
    pub new: BankAccount,
    /// The new holder is not the cooperative by name.
    pub holder_differs: bool,
    pub cooperative: String,
    pub legal_name: String,
    /// E.164.
    pub phone: String,
    pub proposed_by: String,
    pub agreed_by: Option<String>,
    pub ended_by: Option<String>,
    /// Whoever reads this has proposed it.
    pub is_mine: bool,
}

/// The changes of one cooperative.
#[derive(Debug, Clone)]
pub struct Changes {
    pub under_way: Option<ChangeView>,
    /// What has come to an end, the newest first.
    pub past: Vec<ChangeView>,
    /// Accounts that still hear, or already do, beside the one in force.
    pub others: Vec<BankAccount>,
}

/// The changes of the market.
#[derive(Debug, Clone)]
pub struct MarketChanges {
    pub under_way: Vec<ChangeView>,
    pub past: Vec<ChangeView>,
}

/// The cooperative's changes, for its managers.
pub async fn show_changes(kit: &Kit, seller: &Seller) -> ServiceResult<Changes> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    let (now, seller) = (kit.now(), seller.clone());
    kit.db
        .read(move |conn| {
            let rows = store::account_change::list_of(conn, &seller.cooperative, MOST)?;
            let (mut under_way, past): (Vec<_>, Vec<_>) =
                views_of(conn, rows, &seller.account, now)?.into_iter().partition(|view| is_under_way(view, now));
            let active = store::bank::list_active(conn, std::slice::from_ref(&seller.cooperative), now)?;
            let mut others = store::statement::list_accounts(conn, &seller.cooperative)?;
            others.retain(|account| {
                let is_joined = account.state != BankAccountState::Pending || account.approved_by.is_some();
                is_joined && active.iter().all(|one| one.id != account.id)
            });
            Ok(Changes { under_way: under_way.pop(), past, others })
        })
        .await
}

/// Changes across all cooperatives: what waits, and what was.
pub async fn list_changes(kit: &Kit, operator: &Operator) -> ServiceResult<MarketChanges> {
    let (now, me) = (kit.now(), operator.account.clone());
    kit.db
        .read(move |conn| {
            let rows = store::account_change::list_under_way(conn, MOST)?;
            let (under_way, mut past): (Vec<_>, Vec<_>) =
                views_of(conn, rows, &me, now)?.into_iter().partition(|view| is_under_way(view, now));
            let rows = store::account_change::list_ended(conn, MOST)?;
            past.extend(views_of(conn, rows, &me, now)?);
            Ok(MarketChanges { under_way, past })
        })
        .await
}

fn is_under_way(view: &ChangeView, now: At) -> bool {
    view.change.rule().is_under_way(now)
}

fn views_of(conn: &mut Conn, rows: Vec<AccountChange>, me: &AccountId, now: At) -> ServiceResult<Vec<ChangeView>> {
    let accounts: Vec<BankAccountId> =
        rows.iter().flat_map(|row| [row.old_account_id.clone(), row.new_account_id.clone()]).collect();
    let accounts: HashMap<BankAccountId, BankAccount> = store::bank::list_accounts_of(conn, &accounts)?
        .into_iter()
        .map(|account| (account.id.clone(), account))
        .collect();
    let owners: Vec<CooperativeId> = rows.iter().map(|row| row.cooperative_id.clone()).collect();
    let owners: HashMap<CooperativeId, Cooperative> =
        store::cooperative::list_of(conn, &owners)?.into_iter().map(|owner| (owner.id.clone(), owner)).collect();
    let people = rows.iter().flat_map(|row| {
        [Some(&row.proposed_by), row.agreed_by.as_ref(), row.ended_by.as_ref()].into_iter().flatten().cloned()
    });
    let names = names_of(conn, people.collect())?;
    let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
    let mut views = Vec::new();
    for row in rows {
        let account = |id: &BankAccountId| accounts.get(id).cloned().ok_or(ServiceError::NotFound);
        let owner = owners.get(&row.cooperative_id).ok_or(ServiceError::NotFound)?;
        let new = account(&row.new_account_id)?;
        views.push(ChangeView {
            state: if row.rule().is_in_force(now) { ChangeState::InForce } else { row.state },
            old: account(&row.old_account_id)?,
            holder_differs: !is_legal_name(&new.holder_name, &owner.legal_name),
            new,
            cooperative: owner.name.clone(),
            legal_name: owner.legal_name.clone(),
            phone: owner.phone.clone(),
            proposed_by: name(&row.proposed_by),
            agreed_by: row.agreed_by.as_ref().map(name),
            ended_by: row.ended_by.as_ref().map(name),
            is_mine: row.proposed_by == *me,
            change: row,
        });
    }
    Ok(views)
}
