//! Sales windows beside their lots, movements and shares.

use super::{Checked, grouped};
use crate::domain::id::{LotId, SalesWindowId};
use crate::domain::quantity::Base;
use crate::domain::stock::{LotKind, MovementKind};
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::lot::Lot;
use crate::store::schema::{lot, sales_window, stock_movement, window_line};
use crate::store::window::SalesWindow;
use diesel::prelude::*;

impl Checked for WindowSums {
    fn key(&self) -> String {
        self.window.id.to_string()
    }
}

/// A window beside everything that has to agree with it.
#[derive(Debug, Clone)]
pub struct WindowSums {
    pub window: SalesWindow,
    pub lot: Lot,
    /// Movements of its lot that plan, and take the plan back.
    pub plans: Vec<Base>,
    /// Shares of its harvest.
    pub granted: Vec<Base>,
}

impl WindowSums {
    /// What is wrong, if anything.
    pub fn trouble(&self) -> Option<String> {
        let (window, lot) = (&self.window, &self.lot);
        let planned = Base::sum(self.plans.iter().copied()).ok();
        let granted = Base::sum(self.granted.iter().copied()).ok();
        let is_own = lot.product_id == window.product_id && lot.cooperative_id == window.cooperative_id;
        let is_harvested = window.harvested.is_some_and(Base::is_positive);
        let words = if !is_own {
            "its lot is another's"
        } else if window.state.is_over() != window.harvested.is_some() {
            "it is over without a harvest, or harvested and not over"
        } else if planned != Some(if window.state.is_over() { Base::ZERO } else { window.planned }) {
            "its lot plans something else"
        } else if (lot.kind == LotKind::Window) == is_harvested {
            "its lot is not what was harvested"
        } else if granted.is_none_or(|sum| sum > window.harvested.unwrap_or_default()) {
            "more was given than was harvested"
        } else {
            return None;
        };
        Some(format!("sales window {}: {words}", window.id))
    }
}

pub fn list_window_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<WindowSums>> {
    let rows: Vec<(SalesWindow, Lot)> = sales_window::table
        .inner_join(lot::table.on(lot::id.eq(sales_window::lot_id)))
        .filter(sales_window::id.gt(after))
        .order(sales_window::id)
        .limit(most)
        .select((SalesWindow::as_select(), Lot::as_select()))
        .load(conn)?;
    let lots: Vec<LotId> = rows.iter().map(|(_, lot)| lot.id.clone()).collect();
    let ids: Vec<SalesWindowId> = rows.iter().map(|(window, _)| window.id.clone()).collect();
    let plans: Vec<(LotId, Base)> = stock_movement::table
        .filter(stock_movement::lot_id.eq_any(&lots))
        .filter(stock_movement::kind.eq(MovementKind::Plan))
        .select((stock_movement::lot_id, stock_movement::base_quantity))
        .load(conn)?;
    let shares: Vec<(SalesWindowId, Option<Base>)> = window_line::table
        .filter(window_line::sales_window_id.eq_any(&ids))
        .select((window_line::sales_window_id, window_line::granted))
        .load(conn)?;
    let mut plans = grouped(plans);
    let shares = shares.into_iter().filter_map(|(window, granted)| Some((window, granted?)));
    let mut shares = grouped(shares.collect());
    let sums = rows.into_iter().map(|(window, lot)| WindowSums {
        plans: plans.remove(&lot.id).unwrap_or_default(),
        granted: shares.remove(&window.id).unwrap_or_default(),
        window,
        lot,
    });
    Ok(sums.collect())
}
