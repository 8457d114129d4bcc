//! Orders as the people of a cooperative see them: what has to be done with each, in lists by that, and one whole. Reads only;
//! the acts are `handling`'s.

use super::error::ServiceError;
use super::kit::Kit;
use super::posting::balances;
use super::shortage;
use super::showing::{OrderView, views_of};
use super::stock_view;
use super::who::Seller;
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, CooperativeId, OrderId, OrderLineId, ProductId, PurchaseId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::order::{HoldState, OrderState};
use crate::domain::settlement::{self, Settlement};
use crate::domain::time::{At, Day};
use crate::store::lot::Lot;
pub use crate::store::order::OrderLine;
use crate::store::order::{Order, OrderDelivery};
use crate::store::purchase::Purchase;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Orders on one page of a list.
pub const ORDERS_A_PAGE: i64 = 20;
/// Orders that were handed over and still owe money: more than that, and the cooperative has another trouble.
const MOST_OWING: i64 = 500;

/// What has to be done with orders: the tabs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Wait for the cooperative's yes.
    ToConfirm,
    /// To be weighed and packed.
    ToPack,
    /// Packed, or on their way.
    Underway,
    /// Goods held while a transfer is awaited; goods delivered and not all paid for.
    AwaitMoney,
    Done,
}

impl Tab {
    pub const ALL: [Tab; 5] = [Tab::ToConfirm, Tab::ToPack, Tab::Underway, Tab::AwaitMoney, Tab::Done];

    const fn states(self) -> &'static [OrderState] {
        match self {
            Tab::ToConfirm => &[OrderState::Placed],
            Tab::ToPack => &[OrderState::Confirmed],
            Tab::Underway => &[OrderState::Packed, OrderState::OnTheWay],
            Tab::AwaitMoney => &[OrderState::AwaitingPayment],
            Tab::Done => &[
                OrderState::Delivered,
                OrderState::Closed,
                OrderState::Expired,
                OrderState::Cancelled,
                OrderState::Declined,
            ],
        }
    }
}

/// An order as a list shows it.
#[derive(Debug, Clone)]
pub struct OrderBrief {
    pub order: Order,
    pub buyer: Purchase,
    pub delivery: OrderDelivery,
    pub lines: Vec<OrderLine>,
    pub settlement: Settlement,
    pub due: Money,
    /// A line is charged by its true weight and has not been weighed.
    pub needs_weighing: bool,
    /// Ordered before its harvest, which is still to come.
    pub waits_for: Option<Day>,
}

/// A page of orders, with how many stand in each tab.
#[derive(Debug, Clone)]
pub struct OrdersPage {
    pub briefs: Vec<OrderBrief>,
    pub counts: Vec<(Tab, i64)>,
    pub page: i64,
    pub pages: i64,
}

/// Loads what lists show of orders, in the order given; at most 500.
pub fn briefs_of(conn: &mut Conn, orders: Vec<Order>) -> Result<Vec<OrderBrief>, ServiceError> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id.clone()).collect();
    let balances = balances(conn, &ids)?;
    let mut lines: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
    for line in store::order::list_lines(conn, &ids)? {
        lines.entry(line.order_id.clone()).or_default().push(line);
    }
    let mut deliveries: HashMap<OrderId, OrderDelivery> =
        store::order::list_deliveries(conn, &ids)?.into_iter().map(|row| (row.order_id.clone(), row)).collect();
    let purchase_ids: Vec<PurchaseId> = orders.iter().map(|order| order.purchase_id.clone()).collect();
    let purchases: HashMap<PurchaseId, Purchase> =
        store::purchase::list_of(conn, &purchase_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let by_weight = by_true_weight(conn, lines.values().flatten())?;
    let waiting = store::window::list_waiting_of(conn, &ids)?;
    let mut briefs = Vec::new();
    for order in orders {
        let balance = balances.get(&order.id).copied().unwrap_or_default();
        let lines = lines.remove(&order.id).unwrap_or_default();
        briefs.push(OrderBrief {
            needs_weighing: lines
                .iter()
                .any(|line| line.weighed_base.is_none() && by_weight.contains(&line.product_id)),
            lines,
            waits_for: waiting.iter().find(|(id, _)| *id == order.id).map(|(_, day)| *day),
            buyer: purchases.get(&order.purchase_id).cloned().ok_or(ServiceError::NotFound)?,
            delivery: deliveries.remove(&order.id).ok_or(ServiceError::NotFound)?,
            settlement: Settlement::of(order.state, order.total_vnd, balance),
            due: settlement::due(order.state, order.total_vnd, balance)?,
            order,
        });
    }
    Ok(briefs)
}

