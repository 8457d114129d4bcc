//! The basket: by cooperative, with what it costs in transfers and trips said before. Everything works without scripts.

use super::super::error::{self, Fault, WebError, WebResult, see_other};
use super::super::form::Form;
use super::super::page::{self, Problem};
use super::super::place::{self, PlaceFill, Said};
use super::super::shop::look::Reader;
use super::super::shop::ways::hours;
use super::super::site::Site;
use super::checkout_form::SLOT_FIELD;
use super::{cart, words};
use crate::domain::basket::Basket;
use crate::domain::id::OfferId;
use crate::domain::quantity::{Quantity, read_quantity};
use crate::domain::refusal::Refusal;
use crate::service::basket::{self, BasketGroup, BasketLine, BasketView, Going};
use crate::service::kit::Kit;
use crate::view::filters;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

/// Days and windows that a person chooses from at a glance.
const MOST_SLOTS: usize = 12;
const PICTURE_PX: u32 = 320;

#[derive(Serialize)]
struct BasketFill {
    groups: Vec<GroupFill>,
    gone: usize,
    goods_vnd: i64,
    shipping_vnd: Option<i64>,
    total_vnd: i64,
    is_ready: bool,
    place: PlaceFill,
    place_name: String,
    asks_place: bool,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
pub struct GroupFill {
    pub name: String,
    /// «Đặt trước: hái thứ Bảy 28/11»
    preorder: Option<String>,
    preorder_rule: Option<String>,
    deposit_vnd: i64,
    slug: String,
    hue: u32,
    arrives: Option<String>,
    /// Days and windows to choose from, and the one that holds.
    slots: Vec<SlotChoice>,
    slot: String,
    slot_field: String,
    goods_vnd: i64,
    shipping_vnd: Option<i64>,
    missing_for_free_vnd: Option<i64>,
    /// The cooperative says yes first, and is paid after it.
    confirms_first: bool,
    problems: Vec<String>,
    lines: Vec<LineFill>,
}

#[derive(Serialize)]
struct SlotChoice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct LineFill {
    offer: String,
    slug: String,
    name: String,
    image_url: Option<String>,
    label: String,
    unit: String,
    price_vnd: i64,
    quantity: String,
    step: String,
    min: String,
    amount_vnd: Option<i64>,
    trouble: Option<String>,
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
struct Fix {
    value: String,
    said: String,
}

/// A basket's part of one cooperative, ready to read.
pub fn group_fill(req: &HttpRequest, group: &BasketGroup) -> GroupFill {
    let of_window = group.window.as_ref().map(|window| format!("-{}", window.id)).unwrap_or_default();
    let preorder = group.window.as_ref().map(|window| {
        let day = filters::day_said(window.harvest_from, super::super::lang::lang_of(req), false);
        words::say(req, "window-preorder", &[("day", day)])
    });
    GroupFill {
        name: group.cooperative.name.clone(),
        preorder,
        deposit_vnd: group.deposit.vnd(),
        preorder_rule: group
            .window
            .as_ref()
            .map(|window| words::say(req, &format!("window-rule-{}-note", window.sharing), &[])),
        slug: group.cooperative.slug.clone(),
        hue: page::hue(group.cooperative.id.as_text()) / 30,
        arrives: group.arrives.map(|day| filters::day_said(day, super::super::lang::lang_of(req), false)),
        slots: slot_choices(req, group),
        slot: group.opening.as_ref().map(|opening| opening.wish().to_string()).unwrap_or_default(),
        slot_field: format!("{SLOT_FIELD}{}{of_window}", group.cooperative.slug),
        goods_vnd: group.goods.vnd(),
        shipping_vnd: group.shipping.map(crate::domain::money::Money::vnd),
        missing_for_free_vnd: group.missing_for_free.map(crate::domain::money::Money::vnd),
        confirms_first: group.cooperative.confirms_first && !group.cooperative.accepts_stock,
        problems: group.problems.iter().map(|no| page::refusal(req, no)).collect(),
        lines: group.lines.iter().map(|line| line_fill(req, line)).collect(),
    }
}

/// Days and windows that still have room, the soonest first. One alone is no choice.
fn slot_choices(req: &HttpRequest, group: &BasketGroup) -> Vec<SlotChoice> {
    let open = group.openings.iter().filter(|opening| opening.left != Some(0)).take(MOST_SLOTS);
    let choices: Vec<SlotChoice> = open
        .map(|opening| {
            let day = filters::day_said(opening.day, super::super::lang::lang_of(req), false);
            let hours = opening.slot.as_ref().and_then(|slot| {
                Some(hours(&Reader::of(req).ok()?, slot.from_min, slot.to_min)).filter(|hours| !hours.is_empty())
            });
            let label = hours.map_or_else(|| day.clone(), |hours| format!("{day}, {hours}"));
            SlotChoice { value: opening.wish().to_string(), label }
        })
        .collect();
    if choices.len() > 1 { choices } else { Vec::new() }
}

fn line_fill(req: &HttpRequest, line: &BasketLine) -> LineFill {
    let fix = |quantity: &Quantity| Fix {
        value: quantity.decimal(),
        said: format!("{}\u{a0}{}", quantity.said(), line.offer.unit),
    };
    LineFill {
        offer: line.offer.id.to_string(),
        slug: line.product.slug.clone(),
        name: line.product.name.clone(),
        image_url: line.picture.as_ref().and_then(|picture| Reader::of(req).ok()?.picture(picture, PICTURE_PX)),
        label: line.offer.label.clone(),
        unit: line.offer.unit.clone(),
        price_vnd: line.price.vnd(),
        quantity: line.quantity.said(),
        step: line.offer.step_quantity.said(),
        min: line.offer.min_quantity.said(),
        amount_vnd: line.amount.map(crate::domain::money::Money::vnd),
        trouble: line.trouble.as_ref().map(|no| page::refusal(req, no)),
        fixes: line.fixes.iter().map(fix).collect(),
    }
}

async fn basket_page(
    req: &HttpRequest,
    kit: &Kit,
    carried: &Basket,
    mut place: PlaceFill,
    problems: Vec<Problem>,
) -> WebResult {
    let commune = place::remembered(req);
    let view: BasketView = basket::show_basket(kit, carried.lines().to_vec(), Going::home(commune)).await?;
    if let Some(problem) = problems.iter().find(|problem| problem.name == "commune_code") {
        place.error.clone_from(&problem.text);
    }
    let fill = BasketFill {
        groups: view.groups.iter().map(|group| group_fill(req, group)).collect(),
        gone: view.gone,
        goods_vnd: view.goods.vnd(),
        shipping_vnd: view.shipping.map(crate::domain::money::Money::vnd),
        total_vnd: view.total.vnd(),
        is_ready: view.is_ready(),
        place_name: commune.map(crate::domain::commune::Commune::with_province).unwrap_or_default(),
        asks_place: commune.is_none() || !place.error.is_empty() || !place.found.is_empty(),
        place,
        problems,
    };
    page::personal(req, "shop/basket.html", &fill)
}

fn remembered_place(req: &HttpRequest) -> PlaceFill {
    PlaceFill::new(place::remembered(req), "", "", &[])
}

/// `GET /gio-hang`
pub async fn show_basket(req: HttpRequest, kit: Kit) -> WebResult {
    let carried = cart::read(&req, kit.config.is_https());
    basket_page(&req, &kit, &carried, remembered_place(&req), Vec::new()).await
}

/// Back to the basket with another cookie.
fn changed(kit: &Kit, carried: &Basket) -> WebResult {
    let mut answer: HttpResponse = see_other("/gio-hang");
    answer.add_cookie(&cart::cookie(carried, kit.config.is_https())).map_err(WebError::broken)?;
    Ok(answer)
}

async fn refused(req: &HttpRequest, kit: &Kit, carried: &Basket, key: &str) -> WebResult {
    let refusal = Refusal::new(key).about("lines");
    let problems = page::problems(req, std::slice::from_ref(&refusal));
    let page = basket_page(req, kit, carried, remembered_place(req), problems).await?;
    Ok(error::again(page, &WebError::new(Fault::Refused)))
}

#[derive(Deserialize)]
pub struct AddForm {
    #[serde(default)]
    offer: String,
    #[serde(default)]
    quantity: String,
}

/// `POST /gio-hang`: from a product's page; nothing typed is one sale unit.
pub async fn add_to_basket(req: HttpRequest, kit: Kit, form: Form<AddForm>) -> WebResult {
    let mut carried = cart::read(&req, kit.config.is_https());
    let AddForm { offer, quantity } = form.0;
    let Ok(offer) = offer.parse::<OfferId>() else {
        return refused(&req, &kit, &carried, "refusal-offer-unknown").await;
    };
    let quantity = if quantity.trim().is_empty() { Ok(Quantity::ONE) } else { read_quantity(&quantity) };
    match quantity {
        Ok(quantity) if quantity.is_positive() => carried.add(offer, quantity),
        _ => return refused(&req, &kit, &carried, "refusal-quantity").await,
    }
    changed(&kit, &carried)
}

#[derive(Deserialize)]
pub struct ChangeForm {
    offer: OfferId,
    #[serde(default)]
    quantity: String,
    /// A quantity offered as a way out; it stands above what was typed.
    fix: Option<String>,
    remove: Option<String>,
}

/// `POST /gio-hang/mon`: another quantity, or out.
pub async fn change_line(req: HttpRequest, kit: Kit, form: Form<ChangeForm>) -> WebResult {
    let mut carried = cart::read(&req, kit.config.is_https());
    let ChangeForm { offer, quantity, fix, remove } = form.0;
    if remove.is_some() {
        carried.set(offer, Quantity(0));
        return changed(&kit, &carried);
    }
    match read_quantity(fix.as_deref().unwrap_or(&quantity)) {
        Ok(quantity) => carried.set(offer, quantity),
        Err(_not_one) => return refused(&req, &kit, &carried, "refusal-quantity").await,
    }
    changed(&kit, &carried)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PlaceForm {
    commune_code: String,
    commune_q: String,
    province: String,
    #[serde(rename = "do")]
    act: String,
}

/// `POST /gio-hang/noi-giao`: where to, for fees and the day; remembered by the browser.
pub async fn set_place(req: HttpRequest, kit: Kit, form: Form<PlaceForm>) -> WebResult {
    let PlaceForm { commune_code, commune_q, province, act } = form.0;
    let carried = cart::read(&req, kit.config.is_https());
    if act == "province" {
        let place = PlaceFill::new(None, &province, "", &[]);
        return basket_page(
            &req,
            &kit,
            &carried,
            PlaceFill { error: words::say(&req, "buy-place-choose", &[]), ..place },
            Vec::new(),
        )
        .await;
    }
    match place::read(&commune_code, &commune_q) {
        Said::Known(commune) => {
            let mut answer: HttpResponse = see_other("/gio-hang");
            let cookie = place::remember(commune, Site::of(&req)?.kit.config.is_https());
            answer.add_cookie(&cookie).map_err(WebError::broken)?;
            Ok(answer)
        }
        Said::Several(found) => {
            let place = PlaceFill::new(None, &province, &commune_q, &found);
            basket_page(&req, &kit, &carried, place, Vec::new()).await
        }
        Said::Nothing | Said::Unknown => {
            let refusal = Refusal::new("refusal-commune").about("commune_code");
            let problems = page::problems(&req, std::slice::from_ref(&refusal));
            let place = PlaceFill::new(None, &province, &commune_q, &[]);
            let page = basket_page(&req, &kit, &carried, place, problems).await?;
            Ok(error::again(page, &WebError::new(Fault::Refused)))
        }
    }
}
