//! What a checkout costs: products, offers and price steps looked up, lines grouped by cooperative, a way of delivery chosen.
//! Reads only; `quote` shows it, `place_order` charges it.

use super::checkout::CheckoutLine;
use super::error::ServiceError;
pub use super::priced::{Group, Priced, PricedLine, Wanted};
use super::slots::{self, Windows, rule_of};
use super::vouchers;
use super::windows::{self, WindowShelf};
use crate::domain::commune::Commune;
use crate::domain::id::{CooperativeId, OfferId, ProductId, SalesWindowId};
use crate::domain::money::Money;
use crate::domain::order::{FulfilmentKind, PaymentKind};
use crate::domain::product::{CooperativeState, ProductState};
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::domain::slot::{self, Choice, Opening, Wish};
use crate::domain::time::At;
use crate::domain::window::deposit_of;
use crate::store::bank::BankAccount;
use crate::store::cooperative::{Cooperative, DeliveryWay, PickupPoint};
use crate::store::product::{Offer, OfferStep, Product};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// What the lines need from the database.
struct Shelf {
    products: HashMap<String, Product>,
    offers: HashMap<ProductId, Vec<Offer>>,
    steps: HashMap<OfferId, Vec<OfferStep>>,
    /// Offers of sales windows among those that are asked for.
    windows: HashMap<OfferId, WindowShelf>,
}

fn shelf(conn: &mut Conn, now: At, lines: &[CheckoutLine]) -> Result<Shelf, ServiceError> {
    let mut products = HashMap::new();
    for line in lines {
        if !products.contains_key(&line.product)
            && let Some(product) = store::product::find_by_slug(conn, &line.product)?
        {
            products.insert(line.product.clone(), product);
        }
    }
    let ids: Vec<ProductId> = products.values().map(|product: &Product| product.id.clone()).collect();
    let mut offers: HashMap<ProductId, Vec<Offer>> = HashMap::new();
    for offer in store::product::list_offers(conn, &ids)? {
        offers.entry(offer.product_id.clone()).or_default().push(offer);
    }
    let mut offer_ids: Vec<OfferId> = offers.values().flatten().map(|offer| offer.id.clone()).collect();
    let others = lines.iter().filter_map(|line| line.offer.clone()).filter(|id| !offer_ids.contains(id)).collect();
    let windows = windows::shelf_of(conn, now, others)?;
    offer_ids.extend(windows.keys().cloned());
    let mut steps: HashMap<OfferId, Vec<OfferStep>> = HashMap::new();
    for step in store::product::list_steps(conn, &offer_ids)? {
        steps.entry(step.offer_id.clone()).or_default().push(step);
    }
    Ok(Shelf { products, offers, steps, windows })
}

/// The price of one sale unit when this many are bought.
pub fn unit_price(offer: &Offer, steps: &[OfferStep], quantity: Quantity) -> Money {
    let step = steps.iter().filter(|step| step.from_quantity <= quantity).max_by_key(|step| step.from_quantity);
    step.map_or(offer.price_vnd, |step| step.price_vnd)
}

/// One order each: whose goods, and of which window.
type GroupKey = (CooperativeId, Option<SalesWindowId>);

/// Prices a checkout as of now. Never fails for what a person did: that stands in `refused` and `changed`.
pub fn price(conn: &mut Conn, now: At, checkout: &Wanted<'_>) -> Result<Priced, ServiceError> {
    let shelf = shelf(conn, now, checkout.lines)?;
    let mut priced = Priced::default();
    let mut by_cooperative: Vec<(GroupKey, Vec<PricedLine>)> = Vec::new();
    for (index, line) in checkout.lines.iter().enumerate() {
        match price_line(&shelf, now, index, line) {
            Ok(line) => {
                let window = line.window.as_ref().map(|window| window.id.clone());
                let key = (line.product.cooperative_id.clone(), window);
                match by_cooperative.iter_mut().find(|(there, _)| *there == key) {
                    Some((_, lines)) => lines.push(line),
                    None => by_cooperative.push((key, vec![line])),
                }
            }
            Err(Against::Never(refusal)) => priced.refused.push(refusal),
            Err(Against::Now(refusal)) => priced.changed.push(refusal),
            Err(Against::Fault(error)) => return Err(error),
        }
    }
    let ids: Vec<CooperativeId> = by_cooperative.iter().map(|((id, _), _)| id.clone()).collect();
    let places = Places::load(conn, &ids, now)?;
    for ((id, _), lines) in by_cooperative {
        let group = group(&places, now, checkout, &id, lines, &mut priced)?;
        priced.groups.push(group);
    }
    if let Some(code) = checkout.voucher {
        vouchers::apply(conn, now, code, &mut priced)?;
    }
    for group in &mut priced.groups {
        let asked_bps = group.window.as_ref().map_or(0, |window| window.deposit_bps);
        group.deposit = deposit_of(group.total, asked_bps)?;
    }
    priced.total = Money::sum(priced.groups.iter().map(|group| group.total))?;
    if let Some(expected) =
        checkout.expected_total.filter(|expected| *expected != priced.total && priced.refused.is_empty())
    {
        let refusal = Refusal::new("refusal-total-changed").about("expected_total_vnd");
        let refusal = refusal.with("expected", expected).with("total", priced.total);
        priced.changed.push(refusal.with("expected_vnd", expected.vnd()).with("total_vnd", priced.total.vnd()));
    }
    Ok(priced)
}

