//! The door of programs: JSON in and out, problem documents for errors, never a cookie. `openapi.rs` gathers the documents
//! that each file exports as `Docs`.

mod body;
mod communes;
pub mod lots;
pub mod openapi;
mod orders;
mod products;
mod quotes;

use super::route::Door::Api;
use super::route::Who::Anyone;
use super::route::{Route, get, post};

/// A checkout of sixty lines with long words.
const CHECKOUT_MAX_BYTES: usize = 128 * 1024;

/// The rows of this door.
pub fn routes() -> Vec<Route> {
    vec![
        post("/api/v1/orders", Api, Anyone).body_max_bytes(CHECKOUT_MAX_BYTES).to(orders::place_order),
        get("/api/v1/orders/{code}", Api, Anyone).sample("/api/v1/orders/HT7K2M9QA").to(orders::show_order),
        post("/api/v1/orders/{code}/cancellation", Api, Anyone)
            .sample("/api/v1/orders/HT7K2M9QA/cancellation")
            .to(orders::cancel_order),
        post("/api/v1/quotes", Api, Anyone).body_max_bytes(CHECKOUT_MAX_BYTES).to(quotes::quote),
        get("/api/v1/products", Api, Anyone).to(products::find_products),
        get("/api/v1/products/{slug}", Api, Anyone).sample("/api/v1/products/khong-co").to(products::show_product),
        get("/api/v1/communes", Api, Anyone).sample("/api/v1/communes?q=dai+kim").to(communes::find_communes),
        get("/api/v1/lots/{code}", Api, Anyone).sample("/api/v1/lots/NGABCDEFJ").to(lots::show_lot),
        get("/api/openapi.json", Api, Anyone).to(openapi::show),
    ]
}
