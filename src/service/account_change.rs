//! Changing where a cooperative is paid: one manager proposes, another or an operator agrees, and a day goes by in which anybody who
//! manages may stop it. The password is asked again of both; no link does any of it. The rules are `domain::account_change`'s.

pub use super::account_decider::Decider;
use super::account_decider::{By, against, came_by_oneself, still_manages};
use super::account_in_force::announce;
use super::draw::{Draw, Run};
use super::error::{ServiceError, ServiceResult};
use super::founding::{NewBankAccount, first_secret, read_account, sealed_secret};
use super::kit::Kit;
use super::signing_in;
use super::who::{Seller, SignedIn};
use crate::config::Secret;
use crate::domain::account_change::{Against, Change, ChangeState, Second, wait_s};
use crate::domain::id::{AccountChangeId, AccountId, BankAccountId};
use crate::domain::product::BankAccountState;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::store::account_change::AccountChange;
use crate::store::bank::BankAccount;
use crate::store::told::Mark;
use crate::store::{self, Conn};

/// Hours that an agreed change waits; never fewer than a day.
const WAIT_SETTING: &str = "account_change_wait_hours";
const LONGEST_HOLDER: usize = 100;
const LONGEST_REASON: usize = 300;
const SHORTEST_REASON: usize = 3;

/// «Đề nghị đổi tài khoản»: nothing changes yet but that everybody is told.
///
/// # Errors
/// `Refused` for a wrong password or what cannot be an account; `Changed` while another change is under way; `NotFound` where no account
/// is in force: the first one is set up, not changed.
pub async fn propose_account(
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    new: &NewBankAccount,
    password: Secret,
) -> ServiceResult<AccountChangeId> {
    Decider::Manager(seller).may()?;
    let numbers = read_account(kit, new)?;
    let holder = clean::line(&new.holder_name, LONGEST_HOLDER).unwrap_or_default();
    if holder.is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-holder").about("holder_name")));
    }
    came_by_oneself(me)?;
    signing_in::check_again(kit, me, password).await?;
    let (draw, seller, base_url) = (Draw::new(kit), seller.clone(), kit.config.base_url.clone());
    let account = NewBankAccount {
        account_number: numbers.number,
        holder_name: holder,
        memo_prefix: numbers.memo_prefix.unwrap_or_default(),
        virtual_account: numbers.virtual_account.unwrap_or_default(),
        ..new.clone()
    };
    let path_id = kit.keys.new_token();
    kit.db.write(move |conn| write_proposal(conn, &draw.fresh(), &seller, &account, &path_id, &base_url)).await
}

fn write_proposal(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    new: &NewBankAccount,
    path_id: &str,
    base_url: &str,
) -> ServiceResult<AccountChangeId> {
    let owner = &seller.cooperative;
    super::account_in_force::put_in_force(conn, run, base_url, std::slice::from_ref(owner))?;
    still_manages(conn, owner, &seller.account)?;
    if store::account_change::find_under_way(conn, owner)?.is_some() {
        return Err(ServiceError::changed(Refusal::new("refusal-change-there")));
    }
    let active = store::bank::list_active(conn, std::slice::from_ref(owner), run.now)?;
    let old = active.into_iter().next().ok_or(ServiceError::NotFound)?;
    if old.bin == new.bin && old.account_number == new.account_number {
        return Err(ServiceError::refused(Refusal::new("refusal-change-same-account").about("account_number")));
    }
    let account = BankAccount {
        id: BankAccountId::new(run.now, run.ten()),
        path_id: path_id.to_owned(),
        cooperative_id: owner.clone(),
        provider: new.provider,
        bin: new.bin.clone(),
        account_number: new.account_number.clone(),
        holder_name: new.holder_name.clone(),
        // Nobody is believed on it before a second person has agreed.
        secret_sealed: None,
        secret_before_sealed: None,
        secret_before_until: None,
        state: BankAccountState::Pending,
        first_message_at: None,
        last_message_at: None,
        made_at: run.now,
        made_by: Some(seller.account.clone()),
        approved_by: None,
        active_from: None,
        memo_prefix: Some(new.memo_prefix.clone()).filter(|word| !word.is_empty()),
        virtual_account: Some(new.virtual_account.clone()).filter(|number| !number.is_empty()),
    };
    store::bank::insert_account(conn, &account)?;
    let rule = Change::propose(seller.account.clone(), run.now);
    let change = AccountChange {
        id: AccountChangeId::new(run.now, run.ten()),
        cooperative_id: owner.clone(),
        old_account_id: old.id,
        new_account_id: account.id,
        state: rule.state,
        proposed_by: rule.proposed_by,
        proposed_at: rule.proposed_at,
        agreed_by: None,
        agreed_as: None,
        agreed_at: None,
        in_force_from: None,
        ended_by: None,
        ended_at: None,
        reason: None,
    };
    store::account_change::insert(conn, &change)?;
    announce(conn, run, base_url, &change, Some(&seller.account))?;
    Ok(change.id)
}

/// A change that this person may decide on, its cooperative held.
fn hold(conn: &mut Conn, id: &AccountChangeId, by: &By) -> ServiceResult<AccountChange> {
    let cooperative = store::account_change::get(conn, id)?.cooperative_id;
    if by.only_of.as_ref().is_some_and(|own| *own != cooperative) {
        return Err(ServiceError::NotFound);
    }
    store::cooperative::lock_of(conn, std::slice::from_ref(&cooperative))?;
    if by.only_of.is_some() {
        still_manages(conn, &cooperative, &by.account)?;
    }
    Ok(store::account_change::lock(conn, id)?)
}

