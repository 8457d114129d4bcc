//! «It is always today»: when a demonstration is opened on a later day, fresh lots are brought to its shelves and the goods
//! that have come into season or gone out of it say so. Through the services; nothing of the past is touched.

use super::assortment;
use super::chance::{Stage, together};
use super::shelves::{self, next_harvest, said_of};
use crate::domain::account::MemberRole;
use crate::domain::id::AccountId;
use crate::domain::quantity::Base;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::listing;
use crate::service::who::Seller;
use crate::store;
use std::collections::HashMap;

/// What one cooperative has on its shelves.
struct Stock {
    cooperative: store::cooperative::Cooperative,
    manager: Option<AccountId>,
    products: Vec<store::product::Product>,
    lots: Vec<store::lot::Lot>,
}

/// Brings today's lots. Answers their codes.
pub async fn top_up(kit: &Kit, seed: u64) -> ServiceResult<Vec<String>> {
    let stage = Stage { kit: kit.clone(), seed, now: kit.now() };
    let today = stage.now.day();
    let stocks = kit.db.read(read_stocks).await?;
    let mut acts = Vec::new();
    for stock in &stocks {
        let Some(row) = super::tables::cooperatives().iter().find(|row| stock.cooperative.name.starts_with(&row.name))
        else {
            continue;
        };
        let Some(manager) = &stock.manager else { continue };
        let seller = Seller {
            account: manager.clone(),
            name: String::new(),
            cooperative: stock.cooperative.id.clone(),
            cooperative_slug: stock.cooperative.slug.clone(),
            cooperative_name: stock.cooperative.name.clone(),
            roles: vec![MemberRole::Manager],
        };
        let by_name: HashMap<&str, &store::product::Product> =
            stock.products.iter().map(|product| (product.name.as_str(), product)).collect();
        for what in assortment::of(row) {
            let Some(product) = by_name.get(what.name()).copied() else { continue };
            let next = next_harvest(&what, today);
            let needs_lot = next.is_none() && !has_fresh(&stock.lots, product, today, what.keeps_days());
            if !needs_lot && next == product.next_harvest_day {
                continue;
            }
            let (seller, slug) = (seller.clone(), product.slug.clone());
            let mark = format!("top-{slug}-{today}");
            let kit = stage.at(today.at_minute(5 * 60 + 30), &mark);
            let (low, high) = what.lot_base();
            let base = stage.chance(&mark).between(low, high);
            acts.push(async move {
                if next != product.next_harvest_day {
                    listing::change_product(&kit, &seller, &product.id, &said_of(&what, today, None)).await?;
                }
                if !needs_lot {
                    return Ok(None);
                }
                let said = shelves::lot_said_in(&what, today, base, super::shops::place(row));
                listing::add_lot(&kit, &seller, &product.id, &said).await.map(|(_, code)| Some(code.to_string()))
            });
        }
    }
    Ok(together(acts).await?.into_iter().flatten().collect())
}

/// There is a lot of today, or something is left of one that is fresh enough to be asked for: what was sold out today is sold
/// out until tomorrow.
fn has_fresh(
    lots: &[store::lot::Lot],
    product: &store::product::Product,
    today: crate::domain::time::Day,
    keeps: i64,
) -> bool {
    let newest_back = if keeps <= 7 { (keeps / 2).max(0) } else { keeps / 2 };
    lots.iter().filter(|lot| lot.product_id == product.id).any(|lot| {
        let days = today.days_since(lot.made_on);
        days == 0 || days <= newest_back && lot.on_hand.minus(lot.held).unwrap_or(Base::ZERO).is_positive()
    })
}

fn read_stocks(conn: &mut store::Conn) -> Result<Vec<Stock>, ServiceError> {
    let mut stocks = Vec::new();
    for cooperative in store::cooperative::list(conn)? {
        let phone = cooperative.phone.parse().map_err(|_odd| ServiceError::broken("a cooperative without a phone"))?;
        stocks.push(Stock {
            manager: store::account::find_by_phone(conn, &phone)?.map(|account| account.id),
            products: store::product::list_own(conn, &cooperative.id)?,
            lots: store::lot::list_own(conn, &cooperative.id, 400)?,
            cooperative,
        });
    }
    Ok(stocks)
}
