//! The first listing in a minute: the fewest fields that make goods sell — name, price of a kilogram, how much was picked
//! today, a photo — and everything else has a sensible beginning.

use super::desk::{Typed, goods_url, money_of, picture_of, price_echo};
use super::lots;
use super::product::{categories, keep_photo};
use super::upload::Uploaded;
use crate::domain::id::ProductId;
use crate::domain::product::Category;
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::listing::{OfferSaid, ProductSaid};
use crate::service::listing_at_once::list_once;
use crate::service::lots::LotSaid;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::HttpRequest;
use serde_json::json;

fn form(req: &HttpRequest, kit: &Kit, me: &SignedIn, typed: &Typed, problems: Vec<Problem>) -> WebResult {
    let price = money_of(typed, "price").ok();
    let fill = json!({
        "tab": "goods",
        "today": kit.now().day(),
        // Comes back with the form: sent twice, it lists once.
        "new_id": typed.get("product").parse().unwrap_or_else(|_first_time| ProductId::new(kit.now(), kit.ten())),
        "has_photo": typed.has("picture"),
        "categories": categories(req),
        "words": price.map(|price| price_echo(req, price, "kg")),
        "typed": typed.shown(),
        "problems": problems,
    });
    page::private(req, me, "farm/quick.html", &fill)
}

/// `GET /ban-hang/hang/dang-nhanh`
pub async fn show_form(req: HttpRequest, kit: Kit, me: SignedIn) -> WebResult {
    form(&req, &kit, &me, &Typed::default(), Vec::new())
}

fn read(kit: &Kit, typed: &Typed, refusals: &mut Vec<Refusal>) -> Option<(ProductSaid, OfferSaid, LotSaid)> {
    let category = typed.get("category").parse::<Category>().ok();
    if category.is_none() {
        refusals.push(Refusal::new("refusal-category").about("category"));
    }
    let price = money_of(typed, "price").map_err(|refusal| refusals.push(refusal)).ok();
    // Said here too, so that it stands beside the others when they cannot be read.
    let lot = lots::read(typed, BaseUnit::Gram, kit.now().day(), refusals);
    if typed.get("name").is_empty() {
        refusals.push(Refusal::new("refusal-product-name").about("name"));
    }
    let by_weight = typed.has("by_weight");
    let product = ProductSaid {
        name: typed.get("name").to_owned(),
        also_called: String::new(),
        category: category?,
        base_unit: BaseUnit::Gram,
        description: String::new(),
        picture: picture_of(typed),
        keeps_days: None,
        season: None,
        next_harvest_day: None,
        charged_by_true_weight: by_weight,
        tolerance_bps: if by_weight { 1000 } else { 0 },
    };
    let offer = OfferSaid {
        id: None,
        label: "1 kg".to_owned(),
        unit: "kg".to_owned(),
        base: Base(1000),
        about: false,
        price: price?,
        min: Quantity::ONE,
        step: Quantity(500),
        position: 0,
        is_active: true,
    };
    Some((product, offer, lot?))
}

/// `POST /ban-hang/hang/dang-nhanh`
pub async fn list(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, mut sent: Uploaded) -> WebResult {
    let mut refusals = Vec::new();
    keep_photo(&kit, &seller, &mut sent, &mut refusals).await?;
    let said = read(&kit, &sent.typed, &mut refusals).filter(|_| refusals.is_empty());
    let result = match said {
        Some((product, offer, lot)) => {
            let id = sent.typed.get("product").parse().ok();
            list_once(&kit, &seller, &product, &offer, &lot, id.as_ref()).await
        }
        None => Err(ServiceError::Refused(refusals)),
    };
    match result {
        Ok(listed) => Ok(see_other(&format!("{}?da=dang-ban", goods_url(&listed.product)))),
        Err(error) => once_more(&req, error, async |problems| form(&req, &kit, &me, &sent.typed, problems)).await,
    }
}
