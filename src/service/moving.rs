//! An order's moves: by its rule, with its history, and the times of its answer. Every use case that moves an order goes through here.

use super::draw::Run;
use super::error::ServiceError;
use super::telling::owe_link;
use crate::domain::answer::{Hours, ProposalState};
use crate::domain::id::{AccountId, OrderMoveId};
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::order::{Order, OrderMove};
use crate::store::{self, Conn};

/// In which hours a cooperative answers, and how soon.
pub fn hours_of(cooperative: &store::cooperative::Cooperative) -> Hours {
    Hours {
        opens_min: cooperative.opens_min,
        closes_min: cooperative.closes_min,
        within_min: cooperative.confirm_within_min,
    }
}

/// From when the cooperative is asked to answer an order placed now, and when it has to have answered.
pub fn answer_times(cooperative: &store::cooperative::Cooperative, now: At) -> (At, At) {
    let hours = hours_of(cooperative);
    (hours.after(now, 0), hours.after(now, hours.within_min))
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
        id: OrderMoveId::new(run.now, run.ten_in_order()),
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
    if order.state == OrderState::Placed {
        // Answered, one way or another: nobody is asked any more, neither the cooperative nor the buyer.
        store::answer::stop_clock(conn, &order.id)?;
        store::answer::drop_asking_words(conn, &order.id, run.now)?;
    }
    if matches!(order.state, OrderState::Placed | OrderState::Confirmed) {
        store::proposal::end_open(conn, &order.id, ProposalState::Void, run.now)?;
    }
    order.state = to;
    order.changed_at = run.now;
    Ok(())
}
