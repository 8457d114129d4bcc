//! The form of a product, new or to be changed: its words, its photo, how it is counted and charged.

use super::desk::{Typed, goods_url, id_of, picture_of, refused, words};
use super::upload::Uploaded;
use crate::domain::id::{PictureId, ProductId};
use crate::domain::product::Category;
use crate::domain::quantity::BaseUnit;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::service::error::ServiceError;
use crate::service::goods_view::{self, Goods};
use crate::service::kit::Kit;
use crate::service::listing::{self, ProductSaid};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebError, WebResult, again, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// Categories as a list to choose from.
pub fn categories(req: &HttpRequest) -> Vec<Value> {
    let label = |category: &Category| words(req, &format!("farm-category-{category}"), &[]);
    Category::ALL.iter().map(|category| json!({ "value": category, "label": label(category) })).collect()
}

/// Ways of counting, in words.
pub fn base_units(req: &HttpRequest) -> Vec<Value> {
    let label = |unit: &BaseUnit| words(req, &format!("farm-base-{unit}"), &[]);
    BaseUnit::ALL.iter().map(|unit| json!({ "value": unit, "label": label(unit) })).collect()
}

/// Keeps the photo that came along, so that it need not be chosen again when something else has to be mended.
pub async fn keep_photo(
    kit: &Kit,
    seller: &Seller,
    sent: &mut Uploaded,
    refusals: &mut Vec<Refusal>,
) -> Result<(), WebError> {
    let Some(bytes) = sent.photo.take() else { return Ok(()) };
    let name = sent.typed.get("name").to_owned();
    match listing::add_photo(kit, seller, bytes, &name).await {
        Ok(picture) => sent.typed.put("picture", picture.as_text()),
        Err(ServiceError::Refused(more)) => refusals.extend(more),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// What was typed of a product; `unit` when it stands already.
fn read(typed: &Typed, unit: Option<BaseUnit>, refusals: &mut Vec<Refusal>) -> Option<ProductSaid> {
    let category = typed.get("category").parse::<Category>().ok();
    if category.is_none() {
        refusals.push(Refusal::new("refusal-category").about("category"));
    }
    let unit = unit.or_else(|| typed.get("base_unit").parse().ok());
    if unit.is_none() {
        refusals.push(Refusal::new("refusal-base-unit").about("base_unit"));
    }
    let mut whole = |field: &str, key: &str| {
        let text = typed.get(field);
        match text.parse::<i64>() {
            Ok(number) => Some(number),
            Err(_) if text.is_empty() => None,
            Err(_) => {
                refusals.push(Refusal::new(key).about(field));
                None
            }
        }
    };
    let keeps_days = whole("keeps_days", "refusal-keeps-days");
    let percent = whole("tolerance", "refusal-tolerance").unwrap_or(0);
    let season = season_of(typed, refusals);
    Some(ProductSaid {
        name: typed.get("name").to_owned(),
        also_called: typed.get("also_called").to_owned(),
        category: category?,
        base_unit: unit?,
        description: typed.get("description").to_owned(),
        picture: picture_of(typed),
        keeps_days,
        season,
        next_harvest_day: typed.get("next_harvest_day").parse().ok(),
        charged_by_true_weight: typed.has("by_weight"),
        tolerance_bps: percent.saturating_mul(100),
    })
}

/// «20/7» to «30/8», as `07-20/08-30`.
fn season_of(typed: &Typed, refusals: &mut Vec<Refusal>) -> Option<String> {
    let day = |text: &str| {
        let (day, month) = text.split_once(['/', '-', '.'])?;
        let (day, month): (u32, u32) = (day.trim().parse().ok()?, month.trim().parse().ok()?);
        crate::domain::time::Day::new(2024, month, day).map(|_there| format!("{month:02}-{day:02}"))
    };
    let (from, to) = (typed.get("season_from"), typed.get("season_to"));
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let range = day(from).zip(day(to)).map(|(from, to)| format!("{from}/{to}"));
    if range.is_none() {
        refusals.push(Refusal::new("refusal-season").about("season_from"));
    }
    range
}

/// `07-20` as it is typed: `20/7`.
fn season_day(text: &str) -> String {
    let numbers =
        text.split_once('-').and_then(|(month, day)| Some((day.parse::<u32>().ok()?, month.parse::<u32>().ok()?)));
    numbers.map_or_else(String::new, |(day, month)| format!("{day}/{month}"))
}

/// A product's words as they stand in the fields.
fn typed_of(goods: &Goods) -> Typed {
    let product = &goods.product;
    let mut typed = Typed::default();
    typed.put("name", &product.name);
    typed.put("also_called", &product.also_called);
    typed.put("category", product.category.as_text());
    typed.put("description", &product.description);
    typed.put("picture", product.picture_id.as_ref().map_or("", PictureId::as_text));
    typed.put("keeps_days", &product.keeps_days.map_or_else(String::new, |days| days.to_string()));
    typed.put("next_harvest_day", &product.next_harvest_day.map_or_else(String::new, |day| day.to_string()));
    typed.put("by_weight", if product.charged_by_true_weight { "1" } else { "" });
    typed.put("tolerance", &product.tolerance_bps.div_euclid(100).to_string());
    if let Some((from, to)) = product.season.as_deref().and_then(|season| season.split(',').next()?.split_once('/')) {
        typed.put("season_from", &season_day(from));
        typed.put("season_to", &season_day(to));
    }
    typed
}

fn form(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    goods: Option<&Goods>,
    typed: &Typed,
    problems: Vec<Problem>,
) -> WebResult {
    let fill = json!({
        // Comes back with the form: sent twice, it begins one product.
        "new_id": typed.get("product").parse().unwrap_or_else(|_first_time| ProductId::new(kit.now(), kit.ten())),
        "seen": goods.map(|goods| goods.product.updated_at.unix_micros()),
        "tab": "goods",
        "action": goods.map_or_else(|| "/ban-hang/hang/moi".to_owned(), |goods| format!("{}/sua", goods_url(&goods.product.id))),
        "is_new": goods.is_none(),
        "name": goods.map(|goods| goods.product.name.clone()),
        "back": goods.map_or_else(|| "/ban-hang/hang".to_owned(), |goods| goods_url(&goods.product.id)),
        "picture_url": goods.and_then(|goods| goods.picture.as_ref()).and_then(|picture| super::desk::picture_url(req, picture)),
        "has_photo": typed.has("picture"),
        "categories": categories(req),
        "base_units": base_units(req),
        "typed": typed.shown(),
        "problems": problems,
    });
    page::private(req, me, "farm/product_form.html", &fill)
}

/// `GET /ban-hang/hang/moi`
pub async fn show_new(req: HttpRequest, kit: Kit, me: SignedIn) -> WebResult {
    form(&req, &kit, &me, None, &Typed::default(), Vec::new())
}

/// `POST /ban-hang/hang/moi`: begins a product; its price and its first lot come next
pub async fn add(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, mut sent: Uploaded) -> WebResult {
    let mut refusals = Vec::new();
    keep_photo(&kit, &seller, &mut sent, &mut refusals).await?;
    let said = read(&sent.typed, None, &mut refusals);
    let result = match said.filter(|_| refusals.is_empty()) {
        Some(said) => {
            let id = sent.typed.get("product").parse().ok();
            listing::add_product_once(&kit, &seller, &said, id.as_ref()).await.map_err(WebError::from)
        }
        None => Err(refused(refusals)),
    };
    match result {
        Ok(id) => Ok(see_other(&format!("{}/gia?da=luu", goods_url(&id)))),
        Err(error) => {
            let error = shown_again(error)?;
            let problems = page::problems(&req, &error.refusals);
            Ok(again(form(&req, &kit, &me, None, &sent.typed, problems)?, &error))
        }
    }
}

fn shown_again(error: WebError) -> Result<WebError, WebError> {
    if error.refusals.is_empty() { Err(error) } else { Ok(error) }
}

/// `GET /ban-hang/hang/{id}/sua`
pub async fn show_change(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    let page = goods_view::show_goods(&kit, &seller, &id_of(&id)?).await?;
    form(&req, &kit, &me, Some(&page.goods), &typed_of(&page.goods), Vec::new())
}

/// `POST /ban-hang/hang/{id}/sua`
pub async fn change(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    mut sent: Uploaded,
) -> WebResult {
    let id: ProductId = id_of(&id)?;
    let page = goods_view::show_goods(&kit, &seller, &id).await?;
    let mut refusals = Vec::new();
    keep_photo(&kit, &seller, &mut sent, &mut refusals).await?;
    let said = read(&sent.typed, Some(page.goods.product.base_unit), &mut refusals).filter(|_| refusals.is_empty());
    let result = match said {
        Some(said) => {
            let seen = sent.typed.get("seen").parse().ok().map(At::from_unix_micros);
            listing::change_product_as_seen(&kit, &seller, &id, &said, seen).await
        }
        None => Err(ServiceError::Refused(refusals)),
    };
    match result {
        Ok(()) => Ok(see_other(&format!("{}?da=luu", goods_url(&id)))),
        Err(error) => {
            // What others have written meanwhile has been told: the next press is made in its knowledge.
            let page = goods_view::show_goods(&kit, &seller, &id).await?;
            let form = async |problems| form(&req, &kit, &me, Some(&page.goods), &sent.typed, problems);
            once_more(&req, error, form).await
        }
    }
}
