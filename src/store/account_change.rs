//! Changes of receiving accounts: one under way at a time at a cooperative, and all that were.

use super::conn::{Conn, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{bank_account, bank_account_change};
use super::told::Mark;
use crate::domain::account_change::{Change, ChangeState, Second};
use crate::domain::id::{AccountChangeId, AccountId, BankAccountId, CooperativeId};
use crate::domain::product::BankAccountState;
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_account_change, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct AccountChange {
    pub id: AccountChangeId,
    pub cooperative_id: CooperativeId,
    pub old_account_id: BankAccountId,
    pub new_account_id: BankAccountId,
    pub state: ChangeState,
    pub proposed_by: AccountId,
    pub proposed_at: At,
    pub agreed_by: Option<AccountId>,
    pub agreed_as: Option<Second>,
    pub agreed_at: Option<At>,
    pub in_force_from: Option<At>,
    /// Who took it back, refused it or stopped it.
    pub ended_by: Option<AccountId>,
    pub ended_at: Option<At>,
    /// Of a refusal.
    pub reason: Option<String>,
}

impl AccountChange {
    /// As the rules see it.
    pub fn rule(&self) -> Change {
        Change {
            state: self.state,
            proposed_by: self.proposed_by.clone(),
            proposed_at: self.proposed_at,
            agreed_by: self.agreed_by.clone(),
            agreed_at: self.agreed_at,
            in_force_from: self.in_force_from,
        }
    }
}

const UNDER_WAY: [ChangeState; 2] = [ChangeState::Proposed, ChangeState::Agreed];

/// Begins a change. The cooperative is held by the caller and has none under way; the table lets no second one in.
pub fn insert(conn: &mut Conn, row: &AccountChange) -> StoreResult<()> {
    diesel::insert_into(bank_account_change::table).values(row).execute(conn)?;
    Ok(())
}

/// Locks a change; the cooperative is held by the caller, or asked for none.
pub fn lock(conn: &mut Conn, id: &AccountChangeId) -> StoreResult<AccountChange> {
    Ok(locked(bank_account_change::table.filter(bank_account_change::id.eq(id)).select(AccountChange::as_select()))
        .get_result(conn)?)
}

/// Whose change it is, before its cooperative is locked.
pub fn get(conn: &mut Conn, id: &AccountChangeId) -> StoreResult<AccountChange> {
    Ok(bank_account_change::table.find(id).select(AccountChange::as_select()).get_result(conn)?)
}

/// The change under way at a cooperative: it waits for a person or for its hour.
pub fn find_under_way(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Option<AccountChange>> {
    let query = bank_account_change::table
        .filter(bank_account_change::cooperative_id.eq(cooperative))
        .filter(bank_account_change::state.eq_any(UNDER_WAY))
        .select(AccountChange::as_select());
    Ok(query.load(conn)?.pop())
}

/// A cooperative's changes, the newest first.
pub fn list_of(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<AccountChange>> {
    let query = bank_account_change::table
        .filter(bank_account_change::cooperative_id.eq(cooperative))
        .order((bank_account_change::proposed_at.desc(), bank_account_change::id.desc()))
        .limit(most);
    Ok(query.select(AccountChange::as_select()).load(conn)?)
}

/// Changes under way in the whole market, those that wait for a person first, then the oldest first.
pub fn list_under_way(conn: &mut Conn, most: i64) -> StoreResult<Vec<AccountChange>> {
    let query = bank_account_change::table
        .filter(bank_account_change::state.eq_any(UNDER_WAY))
        .order((bank_account_change::state.desc(), bank_account_change::proposed_at, bank_account_change::id))
        .limit(most);
    Ok(query.select(AccountChange::as_select()).load(conn)?)
}

/// The newest changes of the whole market that have come to an end.
pub fn list_ended(conn: &mut Conn, most: i64) -> StoreResult<Vec<AccountChange>> {
    let query = bank_account_change::table
        .filter(bank_account_change::state.ne_all(UNDER_WAY))
        .order((bank_account_change::proposed_at.desc(), bank_account_change::id.desc()))
        .limit(most);
    Ok(query.select(AccountChange::as_select()).load(conn)?)
}

/// Agreed changes whose hour has come: of these cooperatives (at most 500), or of all.
pub fn list_due(conn: &mut Conn, of: Option<&[CooperativeId]>, now: At, most: i64) -> StoreResult<Vec<AccountChange>> {
    let mut query = bank_account_change::table
        .filter(bank_account_change::state.eq(ChangeState::Agreed))
        .filter(bank_account_change::in_force_from.le(now))
        .order((bank_account_change::in_force_from, bank_account_change::id))
        .limit(most)
        .select(AccountChange::as_select())
        .into_boxed();
    if let Some(cooperatives) = of {
        query = query.filter(bank_account_change::cooperative_id.eq_any(cooperatives));
    }
    Ok(query.load(conn)?)
}

/// Writes what the rules decided; nothing when the row is no longer in the state that was looked at.
pub fn put_moved(conn: &mut Conn, from: ChangeState, row: &AccountChange) -> StoreResult<Mark> {
    let target = bank_account_change::table
        .filter(bank_account_change::id.eq(&row.id))
        .filter(bank_account_change::state.eq(from));
    let values = (
        bank_account_change::state.eq(row.state),
        bank_account_change::agreed_by.eq(row.agreed_by.as_ref()),
        bank_account_change::agreed_as.eq(row.agreed_as),
        bank_account_change::agreed_at.eq(row.agreed_at),
        bank_account_change::in_force_from.eq(row.in_force_from),
        bank_account_change::ended_by.eq(row.ended_by.as_ref()),
        bank_account_change::ended_at.eq(row.ended_at),
        bank_account_change::reason.eq(row.reason.as_deref()),
    );
    Ok(Mark::of_rows(diesel::update(target).set(values).execute(conn)?))
}

/// The new account is agreed on: from now on it may be heard, from that hour on it is paid to.
pub fn put_account_agreed(
    conn: &mut Conn,
    id: &BankAccountId,
    by: &AccountId,
    from: At,
    secret_sealed: Option<&str>,
) -> StoreResult<()> {
    let values = (
        bank_account::approved_by.eq(Some(by)),
        bank_account::active_from.eq(Some(from)),
        bank_account::secret_sealed.eq(secret_sealed),
    );
    diesel::update(bank_account::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// An account that will not come into force: nobody is believed on it any more.
pub fn put_account_dropped(conn: &mut Conn, id: &BankAccountId) -> StoreResult<()> {
    let values = (
        bank_account::state.eq(BankAccountState::Dropped),
        bank_account::secret_sealed.eq(None::<&str>),
        bank_account::secret_before_sealed.eq(None::<&str>),
    );
    diesel::update(bank_account::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// One account in force after the other. The old one keeps its secret and still hears.
pub fn put_accounts_changed(conn: &mut Conn, old: &BankAccountId, new: &BankAccountId) -> StoreResult<()> {
    let state =
        |id, state: BankAccountState| diesel::update(bank_account::table.find(id)).set(bank_account::state.eq(state));
    state(old, BankAccountState::Retired).execute(conn)?;
    state(new, BankAccountState::Active).execute(conn)?;
    Ok(())
}
