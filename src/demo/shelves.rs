//! What the cooperatives offer: products with packs, drawings and papers, and the lots that are on sale today.

use super::assortment::{self, Assorted};
use super::chance::{Stage, together};
use super::season::SeasonState;
use super::shops::{OPENED_DAYS_AGO, Shop, place};
use super::tables::{self, BaseUnit as TableUnit, Form, Offer, Paper, Unsold, text};
use crate::domain::id::{CooperativeId, OfferId, PictureId, ProductId};
use crate::domain::money::Money;
use crate::domain::product::{Category, CertificateKind, PictureKind, ProductState};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::stock::LotKind;
use crate::domain::time::{At, Day};
use crate::domain::trace::WordOf;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::founding::{self, NewCertificate};
use crate::service::kit::Kit;
use crate::service::listing::{self, LotSaid, OfferSaid, ProductSaid};
use crate::store;

/// Drawings are 800 by 600.
const DRAWING_PX: (u32, u32) = (800, 600);
/// Goods that need a declaration of their own (processed food).
const DECLARED: [u32; 13] = [39, 41, 42, 43, 44, 45, 54, 55, 56, 57, 58, 59, 60];

/// A product on its shelf.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// Its cooperative's place among the shops.
    pub shop: usize,
    pub what: Assorted,
    pub id: ProductId,
    pub slug: String,
    pub packs: Vec<Pack>,
}

#[derive(Debug, Clone)]
pub struct Pack {
    pub id: OfferId,
    pub row: &'static Offer,
    pub price: Money,
}

impl Shelf {
    pub fn is_by_true_weight(&self) -> bool {
        self.what.goods.tolerance_percent > 0
    }

    /// The smallest whole amount of its first pack.
    pub fn first_pack(&self) -> Option<&Pack> {
        self.packs.first()
    }
}

pub fn category_of(what: &Assorted) -> Category {
    match what.category() {
        "trai-cay" => Category::Fruit,
        "rau-cu" => Category::Vegetable,
        "gao-hat" => Category::RiceGrain,
        "trung-thit" => Category::EggMeat,
        "thuy-san" => Category::Seafood,
        "gia-vi" => Category::SauceSpice,
        "banh-qua" => Category::CakeGift,
        "tra-duoc-lieu" => Category::TeaHerb,
        _ => Category::HoneyDried,
    }
}

/// What is said of a product on a day.
pub fn said_of(what: &Assorted, today: Day, picture: Option<PictureId>) -> ProductSaid {
    let goods = what.goods;
    let mut called: Vec<&str> = goods.synonyms_both.iter().map(String::as_str).collect();
    called.extend(goods.synonyms_one_way.iter().map(String::as_str));
    ProductSaid {
        name: what.name().to_owned(),
        also_called: called.join("\n"),
        category: category_of(what),
        base_unit: match what.base_unit() {
            TableUnit::G => BaseUnit::Gram,
            TableUnit::Ml => BaseUnit::Millilitre,
            TableUnit::Piece => BaseUnit::Piece,
        },
        description: what.description().to_owned(),
        picture,
        keeps_days: Some(what.keeps_days()),
        season: what.season().said(),
        next_harvest_day: next_harvest(what, today),
        charged_by_true_weight: goods.tolerance_percent > 0,
        tolerance_bps: goods.tolerance_percent.saturating_mul(100),
    }
}

/// When it comes again; none while it is on sale.
pub fn next_harvest(what: &Assorted, today: Day) -> Option<Day> {
    match what.season_on(today) {
        SeasonState::Over { next } => Some(next),
        _ => None,
    }
}

fn drawing_of(what: &Assorted) -> Option<&'static tables::Drawing> {
    let slug = &what.variant.slug;
    let by_product = |drawing: &&tables::Drawing| {
        let name = drawing.file.trim_end_matches(".svg");
        drawing.number.is_none() && (slug.contains(name) || (name == "ca-mot-nang" && slug.contains("mot-nang")))
    };
    let drawings = tables::drawings();
    let found = drawings.iter().find(by_product);
    found.or_else(|| drawings.iter().find(|drawing| drawing.number == Some(what.goods.number)))
}

async fn add_drawing(kit: &Kit, shop: &Shop, what: &Assorted) -> ServiceResult<Option<PictureId>> {
    let Some(drawing) = drawing_of(what).filter(|_| shop.row.unsold_reason != Some(Unsold::NoPhoto)) else {
        return Ok(None);
    };
    let (key, credit) = (format!("img/goods/{}", drawing.file), text("credit", &[]));
    listing::put_picture(kit, &shop.id, PictureKind::Drawing, &key, DRAWING_PX, &drawing.alt_vi, &credit)
        .await
        .map(Some)
}

fn offer_said(row: &Offer, price: Money) -> OfferSaid {
    OfferSaid {
        id: None,
        label: row.label.clone(),
        unit: row.sale_unit.clone(),
        base: Base(row.base_quantity),
        about: row.about,
        price,
        min: Quantity(row.min_thousandths),
        step: Quantity(row.step_thousandths),
        position: i64::from(row.position),
        is_active: true,
    }
}

