//! Who has an order in hand, and what a packer's page showed of it. Knows no tap.

use super::draw::Run;
use super::error::ServiceError;
use super::selling::names_of;
use super::who::Seller;
use crate::domain::lang::Lang;
use crate::domain::packing::{is_in_hand, seen};
use crate::domain::quantity::Base;
use crate::domain::refusal::Refusal;
use crate::store::order::{Order, OrderLine};
use crate::store::packing::OrderPacker;
use crate::store::{self, Conn};
use crate::view::filters;

/// What a page shows of an order's lines, in one word.
pub fn seen_of(lines: &[OrderLine]) -> String {
    seen(lines.iter().map(|line| (&line.id, line.base_quantity, line.weighed_base == Some(Base::ZERO))))
}

/// Who else has an order in hand now. The order is locked.
pub(super) fn others(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    order: &Order,
) -> Result<Option<OrderPacker>, ServiceError> {
    let packer = store::packing::find_packer(conn, &order.id)?;
    Ok(packer.filter(|row| row.account_id != seller.account && is_in_hand(row.since, run.now)))
}

/// «Chị Lan đang đóng đơn này từ 6:12»: whoever comes second is asked.
pub(super) fn must_not_be_anothers(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    order: &Order,
) -> Result<(), ServiceError> {
    match others(conn, run, seller, order)? {
        Some(packer) => Err(ServiceError::changed(anothers(conn, order, &packer)?)),
        None => Ok(()),
    }
}

pub(super) fn anothers(conn: &mut Conn, order: &Order, packer: &OrderPacker) -> Result<Refusal, ServiceError> {
    let who = names_of(conn, vec![packer.account_id.clone()])?.into_values().next().unwrap_or_default();
    let at = filters::at_said(packer.since, Lang::Vi, true);
    Ok(Refusal::new("refusal-packer-other").with("code", &order.code).with("who", who).with("at", at))
}
