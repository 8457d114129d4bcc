//! Photos as they lie in the media store. A name holds the hash of its content, so what was fetched is kept for ever.

use super::super::error::{WebError, WebResult};
use crate::service::kit::Kit;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpResponse, web};

/// `GET /media/{name}`: a picture of ours, and nothing that a browser could run, whatever the bytes are.
pub async fn show_picture(kit: Kit, name: web::Path<String>) -> WebResult {
    let name = name.into_inner();
    if !name.ends_with(".webp") {
        return Err(WebError::not_found());
    }
    let media = kit.media.clone();
    let found = tokio::task::spawn_blocking(move || media.find(&name)).await;
    let bytes = found.map_err(WebError::broken)?.map_err(WebError::broken)?.ok_or_else(WebError::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type("image/webp")
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .body(bytes))
}
