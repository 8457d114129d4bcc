//! «Sổ sách»: what the accountant reads at the end of a month and takes along to the books outside.

use super::desk::{Asked, asked_for, words};
use crate::domain::money::Money;
use crate::service::books::{self, Entry, Month};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::WebResult;
use crate::web::page;
use crate::web::sheet::{self, Cell, attachment};
use actix_web::HttpRequest;
use serde_json::json;

/// The month that was asked for; this one when none was.
fn month_of(kit: &Kit, asked: &Asked) -> Result<Month, ServiceError> {
    match asked_for(asked, "thang") {
        "" => Ok(Month::of(kit.now().day())),
        text => Month::read(text).map_err(ServiceError::refused),
    }
}

/// `GET /ban-hang/so-sach?thang=2026-11`
pub async fn show_books(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let (this, month) = (Month::of(kit.now().day()), month_of(&kit, &asked)?);
    let lines = books::show_books(&kit, &seller, month).await?;
    let sum = |of: fn(&books::AccountLine) -> Money| Money::sum(lines.iter().map(of)).map_err(ServiceError::from);
    let fill = json!({
        "tab": "money",
        "month": month.text(),
        "before": month.before().text(),
        "after": (month.first < this.first).then(|| month.after().text()),
        "is_running": month == this,
        "debit_vnd": sum(|line| line.debit)?.vnd(),
        "credit_vnd": sum(|line| line.credit)?.vnd(),
        "accounts": lines.iter().map(|line| json!({
            "name": words(&req, &format!("farm-ledger-{}", line.kind), &[]),
            "opening_vnd": line.opening.vnd(),
            "debit_vnd": line.debit.vnd(),
            "credit_vnd": line.credit.vnd(),
            "closing_vnd": line.closing.vnd(),
        })).collect::<Vec<_>>(),
    });
    page::private(&req, &me, "farm/books.html", &fill)
}

/// `GET /ban-hang/so-sach.csv?thang=2026-11`
pub async fn download_csv(req: HttpRequest, kit: Kit, seller: Seller, asked: Asked) -> WebResult {
    let month = month_of(&kit, &asked)?;
    let entries = books::list_entries(&kit, &seller, month).await?;
    let body = sheet::csv(&heads(&req), &rows(&req, &entries))?;
    Ok(attachment(sheet::CSV, &format!("so-sach-{}.csv", month.text()), body))
}

/// `GET /ban-hang/so-sach.xlsx?thang=2026-11`
pub async fn download_xlsx(req: HttpRequest, kit: Kit, seller: Seller, asked: Asked) -> WebResult {
    let month = month_of(&kit, &asked)?;
    let entries = books::list_entries(&kit, &seller, month).await?;
    let body = sheet::xlsx(&month.text(), &heads(&req), &rows(&req, &entries))?;
    Ok(attachment(sheet::XLSX, &format!("so-sach-{}.xlsx", month.text()), body))
}

fn heads(req: &HttpRequest) -> Vec<String> {
    ["day", "time", "entry", "kind", "account", "debit", "credit", "order", "memo", "by", "note"]
        .map(|head| words(req, &format!("farm-book-{head}"), &[]))
        .to_vec()
}

/// One row for each line of each entry, as accounting programs take them in.
fn rows(req: &HttpRequest, entries: &[Entry]) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for entry in entries {
        let (journal, at) = (&entry.journal, entry.journal.at.local());
        for (kind, amount) in &entry.lines {
            let (debit, credit) = if amount.vnd() > 0 { (amount.vnd(), 0) } else { (0, amount.vnd().saturating_neg()) };
            let text = |text: Option<String>| Cell::Text(text.unwrap_or_default());
            rows.push(vec![
                Cell::Text(journal.day.as_text().to_owned()),
                Cell::Text(at.format("%H:%M").to_string()),
                Cell::Text(journal.id.to_string()),
                Cell::Text(words(req, &format!("farm-journal-{}", journal.kind), &[])),
                Cell::Text(words(req, &format!("farm-ledger-{kind}"), &[])),
                Cell::Number(debit),
                Cell::Number(credit),
                text(entry.order.as_ref().map(ToString::to_string)),
                text(entry.memo.clone()),
                text(entry.by.clone()),
                text(journal.note.clone()),
            ]);
        }
    }
    rows
}
