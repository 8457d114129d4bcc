//! Pages kept in memory, bounded in bytes: each lives until the database's generation moves on or what it shows runs out.
//! Knows no page in particular.

use super::{assets, error};
use crate::domain::time::At;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use std::sync::Arc;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// What all kept pages together may weigh.
const KEPT_MAX_BYTES: u64 = 64 * 1024 * 1024;
const KEPT_USUALLY: usize = 2_000;

/// On a response that may be kept: until when at the latest.
#[derive(Debug, Clone, Copy)]
pub struct MayKeep {
    pub until: Option<At>,
}

/// What a public page depends on beside its address.
pub const VARY: &str = "Accept-Language, Cookie, Accept-Encoding";

/// One page as it was sent.
#[derive(Debug)]
pub struct Kept {
    generation: u64,
    until: Option<At>,
    etag: String,
    body: Bytes,
    brotli: Bytes,
    content_type: HeaderValue,
}

#[derive(Clone)]
struct Bytewise;

impl quick_cache::Weighter<String, Arc<Kept>> for Bytewise {
    fn weight(&self, key: &String, kept: &Arc<Kept>) -> u64 {
        let bytes = key.len().saturating_add(kept.body.len()).saturating_add(kept.brotli.len()).saturating_add(200);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// The pages kept by this process.
pub struct PageCache {
    pages: quick_cache::sync::Cache<String, Arc<Kept>, Bytewise>,
}

impl PageCache {
    pub fn new() -> Self {
        Self { pages: quick_cache::sync::Cache::with_weighter(KEPT_USUALLY, KEPT_MAX_BYTES, Bytewise) }
    }

    /// The page of a key, while nothing that it shows has changed or run out.
    pub fn find(&self, key: &str, generation: u64, now: At) -> Option<Arc<Kept>> {
        let kept = self.pages.get(key)?;
        let is_fresh = kept.generation == generation && kept.until.is_none_or(|until| now < until);
        is_fresh.then_some(kept)
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self::new()
    }
}

/// Keeps a fresh answer, when it says that it may be kept. `generation` was read before the page was made.
pub async fn keep(
    cache: &PageCache,
    key: String,
    generation: u64,
    answer: HttpResponse,
) -> Result<Arc<Kept>, HttpResponse> {
    let Some(MayKeep { until }) = answer.extensions().get::<MayKeep>().copied() else { return Err(answer) };
    let content_type = answer.headers().get(header::CONTENT_TYPE).cloned();
    let Ok(body) = actix_web::body::to_bytes(answer.into_body()).await else {
        return Err(HttpResponse::new(error::Fault::Broken.status()));
    };
    let etag = format!("\"{}\"", assets::short_hash(&body));
    let brotli = assets::brotli(&body, assets::QUICK);
    let content_type = content_type.unwrap_or(HTML);
    let kept = Arc::new(Kept { generation, until, etag, body, brotli, content_type });
    cache.pages.insert(key, Arc::clone(&kept));
    Ok(kept)
}

/// A kept page as an answer to this request.
pub fn answer(req: &HttpRequest, kept: &Kept) -> HttpResponse {
    let mut answer = if assets::has_already(req, &kept.etag) {
        error::not_modified()
    } else if assets::accepts_brotli(req) {
        let mut answer = HttpResponse::Ok().body(kept.brotli.clone());
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        answer
    } else {
        HttpResponse::Ok().body(kept.body.clone())
    };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, kept.content_type.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static(VARY));
    if let Ok(etag) = HeaderValue::from_str(&kept.etag) {
        headers.insert(header::ETAG, etag);
    }
    answer
}
