//! What the public sees of goods: cards for lists, one product whole, a cooperative. The same facts for pages, JSON and the index.

use super::error::ServiceError;
use super::kit::Kit;
use super::slots::{Windows, windows_of};
use super::stock_view::{self, preorder_of};
use crate::domain::commune::{self, Commune};
use crate::domain::id::{CooperativeId, OfferId, PictureId, ProductId};
use crate::domain::money::Money;
use crate::domain::product::{CertificateKind, CooperativeState, ProductState};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::season;
use crate::domain::stock::StockWord;
use crate::domain::time::{At, Day};
pub use crate::store::cooperative::{Cooperative, DeliveryWay, PickupPoint};
pub use crate::store::lot::Lot;
pub use crate::store::product::{Certificate, Offer, OfferStep, Picture, Product};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// A harvest that is further away than this is another season's.
const SEASON_AWAY_DAYS: i64 = 21;
/// Cards that a page of a commune or cooperative shows at most.
const MOST_CARDS: usize = 500;

/// A product as a list shows it.
#[derive(Debug, Clone)]
pub struct Card {
    pub product: Product,
    pub cooperative: Cooperative,
    /// Its first offer; a product without one is not for sale yet.
    pub offer: Option<Offer>,
    pub picture: Option<Picture>,
    /// What all its lots can promise now, base units.
    pub available: Base,
    pub stock: StockWord,
    pub certificates: Vec<Certificate>,
    /// Can be ordered before its harvest on this day, at the soonest.
    pub preorder: Option<Day>,
    /// The freshest lot on sale.
    pub made_on: Option<Day>,
    /// The first day on which it can be at the asked commune, and what that costs.
    pub arrives: Option<Arrival>,
    /// Why nothing is brought to the asked commune now, in the words of whoever paused it.
    pub paused: Option<String>,
    /// What stands here is true until then at the latest, if nothing is written: a hold may run out, a day ends, orders
    /// for a day close.
    pub until: At,
}

/// When and for how much goods reach a commune.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub way: DeliveryWay,
    pub day: Day,
    pub cutoff: At,
}

/// A product whole.
#[derive(Debug, Clone)]
pub struct ProductPage {
    pub card: Card,
    pub offers: Vec<OfferView>,
    pub lots: Vec<LotOnSale>,
    pub ways: Vec<DeliveryWay>,
    pub points: Vec<PickupPoint>,
}

#[derive(Debug, Clone)]
pub struct OfferView {
    pub offer: Offer,
    pub steps: Vec<OfferStep>,
    /// Per kilogram or litre, when the pack is exact; per sale unit for pieces and «khoảng».
    pub unit_price: Option<Money>,
    /// How much of it can be ordered now.
    pub available: Quantity,
}

#[derive(Debug, Clone)]
pub struct LotOnSale {
    pub lot: Lot,
    pub available: Base,
    /// Whose goods they are, when a gatherer sells them for another.
    pub grown_by: Option<Cooperative>,
}

/// A commune with who sells there and what.
#[derive(Debug, Clone)]
pub struct CommunePage {
    pub commune: &'static Commune,
    pub cooperatives: Vec<Cooperative>,
    pub cards: Vec<Card>,
}

/// A cooperative with what it sells.
#[derive(Debug, Clone)]
pub struct CooperativePage {
    pub cooperative: Cooperative,
    pub cards: Vec<Card>,
    pub ways: Vec<DeliveryWay>,
    pub points: Vec<PickupPoint>,
    pub certificates: Vec<Certificate>,
}

impl Card {
    /// What can be ordered now in sale units of the first offer, in whole steps.
    pub fn available_quantity(&self) -> Quantity {
        self.offer.as_ref().map_or(Quantity(0), |offer| orderable(offer, self.available))
    }

    /// Nothing is there because its time of the year has not come: «hết vụ».
    pub fn is_season_over(&self, today: Day) -> bool {
        let far = |day: Day| day.days_since(today) > SEASON_AWAY_DAYS;
        self.stock == StockWord::SoldOut
            && match self.product.season.as_deref() {
                Some(season) => !season::holds(season, today),
                None => self.product.next_harvest_day.is_some_and(far),
            }
    }

