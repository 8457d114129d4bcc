//! «Đóng hàng»: a packing day laid out for people with wet hands: what to fetch by product and lot, what to put on the scale, whose box it
//! goes into. Reads only.

use super::error::ServiceError;
use super::kit::Kit;
use super::packer::seen_of;
use super::selling::{OrderBrief, SellersOrder, briefs_of, find_own_order, names_of};
use super::substituting::{is_out, stands_in};
use super::weighing::{market_bps, promised};
use super::who::Seller;
use crate::domain::id::{AccountId, LotId, OrderId, OrderLineId, ProductId};
use crate::domain::money::Money;
use crate::domain::order::{HoldState, OrderState};
use crate::domain::packing::{is_in_hand, may_replace};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::time::{At, Day};
use crate::domain::weighing::Promised;
use crate::store::lot::{Hold, Lot};
use crate::store::order::OrderLine;
use crate::store::packing::{LineWeight, OrderPacker};
use crate::store::product::{Offer, Product};
use crate::store::{self, Conn};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Orders that one page lays out; nobody packs more in a day.
const MOST: i64 = 300;
/// Offers that might stand in, on one page.
const MOST_STAND_INS: usize = 12;

/// A day of packing.
#[derive(Debug, Clone, Default)]
pub struct PackingDay {
    /// Days on which orders are to go out, with how many are still open; none: no day was agreed on.
    pub days: Vec<(Option<Day>, usize)>,
    pub day: Option<Day>,
    pub picks: Vec<Pick>,
    pub orders: Vec<Parcel>,
    /// Packed already, for the same day.
    pub packed: usize,
}

/// What to fetch of one product.
#[derive(Debug, Clone)]
pub struct Pick {
    pub name: String,
    pub unit: BaseUnit,
    pub total: Base,
    pub orders: usize,
    pub lots: Vec<(Lot, Base, usize)>,
}

/// One buyer's box, to be packed.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub brief: OrderBrief,
    pub lines: Vec<ParcelLine>,
    /// Who else, or who at all, has it in hand now.
    pub packer: Option<(AccountId, String, At)>,
    /// What this page shows of its lines.
    pub seen: String,
    /// The buyer is asked about a weight: which line, how much, until when.
    pub asked: Option<(OrderLineId, Base, At)>,
}

/// A line of a box.
#[derive(Debug, Clone)]
pub struct ParcelLine {
    pub line: OrderLine,
    pub by_weight: bool,
    pub promised: Promised,
    pub lots: Vec<Lot>,
    pub is_out: bool,
    pub weighed_by: Option<(Option<String>, At)>,
}

impl Parcel {
    pub fn needs_weighing(&self) -> bool {
        self.lines.iter().any(|line| line.by_weight && line.line.weighed_base.is_none())
    }
}

/// The packing of a day; the first with open orders when none is asked for.
pub async fn show_packing_day(
    kit: &Kit,
    seller: &Seller,
    wanted: Option<Option<Day>>,
) -> Result<PackingDay, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let rows = store::order::list_in(conn, &cooperative, &[OrderState::Confirmed], MOST)?;
            let briefs = briefs_of(conn, rows)?;
            let mut counts: BTreeMap<(bool, Option<Day>), usize> = BTreeMap::new();
            for brief in &briefs {
                let day = brief.delivery.deliver_on;
                let count = counts.entry((day.is_none(), day)).or_default();
                *count = count.saturating_add(1);
            }
            let days: Vec<(Option<Day>, usize)> = counts.into_iter().map(|((_, day), count)| (day, count)).collect();
            let first = days.first().map(|(day, _)| *day).unwrap_or(Some(now.day()));
            let day = wanted.unwrap_or(first);
            let mine = briefs.into_iter().filter(|brief| brief.delivery.deliver_on == day).collect();
            let orders = parcels_of(conn, now, mine)?;
            let done = store::order::list_in(conn, &cooperative, &[OrderState::Packed], MOST)?;
            let ids: Vec<OrderId> = done.into_iter().map(|order| order.id).collect();
            let packed = store::order::list_deliveries(conn, &ids)?;
            let packed = packed.into_iter().filter(|row| row.deliver_on == day).count();
            Ok(PackingDay { picks: picks_of(conn, &orders)?, days, day, orders, packed })
        })
        .await
}

