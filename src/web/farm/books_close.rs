//! Closing a month of the books, and the numbers of the cooperative's own chart of accounts.

use super::books::month_of;
use super::desk::{Asked, Fields, Typed, at_said, counted, words};
use crate::domain::books::Month;
use crate::domain::ledger::LedgerKind;
use crate::service::closing;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::HttpRequest;
use serde_json::json;
use std::collections::BTreeMap;

/// `GET /ban-hang/so-sach/khoa-so?thang=2026-11`: what is open, and the button
pub async fn ask(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let month = month_of(&kit, &asked)?;
    show(&req, &kit, &me, &seller, month, Vec::new()).await
}

async fn show(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    month: Month,
    problems: Vec<Problem>,
) -> WebResult {
    let before = closing::look_before_closing(kit, seller, month).await?;
    let refusal = before.refusal.as_ref().map(|refusal| page::refusal(req, refusal));
    let fill = json!({
        "tab": "money",
        "month": month.text(),
        "last": month.last,
        "takes_more": before.from < month.first,
        "closed": before.closed.as_ref().map(|closed| {
            words(req, "farm-books-closed", &[("at", &at_said(req, closed.at)), ("by", &closed.by)])
        }),
        "refusal": refusal,
        "waiting": (before.waiting_cases > 0).then(|| counted(req, "farm-books-waiting", before.waiting_cases)),
        "open": before.open.iter().map(|(kind, sum)| json!({
            "name": words(req, &format!("farm-ledger-{kind}"), &[]),
            "vnd": sum.vnd().saturating_abs(),
        })).collect::<Vec<_>>(),
        "problems": problems,
    });
    page::private(req, me, "farm/books_close.html", &fill)
}

/// `POST /ban-hang/so-sach/khoa-so`
pub async fn close(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let month = Month::read(typed.get("thang")).map_err(ServiceError::refused)?;
    match closing::close_books(&kit, &seller, month).await {
        Ok(()) => Ok(see_other(&format!("/ban-hang/so-sach?thang={}&da=khoa-so", month.text()))),
        Err(error) => once_more(&req, error, |problems| show(&req, &kit, &me, &seller, month, problems)).await,
    }
}

/// `GET /ban-hang/so-sach/tai-khoan`
pub async fn codes(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller) -> WebResult {
    let codes = closing::list_codes(&kit, &seller).await?;
    codes_form(&req, &me, &codes, Vec::new())
}

fn codes_form(
    req: &HttpRequest,
    me: &SignedIn,
    codes: &BTreeMap<LedgerKind, String>,
    problems: Vec<Problem>,
) -> WebResult {
    let fill = json!({
        "tab": "money",
        "accounts": LedgerKind::ALL.iter().map(|kind| json!({
            "kind": kind.as_text(),
            "name": words(req, &format!("farm-ledger-{kind}"), &[]),
            "code": codes.get(kind).map_or("", String::as_str),
        })).collect::<Vec<_>>(),
        "problems": problems,
    });
    page::private(req, me, "farm/books_codes.html", &fill)
}

/// `POST /ban-hang/so-sach/tai-khoan`
pub async fn put_codes(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let codes: BTreeMap<LedgerKind, String> = typed
        .under("code")
        .filter_map(|(kind, code)| Some((kind.parse::<LedgerKind>().ok()?, code.to_owned())))
        .collect();
    match closing::put_codes(&kit, &seller, &codes).await {
        Ok(()) => Ok(see_other("/ban-hang/so-sach?da=luu")),
        Err(error) => once_more(&req, error, async |problems| codes_form(&req, &me, &codes, problems)).await,
    }
}