/// Puts everything on the shelves. Lots come later.
pub async fn fill(stage: &Stage, shops: &[Shop]) -> ServiceResult<Vec<Shelf>> {
    let (today, at) =
        (stage.now.day(), stage.now.day().plus_days(-OPENED_DAYS_AGO.saturating_sub(1)).at_minute(9 * 60));
    let wanted: Vec<(usize, &Shop, Assorted)> = shops
        .iter()
        .enumerate()
        .flat_map(|(index, shop)| assortment::of(shop.row).into_iter().map(move |what| (index, shop, what)))
        .collect();
    let name =
        |shop: &Shop, what: &Assorted| format!("{}-{}-{}", shop.mark(), what.goods.number, what.variant.position);
    let pictures = together(wanted.iter().map(|(_, shop, what)| {
        let kit = stage.at(at, &format!("picture-{}", name(shop, what)));
        async move { add_drawing(&kit, shop, what).await }
    }))
    .await?;
    let ids = together(wanted.iter().zip(pictures).map(|((_, shop, what), picture)| {
        let kit = stage.at(at, &format!("product-{}", name(shop, what)));
        async move { listing::add_product(&kit, &shop.seller, &said_of(what, today, picture)).await }
    }))
    .await?;
    let mut acts = Vec::new();
    for ((_, shop, what), id) in wanted.iter().zip(&ids) {
        for row in what.offers() {
            let kit = stage.at(at, &format!("offer-{}-{}", name(shop, what), row.position));
            let price = what.price_on(row, today);
            acts.push(async move {
                let offer = listing::put_offer(&kit, &shop.seller, id, &offer_said(row, price)).await?;
                Ok((id.clone(), Pack { id: offer, row, price }))
            });
        }
    }
    let packs = together(acts).await?;
    together(wanted.iter().zip(&ids).map(|((_, shop, what), id)| {
        let kit = stage.at(at, &format!("publish-{}", name(shop, what)));
        async move { listing::set_product_state(&kit, &shop.seller, id, ProductState::Published).await }
    }))
    .await?;
    let slugs = slugs_of(&stage.kit, &ids).await?;
    Ok(wanted
        .into_iter()
        .zip(ids)
        .zip(slugs)
        .map(|(((shop, _, what), id), slug)| {
            let own = packs.iter().filter(|(product, _)| *product == id).map(|(_, pack)| pack.clone()).collect();
            Shelf { shop, what, packs: own, slug, id }
        })
        .collect())
}

async fn slugs_of(kit: &Kit, ids: &[ProductId]) -> ServiceResult<Vec<String>> {
    let mut slugs = Vec::new();
    for chunk in ids.chunks(400) {
        let wanted = chunk.to_vec();
        let found = kit.db.read(move |conn| Ok::<_, ServiceError>(store::product::list_of(conn, &wanted)?)).await?;
        for id in chunk {
            slugs.push(
                found.iter().find(|product| product.id == *id).map(|product| product.slug.clone()).unwrap_or_default(),
            );
        }
    }
    Ok(slugs)
}

/// A lot that is to be: of which shelf, from which day, how much.
#[derive(Debug, Clone)]
pub struct LotPlan {
    pub shelf: usize,
    pub made_on: Day,
    pub base: i64,
}

impl LotPlan {
    pub fn opens_at(&self) -> At {
        opens_at(self.made_on)
    }
}

/// When a day's lot is there: early in the morning.
pub fn opens_at(day: Day) -> At {
    day.at_minute(5 * 60 + 30)
}

/// How much one picking brings, between the table's bounds, in whole packs of the first kind.
pub fn draw_lot(stage: &Stage, shelf: &Shelf, mark: &str, day: Day) -> i64 {
    let (low, high) = shelf.what.lot_base();
    let drawn = stage.chance(&format!("lot-{mark}-{}-{day}", shelf.slug)).between(low, high);
    let pack = shelf.first_pack().map_or(1, |pack| pack.row.base_quantity).max(1);
    drawn.saturating_sub(drawn.rem_euclid(pack)).max(pack)
}

/// The lots on sale today: of what is in season, picked in the last days; of what keeps, made some weeks ago.
pub fn lots_of_today(stage: &Stage, shops: &[Shop], shelves: &[Shelf]) -> Vec<LotPlan> {
    let today = stage.now.day();
    let mut plans = Vec::new();
    for (index, shelf) in shelves.iter().enumerate() {
        if !shelf.what.season_on(today).is_on() || shops.get(shelf.shop).is_none() {
            continue;
        }
        let keeps = shelf.what.keeps_days();
        let newest_first = if keeps <= 7 { (keeps / 3).min(2) } else { (keeps / 5).min(40) };
        let mut chance = stage.chance(&format!("today-{}", shelf.slug));
        let mut days = vec![chance.between(0, newest_first.max(0))];
        if keeps > 3 && chance.permille(350) {
            days.push(chance.between(1, (keeps / 2).clamp(1, 60)));
        }
        days.dedup();
        for back in days {
            let made_on = today.plus_days(-back);
            plans.push(LotPlan { shelf: index, made_on, base: draw_lot(stage, shelf, "today", made_on) });
        }
    }
    plans
}

