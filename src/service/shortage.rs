//! Whose goods come from which lot, changed by a person: when a lot holds less than was promised, or because another lot is nearer
//! at hand. Promises move between lots; what was promised stays promised.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::holding;
use super::kit::Kit;
use super::recording::{Scene, record};
use super::stock_view;
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::{HoldId, LotId, OrderId, OrderLineId};
use crate::domain::order::{HoldState, OrderState};
use crate::domain::quantity::{Base, BaseUnit};
use crate::domain::refusal::Refusal;
use crate::domain::shortage::{Fate, Promise, can_serve, settle};
use crate::domain::stock::{LotStock, Share};
use crate::domain::time::At;
use crate::domain::trace::{LotPart, Step, WordOf};
use crate::store::lot::{Hold, Lot};
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// A lot that has promised more than it holds, with the way out for each promise.
#[derive(Debug, Clone)]
pub struct Shortage {
    pub fates: Vec<Fate>,
    /// What other lots of the product can give.
    pub coverable: Base,
    /// What nothing in stock can give.
    pub missing: Base,
    /// Codes of the lots that can give.
    pub lots: HashMap<LotId, Lot>,
}

/// How a short lot's promises would be shared out; none when it is not short.
pub(super) fn plan_for(conn: &mut Conn, now: At, lot: &Lot) -> Result<Option<Shortage>, ServiceError> {
    let holds = standing_of(conn, now, lot)?;
    if Base::sum(holds.iter().map(|hold| hold.base_quantity))? <= lot.on_hand {
        return Ok(None);
    }
    let products = std::slice::from_ref(&lot.product_id);
    let mut others = stock_view::stock_of(conn, now, products)?.remove(&lot.product_id).unwrap_or_default();
    others.retain(|other| other.id != lot.id && !other.is_planned);
    let fates = fates_of(conn, lot, &holds, &mut others)?;
    let ids: Vec<LotId> = others.iter().map(|other| other.id.clone()).collect();
    let lots = store::lot::list_of(conn, &ids)?.into_iter().map(|other| (other.id.clone(), other)).collect();
    let (mut coverable, mut missing) = (Base::ZERO, Base::ZERO);
    for fate in &fates {
        coverable = coverable.plus(fate.moved()?)?;
        missing = missing.plus(fate.missing)?;
    }
    Ok(Some(Shortage { fates, coverable, missing, lots }))
}

/// Living promises of a lot; at most 500 orders are looked at.
fn standing_of(conn: &mut Conn, now: At, lot: &Lot) -> Result<Vec<Hold>, ServiceError> {
    let mut holds = store::lot::list_holds_of_lot(conn, &lot.id)?;
    holds.retain(|hold| hold.state == HoldState::Standing && hold.expires_at.is_none_or(|end| end > now));
    holds.truncate(500);
    Ok(holds)
}

