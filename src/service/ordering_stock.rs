//! The goods of a checkout: locked, shared out to its lines, or said to be short line by line. Knows no money and no order.

use super::browsing::orderable;
use super::error::ServiceError;
use super::holding;
use super::pricing::{Group, Priced, PricedLine};
use super::windows::{LineOfWindow, closed_meanwhile};
use crate::domain::id::{LotId, ProductId};
use crate::domain::refusal::Refusal;
use crate::domain::stock::{LotStock, Share, Short};
use crate::domain::time::At;
use crate::store::Conn;
use std::collections::{HashMap, HashSet};

impl PricedLine {
    /// The lot that alone serves it, when it is ordered before its harvest.
    pub fn window_lot(&self) -> Option<&LotId> {
        self.window.as_ref().map(|window| &window.lot_id)
    }
}

/// What was shared out to each line, and which of the lots are only planned.
pub(super) struct Taken {
    pub shares: HashMap<usize, Vec<Share>>,
    planned: HashSet<LotId>,
}

/// Whether the cooperative has to say yes before the buyer pays: it wants that, or some of the goods are not there yet. Not where it
/// accepts what is there by itself.
pub(super) fn needs_yes_first(group: &Group, taken: &Taken) -> bool {
    let mut shares = group.lines.iter().filter_map(|line| taken.shares.get(&line.index)).flatten();
    let is_there = !shares.any(|share| taken.planned.contains(&share.lot));
    !is_there || (group.cooperative.confirms_first && !group.cooperative.accepts_stock)
}

/// Locks what the lines need and shares it out; everything short is said at once.
pub(super) fn take_stock(conn: &mut Conn, now: At, priced: &Priced) -> Result<Taken, ServiceError> {
    let lines: Vec<&PricedLine> = priced.groups.iter().flat_map(|group| &group.lines).collect();
    let mut products: Vec<ProductId> = lines.iter().map(|line| line.product.id.clone()).collect();
    products.sort();
    products.dedup();
    let mut stock: HashMap<ProductId, Vec<LotStock>> = holding::lock_stock(conn, now, &products)?;
    let planned = stock.values().flatten().filter(|lot| lot.is_planned).map(|lot| lot.id.clone()).collect();
    let mut shares = HashMap::new();
    let mut changed = priced.changed.clone();
    // Read again under the lots' locks: whoever closes, pauses or harvests a window holds its lot.
    let of_windows = lines.iter().filter_map(|line| {
        line.window.as_ref().map(|window| LineOfWindow { index: line.index, name: &line.product.name, window })
    });
    changed.extend(closed_meanwhile(conn, now, &of_windows.collect::<Vec<_>>())?);
    for line in lines {
        match holding::share_out(&mut stock, &line.product.id, line.base, line.window_lot()) {
            Ok(taken) => {
                shares.insert(line.index, taken);
            }
            Err(short) => changed.push(short_refusal(line, short)),
        }
    }
    if !priced.refused.is_empty() || changed.is_empty() {
        Ok(Taken { shares, planned })
    } else {
        Err(ServiceError::Changed(changed))
    }
}

/// «Chỉ còn 3 kg. Đặt 3 kg, hay bỏ món này?»
pub(super) fn short_refusal(line: &PricedLine, short: Short) -> Refusal {
    let key = if short.available.is_positive() { "refusal-short" } else { "refusal-sold-out" };
    Refusal::new(key)
        .with("name", &line.product.name)
        .with("available", short.available.said(line.product.base_unit))
        .with("available_base", short.available.0)
        .with("available_quantity", orderable(&line.offer, short.available).decimal())
        .about(format!("lines[{}].quantity", line.index))
}
