//! What webhooks missed, asked for at the providers themselves: by the worker while orders wait for money and once a day over a
//! week, by the accountant with one press, by `ganh reconcile`. What is found goes the way of a webhook's message; found twice is
//! once. No transaction is held while a provider is asked.

use super::error::ServiceError;
use super::importing::take_movements;
use super::kit::Kit;
use super::link_polling;
pub use super::link_polling::Found;
use super::who::Seller;
use crate::config::Secret;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::BankProvider;
use crate::domain::order::OrderState;
use crate::domain::payment::ProofGrade;
use crate::domain::refusal::Refusal;
use crate::domain::time::{At, Day};
use crate::failpoint::{self, Failpoint};
use crate::gateway::bank::poll::{self, Ask};
use crate::store;
use crate::store::bank::BankAccount;
use crate::store::bank_poll::BankPoll;
use futures_util::future::join_all;

/// While orders wait for money, an account is asked this often, seconds.
const WHILE_OPEN_S: i64 = 180;
/// After a failure of the daily look, seconds.
const AGAIN_S: i64 = 900;
/// The daily look goes back so far, days.
pub const WEEK_DAYS: i64 = 7;
/// Accounts that one round asks, beside each other.
const AT_ONCE: usize = 8;
/// Accounts that one round looks at.
const MOST_ACCOUNTS: i64 = 500;
/// The purpose of the sealed keys.
const PURPOSE: &str = "bank_poll";
const LONGEST_KEY: usize = 500;

/// How asking is set up for the account in force.
#[derive(Debug, Clone)]
pub struct PollView {
    pub account: BankAccount,
    pub can_be_asked: bool,
    pub has_key: bool,
    pub answered_at: Option<At>,
    /// `ok`, or why not.
    pub answer: Option<String>,
    pub may_set: bool,
}

fn may_touch_money(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Accountant) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

async fn own_account(kit: &Kit, seller: &Seller) -> Result<Option<(BankAccount, Option<BankPoll>)>, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let active = store::bank::list_active(conn, std::slice::from_ref(&cooperative), now)?;
            let Some(account) = active.into_iter().next() else { return Ok(None) };
            let poll = store::bank_poll::find(conn, &account.id)?;
            Ok(Some((account, poll)))
        })
        .await
}

/// How the cooperative's account is asked; none without an account.
pub async fn show_poll(kit: &Kit, seller: &Seller) -> Result<Option<PollView>, ServiceError> {
    may_touch_money(seller)?;
    let Some((account, poll)) = own_account(kit, seller).await? else { return Ok(None) };
    if account.provider == BankProvider::Payos {
        let key = link_polling::find_key(kit, &account).await?;
        return Ok(Some(PollView {
            can_be_asked: true,
            has_key: key.is_some(),
            answered_at: key.as_ref().and_then(|key| key.answered_at),
            answer: key.and_then(|key| key.answer),
            // Its keys stand on the account's own page, with the password.
            may_set: false,
            account,
        }));
    }
    Ok(Some(PollView {
        can_be_asked: poll::has_list(account.provider),
        has_key: poll.is_some(),
        answered_at: poll.as_ref().and_then(|poll| poll.answered_at),
        answer: poll.and_then(|poll| poll.answer),
        may_set: seller.may(MemberRole::Manager),
        account,
    }))
}

/// Keeps the key with which the provider is asked; an empty one ends the asking. Never shown again.
pub async fn set_poll_key(kit: &Kit, seller: &Seller, key: &str) -> Result<(), ServiceError> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    let (account, _) = own_account(kit, seller).await?.ok_or(ServiceError::NotFound)?;
    let key = key.trim();
    let fits = key.len() <= LONGEST_KEY && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits || !poll::has_list(account.provider) {
        return Err(ServiceError::refused(Refusal::new("refusal-poll-key").about("key")));
    }
    let sealed = kit.keys.seal(PURPOSE, key.as_bytes()).map_err(ServiceError::broken)?;
    let row = BankPoll {
        bank_account_id: account.id.clone(),
        cooperative_id: account.cooperative_id.clone(),
        key_sealed: sealed,
        set_at: kit.now(),
        set_by: Some(seller.account.clone()),
        asked_at: None,
        swept_on: None,
        answered_at: None,
        answer: None,
    };
    let ends = key.is_empty();
    kit.db
        .write(move |conn| {
            store::statement::lock_account(conn, &row.bank_account_id)?;
            if ends {
                return Ok(store::bank_poll::remove(conn, &row.bank_account_id)?);
            }
            Ok::<_, ServiceError>(store::bank_poll::put(conn, &row)?)
        })
        .await
}

