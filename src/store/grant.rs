//! Helpers, officials and operators: grants with territory and validity.

use super::conn::{Conn, locked};
use super::error::StoreResult;
use super::schema::role_grant;
use crate::domain::account::GrantKind;
use crate::domain::id::{AccountId, GrantId};
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = role_grant, treat_none_as_default_value = false)]
pub struct Grant {
    pub id: GrantId,
    pub account_id: AccountId,
    pub kind: GrantKind,
    pub territory: String,
    pub basis: String,
    pub office: Option<String>,
    pub valid_from: At,
    pub valid_until: Option<At>,
    pub revoked_at: Option<At>,
    pub granted_by: Option<AccountId>,
}

pub fn insert(conn: &mut Conn, row: &Grant) -> StoreResult<()> {
    diesel::insert_into(role_grant::table).values(row).execute(conn)?;
    Ok(())
}

/// The grants of a person in force at a time.
pub fn list_in_force(conn: &mut Conn, account: &AccountId, now: At) -> StoreResult<Vec<Grant>> {
    let in_force = role_grant::table
        .filter(role_grant::account_id.eq(account))
        .filter(role_grant::revoked_at.is_null())
        .filter(role_grant::valid_from.le(now))
        .filter(role_grant::valid_until.is_null().or(role_grant::valid_until.gt(now)));
    Ok(in_force.order(role_grant::id).select(Grant::as_select()).load(conn)?)
}

/// Grants of a kind in force at a time, in everybody's hands.
pub fn list_of_kind(conn: &mut Conn, kind: GrantKind, now: At) -> StoreResult<Vec<Grant>> {
    let in_force = role_grant::table
        .filter(role_grant::kind.eq(kind))
        .filter(role_grant::revoked_at.is_null())
        .filter(role_grant::valid_from.le(now))
        .filter(role_grant::valid_until.is_null().or(role_grant::valid_until.gt(now)));
    Ok(in_force.order(role_grant::id).select(Grant::as_select()).load(conn)?)
}

/// Takes a grant back; false when it was taken back already.
pub fn mark_revoked(conn: &mut Conn, id: &GrantId, now: At) -> StoreResult<bool> {
    let target = role_grant::table.filter(role_grant::id.eq(id)).filter(role_grant::revoked_at.is_null());
    Ok(diesel::update(target).set(role_grant::revoked_at.eq(now)).execute(conn)? == 1)
}

/// Grants of a kind in force, locked: who takes one away sees what is left.
pub fn lock_in_force(conn: &mut Conn, kind: GrantKind, now: At) -> StoreResult<Vec<Grant>> {
    let in_force = role_grant::table
        .filter(role_grant::kind.eq(kind))
        .filter(role_grant::revoked_at.is_null())
        .filter(role_grant::valid_from.le(now))
        .filter(role_grant::valid_until.is_null().or(role_grant::valid_until.gt(now)))
        .order(role_grant::id)
        .select(Grant::as_select());
    Ok(locked(in_force).load(conn)?)
}
