//! Orders that end before delivery by the shopper or by the clock, and holds that live while the payer's page asks.

use super::bench::lock_any;
use super::crediting::end_order;
use super::draw::Draw;
use super::error::ServiceError;
use super::holding;
use super::kit::Kit;
use super::moving::{By, advance};
use super::telling::tell_buyer;
use super::windows;
use crate::domain::id::OrderId;
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::stock::HoldRule;
use crate::store;

/// Orders one tidying round ends, so that each write stays short.
const ROUND: i64 = 50;
/// A hold is renewed only in its last minutes, so that a page that asks every few seconds writes seldom.
const RENEW_WITHIN_S: i64 = 600;

/// The shopper takes the order back. The caller has proven the order's key.
pub async fn cancel_order(kit: &Kit, id: &OrderId) -> Result<(), ServiceError> {
    let (draw, id) = (Draw::new(kit), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_any(conn, &run, &id)?;
            // A second click finds it done.
            if bench.order.state == OrderState::Cancelled {
                return Ok(());
            }
            windows::refuse_late_cancel(conn, run.now, &bench.order)?;
            let by = By { kind: ActorKind::Shopper, account: None };
            end_order(conn, &run, &mut bench.order, &bench.lines, OrderEvent::Cancelled, by, None)
        })
        .await
}

/// Ends orders whose payment time has run out. Answers how many; more may wait. One that cannot be ended is told to the log and
/// does not stand in the way of the others.
pub async fn expire_orders(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    let due = kit.db.read(move |conn| Ok::<_, ServiceError>(store::order::list_run_out(conn, now, ROUND)?)).await?;
    let mut ended: usize = 0;
    for order in due {
        match expire_order(kit, &order.id).await {
            Ok(moved) => ended = ended.saturating_add(usize::from(moved)),
            Err(error) => tracing::error!(order = %order.code, %error, "an order that has run out could not be ended"),
        }
    }
    Ok(ended)
}

/// Ends one order if its payment time has run out. Answers whether it did.
pub async fn expire_order(kit: &Kit, id: &OrderId) -> Result<bool, ServiceError> {
    let (draw, id) = (Draw::new(kit), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_any(conn, &run, &id)?;
            if bench.order.state != OrderState::AwaitingPayment || bench.order.state_at(run.now) != OrderState::Expired
            {
                return Ok(false);
            }
            let by = By { kind: ActorKind::Clock, account: None };
            end_order(conn, &run, &mut bench.order, &bench.lines, OrderEvent::Expired, by, None)?;
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderExpired, &[])?;
            Ok(true)
        })
        .await
}

/// Closes a delivered order that nobody has complained of within the time that the rules give. The clock's act.
pub async fn close_order(kit: &Kit, id: &OrderId) -> Result<(), ServiceError> {
    let (draw, id) = (Draw::new(kit), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut order = store::order::lock(conn, &id)?;
            if order.state == OrderState::Closed {
                return Ok(());
            }
            advance(conn, &run, &mut order, OrderEvent::Closed, By { kind: ActorKind::Clock, account: None }, None)
        })
        .await
}

/// The payer's page asks: the hold lives on, up to its bound. Cheap when nothing has to be written.
pub async fn renew_hold(kit: &Kit, id: &OrderId) -> Result<(), ServiceError> {
    let (now, wanted) = (kit.now(), id.clone());
    let order = kit.db.read(move |conn| Ok::<_, ServiceError>(store::order::get(conn, &wanted)?)).await?;
    let wakes = move |order: &store::order::Order| {
        let rule = HoldRule::for_total(order.total_vnd);
        let end = order.expires_at.filter(|end| *end > now && end.seconds_since(now) <= RENEW_WITHIN_S)?;
        let later = rule.renewed_end(order.made_at, now);
        (order.state == OrderState::AwaitingPayment && later > end).then_some(later)
    };
    if wakes(&order).is_none() {
        return Ok(());
    }
    let id = id.clone();
    kit.db
        .write(move |conn| {
            // Whoever needs stock may have let this hold go in the same moment: the lots are asked first.
            holding::lock_stock_of(conn, now, std::slice::from_ref(&id))?;
            let order = store::order::lock(conn, &id)?;
            if let Some(later) = wakes(&order)
                && holding::is_held(conn, &id)?
            {
                store::order::put_expiry(conn, &id, later)?;
                store::lot::put_hold_end(conn, &id, Some(later))?;
            }
            Ok(())
        })
        .await
}
