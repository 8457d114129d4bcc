//! Sales windows as people see them: those of a cooperative, one whole, and what a product's page says of those that are open. Reads only.

use super::browsing::{OfferView, orderable, unit_price};
use super::error::ServiceError;
use super::kit::Kit;
use super::selling::{OrderBrief, briefs_of};
use super::stock_view;
use super::who::Seller;
use super::window_clock::ordered_of;
use super::windows::may_cancel_late;
use crate::domain::id::{OfferId, OrderId, ProductId, SalesWindowId};
use crate::domain::quantity::{Base, BaseUnit};
use crate::domain::time::At;
pub use crate::store::window::SalesWindow;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Windows that a list shows.
const MOST: i64 = 100;

/// A window as its seller's list shows it.
#[derive(Debug, Clone)]
pub struct WindowView {
    pub window: SalesWindow,
    pub product_name: String,
    pub base_unit: BaseUnit,
    /// Living orders, and what they ask for.
    pub orders: usize,
    pub ordered: Base,
}

/// A window with its orders, the first ordered first.
#[derive(Debug, Clone)]
pub struct WindowPage {
    pub view: WindowView,
    pub orders: Vec<OrderOfWindow>,
    /// Orders that have their share and were not brought to it yet.
    pub unsettled: usize,
}

#[derive(Debug, Clone)]
pub struct OrderOfWindow {
    pub brief: OrderBrief,
    pub ordered: Base,
    /// Once it is harvested.
    pub granted: Option<Base>,
}

/// A window that takes orders now.
#[derive(Debug, Clone)]
pub struct WindowOnSale {
    pub window: SalesWindow,
    /// A deposit comes back whenever the buyer takes the order back before the harvest.
    pub may_cancel_late: bool,
    pub available: Base,
    pub offers: Vec<OfferView>,
}

fn view(conn: &mut Conn, now: At, window: SalesWindow) -> Result<WindowView, ServiceError> {
    let product = store::product::get(conn, &window.product_id)?;
    let (orders, ordered) = ordered_of(conn, now, &window)?;
    Ok(WindowView { product_name: product.name, base_unit: product.base_unit, orders, ordered, window })
}

/// A cooperative's windows, the newest first.
pub async fn list_windows(kit: &Kit, seller: &Seller) -> Result<Vec<WindowView>, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let rows = store::window::list_own(conn, &cooperative, MOST)?;
            rows.into_iter().map(|window| view(conn, now, window)).collect()
        })
        .await
}

/// How many windows wait for somebody to say what was harvested.
pub async fn count_to_harvest(kit: &Kit, seller: &Seller) -> Result<i64, ServiceError> {
    let cooperative = seller.cooperative.clone();
    kit.db.read(move |conn| Ok(store::window::count_to_harvest(conn, &cooperative)?)).await
}

/// One of a cooperative's own windows whole. Another's is not there.
pub async fn show_window(kit: &Kit, seller: &Seller, id: &SalesWindowId) -> Result<WindowPage, ServiceError> {
    let (now, cooperative, id) = (kit.now(), seller.cooperative.clone(), id.clone());
    kit.db
        .read(move |conn| {
            let window = store::window::get_own(conn, &cooperative, &id)?;
            let lines = store::window::list_lines(conn, &id)?;
            let mut sums: HashMap<OrderId, (Base, Option<Base>)> = HashMap::new();
            for line in &lines {
                let (ordered, granted) = sums.entry(line.order_id.clone()).or_default();
                *ordered = ordered.plus(line.ordered)?;
                if let Some(more) = line.granted {
                    *granted = Some(granted.unwrap_or_default().plus(more)?);
                }
            }
            let mut ids: Vec<OrderId> = sums.keys().cloned().collect();
            ids.sort();
            ids.truncate(500);
            let mut rows = store::order::list_of(conn, &ids)?;
            rows.sort_by(|a, b| a.made_at.cmp(&b.made_at).then(a.id.cmp(&b.id)));
            let orders = briefs_of(conn, rows)?.into_iter().map(|brief| {
                let (ordered, granted) = sums.get(&brief.order.id).copied().unwrap_or_default();
                OrderOfWindow { brief, ordered, granted }
            });
            let waits = |line: &&store::window::WindowLine| line.granted.is_some() && line.settled_at.is_none();
            Ok(WindowPage {
                orders: orders.collect(),
                unsettled: lines.iter().filter(waits).count(),
                view: view(conn, now, window)?,
            })
        })
        .await
}

/// What can be ordered before its harvest of one product now, soonest harvested first.
pub async fn list_on_sale(kit: &Kit, product: &ProductId, unit: BaseUnit) -> Result<Vec<WindowOnSale>, ServiceError> {
    let (now, product) = (kit.now(), product.clone());
    kit.db.read(move |conn| on_sale(conn, now, &product, unit)).await
}

fn on_sale(conn: &mut Conn, now: At, product: &ProductId, unit: BaseUnit) -> Result<Vec<WindowOnSale>, ServiceError> {
    let windows = store::window::list_open_of(conn, std::slice::from_ref(product), now)?;
    if windows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<SalesWindowId> = windows.iter().map(|window| window.id.clone()).collect();
    let offers = store::window::list_offers(conn, &ids)?;
    let offer_ids: Vec<OfferId> = offers.iter().map(|(_, offer)| offer.id.clone()).collect();
    let steps = store::product::list_steps(conn, &offer_ids)?;
    let stock = stock_view::stock_of(conn, now, std::slice::from_ref(product))?.remove(product).unwrap_or_default();
    let may_cancel_late = may_cancel_late(conn, now)?;
    let on_sale = windows.into_iter().map(|window| {
        let lot = stock.iter().find(|lot| lot.id == window.lot_id);
        let available = lot.map_or(Base::ZERO, |lot| lot.available.max(Base::ZERO));
        let own = offers.iter().filter(|(of, _)| *of == window.id).map(|(_, offer)| OfferView {
            unit_price: unit_price(offer, unit),
            available: orderable(offer, available),
            steps: steps.iter().filter(|step| step.offer_id == offer.id).cloned().collect(),
            offer: offer.clone(),
        });
        WindowOnSale { offers: own.collect(), may_cancel_late, available, window }
    });
    Ok(on_sale.collect())
}
