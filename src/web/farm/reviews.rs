//! What buyers say of the cooperative's goods, and its one answer to each.

use super::desk::{Asked, Fields, Typed, flash, id_of};
use crate::domain::account::MemberRole;
use crate::domain::id::ReviewId;
use crate::service::kit::Kit;
use crate::service::reviewing::{self, ReviewView};
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

const HERE: &str = "/ban-hang/danh-gia";

fn row(req: &HttpRequest, view: &ReviewView) -> Value {
    let review = &view.review;
    json!({
        "id": review.id,
        "product": view.product,
        "url": format!("/san-pham/{}", view.slug),
        "stars": review.stars,
        "who": review.given_name,
        "words": review.words,
        "code": view.order.to_string(),
        "lots": view.lots.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "day": filters::day_said(review.received_on, lang_of(req), false),
        "answer": review.answer,
        "hidden_reason": review.hidden_reason,
        "action": format!("{HERE}/{}", review.id),
    })
}

async fn list_page(
    req: &HttpRequest,
    kit: &Kit,
    (me, seller): (&SignedIn, &Seller),
    flash: Option<String>,
    (problems, typed, on): (Vec<Problem>, &Typed, Option<&ReviewId>),
) -> WebResult {
    let rows = reviewing::list_reviews(kit, seller).await?;
    let fill = json!({
        "tab": "goods",
        "flash": flash,
        "problems": problems,
        "typed": typed.get("answer"),
        "typed_on": on,
        "may": seller.may(MemberRole::Lister),
        "rows": rows.iter().map(|view| row(req, view)).collect::<Vec<_>>(),
    });
    page::private(req, me, "farm/reviews.html", &fill)
}

/// `GET /ban-hang/danh-gia`
pub async fn show_list(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let said = flash(&req, &asked);
    list_page(&req, &kit, (&me, &seller), said, (Vec::new(), &Typed::default(), None)).await
}

/// `POST /ban-hang/danh-gia/{id}`: «Trả lời», once
pub async fn answer(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (ReviewId, _) = (id_of(&id)?, Typed::of(fields.0));
    match reviewing::answer_review(&kit, &seller, &id, typed.get("answer")).await {
        Ok(()) => Ok(see_other(&format!("{HERE}?da=danh-gia"))),
        Err(error) => {
            once_more(&req, error, async |problems| {
                list_page(&req, &kit, (&me, &seller), None, (problems, &typed, Some(&id))).await
            })
            .await
        }
    }
}
