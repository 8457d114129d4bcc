//! The cooperative's yes, by whichever way it comes: a tap, a link, the buyer's agreement to a change, or by itself for lots in
//! stock. Runs inside a use case's transaction, with lots and order locked.

use super::bench::{Bench, lay_out, tell_trace};
use super::draw::Run;
use super::error::ServiceError;
use super::holding::{self, LineShort, Stock};
use super::moving::{By, advance};
use super::posting::balance;
use super::telling::tell_buyer;
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, HoldState, OrderEvent, OrderState};
use crate::domain::quantity::BaseUnit;
use crate::domain::refusal::Refusal;
use crate::domain::trace::Step;
use crate::store::cooperative::Cooperative;
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};
use crate::view::filters;

/// The dated setting: minutes that a buyer has to pay after the cooperative's yes.
const PAY_WITHIN_SETTING: &str = "pay_after_yes_min";
const PAY_WITHIN_MIN: i64 = 720;

/// The cooperative says yes: the contract stands, or, where it was asked before any payment, the buyer may pay now. Goods whose hold
/// ran out meanwhile are taken again, or whoever says yes is told what is left.
pub(super) fn accept(conn: &mut Conn, run: &Run, bench: &mut Bench, by: By<'_>) -> Result<(), ServiceError> {
    let received = balance(conn, &bench.order.id)?.received;
    let event = OrderEvent::yes(bench.order.waits_for_yes(), received, bench.order.total_vnd);
    let until = match event {
        OrderEvent::Agreed => {
            let within = store::setting::find_number(conn, PAY_WITHIN_SETTING, run.now.day())?;
            Some(run.now.plus_minutes(within.unwrap_or(PAY_WITHIN_MIN)))
        }
        _ => None,
    };
    if bench.order.state == OrderState::Placed
        && let Err(short) = holding::hold_again(conn, run, &bench.lines, &mut bench.stock, until)?
    {
        return Err(ServiceError::Changed(short.iter().map(|line| short_of(&bench.lines, line)).collect()));
    }
    advance(conn, run, &mut bench.order, event, by, None)?;
    if let Some(until) = until {
        store::answer::put_payable(conn, &bench.order.id, until)?;
        let language = store::purchase::get(conn, &bench.order.purchase_id)?.language;
        let said = filters::at_said(until, language.parse().unwrap_or(Lang::Vi), false);
        return tell_buyer(conn, run, &bench.order, MessageKind::OrderPayable, &[("by", said)]);
    }
    bench.holds = store::lot::list_holds(conn, std::slice::from_ref(&bench.order.id))?;
    tell_trace(conn, run, bench, by.account, Step::Sold)?;
    tell_buyer(conn, run, &bench.order, MessageKind::OrderConfirmed, &[])
}

/// An order that was said yes to before it was paid, and is paid now: the contract stands, by the word of whoever said yes. Answers
/// whether there was such a word.
pub(super) fn accept_as_agreed(conn: &mut Conn, run: &Run, order: &Order) -> Result<bool, ServiceError> {
    let moves = store::order::list_moves(conn, &order.id)?;
    let Some(agreed) = moves.iter().rev().find(|row| row.event == OrderEvent::Agreed) else { return Ok(false) };
    let mut bench = lay_out(conn, order.clone(), Stock::new())?;
    accept(conn, run, &mut bench, By { kind: agreed.by_kind, account: agreed.by_account_id.as_ref() })?;
    Ok(true)
}

fn short_of(lines: &[OrderLine], short: &LineShort) -> Refusal {
    let unit = lines.iter().find(|line| line.id == short.line).map_or(BaseUnit::Gram, |line| line.base_unit);
    Refusal::new("refusal-short-to-confirm")
        .with("name", &short.product_name)
        .with("available", short.available.said(unit))
}

/// An order just placed is accepted at once where the cooperative wants it and every line stands on lots that are there. Answers
/// whether it was. Everything that it needs is held by the caller.
pub(super) fn accept_by_itself(
    conn: &mut Conn,
    run: &Run,
    cooperative: &Cooperative,
    order: &Order,
) -> Result<bool, ServiceError> {
    if !cooperative.accepts_stock || order.state != OrderState::Placed || order.short_stock {
        return Ok(false);
    }
    let mut bench = lay_out(conn, order.clone(), Stock::new())?;
    let standing = bench.holds.iter().filter(|hold| hold.state == HoldState::Standing);
    let mut lots: Vec<_> = standing.map(|hold| hold.lot_id.clone()).collect();
    lots.sort();
    lots.dedup();
    let there = store::lot::list_of(conn, &lots)?;
    let is_whole = holding::is_held(conn, &order.id)?;
    if !is_whole || !there.iter().all(|lot| !lot.is_planned(run.now.day())) {
        return Ok(false);
    }
    // Nobody of the cooperative has touched it: the move has no person.
    accept(conn, run, &mut bench, By { kind: ActorKind::Cooperative, account: None })?;
    Ok(true)
}
