//! Accounts whose provider can be asked for what its webhooks did not tell: the sealed key, and when it was asked last.

use super::bank::BankAccount;
use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{bank_account, bank_poll};
use super::told::Mark;
use crate::domain::id::{AccountId, BankAccountId, CooperativeId};
use crate::domain::product::BankAccountState;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_poll, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct BankPoll {
    pub bank_account_id: BankAccountId,
    pub cooperative_id: CooperativeId,
    /// The key at the provider, encrypted; names its key.
    pub key_sealed: String,
    pub set_at: At,
    pub set_by: Option<AccountId>,
    /// Begun: whoever moves it asks.
    pub asked_at: Option<At>,
    /// The day of the last look at a whole week.
    pub swept_on: Option<Day>,
    pub answered_at: Option<At>,
    /// `ok`, or why not.
    pub answer: Option<String>,
}

/// Sets or replaces a key; what was asked before is forgotten with the old one. The account is held by the caller.
pub fn put(conn: &mut Conn, row: &BankPoll) -> StoreResult<()> {
    remove(conn, &row.bank_account_id)?;
    diesel::insert_into(bank_poll::table).values(row).execute(conn)?;
    Ok(())
}

pub fn remove(conn: &mut Conn, account: &BankAccountId) -> StoreResult<()> {
    diesel::delete(bank_poll::table.find(account)).execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Conn, account: &BankAccountId) -> StoreResult<Option<BankPoll>> {
    Ok(bank_poll::table.find(account).select(BankPoll::as_select()).get_result(conn).optional()?)
}

/// Accounts in force or lately so that can be asked, those longest unasked first.
pub fn list_all(conn: &mut Conn, most: i64) -> StoreResult<Vec<(BankPoll, BankAccount)>> {
    let query = bank_poll::table
        .inner_join(bank_account::table)
        .filter(bank_account::state.eq_any([BankAccountState::Active, BankAccountState::Retired]))
        .order((bank_poll::asked_at, bank_poll::bank_account_id))
        .limit(most)
        .select((BankPoll::as_select(), BankAccount::as_select()));
    Ok(query.load(conn)?)
}

/// Begins to ask, if nobody has begun since it was looked at.
pub fn mark_asked(conn: &mut Conn, seen: &BankPoll, at: At) -> StoreResult<Mark> {
    let target = bank_poll::table.find(&seen.bank_account_id);
    let rows = match seen.asked_at {
        Some(before) => diesel::update(target.filter(bank_poll::asked_at.eq(before)))
            .set(bank_poll::asked_at.eq(at))
            .execute(conn)?,
        None => diesel::update(target.filter(bank_poll::asked_at.is_null()))
            .set(bank_poll::asked_at.eq(at))
            .execute(conn)?,
    };
    Ok(Mark::of_rows(rows))
}

/// What came of it; `swept` when a whole week was looked at and nothing stopped it.
pub fn put_answer(
    conn: &mut Conn,
    account: &BankAccountId,
    at: At,
    answer: &str,
    swept: Option<Day>,
) -> StoreResult<()> {
    let target = bank_poll::table.find(account);
    diesel::update(target).set((bank_poll::answered_at.eq(at), bank_poll::answer.eq(answer))).execute(conn)?;
    if let Some(day) = swept {
        diesel::update(target).set(bank_poll::swept_on.eq(day)).execute(conn)?;
    }
    Ok(())
}