/// Boxes with everything that stands on their labels, in the order given.
fn parcels_of(conn: &mut Conn, now: At, briefs: Vec<OrderBrief>) -> Result<Vec<Parcel>, ServiceError> {
    let ids: Vec<OrderId> = briefs.iter().map(|brief| brief.order.id.clone()).collect();
    let holds = store::lot::list_holds(conn, &ids)?;
    let lots = lots_of(conn, &holds)?;
    let products = products_of(conn, briefs.iter().flat_map(|brief| &brief.lines))?;
    let packers = store::packing::list_packers(conn, &ids)?;
    let weights = store::packing::list_weights(conn, &ids)?;
    let people = packers.iter().map(|row| row.account_id.clone());
    let names = names_of(conn, people.chain(weights.iter().filter_map(|row| row.by_account_id.clone())).collect())?;
    let market_bps = market_bps(conn, now.day())?;
    let mut boxes = Vec::new();
    for brief in briefs {
        let lines = brief.lines.iter().map(|line| {
            let product = products.get(&line.product_id);
            ParcelLine {
                by_weight: product.is_some_and(|product| product.charged_by_true_weight),
                promised: promised(line, product, market_bps),
                lots: lots_on(&holds, &lots, line),
                is_out: is_out(line),
                weighed_by: weighed_by(&weights, &names, line),
                line: line.clone(),
            }
        });
        let packer = packers.iter().find(|row| row.order_id == brief.order.id && is_in_hand(row.since, now));
        let named = |row: &OrderPacker| {
            (row.account_id.clone(), names.get(&row.account_id).cloned().unwrap_or_default(), row.since)
        };
        boxes.push(Parcel {
            lines: lines.collect(),
            packer: packer.map(named),
            seen: seen_of(&brief.lines),
            asked: asked_of(conn, now, &brief.order.id)?,
            brief,
        });
    }
    Ok(boxes)
}

fn asked_of(conn: &mut Conn, now: At, order: &OrderId) -> Result<Option<(OrderLineId, Base, At)>, ServiceError> {
    let Some(open) = store::proposal::find_open(conn, order)?.filter(|open| open.until > now) else { return Ok(None) };
    let weight = store::packing::find_proposal_weight(conn, &open.id)?;
    Ok(weight.map(|weight| (weight.order_line_id, weight.weighed_base, open.until)))
}

fn weighed_by(
    weights: &[LineWeight],
    names: &HashMap<AccountId, String>,
    line: &OrderLine,
) -> Option<(Option<String>, At)> {
    let last = weights.iter().rev().find(|row| row.order_line_id == line.id)?;
    Some((last.by_account_id.as_ref().and_then(|id| names.get(id)).cloned(), last.at))
}

fn lots_of(conn: &mut Conn, holds: &[Hold]) -> Result<HashMap<LotId, Lot>, ServiceError> {
    let ids: BTreeSet<LotId> = holds.iter().map(|hold| hold.lot_id.clone()).collect();
    let mut lots = HashMap::new();
    for chunk in Vec::from_iter(ids).chunks(500) {
        lots.extend(store::lot::list_of(conn, chunk)?.into_iter().map(|lot| (lot.id.clone(), lot)));
    }
    Ok(lots)
}

fn lots_on(holds: &[Hold], lots: &HashMap<LotId, Lot>, line: &OrderLine) -> Vec<Lot> {
    let mine = holds.iter().filter(|hold| hold.order_line_id == line.id && hold.state != HoldState::Released);
    let mut out: Vec<Lot> = Vec::new();
    for lot in mine.filter_map(|hold| lots.get(&hold.lot_id)) {
        if !out.iter().any(|there| there.id == lot.id) {
            out.push(lot.clone());
        }
    }
    out
}

fn products_of<'a>(
    conn: &mut Conn,
    lines: impl Iterator<Item = &'a OrderLine>,
) -> Result<HashMap<ProductId, Product>, ServiceError> {
    let ids: BTreeSet<ProductId> = lines.map(|line| line.product_id.clone()).collect();
    let mut products = HashMap::new();
    for chunk in Vec::from_iter(ids).chunks(500) {
        products.extend(store::product::list_of(conn, chunk)?.into_iter().map(|row| (row.id.clone(), row)));
    }
    Ok(products)
}

