//! One order is brought to its share of a harvest, in one write: as ordered, less of it, nothing of it, or the next harvest, as its
//! buyer has wished. This is the cooperative's yes to it. What was paid beyond is owed back, and the buyer is told.

use super::accepting::accept;
use super::answering::decline;
use super::bench::{Bench, lock_any};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::holding;
use super::kit::Kit;
use super::moving::{By, answer_times};
use super::proposing::{settle, shorten};
use super::telling::tell_buyer;
use crate::domain::id::{AccountId, OrderId, OrderLineId};
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, HoldState, IfShort, OrderState};
use crate::domain::quantity::{Base, Quantity};
use crate::domain::window::answers_from;
use crate::store::lot::Hold;
use crate::store::window::{SalesWindow, WindowLine};
use crate::store::{self, Conn};
use crate::view::Views;

/// Brings one order to its share. Answers whether there was anything to do: a second call finds it done.
pub(super) async fn settle_order(kit: &Kit, id: &OrderId) -> Result<bool, ServiceError> {
    let (draw, id, views) = (Draw::new(kit), id.clone(), kit.views.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_any(conn, &run, &id)?;
            let rows = store::window::list_unsettled_of(conn, &id)?;
            let Some(first) = rows.first() else { return Ok(false) };
            let window = store::window::get(conn, &first.sales_window_id)?;
            for row in &rows {
                store::window::mark_settled(conn, &row.order_line_id, run.now)?;
            }
            let waits = matches!(
                bench.order.state_at(run.now),
                OrderState::AwaitingPayment | OrderState::Placed | OrderState::Confirmed
            );
            if waits {
                bring(conn, &run, &views, &mut bench, (&rows, &window))?;
            }
            Ok(true)
        })
        .await
}

/// A line with what it gets.
struct Got {
    line: OrderLineId,
    name: String,
    ordered: Base,
    granted: Base,
    quantity: Quantity,
}

fn bring(
    conn: &mut Conn,
    run: &Run,
    views: &Views,
    bench: &mut Bench,
    (rows, window): (&[WindowLine], &SalesWindow),
) -> Result<(), ServiceError> {
    let got = got_of(bench, rows);
    let by = window.harvested_by.clone();
    if !got.iter().any(|one| one.granted.is_positive()) {
        if wants_next(bench, rows) && move_on(conn, run, bench, (rows, window))? {
            return Ok(());
        }
        let why = if window.harvested.is_some_and(Base::is_positive) {
            "window-reason-short"
        } else {
            "window-reason-failed"
        };
        return give_back(conn, run, views, bench, by.as_ref(), why);
    }
    let short: Vec<&Got> = got.iter().filter(|one| one.granted < one.ordered).collect();
    for one in &short {
        if one.granted.is_positive() {
            shorten(conn, run, bench, &one.line, one.quantity)?;
        } else {
            drop_line(conn, run, bench, &one.line)?;
        }
    }
    if !short.is_empty() {
        settle(conn, run, bench)?;
        let said = said_of(bench, &short);
        tell_buyer(conn, run, &bench.order, MessageKind::PreorderLess, &[("amount", said)])?;
        store::change::insert(conn, "order", bench.order.id.as_text(), run.now)?;
    }
    if bench.order.state != OrderState::Placed {
        return Ok(());
    }
    // What was given back a moment ago is free for whoever needs it.
    bench.stock = holding::lock_stock_of(conn, run.now, std::slice::from_ref(&bench.order.id))?;
    match accept(conn, run, bench, By { kind: ActorKind::Cooperative, account: by.as_ref() }) {
        // Its goods had been let go, and others have them.
        Err(ServiceError::Changed(_)) => give_back(conn, run, views, bench, by.as_ref(), "window-reason-short"),
        done => done,
    }
}

fn got_of(bench: &Bench, rows: &[WindowLine]) -> Vec<Got> {
    let of = |row: &WindowLine| {
        let line = bench.lines.iter().find(|line| line.id == row.order_line_id)?;
        let granted = row.granted.unwrap_or_default().min(line.base_quantity);
        let is_all = granted == line.base_quantity;
        let thousandths = granted.0.saturating_mul(1000).checked_div(line.base_per_unit.0).unwrap_or(0);
        Some(Got {
            line: line.id.clone(),
            name: line.product_name.clone(),
            ordered: line.base_quantity,
            granted,
            quantity: if is_all { line.quantity } else { Quantity(thousandths) },
        })
    };
    rows.iter().filter_map(of).collect()
}

