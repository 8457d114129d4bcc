//! Stock under a lock: what open lots can still promise, and the holds that promise it. Runs inside a use case's transaction.

use super::draw::Run;
use super::error::ServiceError;
use crate::domain::id::{HoldId, LotId, OrderId, OrderLineId, ProductId};
use crate::domain::order::HoldState;
use crate::domain::quantity::Base;
use crate::domain::stock::{LotKind, LotState, LotStock, Share, Short, allocate, order_first_expired};
use crate::domain::time::At;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// What locked lots can still promise, by product, in the order in which they serve.
pub type Stock = HashMap<ProductId, Vec<LotStock>>;

/// Locks the open lots of products by id, releases holds that have run out, and says what each can still promise.
/// Lots past their best-before day are not for sale.
pub fn lock_stock(conn: &mut Conn, now: At, products: &[ProductId]) -> Result<Stock, ServiceError> {
    lock_stock_and(conn, now, products, &[])
}

/// The same for orders that are to be moved: the open lots of their products and the lots that they hold, in one lock, so that
/// two moves never wait for each other. Before their order rows (`decisions.md`, Locks).
pub fn lock_stock_of(conn: &mut Conn, now: At, orders: &[OrderId]) -> Result<Stock, ServiceError> {
    if orders.is_empty() {
        return Ok(Stock::new());
    }
    let lines = store::order::list_lines(conn, orders)?;
    let mut held: Vec<LotId> = store::lot::list_holds(conn, orders)?.into_iter().map(|hold| hold.lot_id).collect();
    held.sort();
    held.dedup();
    lock_stock_and(conn, now, &products_of(&lines), &held)
}

pub(super) fn lock_stock_and(
    conn: &mut Conn,
    now: At,
    products: &[ProductId],
    also: &[LotId],
) -> Result<Stock, ServiceError> {
    let lots = store::lot::lock_open_and(conn, products, now.day(), also)?;
    let ids: Vec<LotId> = lots.iter().map(|lot| lot.id.clone()).collect();
    let mut freed: HashMap<LotId, Base> = HashMap::new();
    for hold in store::lot::list_run_out(conn, &ids, now)? {
        if store::lot::end_hold(conn, &hold, HoldState::Released, now)? {
            let sum = freed.entry(hold.lot_id.clone()).or_default();
            *sum = sum.plus(hold.base_quantity)?;
        }
    }
    let mut stock = Stock::new();
    let sells =
        |lot: &store::lot::Lot| lot.state == LotState::Open && lot.best_before.is_none_or(|day| day >= now.day());
    for lot in lots.into_iter().filter(sells) {
        let free = freed.get(&lot.id).copied().unwrap_or_default();
        let (is_planned, is_window) = (lot.is_planned(now.day()), lot.kind == LotKind::Window);
        stock.entry(lot.product_id).or_default().push(LotStock {
            available: lot.on_hand.minus(lot.held)?.plus(free)?,
            is_planned,
            is_window,
            id: lot.id,
            best_before: lot.best_before,
            made_on: lot.made_on,
        });
    }
    for lots in stock.values_mut() {
        order_first_expired(lots);
    }
    Ok(stock)
}

/// Takes `need` of a product from stock locked before. `Short` says how much is there.
/// A lot of a sales window serves only what was ordered of that window, and `of_window` names it.
pub fn share_out(
    stock: &mut Stock,
    product: &ProductId,
    need: Base,
    of_window: Option<&LotId>,
) -> Result<Vec<Share>, Short> {
    let Some(lots) = stock.get_mut(product) else { return Err(Short { available: Base::ZERO }) };
    let serves = |lot: &LotStock| match of_window {
        Some(own) => lot.id == *own,
        None => !lot.is_window,
    };
    let mut able: Vec<LotStock> = lots.iter().filter(|lot| serves(lot)).cloned().collect();
    let shares = allocate(&mut able, need)?;
    for lot in able {
        if let Some(there) = lots.iter_mut().find(|there| there.id == lot.id) {
            *there = lot;
        }
    }
    Ok(shares)
}

