//! Rows in the shape in which `ganh verify` checks them, by keyset pages.

use super::bank::BankEvent;
use super::conn::Conn;
use super::error::StoreResult;
use super::order::Order;
use super::outbox::Outbox;
use super::schema::{bank_event, journal, log_entry, lot, order_line, outbox, posting, sale_order, stock_hold, stock_movement, trace_event};
use super::trace::TraceEvent;
use crate::domain::code::LotCode;
use crate::domain::id::{BankEventId, JournalId, LotId, OrderId, OrderLineId, TraceEventId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::order::{HoldState, OrderState};
use crate::domain::payment::BankEventState;
use crate::domain::quantity::Base;
use crate::domain::time::At;
use diesel::prelude::*;
use std::collections::HashMap;

/// Journals after `after` with the amounts of their postings.
pub fn list_journals(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<(String, Vec<Money>)>> {
    let ids: Vec<JournalId> =
        journal::table.filter(journal::id.gt(after)).order(journal::id).limit(most).select(journal::id).load(conn)?;
    let rows: Vec<(JournalId, Money)> =
        posting::table.filter(posting::journal_id.eq_any(&ids)).select((posting::journal_id, posting::amount_vnd)).load(conn)?;
    let mut amounts = grouped(rows);
    Ok(ids.into_iter().map(|id| (id.to_string(), amounts.remove(&id).unwrap_or_default())).collect())
}

fn grouped<K: std::hash::Hash + Eq, V>(rows: Vec<(K, V)>) -> HashMap<K, Vec<V>> {
    let mut out: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        out.entry(key).or_default().push(value);
    }
    out
}

/// A lot beside everything that its counters sum up.
#[derive(Debug, Clone)]
pub struct LotSums {
    pub lot: LotId,
    pub code: LotCode,
    pub on_hand: Base,
    pub held: Base,
    pub movements: Vec<Base>,
    pub standing: Vec<Base>,
}

pub fn list_lot_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<LotSums>> {
    let lots: Vec<(LotId, LotCode, Base, Base)> = lot::table
        .filter(lot::id.gt(after))
        .order(lot::id)
        .limit(most)
        .select((lot::id, lot::code, lot::on_hand, lot::held))
        .load(conn)?;
    let ids: Vec<LotId> = lots.iter().map(|(id, ..)| id.clone()).collect();
    let mut movements = grouped(
        stock_movement::table
            .filter(stock_movement::lot_id.eq_any(&ids))
            .select((stock_movement::lot_id, stock_movement::base_quantity))
            .load::<(LotId, Base)>(conn)?,
    );
    let mut standing = grouped(
        stock_hold::table
            .filter(stock_hold::lot_id.eq_any(&ids))
            .filter(stock_hold::state.eq(HoldState::Standing))
            .select((stock_hold::lot_id, stock_hold::base_quantity))
            .load::<(LotId, Base)>(conn)?,
    );
    let sums = lots.into_iter().map(|(lot, code, on_hand, held)| LotSums {
        movements: movements.remove(&lot).unwrap_or_default(),
        standing: standing.remove(&lot).unwrap_or_default(),
        lot,
        code,
        on_hand,
        held,
    });
    Ok(sums.collect())
}

/// An order beside its lines and holds.
#[derive(Debug, Clone)]
pub struct OrderGoods {
    pub order: Order,
    pub lines: Vec<(OrderLineId, Base)>,
    pub holds: Vec<(OrderLineId, HoldState, Option<At>, Base)>,
}

impl OrderGoods {
    /// What is wrong, if anything. An order whose hold may run out (unpaid, or unconfirmed on delivery) may have lost it.
    pub fn trouble(&self, now: At) -> Option<String> {
        let wanted = match self.order.state {
            OrderState::Confirmed => HoldState::Standing,
            OrderState::Packed | OrderState::OnTheWay | OrderState::Delivered | OrderState::Closed => HoldState::Taken,
            OrderState::AwaitingPayment if self.order.expires_at.is_some_and(|end| end > now) => HoldState::Standing,
            OrderState::AwaitingPayment | OrderState::Placed => return None,
            OrderState::Expired | OrderState::Cancelled | OrderState::Declined => {
                let standing = self.holds.iter().any(|(_, state, ..)| *state == HoldState::Standing);
                return standing.then(|| "it has ended and still holds goods".to_owned());
            }
        };
        let short = self.lines.iter().find(|(line, base)| {
            let mine = self.holds.iter().filter(|(of, state, ..)| of == line && *state == wanted);
            Base::sum(mine.map(|(.., base)| *base)).ok() != Some(*base)
        });
        short.map(|(line, base)| format!("line {line} of {} is not {wanted} in full", base.0))
    }
}

pub fn list_order_goods(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<OrderGoods>> {
    let orders: Vec<Order> = sale_order::table
        .filter(sale_order::id.gt(after))
        .order(sale_order::id)
        .limit(most)
        .select(Order::as_select())
        .load(conn)?;
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id.clone()).collect();
    let lines: Vec<(OrderId, OrderLineId, Base)> = order_line::table
        .filter(order_line::order_id.eq_any(&ids))
        .select((order_line::order_id, order_line::id, order_line::base_quantity))
        .load(conn)?;
    let holds: Vec<(OrderId, OrderLineId, HoldState, Option<At>, Base)> = stock_hold::table
        .filter(stock_hold::order_id.eq_any(&ids))
        .select((stock_hold::order_id, stock_hold::order_line_id, stock_hold::state, stock_hold::expires_at, stock_hold::base_quantity))
        .load(conn)?;
    let mut lines = grouped(lines.into_iter().map(|(order, line, base)| (order, (line, base))).collect());
    let mut holds = grouped(holds.into_iter().map(|(order, line, state, end, base)| (order, (line, state, end, base))).collect());
    let goods = orders.into_iter().map(|order| OrderGoods {
        lines: lines.remove(&order.id).unwrap_or_default(),
        holds: holds.remove(&order.id).unwrap_or_default(),
        order,
    });
    Ok(goods.collect())
}

/// A bank event beside its postings.
#[derive(Debug, Clone)]
pub struct EventSums {
    pub event: BankEvent,
    pub postings: Vec<(LedgerKind, Money)>,
}

impl EventSums {
    /// What the bank account's ledger side must show for it. An undone word was booked and then reversed by another journal.
    pub fn expected(&self) -> Money {
        let was_said = self.event.undone_at.is_some();
        match self.event.state {
            BankEventState::Booked | BankEventState::Waiting | BankEventState::OtherMoney => self.event.amount_vnd,
            BankEventState::Ignored if was_said => self.event.amount_vnd,
            BankEventState::Ignored => Money::ZERO,
        }
    }
}

pub fn list_event_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<EventSums>> {
    let events: Vec<BankEvent> = bank_event::table
        .filter(bank_event::id.gt(after))
        .order(bank_event::id)
        .limit(most)
        .select(BankEvent::as_select())
        .load(conn)?;
    let ids: Vec<BankEventId> = events.iter().map(|event| event.id.clone()).collect();
    let rows: Vec<(Option<BankEventId>, LedgerKind, Money)> = posting::table
        .inner_join(journal::table)
        .filter(journal::bank_event_id.eq_any(&ids))
        .select((journal::bank_event_id, posting::kind, posting::amount_vnd))
        .load(conn)?;
    let rows = rows.into_iter().filter_map(|(event, kind, amount)| event.map(|event| (event, (kind, amount))));
    let mut postings = grouped(rows.collect());
    let sums = events.into_iter().map(|event| EventSums { postings: postings.remove(&event.id).unwrap_or_default(), event });
    Ok(sums.collect())
}

/// Trace events with the leaf that commits to each.
pub fn list_sealed(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<(TraceEvent, Option<String>)>> {
    let events: Vec<TraceEvent> = trace_event::table
        .filter(trace_event::id.gt(after))
        .order(trace_event::id)
        .limit(most)
        .select(TraceEvent::as_select())
        .load(conn)?;
    let ids: Vec<TraceEventId> = events.iter().map(|event| event.id.clone()).collect();
    let leaves: Vec<(Option<TraceEventId>, String)> = log_entry::table
        .filter(log_entry::trace_event_id.eq_any(&ids))
        .select((log_entry::trace_event_id, log_entry::leaf))
        .load(conn)?;
    let mut leaves: HashMap<TraceEventId, String> =
        leaves.into_iter().filter_map(|(event, leaf)| event.map(|event| (event, leaf))).collect();
    Ok(events.into_iter().map(|event| (event.clone(), leaves.remove(&event.id))).collect())
}

pub fn list_outbox(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<Outbox>> {
    let query = outbox::table.filter(outbox::id.gt(after)).order(outbox::id).limit(most);
    Ok(query.select(Outbox::as_select()).load(conn)?)
}
