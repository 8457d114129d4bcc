//! The basket as it is shown: what a browser carries, looked up, priced and grouped by cooperative. Knows no cookie and
//! decides nothing: `ordering` reads everything again.

pub use super::basket_view::{BasketGroup, BasketLine, BasketView, Going, KindChoice, Point};
use super::browsing::orderable;
use super::checkout::CheckoutLine;
use super::error::ServiceError;
use super::kit::Kit;
use super::ordering::shown_shortage;
use super::pricing::{Priced, Wanted, price};
use super::stock_view;
use crate::domain::id::{CooperativeId, OfferId, OrderId, PictureId, ProductId};
use crate::domain::money::Money;
use crate::domain::order::{FulfilmentKind, IfShort};
use crate::domain::product::ProductState;
use crate::domain::quantity::{Base, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::cooperative::{Cooperative, PickupPoint};
use crate::store::product::{Offer, Picture, Product};
use crate::store::window::SalesWindow;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Refusals that are about a cooperative's part and not about one line of it.
const OF_GROUPS: [&str; 5] =
    ["refusal-no-way", "refusal-cooperative-closed", "refusal-minimum", "refusal-no-account", "refusal-slot-full"];

fn point(row: &PickupPoint) -> Point {
    Point { id: row.id.clone(), name: row.name.clone(), address: row.address.clone(), hours: row.hours.clone() }
}

/// Looks a basket up.
pub async fn show_basket(
    kit: &Kit,
    wanted: Vec<(OfferId, Quantity)>,
    going: Going,
) -> Result<BasketView, ServiceError> {
    let now = kit.now();
    kit.db.read(move |conn| view(conn, now, &wanted, &going)).await
}

/// The basket, and by which ways its goods could come. A way that no cooperative of it has is left out.
pub async fn show_checkout(
    kit: &Kit,
    wanted: Vec<(OfferId, Quantity)>,
    going: Going,
) -> Result<(BasketView, Vec<KindChoice>), ServiceError> {
    let now = kit.now();
    kit.db
        .read(move |conn| {
            let chosen = view(conn, now, &wanted, &going)?;
            let ids: Vec<CooperativeId> = chosen.groups.iter().map(|group| group.cooperative.id.clone()).collect();
            let ways = store::cooperative::list_ways(conn, &ids)?;
            let points = store::cooperative::list_points(conn, &ids)?;
            let mut choices = Vec::new();
            for kind in [FulfilmentKind::Delivery, FulfilmentKind::Pickup, FulfilmentKind::Coach] {
                if !ways.iter().any(|way| way.kind == kind) {
                    continue;
                }
                let seen = view(conn, now, &wanted, &Going { kind, point: None, ..going.clone() })?;
                let lacks = |group: &&BasketGroup| {
                    !ways.iter().any(|way| way.kind == kind && way.cooperative_id == group.cooperative.id)
                };
                choices.push(KindChoice {
                    kind,
                    shipping: seen.shipping,
                    without: seen.groups.iter().filter(lacks).map(|group| group.cooperative.name.clone()).collect(),
                    points: if kind == FulfilmentKind::Pickup {
                        points.iter().map(point).collect()
                    } else {
                        Vec::new()
                    },
                });
            }
            Ok((chosen, choices))
        })
        .await
}

/// What is known of the offers of a basket.
struct Known {
    offers: HashMap<OfferId, Offer>,
    products: HashMap<ProductId, Product>,
    pictures: HashMap<PictureId, Picture>,
}

fn known(conn: &mut Conn, wanted: &[(OfferId, Quantity)]) -> Result<Known, ServiceError> {
    let ids: Vec<OfferId> = wanted.iter().map(|(id, _)| id.clone()).collect();
    let offers: HashMap<OfferId, Offer> =
        store::product::list_offers_of(conn, &ids)?.into_iter().map(|offer| (offer.id.clone(), offer)).collect();
    let product_ids: Vec<ProductId> = offers.values().map(|offer| offer.product_id.clone()).collect();
    let listed = store::product::list_of(conn, &product_ids)?;
    // A draft was never on sale: its offer in a basket is no basket's business.
    let products: HashMap<ProductId, Product> = listed
        .into_iter()
        .filter(|product| product.state != ProductState::Draft)
        .map(|product| (product.id.clone(), product))
        .collect();
    let picture_ids: Vec<PictureId> = products.values().filter_map(|product| product.picture_id.clone()).collect();
    let pictures =
        store::product::list_pictures(conn, &picture_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    Ok(Known { offers, products, pictures })
}

fn view(conn: &mut Conn, now: At, wanted: &[(OfferId, Quantity)], going: &Going) -> Result<BasketView, ServiceError> {
    let known = known(conn, wanted)?;
    let found: Vec<(&Offer, &Product, Quantity)> = wanted
        .iter()
        .filter_map(|(id, quantity)| {
            let offer = known.offers.get(id)?;
            Some((offer, known.products.get(&offer.product_id)?, *quantity))
        })
        .collect();
    let lines: Vec<CheckoutLine> = found
        .iter()
        .map(|(offer, product, quantity)| CheckoutLine {
            product: product.slug.clone(),
            offer: Some(offer.id.clone()),
            quantity: *quantity,
            if_short: IfShort::Call,
        })
        .collect();
    let asked = Wanted {
        wishes: &going.wishes,
        lines: &lines,
        fulfilment: going.kind,
        commune: going.commune,
        point: going.point.as_ref(),
        payment: going.payment,
        expected_total: None,
        voucher: Some(going.voucher.trim()).filter(|code| !code.is_empty()),
    };
    let mut priced = price(conn, now, &asked)?;
    let short = shown_shortage(conn, now, &priced)?;
    priced.changed.extend(short);
    let ids: Vec<ProductId> = known.products.keys().cloned().collect();
    let stock = stock_view::stock_of(conn, now, &ids)?;
    let cooperative_ids: Vec<CooperativeId> =
        known.products.values().map(|product| product.cooperative_id.clone()).collect();
    let cooperatives = store::cooperative::list_of(conn, &cooperative_ids)?;
    let about_code = priced.refused.iter().chain(&priced.changed).filter(|no| no.field == "voucher");
    let mut shown = BasketView {
        gone: wanted.len().saturating_sub(found.len()),
        no_voucher: about_code.cloned().collect(),
        vouchers: priced.groups.iter().filter_map(|group| group.voucher.clone()).collect(),
        ..BasketView::default()
    };
    for (index, (offer, product, quantity)) in found.into_iter().enumerate() {
        let lots = stock.get(&product.id).map(Vec::as_slice).unwrap_or_default();
        let window = priced.groups.iter().find(|group| group.lines.iter().any(|line| line.index == index));
        let window = window.and_then(|group| group.window.clone());
        let available = match &window {
            Some(window) => lots.iter().find(|lot| lot.id == window.lot_id).map_or(Base::ZERO, |lot| lot.available),
            None => stock_view::available(lots)?,
        };
        let mut line = line(&priced, index, offer, product, quantity, available, window.is_some());
        line.picture = product.picture_id.as_ref().and_then(|id| known.pictures.get(id)).cloned();
        let is_its = |group: &&mut BasketGroup| {
            let same = group.window.as_ref().map(|one| &one.id) == window.as_ref().map(|one| &one.id);
            same && group.cooperative.id == product.cooperative_id
        };
        match shown.groups.iter_mut().find(is_its) {
            Some(group) => group.lines.push(line),
            None => {
                let cooperative = cooperatives.iter().find(|one| one.id == product.cooperative_id).cloned();
                let cooperative = cooperative.ok_or(ServiceError::NotFound)?;
                shown.groups.push(group(&priced, (cooperative, window), line, going));
            }
        }
    }
    sum_up(&mut shown)?;
    Ok(shown)
}

fn line(
    priced: &Priced,
    index: usize,
    offer: &Offer,
    product: &Product,
    quantity: Quantity,
    available: Base,
    is_preorder: bool,
) -> BasketLine {
    let about = format!("lines[{index}].");
    let all = priced.refused.iter().chain(&priced.changed);
    let trouble =
        all.filter(|no| no.field.starts_with(&about)).find(|no| !OF_GROUPS.contains(&no.key.as_str())).cloned();
    let there = priced.groups.iter().flat_map(|group| &group.lines).find(|line| line.index == index);
    BasketLine {
        price: there.map_or(offer.price_vnd, |line| line.price),
        amount: there.filter(|_| trouble.is_none()).map(|line| line.amount),
        fixes: if trouble.is_some() { fixes(offer, is_preorder, quantity, available) } else { Vec::new() },
        trouble,
        product: product.clone(),
        offer: offer.clone(),
        picture: None,
        quantity,
    }
}

/// The nearest quantities in whole steps that are there.
fn fixes(offer: &Offer, is_preorder: bool, quantity: Quantity, available: Base) -> Vec<Quantity> {
    let most = orderable(offer, available);
    if !(offer.is_active || is_preorder) || !most.is_positive() {
        return Vec::new();
    }
    let step = offer.step_quantity.0.max(1);
    let below = Quantity(quantity.0.div_euclid(step).saturating_mul(step));
    let mut near: Vec<Quantity> = [below, Quantity(below.0.saturating_add(step))]
        .into_iter()
        .map(|one| one.max(offer.min_quantity).min(most))
        .filter(|one| *one != quantity)
        .collect();
    near.dedup();
    near
}

fn group(
    priced: &Priced,
    (cooperative, window): (Cooperative, Option<SalesWindow>),
    first: BasketLine,
    going: &Going,
) -> BasketGroup {
    let of = |window: &Option<SalesWindow>| window.as_ref().map(|window| window.id.clone());
    let part =
        priced.groups.iter().find(|group| group.cooperative.id == cooperative.id && of(&group.window) == of(&window));
    let is_mine = |no: &&Refusal| {
        OF_GROUPS.contains(&no.key.as_str()) && no.args.get("cooperative").is_some_and(|name| *name == cooperative.name)
    };
    let all = priced.refused.iter().chain(&priced.changed);
    let problems: Vec<Refusal> =
        all.filter(is_mine).filter(|no| going.is_known() || no.key != "refusal-no-way").cloned().collect();
    let way = part.filter(|part| part.way.is_some());
    BasketGroup {
        lines: vec![first],
        goods: Money::ZERO,
        deposit: part.map_or(Money::ZERO, |part| part.deposit),
        shipping: way.map(|part| part.shipping),
        arrives: way.and_then(|part| part.deliver_on),
        opening: way.and_then(|part| part.opening.clone()),
        openings: way.map(|part| part.openings.clone()).unwrap_or_default(),
        missing_for_free: way.and_then(|part| part.missing_for_free),
        problems,
        cooperative,
        window,
    }
}

fn sum_up(shown: &mut BasketView) -> Result<(), ServiceError> {
    let mut shipping = Some(Money::ZERO);
    for group in &mut shown.groups {
        group.goods = Money::sum(group.lines.iter().filter_map(|line| line.amount))?;
        shown.goods = shown.goods.plus(group.goods)?;
        shipping = match (shipping, group.shipping) {
            (Some(sum), Some(fee)) => Some(sum.plus(fee)?),
            _ => None,
        };
    }
    shown.shipping = shipping;
    shown.off = Money::sum(shown.vouchers.iter().map(|taken| taken.goods_off))?;
    shown.total = shown.goods.plus(shipping.unwrap_or(Money::ZERO))?.minus(shown.off)?;
    Ok(())
}

/// The lines of an order, to be put into a basket again. The caller has proven the order's key.
pub async fn lines_again(kit: &Kit, orders: Vec<OrderId>) -> Result<Vec<(OfferId, Quantity)>, ServiceError> {
    let lines = kit.db.read(move |conn| Ok::<_, ServiceError>(store::order::list_lines(conn, &orders)?)).await?;
    Ok(lines.into_iter().map(|line| (line.offer_id, line.quantity)).collect())
}
