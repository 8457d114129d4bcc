//! What orders took by a code beside the code's terms and the orders' lines.

use super::{Checked, grouped};
use crate::domain::id::{OrderId, VoucherId};
use crate::domain::money::Money;
use crate::domain::time::At;
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::order::{Order, OrderLine, list_lines, list_of};
use crate::store::schema::order_voucher;
use crate::store::voucher::{OrderVoucher, Voucher};
use diesel::prelude::*;

impl Checked for VoucherSums {
    fn key(&self) -> String {
        self.used.order_id.to_string()
    }
}

/// An order's use of a code beside everything that has to agree with it.
#[derive(Debug, Clone)]
pub struct VoucherSums {
    pub used: OrderVoucher,
    pub voucher: Option<Voucher>,
    pub order: Option<Order>,
    pub lines: Vec<OrderLine>,
    /// Orders that use the same code, this one too.
    pub with_it: Vec<Order>,
}

impl VoucherSums {
    /// What is wrong, if anything.
    pub fn trouble(&self, now: At) -> Option<String> {
        let used = &self.used;
        let (Some(voucher), Some(order)) = (&self.voucher, &self.order) else {
            return Some(format!("order {} used a code that is not there", used.order_id));
        };
        let costs = self.lines.iter().map(|line| line.weighed_vnd.unwrap_or(line.line_vnd));
        let costs = Money::sum(costs).unwrap_or_default();
        // An order that came late to life again had its use before.
        let living = self.with_it.iter().filter(|other| !other.state_at(now).is_dead() && !other.is_late).count();
        let words = if order.cooperative_id != voucher.cooperative_id {
            "used another cooperative's code".to_owned()
        } else if used.gross_vnd != costs {
            format!("has goods of {costs}, its code was taken off {}", used.gross_vnd)
        } else if used.gross_vnd.minus(used.off_vnd) != used.net_of(used.gross_vnd) {
            format!("was given {} off {}, its code says otherwise", used.off_vnd, used.gross_vnd)
        } else if voucher.uses_most > 0 && i64::try_from(living).unwrap_or(i64::MAX) > voucher.uses_most {
            format!("is one of {living} with a code for {}", voucher.uses_most)
        } else {
            return None;
        };
        Some(format!("order {} {words}", order.code))
    }
}

pub fn list_voucher_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<VoucherSums>> {
    use crate::store::schema::{sale_order, voucher};
    let used: Vec<OrderVoucher> = order_voucher::table
        .filter(order_voucher::order_id.gt(after))
        .order(order_voucher::order_id)
        .limit(most)
        .select(OrderVoucher::as_select())
        .load(conn)?;
    let orders: Vec<OrderId> = used.iter().map(|row| row.order_id.clone()).collect();
    let mut ids: Vec<VoucherId> = used.iter().map(|row| row.voucher_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let vouchers: Vec<Voucher> =
        voucher::table.filter(voucher::id.eq_any(&ids)).select(Voucher::as_select()).load(conn)?;
    let together: Vec<(VoucherId, Order)> = order_voucher::table
        .inner_join(sale_order::table.on(sale_order::id.eq(order_voucher::order_id)))
        .filter(order_voucher::voucher_id.eq_any(&ids))
        .select((order_voucher::voucher_id, Order::as_select()))
        .load(conn)?;
    let together = grouped(together);
    let found = list_of(conn, &orders)?;
    let mut lines = grouped(list_lines(conn, &orders)?.into_iter().map(|line| (line.order_id.clone(), line)).collect());
    let sums = used.into_iter().map(|used| VoucherSums {
        voucher: vouchers.iter().find(|one| one.id == used.voucher_id).cloned(),
        order: found.iter().find(|one| one.id == used.order_id).cloned(),
        lines: lines.remove(&used.order_id).unwrap_or_default(),
        with_it: together.get(&used.voucher_id).cloned().unwrap_or_default(),
        used,
    });
    Ok(sums.collect())
}