/// «Hỏi ngân hàng ngay»: the last week, now.
pub async fn ask_bank_now(kit: &Kit, seller: &Seller) -> Result<Found, ServiceError> {
    may_touch_money(seller)?;
    let (account, poll) = own_account(kit, seller).await?.ok_or(ServiceError::NotFound)?;
    if account.provider == BankProvider::Payos {
        let key = link_polling::find_key(kit, &account).await?;
        let key = key.ok_or_else(|| ServiceError::refused(Refusal::new("refusal-link-key-missing").about("key")))?;
        return link_polling::ask_account(kit, &key, &account, WEEK_DAYS).await;
    }
    let poll = poll.ok_or_else(|| ServiceError::refused(Refusal::new("refusal-poll-key").about("key")))?;
    ask(kit, &poll, &account, WEEK_DAYS).await
}

/// Accounts that can be asked: all, or the one of this number or webhook id.
pub async fn list_pollable(kit: &Kit, name: Option<&str>) -> Result<Vec<(BankPoll, BankAccount)>, ServiceError> {
    let name = name.map(str::to_owned);
    let mut all = kit.db.read(|conn| Ok::<_, ServiceError>(store::bank_poll::list_all(conn, MOST_ACCOUNTS)?)).await?;
    all.retain(|(_, account)| {
        name.as_ref().is_none_or(|name| account.path_id == *name || account.account_number == *name)
    });
    Ok(all)
}

/// The worker's duty: accounts with open orders every few minutes, each once a day over a week. How many were asked.
pub async fn reconcile_due(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    let due: Vec<(BankPoll, BankAccount, i64)> = kit
        .db
        .read(move |conn| {
            let mut due = Vec::new();
            for (poll, account) in store::bank_poll::list_all(conn, MOST_ACCOUNTS)? {
                let idle_s = poll.asked_at.map_or(i64::MAX, |asked| now.seconds_since(asked));
                let mut waits = || {
                    let open = [OrderState::AwaitingPayment];
                    store::order::list_in(conn, &account.cooperative_id, &open, 1).map(|orders| !orders.is_empty())
                };
                if poll.swept_on != Some(now.day()) && idle_s >= AGAIN_S {
                    due.push((poll, account, WEEK_DAYS));
                } else if idle_s >= WHILE_OPEN_S && waits()? {
                    due.push((poll, account, 1));
                }
            }
            Ok::<_, ServiceError>(due)
        })
        .await?;
    let rounds =
        join_all(due.iter().take(AT_ONCE).map(|(poll, account, days)| claim_and_ask(kit, poll, account, *days)));
    let mut asked = 0_usize;
    for round in rounds.await {
        match round {
            Ok(None) => continue,
            Ok(Some(Found { stopped: Some(reason), .. })) => tracing::warn!(%reason, "an account could not be asked"),
            Ok(Some(found)) if found.counts.fresh > 0 => {
                tracing::info!(fresh = found.counts.fresh, "money that no webhook told of");
            }
            Ok(Some(_)) => {}
            Err(error) => tracing::error!(%error, "what was fetched could not be taken in"),
        }
        asked = asked.saturating_add(1);
    }
    Ok(asked)
}

/// Only whoever moves the mark asks; another worker passes.
async fn claim_and_ask(
    kit: &Kit,
    poll: &BankPoll,
    account: &BankAccount,
    days: i64,
) -> Result<Option<Found>, ServiceError> {
    let (seen, at) = (poll.clone(), kit.now());
    let mark = kit.db.write(move |conn| Ok::<_, ServiceError>(store::bank_poll::mark_asked(conn, &seen, at)?)).await?;
    if mark.moved() { ask(kit, poll, account, days).await.map(Some) } else { Ok(None) }
}

/// Asks for an account's last days and takes in what is found.
pub async fn ask(kit: &Kit, poll: &BankPoll, account: &BankAccount, days: i64) -> Result<Found, ServiceError> {
    let today = kit.now().day();
    let key = kit.keys.open_text(PURPOSE, &poll.key_sealed).map_err(ServiceError::broken)?;
    let question = Ask {
        base_url: address_of(kit, account.provider).to_owned(),
        key: Secret::new(key),
        account_number: account.account_number.clone(),
        virtual_account: account.virtual_account.clone(),
        since: today.plus_days(days.saturating_neg()),
        // Lists differ on whether the last day is in.
        until: today.plus_days(1),
        timeout_ms: kit.config.bank_timeout_ms,
    };
    let fetched = poll::fetch(account.provider, &question, kit.now()).await;
    failpoint::pass(Failpoint::PollFetched);
    let counts = take_movements(kit, account, fetched.messages, ProofGrade::BankMessage).await?;
    failpoint::pass(Failpoint::PollTaken);
    let swept: Option<Day> = (fetched.stopped.is_none() && days >= WEEK_DAYS).then_some(today);
    let (id, now, word) = (account.id.clone(), kit.now(), fetched.stopped.map_or("ok", |reason| reason.word()));
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::bank_poll::put_answer(conn, &id, now, word, swept)?)).await?;
    Ok(Found { counts, stopped: fetched.stopped })
}

fn address_of(kit: &Kit, provider: BankProvider) -> &str {
    match provider {
        BankProvider::Sepay => &kit.config.sepay_api_url,
        _ => &kit.config.casso_api_url,
    }
}
