//! One movement told by several ways: the first telling is booked, the later ones are linked to it and prove it. What is the same
//! is `domain::same_money`'s rule. Runs inside the transaction that takes a movement in, with its account held.

use super::error::ServiceError;
use crate::domain::id::BankEventId;
use crate::domain::money::Money;
use crate::domain::payment::{BankEventState, ProofGrade};
use crate::domain::same_money::{Channel, Telling as Compared, first_telling};
use crate::store::bank::BankEvent;
use crate::store::statement::{BankBalance, SameMoney};
use crate::store::told::Told;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// How well a movement is proven by its way of coming, and what came, as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    pub grade: ProofGrade,
    pub raw: Option<&'a str>,
}

/// What became of one movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Told before by this way.
    Seen,
    /// The same money stood here already; it is proven once more.
    Same,
    Fresh,
}

impl Taken {
    pub const fn word(self) -> &'static str {
        match self {
            Taken::Seen => "seen",
            Taken::Same => "same",
            Taken::Fresh => "fresh",
        }
    }

    pub(super) const fn told(self) -> Told {
        match self {
            Taken::Seen => Told::Seen,
            Taken::Same | Taken::Fresh => Told::Fresh,
        }
    }
}

/// The event that stands for the same money already.
pub fn find_first(
    conn: &mut Conn,
    event: &BankEvent,
    balance: Option<Money>,
) -> Result<Option<BankEvent>, ServiceError> {
    let day = event.booked_at.day();
    let span = (day.at_minute(0), day.plus_days(1).at_minute(0));
    let like = store::statement::list_like(conn, &event.bank_account_id, (event.amount_vnd, event.direction), span)?;
    if like.is_empty() {
        return Ok(None);
    }
    let told = compared(conn, &like)?;
    let new = Compared { balance, ..as_told(event, &HashMap::new(), &HashMap::new()) };
    match first_telling(&new, &told) {
        Some(first) => Ok(Some(store::bank::get_event(conn, first)?)),
        None => Ok(None),
    }
}

/// Events as they are compared, with what they repeat and the balances that they told.
pub fn compared(conn: &mut Conn, events: &[BankEvent]) -> Result<Vec<Compared>, ServiceError> {
    let (mut firsts, mut balances) = (HashMap::new(), HashMap::new());
    for chunk in events.chunks(500) {
        let ids: Vec<BankEventId> = chunk.iter().map(|event| event.id.clone()).collect();
        firsts.extend(
            store::statement::list_same(conn, &ids)?.into_iter().map(|row| (row.bank_event_id, row.first_event_id)),
        );
        balances.extend(
            store::statement::list_balances(conn, &ids)?.into_iter().map(|row| (row.bank_event_id, row.balance_vnd)),
        );
    }
    Ok(events
        .iter()
        .filter(|event| event.undone_at.is_none())
        .map(|event| as_told(event, &firsts, &balances))
        .collect())
}

fn as_told(
    event: &BankEvent,
    firsts: &HashMap<BankEventId, BankEventId>,
    balances: &HashMap<BankEventId, Money>,
) -> Compared {
    Compared {
        id: event.id.clone(),
        channel: Channel::of(event.grade, event.provider, &event.provider_event_id),
        natural_key: event.natural_key.clone(),
        other_account: event.other_account.clone(),
        memo: event.memo.clone(),
        description: event.description.clone(),
        booked_at: event.booked_at,
        balance: balances.get(&event.id).copied(),
        first: firsts.get(&event.id).cloned(),
    }
}

/// Keeps what the account held after a movement; the gap test reads it.
pub fn keep_balance(conn: &mut Conn, event: &BankEvent, balance: Option<Money>) -> Result<(), ServiceError> {
    let Some(balance) = balance else { return Ok(()) };
    let row = BankBalance {
        bank_event_id: event.id.clone(),
        cooperative_id: event.cooperative_id.clone(),
        bank_account_id: event.bank_account_id.clone(),
        balance_vnd: balance,
    };
    Ok(store::statement::insert_balance(conn, &row)?)
}

/// The later telling proves the first and books nothing.
pub fn link(conn: &mut Conn, event: &BankEvent, first: &BankEvent) -> Result<(), ServiceError> {
    let row = SameMoney {
        bank_event_id: event.id.clone(),
        cooperative_id: event.cooperative_id.clone(),
        first_event_id: first.id.clone(),
        at: event.received_at,
    };
    store::statement::insert_same(conn, &row)?;
    if first.confirmed_by_event.is_none() {
        store::bank::put_event_confirmed(conn, &first.id, &event.id)?;
    }
    store::bank::put_event_state(conn, &event.id, BankEventState::Ignored, first.order_id.as_ref())?;
    if let Some(order) = &first.order_id {
        store::change::insert(conn, "order", order.as_text(), event.received_at)?;
    }
    Ok(())
}
