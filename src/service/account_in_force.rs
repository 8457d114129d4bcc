//! Another receiving account comes into force: by the worker, or by the first order that names it, whichever is earlier. And how the
//! members of a cooperative are told of every step on the way there.

use super::draw::{Draw, Run};
use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::pricing::{Group, Priced};
use super::telling::{To, owe_words};
use crate::domain::account_change::ChangeState;
use crate::domain::bank;
use crate::domain::id::{AccountId, CooperativeId};
use crate::domain::message::MessageKind;
use crate::domain::product::BankAccountState;
use crate::store::account_change::AccountChange;
use crate::store::bank::BankAccount;
use crate::store::told::Mark;
use crate::store::{self, Conn};
use crate::view::filters;
use std::collections::BTreeMap;

/// Changes that one round brings into force.
const ROUND: i64 = 20;

/// «Vietcombank 1017588888 (HTX NHAN LONG)».
pub(super) fn account_said(account: &BankAccount) -> String {
    let bank = bank::find(&account.bin).map_or(account.bin.as_str(), |bank| bank.short_name.as_str());
    format!("{bank} {} ({})", account.account_number, account.holder_name)
}

/// Tells every member of the cooperative how a change stands: a card in the cooperative's list, and a mail where there is an address.
/// `by` is whose act it was; none for the hour that came.
pub(super) fn announce(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    change: &AccountChange,
    by: Option<&AccountId>,
) -> Result<(), ServiceError> {
    let new = account_said(&store::bank::get_account(conn, &change.new_account_id)?);
    let who = by.map(|by| store::account::get(conn, by)).transpose()?.map(|account| account.name).unwrap_or_default();
    let ids: Vec<AccountId> = store::member::list_of_cooperative(conn, &change.cooperative_id)?
        .into_iter()
        .map(|member| member.account_id)
        .collect();
    let mut people = Vec::new();
    for chunk in ids.chunks(500) {
        people.extend(store::account::list_of(conn, chunk)?);
    }
    // One order for all: ids and cards are the same whenever the write runs again.
    people.sort_by(|one, other| one.id.cmp(&other.id));
    for person in people.into_iter().filter(|person| person.is_active) {
        let from = change.in_force_from.map(|from| filters::at_said(from, person.language, false)).unwrap_or_default();
        let args = BTreeMap::from([
            ("step", change.state.to_string()),
            ("account", new.clone()),
            ("who", who.clone()),
            ("from", from),
            ("reason", change.reason.clone().unwrap_or_default()),
            ("url", format!("{base_url}/ban-hang")),
        ]);
        let to = To {
            cooperative: Some(&change.cooperative_id),
            account: Some(&person.id),
            name: &person.name,
            phone: person.phone.as_text(),
            email: person.email.as_deref(),
            language: person.language.as_text(),
            order: None,
        };
        owe_words(conn, run, &to, MessageKind::AccountChange, &args)?;
    }
    Ok(())
}

/// Brings into force what is agreed and whose hour has come at these cooperatives (at most 500), and holds them from then on.
pub(super) fn put_in_force(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    cooperatives: &[CooperativeId],
) -> Result<usize, ServiceError> {
    store::cooperative::lock_of(conn, cooperatives)?;
    let mut moved = 0_usize;
    for mut change in store::account_change::list_due(conn, Some(cooperatives), run.now, ROUND)? {
        let mut rule = change.rule();
        if !rule.come_into_force(run.now) {
            continue;
        }
        change.state = rule.state;
        if store::account_change::put_moved(conn, ChangeState::Agreed, &change)? == Mark::NotThere {
            continue;
        }
        store::account_change::put_accounts_changed(conn, &change.old_account_id, &change.new_account_id)?;
        announce(conn, run, base_url, &change, None)?;
        moved = moved.saturating_add(1);
    }
    Ok(moved)
}

/// What is priced names an account whose hour has come and that nobody has put in force yet: done now, under the cooperative's lock.
/// Who stops the change in the same moment is too late, or was in time, and then the order has to be priced again.
pub(super) fn put_priced_in_force(
    conn: &mut Conn,
    run: &Run,
    priced: &Priced,
    base_url: &str,
) -> Result<bool, ServiceError> {
    let is_new =
        |group: &&Group| group.account.as_ref().is_some_and(|account| account.state == BankAccountState::Pending);
    let owners: Vec<CooperativeId> =
        priced.groups.iter().filter(is_new).map(|group| group.cooperative.id.clone()).collect();
    if !owners.is_empty() {
        put_in_force(conn, run, base_url, &owners)?;
    }
    Ok(!owners.is_empty())
}

/// The worker's duty. How many came into force.
pub async fn bring_into_force(kit: &Kit) -> ServiceResult<usize> {
    let now = kit.now();
    let due = kit.db.read(move |conn| Ok::<_, ServiceError>(store::account_change::list_due(conn, None, now, ROUND)?));
    let owners: Vec<CooperativeId> = due.await?.into_iter().map(|change| change.cooperative_id).collect();
    if owners.is_empty() {
        return Ok(0);
    }
    let (draw, base_url) = (Draw::new(kit), kit.config.base_url.clone());
    let done = kit.db.write(move |conn| put_in_force(conn, &draw.fresh(), &base_url, &owners)).await?;
    tracing::info!(done, "receiving accounts came into force");
    Ok(done)
}