/// Opens a planned lot through its cooperative, early in the morning of its day.
pub async fn open_lot(stage: &Stage, shops: &[Shop], shelves: &[Shelf], plan: &LotPlan) -> ServiceResult<()> {
    let Some(shelf) = shelves.get(plan.shelf) else { return Ok(()) };
    let Some(shop) = shops.get(shelf.shop) else { return Ok(()) };
    let at = plan.opens_at().min(stage.now);
    let kit = stage.at(at, &format!("lot-{}-{}-{}", shop.mark(), shelf.slug, plan.made_on));
    let said = lot_said(shop, &shelf.what, plan.made_on, plan.base);
    listing::add_lot(&kit, &shop.seller, &shelf.id, &said).await.map(|_| ())
}

pub fn lot_said(shop: &Shop, what: &Assorted, made_on: Day, base: i64) -> LotSaid {
    lot_said_in(what, made_on, base, place(shop.row))
}

/// What is said of a lot from a commune.
pub fn lot_said_in(what: &Assorted, made_on: Day, base: i64, commune: &str) -> LotSaid {
    let is_batch = matches!(what.form(), Form::Dry | Form::Bottled | Form::Frozen);
    let field = what.goods.number.saturating_add(made_on.day_of_month()).rem_euclid(9).saturating_add(1).to_string();
    LotSaid {
        kind: if is_batch { LotKind::Batch } else { LotKind::Harvest },
        made_on,
        best_before: None,
        place: text(if is_batch { "address" } else { "field" }, &[("number", &field), ("place", commune)]),
        commune_code: None,
        quantity: Base(base),
        word_of: if is_batch { WordOf::Cooperative } else { WordOf::Grower },
        owner: None,
    }
}

/// A paper's kind and its stars; none for a kind that the market does not know.
fn kind_of(paper: &Paper) -> Option<(CertificateKind, Option<i64>)> {
    Some(match paper.kind.as_str() {
        "VietGAP" => (CertificateKind::Vietgap, None),
        "GlobalGAP" => (CertificateKind::Globalgap, None),
        "organic" => (CertificateKind::Organic, None),
        "OCOP3" => (CertificateKind::Ocop, Some(3)),
        "OCOP4" => (CertificateKind::Ocop, Some(4)),
        "ATTP" => (CertificateKind::FoodSafety, None),
        "ATTP_commitment" => (CertificateKind::Commitment, None),
        "name_right" if paper.goods == Some(1) => (CertificateKind::GeographicalIndication, None),
        "name_right" => (CertificateKind::Trademark, None),
        _ => return None,
    })
}

/// Papers of the cooperatives and of their products, by dates from today.
pub async fn add_papers(stage: &Stage, shops: &[Shop], shelves: &[Shelf]) -> ServiceResult<usize> {
    let today = stage.now.day();
    let mut wanted: Vec<(CooperativeId, NewCertificate)> = Vec::new();
    for (index, shop) in shops.iter().enumerate() {
        let own = |paper: &&Paper| paper.cooperative == shop.row.number;
        for paper in tables::papers().iter().filter(own) {
            let Some((kind, grade)) = kind_of(paper) else { continue };
            let new = |product: Option<ProductId>| NewCertificate {
                product,
                kind,
                number: format!("MAU-{}/{}", paper.number, paper.kind),
                issued_by: text(&format!("issuer-{}", kind.as_text()), &[]),
                grade,
                valid_from: today.plus_days(paper.issued_days),
                valid_until: Some(today.plus_days(paper.valid_until_days)),
            };
            let Some(goods) = paper.goods else {
                wanted.push((shop.id.clone(), new(None)));
                continue;
            };
            let meant = |shelf: &&Shelf| {
                let variant = paper.variant.is_none_or(|position| position == shelf.what.variant.position);
                shelf.shop == index && shelf.what.goods.number == goods && variant
            };
            wanted.extend(shelves.iter().filter(meant).map(|shelf| (shop.id.clone(), new(Some(shelf.id.clone())))));
        }
    }
    for shelf in shelves.iter().filter(|shelf| DECLARED.contains(&shelf.what.goods.number)) {
        let Some(shop) = shops.get(shelf.shop) else { continue };
        let kind = CertificateKind::SelfDeclaration;
        wanted.push((
            shop.id.clone(),
            NewCertificate {
                product: Some(shelf.id.clone()),
                kind,
                number: format!("MAU-TCB-{}-{}", shop.mark(), shelf.what.variant.slug),
                issued_by: text("issuer-self_declaration", &[]),
                grade: None,
                valid_from: today.plus_days(-300),
                valid_until: None,
            },
        ));
    }
    let at = today.plus_days(-OPENED_DAYS_AGO.saturating_sub(2)).at_minute(10 * 60);
    let done = together(wanted.iter().enumerate().map(|(number, (cooperative, new))| {
        let kit = stage.at(at, &format!("paper-{number}"));
        async move { founding::add_certificate(&kit, cooperative, new).await }
    }))
    .await?;
    Ok(done.len())
}