    /// Whether its time of the year is now; goods of the whole year have none.
    pub fn is_in_season(&self, today: Day) -> bool {
        self.product.season.as_deref().is_some_and(|season| season::holds(season, today))
    }

    /// Whether its cooperative takes orders at present.
    pub fn is_open(&self) -> bool {
        self.cooperative.state == CooperativeState::Open
    }

    /// Kinds of papers in force, each once.
    pub fn certificate_kinds(&self) -> Vec<CertificateKind> {
        let mut kinds: Vec<CertificateKind> = self.certificates.iter().map(|paper| paper.kind).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

/// Whether the public sees a product of this cooperative.
pub fn is_shown(product: &Product, cooperative: &Cooperative) -> bool {
    product.state == ProductState::Published && is_on_market(cooperative)
}

/// Whether the public sees a cooperative at all: approved and not closed for good.
pub fn is_on_market(cooperative: &Cooperative) -> bool {
    matches!(cooperative.state, CooperativeState::Open | CooperativeState::Paused)
}

/// How much of an offer `available` base units make, in its own steps; nothing when below its least.
pub fn orderable(offer: &Offer, available: Base) -> Quantity {
    let per_unit = i128::from(offer.base_quantity.0.max(1));
    let thousandths = i128::from(available.0.max(0)).saturating_mul(1000).div_euclid(per_unit);
    let step = i128::from(offer.step_quantity.0.max(1));
    let whole = thousandths.div_euclid(step).saturating_mul(step);
    let quantity = Quantity(i64::try_from(whole).unwrap_or(i64::MAX));
    if quantity < offer.min_quantity { Quantity(0) } else { quantity }
}

/// Price of a kilogram or a litre; none for pieces and for packs that are only about so much.
pub fn unit_price(offer: &Offer, unit: BaseUnit) -> Option<Money> {
    let exact = !offer.about && matches!(unit, BaseUnit::Gram | BaseUnit::Millilitre);
    exact.then(|| offer.price_vnd.scaled_half_up(1000, offer.base_quantity.0).ok()).flatten()
}

/// Cards of products, in the order given; at most 500. `to`: the commune that «giao đến» is about.
pub fn cards_of(
    conn: &mut Conn,
    now: At,
    products: Vec<Product>,
    to: Option<&Commune>,
) -> Result<Vec<Card>, ServiceError> {
    let ids: Vec<ProductId> = products.iter().map(|product| product.id.clone()).collect();
    let mut cooperative_ids: Vec<CooperativeId> =
        products.iter().map(|product| product.cooperative_id.clone()).collect();
    cooperative_ids.sort();
    cooperative_ids.dedup();
    let cooperatives: HashMap<CooperativeId, Cooperative> =
        store::cooperative::list_of(conn, &cooperative_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let mut offers: HashMap<ProductId, Offer> = HashMap::new();
    for offer in store::product::list_offers(conn, &ids)? {
        offers.entry(offer.product_id.clone()).or_insert(offer);
    }
    let picture_ids: Vec<PictureId> = products.iter().filter_map(|product| product.picture_id.clone()).collect();
    let pictures: HashMap<PictureId, Picture> =
        store::product::list_pictures(conn, &picture_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let papers = store::product::list_certificates(conn, &cooperative_ids, now.day())?;
    let ways = store::cooperative::list_ways(conn, &cooperative_ids)?;
    let windows = if to.is_some() { windows_of(conn, &cooperative_ids, now)? } else { Windows::default() };
    let stock = stock_view::stock_of(conn, now, &ids)?;
    let ends = stock_view::hold_ends(conn, now, &stock)?;
    let ahead = store::window::list_open_of(conn, &ids, now)?;
    let midnight = now.day().plus_days(1).at_minute(0);
    let mut cards = Vec::new();
    for product in products {
        let Some(cooperative) = cooperatives.get(&product.cooperative_id).cloned() else { continue };
        let lots = stock.get(&product.id).map(Vec::as_slice).unwrap_or_default();
        let available = stock_view::available(lots)?;
        let offer = offers.remove(&product.id);
        let smallest = offer
            .as_ref()
            .map_or(Base(1), |offer| offer.min_quantity.to_base(offer.base_quantity).unwrap_or(offer.base_quantity));
        let mine = papers.iter().filter(|paper| {
            paper.cooperative_id == product.cooperative_id
                && paper.product_id.as_ref().is_none_or(|id| *id == product.id)
        });
        let arrives = match to {
            Some(commune) => windows
                .first_arrival(&ways, &cooperative.id, commune, now)?
                .map(|(way, opening)| Arrival { way, day: opening.day, cutoff: opening.order_by }),
            None => None,
        };
        let paused = to.and_then(|place| windows.pause_on(&cooperative.id, place, now.day()));
        let cutoff = arrives.as_ref().map_or(midnight, |arrival| arrival.cutoff);
        let (preorder, closes) = preorder_of(&ahead, &product.id, lots, smallest);
        cards.push(Card {
            preorder,
            until: ends
                .get(&product.id)
                .copied()
                .unwrap_or(midnight)
                .min(midnight)
                .min(cutoff)
                .min(closes.unwrap_or(midnight)),
            stock: StockWord::of(available, smallest),
            certificates: mine.cloned().collect(),
            made_on: stock_view::freshest(lots),
            arrives,
            paused: paused.map(|pause| pause.message.clone()),
            picture: product.picture_id.as_ref().and_then(|id| pictures.get(id)).cloned(),
            available,
            offer,
            cooperative,
            product,
        });
    }
    Ok(cards)
}

/// The commune of a code that a visitor gave; an unknown one is nobody's.
pub fn commune_of(code: Option<&str>) -> Option<&'static Commune> {
    code.and_then(commune::find)
}

/// One published product. Hidden, taken down and unknown are told alike.
pub async fn show_product(kit: &Kit, slug: &str, to: Option<&'static Commune>) -> Result<ProductPage, ServiceError> {
    let (now, slug) = (kit.now(), slug.to_owned());
    kit.db
        .read(move |conn| {
            let product = store::product::find_by_slug(conn, &slug)?.ok_or(ServiceError::NotFound)?;
            product_page(conn, now, product, to)
        })
        .await
}

fn product_page(conn: &mut Conn, now: At, product: Product, to: Option<&Commune>) -> Result<ProductPage, ServiceError> {
    let (id, unit, cooperative) = (product.id.clone(), product.base_unit, product.cooperative_id.clone());
    let card = cards_of(conn, now, vec![product], to)?.pop().ok_or(ServiceError::NotFound)?;
    if !is_shown(&card.product, &card.cooperative) {
        return Err(ServiceError::NotFound);
    }
    let offers = store::product::list_offers(conn, std::slice::from_ref(&id))?;
    let offer_ids: Vec<OfferId> = offers.iter().map(|offer| offer.id.clone()).collect();
    let steps = store::product::list_steps(conn, &offer_ids)?;
    let stock = stock_view::stock_of(conn, now, std::slice::from_ref(&id))?;
    let on_sale = stock.get(&id).map(Vec::as_slice).unwrap_or_default();
    let mut lots = Vec::new();
    for share in on_sale.iter().filter(|lot| !lot.is_window && lot.available.is_positive()) {
        let lot = store::lot::get(conn, &share.id)?;
        let is_own = lot.owner_cooperative_id == lot.cooperative_id;
        let grown_by = if is_own { None } else { Some(store::cooperative::get(conn, &lot.owner_cooperative_id)?) };
        lots.push(LotOnSale { lot, available: share.available, grown_by });
    }
    let views = offers.into_iter().map(|offer| OfferView {
        unit_price: unit_price(&offer, unit),
        available: orderable(&offer, card.available),
        steps: steps.iter().filter(|step| step.offer_id == offer.id).cloned().collect(),
        offer,
    });
    Ok(ProductPage {
        offers: views.collect(),
        lots,
        ways: store::cooperative::list_ways(conn, std::slice::from_ref(&cooperative))?,
        points: store::cooperative::list_points(conn, std::slice::from_ref(&cooperative))?,
        card,
    })
}

/// One cooperative with its published products. One that still awaits approval is not shown.
pub async fn show_cooperative(
    kit: &Kit,
    slug: &str,
    to: Option<&'static Commune>,
) -> Result<CooperativePage, ServiceError> {
    let (now, slug) = (kit.now(), slug.to_owned());
    kit.db
        .read(move |conn| {
            let cooperative = store::cooperative::find_by_slug(conn, &slug)?.ok_or(ServiceError::NotFound)?;
            if !is_on_market(&cooperative) {
                return Err(ServiceError::NotFound);
            }
            let products = published_of(conn, &cooperative)?;
            let ids = std::slice::from_ref(&cooperative.id);
            Ok(CooperativePage {
                cards: cards_of(conn, now, products, to)?,
                ways: store::cooperative::list_ways(conn, ids)?,
                points: store::cooperative::list_points(conn, ids)?,
                certificates: store::product::list_certificates(conn, ids, now.day())?,
                cooperative,
            })
        })
        .await
}

/// Cooperatives whose goods the public sees, by name.
pub async fn list_cooperatives(kit: &Kit) -> Result<Vec<Cooperative>, ServiceError> {
    let mut all = kit.db.read(|conn| Ok::<_, ServiceError>(store::cooperative::list(conn)?)).await?;
    all.retain(is_on_market);
    Ok(all)
}

/// What the public sees of one cooperative, by name.
fn published_of(conn: &mut Conn, cooperative: &Cooperative) -> Result<Vec<Product>, ServiceError> {
    let mut products = store::product::list_own(conn, &cooperative.id)?;
    products.retain(|product| is_shown(product, cooperative));
    products.truncate(MOST_CARDS);
    Ok(products)
}

/// A commune with its cooperatives and their goods, what can be bought first. A commune without any is shown too.
pub async fn show_commune(kit: &Kit, code: &str, to: Option<&'static Commune>) -> Result<CommunePage, ServiceError> {
    let now = kit.now();
    let commune = commune::find(code).ok_or(ServiceError::NotFound)?;
    kit.db
        .read(move |conn| {
            let mut cooperatives = store::cooperative::list_in_commune(conn, &commune.code)?;
            cooperatives.retain(is_on_market);
            let mut products = Vec::new();
            for cooperative in &cooperatives {
                products.extend(published_of(conn, cooperative)?);
            }
            products.truncate(MOST_CARDS);
            let mut cards = cards_of(conn, now, products, to)?;
            cards.sort_by_key(|card| (card.stock == StockWord::SoldOut, std::cmp::Reverse(card.made_on)));
            Ok(CommunePage { commune, cooperatives, cards })
        })
        .await
}

/// Products by their ids, in that order, as far as the public sees them; at most 500.
pub async fn cards_by_id(
    kit: &Kit,
    ids: Vec<ProductId>,
    to: Option<&'static Commune>,
) -> Result<Vec<Card>, ServiceError> {
    let now = kit.now();
    kit.db.read(move |conn| cards_in(conn, now, &ids, to)).await
}

/// The same inside a snapshot.
pub fn cards_in(conn: &mut Conn, now: At, ids: &[ProductId], to: Option<&Commune>) -> Result<Vec<Card>, ServiceError> {
    let products = store::product::list_of(conn, ids)?;
    let mut cards: HashMap<ProductId, Card> =
        cards_of(conn, now, products, to)?.into_iter().map(|card| (card.product.id.clone(), card)).collect();
    let in_order = ids.iter().filter_map(|id| cards.remove(id));
    Ok(in_order.filter(|card| is_shown(&card.product, &card.cooperative)).collect())
}

/// The same by slugs; what is no longer on show is left out.
pub async fn cards_by_slug(
    kit: &Kit,
    slugs: Vec<String>,
    to: Option<&'static Commune>,
) -> Result<Vec<Card>, ServiceError> {
    let now = kit.now();
    kit.db
        .read(move |conn| {
            let mut ids = Vec::new();
            for slug in &slugs {
                ids.extend(store::product::find_by_slug(conn, slug)?.map(|product| product.id));
            }
            cards_in(conn, now, &ids, to)
        })
        .await
}
