//! «Đối soát với ngân hàng»: the key with which the account's provider is asked for what its messages did not tell, what it answered
//! last, and asking now. The key is never shown again.

use super::desk::{Asked, Fields, Typed, asked_for, at_said, words};
use crate::domain::bank;
use crate::domain::bank_message::BankProvider;
use crate::service::kit::Kit;
use crate::service::reconciling::{self, Found, PollView};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// `GET /ban-hang/tai-khoan/doi-soat`
pub async fn show_poll(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let saved = asked_for(&asked, "da") == "luu";
    poll_page(&req, &kit, &me, &seller, Shown { saved, ..Shown::default() }).await
}

#[derive(Default)]
struct Shown {
    saved: bool,
    found: Option<Found>,
    problems: Vec<Problem>,
}

async fn poll_page(req: &HttpRequest, kit: &Kit, me: &SignedIn, seller: &Seller, shown: Shown) -> WebResult {
    let view = reconciling::show_poll(kit, seller).await?;
    let fill = json!({
        "tab": "money",
        "saved": shown.saved,
        "problems": shown.problems,
        "found": shown.found.map(|found| found_said(req, found)),
        "poll": view.map(|view| poll_said(req, &view)),
    });
    page::private(req, me, "farm/account_poll.html", &fill)
}

fn poll_said(req: &HttpRequest, view: &PollView) -> Value {
    let account = &view.account;
    let bank = bank::find(&account.bin).map_or(account.bin.as_str(), |bank| bank.short_name.as_str());
    json!({
        "account": format!("{bank} · {}", account.account_number),
        "provider": account.provider,
        "can_be_asked": view.can_be_asked,
        "by_links": account.provider == BankProvider::Payos,
        "has_key": view.has_key,
        "may_set": view.may_set,
        "at": view.answered_at.map(|at| at_said(req, at)),
        "is_ok": view.answer.as_deref() == Some("ok"),
        "answer": view.answer.as_ref().map(|word| words(req, &format!("statement-poll-{word}"), &[])),
    })
}

fn found_said(req: &HttpRequest, found: Found) -> Value {
    let (fresh, same) =
        (found.counts.fresh.to_string(), found.counts.same.saturating_add(found.counts.seen).to_string());
    json!({
        "is_ok": found.stopped.is_none(),
        "text": words(req, "statement-poll-found", &[("fresh", &fresh), ("known", &same)]),
        "stopped": found.stopped.map(|reason| words(req, &format!("statement-poll-{}", reason.word()), &[])),
    })
}

/// `POST /ban-hang/tai-khoan/doi-soat`: the key, or none to end the asking
pub async fn set_key(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    match reconciling::set_poll_key(&kit, &seller, typed.get("key")).await {
        Ok(()) => Ok(see_other("/ban-hang/tai-khoan/doi-soat?da=luu")),
        Err(error) => {
            once_more(&req, error, |problems| {
                poll_page(&req, &kit, &me, &seller, Shown { problems, ..Shown::default() })
            })
            .await
        }
    }
}

/// `POST /ban-hang/tai-khoan/doi-soat/hoi`: asks now and says what was found; pressed twice, nothing is booked twice
pub async fn ask_now(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller) -> WebResult {
    match reconciling::ask_bank_now(&kit, &seller).await {
        Ok(found) => poll_page(&req, &kit, &me, &seller, Shown { found: Some(found), ..Shown::default() }).await,
        Err(error) => {
            once_more(&req, error, |problems| {
                poll_page(&req, &kit, &me, &seller, Shown { problems, ..Shown::default() })
            })
            .await
        }
    }
}
