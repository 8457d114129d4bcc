//! The operator's «Việc hôm nay»: everything that waits in the market and for whom, and the few acts of one tap. Of other
//! people's business it tells how much waits and since when, never an amount.

use super::claim_view::claims_before_operator;
use super::error::ServiceError;
use super::founding;
use super::holder_name::other_holders;
use super::kit::Kit;
use super::owing::list_late;
use super::signing_in::{CODE_MESSAGE, CodeToTell, codes_to_tell_by_operator};
use super::who::Operator;
use super::wording::words_of;
use crate::domain::account_change::ChangeState;
use crate::domain::id::{CooperativeId, MessageId, OutboxId};
use crate::domain::message::MessageState;
use crate::domain::product::CooperativeState;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store;
use crate::store::bank::BankAccount;
use crate::store::cooperative::Cooperative;
use crate::store::message::Message;
use crate::store::order::Order;
use crate::store::outbox::Outbox;
use crate::store::overview::{self, ProductName};
use std::collections::HashMap;

/// An account whose bank has spoken and then said nothing for this long is silent.
const SILENT_S: i64 = 3 * 86_400;
/// A new account has this long for its first message.
const FIRST_WORD_S: i64 = 86_400;
/// Rows of one queue; the count says when there are more.
const MOST: i64 = 500;

/// Everything that waits.
#[derive(Debug, Clone)]
pub struct Today {
    pub awaiting_approval: Vec<Cooperative>,
    /// Money that waits for a person, by cooperative.
    pub money_open: Vec<Waiting>,
    /// Refunds that are late by the dated setting (a day), by cooperative.
    pub refunds_late: Vec<Waiting>,
    pub silent_banks: Vec<SilentBank>,
    /// Changes of receiving accounts that wait for a second person.
    pub account_changes: usize,
    /// Accounts in another name than their cooperative's that nobody has looked into.
    pub holders_unchecked: usize,
    /// Claims before the operator or late: since when each.
    pub claims: Vec<At>,
    pub parked: Vec<Outbox>,
    pub messages: Vec<MessageToTell>,
    pub codes: Vec<CodeToTell>,
    pub unanswered: Vec<Unanswered>,
    pub without_picture: Vec<Listing>,
    pub without_price: Vec<Listing>,
    pub as_of: At,
}

/// So many things wait at a cooperative, the oldest since then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub cooperative: CooperativeId,
    pub name: String,
    /// E.164.
    pub phone: String,
    pub count: usize,
    pub oldest: At,
}

/// An account that should be telling and is not.
#[derive(Debug, Clone)]
pub struct SilentBank {
    pub account: BankAccount,
    pub cooperative: String,
}

/// Words of the market itself that a person passes on.
#[derive(Debug, Clone)]
pub struct MessageToTell {
    pub message: Message,
    pub text: String,
}

/// An order that its cooperative has not answered in time.
#[derive(Debug, Clone)]
pub struct Unanswered {
    pub order: Order,
    pub cooperative: String,
    pub phone: String,
}

/// A listing that lacks something.
#[derive(Debug, Clone)]
pub struct Listing {
    pub product: ProductName,
    pub cooperative: String,
}

/// What waits now, in one snapshot.
pub async fn list_todays_work(kit: &Kit, operator: &Operator) -> Result<Today, ServiceError> {
    let now = kit.now();
    let mut today = kit.db.read(move |conn| read_today(conn, now)).await?;
    today.codes = codes_to_tell_by_operator(kit, operator).await?;
    let messages = kit.db.read(|conn| Ok::<_, ServiceError>(store::message::list_open(conn, None, MOST)?)).await?;
    for message in messages.into_iter().filter(|message| message.kind != CODE_MESSAGE) {
        let text = words_of(kit, &message)?.text;
        today.messages.push(MessageToTell { message, text });
    }
    Ok(today)
}

