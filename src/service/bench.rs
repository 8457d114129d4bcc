//! An order under somebody's hands: locked with its lots, its lines and holds laid out, and the word to the trace of what was done
//! with its goods. Knows no act.

use super::draw::Run;
use super::error::ServiceError;
use super::holding::{self, Stock};
use super::recording::{Scene, record_that_corrects};
use super::who::Seller;
use crate::domain::id::{AccountId, HoldId, LotId, OrderId, OrderLineId, TraceEventId};
use crate::domain::order::HoldState;
use crate::domain::quantity::{Base, BaseUnit};
use crate::domain::trace::{LotPart, Step, WordOf};
use crate::store::StoreError;
use crate::store::cooperative::Cooperative;
use crate::store::lot::Hold;
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};
use std::collections::{BTreeSet, HashMap};

/// An order under the hands of a cooperative: locked, with its lines and the holds that serve them.
pub(super) struct Bench {
    pub order: Order,
    pub lines: Vec<OrderLine>,
    pub holds: Vec<Hold>,
    pub cooperative: Cooperative,
    /// What the locked lots can still promise; nothing where no lot was locked.
    pub stock: Stock,
}

/// Locks the lots of an order, then the order. Another cooperative's order is not there.
pub(super) fn lock_bench(conn: &mut Conn, run: &Run, seller: &Seller, id: &OrderId) -> Result<Bench, ServiceError> {
    let stock = holding::lock_stock_of(conn, run.now, std::slice::from_ref(id))?;
    let order = store::order::lock_own(conn, &seller.cooperative, id)?;
    lay_out(conn, order, stock)
}

/// Locks the order alone, for acts that change no lot.
pub(super) fn lock_order(conn: &mut Conn, seller: &Seller, id: &OrderId) -> Result<Bench, ServiceError> {
    let order = store::order::lock_own(conn, &seller.cooperative, id)?;
    lay_out(conn, order, Stock::new())
}

/// Lots and order for acts that are not a cooperative's: a shopper's, the clock's.
pub(super) fn lock_any(conn: &mut Conn, run: &Run, id: &OrderId) -> Result<Bench, ServiceError> {
    let stock = holding::lock_stock_of(conn, run.now, std::slice::from_ref(id))?;
    let order = store::order::lock(conn, id)?;
    lay_out(conn, order, stock)
}

pub(super) fn lay_out(conn: &mut Conn, order: Order, stock: Stock) -> Result<Bench, ServiceError> {
    let orders = std::slice::from_ref(&order.id);
    let (lines, holds) = (store::order::list_lines(conn, orders)?, store::lot::list_holds(conn, orders)?);
    let cooperative = store::cooperative::get(conn, &order.cooperative_id)?;
    Ok(Bench { order, lines, holds, cooperative, stock })
}

/// The parts of lots that a bench touches; `of` says how much of a hold counts.
fn parts(conn: &mut Conn, bench: &Bench, of: impl Fn(&Hold) -> Base) -> Result<Vec<LotPart>, ServiceError> {
    let units: HashMap<&OrderLineId, BaseUnit> = bench.lines.iter().map(|line| (&line.id, line.base_unit)).collect();
    let holds = || bench.holds.iter().filter(|hold| hold.state != HoldState::Released);
    let ids: BTreeSet<LotId> = holds().map(|hold| hold.lot_id.clone()).collect();
    let lots = store::lot::list_of(conn, &Vec::from_iter(ids))?;
    let mut parts: Vec<LotPart> = Vec::new();
    for hold in holds() {
        let base = of(hold);
        if let Some(part) = parts.iter_mut().find(|part| part.lot == hold.lot_id) {
            part.base = part.base.plus(base)?;
            continue;
        }
        let code = lots.iter().find(|lot| lot.id == hold.lot_id).map(|lot| lot.code.clone());
        let code = code.ok_or(StoreError::NotFound)?;
        let unit = units.get(&hold.order_line_id).copied().unwrap_or(BaseUnit::Piece);
        parts.push(LotPart { lot: hold.lot_id.clone(), code, base, unit });
    }
    Ok(parts)
}

/// Writes what was done with the goods of a bench into the trace.
pub(super) fn tell_trace(
    conn: &mut Conn,
    run: &Run,
    bench: &Bench,
    by: Option<&AccountId>,
    step: Step,
) -> Result<(), ServiceError> {
    tell_correction(conn, run, bench, by, step, None)
}

/// The same in the place of an earlier event.
pub(super) fn tell_correction(
    conn: &mut Conn,
    run: &Run,
    bench: &Bench,
    by: Option<&AccountId>,
    step: Step,
    corrects: Option<TraceEventId>,
) -> Result<(), ServiceError> {
    let weighed = served(bench)?;
    let parts = parts(conn, bench, |hold| weighed.get(&hold.id).copied().unwrap_or(hold.base_quantity))?;
    let scene = Scene {
        base_url: &run.house.base_url,
        cooperative: &bench.cooperative,
        by,
        word_of: if step == Step::Weighed { WordOf::Instrument } else { WordOf::Cooperative },
        order: Some(&bench.order.trace_ref),
        place: &bench.cooperative.address,
        commune_code: Some(&bench.cooperative.commune_code),
        made: None,
    };
    record_that_corrects(conn, run, step, parts, &scene, corrects)?;
    Ok(())
}

/// How much of each hold was truly served: the weight of a line, laid on its holds in their order.
pub(super) fn served(bench: &Bench) -> Result<HashMap<HoldId, Base>, ServiceError> {
    let mut out = HashMap::new();
    for line in &bench.lines {
        let mut left = line.weighed_base.unwrap_or(line.base_quantity);
        let holds: Vec<&Hold> = bench
            .holds
            .iter()
            .filter(|hold| hold.order_line_id == line.id && hold.state != HoldState::Released)
            .collect();
        for (index, hold) in holds.iter().enumerate() {
            let is_last = index.saturating_add(1) == holds.len();
            let part = if is_last { left } else { left.min(hold.base_quantity) };
            left = left.minus(part)?;
            out.insert(hold.id.clone(), part);
        }
    }
    Ok(out)
}
