//! The first listing, from nothing to goods on show: product, offer, lot and publication in one step, or nothing at all.

use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::listing::{OfferSaid, ProductSaid, check_offer, checked, insert_product, may_list, offer_row};
use super::lots::{LotSaid, check_lot, open_lot};
use super::who::Seller;
use crate::domain::id::ProductId;
use crate::domain::product::ProductState;
use crate::store;

/// A product made at once.
#[derive(Debug, Clone)]
pub struct Listed {
    pub product: ProductId,
    pub slug: String,
}

/// Lists goods in one go. Everything that is wrong is said together; when any part fails nothing is there.
pub async fn list_at_once(
    kit: &Kit,
    seller: &Seller,
    product: &ProductSaid,
    offer: &OfferSaid,
    lot: &LotSaid,
) -> Result<Listed, ServiceError> {
    may_list(seller)?;
    let mut refusals = Vec::new();
    let mut keep = |error: ServiceError| match error {
        ServiceError::Refused(more) => {
            refusals.extend(more);
            Ok(())
        }
        other => Err(other),
    };
    let product = match checked(product) {
        Ok(product) => Some(product),
        Err(error) => keep(error).map(|()| None)?,
    };
    if let Err(error) = check_offer(offer) {
        keep(error)?;
    }
    refusals.extend(check_lot(lot, kit.now()));
    let Some(said) = product.filter(|_| refusals.is_empty()) else { return Err(ServiceError::Refused(refusals)) };
    let (draw, seller, offer, lot) = (Draw::new(kit), seller.clone(), offer.clone(), lot.clone());
    let base_url = kit.config.base_url.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            let product = insert_product(conn, &run, &seller, &said)?;
            store::product::insert_offer(conn, &offer_row(&run, &seller, &product.id, &offer))?;
            open_lot(conn, &run, &base_url, &seller, &product, &lot)?;
            store::product::mark_state(conn, &seller.cooperative, &product.id, ProductState::Published, run.now)?;
            store::change::insert(conn, "product", product.id.as_text(), run.now)?;
            Ok(Listed { product: product.id, slug: product.slug })
        })
        .await
}
