//! A weight put right after the box was closed: nothing written is changed, a correction stands beside it in the stock, the trace, the
//! books and the line's history. By a manager, with a reason. After the hand-over the buyer never pays more for it.

use super::answering::read_reason;
use super::bench::{Bench, lock_bench, served, tell_correction};
use super::claim_step::given_for;
use super::crediting::owe_back;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::posting::{About, balance, post};
use super::telling::{owe_link, tell_buyer};
use super::vouchers;
use super::weighing::{self, market_bps, promised};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::{HoldId, MovementId, OrderId, OrderLineId, TraceEventId};
use crate::domain::ledger::{self, JournalKind};
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::{HoldState, OrderState};
use crate::domain::quantity::{Base, priced_base};
use crate::domain::refusal::Refusal;
use crate::domain::stock::MovementKind;
use crate::domain::trace::Step;
use crate::domain::weighing::Verdict;
use crate::store::lot::{Hold, Movement};
use crate::store::order::OrderLine;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Whether a weight of an order in this state is put right by a correction; before, it is weighed again.
pub const fn is_corrected(state: OrderState) -> bool {
    matches!(state, OrderState::Packed | OrderState::OnTheWay | OrderState::Delivered | OrderState::Closed)
}

/// «Đính chính cân». The same figure once more changes nothing.
pub async fn correct_weight(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    line: &OrderLineId,
    base: Base,
    reason: &str,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Manager)?;
    let reason = read_reason(reason)?;
    let (draw, seller, id, line) = (Draw::new(kit), seller.clone(), id.clone(), line.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_bench(conn, &run, &seller, &id)?;
            if !is_corrected(bench.order.state) {
                let refusal = Refusal::new("refusal-correct-state").with("code", &bench.order.code);
                return Err(ServiceError::changed(refusal));
            }
            let before = bench.lines.iter().find(|one| one.id == line).cloned().ok_or(ServiceError::NotFound)?;
            if before.weighed_base.unwrap_or(before.base_quantity) == base {
                return Ok(());
            }
            let amount = amount_of(conn, &run, &bench, &before, base)?;
            let given = given_for(conn, &before)?;
            if amount < given {
                let refusal = Refusal::new("refusal-correct-claimed").with("name", &before.product_name);
                return Err(ServiceError::changed(refusal.with("given", given)));
            }
            let (had, cost) = (served(&bench)?, goods_of(&bench)?);
            let cost = vouchers::net_of(conn, &id, cost)?;
            if let Some(line) = bench.lines.iter_mut().find(|one| one.id == line) {
                weighing::put(conn, &run, line, Some(&seller.account), (base, amount), Some(&reason))?;
            }
            move_back(conn, &run, &seller, &bench, &before.id, &had, &reason)?;
            let less = cost.minus(vouchers::put_net(conn, &id, goods_of(&bench)?)?)?;
            book(conn, &run, &seller, &mut bench, less, &reason)?;
            let corrects = weighed_event(conn, &bench)?;
            tell_correction(conn, &run, &bench, Some(&seller.account), Step::Weighed, corrects)?;
            store::change::insert(conn, "order", id.as_text(), run.now)?;
            let said = |base: Base| base.said(before.base_unit);
            let was = before.weighed_base.unwrap_or(before.base_quantity);
            let what = format!("{}: {} → {}", before.product_name, said(was), said(base));
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderChanged, &[("reason", what)])
        })
        .await
}

/// What its lines cost by their weights, before any code.
fn goods_of(bench: &Bench) -> Result<Money, ServiceError> {
    Ok(Money::sum(bench.lines.iter().map(|line| line.weighed_vnd.unwrap_or(line.line_vnd)))?)
}

