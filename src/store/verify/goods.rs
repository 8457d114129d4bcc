//! Lots beside their movements and holds, orders beside their goods.

use super::{Checked, grouped};
use crate::domain::code::LotCode;
use crate::domain::id::{LotId, OrderId, OrderLineId};
use crate::domain::order::{HoldState, OrderState, PaymentKind};
use crate::domain::quantity::Base;
use crate::domain::time::At;
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::order::Order;
use crate::store::schema::{lot, order_line, sale_order, stock_hold, stock_movement};
use diesel::prelude::*;

impl Checked for LotSums {
    fn key(&self) -> String {
        self.lot.to_string()
    }
}

impl Checked for OrderGoods {
    fn key(&self) -> String {
        self.order.id.to_string()
    }
}

/// A lot beside everything that its counters sum up.
#[derive(Debug, Clone)]
pub struct LotSums {
    pub lot: LotId,
    pub code: LotCode,
    pub on_hand: Base,
    pub held: Base,
    pub movements: Vec<Base>,
    pub standing: Vec<Base>,
}

pub fn list_lot_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<LotSums>> {
    let lots: Vec<(LotId, LotCode, Base, Base)> = lot::table
        .filter(lot::id.gt(after))
        .order(lot::id)
        .limit(most)
        .select((lot::id, lot::code, lot::on_hand, lot::held))
        .load(conn)?;
    let ids: Vec<LotId> = lots.iter().map(|(id, ..)| id.clone()).collect();
    let mut movements = grouped(
        stock_movement::table
            .filter(stock_movement::lot_id.eq_any(&ids))
            .select((stock_movement::lot_id, stock_movement::base_quantity))
            .load::<(LotId, Base)>(conn)?,
    );
    let mut standing = grouped(
        stock_hold::table
            .filter(stock_hold::lot_id.eq_any(&ids))
            .filter(stock_hold::state.eq(HoldState::Standing))
            .select((stock_hold::lot_id, stock_hold::base_quantity))
            .load::<(LotId, Base)>(conn)?,
    );
    let sums = lots.into_iter().map(|(lot, code, on_hand, held)| LotSums {
        movements: movements.remove(&lot).unwrap_or_default(),
        standing: standing.remove(&lot).unwrap_or_default(),
        lot,
        code,
        on_hand,
        held,
    });
    Ok(sums.collect())
}

/// An order beside its lines and holds.
#[derive(Debug, Clone)]
pub struct OrderGoods {
    pub order: Order,
    pub lines: Vec<(OrderLineId, Base)>,
    pub holds: Vec<(OrderLineId, HoldState, Option<At>, Base)>,
}

impl OrderGoods {
    /// What is wrong, if anything. An order whose hold may run out (unpaid, or unconfirmed on delivery) may have lost it.
    pub fn trouble(&self, now: At) -> Option<String> {
        let wanted = match self.order.state {
            OrderState::Confirmed => HoldState::Standing,
            OrderState::Packed | OrderState::OnTheWay | OrderState::Delivered | OrderState::Closed => HoldState::Taken,
            OrderState::AwaitingPayment if self.order.expires_at.is_some_and(|end| end > now) => HoldState::Standing,
            // Paid for: its goods are held until it moves, unless a person has been told that they are short.
            OrderState::Placed
                if self.order.payment == PaymentKind::VietQr
                    && !self.order.waits_for_yes()
                    && !self.order.short_stock =>
            {
                HoldState::Standing
            }
            OrderState::AwaitingPayment | OrderState::Placed => return None,
            OrderState::Expired | OrderState::Cancelled | OrderState::Declined => {
                let standing = self.holds.iter().any(|(_, state, ..)| *state == HoldState::Standing);
                return standing.then(|| "it has ended and still holds goods".to_owned());
            }
        };
        let short = self.lines.iter().find(|(line, base)| {
            let mine = self.holds.iter().filter(|(of, state, ..)| of == line && *state == wanted);
            Base::sum(mine.map(|(.., base)| *base)).ok() != Some(*base)
        });
        short.map(|(line, base)| format!("line {line} of {} is not {wanted} in full", base.0))
    }
}

pub fn list_order_goods(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<OrderGoods>> {
    let orders: Vec<Order> = sale_order::table
        .filter(sale_order::id.gt(after))
        .order(sale_order::id)
        .limit(most)
        .select(Order::as_select())
        .load(conn)?;
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id.clone()).collect();
    let rows: Vec<(OrderId, OrderLineId, Base, Option<Base>)> = order_line::table
        .filter(order_line::order_id.eq_any(&ids))
        .select((order_line::order_id, order_line::id, order_line::base_quantity, order_line::weighed_base))
        .load(conn)?;
    // A line that was taken out when the box was packed weighs nothing and holds nothing.
    let held = |base, weighed| if weighed == Some(Base::ZERO) { Base::ZERO } else { base };
    let lines: Vec<(OrderId, OrderLineId, Base)> =
        rows.into_iter().map(|(order, line, base, weighed)| (order, line, held(base, weighed))).collect();
    let holds: Vec<(OrderId, OrderLineId, HoldState, Option<At>, Base)> = stock_hold::table
        .filter(stock_hold::order_id.eq_any(&ids))
        .select((
            stock_hold::order_id,
            stock_hold::order_line_id,
            stock_hold::state,
            stock_hold::expires_at,
            stock_hold::base_quantity,
        ))
        .load(conn)?;
    let mut lines = grouped(lines.into_iter().map(|(order, line, base)| (order, (line, base))).collect());
    let mut holds =
        grouped(holds.into_iter().map(|(order, line, state, end, base)| (order, (line, state, end, base))).collect());
    let goods = orders.into_iter().map(|order| OrderGoods {
        lines: lines.remove(&order.id).unwrap_or_default(),
        holds: holds.remove(&order.id).unwrap_or_default(),
        order,
    });
    Ok(goods.collect())
}