/// Which products of lines are charged by their true weight.
pub fn by_true_weight<'a>(
    conn: &mut Conn,
    lines: impl Iterator<Item = &'a OrderLine>,
) -> Result<Vec<crate::domain::id::ProductId>, ServiceError> {
    let mut ids: Vec<_> = lines.map(|line| line.product_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let products = store::product::list_of(conn, chunk)?;
        found.extend(products.into_iter().filter(|product| product.charged_by_true_weight).map(|product| product.id));
    }
    Ok(found)
}

/// Orders handed over and not all paid for.
pub fn owing_of(conn: &mut Conn, cooperative: &CooperativeId) -> Result<Vec<OrderId>, ServiceError> {
    let accounts = store::ledger::list_accounts(conn, cooperative)?;
    let receivable = accounts.into_iter().find(|account| account.kind == LedgerKind::Receivable);
    match receivable {
        Some(account) => Ok(store::ledger::list_owing(conn, &account.id, MOST_OWING)?),
        None => Ok(Vec::new()),
    }
}

/// How many orders stand in each tab.
fn counts_of(conn: &mut Conn, cooperative: &CooperativeId, owing: i64) -> Result<Vec<(Tab, i64)>, ServiceError> {
    let by_state = store::order::count_by_state(conn, Some(cooperative))?;
    let counts = Tab::ALL.into_iter().map(|tab| {
        let there = by_state.iter().filter(|(state, _)| tab.states().contains(state));
        let sum = there.fold(0_i64, |sum, (_, count)| sum.saturating_add(*count));
        let shifted = match tab {
            Tab::AwaitMoney => sum.saturating_add(owing),
            Tab::Done => sum.saturating_sub(owing),
            Tab::ToConfirm | Tab::ToPack | Tab::Underway => sum,
        };
        (tab, shifted)
    });
    Ok(counts.collect())
}

/// One page of the orders of a tab. What waits for work comes oldest first, what is done newest first.
pub async fn list_orders(kit: &Kit, seller: &Seller, tab: Tab, page: i64) -> Result<OrdersPage, ServiceError> {
    let cooperative = seller.cooperative.clone();
    kit.db
        .read(move |conn| {
            let owing = owing_of(conn, &cooperative)?;
            let counts = counts_of(conn, &cooperative, i64::try_from(owing.len()).unwrap_or(i64::MAX))?;
            let total = counts.iter().find(|(which, _)| *which == tab).map_or(0, |(_, count)| *count);
            let pages = total.saturating_add(ORDERS_A_PAGE.saturating_sub(1)).div_euclid(ORDERS_A_PAGE).max(1);
            let page = page.clamp(1, pages);
            let skip = page.saturating_sub(1).saturating_mul(ORDERS_A_PAGE);
            let rows = match tab {
                Tab::Done => {
                    store::order::list_newest_in(conn, &cooperative, tab.states(), &owing, skip, ORDERS_A_PAGE)?
                }
                Tab::AwaitMoney => awaiting_money(conn, &cooperative, &owing, skip)?,
                Tab::ToConfirm | Tab::ToPack | Tab::Underway => {
                    let all =
                        store::order::list_in(conn, &cooperative, tab.states(), skip.saturating_add(ORDERS_A_PAGE))?;
                    all.into_iter().skip(usize::try_from(skip).unwrap_or(0)).collect()
                }
            };
            Ok(OrdersPage { briefs: briefs_of(conn, rows)?, counts, page, pages })
        })
        .await
}

