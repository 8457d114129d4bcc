//! What came through payment links and no webhook told: payOS has no list, so each link is asked after, while it stands and for a week
//! after its end. What is found has its webhook's own id, so found twice, or told afterwards, is once.

use super::draw::Draw;
use super::error::ServiceError;
use super::importing::{Counts, take_movements};
use super::kit::Kit;
use super::pay_links::{channel_of, note_answer};
use super::telling::owe_link;
use crate::domain::payment::{PaymentLinkState, ProofGrade};
use crate::domain::time::At;
use crate::gateway::bank::payos_links::{self, Channel, NoLink, Standing};
use crate::gateway::bank::poll::NotFetched;
use crate::store;
use crate::store::bank::BankAccount;
use crate::store::pay_link::{LinkKey, PaymentLink};
use futures_util::future::join_all;

/// While a link stands it is asked after this often, seconds.
const WHILE_OPEN_S: i64 = 180;
/// After its end: for an hour this often, then for a week that often.
const SOON_S: i64 = 600;
const SOON_FOR_S: i64 = 3_600;
const SELDOM_S: i64 = 6 * 3_600;
const SELDOM_FOR_S: i64 = 7 * 86_400;
/// Links that one round asks after, beside each other.
const ROUND: i64 = 8;
/// Links of one account that one press asks after; channels that one command does.
const MOST_LINKS: i64 = 300;
const MOST_CHANNELS: i64 = 500;

/// What asking came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub counts: Counts,
    /// Why not everything was fetched; what came before it is taken in.
    pub stopped: Option<NotFetched>,
}

/// What opens an account's API; none where nobody has typed it.
pub async fn find_key(kit: &Kit, account: &BankAccount) -> Result<Option<LinkKey>, ServiceError> {
    let id = account.id.clone();
    kit.db.read(move |conn| Ok::<_, ServiceError>(store::pay_link::find_key(conn, &id)?)).await
}

/// Accounts whose links can be asked after: all, or the one of this number or webhook id.
pub async fn list_channels(kit: &Kit, name: Option<&str>) -> Result<Vec<(LinkKey, BankAccount)>, ServiceError> {
    let name = name.map(str::to_owned);
    let mut all = kit.db.read(|conn| Ok::<_, ServiceError>(store::pay_link::list_keys(conn, MOST_CHANNELS)?)).await?;
    all.retain(|(_, account)| {
        name.as_ref().is_none_or(|name| account.path_id == *name || account.account_number == *name)
    });
    Ok(all)
}

/// The links of the last days of one account, now. Stops where payOS does not answer.
pub async fn ask_account(kit: &Kit, key: &LinkKey, account: &BankAccount, days: i64) -> Result<Found, ServiceError> {
    let (id, since) = (account.id.clone(), kit.now().plus_seconds(days.saturating_mul(-86_400)));
    let links = kit
        .db
        .read(move |conn| Ok::<_, ServiceError>(store::pay_link::list_since(conn, &id, since, MOST_LINKS)?))
        .await?;
    let channel = channel_of(kit, account, key)?;
    let mut found = Found { counts: Counts::default(), stopped: None };
    for chunk in links.chunks(usize::try_from(ROUND).unwrap_or(1)) {
        let asked = join_all(chunk.iter().map(|link| ask_link(kit, &channel, account, link))).await;
        for one in asked {
            let one = one?;
            found.counts = found.counts.plus(one.counts);
            found.stopped = found.stopped.or(one.stopped);
        }
        if found.stopped.is_some() {
            break;
        }
    }
    note_answer(kit, &account.id, found.stopped.map_or("ok", NotFetched::word)).await?;
    Ok(found)
}

/// The worker's duty: links that are due. How many were asked after.
pub async fn ask_due_links(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    let due = kit.db.read(move |conn| Ok::<_, ServiceError>(store::pay_link::list_due(conn, now, ROUND)?)).await?;
    let mut asked = 0_usize;
    for round in join_all(due.iter().map(|link| claim_and_ask(kit, link))).await {
        match round {
            Ok(None) => continue,
            Ok(Some(Found { stopped: Some(reason), .. })) => {
                tracing::warn!(%reason, "a payment link could not be asked after")
            }
            Ok(Some(found)) if found.counts.fresh > 0 => {
                tracing::info!(fresh = found.counts.fresh, "money through a payment link that no webhook told of");
            }
            Ok(Some(_)) => {}
            Err(error) => tracing::error!(%error, "what came through a payment link could not be taken in"),
        }
        asked = asked.saturating_add(1);
    }
    Ok(asked)
}

/// Several workers look; one asks.
async fn claim_and_ask(kit: &Kit, link: &PaymentLink) -> Result<Option<Found>, ServiceError> {
    let (seen, next) = (link.clone(), next_look(link, kit.now()));
    let claimed = kit
        .db
        .write(move |conn| {
            if !store::pay_link::mark_polled(conn, &seen, next)?.moved() {
                return Ok(None);
            }
            let account = store::bank::get_account(conn, &seen.bank_account_id)?;
            Ok::<_, ServiceError>(store::pay_link::find_key(conn, &account.id)?.map(|key| (key, account)))
        })
        .await?;
    let Some((key, account)) = claimed else { return Ok(None) };
    let found = ask_link(kit, &channel_of(kit, &account, &key)?, &account, link).await?;
    if let Some(reason) = found.stopped {
        note_answer(kit, &account.id, reason.word()).await?;
    }
    Ok(Some(found))
}

/// When a link is due again; none when nothing can come through it any more.
fn next_look(link: &PaymentLink, now: At) -> Option<At> {
    let Some(ended) = link.ended_at else { return Some(now.plus_seconds(WHILE_OPEN_S)) };
    match now.seconds_since(ended) {
        since if since < SOON_FOR_S => Some(now.plus_seconds(SOON_S)),
        since if since < SELDOM_FOR_S => Some(now.plus_seconds(SELDOM_S)),
        _ => None,
    }
}

async fn ask_link(
    kit: &Kit,
    channel: &Channel,
    account: &BankAccount,
    link: &PaymentLink,
) -> Result<Found, ServiceError> {
    let nothing = |stopped| Found { counts: Counts::default(), stopped };
    match payos_links::find(channel, link.number, kit.now()).await {
        Ok(standing) => {
            let is_over = !standing.may_be_paid();
            let Standing { messages, .. } = standing;
            let counts = take_movements(kit, account, messages, ProofGrade::BankMessage).await?;
            if is_over && link.state == PaymentLinkState::Open {
                ended_there(kit, link).await?;
            }
            Ok(Found { counts, stopped: None })
        }
        // Never made, or forgotten: nothing came through it.
        Err(NoLink::Refused { .. }) => Ok(nothing(None)),
        Err(NoLink::Not(reason)) => Ok(nothing(Some(reason))),
        Err(NoLink::OtherLink) => Ok(nothing(Some(NotFetched::Unreadable))),
    }
}

/// It ended at payOS, by being paid, by its time or by a hand there: its code is not shown any more, and what is still due gets another.
async fn ended_there(kit: &Kit, link: &PaymentLink) -> Result<(), ServiceError> {
    let (draw, link) = (Draw::new(kit), link.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::order::lock(conn, &link.order_id)?;
            let look = Some(run.now.plus_seconds(SOON_S));
            if store::pay_link::mark_ended(conn, &link.id, run.now, look)?.moved() {
                store::change::insert(conn, "order", link.order_id.as_text(), run.now)?;
                owe_link(conn, &run, &link.order_id)?;
            }
            Ok::<_, ServiceError>(())
        })
        .await
}
