//! The real harvest of a sales window: written down once, shared out by the rule that was shown, then each order is brought to its
//! share, one write an order. Whoever finds orders not brought there yet goes on: a crash between two of them leaves nothing half.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::lots::{LotSaid, tell_harvest};
use super::recording::move_stock;
use super::who::{Seller, may_list};
use super::window_settling::settle_order;
use super::windows::lock_window;
use crate::domain::id::{OrderId, SalesWindowId};
use crate::domain::order::{HoldState, IfShort, OrderState};
use crate::domain::quantity::{Base, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::sharing::{Claim, share};
use crate::domain::stock::{LotKind, LotState, MovementKind};
use crate::domain::time::{At, Day};
use crate::domain::trace::WordOf;
use crate::store::lot::Lot;
use crate::store::order::{Order, OrderLine};
use crate::store::product::Product;
use crate::store::window::{SalesWindow, WindowLine};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Orders that one round brings to their share.
const ROUND: i64 = 50;

/// «Hái được bao nhiêu?» Nothing harvested is the answer of a harvest that failed. The same said again goes on where it stopped.
///
/// # Errors
/// `Changed` when something else was said before; `Refused` for a day that cannot be.
pub async fn say_harvest(
    kit: &Kit,
    seller: &Seller,
    id: &SalesWindowId,
    amount: Base,
    on: Day,
) -> Result<(), ServiceError> {
    write_harvest_down(kit, seller, id, amount, on).await?;
    while settle_round(kit, Some(id)).await? > 0 {}
    Ok(())
}

/// Writes the harvest down and each order's share beside its lines; moves no order. Whoever looks next does: see `settle_harvests`.
pub async fn write_harvest_down(
    kit: &Kit,
    seller: &Seller,
    id: &SalesWindowId,
    amount: Base,
    on: Day,
) -> Result<(), ServiceError> {
    may_list(seller)?;
    let mut refusals = Vec::new();
    if !(0..=1_000_000_000_000).contains(&amount.0) {
        refusals.push(Refusal::new("refusal-lot-quantity").about("quantity"));
    }
    if on > kit.now().day() {
        refusals.push(Refusal::new("refusal-lot-day").about("made_on"));
    }
    if !refusals.is_empty() {
        return Err(ServiceError::Refused(refusals));
    }
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (product, lot, window) = lock_window(conn, &seller, &id)?;
            if window.state.is_over() {
                return if window.harvested == Some(amount) {
                    Ok(())
                } else {
                    Err(ServiceError::changed(Refusal::new("refusal-window-harvested")))
                };
            }
            put_lot(conn, &run, &seller, (&product, &lot), amount, on)?;
            store::window::put_harvest(conn, &id, (amount, on), &seller.account, run.now)?;
            share_out(conn, run.now, &window, amount)?;
            Ok(store::change::insert(conn, "product", product.id.as_text(), run.now)?)
        })
        .await
}

/// The planned lot becomes what was harvested: what is beyond the orders is on sale like every other lot.
fn put_lot(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    (product, lot): (&Product, &Lot),
    amount: Base,
    on: Day,
) -> Result<(), ServiceError> {
    let movements = store::lot::list_movements(conn, &lot.id)?;
    let plans = movements.iter().filter(|row| row.kind == MovementKind::Plan);
    let planned = Base::sum(plans.map(|row| row.base_quantity))?;
    if lot.on_hand.plus(amount)?.minus(planned)? < Base::ZERO {
        let gone = planned.minus(lot.on_hand)?;
        let refusal = Refusal::new("refusal-window-taken").with("taken", gone.said(product.base_unit));
        return Err(ServiceError::changed(refusal.about("quantity")));
    }
    // First what came, then the plan goes: the lot never holds less than nothing.
    for (kind, base) in [(MovementKind::Harvest, amount), (MovementKind::Plan, planned.negated()?)] {
        if base != Base::ZERO {
            let by = Some(&seller.account);
            move_stock(conn, run, &seller.cooperative, &lot.id, kind, base, None, by, (None, None))?;
        }
    }
    let best_before = product.keeps_days.map(|days| on.plus_days(days));
    if amount == Base::ZERO {
        store::lot::mark_state(conn, &seller.cooperative, &lot.id, LotState::Closed, None)?;
        return Ok(());
    }
    store::window::put_lot_harvested(conn, &lot.id, on, best_before)?;
    let said = LotSaid {
        kind: LotKind::Harvest,
        made_on: on,
        best_before,
        place: lot.place.clone(),
        commune_code: None,
        quantity: amount,
        word_of: WordOf::Cooperative,
        owner: None,
    };
    let lot = Lot { kind: LotKind::Harvest, made_on: on, best_before, ..lot.clone() };
    tell_harvest(conn, run, &run.house.base_url, seller, product, &lot, &said)
}