/// «Nhãn lồng: 3 kg (đặt 5 kg)», a line each.
fn said_of(bench: &Bench, short: &[&Got]) -> String {
    let said = short.iter().filter_map(|one| {
        let unit = bench.lines.iter().find(|line| line.id == one.line)?.base_unit;
        Some(format!("{}: {} / {}", one.name, one.granted.said(unit), one.ordered.said(unit)))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// Nothing comes: everything is given back, with the reason in the buyer's language.
fn give_back(
    conn: &mut Conn,
    run: &Run,
    views: &Views,
    bench: &mut Bench,
    by: Option<&AccountId>,
    why: &str,
) -> Result<(), ServiceError> {
    let language = store::purchase::get(conn, &bench.order.purchase_id)?.language;
    let reason = views.say(language.parse().unwrap_or(Lang::Vi), why);
    decline(conn, run, bench, By { kind: ActorKind::Cooperative, account: by }, &reason)
}

/// A line of which nothing comes stays in the order as what was asked for; it weighs nothing, costs nothing and holds nothing.
fn drop_line(conn: &mut Conn, run: &Run, bench: &mut Bench, id: &OrderLineId) -> Result<(), ServiceError> {
    let line = bench.lines.iter_mut().find(|line| line.id == *id).ok_or(ServiceError::NotFound)?;
    store::order::put_weight(conn, id, Base::ZERO, Money::ZERO, run.now)?;
    (line.weighed_base, line.weighed_vnd, line.weighed_at) = (Some(Base::ZERO), Some(Money::ZERO), Some(run.now));
    for hold in bench.holds.iter().filter(|hold| hold.order_line_id == *id && hold.state == HoldState::Standing) {
        store::lot::end_hold(conn, hold, HoldState::Released, run.now)?;
    }
    Ok(())
}

/// Whether the buyer would rather wait: an order that nobody has said yes to, and that awaits no money.
fn wants_next(bench: &Bench, rows: &[WindowLine]) -> bool {
    let wishes = |row: &WindowLine| {
        bench.lines.iter().any(|line| line.id == row.order_line_id && line.if_short == IfShort::Next)
    };
    bench.order.state == OrderState::Placed && rows.iter().all(wishes)
}

/// The order waits for the next harvest that can promise all of it. False when there is none.
fn move_on(
    conn: &mut Conn,
    run: &Run,
    bench: &mut Bench,
    (rows, window): (&[WindowLine], &SalesWindow),
) -> Result<bool, ServiceError> {
    let need = Base::sum(bench.lines.iter().map(|line| line.needs()))?;
    let open = store::window::list_open_of(conn, std::slice::from_ref(&window.product_id), run.now)?;
    let lots = bench.stock.get(&window.product_id).map(Vec::as_slice).unwrap_or_default();
    let has_room = |next: &&SalesWindow| lots.iter().any(|lot| lot.id == next.lot_id && lot.available >= need);
    let Some(next) = open.iter().filter(|next| next.harvest_from >= window.harvest_from).find(has_room) else {
        return Ok(false);
    };
    for hold in bench.holds.iter().filter(|hold| hold.state == HoldState::Standing) {
        store::lot::end_hold(conn, hold, HoldState::Released, run.now)?;
    }
    for line in &bench.lines {
        let hold = Hold {
            id: crate::domain::id::HoldId::new(run.now, run.ten()),
            cooperative_id: line.cooperative_id.clone(),
            lot_id: next.lot_id.clone(),
            order_id: line.order_id.clone(),
            order_line_id: line.id.clone(),
            base_quantity: line.base_quantity,
            state: HoldState::Standing,
            expires_at: None,
            made_at: run.now,
            ended_at: None,
        };
        store::lot::insert_hold(conn, &hold)?;
    }
    for row in rows {
        store::window::put_window(conn, &row.order_line_id, &next.id)?;
    }
    let order = &bench.order;
    let later = next.harvest_to.days_since(window.harvest_to);
    let delivery = store::order::list_deliveries(conn, std::slice::from_ref(&order.id))?.pop();
    if let Some(day) = delivery.and_then(|delivery| delivery.deliver_on) {
        store::order::put_day(conn, &order.id, day.plus_days(later))?;
    }
    let from = answers_from(next.harvest_to).max(run.now);
    let times = answer_times(&bench.cooperative, from);
    store::order::put_placed(conn, &order.id, order.placed_at.unwrap_or(run.now), times)?;
    store::change::insert(conn, "product", window.product_id.as_text(), run.now)?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    let day = next.harvest_from;
    let said = format!("{}/{}", day.day_of_month(), day.month());
    tell_buyer(conn, run, order, MessageKind::PreorderMoved, &[("by", said)])?;
    Ok(true)
}
