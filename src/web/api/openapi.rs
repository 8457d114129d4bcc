//! The document of the JSON API, gathered from what each file of a door says of itself. A new door adds one line to `parts`.

use super::super::error::{WebError, WebResult};
use super::{communes, lots, orders, products, quotes};
use actix_web::HttpResponse;
use actix_web::http::header;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gánh",
        version = "1",
        description = "Order from farm cooperatives, and follow what was ordered. Money is integer đồng, quantities are decimal strings, times are RFC 3339 with offset, errors are RFC 9457 problem documents.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "products", description = "What is on sale, and from which lots"),
        (name = "orders", description = "Guest checkout and what became of it"),
        (name = "places", description = "Communes by old and new names")
    )
)]
struct Frame;

/// What each door says of itself.
fn parts() -> Vec<Document> {
    vec![
        orders::Docs::openapi(),
        quotes::Docs::openapi(),
        communes::Docs::openapi(),
        products::Docs::openapi(),
        lots::Docs::openapi(),
    ]
}

/// The whole document.
pub fn document() -> Document {
    let mut whole = Frame::openapi();
    for part in parts() {
        whole.merge(part);
    }
    whole
}

/// `GET /api/openapi.json`
pub async fn show() -> WebResult {
    let body = document().to_json().map_err(WebError::broken)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body(body))
}
