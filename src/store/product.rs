//! Products with their offers, pictures and papers: rows and queries.

use super::conn::{Conn, Each, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{certificate, offer, offer_step, picture, product, window_offer};
use super::told::Told;
use crate::domain::id::{CertificateId, CooperativeId, OfferId, PictureId, ProductId};
use crate::domain::money::Money;
use crate::domain::product::{Category, CertificateKind, PictureKind, ProductState, TaxTreatment};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = product, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Product {
    pub id: ProductId,
    pub cooperative_id: CooperativeId,
    pub slug: String,
    pub name: String,
    pub name_key: String,
    /// What people also type, one per line.
    pub also_called: String,
    pub category: Category,
    pub base_unit: BaseUnit,
    pub description: String,
    pub picture_id: Option<PictureId>,
    pub state: ProductState,
    pub state_reason: Option<String>,
    pub gtin: Option<String>,
    pub keeps_days: Option<i64>,
    /// Month-day ranges, MM-DD/MM-DD, comma between.
    pub season: Option<String>,
    pub next_harvest_day: Option<Day>,
    pub charged_by_true_weight: bool,
    pub tolerance_bps: i64,
    pub tax_treatment: TaxTreatment,
    /// Standards and regulations applied, one per line.
    pub standards: String,
    pub created_at: At,
    pub updated_at: At,
}

/// A sale unit, pack or grade of a product.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = offer, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Offer {
    pub id: OfferId,
    pub cooperative_id: CooperativeId,
    pub product_id: ProductId,
    pub label: String,
    /// The word of the sale unit: kg, túi, mớ, khay ….
    pub unit: String,
    /// Base units in one sale unit.
    pub base_quantity: Base,
    /// The base quantity is «khoảng».
    pub about: bool,
    pub price_vnd: Money,
    /// Thousandths of the sale unit.
    pub min_quantity: Quantity,
    pub step_quantity: Quantity,
    pub position: i64,
    pub is_active: bool,
}

/// A lower price from a quantity on.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = offer_step, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct OfferStep {
    pub offer_id: OfferId,
    /// Thousandths of the sale unit.
    pub from_quantity: Quantity,
    pub cooperative_id: CooperativeId,
    pub price_vnd: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = picture, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Picture {
    pub id: PictureId,
    pub cooperative_id: CooperativeId,
    pub kind: PictureKind,
    /// Content hash, or the name of an embedded drawing.
    pub media_key: String,
    pub width_px: i64,
    pub height_px: i64,
    pub alt: String,
    pub credit: String,
    pub made_at: At,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = certificate, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Certificate {
    pub id: CertificateId,
    pub cooperative_id: CooperativeId,
    /// None: the whole cooperative.
    pub product_id: Option<ProductId>,
    pub kind: CertificateKind,
    pub number: String,
    pub issued_by: String,
    /// OCOP stars.
    pub grade: Option<i64>,
    pub valid_from: Day,
    pub valid_until: Option<Day>,
    pub suspended_at: Option<At>,
}

/// Puts a product unless its slug is taken. Waits for another that is about to take it.
pub fn insert_new(conn: &mut Conn, row: &Product) -> StoreResult<Told> {
    let query = diesel::insert_into(product::table).values(row).on_conflict(product::slug).do_nothing();
    Ok(Told::of_rows(Each(query).execute(conn)?))
}

pub fn get(conn: &mut Conn, id: &ProductId) -> StoreResult<Product> {
    Ok(product::table.find(id).select(Product::as_select()).get_result(conn)?)
}

/// One of a cooperative's own products; another cooperative's is not there.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &ProductId) -> StoreResult<Product> {
    let query = product::table.find(id).filter(product::cooperative_id.eq(cooperative));
    Ok(query.select(Product::as_select()).get_result(conn)?)
}

/// Locks one of a cooperative's own products.
pub fn lock_own(conn: &mut Conn, cooperative: &CooperativeId, id: &ProductId) -> StoreResult<Product> {
    let query = product::table.filter(product::id.eq(id)).filter(product::cooperative_id.eq(cooperative));
    Ok(locked(query.select(Product::as_select())).get_result(conn)?)
}

pub fn find_by_slug(conn: &mut Conn, slug: &str) -> StoreResult<Option<Product>> {
    Ok(product::table.filter(product::slug.eq(slug)).select(Product::as_select()).get_result(conn).optional()?)
}

pub fn find_by_gtin(conn: &mut Conn, gtin: &str) -> StoreResult<Option<Product>> {
    Ok(product::table.filter(product::gtin.eq(gtin)).select(Product::as_select()).get_result(conn).optional()?)
}

/// At most 500 products by id, in no order.
pub fn list_of(conn: &mut Conn, ids: &[ProductId]) -> StoreResult<Vec<Product>> {
    Ok(product::table.filter(product::id.eq_any(ids)).select(Product::as_select()).load(conn)?)
}

