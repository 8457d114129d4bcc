//! What one buyer holds and has taken, counted under the lock of the number.

use super::conn::{Conn, Each, locked};
use super::error::StoreResult;
use super::schema::{buyer_lock, order_delivery, purchase, sale_order};
use crate::domain::id::{AccountId, OrderId};
use crate::domain::order::{OrderState, PaymentKind};
use diesel::prelude::*;

/// One at a time for a number: the row is made when it is not there, and locked.
pub fn lock(conn: &mut Conn, phone_hash: &str) -> StoreResult<()> {
    let row = diesel::insert_into(buyer_lock::table).values(buyer_lock::phone_hash.eq(phone_hash));
    Each(row.on_conflict(buyer_lock::phone_hash).do_nothing()).execute(conn)?;
    let query = buyer_lock::table.filter(buyer_lock::phone_hash.eq(phone_hash)).select(buyer_lock::phone_hash);
    let _held: Vec<String> = locked(query).load(conn)?;
    Ok(())
}

/// Orders to be paid at the door that are under way for a number, and orders that it has ever taken.
pub fn count_at_door(conn: &mut Conn, phone: &str) -> StoreResult<(i64, i64)> {
    let of_phone = || sale_order::table.inner_join(purchase::table).filter(purchase::buyer_phone.eq(phone));
    const UNDER_WAY: [OrderState; 4] =
        [OrderState::Placed, OrderState::Confirmed, OrderState::Packed, OrderState::OnTheWay];
    let under_way = of_phone()
        .filter(sale_order::payment.eq(PaymentKind::Cod))
        .filter(sale_order::state.eq_any(UNDER_WAY))
        .count()
        .get_result(conn)?;
    let taken = of_phone()
        .filter(sale_order::state.eq_any([OrderState::Delivered, OrderState::Closed]))
        .limit(1)
        .select(sale_order::id)
        .load::<OrderId>(conn)?;
    Ok((under_way, i64::from(!taken.is_empty())))
}

/// Whose unpaid orders are counted.
#[derive(Debug, Clone, Copy)]
pub enum Unpaid<'a> {
    /// E.164.
    Phone(&'a str),
    Account(&'a AccountId),
    Address {
        commune: &'a str,
        address: &'a str,
    },
}

/// VietQR orders that hold goods and are not paid, those that wait for a yes first too.
pub fn count_unpaid(conn: &mut Conn, of: &Unpaid<'_>) -> StoreResult<i64> {
    let asks_first = sale_order::state.eq(OrderState::Placed).and(sale_order::payment.eq(PaymentKind::VietQr));
    let asks_first = asks_first.and(sale_order::renewed_until.is_null());
    let is_unpaid = sale_order::state.eq(OrderState::AwaitingPayment).or(asks_first);
    let bought = || sale_order::table.inner_join(purchase::table).filter(is_unpaid);
    let count = match of {
        Unpaid::Phone(phone) => bought().filter(purchase::buyer_phone.eq(*phone)).count().get_result(conn)?,
        Unpaid::Account(account) => bought().filter(purchase::account_id.eq(*account)).count().get_result(conn)?,
        Unpaid::Address { commune, address } => sale_order::table
            .inner_join(order_delivery::table)
            .filter(is_unpaid)
            .filter(order_delivery::commune_code.eq(*commune))
            .filter(order_delivery::address.eq(*address))
            .count()
            .get_result(conn)?,
    };
    Ok(count)
}
