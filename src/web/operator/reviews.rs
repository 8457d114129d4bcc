//! Reviews as the operator watches over them: shown in full, hidden only with a reason, shown again.

use super::id;
use crate::domain::id::ReviewId;
use crate::service::kit::Kit;
use crate::service::reviewing::{self, ReviewView};
use crate::service::who::{Operator, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::form::Form;
use crate::web::page::{self, Problem, once_more};
use crate::web::route::Door::Operator as OperatorDoor;
use crate::web::route::Who::Operator as OperatorOnly;
use crate::web::route::{Route, get, post};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

const HERE: &str = "/van-hanh/danh-gia";

/// The rows of these pages.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get(HERE, OperatorDoor, OperatorOnly).to(show_list),
        post("/van-hanh/danh-gia/{id}", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/danh-gia/018f0000-0000-7000-8000-000000000000")
            .to(hide),
    ]
}

fn row(view: &ReviewView) -> Value {
    let review = &view.review;
    json!({
        "id": review.id,
        "product": view.product,
        "url": format!("/san-pham/{}", view.slug),
        "cooperative": view.cooperative,
        "stars": review.stars,
        "who": review.given_name,
        "words": review.words,
        "answer": review.answer,
        "hidden_reason": review.hidden_reason,
        "action": format!("{HERE}/{}", review.id),
    })
}

async fn list_page(
    req: &HttpRequest,
    kit: &Kit,
    (me, operator): (&SignedIn, &Operator),
    problems: Vec<Problem>,
) -> WebResult {
    let rows = reviewing::list_all_reviews(kit, operator).await?;
    let fill = json!({ "problems": problems, "rows": rows.iter().map(row).collect::<Vec<_>>() });
    page::private(req, me, "operator/reviews.html", &fill)
}

/// `GET /van-hanh/danh-gia`
pub async fn show_list(req: HttpRequest, kit: Kit, me: SignedIn, operator: Operator) -> WebResult {
    list_page(&req, &kit, (&me, &operator), Vec::new()).await
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct Hiding {
    act: String,
    reason: String,
}

/// `POST /van-hanh/danh-gia/{id}`: «Ẩn đánh giá», «Hiện lại»
pub async fn hide(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    path: web::Path<String>,
    form: Form<Hiding>,
) -> WebResult {
    let review = id::<ReviewId>(&path)?;
    let reason = (form.0.act != "show").then_some(form.0.reason.as_str());
    match reviewing::hide_review(&kit, &operator, &review, reason).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => once_more(&req, error, |problems| list_page(&req, &kit, (&me, &operator), problems)).await,
    }
}
