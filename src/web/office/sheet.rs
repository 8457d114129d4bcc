//! A lot's orders as a table to take along.

use super::super::error::WebError;
use super::super::page;
use super::super::sheet::{self, Cell};
use crate::domain::phone::Phone;
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::service::inspecting::LotFile;
use actix_web::HttpRequest;

/// Every order of a lot, one a row.
pub(super) fn lot_orders(req: &HttpRequest, file: &LotFile) -> Result<Vec<u8>, WebError> {
    let heads = [
        "office-sheet-order",
        "office-sheet-made",
        "office-sheet-state",
        "office-sheet-held",
        "office-sheet-taken",
        "office-sheet-unit",
        "office-sheet-buyer",
        "office-sheet-phone",
        "office-sheet-recipient",
        "office-sheet-recipient-phone",
        "office-sheet-commune",
        "office-sheet-address",
    ];
    let heads = heads.map(|key| page::say(req, key));
    let mut rows = Vec::new();
    let unit = file.product.base_unit;
    for row in &file.orders {
        let state = page::say(req, &format!("ui-state-seller-{}", row.order.state));
        let cells = [
            row.order.code.to_string(),
            row.order.made_at.local().format("%Y-%m-%d %H:%M").to_string(),
            state,
            decimal(row.held, unit),
            decimal(row.taken, unit),
            word(unit).to_owned(),
            row.purchase.buyer_name.clone(),
            national(&row.purchase.buyer_phone),
            row.delivery.recipient_name.clone(),
            national(&row.delivery.recipient_phone),
            row.delivery.commune_name.clone().unwrap_or_default(),
            row.delivery.address.clone().unwrap_or_default(),
        ];
        rows.push(cells.map(Cell::from).to_vec());
    }
    sheet::csv(&heads, &rows)
}

/// As it is dialled, so that no cell begins with a plus.
fn national(phone: &str) -> String {
    phone.parse::<Phone>().map_or_else(|_unread| phone.to_owned(), |phone| phone.shown())
}

fn decimal(base: Base, unit: BaseUnit) -> String {
    match unit {
        BaseUnit::Gram | BaseUnit::Millilitre => Quantity(base.0).decimal(),
        BaseUnit::Piece => base.0.to_string(),
    }
}

const fn word(unit: BaseUnit) -> &'static str {
    match unit {
        BaseUnit::Gram => "kg",
        BaseUnit::Millilitre => "l",
        BaseUnit::Piece => "1",
    }
}
