//! Money comes: a bank's message is verified, stored once and decided in one transaction. Nothing that has arrived is dropped:
//! it is booked, or it waits in a list for a person.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::holding;
use super::kit::Kit;
use super::ordering::{By, advance, confirm_by, tell_cooperative};
use super::posting::{About, balance, balances, post};
use super::telling::{To, owe_words};
use crate::domain::bank_message::{BankMessage, BankProvider};
use crate::domain::code::OrderCode;
use crate::domain::id::{BankEventId, MoneyCaseId, OrderId};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::memo;
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::payment::{
    BankEventState, Decision, Hit, MoneyCaseReason, MoneyCaseState, ProofGrade, decide, decide_for, natural_key,
};
use crate::domain::settlement;
use crate::gateway::bank::{self, Headers, Outcome, Rejected};
use crate::store::bank::{BankAccount, BankEvent, MoneyCase, Told};
use crate::store::order::Order;
use crate::store::{self, Conn};
use std::collections::BTreeMap;

/// What a delivery came to, as the provider is told and the metrics count.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    pub status: u16,
    pub answer: serde_json::Value,
    /// `taken`, `seen`, `bad_signature`, `unreadable`, `not_now`.
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
    let told = |word, outcome| {
        let (status, answer) = bank::answer(provider, outcome);
        Delivered { status, answer, word }
    };
    let path = path_id.to_owned();
    let account = match kit.db.read(move |conn| Ok::<_, ServiceError>(store::bank::find_account_by_path(conn, &path)?)).await {
        Ok(account) => account.filter(|account| account.provider == provider),
        Err(ServiceError::Unavailable { .. }) => return Ok(told("not_now", Outcome::NotNow)),
        Err(error) => return Err(error),
    };
    let secrets = account.as_ref().map(|account| live_secrets(kit, account)).transpose()?.unwrap_or_default();
    let now = kit.now();
    let messages = match bank::verify(provider, &headers, &body, &secrets, now) {
        Ok(messages) => messages,
        Err(Rejected::BadSignature) => return Ok(told("bad_signature", Outcome::Rejected(Rejected::BadSignature))),
        Err(Rejected::Unreadable) => {
            tracing::warn!(provider = %provider, "a bank message is signed but cannot be read");
            return Ok(told("unreadable", Outcome::Rejected(Rejected::Unreadable)));
        }
    };
    let Some(account) = account else { return Ok(told("bad_signature", Outcome::Rejected(Rejected::BadSignature))) };
    let raw = String::from_utf8_lossy(&body).into_owned();
    let draw = Draw::new(kit);
    let taken = kit
        .db
        .write(move |conn| {
            let run = draw.fresh();
            let mut seen = true;
            for message in &messages {
                seen &= take_message(conn, &run, &account, message, &raw)? == Told::Seen;
            }
            store::bank::put_heard(conn, &account.id, run.now)?;
            Ok::<_, ServiceError>(seen)
        })
        .await;
    match taken {
        Ok(seen) => Ok(told(if seen { "seen" } else { "taken" }, Outcome::Taken)),
        Err(ServiceError::Unavailable { .. }) => Ok(told("not_now", Outcome::NotNow)),
        Err(error) => Err(error),
    }
}

/// The secrets that may have signed: the current one, and the one before while both are alive.
fn live_secrets(kit: &Kit, account: &BankAccount) -> Result<Vec<bank::Secret>, ServiceError> {
    let before_lives = account.secret_before_until.is_some_and(|until| until > kit.now());
    let before = account.secret_before_sealed.as_ref().filter(|_| before_lives);
    account
        .secret_sealed
        .iter()
        .chain(before)
        .map(|sealed| kit.keys.open_text("webhook", sealed).map(bank::Secret::new).map_err(ServiceError::broken))
        .collect()
}

