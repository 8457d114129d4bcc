//! Listing goods: a product with its words and picture, and its offers with prices. Lots are `lots`' matter.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
pub use super::lots::{LotAct, LotSaid, add_lot, move_lot};
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::id::{CooperativeId, OfferId, PictureId, ProductId};
use crate::domain::money::Money;
use crate::domain::product::{Category, PictureKind, ProductState, TaxTreatment};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::text::{clean, collate::name_key, slug::slug};
use crate::domain::time::{At, Day};
use crate::gateway::media::{PICTURE_LIMITS, decode_picture};
use crate::store::product::{Offer, Picture, Product, ProductWords};
use crate::store::{self, Conn};

/// Letters a product's name may have.
const MOST_NAME: usize = 120;
/// Letters of a description.
const MOST_DESCRIPTION: usize = 2000;

/// What a seller says of a product.
#[derive(Debug, Clone)]
pub struct ProductSaid {
    pub name: String,
    /// What people also call it, one a line.
    pub also_called: String,
    pub category: Category,
    pub base_unit: BaseUnit,
    pub description: String,
    pub picture: Option<PictureId>,
    pub keeps_days: Option<i64>,
    /// Month-day ranges, `07-20/08-30`, comma between.
    pub season: Option<String>,
    pub next_harvest_day: Option<Day>,
    pub charged_by_true_weight: bool,
    pub tolerance_bps: i64,
}

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

pub(super) fn may_list(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Lister) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// Cleaned words, or everything that is wrong with them.
pub(super) fn checked(said: &ProductSaid) -> Result<ProductSaid, ServiceError> {
    let mut refusals = Vec::new();
    let mut text = |value: &str, most: usize, field: &str, many: bool| {
        let cleaned = if many { clean::lines(value, most) } else { clean::line(value, most) };
        cleaned.unwrap_or_else(|_long| {
            refusals.push(Refusal::new("refusal-text-too-long").with("most", most).about(field));
            String::new()
        })
    };
    let mut out = said.clone();
    out.name = text(&said.name, MOST_NAME, "name", false);
    out.also_called = text(&said.also_called, 500, "also_called", true);
    out.description = text(&said.description, MOST_DESCRIPTION, "description", true);
    if out.name.is_empty() && refusals.is_empty() {
        refusals.push(Refusal::new("refusal-product-name").about("name"));
    }
    if said.keeps_days.is_some_and(|days| !(0..=3650).contains(&days)) {
        refusals.push(Refusal::new("refusal-keeps-days").about("keeps_days"));
    }
    if !(0..=5000).contains(&said.tolerance_bps) {
        refusals.push(Refusal::new("refusal-tolerance").about("tolerance"));
    }
    if refusals.is_empty() { Ok(out) } else { Err(ServiceError::Refused(refusals)) }
}

/// Begins a product as a draft («viết dở»).
pub async fn add_product(kit: &Kit, seller: &Seller, said: &ProductSaid) -> Result<ProductId, ServiceError> {
    may_list(seller)?;
    let said = checked(said)?;
    let (draw, seller) = (Draw::new(kit), seller.clone());
    kit.db.write(move |conn| Ok(insert_product(conn, &draw.fresh(), &seller, &said)?.id)).await
}

/// Writes a product as a draft. Its words are `checked`.
pub(super) fn insert_product(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    said: &ProductSaid,
) -> Result<Product, ServiceError> {
    let id = ProductId::new(run.now, run.ten());
    let row = Product {
        id,
        cooperative_id: seller.cooperative.clone(),
        slug: free_slug(conn, &said.name, &seller.cooperative_slug)?,
        name: said.name.clone(),
        name_key: name_key(&said.name),
        also_called: said.also_called.clone(),
        category: said.category,
        base_unit: said.base_unit,
        description: said.description.clone(),
        picture_id: said.picture.clone(),
        state: ProductState::Draft,
        state_reason: None,
        gtin: None,
        keeps_days: said.keeps_days,
        season: said.season.clone(),
        next_harvest_day: said.next_harvest_day,
        charged_by_true_weight: said.charged_by_true_weight,
        tolerance_bps: said.tolerance_bps,
        tax_treatment: TaxTreatment::Unset,
        standards: String::new(),
        created_at: run.now,
        updated_at: run.now,
    };
    store::product::insert(conn, &row)?;
    Ok(row)
}

/// `nhan-long`, then `nhan-long-htx-vuon-nhan`, then with numbers. A slug never changes: it is in people's links.
fn free_slug(conn: &mut Conn, name: &str, cooperative: &str) -> Result<String, ServiceError> {
    let stem = slug(name);
    let stem = if stem.is_empty() { "mat-hang".to_owned() } else { stem };
    let longer = format!("{stem}-{cooperative}");
    let numbered = (2..1000).map(|number| format!("{longer}-{number}"));
    for tried in [stem, longer.clone()].into_iter().chain(numbered) {
        if store::product::find_by_slug(conn, &tried)?.is_none() {
            return Ok(tried);
        }
    }
    Err(ServiceError::broken("a thousand products of one name"))
}

