//! A table to take along, as spreadsheet programs open it: UTF-8 with its mark, and no cell that a program would run.

use super::super::error::WebError;
use super::super::page;
use crate::domain::phone::Phone;
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::service::inspecting::LotFile;
use actix_web::HttpRequest;

/// Excel takes the text for UTF-8 by this mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front (OWASP, CSV injection).
pub(super) fn safe(text: &str) -> String {
    let starts_like_one = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if starts_like_one { format!("'{text}") } else { text.to_owned() }
}

/// Every order of a lot, one a row.
pub(super) fn lot_orders(req: &HttpRequest, file: &LotFile) -> Result<Vec<u8>, WebError> {
    let mut out = csv::Writer::from_writer(MARK.to_vec());
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
    out.write_record(heads.map(|key| page::say(req, key))).map_err(WebError::broken)?;
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
        out.write_record(cells.map(|cell| safe(&cell))).map_err(WebError::broken)?;
    }
    out.into_inner().map_err(WebError::broken)
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

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for hostile in ["=1+1", "+84912", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(safe(hostile).starts_with('\''), "{hostile}");
        }
        assert_eq!(safe("Chị Mua"), "Chị Mua");
    }
}
