//! Stock as it is shown: read in one snapshot, without locks. What a checkout may take is decided by `holding` under locks.

use super::error::ServiceError;
use crate::domain::id::{LotId, ProductId};
use crate::domain::quantity::Base;
use crate::domain::stock::{LotKind, LotStock, order_first_expired};
use crate::domain::time::{At, Day};
use crate::store::window::SalesWindow;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// What each open lot of products can still promise, first expired first.
pub fn stock_of(
    conn: &mut Conn,
    now: At,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Vec<LotStock>>, ServiceError> {
    let mut stock: HashMap<ProductId, Vec<LotStock>> = HashMap::new();
    for chunk in products.chunks(500) {
        let lots = store::lot::list_open_of(conn, chunk)?;
        let run_out = run_out_of(conn, now, &lots)?;
        for lot in lots.into_iter().filter(|lot| lot.best_before.is_none_or(|day| day >= now.day())) {
            let freed = run_out.get(&lot.id).copied().unwrap_or_default();
            let (is_planned, is_window) = (lot.is_planned(now.day()), lot.kind == LotKind::Window);
            stock.entry(lot.product_id).or_default().push(LotStock {
                available: crate::domain::stock::available(lot.on_hand, lot.held, freed)?,
                is_planned,
                is_window,
                id: lot.id,
                best_before: lot.best_before,
                made_on: lot.made_on,
            });
        }
    }
    for lots in stock.values_mut() {
        order_first_expired(lots);
    }
    Ok(stock)
}

/// Σ of holds that have run out and still stand, by lot.
pub fn run_out_of(conn: &mut Conn, now: At, lots: &[store::lot::Lot]) -> Result<HashMap<LotId, Base>, ServiceError> {
    let ids: Vec<LotId> = lots.iter().filter(|lot| lot.held.is_positive()).map(|lot| lot.id.clone()).collect();
    let mut sums: HashMap<LotId, Base> = HashMap::new();
    for chunk in ids.chunks(500) {
        for hold in store::lot::list_run_out(conn, chunk, now)? {
            let sum = sums.entry(hold.lot_id).or_default();
            *sum = sum.plus(hold.base_quantity)?;
        }
    }
    Ok(sums)
}

/// The sum of what lots can promise; a lot that owes more than it has counts as nothing, and so does one of a sales window: it is
/// sold by that window's own offers.
pub fn available(lots: &[LotStock]) -> Result<Base, ServiceError> {
    Ok(Base::sum(lots.iter().filter(|lot| !lot.is_window).map(|lot| lot.available.max(Base::ZERO)))?)
}

/// The first instant at which standing holds give something of a product back, by product.
pub fn hold_ends(
    conn: &mut Conn,
    now: At,
    stock: &HashMap<ProductId, Vec<LotStock>>,
) -> Result<HashMap<ProductId, At>, ServiceError> {
    let owner: HashMap<&LotId, &ProductId> =
        stock.iter().flat_map(|(product, lots)| lots.iter().map(move |lot| (&lot.id, product))).collect();
    let ids: Vec<LotId> = owner.keys().map(|id| (*id).clone()).collect();
    let mut ends: HashMap<ProductId, At> = HashMap::new();
    for chunk in ids.chunks(500) {
        for (lot, end) in store::lot::list_hold_ends(conn, chunk, now)? {
            let (Some(product), Some(end)) = (owner.get(&lot), end) else { continue };
            let first = ends.entry((*product).clone()).or_insert(end);
            *first = end.min(*first);
        }
    }
    Ok(ends)
}

/// The day of the freshest lot on sale.
pub fn freshest(lots: &[LotStock]) -> Option<Day> {
    lots.iter().filter(|lot| !lot.is_window && lot.available.is_positive()).map(|lot| lot.made_on).max()
}

/// The soonest harvest of a product that can be ordered now, `least` at least, and when the first of its windows closes.
pub fn preorder_of(
    windows: &[SalesWindow],
    product: &ProductId,
    lots: &[LotStock],
    least: Base,
) -> (Option<Day>, Option<At>) {
    let own = || windows.iter().filter(|window| window.product_id == *product);
    let has_room = |window: &&SalesWindow| lots.iter().any(|lot| lot.id == window.lot_id && lot.available >= least);
    (own().find(has_room).map(|window| window.harvest_from), own().map(|window| window.closes_at).min())
}
