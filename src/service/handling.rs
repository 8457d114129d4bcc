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
use super::packer::{must_not_be_anothers, seen_of};
use super::posting::{About, balance, post};
use super::recording::move_stock;
use super::small_difference::let_small_go;
use super::telling::tell_buyer;
pub use super::weighing::{Say, Weighed};
use super::weighing::{products_of, weigh_in};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::{AccountId, OrderId, OrderLineId};
use crate::domain::ledger::{self, JournalKind};
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, FulfilmentKind, HoldState, OrderEvent, OrderState};
use crate::domain::quantity::Base;
use crate::domain::refusal::Refusal;
use crate::domain::stock::MovementKind;
use crate::domain::trace::Step;
use crate::store::lot::Hold;
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};

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

/// «Cân xong»: true weights of the lines that are charged by them, guarded by `weighing`.
pub async fn weigh_order(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    weights: &[(OrderLineId, Base)],
) -> Result<(), ServiceError> {
    let weights = weights.iter().map(|(line, base)| Weighed::plain(line.clone(), *base)).collect::<Vec<_>>();
    weigh_as_seen(kit, seller, id, &weights).await
}

/// The same, each figure with what its page showed before and what was said to being asked back.
pub async fn weigh_as_seen(kit: &Kit, seller: &Seller, id: &OrderId, weights: &[Weighed]) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let (draw, seller, id, weights) = (Draw::new(kit), seller.clone(), id.clone(), weights.to_vec());
    kit.db.write(move |conn| weigh_in(conn, &draw.fresh(), &seller, &id, &weights)).await
}

/// The goods leave the shelf: each hold becomes a sale of the true weight. Refused while a line waits for its weight.
pub async fn pack_order(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db.write(move |conn| pack_in(conn, &draw.fresh(), &seller, &id, None)).await
}

/// The same from a page that showed these lines, inside a use case's transaction.
pub(super) fn pack_in(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    id: &OrderId,
    seen: Option<&str>,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let mut bench = lock_bench(conn, run, seller, id)?;
    let products = products_of(conn, &bench)?;
    let by_weight = |line: &&OrderLine| {
        line.weighed_base.is_none()
            && products.iter().any(|product| product.id == line.product_id && product.charged_by_true_weight)
    };
    if let Some(line) = bench.lines.iter().find(by_weight) {
        return Err(ServiceError::changed(Refusal::new("refusal-weigh-first").with("name", &line.product_name)));
    }
    if bench.order.state == OrderState::Confirmed {
        must_not_be_anothers(conn, run, seller, &bench.order)?;
        must_be_harvested(&bench)?;
        if seen.is_some_and(|seen| seen != seen_of(&bench.lines)) {
            return Err(ServiceError::changed(Refusal::new("refusal-pack-changed").with("code", &bench.order.code)));
        }
    }
    advance(conn, run, &mut bench.order, OrderEvent::Packed, by(&seller.account), None)?;
    store::packing::delete_packer(conn, &bench.order.id)?;
    let_small_go(conn, run, &mut bench.order)?;
    sell_holds(conn, run, &bench, &seller.account)?;
    tell_trace(conn, run, &bench, Some(&seller.account), Step::Packed)?;
    tell_buyer(conn, run, &bench.order, MessageKind::OrderPacked, &[])
}

/// Goods of a sales window are promised, not there, until its harvest is written down.
fn must_be_harvested(bench: &Bench) -> Result<(), ServiceError> {
    let is_to_come = |hold: &&Hold| {
        hold.state == HoldState::Standing
            && bench.stock.values().flatten().any(|lot| lot.id == hold.lot_id && lot.is_window)
    };
    let Some(hold) = bench.holds.iter().find(is_to_come) else { return Ok(()) };
    let line = bench.lines.iter().find(|line| line.id == hold.order_line_id).ok_or(ServiceError::NotFound)?;
    Err(ServiceError::changed(Refusal::new("refusal-pack-unharvested").with("name", &line.product_name)))
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