/// What the line costs by the right weight.
fn amount_of(conn: &mut Conn, run: &Run, bench: &Bench, line: &OrderLine, base: Base) -> Result<Money, ServiceError> {
    let product = store::product::get(conn, &line.product_id)?;
    let promised = promised(line, Some(&product), market_bps(conn, run.now.day())?);
    if matches!(promised.judge(base), Verdict::Nothing | Verdict::TimesOff) {
        let refusal = Refusal::new("refusal-weight-ten-times").with("name", &line.product_name).about("weight");
        let said = |base: Base| base.said(line.base_unit);
        return Err(ServiceError::refused(
            refusal.with("weighed", said(base)).with("ordered", said(line.base_quantity)),
        ));
    }
    let was = line.weighed_vnd.unwrap_or(line.line_vnd);
    if !product.charged_by_true_weight {
        return Ok(was);
    }
    let amount = priced_base(line.price_vnd, promised.charged(base), line.base_per_unit)?;
    Ok(if bench.order.state.is_handed_over() { amount.min(was) } else { amount })
}

/// What left the lots less or more than was said, each as a movement beside the one that it corrects.
fn move_back(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    bench: &Bench,
    line: &OrderLineId,
    had: &HashMap<HoldId, Base>,
    reason: &str,
) -> Result<(), ServiceError> {
    let has = served(bench)?;
    let taken = bench.holds.iter().filter(|hold| hold.order_line_id == *line && hold.state == HoldState::Taken);
    for hold in taken {
        let part = |of: &HashMap<HoldId, Base>| of.get(&hold.id).copied().unwrap_or(hold.base_quantity);
        let back = part(had).minus(part(&has))?;
        if back == Base::ZERO {
            continue;
        }
        let row = Movement {
            id: MovementId::new(run.now, run.ten()),
            cooperative_id: hold.cooperative_id.clone(),
            lot_id: hold.lot_id.clone(),
            kind: MovementKind::Sale,
            base_quantity: back,
            order_id: Some(hold.order_id.clone()),
            order_line_id: Some(hold.order_line_id.clone()),
            to_whom: None,
            reason: Some(reason.to_owned()),
            by_account_id: Some(seller.account.clone()),
            corrects: sold_by(conn, hold)?,
            at: run.now,
            day: run.now.day(),
        };
        store::lot::insert_movement(conn, &row)
            .map_err(|_below_nothing| ServiceError::changed(Refusal::new("refusal-lot-too-small")))?;
    }
    Ok(())
}

/// The movement by which a line left a lot.
fn sold_by(conn: &mut Conn, hold: &Hold) -> Result<Option<MovementId>, ServiceError> {
    let movements = store::lot::list_movements(conn, &hold.lot_id)?;
    let is_it = |row: &&Movement| {
        row.kind == MovementKind::Sale
            && row.order_line_id.as_ref() == Some(&hold.order_line_id)
            && row.corrects.is_none()
    };
    Ok(movements.iter().find(is_it).map(|row| row.id.clone()))
}

/// The sums of the order, and the books where the goods are handed over already.
fn book(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    bench: &mut Bench,
    less: Money,
    reason: &str,
) -> Result<(), ServiceError> {
    let order = &mut bench.order;
    (order.goods_vnd, order.total_vnd) = (order.goods_vnd.minus(less)?, order.total_vnd.minus(less)?);
    store::order::put_sums(conn, &order.id, order.goods_vnd, order.total_vnd, run.now)?;
    if !order.state.is_handed_over() || !less.is_positive() {
        return owe_link(conn, run, &order.id);
    }
    let before = balance(conn, &order.id)?;
    let about = About {
        cooperative: &order.cooperative_id,
        kind: JournalKind::Correction,
        order: Some(&order.id),
        event: None,
        by: Some(&seller.account),
        note: Some(reason),
        reverses: None,
    };
    post(conn, run, about, &ledger::allowance(&order.id, less, before)?)?;
    let owed = balance(conn, &order.id)?.refund_due.minus(before.refund_due)?;
    owe_back(conn, run, order, owed)
}

/// The event in which the order was weighed; none when it never was.
fn weighed_event(conn: &mut Conn, bench: &Bench) -> Result<Option<TraceEventId>, ServiceError> {
    let events = store::trace::list_of_order(conn, &bench.order.trace_ref)?;
    let is_weighing = |event: &store::trace::TraceEvent| {
        Step::of_cbv(event.event_type, event.action, &event.biz_step) == Some(Step::Weighed)
    };
    Ok(events.into_iter().rev().find(is_weighing).map(|event| event.id))
}
