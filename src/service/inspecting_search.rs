//! The official's one search box: whatever a tip holds — a code, a phone, an account number, a tax code, a name — leads to
//! what lies in the territory. Reads only; a look by phone is written down.

use super::error::ServiceError;
use super::inspecting::{land_of, lot_is_inside, order_is_inside};
use super::kit::Kit;
use super::who::Official;
use crate::domain::code::{LotCode, OrderCode, PurchaseCode};
use crate::domain::id::CooperativeId;
use crate::domain::phone::Phone;
use crate::domain::territory::Territory;
use crate::domain::text::{clean, fold::fold};
use crate::store::cooperative::Cooperative;
use crate::store::lot::Lot;
use crate::store::order::Order;
use crate::store::overview::ProductName;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Hits of one kind on a page.
const MOST: usize = 30;
const MOST_ORDERS: i64 = 100;
/// Names are searched from this many letters on.
const LEAST_LETTERS: usize = 3;
const CHUNK: i64 = 1_000;
/// The newest lots of a product that was found.
const LOTS_OF_PRODUCT: i64 = 5;

/// What was found, each kind by itself.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    pub orders: Vec<(Order, String)>,
    pub lots: Vec<(Lot, String)>,
    pub cooperatives: Vec<Cooperative>,
    /// Products with the code of their newest lots.
    pub products: Vec<(ProductName, String, Vec<LotCode>)>,
}

impl Hits {
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.lots.is_empty() && self.cooperatives.is_empty() && self.products.is_empty()
    }
}

/// Searches everything at once.
pub async fn search_all(kit: &Kit, official: &Official, text: &str) -> Result<Hits, ServiceError> {
    let text = clean::line(text, 120).unwrap_or_default();
    if text.is_empty() {
        return Ok(Hits::default());
    }
    let land = land_of(official)?;
    let hits = kit.db.read(move |conn| hits_of(conn, &land, &text)).await?;
    if !hits.orders.is_empty() {
        tracing::info!(target: "access", official = %official.account, what = "search", orders = hits.orders.len());
    }
    Ok(hits)
}

fn hits_of(conn: &mut Conn, land: &Territory, text: &str) -> Result<Hits, ServiceError> {
    let all: HashMap<CooperativeId, Cooperative> =
        store::cooperative::list(conn)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let name = |id: &CooperativeId| all.get(id).map(|row| row.name.clone()).unwrap_or_default();
    let mut hits = Hits::default();
    for order in orders_of(conn, text)? {
        if order_is_inside(conn, land, &order)? {
            hits.orders.push((order.clone(), name(&order.cooperative_id)));
        }
    }
    if let Ok(code) = text.parse::<LotCode>()
        && let Some(lot) = store::lot::find_by_code(conn, &code)?
        && lot_is_inside(conn, land, &lot)?
    {
        let product = store::product::get(conn, &lot.product_id)?;
        hits.lots.push((lot, product.name));
    }
    hits.cooperatives = cooperatives_of(conn, land, &all, text)?;
    hits.products = products_of(conn, land, &all, text)?;
    Ok(hits)
}

fn orders_of(conn: &mut Conn, text: &str) -> Result<Vec<Order>, ServiceError> {
    if let Ok(code) = text.parse::<OrderCode>() {
        return Ok(store::order::find_by_code(conn, &code)?.into_iter().collect());
    }
    if let Ok(code) = text.parse::<PurchaseCode>() {
        let Some(purchase) = store::purchase::find_by_code(conn, &code)? else { return Ok(Vec::new()) };
        return Ok(store::order::list_of_purchase(conn, &purchase.id)?);
    }
    match text.parse::<Phone>() {
        Ok(phone) => Ok(store::overview::list_orders_of_phone(conn, phone.as_text(), MOST_ORDERS)?),
        Err(_not_a_phone) => Ok(Vec::new()),
    }
}

fn cooperatives_of(
    conn: &mut Conn,
    land: &Territory,
    all: &HashMap<CooperativeId, Cooperative>,
    text: &str,
) -> Result<Vec<Cooperative>, ServiceError> {
    let number: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '.').collect();
    let owners = store::overview::list_owners_of_account(conn, &number)?;
    let phone = text.parse::<Phone>().ok();
    let wanted = fold(text);
    let has_letters = wanted.chars().count() >= LEAST_LETTERS;
    let bare = |code: &str| code.chars().filter(char::is_ascii_digit).collect::<String>();
    let is_it = |row: &&Cooperative| {
        let by_tax = row.tax_code.as_deref().is_some_and(|code| bare(code) == number);
        let by_phone = phone.as_ref().is_some_and(|phone| phone.as_text() == row.phone);
        let by_name = has_letters && (fold(&row.name).contains(&wanted) || fold(&row.legal_name).contains(&wanted));
        land.holds(&row.commune_code) && (by_tax || by_phone || by_name || owners.contains(&row.id))
    };
    let mut found: Vec<Cooperative> = all.values().filter(is_it).cloned().collect();
    found.sort_by(|a, b| (&a.name_key, &a.id).cmp(&(&b.name_key, &b.id)));
    found.truncate(MOST);
    Ok(found)
}

fn products_of(
    conn: &mut Conn,
    land: &Territory,
    all: &HashMap<CooperativeId, Cooperative>,
    text: &str,
) -> Result<Vec<(ProductName, String, Vec<LotCode>)>, ServiceError> {
    let wanted = fold(text);
    if wanted.chars().count() < LEAST_LETTERS {
        return Ok(Vec::new());
    }
    let (mut after, mut found) = (None, Vec::new());
    while found.len() < MOST {
        let chunk = store::overview::list_product_names(conn, after.as_ref(), CHUNK)?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.id.clone());
        for product in chunk {
            let Some(seller) = all.get(&product.cooperative).filter(|seller| land.holds(&seller.commune_code)) else {
                continue;
            };
            if fold(&product.name).contains(&wanted) || fold(&product.also_called).contains(&wanted) {
                found.push((product, seller.name.clone(), Vec::new()));
            }
        }
    }
    found.truncate(MOST);
    for (product, _, lots) in &mut found {
        let newest = store::lot::list_of_product(conn, &product.id, LOTS_OF_PRODUCT)?;
        lots.extend(newest.into_iter().map(|lot| lot.code));
    }
    Ok(found)
}
