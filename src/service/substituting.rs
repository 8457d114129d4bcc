//! «Thiếu»: a line that is not there when the box is packed. By the buyer's wish it goes out, or another product of the cooperative goes
//! in that costs no more; what was paid beyond is owed back. Runs inside a use case's transaction.

use super::bench::{Bench, lay_out, lock_bench};
use super::draw::Run;
use super::error::ServiceError;
use super::holding;
use super::proposing::settle;
use super::shortage::{Moves, tell_moved};
use super::telling::tell_buyer;
use super::weighing::{self, must_be_confirmed};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::answer::ProposalState;
use crate::domain::id::{LotId, OfferId, OrderId, OrderLineId};
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::HoldState;
use crate::domain::packing::{Missing, StandIn, may_replace, may_take_out};
use crate::domain::product::ProductState;
use crate::domain::quantity::{Base, Quantity};
use crate::domain::refusal::Refusal;
use crate::store::order::OrderLine;
use crate::store::product::{Offer, Product};
use crate::store::{self, Conn};

/// Whether a line was taken out of its order.
pub(super) fn is_out(line: &OrderLine) -> bool {
    line.weighed_base == Some(Base::ZERO)
}

/// What a line is measured by, for what might stand in for it.
pub(super) fn missing(line: &OrderLine) -> Missing {
    Missing { unit: line.base_unit, base: line.base_quantity, amount: line.line_vnd }
}

/// How much of an offer stands in for a line.
pub(super) fn stands_in(line: &OrderLine, product: &Product, offer: &Offer) -> Option<(Quantity, Money)> {
    let fits = offer.is_active && product.state == ProductState::Published && product.id != line.product_id;
    let offer = StandIn { unit: product.base_unit, per_unit: offer.base_quantity, price: offer.price_vnd };
    missing(line).by(&offer).filter(|_| fits)
}

/// The line goes out. The last one stays: such an order is declined, with its money given back.
pub(super) fn without(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    id: &OrderId,
    line: &OrderLineId,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let mut bench = lock_bench(conn, run, seller, id)?;
    must_be_confirmed(&bench.order)?;
    let gone = find(&bench, line)?;
    if is_out(&gone) {
        return Ok(());
    }
    if !may_take_out(bench.lines.iter().filter(|other| other.id != gone.id && !is_out(other)).count()) {
        let refusal = Refusal::new("refusal-last-line").with("name", &gone.product_name);
        return Err(ServiceError::changed(refusal.with("code", &bench.order.code)));
    }
    let moves = take_out(conn, run, seller, &mut bench, &gone)?;
    end(conn, run, seller, &mut bench, &moves, format!("{} → 0", ordered(&gone)))
}

/// Another product of the cooperative stands in. The buyer never pays more for it.
pub(super) fn instead(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    id: &OrderId,
    line: &OrderLineId,
    offer: &OfferId,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let offer =
        store::product::list_offers_of(conn, std::slice::from_ref(offer))?.pop().ok_or(ServiceError::NotFound)?;
    let product = store::product::get_own(conn, &seller.cooperative, &offer.product_id)?;
    let orders = std::slice::from_ref(id);
    let lines = store::order::list_lines(conn, orders)?;
    let mut products = holding::products_of(&lines);
    products.push(product.id.clone());
    products.sort();
    products.dedup();
    let mut held: Vec<LotId> = store::lot::list_holds(conn, orders)?.into_iter().map(|hold| hold.lot_id).collect();
    held.sort();
    held.dedup();
    let stock = holding::lock_stock_and(conn, run.now, &products, &held)?;
    let order = store::order::lock_own(conn, &seller.cooperative, id)?;
    let mut bench = lay_out(conn, order, stock)?;
    must_be_confirmed(&bench.order)?;
    let gone = find(&bench, line)?;
    if is_out(&gone) {
        return Err(ServiceError::changed(Refusal::new("refusal-line-out").with("name", &gone.product_name)));
    }
    let category = store::product::get(conn, &gone.product_id)?.category;
    let fits =
        stands_in(&gone, &product, &offer).filter(|_| product.category == category && may_replace(gone.if_short));
    let Some((quantity, amount)) = fits else { return Err(no_stand_in(&product, &gone)) };
    let Some(lots) = bench.stock.get_mut(&product.id) else { return Err(no_stand_in(&product, &gone)) };
    lots.retain(|lot| !lot.is_planned);
    let Ok(shares) = holding::share_out(&mut bench.stock, &product.id, gone.base_quantity, None) else {
        return Err(no_stand_in(&product, &gone));
    };
    let mut moves = take_out(conn, run, seller, &mut bench, &gone)?;
    let new = line_of(run, &bench, &gone, (&product, &offer), (quantity, amount));
    store::order::insert_line(conn, &new)?;
    holding::hold(conn, run, &new, &shares, None)?;
    moves.to.extend(shares.into_iter().map(|share| (share.lot, share.base)));
    store::change::insert(conn, "product", product.id.as_text(), run.now)?;
    let what = format!("{} → {}", ordered(&gone), ordered(&new));
    bench.lines.push(new);
    end(conn, run, seller, &mut bench, &moves, what)
}

