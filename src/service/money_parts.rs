//! Which money an order has, by what told of it: one movement may be given to several orders, each then has its part of it.
//! Reads only.

use super::error::ServiceError;
use crate::domain::bank_message::Direction;
use crate::domain::id::{BankEventId, OrderId};
use crate::domain::money::Money;
use crate::store::bank::BankEvent;
use crate::store::{self, Conn};
use std::collections::{BTreeMap, HashMap};

/// The movements of orders (at most 500), each with as much as is the order's, the oldest first.
pub fn money_of(conn: &mut Conn, orders: &[OrderId]) -> Result<HashMap<OrderId, Vec<BankEvent>>, ServiceError> {
    let mut parts: BTreeMap<(OrderId, BankEventId), Money> = BTreeMap::new();
    for (order, event, amount) in store::ledger::list_assigned(conn, orders)? {
        let part = parts.entry((order, event)).or_default();
        *part = part.plus(amount)?;
    }
    let mut money: HashMap<OrderId, Vec<BankEvent>> = HashMap::new();
    for event in store::bank::list_events_of_orders(conn, orders)? {
        let Some(order) = event.order_id.clone().filter(|_| event.direction == Direction::In) else { continue };
        let amount_vnd = parts.remove(&(order.clone(), event.id.clone())).unwrap_or(event.amount_vnd);
        money.entry(order).or_default().push(BankEvent { amount_vnd, ..event });
    }
    let ids: Vec<BankEventId> = parts.keys().map(|(_, event)| event.clone()).collect();
    let mut events: HashMap<BankEventId, BankEvent> = HashMap::new();
    for chunk in ids.chunks(500) {
        events.extend(store::bank::list_events_by_id(conn, chunk)?.into_iter().map(|event| (event.id.clone(), event)));
    }
    for ((order, event), amount_vnd) in parts {
        let Some(event) = events.get(&event) else { continue };
        let part = BankEvent { amount_vnd, order_id: Some(order.clone()), ..event.clone() };
        money.entry(order).or_default().push(part);
    }
    for events in money.values_mut() {
        events.sort_by(|a, b| a.received_at.cmp(&b.received_at).then_with(|| a.id.cmp(&b.id)));
    }
    Ok(money)
}
