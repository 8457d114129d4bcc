//! Who works for which cooperative, in which roles.

use super::conn::Conn;
use super::error::StoreResult;
use super::schema::{cooperative, member, member_role};
use crate::domain::account::MemberRole;
use crate::domain::id::{AccountId, CooperativeId, MemberId};
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = member, treat_none_as_default_value = false)]
pub struct Member {
    pub id: MemberId,
    pub cooperative_id: CooperativeId,
    pub account_id: AccountId,
    /// The cooperative's own number of the member.
    pub number: String,
    pub joined_at: At,
    pub ended_at: Option<At>,
}

/// A membership of a person with its cooperative's names and one of its roles.
#[derive(Debug, Clone, Queryable)]
pub struct RoleHeld {
    pub cooperative: CooperativeId,
    pub slug: String,
    pub name: String,
    pub role: MemberRole,
}

pub fn insert(conn: &mut Conn, row: &Member) -> StoreResult<()> {
    diesel::insert_into(member::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_role(conn: &mut Conn, member: &MemberId, role: MemberRole) -> StoreResult<()> {
    let row = (member_role::member_id.eq(member), member_role::role.eq(role));
    diesel::insert_into(member_role::table).values(row).execute(conn)?;
    Ok(())
}

/// The membership of a person in a cooperative that has not ended.
pub fn find(conn: &mut Conn, cooperative: &CooperativeId, account: &AccountId) -> StoreResult<Option<Member>> {
    let found = member::table
        .filter(member::cooperative_id.eq(cooperative))
        .filter(member::account_id.eq(account))
        .filter(member::ended_at.is_null());
    Ok(found.select(Member::as_select()).get_result(conn).optional()?)
}

/// Every role that a person holds in any cooperative, in the order of the cooperatives' names.
pub fn list_roles(conn: &mut Conn, account: &AccountId) -> StoreResult<Vec<RoleHeld>> {
    let held = member::table
        .inner_join(cooperative::table)
        .inner_join(member_role::table)
        .filter(member::account_id.eq(account))
        .filter(member::ended_at.is_null())
        .order((cooperative::name_key, cooperative::id, member_role::role))
        .select((cooperative::id, cooperative::slug, cooperative::name, member_role::role));
    Ok(held.load(conn)?)
}

/// The members of a cooperative that have not left, by their number.
pub fn list_of_cooperative(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<Member>> {
    let there = member::table.filter(member::cooperative_id.eq(cooperative)).filter(member::ended_at.is_null());
    Ok(there.order((member::number, member::id)).select(Member::as_select()).load(conn)?)
}

/// Roles of members (at most 500).
pub fn list_roles_of(conn: &mut Conn, members: &[MemberId]) -> StoreResult<Vec<(MemberId, MemberRole)>> {
    let held = member_role::table.filter(member_role::member_id.eq_any(members));
    Ok(held.order(member_role::role).select((member_role::member_id, member_role::role)).load(conn)?)
}

/// Takes every role of a member back, before others are given.
pub fn delete_roles(conn: &mut Conn, member: &MemberId) -> StoreResult<()> {
    diesel::delete(member_role::table.filter(member_role::member_id.eq(member))).execute(conn)?;
    Ok(())
}
