//! What an official may look at: for a lot every order, for an order every lot, with the people behind them. Reading
//! functions only; what lies outside the territory of the grant is not there. Each look at personal data is written down
//! (log target `access`: ids, never names).

use super::error::ServiceError;
use super::kit::Kit;
use super::showing::{OrderView, views_of};
use super::tracing_lots::fingerprints;
use super::who::Official;
use crate::domain::code::{LotCode, OrderCode};
use crate::domain::id::{AccountId, OrderId};
use crate::domain::mass_balance::MassBalance;
use crate::domain::order::HoldState;
use crate::domain::quantity::Base;
use crate::domain::territory::Territory;
use crate::domain::time::At;
use crate::store::cooperative::Cooperative;
use crate::store::lot::{Lot, Movement};
use crate::store::order::{Order, OrderDelivery};
use crate::store::product::Product;
use crate::store::purchase::Purchase;
use crate::store::trace::TraceEvent;
use crate::store::{self, Conn};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

const MOST_EVENTS: i64 = 5_000;
const CHUNK: usize = 500;

/// A lot with its orders, movements and steps.
#[derive(Debug, Clone)]
pub struct LotFile {
    pub lot: Lot,
    pub product: Product,
    pub seller: Cooperative,
    pub owner: Cooperative,
    pub balance: MassBalance,
    pub checks: LotChecks,
    /// Orders that hold or took goods of it, the oldest first.
    pub orders: Vec<LotOrder>,
    /// Orders that had goods of it held and took none: run out, cancelled, declined.
    pub given_up: usize,
    pub movements: Vec<MovementShown>,
    pub steps: Vec<FullStep>,
    pub as_of: At,
}

/// Whether what is written in three places is one truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotChecks {
    /// The movements add up to what is noted as there.
    pub stock: bool,
    /// The standing holds add up to what is noted as held.
    pub held: bool,
    /// What orders took adds up to what was sold.
    pub sold: bool,
}

impl LotChecks {
    pub fn all(self) -> bool {
        self.stock && self.held && self.sold
    }
}

/// One order's part in a lot.
#[derive(Debug, Clone)]
pub struct LotOrder {
    pub order: Order,
    pub purchase: Purchase,
    pub delivery: OrderDelivery,
    /// Still held for it.
    pub held: Base,
    /// Left the lot for it, by true weight.
    pub taken: Base,
}

#[derive(Debug, Clone)]
pub struct MovementShown {
    pub movement: Movement,
    pub order: Option<OrderCode>,
    pub by: Option<String>,
}

/// A step with everything that is recorded of it.
#[derive(Debug, Clone)]
pub struct FullStep {
    pub event: TraceEvent,
    pub base: Base,
    pub order: Option<OrderCode>,
    pub by: Option<String>,
    pub fingerprint: String,
}

/// An order with its lots, its money and its history.
#[derive(Debug, Clone)]
pub struct OrderFile {
    pub view: OrderView,
    pub lots: Vec<LotPart>,
    /// Names of those who acted.
    pub names: HashMap<AccountId, String>,
}

/// One lot's part in an order.
#[derive(Debug, Clone)]
pub struct LotPart {
    pub lot: Lot,
    pub product_name: String,
    pub owner_name: String,
    pub unit: crate::domain::quantity::BaseUnit,
    pub held: Base,
    pub taken: Base,
}

/// The territory of an official; a grant that names no place opens nothing.
pub(super) fn land_of(official: &Official) -> Result<Territory, ServiceError> {
    official.territory.parse().map_err(|_nowhere| ServiceError::NotFound)
}

/// The goods come from the territory, are sold from it or belong to somebody in it.
pub(super) fn lot_is_inside(conn: &mut Conn, land: &Territory, lot: &Lot) -> Result<bool, ServiceError> {
    if *land == Territory::Country || land.holds(&lot.commune_code) {
        return Ok(true);
    }
    let parties = store::cooperative::list_of(conn, &[lot.cooperative_id.clone(), lot.owner_cooperative_id.clone()])?;
    Ok(parties.iter().any(|party| land.holds(&party.commune_code)))
}

