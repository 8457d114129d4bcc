//! The webhook secrets of receiving accounts, sealed: the one in force and the one before.

use super::bank::BankAccount;
use super::conn::{Conn, locked};
use super::error::StoreResult;
use super::schema::bank_account;
use crate::domain::id::{BankAccountId, CooperativeId};
use crate::domain::time::At;
use diesel::prelude::*;

/// Locks one of a cooperative's own accounts.
pub fn lock_own_account(conn: &mut Conn, owner: &CooperativeId, id: &BankAccountId) -> StoreResult<BankAccount> {
    let query = bank_account::table
        .filter(bank_account::id.eq(id))
        .filter(bank_account::cooperative_id.eq(owner))
        .select(BankAccount::as_select());
    Ok(locked(query).get_result(conn)?)
}

/// A new secret; the one before stays good until then.
pub fn put_secret(
    conn: &mut Conn,
    id: &BankAccountId,
    sealed: &str,
    before: Option<&str>,
    before_until: Option<At>,
) -> StoreResult<()> {
    let values = (
        bank_account::secret_sealed.eq(Some(sealed)),
        bank_account::secret_before_sealed.eq(before),
        bank_account::secret_before_until.eq(before_until),
    );
    diesel::update(bank_account::table.find(id)).set(values).execute(conn)?;
    Ok(())
}
