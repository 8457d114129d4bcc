//! The form of an offer: by what a product is sold and for how much.

use super::desk::{
    Asked, Fields, Typed, amount_of, asked_for, field_unit, flash, goods_url, id_of, money_of, money_typed, price_echo,
};
use crate::domain::id::{OfferId, ProductId};
use crate::domain::money::Money;
use crate::domain::quantity::{Base, BaseUnit, Quantity, read_quantity};
use crate::domain::refusal::Refusal;
use crate::domain::typed;
use crate::service::error::ServiceError;
use crate::service::goods_view::{self, GoodsPage};
use crate::service::kit::Kit;
use crate::service::listing::{self, OfferSaid, OfferSeen};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebError, WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::json;

/// What was typed of an offer; everything unreadable is said together.
pub fn read(typed: &Typed, unit: BaseUnit, id: Option<OfferId>, refusals: &mut Vec<Refusal>) -> Option<OfferSaid> {
    let mut keep = |result: Result<Quantity, Refusal>| result.map_err(|refusal| refusals.push(refusal)).ok();
    let quantity = |field: &str, key: &str| {
        let text = typed.get(field);
        if text.is_empty() {
            Ok(Quantity::ONE)
        } else {
            read_quantity(text).map_err(|_unreadable| Refusal::new(key).about(field))
        }
    };
    let (min, step) = (keep(quantity("min", "refusal-offer-step")), keep(quantity("step", "refusal-offer-step")));
    let base = amount_of(typed, "base", unit).map_err(|refusal| refusals.push(refusal)).ok();
    let price = money_of(typed, "price").map_err(|refusal| refusals.push(refusal)).ok();
    Some(OfferSaid {
        id,
        label: typed.get("label").to_owned(),
        unit: typed.get("unit").to_owned(),
        base: base?,
        about: typed.has("about"),
        price: price?,
        min: min?,
        step: step?,
        position: typed.get("position").parse().unwrap_or(0),
        is_active: true,
    })
}

fn offer_of(page: &GoodsPage, text: &str) -> Result<Option<OfferId>, WebError> {
    if text.is_empty() {
        return Ok(None);
    }
    let id: OfferId = id_of(text)?;
    let is_there = page.all_offers.iter().any(|offer| offer.id == id);
    if is_there { Ok(Some(id)) } else { Err(WebError::not_found()) }
}

fn typed_of(page: &GoodsPage, id: Option<&OfferId>) -> Typed {
    let mut typed = Typed::default();
    let unit = page.goods.product.base_unit;
    let found = id.and_then(|id| page.all_offers.iter().find(|offer| offer.id == *id));
    match found {
        Some(offer) => {
            typed.put("offer", offer.id.as_text());
            typed.put("label", &offer.label);
            typed.put("unit", &offer.unit);
            typed.put("base", &typed::typed(offer.base_quantity, unit));
            typed.put("about", if offer.about { "1" } else { "" });
            typed.put("price", &money_typed(offer.price_vnd));
            typed.put("min", &offer.min_quantity.decimal().replace('.', ","));
            typed.put("step", &offer.step_quantity.decimal().replace('.', ","));
            typed.put("position", &offer.position.to_string());
            typed.put("is_active", if offer.is_active { "1" } else { "" });
        }
        None => {
            let is_first = page.all_offers.is_empty();
            typed.put("unit", if is_first { field_unit(unit) } else { "" });
            typed.put("label", if is_first && unit == BaseUnit::Gram { "1 kg" } else { "" });
            typed.put("base", if is_first { "1" } else { "" });
            typed.put("min", "1");
            typed.put("step", if is_first && unit == BaseUnit::Gram { "0,5" } else { "1" });
            typed.put("position", &page.all_offers.len().to_string());
        }
    }
    typed
}

fn form(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    page: &GoodsPage,
    typed: &Typed,
    flash: Option<String>,
    problems: Vec<Problem>,
) -> WebResult {
    let product = &page.goods.product;
    let price = money_of(typed, "price").ok();
    let stands = page.all_offers.iter().find(|offer| offer.id.as_text() == typed.get("offer"));
    let fill = json!({
        // Comes back with the form: sent twice, it makes one offer.
        "new_id": typed.get("new").parse().unwrap_or_else(|_first_time| OfferId::new(kit.now(), kit.ten())),
        "seen": stands.map(|offer| offer.price_vnd.vnd()),
        "tab": "goods",
        "flash": flash,
        "name": product.name,
        "back": goods_url(&product.id),
        "action": format!("{}/gia", goods_url(&product.id)),
        "take_back": format!("{}/gia/thoi", goods_url(&product.id)),
        "field_unit": field_unit(product.base_unit),
        "is_change": typed.has("offer"),
        "is_active": typed.has("is_active"),
        "words": price.map(|price| price_echo(req, price, typed.get("unit"))),
        "typed": typed.shown(),
        "problems": problems,
    });
    page::private(req, me, "farm/offer_form.html", &fill)
}

/// `GET /ban-hang/hang/{id}/gia?quy-cach=`
pub async fn show_offer(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let page = goods_view::show_goods(&kit, &seller, &id_of(&id)?).await?;
    let offer = offer_of(&page, asked_for(&asked, "quy-cach"))?;
    let typed = typed_of(&page, offer.as_ref());
    form(&req, &kit, &me, &page, &typed, flash(&req, &asked), Vec::new())
}

/// `POST /ban-hang/hang/{id}/gia`
pub async fn put_offer(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (ProductId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    let page = goods_view::show_goods(&kit, &seller, &id).await?;
    let offer = offer_of(&page, typed.get("offer"))?;
    let seen = OfferSeen { new: typed.get("new").parse().ok(), price: typed.get("seen").parse().ok().map(Money) };
    let mut refusals = Vec::new();
    let said = read(&typed, page.goods.product.base_unit, offer, &mut refusals).filter(|_| refusals.is_empty());
    let result = match said {
        Some(said) => listing::put_offer_as_seen(&kit, &seller, &id, &said, &seen).await,
        None => Err(ServiceError::Refused(refusals)),
    };
    match result {
        // The first price leads on to the first lot.
        Ok(_) if page.goods.open_lots == 0 && page.all_offers.is_empty() => {
            Ok(see_other(&format!("{}/dot?da=gia", goods_url(&id))))
        }
        Ok(_) => Ok(see_other(&format!("{}?da=gia", goods_url(&id)))),
        Err(error) => {
            let page = goods_view::show_goods(&kit, &seller, &id).await?;
            once_more(&req, error, async |problems| form(&req, &kit, &me, &page, &typed, None, problems)).await
        }
    }
}

/// `POST /ban-hang/hang/{id}/gia/thoi`: an offer is no longer sold, or sold again
pub async fn take_back(kit: Kit, seller: Seller, id: web::Path<String>, fields: Fields) -> WebResult {
    let (id, typed): (ProductId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    let page = goods_view::show_goods(&kit, &seller, &id).await?;
    let offer = offer_of(&page, typed.get("offer"))?.ok_or_else(WebError::not_found)?;
    let row = page.all_offers.iter().find(|row| row.id == offer).ok_or_else(WebError::not_found)?;
    let said = OfferSaid {
        id: Some(offer),
        label: row.label.clone(),
        unit: row.unit.clone(),
        base: Base(row.base_quantity.0),
        about: row.about,
        price: row.price_vnd,
        min: row.min_quantity,
        step: row.step_quantity,
        position: row.position,
        is_active: typed.has("again"),
    };
    listing::put_offer(&kit, &seller, &id, &said).await?;
    Ok(see_other(&format!("{}?da=gia", goods_url(&id))))
}
