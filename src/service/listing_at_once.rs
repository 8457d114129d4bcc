//! The first listing, from nothing to goods on show: product, offer, lot and publication in one step, or nothing at all.

use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::listing::{ProductSaid, checked, insert_product, made_before};
use super::lots::{LotSaid, check_lot, open_lot};
use super::offering::{OfferSaid, check_offer, offer_row};
use super::owing::refuse_while_late;
use super::who::{Seller, may_list};
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
    list_once(kit, seller, product, offer, lot, None).await
}

/// The same from a form that brings the id of the product to be: sent twice, it lists once.
pub async fn list_once(
    kit: &Kit,
    seller: &Seller,
    product: &ProductSaid,
    offer: &OfferSaid,
    lot: &LotSaid,
    id: Option<&ProductId>,
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
    let (base_url, id) = (kit.config.base_url.clone(), id.cloned());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            if let Some(there) = made_before(conn, &seller, id.as_ref())? {
                return Ok(Listed { product: there.id, slug: there.slug });
            }
            refuse_while_late(conn, run.now, &seller.cooperative)?;
            let product = insert_product(conn, &run, &seller, &said, id.clone())?;
            store::product::insert_offer(conn, &offer_row(&run, &seller, &product.id, &offer))?;
            open_lot(conn, &run, &base_url, &seller, &product, &lot, None)?;
            store::product::mark_state(conn, &seller.cooperative, &product.id, ProductState::Published, run.now)?;
            store::change::insert(conn, "product", product.id.as_text(), run.now)?;
            Ok(Listed { product: product.id, slug: product.slug })
        })
        .await
}