/// Stores one movement once and does what it decides.
pub fn take_message(
    conn: &mut Conn,
    run: &Run,
    account: &BankAccount,
    message: &BankMessage,
    raw: &str,
) -> Result<Told, ServiceError> {
    if message.ping {
        return Ok(Told::Fresh);
    }
    let key = natural_key(&account.account_number, message);
    let twins = match &key {
        Some(key) => store::bank::list_same_money(conn, &account.id, key)?,
        None => Vec::new(),
    };
    let event = BankEvent {
        id: BankEventId::new(run.now, run.ten()),
        cooperative_id: account.cooperative_id.clone(),
        bank_account_id: account.id.clone(),
        provider: account.provider,
        provider_event_id: message.provider_event_id.clone(),
        direction: message.direction,
        amount_vnd: message.amount,
        memo: message.memo.clone(),
        description: message.description.clone(),
        reference_code: message.reference_code.clone(),
        counter_name: message.counter_name.clone(),
        counter_account: message.counter_account.clone(),
        booked_at: message.booked_at,
        received_at: run.now,
        day: run.now.day(),
        grade: ProofGrade::BankMessage,
        is_stale: message.stale,
        natural_key: key,
        state: BankEventState::Waiting,
        order_id: None,
        said_by: None,
        undone_at: None,
        confirmed_by_event: None,
        raw_body: Some(raw.to_owned()),
    };
    if store::bank::insert_new_event(conn, &event)? == Told::Seen {
        return Ok(Told::Seen);
    }
    // The same money told by another way (another provider's id, a person's word): linked, never credited twice.
    if let Some(twin) = twins.iter().find(|twin| twin.undone_at.is_none() && twin.provider_event_id != event.provider_event_id) {
        store::bank::put_event_confirmed(conn, &twin.id, &event.id)?;
        store::bank::put_event_state(conn, &event.id, BankEventState::Ignored, twin.order_id.as_ref())?;
        return Ok(Told::Fresh);
    }
    let codes = codes_in(message);
    let hits = lock_hits(conn, run, account, &codes)?;
    let same_amount = if hits.is_empty() && message.amount.is_positive() {
        store::order::list_awaiting_amount(conn, &account.cooperative_id, message.amount, 5)?
    } else {
        Vec::new()
    };
    let decision = match confirms_a_word(conn, &hits, &event)? {
        true => return Ok(Told::Fresh),
        false => decide(message, &hits, &same_amount),
    };
    carry_out(conn, run, account, &event, &decision)?;
    Ok(Told::Fresh)
}

/// Candidates in everything the bank wrote; memo first, the long text after it.
fn codes_in(message: &BankMessage) -> Vec<OrderCode> {
    let mut codes = memo::candidates(&message.memo);
    for code in memo::candidates(&message.description) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.truncate(20);
    codes
}

/// The orders that are truly meant: codes that exist at the cooperative that owns the account. Locks lots, then orders.
fn lock_hits(conn: &mut Conn, run: &Run, account: &BankAccount, codes: &[OrderCode]) -> Result<Vec<Hit>, ServiceError> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    lock_lots_of_late(conn, run, account, codes)?;
    let orders = store::order::lock_by_codes(conn, &account.cooperative_id, codes)?;
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id.clone()).collect();
    let balances = balances(conn, &ids)?;
    let mut hits = Vec::new();
    for order in orders {
        let money = balances.get(&order.id).copied().unwrap_or_default();
        let ran_out = order.state == OrderState::AwaitingPayment && order.expires_at.is_some_and(|end| end <= run.now);
        hits.push(Hit {
            due: settlement::due(order.state, order.total_vnd, money)?,
            // An order whose time is up counts as expired, whether or not the tidying job has come by.
            state: if ran_out && !money.received.is_positive() { OrderState::Expired } else { order.state },
            other_account: order.bank_account_id.as_ref().is_some_and(|printed| *printed != account.id),
            total: order.total_vnd,
            order: order.id,
            code: order.code,
        });
    }
    Ok(hits)
}

/// Late money may have to take its goods again, and lots are locked before orders (`decisions.md`, Locks).
fn lock_lots_of_late(conn: &mut Conn, run: &Run, account: &BankAccount, codes: &[OrderCode]) -> Result<(), ServiceError> {
    let seen = store::order::list_by_codes(conn, &account.cooperative_id, codes)?;
    let late = |order: &&Order| match order.state {
        OrderState::Expired => true,
        OrderState::AwaitingPayment => order.expires_at.is_some_and(|end| end <= run.now),
        _ => false,
    };
    let late: Vec<OrderId> = seen.iter().filter(late).map(|order| order.id.clone()).collect();
    if !late.is_empty() {
        let lines = store::order::list_lines(conn, &late)?;
        holding::lock_stock(conn, run.now, &holding::products_of(&lines))?;
    }
    Ok(())
}

/// A person has already written this money down: the bank's message now proves it, and credits nothing again.
fn confirms_a_word(conn: &mut Conn, hits: &[Hit], event: &BankEvent) -> Result<bool, ServiceError> {
    let [hit] = hits else { return Ok(false) };
    let told = store::bank::list_events_of_orders(conn, std::slice::from_ref(&hit.order))?;
    let word = told.iter().find(|said| {
        said.grade == ProofGrade::ByHand
            && said.undone_at.is_none()
            && said.confirmed_by_event.is_none()
            && said.bank_account_id == event.bank_account_id
            && said.amount_vnd == event.amount_vnd
    });
    let Some(word) = word else { return Ok(false) };
    store::bank::put_event_confirmed(conn, &word.id, &event.id)?;
    store::bank::put_event_state(conn, &event.id, BankEventState::Ignored, Some(&hit.order))?;
    Ok(true)
}

