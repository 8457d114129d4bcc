//! Listing goods: a product with its words and picture, offers with prices, lots with a harvest day and a quantity, and what
//! happens to a lot beside orders.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::recording::{Scene, move_stock, record};
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::code::LotCode;
use crate::domain::id::{CooperativeId, LotId, OfferId, PictureId, ProductId};
use crate::domain::money::Money;
use crate::domain::product::{Category, PictureKind, ProductState, TaxTreatment};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::stock::{LotKind, LotState, MovementKind};
use crate::domain::text::{clean, collate::name_key, slug::slug};
use crate::domain::time::{At, Day};
use crate::domain::trace::{LotPart, Step, WordOf};
use crate::gateway::media::{PICTURE_LIMITS, decode_picture};
use crate::store::lot::Lot;
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

/// What a seller says of a lot.
#[derive(Debug, Clone)]
pub struct LotSaid {
    pub kind: LotKind,
    pub made_on: Day,
    /// None: from how long the product keeps.
    pub best_before: Option<Day>,
    pub place: String,
    pub commune_code: Option<String>,
    pub quantity: Base,
    pub word_of: WordOf,
    /// Whose goods they are, when a gatherer sells another cooperative's with its leave.
    pub owner: Option<CooperativeId>,
}

fn may_list(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Lister) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// Cleaned words, or everything that is wrong with them.
fn checked(said: &ProductSaid) -> Result<ProductSaid, ServiceError> {
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
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let id = ProductId::new(run.now, run.ten());
            let row = Product {
                id: id.clone(),
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
            Ok(id)
        })
        .await
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
pub async fn change_product(kit: &Kit, seller: &Seller, id: &ProductId, said: &ProductSaid) -> Result<(), ServiceError> {
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
pub async fn set_product_state(kit: &Kit, seller: &Seller, id: &ProductId, to: ProductState) -> Result<(), ServiceError> {
    may_list(seller)?;
    if to == ProductState::TakenDown {
        return Err(ServiceError::Forbidden);
    }
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let product = store::product::lock_own(conn, &seller.cooperative, &id)?;
            if to == ProductState::Published && store::product::list_offers(conn, std::slice::from_ref(&id))?.is_empty() {
                return Err(ServiceError::refused(Refusal::new("refusal-publish-needs-offer").with("name", &product.name)));
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
pub async fn put_offer(kit: &Kit, seller: &Seller, product: &ProductId, said: &OfferSaid) -> Result<OfferId, ServiceError> {
    may_list(seller)?;
    check_offer(said)?;
    let (draw, seller, product, said) = (Draw::new(kit), seller.clone(), product.clone(), said.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::product::lock_own(conn, &seller.cooperative, &product)?;
            let fresh = OfferId::new(run.now, run.ten());
            let row = Offer {
                id: said.id.clone().unwrap_or(fresh),
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
            };
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

fn check_offer(said: &OfferSaid) -> Result<(), ServiceError> {
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

/// Opens a lot: its first movement and its trace event in one step.
pub async fn add_lot(kit: &Kit, seller: &Seller, product: &ProductId, said: &LotSaid) -> Result<(LotId, LotCode), ServiceError> {
    may_list(seller)?;
    let now = kit.now();
    if !(1..=1_000_000_000_000).contains(&said.quantity.0) {
        return Err(ServiceError::refused(Refusal::new("refusal-lot-quantity").about("quantity")));
    }
    if said.made_on > now.day() && said.kind != LotKind::Planned {
        return Err(ServiceError::refused(Refusal::new("refusal-lot-day").about("made_on")));
    }
    let (draw, seller, product, said) = (Draw::new(kit), seller.clone(), product.clone(), said.clone());
    let base_url = kit.config.base_url.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let product = store::product::lock_own(conn, &seller.cooperative, &product)?;
            let lot = write_lot(conn, &run, &seller, &product, &said)?;
            tell_harvest(conn, &run, &base_url, &seller, &product, &lot, &said)?;
            store::change::insert(conn, "product", product.id.as_text(), run.now)?;
            Ok((lot.id, lot.code))
        })
        .await
}

fn write_lot(conn: &mut Conn, run: &Run, seller: &Seller, product: &Product, said: &LotSaid) -> Result<Lot, ServiceError> {
    let cooperative = store::cooperative::get(conn, &seller.cooperative)?;
    let kept = product.keeps_days.map(|days| said.made_on.plus_days(days));
    let mut code = LotCode::draw(run);
    for _ in 0..8 {
        if store::lot::find_by_code(conn, &code)?.is_none() {
            break;
        }
        code = LotCode::draw(run);
    }
    let lot = Lot {
        id: LotId::new(run.now, run.ten()),
        code,
        cooperative_id: seller.cooperative.clone(),
        owner_cooperative_id: said.owner.clone().unwrap_or_else(|| seller.cooperative.clone()),
        product_id: product.id.clone(),
        plot_id: None,
        grower_member_id: None,
        kind: said.kind,
        made_on: said.made_on,
        best_before: said.best_before.or(kept),
        place: clean::line(&said.place, 120).unwrap_or_default(),
        commune_code: said.commune_code.clone().unwrap_or(cooperative.commune_code),
        state: LotState::Open,
        state_reason: None,
        on_hand: Base::ZERO,
        held: Base::ZERO,
        created_at: run.now,
    };
    store::lot::insert(conn, &lot)?;
    let kind = if said.kind == LotKind::Received { MovementKind::Intake } else { MovementKind::Harvest };
    move_stock(conn, run, &seller.cooperative, &lot.id, kind, said.quantity, None, Some(&seller.account), (None, None))?;
    Ok(lot)
}

fn tell_harvest(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    seller: &Seller,
    product: &Product,
    lot: &Lot,
    said: &LotSaid,
) -> Result<(), ServiceError> {
    let owner = store::cooperative::get(conn, &lot.owner_cooperative_id)?;
    let scene = Scene {
        base_url,
        cooperative: &owner,
        by: Some(&seller.account),
        word_of: said.word_of,
        order: None,
        place: &lot.place,
        commune_code: Some(&lot.commune_code),
        made: Some(serde_json::json!({"cbvmda:lotNumber": lot.code, "cbvmda:harvestStartDate": lot.made_on, "ganh:kind": lot.kind})),
    };
    let part = LotPart { lot: lot.id.clone(), code: lot.code.clone(), base: said.quantity, unit: product.base_unit };
    record(conn, run, Step::Harvested, vec![part], &scene)?;
    Ok(())
}

/// What a person does to a lot beside orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LotAct {
    /// More of the same picking was brought.
    More(Base),
    /// «Hao, hỏng».
    Loss { base: Base, reason: String },
    /// «Bán ngoài»: how much, to whom.
    SoldOutside { base: Base, to_whom: String },
    /// Counted: there is exactly this much. Below what is promised is allowed and shown, since it is the truth.
    Counted(Base),
}

/// Writes a movement of a lot. Answers what is promised beyond what is there: zero unless a count shows a shortage.
pub async fn move_lot(kit: &Kit, seller: &Seller, id: &LotId, act: &LotAct) -> Result<Base, ServiceError> {
    may_list(seller)?;
    let (draw, seller, id, act) = (Draw::new(kit), seller.clone(), id.clone(), act.clone());
    let base_url = kit.config.base_url.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let lot = store::lot::lock_own(conn, &seller.cooperative, &id)?;
            let (kind, base, step, words) = plan(&lot, &act)?;
            let after = lot.on_hand.plus(base)?;
            if after < Base::ZERO {
                let unit = store::product::get(conn, &lot.product_id)?.base_unit;
                return Err(ServiceError::changed(Refusal::new("refusal-lot-has-less").with("there", lot.on_hand.said(unit))));
            }
            if base != Base::ZERO {
                let to_whom = words.0.as_deref();
                move_stock(conn, &run, &seller.cooperative, &lot.id, kind, base, None, Some(&seller.account), (to_whom, words.1.as_deref()))?;
            }
            tell_movement(conn, &run, &base_url, &seller, &lot, step, base)?;
            store::change::insert(conn, "product", lot.product_id.as_text(), run.now)?;
            Ok(lot.held.minus(after)?.max(Base::ZERO))
        })
        .await
}

type Plan = (MovementKind, Base, Step, (Option<String>, Option<String>));

fn plan(lot: &Lot, act: &LotAct) -> Result<Plan, ServiceError> {
    let positive = |base: Base| {
        if base.is_positive() { Ok(base) } else { Err(ServiceError::refused(Refusal::new("refusal-lot-quantity").about("quantity"))) }
    };
    let word = |text: &str| clean::line(text, 200).ok().filter(|text| !text.is_empty());
    Ok(match act {
        LotAct::More(base) => (MovementKind::Intake, positive(*base)?, Step::Counted, (None, None)),
        LotAct::Loss { base, reason } => (MovementKind::Loss, positive(*base)?.negated()?, Step::Lost, (None, word(reason))),
        LotAct::SoldOutside { base, to_whom } => {
            (MovementKind::OutsideSale, positive(*base)?.negated()?, Step::SoldOutside, (word(to_whom), None))
        }
        LotAct::Counted(base) if *base < Base::ZERO => {
            return Err(ServiceError::refused(Refusal::new("refusal-lot-quantity").about("quantity")));
        }
        LotAct::Counted(base) => (MovementKind::Count, base.minus(lot.on_hand)?, Step::Counted, (None, None)),
    })
}

fn tell_movement(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    seller: &Seller,
    lot: &Lot,
    step: Step,
    base: Base,
) -> Result<(), ServiceError> {
    let cooperative = store::cooperative::get(conn, &seller.cooperative)?;
    let unit = store::product::get(conn, &lot.product_id)?.base_unit;
    let amount = if step == Step::Counted { lot.on_hand.plus(base)? } else { base };
    let scene = Scene {
        base_url,
        cooperative: &cooperative,
        by: Some(&seller.account),
        word_of: WordOf::Cooperative,
        order: None,
        place: &lot.place,
        commune_code: Some(&lot.commune_code),
        made: None,
    };
    record(conn, run, step, vec![LotPart { lot: lot.id.clone(), code: lot.code.clone(), base: amount, unit }], &scene)?;
    Ok(())
}

/// Takes a photo: decoded within limits, stripped, kept in three widths. Slow work runs off the request's thread.
pub async fn add_photo(kit: &Kit, seller: &Seller, bytes: Vec<u8>, alt: &str) -> Result<PictureId, ServiceError> {
    may_list(seller)?;
    let media = kit.media.clone();
    let picture = tokio::task::spawn_blocking(move || {
        let picture = decode_picture(&bytes, &PICTURE_LIMITS).map_err(|no| ServiceError::refused(no.refusal().about("photo")))?;
        media.put_picture(&picture).map_err(ServiceError::broken)?;
        Ok::<_, ServiceError>(picture)
    })
    .await
    .map_err(ServiceError::broken)??;
    put_picture(kit, &seller.cooperative, PictureKind::Photo, &picture.key, (picture.width_px, picture.height_px), alt, "").await
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