/// Writes what the rule has decided, and tells everybody.
fn put(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    from: ChangeState,
    change: &AccountChange,
    by: &AccountId,
) -> ServiceResult<()> {
    if store::account_change::put_moved(conn, from, change)? == Mark::NotThere {
        return Err(against(Against::Moved));
    }
    announce(conn, run, base_url, change, Some(by))
}

/// «Đồng ý đổi»: the second person. From now on a day runs, and the new account may already be joined to its provider.
///
/// # Errors
/// `Refused` for the proposer's own agreement, a wrong password, or a manager who came after the proposal; `Changed` when somebody was
/// faster.
pub async fn agree_to_change(
    kit: &Kit,
    me: &SignedIn,
    decider: Decider<'_>,
    id: &AccountChangeId,
    password: Secret,
) -> ServiceResult<()> {
    decider.may()?;
    came_by_oneself(me)?;
    signing_in::check_again(kit, me, password).await?;
    let (asked, by) = (id.clone(), By::of(decider));
    let provider = kit.db.read(move |conn| {
        let account = store::account_change::get(conn, &asked)?.new_account_id;
        Ok::<_, ServiceError>(store::bank::get_account(conn, &account)?.provider)
    });
    let sealed = sealed_secret(kit, first_secret(kit, provider.await?).as_deref())?;
    let (draw, id, base_url) = (Draw::new(kit), id.clone(), kit.config.base_url.clone());
    let who = by.account.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut change = hold(conn, &id, &by)?;
            let mut rule = change.rule();
            let hours = store::setting::find_number(conn, WAIT_SETTING, run.now.day())?;
            rule.agree(&by.account, run.now, wait_s(hours)).map_err(against)?;
            was_there_before(conn, &change, &by)?;
            change.state = rule.state;
            (change.agreed_by, change.agreed_as) = (rule.agreed_by, Some(by.second));
            (change.agreed_at, change.in_force_from) = (rule.agreed_at, rule.in_force_from);
            put(conn, &run, &base_url, ChangeState::Proposed, &change, &by.account)?;
            let from = change.in_force_from.unwrap_or(run.now);
            let secret = sealed.as_deref();
            store::account_change::put_account_agreed(conn, &change.new_account_id, &by.account, from, secret)?;
            Ok::<_, ServiceError>(())
        })
        .await?;
    tracing::info!(target: "access", account = %who, what = "agree to a receiving account");
    Ok(())
}

/// Who proposes must not take the second person in afterwards.
fn was_there_before(conn: &mut Conn, change: &AccountChange, by: &By) -> ServiceResult<()> {
    if by.second == Second::Operator {
        return Ok(());
    }
    let member = store::member::find(conn, &change.cooperative_id, &by.account)?.ok_or(ServiceError::Forbidden)?;
    if member.joined_at > change.proposed_at {
        return Err(ServiceError::refused(Refusal::new("refusal-change-new-manager")));
    }
    Ok(())
}

/// An end of a change before it came into force.
#[derive(Debug, Clone)]
enum End {
    TakeBack,
    Refuse(String),
    Stop,
}

async fn end(kit: &Kit, decider: Decider<'_>, id: &AccountChangeId, end: End) -> ServiceResult<()> {
    decider.may()?;
    let (draw, by, id, base_url) = (Draw::new(kit), By::of(decider), id.clone(), kit.config.base_url.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut change = hold(conn, &id, &by)?;
            let (mut rule, from) = (change.rule(), change.state);
            match &end {
                End::TakeBack => rule.take_back(&by.account, run.now),
                End::Refuse(_) => rule.refuse(&by.account, run.now),
                End::Stop => rule.stop(run.now),
            }
            .map_err(against)?;
            if let End::Refuse(reason) = &end {
                if reason.chars().count() < SHORTEST_REASON {
                    return Err(ServiceError::refused(Refusal::new("refusal-change-reason").about("reason")));
                }
                change.reason = Some(reason.clone());
            }
            change.state = rule.state;
            (change.ended_by, change.ended_at) = (Some(by.account.clone()), Some(run.now));
            put(conn, &run, &base_url, from, &change, &by.account)?;
            Ok(store::account_change::put_account_dropped(conn, &change.new_account_id)?)
        })
        .await
}

/// «Rút lại»: the proposer thinks better of it.
pub async fn take_back_change(kit: &Kit, seller: &Seller, id: &AccountChangeId) -> ServiceResult<()> {
    end(kit, Decider::Manager(seller), id, End::TakeBack).await
}

/// «Không đồng ý», with a reason. No password: the careful answer is the easy one.
pub async fn refuse_change(kit: &Kit, decider: Decider<'_>, id: &AccountChangeId, reason: &str) -> ServiceResult<()> {
    let reason = clean::line(reason, LONGEST_REASON).unwrap_or_default();
    end(kit, decider, id, End::Refuse(reason)).await
}

/// «Dừng lại»: one press, as long as its hour has not come.
pub async fn stop_change(kit: &Kit, decider: Decider<'_>, id: &AccountChangeId) -> ServiceResult<()> {
    end(kit, decider, id, End::Stop).await
}
