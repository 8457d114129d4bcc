//! Communes by what people type: today's names and those of before 2025.

use super::super::error::WebResult;
use super::super::form::Query;
use crate::domain::commune;
use actix_web::HttpResponse;
use actix_web::http::header;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// Names change once in years; a day is soon enough.
const KEPT: &str = "public, max-age=86400";
/// Longer is no name.
const MOST_CHARS: usize = 120;

#[derive(OpenApi)]
#[openapi(paths(find_communes))]
pub struct Docs;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A name, old or new, with or without marks: `Đại Kim`, `quan hoang mai`.
    #[serde(default)]
    q: String,
    /// A province's code: only there.
    province: Option<String>,
}

/// Best first, at most fifty.
#[derive(Debug, Serialize, ToSchema)]
pub struct Communes {
    items: Vec<CommuneBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CommuneBody {
    /// Five digits: `commune_code` of an order.
    code: String,
    name: String,
    province: String,
    /// The old name by which it was found; absent when today's met.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
}

/// Communes that a text may mean.
#[utoipa::path(
    get,
    path = "/api/v1/communes",
    tag = "places",
    params(Asked),
    responses((status = 200, description = "Best first; empty when there is none", body = Communes))
)]
pub async fn find_communes(query: Query<Asked>) -> WebResult {
    let Asked { q, province } = query.0;
    let words: String = q.chars().take(MOST_CHARS).collect();
    let found = if words.trim().is_empty() { Vec::new() } else { commune::search(&words, province.as_deref()) };
    let items = found.into_iter().map(|one| CommuneBody {
        code: one.commune.code.clone(),
        name: one.commune.name.clone(),
        province: one.commune.province_name.clone(),
        was: one.old_name.map(str::to_owned),
    });
    let body = serde_json::to_string(&Communes { items: items.collect() })?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, KEPT)).content_type("application/json").body(body))
}
