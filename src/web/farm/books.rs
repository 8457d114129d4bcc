//! «Sổ sách»: what the accountant reads at the end of a month and takes along to the books outside.

use super::desk::{Asked, asked_for, at_said, flash, words};
use crate::domain::books::{Month, pairs};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::service::books::{self, Entry};
use crate::service::closing;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::WebResult;
use crate::web::page;
use crate::web::sheet::{self, Cell, attachment};
use actix_web::{HttpRequest, web};
use serde_json::json;
use std::collections::BTreeMap;

/// The month that was asked for; this one when none was.
pub(super) fn month_of(kit: &Kit, asked: &Asked) -> Result<Month, ServiceError> {
    match asked_for(asked, "thang") {
        "" => Ok(Month::of(kit.now().day())),
        text => Month::read(text).map_err(ServiceError::refused),
    }
}

/// `GET /ban-hang/so-sach?thang=2026-11`
pub async fn show_books(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let (this, month) = (Month::of(kit.now().day()), month_of(&kit, &asked)?);
    let lines = books::show_books(&kit, &seller, month).await?;
    let codes = closing::list_codes(&kit, &seller).await?;
    let closed = closing::find_closed(&kit, &seller, month).await?;
    let sum = |of: fn(&books::AccountLine) -> Money| Money::sum(lines.iter().map(of)).map_err(ServiceError::from);
    let fill = json!({
        "tab": "money",
        "month": month.text(),
        "before": month.before().text(),
        "after": (month.first < this.first).then(|| month.after().text()),
        "is_running": month == this,
        "said": flash(&req, &asked),
        "closed": closed.map(|closed| words(&req, "farm-books-closed", &[("at", &at_said(&req, closed.at)), ("by", &closed.by)])),
        "may_close": month.first < this.first,
        "debit_vnd": sum(|line| line.debit)?.vnd(),
        "credit_vnd": sum(|line| line.credit)?.vnd(),
        "accounts": lines.iter().map(|line| json!({
            "name": words(&req, &format!("farm-ledger-{}", line.kind), &[]),
            "kind": line.kind.as_text(),
            "code": codes.get(&line.kind),
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
    let (entries, codes) = taken_along(&kit, &seller, month).await?;
    let body = sheet::csv(&heads(&req), &rows(&req, &entries, &codes))?;
    Ok(attachment(sheet::CSV, &format!("so-sach-{}.csv", month.text()), body))
}

/// `GET /ban-hang/so-sach.xlsx?thang=2026-11`
pub async fn download_xlsx(req: HttpRequest, kit: Kit, seller: Seller, asked: Asked) -> WebResult {
    let month = month_of(&kit, &asked)?;
    let (entries, codes) = taken_along(&kit, &seller, month).await?;
    let body = sheet::xlsx(&month.text(), &heads(&req), &rows(&req, &entries, &codes))?;
    Ok(attachment(sheet::XLSX, &format!("so-sach-{}.xlsx", month.text()), body))
}

/// Entries that a page shows of one account; the files hold all.
const MOST_SHOWN: usize = 300;

/// `GET /ban-hang/so-sach/chi-tiet/{kind}?thang=2026-11`: one account, entry by entry, with what stood after each
pub async fn show_account(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    kind: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let kind: LedgerKind = kind.parse().map_err(|_unknown| ServiceError::NotFound)?;
    let month = month_of(&kit, &asked)?;
    let (account, mut stands) =
        match books::show_books(&kit, &seller, month).await?.into_iter().find(|line| line.kind == kind) {
            Some(line) => (line.clone(), line.opening),
            None => return Err(ServiceError::NotFound.into()),
        };
    let mut rows = Vec::new();
    for entry in books::list_entries(&kit, &seller, month).await? {
        for amount in entry.lines.iter().filter(|(of, _)| *of == kind).map(|(_, amount)| *amount) {
            stands = stands.plus(amount).map_err(ServiceError::from)?;
            rows.push(json!({
                "at": at_said(&req, entry.journal.at),
                "what": words(&req, &format!("farm-journal-{}", entry.journal.kind), &[]),
                "order": entry.order,
                "memo": entry.memo,
                "note": entry.journal.note,
                "by": entry.by,
                "amount_vnd": amount.vnd(),
                "stands_vnd": stands.vnd(),
            }));
        }
    }
    let fill = json!({
        "tab": "money",
        "month": month.text(),
        "before": month.before().text(),
        "after": (month.first < Month::of(kit.now().day()).first).then(|| month.after().text()),
        "kind": kind.as_text(),
        "name": words(&req, &format!("farm-ledger-{kind}"), &[]),
        "opening_vnd": account.opening.vnd(),
        "closing_vnd": account.closing.vnd(),
        "is_cut": rows.len() > MOST_SHOWN,
        "rows": rows.iter().take(MOST_SHOWN).collect::<Vec<_>>(),
    });
    page::private(&req, &me, "farm/books_account.html", &fill)
}

type Codes = BTreeMap<LedgerKind, String>;

async fn taken_along(kit: &Kit, seller: &Seller, month: Month) -> Result<(Vec<Entry>, Codes), ServiceError> {
    Ok((books::list_entries(kit, seller, month).await?, closing::list_codes(kit, seller).await?))
}

/// `GET /ban-hang/so-sach/no-co.xlsx?thang=2026-11`: each entry as accounts against accounts, as accounting programs take it in
pub async fn download_pairs(req: HttpRequest, kit: Kit, seller: Seller, asked: Asked) -> WebResult {
    let month = month_of(&kit, &asked)?;
    let (entries, codes) = taken_along(&kit, &seller, month).await?;
    let heads = ["day", "voucher", "said", "debit-account", "credit-account", "amount", "order", "by", "entry"];
    let heads = heads.map(|head| words(&req, &format!("farm-book-{head}"), &[]));
    let body = sheet::xlsx(&month.text(), &heads, &paired(&req, month, &entries, &codes)?)?;
    Ok(attachment(sheet::XLSX, &format!("no-co-{}.xlsx", month.text()), body))
}

/// The number of the cooperative's chart; the ledger's own word where it has none.
fn account_of(req: &HttpRequest, codes: &Codes, kind: LedgerKind) -> Cell {
    Cell::Text(codes.get(&kind).cloned().unwrap_or_else(|| words(req, &format!("farm-ledger-{kind}"), &[])))
}

/// Vouchers are numbered in the order in which entries were written; once the month is over the numbers stay.
fn paired(req: &HttpRequest, month: Month, entries: &[Entry], codes: &Codes) -> Result<Vec<Vec<Cell>>, ServiceError> {
    let mut rows = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let voucher = format!("BT{}-{:04}", month.text().replace('-', ""), at.saturating_add(1));
        let what = words(req, &format!("farm-journal-{}", entry.journal.kind), &[]);
        let said =
            [Some(what), entry.order.as_ref().map(ToString::to_string), entry.memo.clone(), entry.journal.note.clone()];
        let said: Vec<String> = said.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        for pair in pairs(&entry.lines)? {
            rows.push(vec![
                Cell::Text(entry.journal.day.as_text().to_owned()),
                Cell::Text(voucher.clone()),
                Cell::Text(said.join(" · ")),
                account_of(req, codes, pair.debit),
                account_of(req, codes, pair.credit),
                Cell::Number(pair.amount.vnd()),
                Cell::Text(entry.order.as_ref().map(ToString::to_string).unwrap_or_default()),
                Cell::Text(entry.by.clone().unwrap_or_default()),
                Cell::Text(entry.journal.id.to_string()),
            ]);
        }
    }
    Ok(rows)
}

fn heads(req: &HttpRequest) -> Vec<String> {
    ["day", "time", "entry", "kind", "account", "code", "debit", "credit", "order", "memo", "by", "note"]
        .map(|head| words(req, &format!("farm-book-{head}"), &[]))
        .to_vec()
}

/// One row for each line of each entry, as accounting programs take them in.
fn rows(req: &HttpRequest, entries: &[Entry], codes: &Codes) -> Vec<Vec<Cell>> {
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
                Cell::Text(codes.get(kind).cloned().unwrap_or_default()),
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