fn no_stand_in(product: &Product, gone: &OrderLine) -> ServiceError {
    let refusal = Refusal::new("refusal-no-stand-in").with("name", &product.name).with("instead", &gone.product_name);
    ServiceError::changed(refusal)
}

fn find(bench: &Bench, line: &OrderLineId) -> Result<OrderLine, ServiceError> {
    bench.lines.iter().find(|one| one.id == *line).cloned().ok_or(ServiceError::NotFound)
}

/// «Nhãn lồng 2 kg».
fn ordered(line: &OrderLine) -> String {
    format!("{} {}", line.product_name, line.base_quantity.said(line.base_unit))
}

/// A line without a gram: nothing of it is charged, nothing of it held.
fn take_out(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    bench: &mut Bench,
    gone: &OrderLine,
) -> Result<Moves, ServiceError> {
    if let Some(line) = bench.lines.iter_mut().find(|line| line.id == gone.id) {
        weighing::put(conn, run, line, Some(&seller.account), (Base::ZERO, Money::ZERO), None)?;
    }
    let mut moves = Moves::default();
    let standing = bench.holds.iter().filter(|hold| hold.order_line_id == gone.id && hold.state == HoldState::Standing);
    for hold in standing {
        if store::lot::end_hold(conn, hold, HoldState::Released, run.now)? {
            moves.from.push((hold.lot_id.clone(), hold.base_quantity));
        }
    }
    store::change::insert(conn, "product", gone.product_id.as_text(), run.now)?;
    Ok(moves)
}

fn line_of(
    run: &Run,
    bench: &Bench,
    gone: &OrderLine,
    (product, offer): (&Product, &Offer),
    (quantity, amount): (Quantity, Money),
) -> OrderLine {
    let last = bench.lines.iter().map(|line| line.position).max().unwrap_or(0);
    OrderLine {
        id: OrderLineId::new(run.now, run.ten()),
        product_id: product.id.clone(),
        offer_id: offer.id.clone(),
        product_name: product.name.clone(),
        offer_label: offer.label.clone(),
        unit: offer.unit.clone(),
        base_unit: product.base_unit,
        quantity,
        base_per_unit: offer.base_quantity,
        about: offer.about,
        price_vnd: offer.price_vnd,
        line_vnd: amount,
        weighed_base: None,
        weighed_vnd: None,
        weighed_at: None,
        position: last.saturating_add(1),
        ..gone.clone()
    }
}

/// Sums, debt, trace and the word to the buyer. What the buyer was asked about the weight no longer holds.
fn end(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    bench: &mut Bench,
    moves: &Moves,
    what: String,
) -> Result<(), ServiceError> {
    store::proposal::end_open(conn, &bench.order.id, ProposalState::Void, run.now)?;
    settle(conn, run, bench)?;
    tell_moved(conn, run, &run.house.base_url, seller, &bench.order.id, moves)?;
    tell_buyer(conn, run, &bench.order, MessageKind::OrderChanged, &[("reason", what)])
}