/// Each line's share, by the window's rule, as the orders stand under the lot's lock: whoever cancels, pays or gives back waits for it.
fn share_out(conn: &mut Conn, now: At, window: &SalesWindow, amount: Base) -> Result<(), ServiceError> {
    let mut rows = store::window::list_lines(conn, &window.id)?;
    let mut ids: Vec<OrderId> = rows.iter().map(|row| row.order_id.clone()).collect();
    ids.dedup();
    let (mut orders, mut lines): (HashMap<_, Order>, HashMap<_, OrderLine>) = (HashMap::new(), HashMap::new());
    for chunk in ids.chunks(500) {
        orders.extend(store::order::list_of(conn, chunk)?.into_iter().map(|order| (order.id.clone(), order)));
        lines.extend(store::order::list_lines(conn, chunk)?.into_iter().map(|line| (line.id.clone(), line)));
    }
    // Lines of one order in the order of its page.
    rows.sort_by_key(|row| lines.get(&row.order_line_id).map(|line| (row.order_id.clone(), line.position)));
    let held = store::lot::list_holds_of_lot(conn, &window.lot_id)?;
    let is_held = |row: &WindowLine| {
        held.iter().any(|hold| hold.order_line_id == row.order_line_id && hold.state == HoldState::Standing)
    };
    let (mut claims, mut left) = (Vec::new(), amount);
    let mut claimed: Vec<&WindowLine> = Vec::new();
    for row in &rows {
        let (Some(order), Some(line)) = (orders.get(&row.order_id), lines.get(&row.order_line_id)) else { continue };
        let waits =
            matches!(order.state_at(now), OrderState::AwaitingPayment | OrderState::Placed | OrderState::Confirmed);
        if waits && is_held(row) && row.settled_at.is_none() && !line.is_dropped() {
            claims.push(claim(conn, order, line)?);
            claimed.push(row);
            continue;
        }
        // Ended, packed already, or served from another lot by a person's choice: the harvest has nothing to do with it.
        let has_it = !order.state_at(now).is_dead() && !waits;
        let granted = if has_it { line.base_quantity } else { Base::ZERO };
        store::window::put_granted(conn, &row.order_line_id, granted, Some(now))?;
        left = left.minus(granted)?;
    }
    for (row, granted) in claimed.iter().zip(share(left, &claims, window.sharing)) {
        store::window::put_granted(conn, &row.order_line_id, granted, None)?;
    }
    Ok(())
}

fn claim(conn: &mut Conn, order: &Order, line: &OrderLine) -> Result<Claim, ServiceError> {
    let offers = store::product::list_offers_of(conn, std::slice::from_ref(&line.offer_id))?;
    let step = offers.first().map_or(Quantity::ONE, |offer| offer.step_quantity);
    Ok(Claim {
        base: line.base_quantity,
        step: step.to_base(line.base_per_unit).unwrap_or(line.base_per_unit),
        whole: matches!(line.if_short, IfShort::Whole | IfShort::Next | IfShort::Drop),
        awaits_money: order.state == OrderState::AwaitingPayment,
        ordered_at: order.made_at,
    })
}

/// Brings orders of harvested windows to their share, as far as that was not done. Answers how many; more may wait.
pub async fn settle_harvests(kit: &Kit) -> Result<usize, ServiceError> {
    settle_round(kit, None).await
}

/// One that cannot be is told to the log and does not stand in the way of those behind it.
async fn settle_round(kit: &Kit, window: Option<&SalesWindowId>) -> Result<usize, ServiceError> {
    let (mut done, mut after): (usize, Option<OrderId>) = (0, None);
    loop {
        let (of, from) = (window.cloned(), after.clone());
        let list = move |conn: &mut Conn| {
            Ok::<_, ServiceError>(store::window::list_unsettled(conn, of.as_ref(), from.as_ref(), ROUND)?)
        };
        let due = kit.db.read(list).await?;
        let Some(last) = due.last().cloned() else { return Ok(done) };
        for order in &due {
            match settle_order(kit, order).await {
                Ok(moved) => done = done.saturating_add(usize::from(moved)),
                Err(error) => tracing::error!(%order, %error, "an order could not be brought to its share"),
            }
        }
        after = Some(last);
    }
}
