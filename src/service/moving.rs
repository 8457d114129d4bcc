//! An order's moves: by its rule, with its history, and the word to the cooperative that something waits for its yes. Every use
//! case that moves an order goes through here.

use super::draw::Run;
use super::error::ServiceError;
use super::telling::{To, owe_link, owe_words};
use crate::domain::delivery::answer_by;
use crate::domain::id::{AccountId, OrderMoveId};
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::order::{Order, OrderMove};
use crate::store::{self, Conn};
use std::collections::BTreeMap;

/// When the cooperative has to have answered an order placed now.
pub fn confirm_by(cooperative: &store::cooperative::Cooperative, now: At) -> At {
    answer_by(now, cooperative.confirm_within_min, cooperative.opens_min, cooperative.closes_min)
}

/// Who moves an order.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    pub kind: ActorKind,
    pub account: Option<&'a AccountId>,
}

/// A row of history. `to` is where the order stands now; `order.state` where it stood.
pub fn note_move(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    event: OrderEvent,
    to: OrderState,
    by: By<'_>,
    reason: Option<&str>,
) -> Result<(), ServiceError> {
    let row = OrderMove {
        id: OrderMoveId::new(run.now, run.ten()),
        cooperative_id: order.cooperative_id.clone(),
        order_id: order.id.clone(),
        event,
        from_state: order.state,
        to_state: to,
        by_kind: by.kind,
        by_account_id: by.account.cloned(),
        on_behalf_of: None,
        reason: reason.map(str::to_owned),
        at: run.now,
    };
    store::order::insert_move(conn, &row)?;
    // The order's own page follows this topic; public pages do not show orders.
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    owe_link(conn, run, &order.id)
}

/// Moves an order by its rule, with its history. `Changed` when the rule forbids it or somebody was faster.
pub fn advance(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    event: OrderEvent,
    by: By<'_>,
    reason: Option<&str>,
) -> Result<(), ServiceError> {
    let to = order.state.after(event).map_err(ServiceError::changed)?;
    if !store::order::mark_state(conn, &order.id, order.state, to, run.now)? {
        return Err(ServiceError::changed(Refusal::new("refusal-order-moved").with("code", &order.code)));
    }
    note_move(conn, run, order, event, to, by, reason)?;
    order.state = to;
    order.changed_at = run.now;
    Ok(())
}

/// The card that tells a cooperative of an order that waits for its yes.
pub fn tell_cooperative(
    conn: &mut Conn,
    run: &Run,
    cooperative: &store::cooperative::Cooperative,
    order: &Order,
) -> Result<(), ServiceError> {
    let to = To {
        order: Some(&order.id),
        name: &cooperative.name,
        phone: &cooperative.phone,
        email: cooperative.email.as_deref(),
        language: "vi",
        // The card stands in the market's own list: who else would remind the cooperative?
        cooperative: None,
        account: None,
    };
    let args = BTreeMap::from([("code", order.code.to_string()), ("total", order.total_vnd.to_string())]);
    owe_words(conn, run, &to, MessageKind::OrderToConfirm, &args)?;
    Ok(())
}