/// Puts the holds of one line.
pub fn hold(
    conn: &mut Conn,
    run: &Run,
    line: &store::order::OrderLine,
    shares: &[Share],
    expires_at: Option<At>,
) -> Result<(), ServiceError> {
    for share in shares {
        store::lot::insert_hold(
            conn,
            &store::lot::Hold {
                id: HoldId::new(run.now, run.ten()),
                cooperative_id: line.cooperative_id.clone(),
                lot_id: share.lot.clone(),
                order_id: line.order_id.clone(),
                order_line_id: line.id.clone(),
                base_quantity: share.base,
                state: HoldState::Standing,
                expires_at,
                made_at: run.now,
                ended_at: None,
            },
        )?;
    }
    Ok(())
}

/// Gives back everything an order still holds.
pub fn release(conn: &mut Conn, order: &OrderId, at: At) -> Result<(), ServiceError> {
    let holds = store::lot::list_holds(conn, std::slice::from_ref(order))?;
    let mut lots: Vec<LotId> = holds.iter().map(|hold| hold.lot_id.clone()).collect();
    lots.sort();
    lots.dedup();
    store::lot::lock_of(conn, &lots)?;
    for hold in holds.iter().filter(|hold| hold.state == HoldState::Standing) {
        store::lot::end_hold(conn, hold, HoldState::Released, at)?;
    }
    Ok(())
}

/// A line that can no longer be held, and how much of it could be.
#[derive(Debug, Clone)]
pub struct LineShort {
    pub line: OrderLineId,
    pub product_name: String,
    pub available: Base,
}

/// Makes every line of an order held in full until `expires_at`, taking again what had been released meanwhile.
/// All or nothing: on `Err` the caller rolls back or leaves the order as it was. The stock must be locked by `lock_stock` before.
pub fn hold_again(
    conn: &mut Conn,
    run: &Run,
    lines: &[store::order::OrderLine],
    stock: &mut Stock,
    expires_at: Option<At>,
) -> Result<Result<(), Vec<LineShort>>, ServiceError> {
    let orders: Vec<OrderId> = lines.iter().map(|line| line.order_id.clone()).take(1).collect();
    let holds = store::lot::list_holds(conn, &orders)?;
    let mut shares = Vec::new();
    let mut short = Vec::new();
    for line in lines {
        let standing = holds.iter().filter(|hold| hold.order_line_id == line.id && hold.state == HoldState::Standing);
        let missing = line.needs().minus(Base::sum(standing.map(|hold| hold.base_quantity))?)?;
        if !missing.is_positive() {
            continue;
        }
        // What was promised of a window comes of that window until it is harvested.
        let own = |lot: &&LotStock| {
            lot.is_window && holds.iter().any(|hold| hold.order_line_id == line.id && hold.lot_id == lot.id)
        };
        let of_window = stock.get(&line.product_id).and_then(|lots| lots.iter().find(own)).map(|lot| lot.id.clone());
        match share_out(stock, &line.product_id, missing, of_window.as_ref()) {
            Ok(taken) => shares.push((line, taken)),
            Err(Short { available }) => {
                short.push(LineShort { line: line.id.clone(), product_name: line.product_name.clone(), available });
            }
        }
    }
    if !short.is_empty() {
        return Ok(Err(short));
    }
    for (line, taken) in shares {
        hold(conn, run, line, &taken, expires_at)?;
    }
    for order in orders {
        store::lot::put_hold_end(conn, &order, expires_at)?;
    }
    Ok(Ok(()))
}

/// Whether every line of an order is still held in full. The lots must be locked.
pub fn is_held(conn: &mut Conn, order: &OrderId) -> Result<bool, ServiceError> {
    let lines = store::order::list_lines(conn, std::slice::from_ref(order))?;
    let holds = store::lot::list_holds(conn, std::slice::from_ref(order))?;
    for line in &lines {
        let standing = holds.iter().filter(|hold| hold.order_line_id == line.id && hold.state == HoldState::Standing);
        if Base::sum(standing.map(|hold| hold.base_quantity))? < line.needs() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The products of lines, each once, in id order.
pub fn products_of(lines: &[store::order::OrderLine]) -> Vec<ProductId> {
    let mut products: Vec<ProductId> = lines.iter().map(|line| line.product_id.clone()).collect();
    products.sort();
    products.dedup();
    products
}