fn carry_out(
    conn: &mut Conn,
    run: &Run,
    account: &BankAccount,
    event: &BankEvent,
    decision: &Decision,
) -> Result<(), ServiceError> {
    match decision {
        Decision::Ping => {}
        Decision::NotOurs => store::bank::put_event_state(conn, &event.id, BankEventState::Ignored, None)?,
        Decision::OtherMoney => {
            book_unmatched(conn, run, account, event)?;
            store::bank::put_event_state(conn, &event.id, BankEventState::OtherMoney, None)?;
        }
        Decision::Unmatched { candidates } | Decision::TwoHits { candidates } => {
            book_unmatched(conn, run, account, event)?;
            store::bank::put_event_state(conn, &event.id, BankEventState::Waiting, None)?;
            open_case(conn, run, event, decision, None, candidates)?;
        }
        Decision::Exact { order } | Decision::Partial { order, .. } => {
            credit(conn, run, event, order, By { kind: ActorKind::Bank, account: None })?;
        }
        Decision::Over { order, .. } | Decision::Duplicate { order } => {
            credit(conn, run, event, order, By { kind: ActorKind::Bank, account: None })?;
            open_case(conn, run, event, decision, Some(order), &[])?;
        }
        Decision::Late { order } => take_late(conn, run, event, order, decision)?,
        Decision::WrongAccount { order } => {
            book_unmatched(conn, run, account, event)?;
            store::bank::put_event_state(conn, &event.id, BankEventState::Waiting, None)?;
            open_case(conn, run, event, decision, Some(order), &[])?;
        }
    }
    Ok(())
}

