//! Listing goods: a product with its words, its picture and whether it is on show. Prices are `offering`'s matter, lots `lots`'.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
pub use super::lots::{LotAct, LotSaid, add_lot, move_lot};
pub use super::offering::{OfferSaid, OfferSeen, put_offer, put_offer_as_seen};
use super::owing::refuse_while_late;
use super::who::{Seller, may_list};
use crate::domain::id::{CooperativeId, PictureId, ProductId};
use crate::domain::product::{Category, PictureKind, ProductState, TaxTreatment};
use crate::domain::quantity::BaseUnit;
use crate::domain::refusal::Refusal;
use crate::domain::text::{clean, collate::name_key, slug::slug};
use crate::domain::time::{At, Day};
use crate::gateway::media::{PICTURE_LIMITS, decode_picture};
use crate::store::product::{Picture, Product, ProductWords};
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
    add_product_once(kit, seller, said, None).await
}

/// The same from a form that brings the id of the product to be: sent twice, it begins one product.
pub async fn add_product_once(
    kit: &Kit,
    seller: &Seller,
    said: &ProductSaid,
    id: Option<&ProductId>,
) -> Result<ProductId, ServiceError> {
    may_list(seller)?;
    let said = checked(said)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.cloned());
    kit.db
        .write(move |conn| {
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            match made_before(conn, &seller, id.as_ref())? {
                Some(there) => Ok(there.id),
                None => {
                    refuse_while_late(conn, draw.now, &seller.cooperative)?;
                    Ok(insert_product(conn, &draw.fresh(), &seller, &said, id.clone())?.id)
                }
            }
        })
        .await
}

/// The product that a form sent before has made. The cooperative is locked by the caller.
pub(super) fn made_before(
    conn: &mut Conn,
    seller: &Seller,
    id: Option<&ProductId>,
) -> Result<Option<Product>, ServiceError> {
    let there = store::product::list_of(conn, &id.cloned().into_iter().collect::<Vec<_>>())?.pop();
    if there.as_ref().is_some_and(|there| there.cooperative_id != seller.cooperative) {
        return Err(ServiceError::NotFound);
    }
    Ok(there)
}

/// Writes a product as a draft. Its words are `checked`.
pub(super) fn insert_product(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    said: &ProductSaid,
    id: Option<ProductId>,
) -> Result<Product, ServiceError> {
    let mut row = Product {
        id: id.unwrap_or_else(|| ProductId::new(run.now, run.ten())),
        cooperative_id: seller.cooperative.clone(),
        slug: String::new(),
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
    insert_named(conn, &mut row, &seller.cooperative_slug)?;
    Ok(row)
}

/// Writes the row as `nhan-long`, then `nhan-long-htx-vuon-nhan`, then with numbers. A slug never changes: it is in people's links.
/// The insertion itself decides: two may list goods of one name in the same moment.
fn insert_named(conn: &mut Conn, row: &mut Product, cooperative: &str) -> Result<(), ServiceError> {
    let stem = slug(&row.name);
    let stem = if stem.is_empty() { "mat-hang".to_owned() } else { stem };
    let longer = format!("{stem}-{cooperative}");
    let numbered = (2..1000).map(|number| format!("{longer}-{number}"));
    for tried in [stem, longer.clone()].into_iter().chain(numbered) {
        row.slug = tried;
        if store::product::insert_new(conn, row)? == store::told::Told::Fresh {
            return Ok(());
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
    change_product_as_seen(kit, seller, id, said, None).await
}

/// The same from a page that showed the product as it was changed at `seen`. When somebody has changed it since, that is told
/// and nothing is written; the same words once more are a second press.
pub async fn change_product_as_seen(
    kit: &Kit,
    seller: &Seller,
    id: &ProductId,
    said: &ProductSaid,
    seen: Option<At>,
) -> Result<(), ServiceError> {
    may_list(seller)?;
    let said = checked(said)?;
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let there = store::product::lock_own(conn, &seller.cooperative, &id)?;
            let (changed_at, before) = (there.updated_at, words_of(&there));
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
            if (ProductWords { updated_at: changed_at, ..words.clone() }) == before {
                return Ok(());
            }
            if seen.is_some_and(|seen| seen != changed_at) {
                return Err(ServiceError::changed(Refusal::new("refusal-product-changed").with("name", &before.name)));
            }
            store::product::put_words(conn, &seller.cooperative, &id, &words)?;
            store::change::insert(conn, "product", id.as_text(), now)?;
            Ok(())
        })
        .await
}

fn words_of(there: &Product) -> ProductWords {
    ProductWords {
        name: there.name.clone(),
        name_key: there.name_key.clone(),
        also_called: there.also_called.clone(),
        category: there.category,
        description: there.description.clone(),
        picture_id: there.picture_id.clone(),
        keeps_days: there.keeps_days,
        season: there.season.clone(),
        next_harvest_day: there.next_harvest_day,
        charged_by_true_weight: there.charged_by_true_weight,
        tolerance_bps: there.tolerance_bps,
        updated_at: there.updated_at,
    }
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
            if to == ProductState::Published && product.state != to {
                refuse_while_late(conn, now, &seller.cooperative)?;
            }
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
