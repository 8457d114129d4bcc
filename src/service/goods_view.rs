//! Goods as the people of a cooperative see them: state, stock, price, what is missing before they can sell, lots with what was
//! promised from them. Reads only; the acts are `listing`'s.

use super::error::ServiceError;
use super::kit::Kit;
use super::selling::{OrderBrief, briefs_of, names_of};
use super::shortage::{self, Shortage};
use super::stock_view;
use super::who::Seller;
use crate::domain::id::{AccountId, CooperativeId, LotId, OrderId, PictureId, ProductId};
use crate::domain::order::HoldState;
use crate::domain::product::ProductState;
use crate::domain::quantity::Base;
use crate::domain::stock::StockWord;
use crate::domain::time::At;
use crate::store::lot::{Lot, Movement};
pub use crate::store::product::Picture;
use crate::store::product::{Offer, Product};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Lots of one product that its page shows.
const MOST_LOTS: i64 = 60;

/// What keeps a product from selling, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    Price,
    Lot,
    /// There are lots, and nothing of them is left.
    SoldOut,
    Picture,
}

/// A product as the seller's list shows it.
#[derive(Debug, Clone)]
pub struct Goods {
    pub product: Product,
    /// Offers in use, as the seller ordered them.
    pub offers: Vec<Offer>,
    pub picture: Option<Picture>,
    /// What all its lots can promise now.
    pub available: Base,
    pub stock: StockWord,
    pub open_lots: usize,
    pub missing: Vec<Missing>,
}

/// A lot as the seller sees it.
#[derive(Debug, Clone)]
pub struct LotView {
    pub lot: Lot,
    /// Promised and not yet handed over; holds that ran out do not count.
    pub promised: Base,
    /// What it can still promise, never below nothing.
    pub available: Base,
    /// What was promised and is not there.
    pub short: Base,
}

/// A product with everything of it.
#[derive(Debug, Clone)]
pub struct GoodsPage {
    pub goods: Goods,
    /// Offers taken back too.
    pub all_offers: Vec<Offer>,
    pub lots: Vec<LotView>,
}

/// A lot with what happened to it and to whom it is promised.
#[derive(Debug, Clone)]
pub struct LotPage {
    pub lot: LotView,
    pub product: Product,
    pub movements: Vec<Movement>,
    pub names: HashMap<AccountId, String>,
    /// Living orders with what each is promised of this lot, the oldest first.
    pub orders: Vec<(OrderBrief, Base)>,
    /// Less is there than was promised: the way out for each order.
    pub shortage: Option<Shortage>,
}

/// A lot that has promised more than it holds.
#[derive(Debug, Clone)]
pub struct OverPromised {
    pub lot: LotView,
    pub product_name: String,
    pub base_unit: crate::domain::quantity::BaseUnit,
}

/// Goods of products, in the order given; at most 500.
pub fn goods_of(conn: &mut Conn, now: At, products: Vec<Product>) -> Result<Vec<Goods>, ServiceError> {
    let ids: Vec<ProductId> = products.iter().map(|product| product.id.clone()).collect();
    let mut offers: HashMap<ProductId, Vec<Offer>> = HashMap::new();
    for offer in store::product::list_offers(conn, &ids)? {
        offers.entry(offer.product_id.clone()).or_default().push(offer);
    }
    let picture_ids: Vec<PictureId> = products.iter().filter_map(|product| product.picture_id.clone()).collect();
    let pictures: HashMap<PictureId, Picture> =
        store::product::list_pictures(conn, &picture_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let stock = stock_view::stock_of(conn, now, &ids)?;
    let mut out = Vec::new();
    for product in products {
        let lots = stock.get(&product.id).map(Vec::as_slice).unwrap_or_default();
        let available = stock_view::available(lots)?;
        let offers = offers.remove(&product.id).unwrap_or_default();
        let smallest = offers
            .iter()
            .map(|offer| offer.min_quantity.to_base(offer.base_quantity).unwrap_or(offer.base_quantity))
            .min();
        let stock = StockWord::of(available, smallest.unwrap_or(Base(1)));
        let picture = product.picture_id.as_ref().and_then(|id| pictures.get(id)).cloned();
        let mut missing = Vec::new();
        if offers.is_empty() {
            missing.push(Missing::Price);
        }
        if lots.is_empty() {
            missing.push(Missing::Lot);
        } else if stock == StockWord::SoldOut {
            missing.push(Missing::SoldOut);
        }
        if picture.is_none() {
            missing.push(Missing::Picture);
        }
        out.push(Goods { open_lots: lots.len(), available, stock, picture, missing, offers, product });
    }
    Ok(out)
}

fn all_goods(conn: &mut Conn, now: At, cooperative: &CooperativeId) -> Result<Vec<Goods>, ServiceError> {
    let mut out = Vec::new();
    let products = store::product::list_own(conn, cooperative)?;
    for chunk in products.chunks(500) {
        out.extend(goods_of(conn, now, chunk.to_vec())?);
    }
    Ok(out)
}

/// Everything the cooperative has listed, by name.
pub async fn list_goods(kit: &Kit, seller: &Seller) -> Result<Vec<Goods>, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db.read(move |conn| all_goods(conn, now, &cooperative)).await
}

