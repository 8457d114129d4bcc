//! Offers of a product: by what it is sold and for how much. Knows nothing of words, pictures and lots.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::who::{Seller, may_list};
use crate::domain::id::{OfferId, ProductId};
use crate::domain::money::Money;
use crate::domain::quantity::{Base, Quantity};
use crate::domain::refusal::Refusal;
use crate::store;
use crate::store::product::Offer;

/// What a seller says of an offer. No id: a new one.
#[derive(Debug, Clone)]
pub struct OfferSaid {
    pub id: Option<OfferId>,
    pub label: String,
    pub unit: String,
    pub base: Base,
    pub about: bool,
    pub price: Money,
    pub min: Quantity,
    pub step: Quantity,
    pub position: i64,
    pub is_active: bool,
}

/// Adds or changes an offer of a product.
pub async fn put_offer(
    kit: &Kit,
    seller: &Seller,
    product: &ProductId,
    said: &OfferSaid,
) -> Result<OfferId, ServiceError> {
    put_offer_as_seen(kit, seller, product, said, &OfferSeen::default()).await
}

/// What a form brings along of the page it stood on.
#[derive(Debug, Clone, Default)]
pub struct OfferSeen {
    /// The id of an offer to be: sent twice, it is made once.
    pub new: Option<OfferId>,
    /// The price that the page showed of an offer to be changed.
    pub price: Option<Money>,
}

/// The same from a page. A price that somebody has changed since is told, and nothing is written.
pub async fn put_offer_as_seen(
    kit: &Kit,
    seller: &Seller,
    product: &ProductId,
    said: &OfferSaid,
    seen: &OfferSeen,
) -> Result<OfferId, ServiceError> {
    may_list(seller)?;
    check_offer(said)?;
    let (draw, seller, product, said, seen) =
        (Draw::new(kit), seller.clone(), product.clone(), said.clone(), seen.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::product::lock_own(conn, &seller.cooperative, &product)?;
            let mut row = offer_row(&run, &seller, &product, &said);
            let all = store::product::list_all_offers(conn, &product)?;
            if said.id.is_none() {
                row.id = seen.new.clone().unwrap_or(row.id);
            }
            let there = all.iter().find(|there| there.id == row.id);
            if said.id.is_none() && there.is_some() {
                return Ok(row.id);
            }
            let moved =
                there.zip(seen.price).filter(|(there, seen)| ![*seen, row.price_vnd].contains(&there.price_vnd));
            if let Some((there, _)) = moved {
                let refusal = Refusal::new("refusal-price-changed-meanwhile").with("price", there.price_vnd);
                return Err(ServiceError::changed(refusal.about("price")));
            }
            if said.id.is_some() {
                if !store::product::put_offer(conn, &row)? {
                    return Err(ServiceError::NotFound);
                }
            } else {
                store::product::insert_offer(conn, &row)?;
            }
            store::change::insert(conn, "product", product.as_text(), run.now)?;
            Ok(row.id)
        })
        .await
}

/// An offer as it will stand; a new id unless it changes one.
pub(super) fn offer_row(run: &Run, seller: &Seller, product: &ProductId, said: &OfferSaid) -> Offer {
    Offer {
        id: said.id.clone().unwrap_or_else(|| OfferId::new(run.now, run.ten())),
        cooperative_id: seller.cooperative.clone(),
        product_id: product.clone(),
        label: said.label.trim().to_owned(),
        unit: said.unit.trim().to_owned(),
        base_quantity: said.base,
        about: said.about,
        price_vnd: said.price,
        min_quantity: said.min,
        step_quantity: said.step,
        position: said.position,
        is_active: said.is_active,
    }
}

pub(super) fn check_offer(said: &OfferSaid) -> Result<(), ServiceError> {
    let mut refusals = Vec::new();
    let mut need = |holds: bool, key: &str, field: &str| {
        if !holds {
            refusals.push(Refusal::new(key).about(field));
        }
    };
    need(!said.label.trim().is_empty() && said.label.chars().count() <= 80, "refusal-offer-label", "label");
    need(!said.unit.trim().is_empty() && said.unit.chars().count() <= 20, "refusal-offer-unit", "unit");
    need((1..=1_000_000_000).contains(&said.base.0), "refusal-offer-base", "base");
    need((1..=1_000_000_000).contains(&said.price.vnd()), "refusal-price", "price");
    need(said.min.is_positive() && said.step.is_positive(), "refusal-offer-step", "step");
    need(said.step.to_base(said.base).is_ok(), "refusal-offer-step-whole", "step");
    if refusals.is_empty() { Ok(()) } else { Err(ServiceError::Refused(refusals)) }
}
