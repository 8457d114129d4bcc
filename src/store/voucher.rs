//! Codes of cooperatives and what orders took by them. Uses are counted from orders that live, so nothing can drift.

use super::conn::{Conn, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{order_voucher, purchase, sale_order, voucher};
use super::told::Told;
use crate::domain::id::{AccountId, CooperativeId, OrderId, VoucherId};
use crate::domain::money::{Money, MoneyOverflow};
use crate::domain::order::OrderState;
use crate::domain::time::{At, Day};
use crate::domain::voucher::{Plan, Terms, VoucherKind};
use diesel::dsl::count_star;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = voucher, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Voucher {
    pub id: VoucherId,
    pub cooperative_id: CooperativeId,
    pub code: String,
    pub kind: VoucherKind,
    pub percent_bps: i64,
    /// Zero: no bound.
    pub most_off_vnd: Money,
    pub least_goods_vnd: Money,
    pub from_day: Day,
    pub to_day: Day,
    /// Orders; 0: no bound.
    pub uses_most: i64,
    /// Orders of one number; 0: no bound.
    pub phone_most: i64,
    pub made_by: AccountId,
    pub made_at: At,
    pub stopped_by: Option<AccountId>,
    pub stopped_at: Option<At>,
}

impl Voucher {
    pub fn plan(&self) -> Plan {
        Plan {
            code: self.code.clone(),
            kind: self.kind,
            terms: Terms { percent_bps: self.percent_bps, most_off: self.most_off_vnd },
            least_goods: self.least_goods_vnd,
            from_day: self.from_day,
            to_day: self.to_day,
            uses_most: self.uses_most,
            phone_most: self.phone_most,
        }
    }
}

/// What an order took by a code, and the terms that it was placed with.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_voucher, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct OrderVoucher {
    pub order_id: OrderId,
    pub voucher_id: VoucherId,
    pub cooperative_id: CooperativeId,
    pub percent_bps: i64,
    pub most_off_vnd: Money,
    /// The goods before it, and what it takes off them.
    pub gross_vnd: Money,
    pub off_vnd: Money,
    /// What the delivery would have cost.
    pub shipping_off_vnd: Money,
    pub at: At,
}

impl OrderVoucher {
    /// What goods of so much cost by its terms.
    pub fn net_of(&self, gross: Money) -> Result<Money, MoneyOverflow> {
        gross.minus(Terms { percent_bps: self.percent_bps, most_off: self.most_off_vnd }.off(gross)?)
    }

    /// The part of what the order's goods really cost that goods of so much are: half up.
    pub fn share_of(&self, amount: Money) -> Result<Money, MoneyOverflow> {
        if !self.gross_vnd.is_positive() {
            return Ok(amount);
        }
        amount.minus(amount.scaled_half_up(self.off_vnd.vnd(), self.gross_vnd.vnd())?)
    }

    /// All that it took off, goods and delivery.
    pub fn all_off(&self) -> Result<Money, MoneyOverflow> {
        self.off_vnd.plus(self.shipping_off_vnd)
    }
}

/// A new code; seen when the cooperative has one so written.
pub fn insert_new(conn: &mut Conn, row: &Voucher) -> StoreResult<Told> {
    let key = (voucher::cooperative_id, voucher::code);
    let query = diesel::insert_into(voucher::table).values(row).on_conflict(key).do_nothing();
    Ok(Told::of_rows(super::conn::Each(query).execute(conn)?))
}

