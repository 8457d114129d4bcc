//! What a cooperative does with an order: says yes or no, weighs, packs, sends, hands over. One tap each; each a trace event
//! where goods are touched.

use super::accepting::accept;
use super::answering::{decline, read_reason};
use super::bench::{Bench, lock_bench, lock_order, served, tell_trace};
use super::carrying;
use super::crediting;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::holding;
use super::kit::Kit;
use super::moving::{By, advance};
use super::posting::{About, balance, post};
use super::recording::move_stock;
use super::telling::{owe_link, tell_buyer};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::{AccountId, OrderId, OrderLineId};
use crate::domain::ledger::{self, JournalKind};
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, FulfilmentKind, HoldState, OrderEvent, OrderState};
use crate::domain::quantity::{Base, priced_base};
use crate::domain::refusal::Refusal;
use crate::domain::stock::MovementKind;
use crate::domain::trace::Step;
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};
use std::collections::HashMap;

fn by(account: &AccountId) -> By<'_> {
    By { kind: ActorKind::Cooperative, account: Some(account) }
}

/// «Nhận đơn»: the contract stands. Goods whose hold ran out meanwhile are taken again, or the cooperative is told what is left.
pub async fn confirm_order(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_bench(conn, &run, &seller, &id)?;
            accept(conn, &run, &mut bench, by(&seller.account))
        })
        .await
}

/// «Không làm được đơn này»: goods are given back, money that came is owed back, the buyer is told why.
pub async fn decline_order(kit: &Kit, seller: &Seller, id: &OrderId, reason: &str) -> Result<(), ServiceError> {
    let reason = read_reason(reason)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_bench(conn, &run, &seller, &id)?;
            decline(conn, &run, &mut bench, by(&seller.account), &reason)
        })
        .await
}

/// «Cân xong»: true weights of the lines that are charged by them. The server computes; a weight over the tolerance, or ten
/// times off, is asked back.
pub async fn weigh_order(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    weights: &[(OrderLineId, Base)],
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    let weights: HashMap<OrderLineId, Base> = weights.iter().cloned().collect();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_order(conn, &seller, &id)?;
            if bench.order.state != OrderState::Confirmed {
                let refusal = Refusal::new("refusal-weigh-state").with("state", bench.order.state);
                return Err(ServiceError::changed(refusal));
            }
            // The same figures once more are a second tap: nothing was weighed anew.
            if !write_weights(conn, &run, &mut bench, &weights)? {
                return Ok(());
            }
            tell_trace(conn, &run, &bench, Some(&seller.account), Step::Weighed)?;
            store::change::insert(conn, "order", bench.order.id.as_text(), run.now)?;
            Ok(())
        })
        .await
}

/// Writes weights and the sums that follow from them. Answers whether anything differs from before. Goods that are charged as
/// ordered keep their price: of those the scale only says what leaves the lot.
fn write_weights(
    conn: &mut Conn,
    run: &Run,
    bench: &mut Bench,
    weights: &HashMap<OrderLineId, Base>,
) -> Result<bool, ServiceError> {
    let products = store::product::list_of(conn, &holding::products_of(&bench.lines))?;
    let (mut refusals, mut is_new) = (Vec::new(), false);
    for line in &mut bench.lines {
        let Some(weighed) = weights.get(&line.id).copied() else { continue };
        let product = products.iter().find(|product| product.id == line.product_id);
        let tolerance_bps = product.map_or(0, |product| product.tolerance_bps);
        if let Err(refusal) = check_weight(line, weighed, tolerance_bps) {
            refusals.push(refusal);
            continue;
        }
        let by_weight = product.is_some_and(|product| product.charged_by_true_weight);
        let amount = if by_weight { priced_base(line.price_vnd, weighed, line.base_per_unit)? } else { line.line_vnd };
        if (line.weighed_base, line.weighed_vnd) == (Some(weighed), Some(amount)) {
            continue;
        }
        is_new = true;
        store::order::put_weight(conn, &line.id, weighed, amount, run.now)?;
        line.weighed_base = Some(weighed);
        line.weighed_vnd = Some(amount);
    }
    if !refusals.is_empty() {
        return Err(ServiceError::Refused(refusals));
    }
    if !is_new {
        return Ok(false);
    }
    let goods = Money::sum(bench.lines.iter().map(|line| line.weighed_vnd.unwrap_or(line.line_vnd)))?;
    let total = goods.plus(bench.order.shipping_vnd)?;
    store::order::put_sums(conn, &bench.order.id, goods, total, run.now)?;
    bench.order.goods_vnd = goods;
    bench.order.total_vnd = total;
    owe_link(conn, run, &bench.order.id)?;
    Ok(true)
}

