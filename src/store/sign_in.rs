//! Ways in: printed cards, six-digit codes, and the failed tries that slow a guesser down.

use super::conn::{Conn, locked};
use super::error::StoreResult;
use super::schema::{sign_in_card, sign_in_code, sign_in_try};
use super::told::Mark;
use crate::domain::account::CodePurpose;
use crate::domain::id::{AccountId, CooperativeId, SignInCardId, SignInCodeId};
use crate::domain::phone::Phone;
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_in_card, treat_none_as_default_value = false)]
pub struct Card {
    pub id: SignInCardId,
    pub cooperative_id: CooperativeId,
    pub account_id: AccountId,
    pub token_hash: String,
    pub made_by: AccountId,
    pub made_at: At,
    pub expires_at: At,
    pub used_at: Option<At>,
    pub revoked_at: Option<At>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_in_code, treat_none_as_default_value = false)]
pub struct Code {
    pub id: SignInCodeId,
    pub phone: Phone,
    pub account_id: Option<AccountId>,
    pub purpose: CodePurpose,
    pub code_hash: String,
    pub made_at: At,
    pub expires_at: At,
    pub tries: i64,
    pub used_at: Option<At>,
    pub told_by: Option<AccountId>,
}

pub fn insert_card(conn: &mut Conn, row: &Card) -> StoreResult<()> {
    diesel::insert_into(sign_in_card::table).values(row).execute(conn)?;
    Ok(())
}

/// The card of a token, whatever has become of it.
pub fn find_card(conn: &mut Conn, hashes: &[String]) -> StoreResult<Option<Card>> {
    let found = sign_in_card::table.filter(sign_in_card::token_hash.eq_any(hashes));
    Ok(found.select(Card::as_select()).get_result(conn).optional()?)
}

/// Uses a card up: moves once, and only while it is good.
pub fn mark_card_used(conn: &mut Conn, id: &SignInCardId, now: At) -> StoreResult<Mark> {
    let good = sign_in_card::table
        .filter(sign_in_card::id.eq(id))
        .filter(sign_in_card::used_at.is_null())
        .filter(sign_in_card::revoked_at.is_null())
        .filter(sign_in_card::expires_at.gt(now));
    Ok(Mark::of_rows(diesel::update(good).set(sign_in_card::used_at.eq(now)).execute(conn)?))
}

/// Takes back the unused cards of a person in a cooperative.
pub fn mark_cards_revoked(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    account: &AccountId,
    now: At,
) -> StoreResult<usize> {
    let open = sign_in_card::table
        .filter(sign_in_card::cooperative_id.eq(cooperative))
        .filter(sign_in_card::account_id.eq(account))
        .filter(sign_in_card::used_at.is_null())
        .filter(sign_in_card::revoked_at.is_null());
    Ok(diesel::update(open).set(sign_in_card::revoked_at.eq(now)).execute(conn)?)
}

pub fn insert_code(conn: &mut Conn, row: &Code) -> StoreResult<()> {
    diesel::insert_into(sign_in_code::table).values(row).execute(conn)?;
    Ok(())
}

/// The newest code of a phone that is neither used nor run out, locked.
pub fn find_code_locked(conn: &mut Conn, phone: &Phone, now: At) -> StoreResult<Option<Code>> {
    let open = sign_in_code::table
        .filter(sign_in_code::phone.eq(phone))
        .filter(sign_in_code::used_at.is_null())
        .filter(sign_in_code::expires_at.gt(now))
        .order((sign_in_code::made_at.desc(), sign_in_code::id.desc()))
        .limit(1)
        .select(Code::as_select());
    Ok(locked(open).load::<Code>(conn)?.into_iter().next())
}

pub fn count_codes_since(conn: &mut Conn, phone: &Phone, since: At) -> StoreResult<i64> {
    let recent = sign_in_code::table.filter(sign_in_code::phone.eq(phone)).filter(sign_in_code::made_at.ge(since));
    Ok(recent.count().get_result(conn)?)
}

/// Counts one wrong try against a code.
pub fn put_code_try(conn: &mut Conn, id: &SignInCodeId) -> StoreResult<()> {
    let row = diesel::update(sign_in_code::table.find(id));
    row.set(sign_in_code::tries.eq(sign_in_code::tries + 1)).execute(conn)?;
    Ok(())
}

/// Uses a code up: moves once.
pub fn mark_code_used(conn: &mut Conn, id: &SignInCodeId, now: At) -> StoreResult<Mark> {
    let open = sign_in_code::table.filter(sign_in_code::id.eq(id)).filter(sign_in_code::used_at.is_null());
    Ok(Mark::of_rows(diesel::update(open).set(sign_in_code::used_at.eq(now)).execute(conn)?))
}

/// Notes who told a person the code.
pub fn mark_code_told(conn: &mut Conn, id: &SignInCodeId, by: &AccountId) -> StoreResult<Mark> {
    let row = diesel::update(sign_in_code::table.find(id)).set(sign_in_code::told_by.eq(by));
    Ok(Mark::of_rows(row.execute(conn)?))
}

/// One failed try of a subject (a keyed hash).
pub fn insert_try(conn: &mut Conn, subject: &str, now: At) -> StoreResult<()> {
    let row = (sign_in_try::subject.eq(subject), sign_in_try::at.eq(now));
    diesel::insert_into(sign_in_try::table).values(row).execute(conn)?;
    Ok(())
}

pub fn count_tries_since(conn: &mut Conn, subject: &str, since: At) -> StoreResult<i64> {
    let recent = sign_in_try::table.filter(sign_in_try::subject.eq(subject)).filter(sign_in_try::at.ge(since));
    Ok(recent.count().get_result(conn)?)
}

/// Forgets tries before a time; at most `most` at once.
pub fn delete_old_tries(conn: &mut Conn, before: At, most: i64) -> StoreResult<usize> {
    let old: Vec<i64> =
        sign_in_try::table.filter(sign_in_try::at.lt(before)).select(sign_in_try::id).limit(most).load(conn)?;
    Ok(diesel::delete(sign_in_try::table.filter(sign_in_try::id.eq_any(&old))).execute(conn)?)
}

/// Forgets codes that had run out before a time; at most `most` at once.
pub fn delete_run_out_codes(conn: &mut Conn, before: At, most: i64) -> StoreResult<usize> {
    let old = sign_in_code::table.filter(sign_in_code::expires_at.lt(before)).order(sign_in_code::id).limit(most);
    let ids: Vec<SignInCodeId> = old.select(sign_in_code::id).load(conn)?;
    Ok(diesel::delete(sign_in_code::table.filter(sign_in_code::id.eq_any(&ids))).execute(conn)?)
}

/// Cards of a cooperative that somebody could still sign in with.
pub fn list_open_cards(conn: &mut Conn, cooperative: &CooperativeId, now: At) -> StoreResult<Vec<Card>> {
    let open = sign_in_card::table
        .filter(sign_in_card::cooperative_id.eq(cooperative))
        .filter(sign_in_card::used_at.is_null())
        .filter(sign_in_card::revoked_at.is_null())
        .filter(sign_in_card::expires_at.gt(now));
    Ok(open.select(Card::as_select()).load(conn)?)
}