/// The codes of a cooperative, the newest first.
pub fn list(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<Voucher>> {
    let query = voucher::table
        .filter(voucher::cooperative_id.eq(cooperative))
        .order((voucher::made_at.desc(), voucher::id))
        .limit(most);
    Ok(query.select(Voucher::as_select()).load(conn)?)
}

/// Codes so written of these cooperatives (at most 500).
pub fn list_by_code(conn: &mut Conn, cooperatives: &[CooperativeId], code: &str) -> StoreResult<Vec<Voucher>> {
    let query = voucher::table
        .filter(voucher::cooperative_id.eq_any(cooperatives))
        .filter(voucher::code.eq(code))
        .order(voucher::id);
    Ok(query.select(Voucher::as_select()).load(conn)?)
}

/// Locks codes by id: whoever uses one for the last time does so alone.
pub fn lock_of(conn: &mut Conn, ids: &[VoucherId]) -> StoreResult<Vec<Voucher>> {
    let query = voucher::table.filter(voucher::id.eq_any(ids)).order(voucher::id).select(Voucher::as_select());
    Ok(locked(query).load(conn)?)
}

/// Nobody uses one of a cooperative's own codes any more. False when there is none that could be stopped.
pub fn mark_stopped(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    id: &VoucherId,
    by: &AccountId,
    at: At,
) -> StoreResult<bool> {
    let target = voucher::table
        .filter(voucher::id.eq(id))
        .filter(voucher::cooperative_id.eq(cooperative))
        .filter(voucher::stopped_at.is_null());
    let put = (voucher::stopped_by.eq(Some(by)), voucher::stopped_at.eq(Some(at)));
    Ok(diesel::update(target).set(put).execute(conn)? == 1)
}

/// How many living orders use each of these codes (at most 500), of everybody or of one number; a code that none uses is left out. An
/// unpaid order whose time is up uses none.
pub fn count_uses(
    conn: &mut Conn,
    vouchers: &[VoucherId],
    phone: Option<&str>,
    now: At,
) -> StoreResult<Vec<(VoucherId, i64)>> {
    let dead = [OrderState::Expired, OrderState::Cancelled, OrderState::Declined];
    let living = || {
        let waits = sale_order::state.eq(OrderState::AwaitingPayment);
        let in_time = sale_order::expires_at.gt(now).assume_not_null();
        order_voucher::table
            .inner_join(sale_order::table.on(sale_order::id.eq(order_voucher::order_id)))
            .inner_join(purchase::table.on(purchase::id.eq(sale_order::purchase_id)))
            .filter(order_voucher::voucher_id.eq_any(vouchers))
            .filter(sale_order::state.ne_all(dead))
            .filter(diesel::dsl::not(waits).or(in_time))
    };
    let each = (order_voucher::voucher_id, count_star());
    Ok(match phone {
        None => living().group_by(order_voucher::voucher_id).select(each).load(conn)?,
        Some(phone) => {
            let own = living().filter(purchase::buyer_phone.eq(phone));
            own.group_by(order_voucher::voucher_id).select(each).load(conn)?
        }
    })
}

pub fn insert_use(conn: &mut Conn, row: &OrderVoucher) -> StoreResult<()> {
    diesel::insert_into(order_voucher::table).values(row).execute(conn)?;
    Ok(())
}

/// What an order took by a code; none when it used none.
pub fn find_use(conn: &mut Conn, order: &OrderId) -> StoreResult<Option<OrderVoucher>> {
    Ok(order_voucher::table.find(order).select(OrderVoucher::as_select()).get_result(conn).optional()?)
}

/// The same of orders (at most 500).
pub fn list_uses_of(conn: &mut Conn, orders: &[OrderId]) -> StoreResult<Vec<OrderVoucher>> {
    let query = order_voucher::table.filter(order_voucher::order_id.eq_any(orders)).order(order_voucher::order_id);
    Ok(query.select(OrderVoucher::as_select()).load(conn)?)
}

/// What it takes off once the goods cost so much. The order is locked.
pub fn put_off(conn: &mut Conn, order: &OrderId, gross: Money, off: Money) -> StoreResult<()> {
    let put = (order_voucher::gross_vnd.eq(gross), order_voucher::off_vnd.eq(off));
    diesel::update(order_voucher::table.find(order)).set(put).execute(conn)?;
    Ok(())
}
