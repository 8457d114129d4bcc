//! Sign-ins. The token is never here, only its keyed hash; an ended session keeps its row.

use super::conn::Conn;
use super::error::StoreResult;
use super::schema::session;
use super::told::Mark;
use crate::domain::account::SignInKind;
use crate::domain::id::{AccountId, CooperativeId, SessionId};
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session, treat_none_as_default_value = false)]
pub struct Session {
    pub id: SessionId,
    pub token_hash: String,
    pub account_id: AccountId,
    pub kind: SignInKind,
    pub cooperative_id: Option<CooperativeId>,
    pub device: String,
    pub made_at: At,
    pub seen_at: At,
    pub expires_at: At,
    pub revoked_at: Option<At>,
}

pub fn insert(conn: &mut Conn, row: &Session) -> StoreResult<()> {
    diesel::insert_into(session::table).values(row).execute(conn)?;
    Ok(())
}

/// The session of a token that is neither ended nor run out; `hashes` by each key in force.
pub fn find_live(conn: &mut Conn, hashes: &[String], now: At) -> StoreResult<Option<Session>> {
    let live = session::table
        .filter(session::token_hash.eq_any(hashes))
        .filter(session::revoked_at.is_null())
        .filter(session::expires_at.gt(now));
    Ok(live.select(Session::as_select()).get_result(conn).optional()?)
}

/// The live sessions of a person, the last seen first.
pub fn list_live(conn: &mut Conn, account: &AccountId, now: At) -> StoreResult<Vec<Session>> {
    let live = session::table
        .filter(session::account_id.eq(account))
        .filter(session::revoked_at.is_null())
        .filter(session::expires_at.gt(now));
    Ok(live.order((session::seen_at.desc(), session::id)).limit(100).select(Session::as_select()).load(conn)?)
}

pub fn put_seen(conn: &mut Conn, id: &SessionId, now: At) -> StoreResult<()> {
    diesel::update(session::table.find(id)).set(session::seen_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Which cooperative a session works for from now on.
pub fn put_cooperative(conn: &mut Conn, id: &SessionId, cooperative: &CooperativeId) -> StoreResult<()> {
    diesel::update(session::table.find(id)).set(session::cooperative_id.eq(cooperative)).execute(conn)?;
    Ok(())
}

/// Ends one session of a person.
pub fn mark_revoked(conn: &mut Conn, id: &SessionId, account: &AccountId, now: At) -> StoreResult<Mark> {
    let live = session::table
        .filter(session::id.eq(id))
        .filter(session::account_id.eq(account))
        .filter(session::revoked_at.is_null());
    Ok(Mark::of_rows(diesel::update(live).set(session::revoked_at.eq(now)).execute(conn)?))
}

/// Ends every session of a person but one.
pub fn mark_others_revoked(conn: &mut Conn, account: &AccountId, but: &SessionId, now: At) -> StoreResult<usize> {
    let others = session::table
        .filter(session::account_id.eq(account))
        .filter(session::id.ne(but))
        .filter(session::revoked_at.is_null());
    Ok(diesel::update(others).set(session::revoked_at.eq(now)).execute(conn)?)
}

/// Forgets sessions that ran out before a time; at most `most` at once.
pub fn delete_run_out(conn: &mut Conn, before: At, most: i64) -> StoreResult<usize> {
    let old: Vec<SessionId> =
        session::table.filter(session::expires_at.lt(before)).select(session::id).limit(most).load(conn)?;
    Ok(diesel::delete(session::table.filter(session::id.eq_any(&old))).execute(conn)?)
}

/// Ends the sign-ins of a person that began with a card of this cooperative.
pub fn mark_card_sessions_revoked(
    conn: &mut Conn,
    account: &AccountId,
    cooperative: &CooperativeId,
    now: At,
) -> StoreResult<usize> {
    let live = session::table
        .filter(session::account_id.eq(account))
        .filter(session::cooperative_id.eq(cooperative))
        .filter(session::kind.eq(SignInKind::Card))
        .filter(session::revoked_at.is_null());
    Ok(diesel::update(live).set(session::revoked_at.eq(now)).execute(conn)?)
}