fn read_today(conn: &mut store::Conn, now: At) -> Result<Today, ServiceError> {
    let cooperatives = store::cooperative::list(conn)?;
    let names: HashMap<CooperativeId, String> =
        cooperatives.iter().map(|row| (row.id.clone(), row.name.clone())).collect();
    let listing = |product: ProductName| Listing {
        cooperative: names.get(&product.cooperative).cloned().unwrap_or_default(),
        product,
    };
    let is_silent = |account: &BankAccount| match account.last_message_at {
        Some(last) => now.seconds_since(last) > SILENT_S,
        None => now.seconds_since(account.active_from.unwrap_or(account.made_at)) > FIRST_WORD_S,
    };
    let refunds = list_late(conn, now, None)?.into_iter();
    let accounts = overview::list_telling_accounts(conn)?.into_iter().filter(|(account, _)| is_silent(account));
    let changes = store::account_change::list_under_way(conn, MOST)?;
    let unanswered = overview::list_unanswered(conn, now, MOST)?.into_iter();
    Ok(Today {
        money_open: by_cooperative(overview::list_open_case_times(conn)?),
        refunds_late: by_cooperative(
            refunds.map(|late| (late.cooperative, late.name, late.phone, late.since)).collect(),
        ),
        silent_banks: accounts.map(|(account, cooperative)| SilentBank { account, cooperative }).collect(),
        account_changes: changes.iter().filter(|change| change.state == ChangeState::Proposed).count(),
        holders_unchecked: other_holders(conn)?.iter().filter(|other| other.checked.is_none()).count(),
        claims: claims_before_operator(conn, now, MOST)?.into_iter().map(|claim| claim.made_at).collect(),
        parked: store::outbox::list_parked(conn, MOST)?,
        messages: Vec::new(),
        codes: Vec::new(),
        unanswered: unanswered.map(|(order, cooperative, phone)| Unanswered { order, cooperative, phone }).collect(),
        without_picture: overview::list_without_picture(conn, MOST)?.into_iter().map(listing).collect(),
        without_price: overview::list_without_price(conn, MOST)?.into_iter().map(listing).collect(),
        awaiting_approval: cooperatives
            .into_iter()
            .filter(|row| row.state == CooperativeState::AwaitingApproval)
            .collect(),
        as_of: now,
    })
}

/// Rows come oldest first, so the first of each cooperative is its oldest.
fn by_cooperative(rows: Vec<(CooperativeId, String, String, At)>) -> Vec<Waiting> {
    let mut out: Vec<Waiting> = Vec::new();
    for (cooperative, name, phone, made_at) in rows {
        match out.iter_mut().find(|known| known.cooperative == cooperative) {
            Some(known) => known.count = known.count.saturating_add(1),
            None => out.push(Waiting { cooperative, name, phone, count: 1, oldest: made_at }),
        }
    }
    out
}

/// «Duyệt»: a cooperative that waits may sell from now on. Pressed twice, it is approved once.
pub async fn approve_cooperative(kit: &Kit, operator: &Operator, id: &CooperativeId) -> Result<(), ServiceError> {
    let (from, to) = (CooperativeState::AwaitingApproval, CooperativeState::Open);
    founding::set_cooperative_state(kit, operator, id, from, to).await?;
    tracing::info!(target: "access", operator = %operator.account, what = "approve", id = %id);
    Ok(())
}

/// Parked work is tried again from the beginning.
pub async fn retry_parked(kit: &Kit, operator: &Operator, id: &OutboxId) -> Result<(), ServiceError> {
    let (now, asked) = (kit.now(), id.clone());
    let moved =
        kit.db.write(move |conn| Ok::<_, ServiceError>(store::outbox::mark_owed_again(conn, &asked, now)?)).await?;
    if !moved {
        return Err(ServiceError::changed(Refusal::new("refusal-not-parked")));
    }
    tracing::info!(target: "access", operator = %operator.account, what = "retry", id = %id);
    Ok(())
}

/// «Đã nhắn»: the operator has passed the market's own words on. A cooperative's words are its own matter.
pub async fn mark_message_told(kit: &Kit, operator: &Operator, id: &MessageId) -> Result<(), ServiceError> {
    let (now, id, by) = (kit.now(), id.clone(), operator.account.clone());
    kit.db
        .write(move |conn| {
            if store::message::get(conn, &id)?.cooperative_id.is_some() {
                return Err(ServiceError::NotFound);
            }
            // A second press finds it told already, which is what was wanted.
            store::message::mark_told(conn, &id, MessageState::Told, Some(&by), "person", now)?;
            Ok(())
        })
        .await
}
