//! Money comes: a bank's message is verified, stored once and decided in one transaction. Nothing that has arrived is dropped:
//! it is booked, or it waits in a list for a person. What money does to an order is `crediting`'s.

use super::bank_keys;
use super::crediting::{Case, Coming, let_go, lock_for_money, open_case, take_money};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::hits::{came_elsewhere, codes_in, hits_of, orders_meant};
use super::holding::Stock;
use super::kit::Kit;
use super::moving::By;
use super::other_money::{house_of, put_dismissed};
use super::posting::{About, post};
use super::refund_sending::{close_by_movement, orders_by_account};
use super::same_money::{self, Taken, Telling};
use crate::domain::bank_message::{BankMessage, BankProvider, Direction};
use crate::domain::code::OrderCode;
use crate::domain::id::{BankEventId, hex};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::order::ActorKind;
use crate::domain::payment::{BankEventState, Decision, Hit, House, MoneyCaseReason, ProofGrade, decide, natural_key};
use crate::failpoint::{self, Failpoint};
use crate::gateway::bank::{self, Headers, Outcome, Rejected};
use crate::store::bank::{BankAccount, BankEvent};
use crate::store::order::Order;
use crate::store::told::Told;
use crate::store::{self, Conn};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Bytes of a provider's id that are kept as they are; both engines index them.
const MOST_ID_BYTES: usize = 200;

/// What a delivery came to, as the provider is told and the metrics count.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    pub status: u16,
    pub answer: serde_json::Value,
    /// `taken`, `seen`, `empty`, `token`, `bad_signature`, `unreadable`, `not_now`.
    pub word: &'static str,
}

/// The webhook's use case. `path_id` names the account; unknown and wrongly signed are told alike.
pub async fn receive_bank_message(
    kit: &Kit,
    provider: BankProvider,
    path_id: &str,
    headers: Headers,
    body: Vec<u8>,
) -> Result<Delivered, ServiceError> {
    let told = |word, outcome, said: &[BankMessage]| {
        let (status, answer) = bank::answer(provider, outcome, said);
        Delivered { status, answer, word }
    };
    let refused = || told("bad_signature", Outcome::Rejected(Rejected::BadSignature), &[]);
    let path = path_id.to_owned();
    let account =
        match kit.db.read(move |conn| Ok::<_, ServiceError>(store::bank::find_account_by_path(conn, &path)?)).await {
            Ok(account) => account.filter(|account| account.provider == provider),
            Err(ServiceError::Unavailable { .. }) => return Ok(told("not_now", Outcome::NotNow, &[])),
            Err(error) => return Err(error),
        };
    let secrets = account.as_ref().map(|account| bank_keys::proofs_of(kit, account)).transpose()?.unwrap_or_default();
    let now = kit.now();
    let messages = match bank::verify(provider, &headers, &body, &secrets, now) {
        Ok(messages) => messages,
        Err(Rejected::BadSignature) => return Ok(refused()),
        Err(Rejected::Unreadable) => {
            tracing::warn!(provider = %provider, "a bank message is signed but cannot be read");
            return Ok(told("unreadable", Outcome::Rejected(Rejected::Unreadable), &[]));
        }
    };
    let Some(account) = account else { return Ok(refused()) };
    // A test call without a body proves nothing: it is answered, and it does not even light the light.
    if messages.is_empty() {
        return Ok(told("empty", Outcome::Taken, &[]));
    }
    let raw = String::from_utf8_lossy(&body).into_owned();
    failpoint::pass(Failpoint::BankVerified);
    let taken = take_messages(kit, account, messages.clone(), raw).await;
    failpoint::pass(Failpoint::BankTaken);
    match taken {
        Ok(Told::Seen) => Ok(told("seen", Outcome::Taken, &messages)),
        Ok(Told::Fresh) => Ok(told("taken", Outcome::Taken, &messages)),
        Err(error) => {
            if !matches!(error, ServiceError::Unavailable { .. }) {
                tracing::error!(provider = %provider, %error, "a bank message could not be stored");
            }
            Ok(told("not_now", Outcome::NotNow, &[]))
        }
    }
}

/// Takes what one delivery says, all or nothing. What cannot be decided for a fault of ours is booked as unmatched all the same:
/// the provider gives up after a while, and then nobody would know of the money.
async fn take_messages(
    kit: &Kit,
    account: BankAccount,
    messages: Vec<BankMessage>,
    raw: String,
) -> Result<Told, ServiceError> {
    let (draw, all) = (Draw::new(kit), Arc::new((account, messages, raw)));
    let given = Arc::clone(&all);
    let taken = kit.db.write(move |conn| take_all(conn, &draw.fresh(), &given, take_message)).await;
    let error = match taken {
        Err(error) if !matches!(error, ServiceError::Unavailable { .. }) => error,
        done => return done,
    };
    tracing::error!(%error, "a bank message could not be decided; a person has to");
    let draw = Draw::new(kit);
    kit.db.write(move |conn| take_all(conn, &draw.fresh(), &all, keep_for_people)).await
}

