//! Who answers for a cooperative: its packers and managers. And who helps it from outside: the helpers of its commune.

use super::error::ServiceError;
use crate::domain::account::{GrantKind, MemberRole};
use crate::domain::id::{AccountId, CooperativeId, MemberId};
use crate::domain::territory::Territory;
use crate::domain::time::At;
use crate::store::account::Account;
use crate::store::member::Member;
use crate::store::{self, Conn};

/// Whether a role answers orders.
const fn answers(role: MemberRole) -> bool {
    matches!(role, MemberRole::Packer | MemberRole::Manager)
}

/// Those who answer for a cooperative now: who packs before who only manages, by their number there. The first is the person
/// responsible.
pub(super) fn list_responsible(conn: &mut Conn, cooperative: &CooperativeId) -> Result<Vec<Account>, ServiceError> {
    let members = store::member::list_of_cooperative(conn, cooperative)?;
    let ids: Vec<MemberId> = members.iter().map(|member| member.id.clone()).collect();
    let mut roles = Vec::new();
    for chunk in ids.chunks(500) {
        roles.extend(store::member::list_roles_of(conn, chunk)?);
    }
    let holds = |member: &Member, wanted: &dyn Fn(MemberRole) -> bool| {
        roles.iter().any(|(id, role)| *id == member.id && wanted(*role))
    };
    let (packers, others): (Vec<&Member>, Vec<&Member>) = members
        .iter()
        .filter(|member| holds(member, &answers))
        .partition(|member| holds(member, &|role| role == MemberRole::Packer));
    let mut out = Vec::new();
    for member in packers.into_iter().chain(others) {
        let account = store::account::get(conn, &member.account_id)?;
        if account.is_active {
            out.push(account);
        }
    }
    Ok(out)
}

/// Whether a person answers for a cooperative now.
pub(super) fn is_responsible(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    account: &AccountId,
) -> Result<bool, ServiceError> {
    let Some(member) = store::member::find(conn, cooperative, account)? else { return Ok(false) };
    let roles = store::member::list_roles_of(conn, std::slice::from_ref(&member.id))?;
    Ok(roles.iter().any(|(_, role)| answers(*role)))
}

/// The helpers whose territory holds a commune, but for those who help the whole country: somebody near.
pub(super) fn list_helpers(conn: &mut Conn, commune_code: &str, now: At) -> Result<Vec<Account>, ServiceError> {
    let is_near = |territory: &str| {
        territory.parse::<Territory>().is_ok_and(|land| land != Territory::Country && land.holds(commune_code))
    };
    let mut out: Vec<Account> = Vec::new();
    for grant in store::grant::list_of_kind(conn, GrantKind::Helper, now)? {
        if is_near(&grant.territory) && !out.iter().any(|known| known.id == grant.account_id) {
            out.push(store::account::get(conn, &grant.account_id)?);
        }
    }
    Ok(out)
}
