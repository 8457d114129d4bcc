//! The public market: what anybody sees, the same bytes for everyone. Where goods are to be brought stands in the
//! address (`?xa=`), never in a cookie that these pages would read.

mod answers;
mod arrival;
pub mod asked;
mod commune;
mod cooperative;
mod deliver;
mod help;
mod home;
pub mod look;
mod media;
mod offers;
mod product;
mod reviews;
mod search;
pub mod ways;
mod windows;

use super::route::Door::{Health, Shop};
use super::route::Who::Anyone;
use super::route::{Route, get, post};

/// The rows of this door.
pub fn routes() -> Vec<Route> {
    vec![
        get("/", Shop, Anyone).public(&["xa"]).to(home::show_home),
        get("/tim", Shop, Anyone).public(asked::KNOWN).to(search::show_results),
        get("/san-pham/{slug}", Shop, Anyone).sample("/san-pham/khong-co").public(&["xa"]).to(product::show_product),
        get("/htx/{slug}", Shop, Anyone).sample("/htx/khong-co").public(&["xa"]).to(cooperative::show_cooperative),
        get("/xa/{code}", Shop, Anyone).sample("/xa/11977").public(&["xa"]).to(commune::show_commune),
        get("/giao-den", Shop, Anyone).public(&["q", "tinh", "ve"]).to(deliver::show_choice),
        post("/giao-den", Shop, Anyone).to(deliver::choose_place),
        get("/ho-tro", Shop, Anyone).public(&[]).to(help::show_help),
        get("/ho-tro/quy-che", Shop, Anyone).public(&[]).to(help::show_rules),
        get("/media/{name}", Health, Anyone).sample("/media/khong-co-320.webp").to(media::show_picture),
    ]
}