/// Why a line has no price.
enum Against {
    Never(Refusal),
    Now(Refusal),
    Fault(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for Against {
    fn from(error: E) -> Self {
        Against::Fault(error.into())
    }
}

fn price_line(shelf: &Shelf, now: At, index: usize, line: &CheckoutLine) -> Result<PricedLine, Against> {
    let about = |name: &str| format!("lines[{index}].{name}");
    let never = |key: &str, name: &str| Against::Never(Refusal::new(key).about(about(name)));
    let product = shelf.products.get(&line.product).ok_or_else(|| never("refusal-product-unknown", "product"))?;
    if product.state != ProductState::Published {
        return Err(Against::Now(
            Refusal::new("refusal-product-hidden").with("name", &product.name).about(about("product")),
        ));
    }
    let offers = shelf.offers.get(&product.id).map(Vec::as_slice).unwrap_or_default();
    let of_window = line.offer.as_ref().and_then(|id| shelf.windows.get(id));
    if let Some(there) = of_window.filter(|there| !there.window.takes(now)) {
        return Err(Against::Now(there.closed(&product.name).about(about("offer"))));
    }
    let offer = match (of_window, &line.offer) {
        (Some(there), _) => Some(&there.offer).filter(|offer| offer.product_id == product.id),
        (None, Some(id)) => offers.iter().find(|offer| offer.id == *id),
        (None, None) => offers.first(),
    };
    let offer = offer.ok_or_else(|| {
        Against::Now(Refusal::new("refusal-offer-gone").with("name", &product.name).about(about("offer")))
    })?;
    let base = line.quantity.to_base(offer.base_quantity).map_err(|near| {
        let refusal = Refusal::new("refusal-quantity-not-whole")
            .with("below", near.below.said())
            .with("above", near.above.said());
        Against::Never(refusal.with("unit", &offer.unit).with("name", &product.name).about(about("quantity")))
    })?;
    check_steps(offer, line.quantity, product).map_err(|refusal| Against::Never(refusal.about(about("quantity"))))?;
    let price = unit_price(offer, shelf.steps.get(&offer.id).map(Vec::as_slice).unwrap_or_default(), line.quantity);
    let amount = line.quantity.priced(price)?;
    Ok(PricedLine {
        index,
        product: product.clone(),
        offer: offer.clone(),
        quantity: line.quantity,
        base,
        price,
        amount,
        window: of_window.map(|there| there.window.clone()),
    })
}

/// The least of an offer, and the steps it is sold in.
fn check_steps(offer: &Offer, quantity: Quantity, product: &Product) -> Result<(), Refusal> {
    let refusal = |key: &str| Refusal::new(key).with("name", &product.name).with("unit", &offer.unit);
    if quantity < offer.min_quantity {
        return Err(refusal("refusal-quantity-least").with("least", offer.min_quantity.said()));
    }
    if quantity.0.rem_euclid(offer.step_quantity.0.max(1)) != 0 {
        return Err(refusal("refusal-quantity-step").with("step", offer.step_quantity.said()));
    }
    Ok(())
}

/// What the cooperatives of a checkout have: themselves, their ways, points and accounts.
struct Places {
    cooperatives: HashMap<CooperativeId, Cooperative>,
    ways: Vec<DeliveryWay>,
    points: Vec<PickupPoint>,
    accounts: Vec<BankAccount>,
    windows: Windows,
}

impl Places {
    fn load(conn: &mut Conn, ids: &[CooperativeId], now: At) -> Result<Self, ServiceError> {
        let cooperatives = store::cooperative::list_of(conn, ids)?;
        Ok(Self {
            cooperatives: cooperatives.into_iter().map(|cooperative| (cooperative.id.clone(), cooperative)).collect(),
            ways: store::cooperative::list_ways(conn, ids)?,
            points: store::cooperative::list_points(conn, ids)?,
            accounts: store::bank::list_active(conn, ids, now)?,
            windows: slots::windows_of(conn, ids, now)?,
        })
    }
}

fn group(
    places: &Places,
    now: At,
    checkout: &Wanted<'_>,
    id: &CooperativeId,
    lines: Vec<PricedLine>,
    priced: &mut Priced,
) -> Result<Group, ServiceError> {
    let cooperative = places.cooperatives.get(id).cloned().ok_or(ServiceError::NotFound)?;
    let window = lines.first().and_then(|line| line.window.clone());
    // What is not harvested yet can come from its harvest on.
    let from = window.as_ref().map_or(now, |window| window.harvest_to.at_minute(0).max(now));
    let first = lines.first().map_or(0, |line| line.index);
    let goods = Money::sum(lines.iter().map(|line| line.amount))?;
    if cooperative.state != CooperativeState::Open {
        let refusal = Refusal::new("refusal-cooperative-closed").with("cooperative", &cooperative.name);
        priced.changed.push(refusal.about(format!("lines[{first}].product")));
    }
    let account = places.accounts.iter().find(|account| account.cooperative_id == *id).cloned();
    let asks_first = window.as_ref().is_some_and(|window| window.deposit_bps > 0);
    if (checkout.payment == PaymentKind::VietQr || asks_first) && account.is_none() {
        priced.refused.push(Refusal::new("refusal-no-account").with("cooperative", &cooperative.name).about("payment"));
    }
    let (way, point) = choose_way(places, checkout, id)?;
    let (mut shipping, mut missing_for_free) = (Money::ZERO, None);
    let (mut opening, mut openings) = (None, Vec::new());
    match &way {
        Some(way) => {
            let rule = rule_of(way)?;
            shipping = rule.fee_for(goods);
            openings = offered(places, way, &cooperative, checkout.commune, from, priced)?;
            let wishes: Vec<Wish> = checkout.wishes.iter().filter(|wish| wish.day >= from.day()).cloned().collect();
            let wishes = if window.is_some() { wishes.as_slice() } else { checkout.wishes };
            opening = match slot::choose(&openings, &places.windows.rules_of(&way.id), wishes) {
                Choice::Is(opening) => Some(opening),
                Choice::Gone { next } => {
                    priced.changed.push(slots::full(&cooperative.name));
                    next
                }
                Choice::Nothing if openings.is_empty() => None,
                Choice::Nothing => {
                    priced.changed.push(slots::full(&cooperative.name));
                    None
                }
            };
            let is_charged = shipping.is_positive();
            missing_for_free = rule.free_from.filter(|_| is_charged).map(|from| from.minus(goods)).transpose()?;
            if goods < rule.minimum {
                let refusal = Refusal::new("refusal-minimum").with("cooperative", &cooperative.name);
                let missing = rule.minimum.minus(goods)?;
                priced.refused.push(refusal.with("least", rule.minimum).with("missing", missing).about("fulfilment"));
            }
        }
        None => {
            let refusal = Refusal::new("refusal-no-way").with("cooperative", &cooperative.name);
            priced.refused.push(refusal.about(format!("lines[{first}].product")));
        }
    }
    let total = goods.plus(shipping)?;
    let deliver_on = opening.as_ref().map(|opening| opening.day);
    Ok(Group {
        deposit: Money::ZERO,
        cooperative,
        window,
        lines,
        way,
        point,
        deliver_on,
        opening,
        openings,
        account,
        goods,
        shipping,
        total,
        missing_for_free,
        voucher: None,
    })
}

/// The days and windows of a way; a pause that leaves none is said.
fn offered(
    places: &Places,
    way: &DeliveryWay,
    cooperative: &Cooperative,
    to: Option<&'static Commune>,
    now: At,
    priced: &mut Priced,
) -> Result<Vec<Opening>, ServiceError> {
    // What is fetched is fetched where the cooperative is.
    let place = match way.kind {
        FulfilmentKind::Pickup => crate::domain::commune::find(&cooperative.commune_code),
        FulfilmentKind::Delivery | FulfilmentKind::Coach => to,
    };
    let openings = places.windows.openings_to(way, place, now)?;
    if openings.is_empty()
        && let Some(place) = place
        && let Some(pause) = rule_of(way)?.next_day(now).and_then(|day| places.windows.pause_of(way, place, day))
    {
        let refusal = Refusal::new("refusal-paused").with("place", place.bare_name());
        priced.changed.push(refusal.with("message", &pause.message).about("fulfilment.commune_code"));
    }
    Ok(openings)
}

/// The first way of the asked kind that reaches the place; for picking up, the asked point or the first.
fn choose_way(
    places: &Places,
    checkout: &Wanted<'_>,
    id: &CooperativeId,
) -> Result<(Option<DeliveryWay>, Option<PickupPoint>), ServiceError> {
    for way in places.ways.iter().filter(|way| way.cooperative_id == *id && way.kind == checkout.fulfilment) {
        if way.kind == FulfilmentKind::Pickup {
            let mut points = places.points.iter().filter(|point| point.delivery_way_id == way.id);
            let point = match checkout.point {
                Some(wanted) => points.find(|point| point.id == *wanted),
                None => points.next(),
            };
            if let Some(point) = point {
                return Ok((Some(way.clone()), Some(point.clone())));
            }
            continue;
        }
        let reaches = match checkout.commune {
            Some(commune) => rule_of(way)?.scope.reaches(&commune.province_code, &commune.code),
            None => false,
        };
        if reaches {
            return Ok((Some(way.clone()), None));
        }
    }
    Ok((None, None))
}