type Delivery = (BankAccount, Vec<BankMessage>, String);
type Take = fn(&mut Conn, &Run, &BankAccount, &BankMessage, Telling<'_>) -> Result<Taken, ServiceError>;

fn take_all(conn: &mut Conn, run: &Run, (account, messages, raw): &Delivery, take: Take) -> Result<Told, ServiceError> {
    // Marking the account first also puts the messages of one account in a row: the same money told twice at once, under two
    // ids, is then seen.
    store::bank::put_heard(conn, &account.id, run.now)?;
    let telling = Telling { grade: ProofGrade::BankMessage, raw: Some(raw) };
    let mut told = Told::Seen;
    for message in messages {
        if take(conn, run, account, message, telling)?.told() == Told::Fresh {
            told = Told::Fresh;
        }
    }
    Ok(told)
}

/// Stores one movement once, by whatever way it was told, and does what it decides. The account is held by the caller.
pub(super) fn take_message(
    conn: &mut Conn,
    run: &Run,
    account: &BankAccount,
    message: &BankMessage,
    telling: Telling<'_>,
) -> Result<Taken, ServiceError> {
    if message.ping {
        return Ok(Taken::Fresh);
    }
    let event = event_of(conn, run, account, message, telling)?;
    let first = same_money::find_first(conn, &event, message.balance_after)?;
    if store::bank::insert_new_event(conn, &event)? == Told::Seen {
        return Ok(Taken::Seen);
    }
    failpoint::pass(Failpoint::EventStored);
    same_money::keep_balance(conn, &event, message.balance_after)?;
    // The same money told by another way, or under another id: linked, never credited twice.
    if let Some(first) = first {
        same_money::link(conn, &event, &first)?;
        return Ok(Taken::Same);
    }
    let mut seen = orders_meant(conn, account, message)?;
    if seen.is_empty() && message.direction == Direction::Out {
        seen = orders_by_account(conn, &account.cooperative_id, message)?;
    }
    let (mut stock, mut orders) = lock_for_money(conn, run, &seen)?;
    let hits = hits_of(conn, run, account, message, event.other_account.is_some(), &orders)?;
    if confirms_a_word(conn, &hits, &event)? {
        return Ok(Taken::Same);
    }
    let same_amount = if hits.is_empty() && message.amount.is_positive() {
        store::order::list_awaiting_amount(conn, &account.cooperative_id, message.amount, run.now, 5)?
    } else {
        Vec::new()
    };
    let house = house_of(conn, &account.cooperative_id, run.now)?;
    let decision = decide(message, &hits, &same_amount, &house);
    failpoint::pass(Failpoint::MoneyDecided);
    carry_out(conn, run, &event, &decision, &mut stock, &mut orders)?;
    failpoint::pass(Failpoint::MoneyCarriedOut);
    Ok(Taken::Fresh)
}

/// Stores one movement without asking what it is for: booked as unmatched, a person decides.
pub(super) fn keep_for_people(
    conn: &mut Conn,
    run: &Run,
    account: &BankAccount,
    message: &BankMessage,
    telling: Telling<'_>,
) -> Result<Taken, ServiceError> {
    if message.ping {
        return Ok(Taken::Fresh);
    }
    let event = event_of(conn, run, account, message, telling)?;
    if store::bank::insert_new_event(conn, &event)? == Told::Seen {
        return Ok(Taken::Seen);
    }
    same_money::keep_balance(conn, &event, message.balance_after)?;
    let decision = match decide(message, &[], &[], &House::default()) {
        Decision::OtherMoney => Decision::Unmatched { candidates: codes_in(message) },
        other => other,
    };
    carry_out(conn, run, &event, &decision, &mut Stock::new(), &mut [])?;
    Ok(Taken::Fresh)
}

/// The movement as it is kept. Banks' texts are anything: what a column cannot hold is left out.
fn event_of(
    conn: &mut Conn,
    run: &Run,
    account: &BankAccount,
    message: &BankMessage,
    telling: Telling<'_>,
) -> Result<BankEvent, ServiceError> {
    let plain = |text: &String| text.replace('\0', "");
    let elsewhere = came_elsewhere(conn, account, message)?;
    Ok(BankEvent {
        id: BankEventId::new(run.now, run.ten()),
        cooperative_id: account.cooperative_id.clone(),
        bank_account_id: account.id.clone(),
        provider: account.provider,
        provider_event_id: kept_id(&message.provider_event_id),
        direction: message.direction,
        amount_vnd: message.amount,
        memo: plain(&message.memo),
        description: plain(&message.description),
        reference_code: plain(&message.reference_code),
        counter_name: message.counter_name.as_ref().map(plain),
        counter_account: message.counter_account.as_ref().map(plain),
        booked_at: message.booked_at,
        received_at: run.now,
        day: run.now.day(),
        grade: telling.grade,
        is_stale: message.stale,
        natural_key: natural_key(&account.account_number, message),
        state: BankEventState::Waiting,
        order_id: None,
        said_by: None,
        undone_at: None,
        confirmed_by_event: None,
        raw_body: telling.raw.map(|raw| raw.replace('\0', "")),
        other_account: elsewhere.then(|| plain(&message.account_number)),
    })
}

/// A provider's id as it is kept: itself, or its hash when no column or index could hold it.
fn kept_id(id: &str) -> String {
    if id.len() <= MOST_ID_BYTES && !id.contains('\0') {
        return id.to_owned();
    }
    format!("sha256:{}", hex(&Sha256::digest(id.as_bytes())))
}

/// A person has already written this money down: the bank's message now proves it, and credits nothing again.
fn confirms_a_word(conn: &mut Conn, hits: &[Hit], event: &BankEvent) -> Result<bool, ServiceError> {
    let [hit] = hits else { return Ok(false) };
    if hit.other_account || event.direction != Direction::In {
        return Ok(false);
    }
    let told = store::bank::list_events_of_orders(conn, std::slice::from_ref(&hit.order))?;
    let word = told.iter().find(|said| {
        said.grade == ProofGrade::ByHand
            && said.undone_at.is_none()
            && said.confirmed_by_event.is_none()
            && said.bank_account_id == event.bank_account_id
            && said.amount_vnd == event.amount_vnd
    });
    let Some(word) = word else { return Ok(false) };
    same_money::link(conn, event, word)?;
    Ok(true)
}

fn carry_out(
    conn: &mut Conn,
    run: &Run,
    event: &BankEvent,
    decision: &Decision,
    stock: &mut Stock,
    orders: &mut [Order],
) -> Result<(), ServiceError> {
    match decision {
        Decision::Ping => Ok(()),
        Decision::NotOurs => Ok(store::bank::put_event_state(conn, &event.id, BankEventState::Ignored, None)?),
        Decision::SentBack { order, refund } => {
            let order = orders.iter().find(|locked| locked.id == *order).ok_or(ServiceError::NotFound)?;
            close_by_movement(conn, run, order, refund, event)
        }
        Decision::OtherMoney => {
            book_unmatched(conn, run, event)?;
            Ok(store::bank::put_event_state(conn, &event.id, BankEventState::OtherMoney, None)?)
        }
        Decision::Dismissed { rule } => {
            book_unmatched(conn, run, event)?;
            put_dismissed(conn, run, event, None, &format!("by_rule:{rule}"))
        }
        Decision::Unmatched { candidates } => wait(conn, run, event, MoneyCaseReason::Unmatched, None, candidates),
        Decision::TwoHits { candidates } => wait(conn, run, event, MoneyCaseReason::TwoHits, None, candidates),
        Decision::WrongAccount { order } => {
            let order = orders.iter().find(|locked| locked.id == *order);
            wait(conn, run, event, MoneyCaseReason::WrongAccount, order, &[])
        }
        Decision::Exact { order }
        | Decision::NearEnough { order, .. }
        | Decision::Partial { order, .. }
        | Decision::Over { order, .. }
        | Decision::Duplicate { order }
        | Decision::Late { order } => {
            let order = orders.iter_mut().find(|locked| locked.id == *order).ok_or(ServiceError::NotFound)?;
            let by = By { kind: ActorKind::Bank, account: None };
            let coming = Coming { from: LedgerKind::Bank, amount: event.amount_vnd, event: Some(event), by };
            if let Decision::NearEnough { missing, .. } = decision {
                let_go(conn, run, order, *missing, Some(&event.id))?;
            }
            take_money(conn, run, order, stock, &coming)
        }
    }
}

/// Booked as money of nobody yet, and put into the people's list.
fn wait(
    conn: &mut Conn,
    run: &Run,
    event: &BankEvent,
    reason: MoneyCaseReason,
    order: Option<&Order>,
    candidates: &[OrderCode],
) -> Result<(), ServiceError> {
    book_unmatched(conn, run, event)?;
    store::bank::put_event_state(conn, &event.id, BankEventState::Waiting, None)?;
    let (cooperative, amount) = (&event.cooperative_id, event.amount_vnd);
    open_case(conn, run, &Case { cooperative, event: Some(&event.id), order, reason, amount, candidates })
}

fn book_unmatched(conn: &mut Conn, run: &Run, event: &BankEvent) -> Result<(), ServiceError> {
    // An amount that could not be read is nothing to book: a person looks at the bank's words.
    if !event.amount_vnd.is_positive() {
        return Ok(());
    }
    let about = About {
        cooperative: &event.cooperative_id,
        kind: JournalKind::MoneyIn,
        order: None,
        event: Some(&event.id),
        by: None,
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::money_in_unmatched(event.amount_vnd)?)?;
    Ok(())
}