/// A cooperative's products by name, hidden ones and drafts too.
pub fn list_own(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<Product>> {
    let query = product::table.filter(product::cooperative_id.eq(cooperative)).order((product::name_key, product::id));
    Ok(query.select(Product::as_select()).load(conn)?)
}

/// Everything on show, by id after `after`: for building an index in chunks.
pub fn list_published_after(conn: &mut Conn, after: Option<&ProductId>, most: i64) -> StoreResult<Vec<Product>> {
    let mut query = product::table
        .filter(product::state.eq(ProductState::Published))
        .order(product::id)
        .limit(most)
        .select(Product::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(product::id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// What a seller may change of a product.
#[derive(Debug, Clone, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = product, treat_none_as_null = true)]
pub struct ProductWords {
    pub name: String,
    pub name_key: String,
    pub also_called: String,
    pub category: Category,
    pub description: String,
    pub picture_id: Option<PictureId>,
    pub keeps_days: Option<i64>,
    pub season: Option<String>,
    pub next_harvest_day: Option<Day>,
    pub charged_by_true_weight: bool,
    pub tolerance_bps: i64,
    pub updated_at: At,
}

/// Whether the product was there to change.
pub fn put_words(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    id: &ProductId,
    words: &ProductWords,
) -> StoreResult<bool> {
    let target = product::table.filter(product::id.eq(id)).filter(product::cooperative_id.eq(cooperative));
    Ok(diesel::update(target).set(words).execute(conn)? == 1)
}

/// Whether the state moved.
pub fn mark_state(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    id: &ProductId,
    to: ProductState,
    at: At,
) -> StoreResult<bool> {
    let target = product::table
        .filter(product::id.eq(id))
        .filter(product::cooperative_id.eq(cooperative))
        .filter(product::state.ne(to))
        .filter(product::state.ne(ProductState::TakenDown));
    Ok(diesel::update(target).set((product::state.eq(to), product::updated_at.eq(at))).execute(conn)? == 1)
}

pub fn insert_offer(conn: &mut Conn, row: &Offer) -> StoreResult<()> {
    diesel::insert_into(offer::table).values(row).execute(conn)?;
    Ok(())
}

/// An order line keeps what an offer said when it was ordered, so an offer may change freely.
pub fn put_offer(conn: &mut Conn, row: &Offer) -> StoreResult<bool> {
    let target = offer::table.filter(offer::id.eq(&row.id)).filter(offer::cooperative_id.eq(&row.cooperative_id));
    let values = (
        offer::label.eq(&row.label),
        offer::unit.eq(&row.unit),
        offer::base_quantity.eq(row.base_quantity),
        offer::about.eq(row.about),
        offer::price_vnd.eq(row.price_vnd),
        offer::min_quantity.eq(row.min_quantity),
        offer::step_quantity.eq(row.step_quantity),
        offer::position.eq(row.position),
        offer::is_active.eq(row.is_active),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// At most 500 offers by id, the ones taken back too.
pub fn list_offers_of(conn: &mut Conn, ids: &[OfferId]) -> StoreResult<Vec<Offer>> {
    Ok(offer::table.filter(offer::id.eq_any(ids)).select(Offer::as_select()).load(conn)?)
}

/// Offers in use of at most 500 products, as the seller ordered them.
pub fn list_offers(conn: &mut Conn, products: &[ProductId]) -> StoreResult<Vec<Offer>> {
    let query = offer::table.filter(offer::product_id.eq_any(products)).filter(offer::is_active.eq(true)).order((
        offer::product_id,
        offer::position,
        offer::id,
    ));
    Ok(query.select(Offer::as_select()).load(conn)?)
}

pub fn insert_step(conn: &mut Conn, row: &OfferStep) -> StoreResult<()> {
    diesel::insert_into(offer_step::table).values(row).execute(conn)?;
    Ok(())
}

/// Price steps of at most 500 offers, lowest quantity first.
pub fn list_steps(conn: &mut Conn, offers: &[OfferId]) -> StoreResult<Vec<OfferStep>> {
    let query = offer_step::table
        .filter(offer_step::offer_id.eq_any(offers))
        .order((offer_step::offer_id, offer_step::from_quantity));
    Ok(query.select(OfferStep::as_select()).load(conn)?)
}

pub fn insert_picture(conn: &mut Conn, row: &Picture) -> StoreResult<()> {
    diesel::insert_into(picture::table).values(row).execute(conn)?;
    Ok(())
}

pub fn list_pictures(conn: &mut Conn, ids: &[PictureId]) -> StoreResult<Vec<Picture>> {
    Ok(picture::table.filter(picture::id.eq_any(ids)).select(Picture::as_select()).load(conn)?)
}

pub fn insert_certificate(conn: &mut Conn, row: &Certificate) -> StoreResult<()> {
    diesel::insert_into(certificate::table).values(row).execute(conn)?;
    Ok(())
}

/// Papers of cooperatives in force on a day: the badge is computed from these, never typed.
pub fn list_certificates(conn: &mut Conn, cooperatives: &[CooperativeId], on: Day) -> StoreResult<Vec<Certificate>> {
    let query = certificate::table
        .filter(certificate::cooperative_id.eq_any(cooperatives))
        .filter(certificate::valid_from.le(on))
        .filter(certificate::valid_until.is_null().or(certificate::valid_until.ge(on)))
        .filter(certificate::suspended_at.is_null())
        .order((certificate::cooperative_id, certificate::kind, certificate::id));
    Ok(query.select(Certificate::as_select()).load(conn)?)
}

/// Every offer of a product, the ones taken back too.
pub fn list_all_offers(conn: &mut Conn, product: &ProductId) -> StoreResult<Vec<Offer>> {
    // Offers of a sales window are that window's.
    let of_window = diesel::dsl::exists(window_offer::table.filter(window_offer::offer_id.eq(offer::id)));
    let query = offer::table.filter(offer::product_id.eq(product)).filter(diesel::dsl::not(of_window)).order((
        offer::is_active.desc(),
        offer::position,
        offer::id,
    ));
    Ok(query.select(Offer::as_select()).load(conn)?)
}
