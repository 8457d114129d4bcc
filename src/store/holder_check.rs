//! Who has made sure of an account's holder whose name is not the cooperative's.

use super::bank::BankAccount;
use super::conn::{Conn, Each, MultiBackend};
use super::error::StoreResult;
use super::schema::{bank_account, cooperative, holder_check};
use super::told::Told;
use crate::domain::id::{AccountId, BankAccountId, CooperativeId};
use crate::domain::product::BankAccountState;
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = holder_check, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct HolderCheck {
    pub bank_account_id: BankAccountId,
    pub cooperative_id: CooperativeId,
    pub checked_by: AccountId,
    pub checked_at: At,
    /// How it was made sure of.
    pub reason: String,
}

/// Notes a check; the first one stands.
pub fn insert_new(conn: &mut Conn, row: &HolderCheck) -> StoreResult<Told> {
    let query =
        diesel::insert_into(holder_check::table).values(row).on_conflict(holder_check::bank_account_id).do_nothing();
    Ok(Told::of_rows(Each(query).execute(conn)?))
}

/// Checks of accounts (at most 500).
pub fn list_of(conn: &mut Conn, accounts: &[BankAccountId]) -> StoreResult<Vec<HolderCheck>> {
    let query = holder_check::table.filter(holder_check::bank_account_id.eq_any(accounts));
    Ok(query.select(HolderCheck::as_select()).load(conn)?)
}

/// A cooperative's name, legal name and phone.
pub type Owner = (String, String, String);

/// Accounts that take money or soon may, with their owners, by the owners' names.
pub fn list_accounts(conn: &mut Conn) -> StoreResult<Vec<(BankAccount, Owner)>> {
    let query = bank_account::table
        .inner_join(cooperative::table)
        .filter(bank_account::state.eq_any([BankAccountState::Active, BankAccountState::Pending]))
        .order((cooperative::name_key, cooperative::id, bank_account::made_at));
    let owner = (cooperative::name, cooperative::legal_name, cooperative::phone);
    Ok(query.select((BankAccount::as_select(), owner)).load(conn)?)
}
