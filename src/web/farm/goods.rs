//! What a cooperative has listed: the list, and one product with its offers and lots.

use super::desk::{Asked, amount_said, flash, goods_url, id_of, picture_url, price_echo, words};
use super::lots;
use crate::domain::account::MemberRole;
use crate::domain::id::ProductId;
use crate::domain::product::ProductState;
use crate::domain::quantity::BaseUnit;
use crate::service::goods_view::{self, Goods, GoodsPage};
use crate::service::kit::Kit;
use crate::service::listing;
use crate::service::owing;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// A product ready to read.
pub fn shown(req: &HttpRequest, goods: &Goods) -> Value {
    let product = &goods.product;
    json!({
        "id": product.id,
        "href": goods_url(&product.id),
        "slug": product.slug,
        "name": product.name,
        "state": product.state,
        "state_reason": product.state_reason,
        "image_url": goods.picture.as_ref().and_then(|picture| picture_url(req, picture)),
        "available": amount_said(req, goods.available, product.base_unit),
        "stock": goods.stock,
        "open_lots": goods.open_lots,
        "price_vnd": goods.offers.first().map(|offer| offer.price_vnd.vnd()),
        "unit": goods.offers.first().map(|offer| offer.unit.clone()),
        "missing": goods.missing.iter().map(|gap| json!(gap)).collect::<Vec<_>>(),
        "description": product.description,
        "by_weight": product.charged_by_true_weight,
        "category": words(req, &format!("farm-category-{}", product.category), &[]),
    })
}

/// `GET /ban-hang/hang`
pub async fn show_goods_list(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let goods = goods_view::list_goods(&kit, &seller).await?;
    let fill = json!({
        "tab": "goods",
        "flash": flash(&req, &asked),
        "goods": goods.iter().map(|one| shown(&req, one)).collect::<Vec<_>>(),
        "may_list": seller.may(MemberRole::Lister),
        "stopped_by": owing::find_stop(&kit, &seller).await?.map(|code| code.to_string()),
    });
    page::private(&req, &me, "farm/goods.html", &fill)
}

/// `GET /ban-hang/hang/{id}`
pub async fn show_goods(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let goods = goods_view::show_goods(&kit, &seller, &id_of(&id)?).await?;
    goods_page(&req, &me, &seller, &goods, flash(&req, &asked), Vec::new())
}

fn goods_page(
    req: &HttpRequest,
    me: &SignedIn,
    seller: &Seller,
    page: &GoodsPage,
    flash: Option<String>,
    problems: Vec<Problem>,
) -> WebResult {
    let unit = page.goods.product.base_unit;
    let fill = json!({
        "tab": "goods",
        "flash": flash,
        "problems": problems,
        "goods": shown(req, &page.goods),
        "offers": page.all_offers.iter().map(|offer| json!({
            "id": offer.id,
            "label": offer.label,
            "unit": offer.unit,
            "price_vnd": offer.price_vnd.vnd(),
            "words": price_echo(req, offer.price_vnd, &offer.unit),
            "base": (unit != BaseUnit::Piece || offer.base_quantity.0 != 1).then(|| amount_said(req, offer.base_quantity, unit)),
            "about": offer.about,
            "is_active": offer.is_active,
            "href": format!("{}/gia?quy-cach={}", goods_url(&page.goods.product.id), offer.id),
        })).collect::<Vec<_>>(),
        "lots": page.lots.iter().map(|lot| lots::shown(req, lot, unit)).collect::<Vec<_>>(),
        "may_list": seller.may(MemberRole::Lister),
    });
    page::private(req, me, "farm/product.html", &fill)
}

/// `POST /ban-hang/hang/{id}/dang-ban`
pub async fn publish(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    set_state(&req, &kit, &me, &seller, &id, ProductState::Published, "dang-ban").await
}

/// `POST /ban-hang/hang/{id}/an-di`
pub async fn hide(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    set_state(&req, &kit, &me, &seller, &id, ProductState::Hidden, "an-di").await
}

async fn set_state(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    id: &str,
    to: ProductState,
    done: &str,
) -> WebResult {
    let id: ProductId = id_of(id)?;
    match listing::set_product_state(kit, seller, &id, to).await {
        Ok(()) => Ok(see_other(&format!("{}?da={done}", goods_url(&id)))),
        Err(error) => {
            let goods = goods_view::show_goods(kit, seller, &id).await?;
            once_more(req, error, async |problems| goods_page(req, me, seller, &goods, None, problems)).await
        }
    }
}