/// What to fetch for boxes, by product name and lot.
fn picks_of(conn: &mut Conn, boxes: &[Parcel]) -> Result<Vec<Pick>, ServiceError> {
    let ids: Vec<OrderId> = boxes.iter().map(|one| one.brief.order.id.clone()).collect();
    let holds = store::lot::list_holds(conn, &ids)?;
    let lots = lots_of(conn, &holds)?;
    let mut picks: BTreeMap<(String, ProductId), Pick> = BTreeMap::new();
    for one in boxes {
        for line in one.lines.iter().filter(|line| !line.is_out).map(|line| &line.line) {
            let pick = picks.entry((line.product_name.clone(), line.product_id.clone())).or_insert_with(|| Pick {
                name: line.product_name.clone(),
                unit: line.base_unit,
                total: Base::ZERO,
                orders: 0,
                lots: Vec::new(),
            });
            pick.total = pick.total.plus(line.base_quantity)?;
            pick.orders = pick.orders.saturating_add(1);
            for hold in holds.iter().filter(|hold| hold.order_line_id == line.id && hold.state == HoldState::Standing) {
                let Some(lot) = lots.get(&hold.lot_id) else { continue };
                match pick.lots.iter_mut().find(|(there, _, _)| there.id == lot.id) {
                    Some((_, base, orders)) => {
                        *base = base.plus(hold.base_quantity)?;
                        *orders = orders.saturating_add(1);
                    }
                    None => pick.lots.push((lot.clone(), hold.base_quantity, 1)),
                }
            }
        }
    }
    Ok(picks.into_values().collect())
}

/// One box, with what might go into it instead of a missing line.
#[derive(Debug, Clone)]
pub struct PackingOrder {
    pub order: SellersOrder,
    pub parcel: Parcel,
    pub stand_ins: HashMap<OrderLineId, Vec<StandInView>>,
}

/// A product that might stand in for a line.
#[derive(Debug, Clone)]
pub struct StandInView {
    pub product: Product,
    pub offer: Offer,
    pub quantity: Quantity,
    pub amount: Money,
}

/// One of the cooperative's own orders, as who packs it sees it.
pub async fn show_packing_order(kit: &Kit, seller: &Seller, code: &str) -> Result<PackingOrder, ServiceError> {
    let order = find_own_order(kit, seller, code).await?;
    let (now, row) = (kit.now(), order.view.order.clone());
    let (parcel, stand_ins) = kit
        .db
        .read(move |conn| {
            let briefs = briefs_of(conn, vec![row])?;
            let parcel = parcels_of(conn, now, briefs)?.pop().ok_or(ServiceError::NotFound)?;
            let stand_ins = stand_ins(conn, now, &parcel)?;
            Ok::<_, ServiceError>((parcel, stand_ins))
        })
        .await?;
    Ok(PackingOrder { order, parcel, stand_ins })
}

fn stand_ins(
    conn: &mut Conn,
    now: At,
    parcel: &Parcel,
) -> Result<HashMap<OrderLineId, Vec<StandInView>>, ServiceError> {
    let mut out = HashMap::new();
    if parcel.brief.order.state != OrderState::Confirmed {
        return Ok(out);
    }
    let own = store::product::list_own(conn, &parcel.brief.order.cooperative_id)?;
    let ids: Vec<ProductId> = own.iter().map(|product| product.id.clone()).take(500).collect();
    let offers = store::product::list_offers(conn, &ids)?;
    let stock = super::stock_view::stock_of(conn, now, &ids)?;
    for line in parcel.lines.iter().filter(|line| !line.is_out && may_replace(line.line.if_short)).map(|one| &one.line)
    {
        let Some(category) = own.iter().find(|product| product.id == line.product_id).map(|one| one.category) else {
            continue;
        };
        let mut fits = Vec::new();
        for offer in &offers {
            let Some(product) = own.iter().find(|one| one.id == offer.product_id && one.category == category) else {
                continue;
            };
            let there = stock.get(&product.id).map(Vec::as_slice).unwrap_or_default();
            let there = Base::sum(there.iter().filter(|lot| !lot.is_planned).map(|lot| lot.available.max(Base::ZERO)))?;
            if let Some((quantity, amount)) = stands_in(line, product, offer).filter(|_| there >= line.base_quantity) {
                fits.push(StandInView { product: product.clone(), offer: offer.clone(), quantity, amount });
            }
        }
        fits.sort_by(|a, b| b.amount.cmp(&a.amount).then(a.product.name_key.cmp(&b.product.name_key)));
        fits.truncate(MOST_STAND_INS);
        out.insert(line.id.clone(), fits);
    }
    Ok(out)
}