/// Goods that cannot sell as they stand: on show or begun, and something is missing. Hidden ones rest.
pub fn needing_hands(conn: &mut Conn, now: At, cooperative: &CooperativeId) -> Result<Vec<Goods>, ServiceError> {
    let mut goods = all_goods(conn, now, cooperative)?;
    goods.retain(|one| {
        let awake = matches!(one.product.state, ProductState::Published | ProductState::Draft);
        awake && (!one.missing.is_empty() || one.product.state == ProductState::Draft)
    });
    Ok(goods)
}

/// One of the cooperative's own products whole.
pub async fn show_goods(kit: &Kit, seller: &Seller, id: &ProductId) -> Result<GoodsPage, ServiceError> {
    let (now, cooperative, id) = (kit.now(), seller.cooperative.clone(), id.clone());
    kit.db
        .read(move |conn| {
            let product = store::product::get_own(conn, &cooperative, &id)?;
            let lots = store::lot::list_of_product(conn, &id, MOST_LOTS)?;
            Ok(GoodsPage {
                goods: goods_of(conn, now, vec![product])?.pop().ok_or(ServiceError::NotFound)?,
                all_offers: store::product::list_all_offers(conn, &id)?,
                lots: views_of_lots(conn, now, lots)?,
            })
        })
        .await
}

/// Lots with what they have promised, in the order given.
fn views_of_lots(conn: &mut Conn, now: At, lots: Vec<Lot>) -> Result<Vec<LotView>, ServiceError> {
    let run_out = stock_view::run_out_of(conn, now, &lots)?;
    let mut views = Vec::new();
    for lot in lots {
        let promised = lot.held.minus(run_out.get(&lot.id).copied().unwrap_or_default())?;
        let free = lot.on_hand.minus(promised)?;
        views.push(LotView { promised, available: free.max(Base::ZERO), short: free.negated()?.max(Base::ZERO), lot });
    }
    Ok(views)
}

/// Lots that have promised more than they hold, holds that ran out set aside.
pub fn over_promised(conn: &mut Conn, now: At, cooperative: &CooperativeId) -> Result<Vec<OverPromised>, ServiceError> {
    let lots = store::lot::list_over_promised(conn, cooperative)?;
    let mut ids: Vec<ProductId> = lots.iter().map(|lot| lot.product_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let products: HashMap<ProductId, Product> =
        store::product::list_of(conn, &ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let mut out = Vec::new();
    for lot in views_of_lots(conn, now, lots)?.into_iter().filter(|lot| lot.short.is_positive()) {
        let Some(product) = products.get(&lot.lot.product_id) else { continue };
        out.push(OverPromised { product_name: product.name.clone(), base_unit: product.base_unit, lot });
    }
    Ok(out)
}

/// One of the cooperative's own lots whole.
pub async fn show_lot(kit: &Kit, seller: &Seller, id: &LotId) -> Result<LotPage, ServiceError> {
    let (now, cooperative, id) = (kit.now(), seller.cooperative.clone(), id.clone());
    kit.db
        .read(move |conn| {
            let lot = store::lot::get_own(conn, &cooperative, &id)?;
            let product = store::product::get_own(conn, &cooperative, &lot.product_id)?;
            let movements = store::lot::list_movements(conn, &id)?;
            let names = names_of(conn, movements.iter().filter_map(|row| row.by_account_id.clone()).collect())?;
            let mut promised: HashMap<OrderId, Base> = HashMap::new();
            let lives = |end: Option<At>| end.is_none_or(|end| end > now);
            for hold in store::lot::list_holds_of_lot(conn, &id)? {
                if hold.state == HoldState::Standing && lives(hold.expires_at) {
                    let sum = promised.entry(hold.order_id).or_default();
                    *sum = sum.plus(hold.base_quantity)?;
                }
            }
            let mut ids: Vec<OrderId> = promised.keys().cloned().collect();
            ids.sort();
            ids.truncate(500);
            let mut rows = store::order::list_of(conn, &ids)?;
            rows.sort_by(|a, b| a.made_at.cmp(&b.made_at).then(a.id.cmp(&b.id)));
            let briefs = briefs_of(conn, rows)?;
            let orders = briefs.into_iter().map(|brief| {
                let base = promised.get(&brief.order.id).copied().unwrap_or_default();
                (brief, base)
            });
            Ok(LotPage {
                orders: orders.collect(),
                shortage: shortage::plan_for(conn, now, &lot)?,
                lot: views_of_lots(conn, now, vec![lot])?.pop().ok_or(ServiceError::NotFound)?,
                product,
                movements,
                names,
            })
        })
        .await
}
