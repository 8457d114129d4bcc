//! The officials' door: one search box, a lot with its orders, an order with its lots, a sheet to take along. It only
//! shows: there is no route here that acts.

mod claims;
mod fill;
mod sheet;

use super::error::{WebError, WebResult};
use super::form::Query;
use super::page;
use super::route::Door::Office;
use super::route::Who::Official as OfficialOnly;
use super::route::{Route, get};
use super::sheet::{CSV, attachment};
use crate::domain::code::{LotCode, OrderCode};
use crate::service::kit::Kit;
use crate::service::who::{Official, SignedIn};
use crate::service::{inspecting, inspecting_search};
use actix_web::{HttpRequest, web};

/// The rows of this door.
pub fn routes() -> Vec<Route> {
    [file_routes(), claims::routes()].concat()
}

fn file_routes() -> Vec<Route> {
    vec![
        get("/co-quan", Office, OfficialOnly).to(show_home),
        get("/co-quan/dot-hang/{lot}", Office, OfficialOnly).sample("/co-quan/dot-hang/NGABCDEFJ").to(show_lot),
        get("/co-quan/dot-hang/{lot}/don-hang.csv", Office, OfficialOnly)
            .sample("/co-quan/dot-hang/NGABCDEFJ/don-hang.csv")
            .to(download_orders),
        get("/co-quan/don/{code}", Office, OfficialOnly).sample("/co-quan/don/HT7K2M9QA").to(show_order),
    ]
}

#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /co-quan?q=`
pub async fn show_home(req: HttpRequest, kit: Kit, me: SignedIn, official: Official, query: Query<Asked>) -> WebResult {
    let asked = query.0.q.trim();
    let hits = inspecting_search::search_all(&kit, &official, asked).await?;
    page::private(&req, &me, "office/home.html", &fill::home(&official, asked, &hits))
}

fn lot_code(text: &str) -> Result<LotCode, WebError> {
    text.parse().map_err(|_not_a_code| WebError::not_found())
}

/// `GET /co-quan/dot-hang/{lot}`
pub async fn show_lot(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    official: Official,
    lot: web::Path<String>,
) -> WebResult {
    let file = inspecting::inspect_lot(&kit, &official, &lot_code(&lot)?).await?;
    page::private(&req, &me, "office/lot.html", &fill::lot(&file))
}

/// `GET /co-quan/dot-hang/{lot}/don-hang.csv`
pub async fn download_orders(req: HttpRequest, kit: Kit, official: Official, lot: web::Path<String>) -> WebResult {
    let file = inspecting::inspect_lot(&kit, &official, &lot_code(&lot)?).await?;
    let body = sheet::lot_orders(&req, &file)?;
    Ok(attachment(CSV, &format!("don-hang-{}.csv", file.lot.code), body))
}

/// `GET /co-quan/don/{code}`
pub async fn show_order(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    official: Official,
    code: web::Path<String>,
) -> WebResult {
    let code: OrderCode = code.parse().map_err(|_not_a_code| WebError::not_found())?;
    let file = inspecting::inspect_order(&kit, &official, &code).await?;
    page::private(&req, &me, "office/order.html", &fill::order(&file))
}