/// Changes what is said of a product; its slug and base unit stay.
pub async fn change_product(
    kit: &Kit,
    seller: &Seller,
    id: &ProductId,
    said: &ProductSaid,
) -> Result<(), ServiceError> {
    may_list(seller)?;
    let said = checked(said)?;
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let there = store::product::lock_own(conn, &seller.cooperative, &id)?;
            let words = ProductWords {
                name: said.name.clone(),
                name_key: name_key(&said.name),
                also_called: said.also_called.clone(),
                category: said.category,
                description: said.description.clone(),
                picture_id: said.picture.clone().or(there.picture_id),
                keeps_days: said.keeps_days,
                season: said.season.clone(),
                next_harvest_day: said.next_harvest_day,
                charged_by_true_weight: said.charged_by_true_weight,
                tolerance_bps: said.tolerance_bps,
                updated_at: now,
            };
            store::product::put_words(conn, &seller.cooperative, &id, &words)?;
            store::change::insert(conn, "product", id.as_text(), now)?;
            Ok(())
        })
        .await
}

/// «Đăng bán», «Ẩn đi». What is published needs a name, a price and a picture is wished for, not forced.
pub async fn set_product_state(
    kit: &Kit,
    seller: &Seller,
    id: &ProductId,
    to: ProductState,
) -> Result<(), ServiceError> {
    may_list(seller)?;
    if to == ProductState::TakenDown {
        return Err(ServiceError::Forbidden);
    }
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let product = store::product::lock_own(conn, &seller.cooperative, &id)?;
            if to == ProductState::Published && store::product::list_offers(conn, std::slice::from_ref(&id))?.is_empty()
            {
                return Err(ServiceError::refused(
                    Refusal::new("refusal-publish-needs-offer").with("name", &product.name),
                ));
            }
            if product.state == ProductState::TakenDown {
                return Err(ServiceError::refused(Refusal::new("refusal-taken-down").with("name", &product.name)));
            }
            if store::product::mark_state(conn, &seller.cooperative, &id, to, now)? {
                store::change::insert(conn, "product", id.as_text(), now)?;
            }
            Ok(())
        })
        .await
}

/// Adds or changes an offer of a product.
pub async fn put_offer(
    kit: &Kit,
    seller: &Seller,
    product: &ProductId,
    said: &OfferSaid,
) -> Result<OfferId, ServiceError> {
    may_list(seller)?;
    check_offer(said)?;
    let (draw, seller, product, said) = (Draw::new(kit), seller.clone(), product.clone(), said.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::product::lock_own(conn, &seller.cooperative, &product)?;
            let row = offer_row(&run, &seller, &product, &said);
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

/// Takes a photo: decoded within limits, stripped, kept in three widths. Slow work runs off the request's thread.
pub async fn add_photo(kit: &Kit, seller: &Seller, bytes: Vec<u8>, alt: &str) -> Result<PictureId, ServiceError> {
    may_list(seller)?;
    let media = kit.media.clone();
    let picture = tokio::task::spawn_blocking(move || {
        let picture =
            decode_picture(&bytes, &PICTURE_LIMITS).map_err(|no| ServiceError::refused(no.refusal().about("photo")))?;
        media.put_picture(&picture).map_err(ServiceError::broken)?;
        Ok::<_, ServiceError>(picture)
    })
    .await
    .map_err(ServiceError::broken)??;
    put_picture(
        kit,
        &seller.cooperative,
        PictureKind::Photo,
        &picture.key,
        (picture.width_px, picture.height_px),
        alt,
        "",
    )
    .await
}

/// Notes a picture that is kept already: a photo just stored, or a drawing embedded in the program.
pub async fn put_picture(
    kit: &Kit,
    cooperative: &CooperativeId,
    kind: PictureKind,
    key: &str,
    size_px: (u32, u32),
    alt: &str,
    credit: &str,
) -> Result<PictureId, ServiceError> {
    let now: At = kit.now();
    let row = Picture {
        id: PictureId::new(now, kit.ten()),
        cooperative_id: cooperative.clone(),
        kind,
        media_key: key.to_owned(),
        width_px: i64::from(size_px.0),
        height_px: i64::from(size_px.1),
        alt: clean::line(alt, 200).unwrap_or_default(),
        credit: credit.to_owned(),
        made_at: now,
    };
    let id = row.id.clone();
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::product::insert_picture(conn, &row)?)).await?;
    Ok(id)
}