fn fates_of(conn: &mut Conn, lot: &Lot, holds: &[Hold], others: &mut [LotStock]) -> Result<Vec<Fate>, ServiceError> {
    let mut ids: Vec<OrderId> = holds.iter().map(|hold| hold.order_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let orders: HashMap<OrderId, Order> =
        store::order::list_of(conn, &ids)?.into_iter().map(|order| (order.id.clone(), order)).collect();
    let promises = holds.iter().map(|hold| {
        let order = orders.get(&hold.order_id);
        Promise {
            hold: hold.id.clone(),
            order: hold.order_id.clone(),
            placed_at: order.and_then(|order| order.placed_at),
            made_at: order.map_or(hold.made_at, |order| order.made_at),
            base: hold.base_quantity,
        }
    });
    Ok(settle(lot.on_hand, promises.collect(), others)?)
}

/// «Lấy đợt khác bù»: what other lots can give is promised from them instead. Answers what is still missing. Pressed twice, the
/// second finds nothing to do.
pub async fn cover_from_other_lots(kit: &Kit, seller: &Seller, id: &LotId) -> Result<Base, ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let (draw, seller, id, base_url) = (Draw::new(kit), seller.clone(), id.clone(), kit.config.base_url.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let product = store::lot::get_own(conn, &seller.cooperative, &id)?.product_id;
            let mut stock =
                holding::lock_stock_and(conn, run.now, std::slice::from_ref(&product), std::slice::from_ref(&id))?;
            let lot = store::lot::get_own(conn, &seller.cooperative, &id)?;
            let mut others = stock.remove(&product).unwrap_or_default();
            others.retain(|other| other.id != lot.id && !other.is_planned);
            let holds = standing_of(conn, run.now, &lot)?;
            let fates = fates_of(conn, &lot, &holds, &mut others)?;
            let by_id: HashMap<HoldId, &Hold> = holds.iter().map(|hold| (hold.id.clone(), hold)).collect();
            let mut moves: HashMap<OrderId, Moves> = HashMap::new();
            let mut missing = Base::ZERO;
            for fate in &fates {
                missing = missing.plus(fate.missing)?;
                let Some(hold) = by_id.get(&fate.promise.hold).filter(|_| !fate.moves.is_empty()) else { continue };
                let stays = fate.keeps.plus(fate.missing)?;
                let moved = move_hold(conn, &run, hold, stays, &fate.moves)?;
                moves.entry(hold.order_id.clone()).or_default().add(moved);
            }
            for (order, moves) in &moves {
                tell_moved(conn, &run, &base_url, &seller, order, moves)?;
            }
            if !moves.is_empty() {
                store::change::insert(conn, "product", product.as_text(), run.now)?;
            }
            Ok(missing)
        })
        .await
}

/// A person chooses from which lot a line is served. Chosen already: nothing to do.
///
/// # Errors
/// `Changed` when the order has been packed or has ended, or that lot can no longer promise the whole line.
pub async fn choose_lot(
    kit: &Kit,
    seller: &Seller,
    order: &OrderId,
    line: &OrderLineId,
    lot: &LotId,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let (draw, seller, base_url) = (Draw::new(kit), seller.clone(), kit.config.base_url.clone());
    let (order, line, lot) = (order.clone(), line.clone(), lot.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let stock = holding::lock_stock_of(conn, run.now, std::slice::from_ref(&order))?;
            let row = store::order::lock_own(conn, &seller.cooperative, &order)?;
            let lines = store::order::list_lines(conn, std::slice::from_ref(&order))?;
            let line = lines.iter().find(|one| one.id == line).ok_or(ServiceError::NotFound)?;
            if !can_choose(row.state) {
                return Err(ServiceError::changed(Refusal::new("refusal-lot-choice-state").with("state", row.state)));
            }
            let holds = store::lot::list_holds(conn, std::slice::from_ref(&order))?;
            let own: Vec<&Hold> = holds
                .iter()
                .filter(|hold| hold.order_line_id == line.id && hold.state == HoldState::Standing)
                .collect();
            choose(conn, &run, &stock, line, &own, &lot)?
                .map_or(Ok(()), |moves| tell_moved(conn, &run, &base_url, &seller, &order, &moves))
        })
        .await
}

/// Before the goods are packed, their lot is a plan; afterwards it is what happened.
pub const fn can_choose(state: OrderState) -> bool {
    matches!(state, OrderState::AwaitingPayment | OrderState::Placed | OrderState::Confirmed)
}

/// Lots that could serve a line whole, besides the one that does.
pub(super) fn choices_for(
    stock: &[LotStock],
    line: &OrderLine,
    own: &[(LotId, Base)],
) -> Result<Vec<LotId>, ServiceError> {
    let mut out = Vec::new();
    for lot in stock {
        let serves_alone = own.iter().all(|(id, _)| *id == lot.id) && !own.is_empty();
        if !serves_alone && !lot.is_planned && can_serve(lot, line.base_quantity, own)? {
            out.push(lot.id.clone());
        }
    }
    Ok(out)
}

