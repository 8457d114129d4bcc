//! Whose hands: who carries an order, and whose hands cash is in. The rows beside the postings on `cash_with_carrier` are written
//! here and nowhere else. Runs inside a use case's transaction.

use super::draw::Run;
use super::error::ServiceError;
use super::selling::names_of;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::door;
use crate::domain::id::{AccountId, CarrierCashId, CooperativeId, HandOverId, JournalId, OrderId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::store::carrying::{CarrierCash, OrderCarrier};
use crate::store::order::Order;
use crate::store::{self, Conn};

/// A member sets out with an order, or takes it over. The order is locked.
pub(super) fn set_out(conn: &mut Conn, run: &Run, seller: &Seller, order: &Order) -> Result<(), ServiceError> {
    let before = store::carrying::find_carrier(conn, &order.id)?.map(|row| row.account_id);
    let row = OrderCarrier {
        order_id: order.id.clone(),
        cooperative_id: order.cooperative_id.clone(),
        account_id: seller.account.clone(),
        since: run.now,
        taken_from: before.filter(|who| *who != seller.account),
    };
    store::carrying::put_carrier(conn, &row)?;
    Ok(())
}

/// Whether a member carries an order that stands at a door.
pub(super) fn carries(conn: &mut Conn, seller: &Seller, order: &Order) -> Result<bool, ServiceError> {
    let carrier = store::carrying::find_carrier(conn, &order.id)?;
    Ok(door::is_at_the_door(order.state) && carrier.is_some_and(|row| row.account_id == seller.account))
}

/// Only who carries the order acts at its door.
pub(super) fn must_carry(conn: &mut Conn, seller: &Seller, order: &Order) -> Result<(), ServiceError> {
    if !door::is_at_the_door(order.state) {
        let refusal = Refusal::new("refusal-not-at-door").with("code", &order.code);
        return Err(ServiceError::changed(refusal));
    }
    if carries(conn, seller, order)? {
        return Ok(());
    }
    let carrier = store::carrying::find_carrier(conn, &order.id)?.map(|row| row.account_id);
    let who = names_of(conn, carrier.into_iter().collect())?.into_values().next().unwrap_or_default();
    Err(ServiceError::changed(Refusal::new("refusal-not-carrier").with("code", &order.code).with("who", who)))
}

/// Where cash of an order stands once this member has taken it.
pub(super) fn place_of_cash(conn: &mut Conn, seller: &Seller, order: &Order) -> Result<LedgerKind, ServiceError> {
    Ok(door::cash_stands(carries(conn, seller, order)?, seller.may(MemberRole::Accountant)))
}

/// What cash in hands is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of<'a> {
    Order(&'a OrderId),
    HandOver(&'a HandOverId),
}

/// A row of cash in hands beside its journal; `amount` as it was posted on `cash_with_carrier`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved<'a> {
    pub cooperative: &'a CooperativeId,
    pub carrier: &'a AccountId,
    pub journal: &'a JournalId,
    pub of: Of<'a>,
    pub undoes: Option<&'a CarrierCashId>,
    pub amount: Money,
}

pub(super) fn note_cash(conn: &mut Conn, run: &Run, moved: &Moved<'_>) -> Result<(), ServiceError> {
    let (order_id, hand_over_id) = match moved.of {
        Of::Order(order) => (Some(order.clone()), None),
        Of::HandOver(hand_over) => (None, Some(hand_over.clone())),
    };
    let row = CarrierCash {
        id: CarrierCashId::new(run.now, run.ten()),
        cooperative_id: moved.cooperative.clone(),
        carrier_id: moved.carrier.clone(),
        journal_id: moved.journal.clone(),
        order_id,
        hand_over_id,
        undoes: moved.undoes.cloned(),
        amount_vnd: moved.amount,
        at: run.now,
        day: run.now.day(),
    };
    store::carrying::insert_cash(conn, &row)?;
    Ok(())
}

/// Cash that was just posted for an order stays in the hands of whoever took it.
pub(super) fn hold(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    taker: Option<&AccountId>,
    journal: Option<JournalId>,
    amount: Money,
) -> Result<(), ServiceError> {
    let (Some(carrier), Some(journal)) = (taker, journal) else {
        return Err(ServiceError::broken("cash in hands that are nobody's"));
    };
    let moved = Moved {
        cooperative: &order.cooperative_id,
        carrier,
        journal: &journal,
        of: Of::Order(&order.id),
        undoes: None,
        amount,
    };
    note_cash(conn, run, &moved)
}

/// What a member holds, and what of it waits for a cashier to count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InHand {
    pub held: Money,
    pub said: Money,
}

impl InHand {
    /// What can still leave these hands.
    pub fn free(self) -> Result<Money, ServiceError> {
        Ok(self.held.minus(self.said)?)
    }
}

/// Of one member. To decide on it, hold `store::carrying::lock_hands` first.
pub(super) fn in_hand(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    carrier: &AccountId,
) -> Result<InHand, ServiceError> {
    let said = store::cash_hand_over::find_said(conn, cooperative, carrier)?;
    Ok(InHand {
        held: store::carrying::held_by(conn, cooperative, carrier)?,
        said: said.map_or(Money::ZERO, |row| row.covers_vnd),
    })
}
