//! `/don/{code}/danh-gia`: the buyer says how the goods were, line by line, and sees what was answered, or why it is hidden.

use super::super::claim_said::named;
use super::super::error::{WebResult, see_other};
use super::super::farm::upload::Uploaded;
use super::super::form::Query;
use super::super::page::{self, Problem, once_more};
use super::super::route::Door::Shop;
use super::super::route::Who::Anyone;
use super::super::route::{Rate, Route, get, post};
use super::order::Key;
use crate::domain::id::OrderLineId;
use crate::service::kit::Kit;
use crate::service::reviewing;
use crate::service::showing::{self, OrderView};
use crate::web::error::WebError;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The rows of these pages.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/don/{code}/danh-gia", Shop, Anyone).sample("/don/HT7K2M9QA/danh-gia").to(show_reviews),
        post("/don/{code}/danh-gia", Shop, Anyone)
            .sample("/don/HT7K2M9QA/danh-gia")
            .rate(Rate::SignIn)
            .to(write_review),
    ]
}

type Typed = BTreeMap<String, String>;

async fn reviews_page(
    req: &HttpRequest,
    kit: &Kit,
    view: &OrderView,
    key: &str,
    (problems, typed): (Vec<Problem>, Typed),
) -> WebResult {
    let shown = reviewing::show_order_reviews(kit, view).await?;
    let code = &view.order.code;
    let lines = view.lines.iter().map(|one| {
        let line = &one.line;
        let review = shown.reviews.iter().find(|row| row.review.order_line_id == line.id).map(|row| {
            json!({
                "stars": row.review.stars, "words": row.review.words, "answer": row.review.answer,
                "hidden_reason": row.review.hidden_reason,
            })
        });
        let field = format!("stars[{}]", line.id);
        json!({
            "id": line.id,
            "name": named(&line.product_name, &line.offer_label),
            "lots": one.lots.iter().map(|(lot, _)| lot.to_string()).collect::<Vec<_>>(),
            "review": review,
            "is_free": shown.free.contains(&line.id),
            "stars_field": field,
            "stars": typed.get(&field).cloned().unwrap_or_default(),
            "words": typed.get("line").filter(|id| id.as_str() == line.id.as_text()).and_then(|_| typed.get("words")),
        })
    });
    let fill = json!({
        "problems": problems,
        "code": code.to_string(),
        "cooperative": view.cooperative.name,
        "order_url": format!("/don/{code}?k={key}"),
        "post_url": reviews_url(view, key),
        "is_received": view.order.state.is_handed_over(),
        "lines": lines.collect::<Vec<Value>>(),
    });
    page::personal(req, "shop/review.html", &fill)
}

/// The address of an order's reviews for whoever holds its key.
pub(super) fn reviews_url(view: &OrderView, key: &str) -> String {
    format!("/don/{}/danh-gia?k={key}", view.order.code)
}

/// `GET /don/{code}/danh-gia?k=`
pub async fn show_reviews(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let view = showing::find_order(&kit, &code, &query.0.k).await?;
    reviews_page(&req, &kit, &view, &query.0.k, Default::default()).await
}

/// `POST /don/{code}/danh-gia?k=`: «Gửi đánh giá» of one line
pub async fn write_review(
    req: HttpRequest,
    kit: Kit,
    code: web::Path<String>,
    query: Query<Key>,
    form: Uploaded,
) -> WebResult {
    let (key, typed) = (query.0.k, form.typed);
    let view = showing::find_order(&kit, &code, &key).await?;
    let line: OrderLineId = typed.get("line").parse().map_err(|_no_line| WebError::not_found())?;
    let stars = typed.get(&format!("stars[{line}]")).to_owned();
    match reviewing::write_review(&kit, &view.order.id, &line, &stars, typed.get("words")).await {
        Ok(()) => Ok(see_other(&reviews_url(&view, &key))),
        Err(error) => {
            let typed: Typed =
                typed.shown().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            once_more(&req, error, async |problems| reviews_page(&req, &kit, &view, &key, (problems, typed)).await)
                .await
        }
    }
}
