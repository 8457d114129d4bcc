//! Parcels for a carrier: what a label and a carrier's table need of orders that stand packed. Decides nothing.

use super::error::ServiceError;
use super::kit::Kit;
use super::selling::{OrderBrief, briefs_of};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::code::OrderCode;
use crate::domain::order::{FulfilmentKind, OrderState};
use crate::domain::quantity::{Base, BaseUnit};
use crate::gateway::qr;
use crate::store;

/// Orders on one table.
const MOST: i64 = 500;

/// Packed orders that somebody has to carry, those of the soonest day first.
pub async fn list_parcels(kit: &Kit, seller: &Seller) -> Result<Vec<OrderBrief>, ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let here = seller.cooperative.clone();
    kit.db
        .read(move |conn| {
            let orders = store::order::list_in(conn, &here, &[OrderState::Packed], MOST)?;
            let mut briefs = briefs_of(conn, orders)?;
            briefs.retain(|brief| brief.delivery.kind != FulfilmentKind::Pickup);
            briefs.sort_by_key(|brief| (brief.delivery.deliver_on.is_none(), brief.delivery.deliver_on));
            Ok(briefs)
        })
        .await
}

/// Grams of a parcel's goods, as weighed where they were; a millilitre counts as a gram. None where something is counted by the piece:
/// then nobody has weighed it.
pub fn weight_g(brief: &OrderBrief) -> Option<Base> {
    let mut weights = Vec::new();
    for line in &brief.lines {
        match line.base_unit {
            BaseUnit::Gram | BaseUnit::Millilitre => weights.push(line.weighed_base.unwrap_or(line.base_quantity)),
            BaseUnit::Piece => return None,
        }
    }
    Base::sum(weights).ok()
}

/// The code on a label: it opens the carrier's screen of the order.
pub fn door_code(kit: &Kit, code: &OrderCode) -> Result<String, ServiceError> {
    let url = format!("{}/ban-hang/giao/{code}", kit.config.base_url);
    let caption = qr::Caption { title: code.as_text(), above: None, below: None };
    qr::svg(&url, &caption).map_err(ServiceError::broken)
}