fn book_unmatched(conn: &mut Conn, run: &Run, account: &BankAccount, event: &BankEvent) -> Result<(), ServiceError> {
    let about = About {
        cooperative: &account.cooperative_id,
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

fn open_case(
    conn: &mut Conn,
    run: &Run,
    event: &BankEvent,
    decision: &Decision,
    order: Option<&OrderId>,
    candidates: &[OrderCode],
) -> Result<(), ServiceError> {
    let Some(reason) = decision.waits_for_person() else { return Ok(()) };
    let amount = match decision {
        Decision::Over { excess, .. } => *excess,
        _ => event.amount_vnd,
    };
    put_case(conn, run, event, reason, order, amount, candidates)
}

fn put_case(
    conn: &mut Conn,
    run: &Run,
    event: &BankEvent,
    reason: MoneyCaseReason,
    order: Option<&OrderId>,
    amount: Money,
    candidates: &[OrderCode],
) -> Result<(), ServiceError> {
    let codes: Vec<&str> = candidates.iter().map(OrderCode::as_text).collect();
    store::bank::insert_case(
        conn,
        &MoneyCase {
            id: MoneyCaseId::new(run.now, run.ten()),
            cooperative_id: event.cooperative_id.clone(),
            bank_event_id: Some(event.id.clone()),
            order_id: order.cloned(),
            reason,
            amount_vnd: amount,
            candidates: codes.join(" "),
            state: MoneyCaseState::Open,
            made_at: run.now,
            resolved_at: None,
            resolved_by: None,
            resolution: None,
        },
    )?;
    Ok(())
}

/// Money for a living order: posted, and when nothing is due any more the order moves on.
pub(super) fn credit(conn: &mut Conn, run: &Run, event: &BankEvent, order: &OrderId, by: By<'_>) -> Result<(), ServiceError> {
    let mut order = store::order::lock(conn, order)?;
    let money = balance(conn, &order.id)?;
    let due = settlement::due(order.state, order.total_vnd, money)?;
    let about = About {
        cooperative: &order.cooperative_id,
        kind: JournalKind::MoneyIn,
        order: Some(&order.id),
        event: Some(&event.id),
        by: by.account,
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::money_in_for_order(LedgerKind::Bank, &order.id, event.amount_vnd, due, money)?)?;
    store::bank::put_event_state(conn, &event.id, BankEventState::Booked, Some(&order.id))?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    if event.amount_vnd >= due && order.state.awaits_money() {
        place_paid(conn, run, &mut order, OrderEvent::Paid, by)?;
    }
    Ok(())
}

/// A paid order stands: its goods are held until it moves, the cooperative and the buyer are told.
pub(super) fn place_paid(conn: &mut Conn, run: &Run, order: &mut Order, event: OrderEvent, by: By<'_>) -> Result<(), ServiceError> {
    advance(conn, run, order, event, by, None)?;
    let cooperative = store::cooperative::get(conn, &order.cooperative_id)?;
    store::order::put_placed(conn, &order.id, run.now, confirm_by(&cooperative, run.now))?;
    store::lot::put_hold_end(conn, &order.id, None)?;
    tell_cooperative(conn, run, &cooperative, order)?;
    tell_buyer(conn, run, order, MessageKind::OrderPaid, &[])
}

/// Late money: when the goods can be held again the order lives again; else the money is owed back. A person looks either way
/// when it could not be mended.
fn take_late(conn: &mut Conn, run: &Run, event: &BankEvent, order_id: &OrderId, decision: &Decision) -> Result<(), ServiceError> {
    let lines = store::order::list_lines(conn, std::slice::from_ref(order_id))?;
    let mut stock = holding::lock_stock(conn, run.now, &holding::products_of(&lines))?;
    let mut order = store::order::lock(conn, order_id)?;
    let clock = By { kind: ActorKind::Clock, account: None };
    if order.state == OrderState::AwaitingPayment {
        holding::release(conn, &order.id, run.now)?;
        advance(conn, run, &mut order, OrderEvent::Expired, clock, None)?;
        stock = holding::lock_stock(conn, run.now, &holding::products_of(&lines))?;
    }
    let money = balance(conn, &order.id)?;
    let about = About {
        cooperative: &order.cooperative_id,
        kind: JournalKind::MoneyIn,
        order: Some(&order.id),
        event: Some(&event.id),
        by: None,
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::money_in_for_order(LedgerKind::Bank, &order.id, event.amount_vnd, Money::ZERO, money)?)?;
    store::bank::put_event_state(conn, &event.id, BankEventState::Booked, Some(&order.id))?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    let money = balance(conn, &order.id)?;
    let covers = money.received >= order.total_vnd;
    if order.state == OrderState::Expired && covers {
        if let Ok(()) = holding::hold_again(conn, run, &lines, &mut stock, None)? {
            let taken_up = ledger::take_up_again(&order.id, order.total_vnd, money)?;
            post(conn, run, About { kind: JournalKind::Correction, ..about }, &taken_up)?;
            store::order::put_flags(conn, &order.id, true, false)?;
            return place_paid(conn, run, &mut order, OrderEvent::Reopened, By { kind: ActorKind::Bank, account: None });
        }
        store::order::put_flags(conn, &order.id, true, true)?;
        return put_case(conn, run, event, MoneyCaseReason::ShortStock, Some(&order.id), event.amount_vnd, &[]);
    }
    store::order::put_flags(conn, &order.id, true, order.short_stock)?;
    open_case(conn, run, event, decision, Some(&order.id), &[])
}

/// Words to the buyer about one order.
pub(super) fn tell_buyer(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    kind: MessageKind,
    more: &[(&'static str, String)],
) -> Result<(), ServiceError> {
    let purchase = store::purchase::get(conn, &order.purchase_id)?;
    let to = To {
        cooperative: Some(&order.cooperative_id),
        order: Some(&order.id),
        account: purchase.account_id.as_ref(),
        name: &purchase.buyer_name,
        phone: &purchase.buyer_phone,
        email: purchase.buyer_email.as_deref(),
        language: &purchase.language,
    };
    let mut args = BTreeMap::from([("code", order.code.to_string()), ("total", order.total_vnd.to_string())]);
    args.extend(more.iter().map(|(name, value)| (*name, value.clone())));
    owe_words(conn, run, &to, kind, &args)?;
    Ok(())
}

/// How an order's due and an amount said by a person meet: the same table as a bank's message.
pub(super) fn hit_of(order: &Order, money: ledger::OrderBalance) -> Result<Hit, ServiceError> {
    Ok(Hit {
        order: order.id.clone(),
        code: order.code.clone(),
        state: order.state,
        total: order.total_vnd,
        due: settlement::due(order.state, order.total_vnd, money)?,
        other_account: false,
    })
}

/// Whether a person may write `amount` down for this order as it is.
pub(super) fn decide_word(order: &Order, money: ledger::OrderBalance, amount: Money) -> Result<Decision, ServiceError> {
    Ok(decide_for(&hit_of(order, money)?, amount))
}