fn choose(
    conn: &mut Conn,
    run: &Run,
    stock: &holding::Stock,
    line: &OrderLine,
    own: &[&Hold],
    lot: &LotId,
) -> Result<Option<Moves>, ServiceError> {
    let elsewhere: Vec<&&Hold> = own.iter().filter(|hold| hold.lot_id != *lot).collect();
    if elsewhere.is_empty() && !own.is_empty() {
        return Ok(None);
    }
    let held: Vec<(LotId, Base)> = own.iter().map(|hold| (hold.lot_id.clone(), hold.base_quantity)).collect();
    let there = stock.get(&line.product_id).and_then(|lots| lots.iter().find(|one| one.id == *lot && !one.is_planned));
    let fits = match there {
        Some(there) => can_serve(there, line.base_quantity, &held)?,
        None => false,
    };
    if !fits || own.is_empty() {
        return Err(ServiceError::changed(Refusal::new("refusal-lot-choice").with("name", &line.product_name)));
    }
    let mut moves = Moves::default();
    for hold in elsewhere {
        let share = Share { lot: lot.clone(), base: hold.base_quantity };
        moves.add(move_hold(conn, run, hold, Base::ZERO, &[share])?);
    }
    store::change::insert(conn, "product", line.product_id.as_text(), run.now)?;
    Ok(Some(moves))
}

/// What left which lot and went to which.
#[derive(Debug, Default)]
pub(super) struct Moves {
    pub from: Vec<(LotId, Base)>,
    pub to: Vec<(LotId, Base)>,
}

impl Moves {
    fn add(&mut self, other: Moves) {
        self.from.extend(other.from);
        self.to.extend(other.to);
    }
}

/// Lets `stays` of a hold stand and promises the rest from other lots, which are locked and have it.
fn move_hold(conn: &mut Conn, run: &Run, hold: &Hold, stays: Base, shares: &[Share]) -> Result<Moves, ServiceError> {
    let is_there = if stays.is_positive() {
        store::lot::shrink_hold(conn, hold, stays)?
    } else {
        store::lot::end_hold(conn, hold, HoldState::Released, run.now)?
    };
    if !is_there {
        return Err(ServiceError::broken("a hold changed under the lock of its lot"));
    }
    let mut moves = Moves::default();
    moves.from.push((hold.lot_id.clone(), hold.base_quantity.minus(stays)?));
    for share in shares {
        store::lot::insert_hold(
            conn,
            &Hold {
                id: HoldId::new(run.now, run.ten()),
                lot_id: share.lot.clone(),
                base_quantity: share.base,
                made_at: run.now,
                ..hold.clone()
            },
        )?;
        moves.to.push((share.lot.clone(), share.base));
    }
    Ok(moves)
}

/// The trace of an order that the cooperative had said yes to: those goods are free again, these are taken. An order without a
/// yes stands in no trace yet.
pub(super) fn tell_moved(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    seller: &Seller,
    order: &OrderId,
    moves: &Moves,
) -> Result<(), ServiceError> {
    store::change::insert(conn, "order", order.as_text(), run.now)?;
    let order = store::order::get(conn, order)?;
    if order.state != OrderState::Confirmed {
        return Ok(());
    }
    let cooperative = store::cooperative::get(conn, &order.cooperative_id)?;
    let scene = Scene {
        base_url,
        cooperative: &cooperative,
        by: Some(&seller.account),
        word_of: WordOf::Cooperative,
        order: Some(&order.trace_ref),
        place: &cooperative.address,
        commune_code: Some(&cooperative.commune_code),
        made: None,
    };
    for (step, lots) in [(Step::Released, &moves.from), (Step::Sold, &moves.to)] {
        let parts = parts_of(conn, lots)?;
        record(conn, run, step, parts, &scene)?;
    }
    Ok(())
}

fn parts_of(conn: &mut Conn, lots: &[(LotId, Base)]) -> Result<Vec<LotPart>, ServiceError> {
    let ids: Vec<LotId> = lots.iter().map(|(id, _)| id.clone()).collect();
    let rows = store::lot::list_of(conn, &ids)?;
    let mut parts: Vec<LotPart> = Vec::new();
    for (id, base) in lots {
        if let Some(part) = parts.iter_mut().find(|part| part.lot == *id) {
            part.base = part.base.plus(*base)?;
            continue;
        }
        let Some(row) = rows.iter().find(|row| row.id == *id) else { continue };
        let unit = store::product::get(conn, &row.product_id).map_or(BaseUnit::Gram, |product| product.base_unit);
        parts.push(LotPart { lot: id.clone(), code: row.code.clone(), base: *base, unit });
    }
    Ok(parts)
}
