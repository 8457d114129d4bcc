//! The files of the look: embedded, named by their hash, packed once on first use, kept by browsers for ever.
//! `/assets/app.css` is all of `assets/css` in name order. Knows no page.

use crate::view::AssetNames;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

#[derive(rust_embed::RustEmbed)]
#[folder = "assets"]
struct Embedded;

/// Brotli's quality for what is made at each change, and for what is packed once.
pub const QUICK: i32 = 4;
const SMALL: i32 = 9;
/// Below this, packing gains nothing.
const WORTH_PACKING_BYTES: usize = 1_000;

struct Asset {
    body: Bytes,
    etag: String,
    content_type: &'static str,
    packs: bool,
    brotli: OnceLock<Bytes>,
}

/// Every asset by each of its names.
pub struct Assets {
    by_name: HashMap<String, (Arc<Asset>, IsHashed)>,
    names: AssetNames,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IsHashed {
    Yes,
    No,
}

impl Assets {
    /// Reads all assets and gives them their names.
    pub fn load() -> Self {
        let mut files: Vec<(String, Vec<u8>)> = Embedded::iter()
            .filter(|name| is_served(name))
            .filter_map(|name| Embedded::get(&name).map(|file| (name.into_owned(), file.data.into_owned())))
            .collect();
        files.sort();
        let (sheets, others): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(name, _)| name.starts_with("css/") && name.ends_with(".css"));
        let mut names = HashMap::new();
        let mut by_name = HashMap::new();
        let mut add = |name: String, body: Vec<u8>, names: &mut HashMap<String, String>| {
            let asset = Arc::new(Asset::new(&name, body));
            let hashed = hashed_name(&name, &asset.etag);
            names.insert(name.clone(), format!("/assets/{hashed}"));
            by_name.insert(hashed, (Arc::clone(&asset), IsHashed::Yes));
            by_name.insert(name, (asset, IsHashed::No));
        };
        for (name, body) in others {
            add(name, body, &mut names);
        }
        let mut css = sheets.into_iter().map(|(_, body)| body).collect::<Vec<_>>().join(&b'\n');
        if let Ok(text) = std::str::from_utf8(&css) {
            css = with_hashed_addresses(text, &names).into_bytes();
        }
        add("app.css".to_owned(), css, &mut names);
        Self { by_name, names: Arc::new(names) }
    }

    /// The address of each asset by its name, for templates.
    pub fn names(&self) -> AssetNames {
        Arc::clone(&self.names)
    }

    /// The file of a name as an answer: a hashed name is good for ever, a plain one is asked for again each time.
    pub fn answer(&self, req: &HttpRequest, name: &str) -> Option<HttpResponse> {
        let (asset, is_hashed) = self.by_name.get(name)?;
        let etag = format!("\"{}\"", asset.etag);
        let mut answer = if has_already(req, &etag) {
            HttpResponse::NotModified().finish()
        } else if asset.packs && accepts_brotli(req) {
            let packed = asset.brotli.get_or_init(|| brotli(&asset.body, SMALL)).clone();
            HttpResponse::Ok().insert_header((header::CONTENT_ENCODING, "br")).body(packed)
        } else {
            HttpResponse::Ok().body(asset.body.clone())
        };
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        let keep = match is_hashed {
            IsHashed::Yes => "public, max-age=31536000, immutable",
            IsHashed::No => "public, no-cache",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
        Some(answer)
    }
}

/// Texts and tables lie beside the look's files and are for the program alone.
fn is_served(name: &str) -> bool {
    !(name.starts_with("i18n/") || name.starts_with("data/") || name.ends_with(".md"))
}

/// A style sheet speaks of `/assets/fonts/x.woff2`; it gets the hashed address.
fn with_hashed_addresses(css: &str, names: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("url(\"/assets/") {
        out.push_str(before);
        out.push_str("url(\"");
        let (name, behind) = after.split_once('"').unwrap_or((after, ""));
        out.push_str(names.get(name).unwrap_or(&format!("/assets/{name}")));
        out.push('"');
        rest = behind;
    }
    out.push_str(rest);
    out
}

impl Asset {
    fn new(name: &str, body: Vec<u8>) -> Self {
        let (content_type, packs) = kind(name);
        let etag = short_hash(&body);
        let packs = packs && body.len() > WORTH_PACKING_BYTES;
        Self { etag, content_type, packs, body: Bytes::from(body), brotli: OnceLock::new() }
    }
}

/// `app.css` → `app.4c1f09ab32.css`
fn hashed_name(name: &str, hash: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

fn kind(name: &str) -> (&'static str, bool) {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => ("text/css; charset=utf-8", true),
        "js" => ("text/javascript; charset=utf-8", true),
        "svg" => ("image/svg+xml", true),
        "json" | "webmanifest" => ("application/json", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "woff2" => ("font/woff2", false),
        "png" => ("image/png", false),
        "jpg" | "jpeg" => ("image/jpeg", false),
        "webp" => ("image/webp", false),
        "ico" => ("image/x-icon", false),
        _ => ("application/octet-stream", false),
    }
}

/// The first ten hex letters of SHA-256.
pub fn short_hash(bytes: &[u8]) -> String {
    let hash = crate::domain::id::hex(&Sha256::digest(bytes));
    hash.get(..10).unwrap_or(&hash).to_owned()
}

/// Bytes packed by brotli.
pub fn brotli(bytes: &[u8], quality: i32) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
    let mut packed = Vec::new();
    let mut source = bytes;
    match brotli::BrotliCompress(&mut source, &mut packed, &params) {
        Ok(_) => Bytes::from(packed),
        Err(error) => {
            tracing::error!(%error, "brotli failed while writing to memory");
            Bytes::new()
        }
    }
}

/// Whether the client unpacks brotli.
pub fn accepts_brotli(req: &HttpRequest) -> bool {
    let accepted = req.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim() == "br" && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
}

/// Whether the client has this version already.
pub fn has_already(req: &HttpRequest, etag: &str) -> bool {
    let seen = req.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    seen.split(',').any(|one| one.trim().trim_start_matches("W/") == etag)
}