/// Nothing, ten times off (`1.500` for `1,5`), or more than the stated tolerance above: asked back.
fn check_weight(line: &OrderLine, weighed: Base, tolerance_bps: i64) -> Result<(), Refusal> {
    let field = format!("weight[{}]", line.id);
    let say = |key: &str| {
        let refusal = Refusal::new(key).with("name", &line.product_name).about(field.clone());
        refusal.with("weighed", weighed.said(line.base_unit)).with("ordered", line.base_quantity.said(line.base_unit))
    };
    if !weighed.is_positive() {
        return Err(say("refusal-weight"));
    }
    let ordered = line.base_quantity.0.max(1);
    if weighed.0 >= ordered.saturating_mul(5) || weighed.0.saturating_mul(5) <= ordered {
        return Err(say("refusal-weight-ten-times"));
    }
    let most = ordered.saturating_mul(10_000_i64.saturating_add(tolerance_bps)).div_euclid(10_000);
    if weighed.0 > most {
        return Err(say("refusal-weight-tolerance").with("most", Base(most).said(line.base_unit)));
    }
    Ok(())
}

/// The goods leave the shelf: each hold becomes a sale of the true weight. Refused while a line waits for its weight.
pub async fn pack_order(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_bench(conn, &run, &seller, &id)?;
            let products = store::product::list_of(conn, &holding::products_of(&bench.lines))?;
            let by_weight = |line: &&OrderLine| {
                line.weighed_base.is_none()
                    && products.iter().any(|product| product.id == line.product_id && product.charged_by_true_weight)
            };
            if let Some(line) = bench.lines.iter().find(by_weight) {
                return Err(ServiceError::changed(
                    Refusal::new("refusal-weigh-first").with("name", &line.product_name),
                ));
            }
            advance(conn, &run, &mut bench.order, OrderEvent::Packed, by(&seller.account), None)?;
            sell_holds(conn, &run, &bench, &seller.account)?;
            tell_trace(conn, &run, &bench, Some(&seller.account), Step::Packed)?;
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderPacked, &[])
        })
        .await
}

fn sell_holds(conn: &mut Conn, run: &Run, bench: &Bench, by: &AccountId) -> Result<(), ServiceError> {
    let served = served(bench)?;
    for hold in bench.holds.iter().filter(|hold| hold.state == HoldState::Standing) {
        store::lot::end_hold(conn, hold, HoldState::Taken, run.now)?;
        let base = served.get(&hold.id).copied().unwrap_or(hold.base_quantity).negated()?;
        let order = Some((&hold.order_id, &hold.order_line_id));
        let moved = move_stock(
            conn,
            run,
            &hold.cooperative_id,
            &hold.lot_id,
            MovementKind::Sale,
            base,
            order,
            Some(by),
            (None, None),
        );
        // The lot has less than the scale says was taken from it: the count must be put right first.
        moved.map_err(|error| match error {
            ServiceError::Broken(_) => ServiceError::changed(Refusal::new("refusal-lot-too-small")),
            other => other,
        })?;
    }
    for product in holding::products_of(&bench.lines) {
        store::change::insert(conn, "product", product.as_text(), run.now)?;
    }
    Ok(())
}

/// The order is on its way, with whoever says so.
pub async fn send_order(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_order(conn, &seller, &id)?;
            // By coach the buyer has to know which: `coach` says it and sends it on its way.
            let ways = store::order::list_deliveries(conn, std::slice::from_ref(&id))?;
            if bench.order.state == OrderState::Packed && ways.iter().any(|way| way.kind == FulfilmentKind::Coach) {
                return Err(ServiceError::changed(Refusal::new("refusal-coach-first")));
            }
            advance(conn, &run, &mut bench.order, OrderEvent::Sent, by(&seller.account), None)?;
            carrying::set_out(conn, &run, &seller, &bench.order)?;
            tell_trace(conn, &run, &bench, Some(&seller.account), Step::Shipped)?;
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderSent, &[])
        })
        .await
}

/// «Đã giao»: the goods are in the buyer's hands; what was prepaid becomes revenue, what is missing a claim. Of an order on its way only
/// who carries it says so; its own screen, `door`, also asks for the money.
pub async fn deliver_order(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    let me = seller.clone();
    deliver_when(kit, seller, id, move |conn, order| match order.state {
        OrderState::OnTheWay => carrying::must_carry(conn, &me, order),
        _ => Ok(()),
    })
    .await
}

/// The same, once `may` has looked at the locked order.
pub(super) async fn deliver_when(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    may: impl Fn(&mut Conn, &Order) -> Result<(), ServiceError> + Send + Sync + 'static,
) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_order(conn, &seller, &id)?;
            may(conn, &bench.order)?;
            advance(conn, &run, &mut bench.order, OrderEvent::Delivered, by(&seller.account), None)?;
            let money = balance(conn, &bench.order.id)?;
            let about = About {
                cooperative: &bench.order.cooperative_id,
                kind: JournalKind::HandOver,
                order: Some(&bench.order.id),
                event: None,
                by: Some(&seller.account),
                note: None,
                reverses: None,
            };
            let lines = ledger::hand_over(&bench.order.id, bench.order.goods_vnd, bench.order.shipping_vnd, money)?;
            post(conn, &run, about, &lines)?;
            // «Tiền chênh cân»: what was paid beyond the true weight goes back, and stands in the list until it has.
            crediting::owe_back(conn, &run, &bench.order, money.prepaid.minus(bench.order.total_vnd)?)?;
            tell_trace(conn, &run, &bench, Some(&seller.account), Step::HandedOver)?;
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderDelivered, &[])
        })
        .await
}
