//! Parcels: a carrier's table of what stands packed, and the label that goes on the box.

use super::desk::words;
use super::said;
use crate::service::kit::Kit;
use crate::service::parcels::{door_code, list_parcels, weight_g};
use crate::service::selling::{OrderBrief, find_own_order};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::WebResult;
use crate::web::page;
use crate::web::sheet::{self, Cell, attachment};
use actix_web::{HttpRequest, web};
use serde_json::json;

/// The columns that the parcel companies' own tables ask for, in their usual order.
fn heads(req: &HttpRequest) -> Vec<String> {
    ["no", "code", "who", "phone", "place", "goods", "weight", "value", "collect", "note"]
        .map(|head| words(req, &format!("way-parcel-{head}"), &[]))
        .to_vec()
}

fn row(req: &HttpRequest, number: i64, brief: &OrderBrief) -> Vec<Cell> {
    let delivery = &brief.delivery;
    let place = said::place_said(delivery.address.as_deref(), delivery.commune_name.as_deref());
    let text = |text: &str| Cell::Text(text.to_owned());
    vec![
        Cell::Number(number),
        text(brief.order.code.as_text()),
        text(&delivery.recipient_name),
        text(&delivery.recipient_phone),
        Cell::Text(place),
        Cell::Text(said::lines_said(req, brief)),
        weight_g(brief).map_or_else(|| Cell::Text(String::new()), |weight| Cell::Number(weight.0)),
        Cell::Number(brief.order.goods_vnd.vnd()),
        Cell::Number(brief.due.vnd()),
        text(delivery.note.as_deref().unwrap_or_default()),
    ]
}

async fn rows(req: &HttpRequest, kit: &Kit, seller: &Seller) -> Result<Vec<Vec<Cell>>, crate::web::error::WebError> {
    let parcels = list_parcels(kit, seller).await?;
    Ok((1_i64..).zip(&parcels).map(|(number, brief)| row(req, number, brief)).collect())
}

/// `GET /ban-hang/phieu-gui.csv`
pub async fn download_csv(req: HttpRequest, kit: Kit, seller: Seller) -> WebResult {
    let body = sheet::csv(&heads(&req), &rows(&req, &kit, &seller).await?)?;
    Ok(attachment(sheet::CSV, &format!("phieu-gui-{}.csv", kit.now().day()), body))
}

/// `GET /ban-hang/phieu-gui.xlsx`
pub async fn download_xlsx(req: HttpRequest, kit: Kit, seller: Seller) -> WebResult {
    let body = sheet::xlsx("phieu-gui", &heads(&req), &rows(&req, &kit, &seller).await?)?;
    Ok(attachment(sheet::XLSX, &format!("phieu-gui-{}.xlsx", kit.now().day()), body))
}

/// `GET /ban-hang/don/{code}/tem`: the label on the box. Of the price it says only what is to be collected.
pub async fn show_label(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    code: web::Path<String>,
) -> WebResult {
    let order = find_own_order(&kit, &seller, &code).await?;
    let whole = said::whole(&req, kit.now(), &order);
    let delivery = &order.view.delivery;
    let fill = json!({
        "tab": "orders",
        "order": whole,
        "who": delivery.recipient_name,
        "phone": delivery.recipient_phone,
        "cooperative": { "name": order.view.cooperative.name, "phone": order.view.cooperative.phone },
        "collect_vnd": order.view.due.vnd(),
        "qr": door_code(&kit, &order.view.order.code)?,
    });
    page::private(&req, &me, "farm/label.html", &fill)
}