/// Its cooperative is in the territory, or one of its lots is.
pub(super) fn order_is_inside(conn: &mut Conn, land: &Territory, order: &Order) -> Result<bool, ServiceError> {
    if *land == Territory::Country || land.holds(&store::cooperative::get(conn, &order.cooperative_id)?.commune_code) {
        return Ok(true);
    }
    let holds = store::lot::list_holds(conn, std::slice::from_ref(&order.id))?;
    for hold in holds.iter().filter(|hold| hold.state != HoldState::Released) {
        let lot = store::lot::get(conn, &hold.lot_id)?;
        if lot_is_inside(conn, land, &lot)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// For a lot every order.
pub async fn inspect_lot(kit: &Kit, official: &Official, code: &LotCode) -> Result<LotFile, ServiceError> {
    let (land, code, now) = (land_of(official)?, code.clone(), kit.now());
    let file = kit
        .db
        .read(move |conn| {
            let lot = store::lot::find_by_code(conn, &code)?.ok_or(ServiceError::NotFound)?;
            if !lot_is_inside(conn, &land, &lot)? {
                return Err(ServiceError::NotFound);
            }
            lot_file(conn, now, lot)
        })
        .await?;
    tracing::info!(target: "access", official = %official.account, what = "lot", id = %file.lot.id, orders = file.orders.len());
    Ok(file)
}

fn lot_file(conn: &mut Conn, now: At, lot: Lot) -> Result<LotFile, ServiceError> {
    let moves = store::lot::list_movements(conn, &lot.id)?;
    let holds = store::lot::list_holds_of_lot(conn, &lot.id)?;
    let balance = MassBalance::of(moves.iter().map(|row| (row.kind, row.base_quantity)))?;
    // Per order in the order of first touch: what is still held, what left the lot, whether anything stands.
    let mut parts: BTreeMap<OrderId, (Base, Base, bool)> = BTreeMap::new();
    for hold in &holds {
        let part = parts.entry(hold.order_id.clone()).or_default();
        if hold.state == HoldState::Standing {
            part.0 = part.0.plus(hold.base_quantity)?;
        }
        part.2 |= hold.state != HoldState::Released;
    }
    for row in &moves {
        let Some(order) = &row.order_id else { continue };
        let part = parts.entry(order.clone()).or_default();
        part.1 = part.1.minus(row.base_quantity)?;
        part.2 = true;
    }
    let given_up = parts.values().filter(|(_, _, stands)| !stands).count();
    parts.retain(|_, (_, _, stands)| *stands);
    let orders = lot_orders(conn, &parts)?;
    let taken = Base::sum(orders.iter().map(|row| row.taken))?;
    let checks = LotChecks {
        stock: balance.left == lot.on_hand && balance.adds_up()?,
        held: Base::sum(orders.iter().map(|row| row.held))? == lot.held,
        sold: taken == balance.sold.minus(balance.returned)?,
    };
    let codes: HashMap<OrderId, OrderCode> =
        orders.iter().map(|row| (row.order.id.clone(), row.order.code.clone())).collect();
    let refs: HashMap<_, OrderCode> =
        orders.iter().map(|row| (row.order.trace_ref.clone(), row.order.code.clone())).collect();
    let events = store::trace::list_of_lot(conn, &lot.id, MOST_EVENTS)?;
    let prints = fingerprints(conn, &events)?;
    let people = moves.iter().filter_map(|row| row.by_account_id.clone());
    let names = names_of(conn, people.chain(events.iter().filter_map(|(event, _)| event.by_account_id.clone())))?;
    let name = |id: &Option<AccountId>| id.as_ref().and_then(|id| names.get(id).cloned());
    let steps = events.into_iter().map(|(event, part)| FullStep {
        order: event.trace_ref.as_ref().and_then(|order| refs.get(order).cloned()),
        by: name(&event.by_account_id),
        fingerprint: prints.get(&event.id).cloned().unwrap_or_default(),
        base: part.base_quantity,
        event,
    });
    Ok(LotFile {
        steps: steps.collect(),
        movements: moves
            .into_iter()
            .map(|movement| MovementShown {
                order: movement.order_id.as_ref().and_then(|order| codes.get(order).cloned()),
                by: name(&movement.by_account_id),
                movement,
            })
            .collect(),
        product: store::product::get(conn, &lot.product_id)?,
        seller: store::cooperative::get(conn, &lot.cooperative_id)?,
        owner: store::cooperative::get(conn, &lot.owner_cooperative_id)?,
        balance,
        checks,
        orders,
        given_up,
        as_of: now,
        lot,
    })
}

fn lot_orders(conn: &mut Conn, parts: &BTreeMap<OrderId, (Base, Base, bool)>) -> Result<Vec<LotOrder>, ServiceError> {
    let ids: Vec<OrderId> = parts.keys().cloned().collect();
    let mut rows = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let orders = store::order::list_of(conn, chunk)?;
        let purchase_ids: Vec<_> = orders.iter().map(|order| order.purchase_id.clone()).collect();
        let purchases: HashMap<_, Purchase> =
            store::purchase::list_of(conn, &purchase_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
        let mut deliveries: HashMap<_, OrderDelivery> =
            store::order::list_deliveries(conn, chunk)?.into_iter().map(|row| (row.order_id.clone(), row)).collect();
        for order in orders {
            let (held, taken, _) = parts.get(&order.id).copied().unwrap_or_default();
            let purchase = purchases.get(&order.purchase_id).cloned().ok_or(ServiceError::NotFound)?;
            let delivery = deliveries.remove(&order.id).ok_or(ServiceError::NotFound)?;
            rows.push(LotOrder { order, purchase, delivery, held, taken });
        }
    }
    rows.sort_by(|a, b| (a.order.made_at, &a.order.id).cmp(&(b.order.made_at, &b.order.id)));
    Ok(rows)
}

fn names_of(conn: &mut Conn, ids: impl Iterator<Item = AccountId>) -> Result<HashMap<AccountId, String>, ServiceError> {
    let mut names = HashMap::new();
    for id in ids {
        if let Entry::Vacant(unknown) = names.entry(id) {
            let account = store::account::get(conn, unknown.key())?;
            unknown.insert(account.name);
        }
    }
    Ok(names)
}

/// For an order every lot.
pub async fn inspect_order(kit: &Kit, official: &Official, code: &OrderCode) -> Result<OrderFile, ServiceError> {
    let (land, code) = (land_of(official)?, code.clone());
    let file = kit
        .db
        .read(move |conn| {
            let order = store::order::find_by_code(conn, &code)?.ok_or(ServiceError::NotFound)?;
            if !order_is_inside(conn, &land, &order)? {
                return Err(ServiceError::NotFound);
            }
            order_file(conn, order)
        })
        .await?;
    tracing::info!(target: "access", official = %official.account, what = "order", id = %file.view.order.id, orders = 1);
    Ok(file)
}

fn order_file(conn: &mut Conn, order: Order) -> Result<OrderFile, ServiceError> {
    let id = order.id.clone();
    let view = views_of(conn, vec![order])?.pop().ok_or(ServiceError::NotFound)?;
    let mut lots: BTreeMap<_, (Base, Base)> = BTreeMap::new();
    for hold in store::lot::list_holds(conn, std::slice::from_ref(&id))? {
        let part = match hold.state {
            HoldState::Released => continue,
            HoldState::Standing | HoldState::Taken => lots.entry(hold.lot_id).or_default(),
        };
        if hold.state == HoldState::Standing {
            part.0 = part.0.plus(hold.base_quantity)?;
        }
    }
    let mut parts = Vec::new();
    for (lot, (held, _)) in lots {
        let lot = store::lot::get(conn, &lot)?;
        let product = store::product::get(conn, &lot.product_id)?;
        let mine =
            store::lot::list_movements(conn, &lot.id)?.into_iter().filter(|row| row.order_id.as_ref() == Some(&id));
        parts.push(LotPart {
            taken: Base::sum(mine.map(|row| row.base_quantity))?.negated()?,
            held,
            product_name: product.name,
            unit: product.base_unit,
            owner_name: store::cooperative::get(conn, &lot.owner_cooperative_id)?.name,
            lot,
        });
    }
    let people = view.moves.iter().filter_map(|row| row.by_account_id.clone());
    let names = names_of(conn, people.chain(view.money.iter().filter_map(|event| event.said_by.clone())))?;
    Ok(OrderFile { view, lots: parts, names })
}