/// First the delivered ones that owe, then those whose transfer is awaited.
fn awaiting_money(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    owing: &[OrderId],
    skip: i64,
) -> Result<Vec<Order>, ServiceError> {
    let mut rows = store::order::list_of(conn, owing)?;
    rows.sort_by(|a, b| a.made_at.cmp(&b.made_at).then(a.id.cmp(&b.id)));
    rows.extend(store::order::list_in(
        conn,
        cooperative,
        Tab::AwaitMoney.states(),
        skip.saturating_add(ORDERS_A_PAGE),
    )?);
    let (skip, most) = (usize::try_from(skip).unwrap_or(0), usize::try_from(ORDERS_A_PAGE).unwrap_or(20));
    Ok(rows.into_iter().skip(skip).take(most).collect())
}

/// One order whole, with the names of those who moved it or said something of its money.
#[derive(Debug, Clone)]
pub struct SellersOrder {
    pub view: OrderView,
    pub names: HashMap<AccountId, String>,
    /// Lines (by position) that wait for their true weight or were charged by it.
    pub weighed_lines: Vec<crate::domain::id::OrderLineId>,
    /// When the goods are picked up: the point.
    pub point: Option<store::cooperative::PickupPoint>,
    /// Other lots that could serve a line whole, while the goods are not packed.
    pub lot_choices: HashMap<OrderLineId, Vec<Lot>>,
}

/// One of the cooperative's own orders by its code. Unknown and another's are told alike.
pub async fn find_own_order(kit: &Kit, seller: &Seller, code: &str) -> Result<SellersOrder, ServiceError> {
    let code: OrderCode = code.parse().map_err(|_not_a_code| ServiceError::NotFound)?;
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let order = store::order::find_own_by_code(conn, &cooperative, &code)?.ok_or(ServiceError::NotFound)?;
            let view = views_of(conn, vec![order])?.pop().ok_or(ServiceError::NotFound)?;
            let by_weight = by_true_weight(conn, view.lines.iter().map(|line| &line.line))?;
            let weighed_lines = view.lines.iter().filter(|line| by_weight.contains(&line.line.product_id));
            let weighed_lines = weighed_lines.map(|line| line.line.id.clone()).collect();
            let movers = view.moves.iter().filter_map(|step| step.by_account_id.clone());
            let names =
                names_of(conn, movers.chain(view.money.iter().filter_map(|event| event.said_by.clone())).collect())?;
            let point = match &view.delivery.pickup_point_id {
                Some(point) => store::cooperative::find_point(conn, point)?,
                None => None,
            };
            let lot_choices = lot_choices(conn, now, &view)?;
            Ok(SellersOrder { names, weighed_lines, point, lot_choices, view })
        })
        .await
}

/// Which other lots could serve the lines of an order that is not packed yet.
fn lot_choices(conn: &mut Conn, now: At, view: &OrderView) -> Result<HashMap<OrderLineId, Vec<Lot>>, ServiceError> {
    let mut out = HashMap::new();
    if !shortage::can_choose(view.order.state) {
        return Ok(out);
    }
    let mut products: Vec<ProductId> = view.lines.iter().map(|line| line.line.product_id.clone()).collect();
    products.sort();
    products.dedup();
    let stock = stock_view::stock_of(conn, now, &products)?;
    let holds = store::lot::list_holds(conn, std::slice::from_ref(&view.order.id))?;
    for line in view.lines.iter().map(|line| &line.line) {
        let own = holds.iter().filter(|hold| hold.order_line_id == line.id && hold.state == HoldState::Standing);
        let own: Vec<_> = own.map(|hold| (hold.lot_id.clone(), hold.base_quantity)).collect();
        let lots = stock.get(&line.product_id).map(Vec::as_slice).unwrap_or_default();
        let able = shortage::choices_for(lots, line, &own)?;
        if !able.is_empty() {
            out.insert(line.id.clone(), store::lot::list_of(conn, &able)?);
        }
    }
    Ok(out)
}

/// Names of people.
pub fn names_of(conn: &mut Conn, mut ids: Vec<AccountId>) -> Result<HashMap<AccountId, String>, ServiceError> {
    ids.sort();
    ids.dedup();
    let mut names = HashMap::new();
    for chunk in ids.chunks(500) {
        names.extend(store::account::list_of(conn, chunk)?.into_iter().map(|person| (person.id, person.name)));
    }
    Ok(names)
}
