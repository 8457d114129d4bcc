//! A refund before the cooperative's people: where it goes, who agrees, the code for their own bank app, and that it was sent.

use super::desk::{Asked, Fields, Typed, asked_for, at_said, id_of, money_of, words};
use super::said::order_url;
use crate::domain::account::MemberRole;
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, OrderId, RefundId};
use crate::domain::money::Money;
use crate::domain::payment::ProofGrade;
use crate::domain::phone::Phone;
use crate::domain::refund::RefundState;
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::refund_view::{RefundPage, show_refund};
use crate::service::refunding::{self, Seen};
use crate::service::who::{Seller, SignedIn};
use crate::service::{refund_choices, refund_sending, showing};
use crate::web::error::{WebError, WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem, once_more};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

/// The address of an order's refund among the seller's.
fn refund_url(code: &OrderCode) -> String {
    format!("{}/tra-lai", order_url(code))
}

/// `GET /ban-hang/don/{code}/tra-lai`
pub async fn show(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    code: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let refund = show_refund(&kit, &seller, &code).await?;
    refund_page(&req, &kit, &me, &seller, &refund, Around { flash: done(&req, &asked), ..Around::default() })
}

/// What was done, as the address after an act says it. Unknown words say nothing.
fn done(req: &HttpRequest, asked: &Asked) -> Option<String> {
    const DONE: [&str; 7] = ["send", "cash", "agree", "undo", "take_up", "give_back", "second_from"];
    let word = asked_for(asked, "da");
    DONE.contains(&word).then(|| words(req, &format!("farm-refund-done-{word}"), &[]))
}

#[derive(Default)]
struct Around {
    flash: Option<String>,
    problems: Vec<Problem>,
    /// The link to a second person, shown this once: address, name.
    link: Option<(String, String)>,
}

fn refund_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    refund: &RefundPage,
    around: Around,
) -> WebResult {
    let view = &refund.order.view;
    let under_way = refund.under_way();
    let link = around.link.map(|(url, who)| {
        let text = words(req, "farm-refund-link-text", &[("name", &who), ("url", &url)]);
        json!({ "text": text, "who": who })
    });
    let fill = json!({
        "tab": "money",
        "flash": around.flash,
        "problems": around.problems,
        "link": link,
        "code": view.order.code.to_string(),
        "order_url": order_url(&view.order.code),
        "url": refund_url(&view.order.code),
        "who": view.buyer.buyer_name,
        "phone": view.buyer.buyer_phone,
        "tel": view.buyer.buyer_phone.parse::<Phone>().ok().map(|phone| phone.tel()),
        "amount_vnd": under_way.map(|row| row.amount_vnd.vnd()),
        "account": under_way.and_then(|row| row.account_number.clone()),
        "state": under_way.map(|row| row.state),
        "asks": under_way.filter(|row| row.state == RefundState::AskedAccount && !refund.by_hand).map(|_| asking(req, kit, refund)),
        "by_hand": refund.by_hand,
        "due": refund.due().map(|at| at_said(req, at)),
        "is_late": refund.due().is_some_and(|at| at < kit.now()),
        "can_take_up": refund.can_take_up(),
        "second": second(seller, refund),
        "qr": transfer(req, kit, refund)?,
        "past": past(req, kit, refund),
    });
    page::private(req, me, "farm/refund.html", &fill)
}

/// The code of the transfer back for the cooperative's own bank app.
fn transfer(req: &HttpRequest, kit: &Kit, refund: &RefundPage) -> Result<Option<Value>, WebError> {
    let Some(pay) = refund.transfer()? else { return Ok(None) };
    Ok(Some(json!({
        "svg": showing::qr_svg(kit, lang_of(req), &pay)?,
        "picture_url": format!("{}/ma-qr.png", refund_url(&refund.order.view.order.code)),
        "bank": pay.bank_name,
        "account": pay.account,
        "holder": pay.holder,
        "amount_vnd": pay.amount.vnd(),
        "memo": pay.memo,
        "file": format!("ganh-{}", pay.memo),
        "is_part": pay.is_part,
    })))
}

/// Where a second person's yes stands, for whoever looks.
fn second(seller: &Seller, refund: &RefundPage) -> Value {
    let under_way = refund.under_way();
    let is_mine = under_way.is_some_and(|row| row.asked_by.as_ref() == Some(&seller.account));
    let is_ready = under_way.is_some_and(|row| row.state == RefundState::Ready);
    let others: Vec<Value> = refund.others.iter().map(|(id, name)| json!({ "value": id, "label": name })).collect();
    let name = |id: Option<&AccountId>| id.and_then(|id| refund.names.get(id)).cloned();
    json!({
        "is_needed": refund.needs_second(),
        "from_vnd": refund.second_from.vnd(),
        "from": super::desk::money_typed(refund.second_from),
        "may_set": seller.may(MemberRole::Manager),
        "can_agree": refund.needs_second() && is_ready && !is_mine,
        "asked": under_way.filter(|row| row.state == RefundState::Ready).and_then(|row| name(row.approver.as_ref())),
        "agreed_by": under_way.and_then(|row| name(row.approved_by.as_ref())),
        "agreed_by_me": under_way.is_some_and(|row| row.approved_by.as_ref() == Some(&seller.account)),
        "others": others,
    })
}

/// The words with which the buyer is asked, ready to send, with the way to the order's own page.
fn asking(req: &HttpRequest, kit: &Kit, refund: &RefundPage) -> Value {
    let view = &refund.order.view;
    let code = view.order.code.to_string();
    let url = format!("{}/don/{code}?k={}", kit.config.base_url, showing::order_key(kit, &view.order.id));
    let phone = view.buyer.buyer_phone.parse::<Phone>().ok();
    json!({
        "text": words(req, "farm-refund-ask-text", &[("name", &view.buyer.buyer_name), ("code", &code), ("url", &url)]),
        "zalo": phone.as_ref().map(Phone::zalo_link),
        "sms": phone.as_ref().map(Phone::sms),
    })
}

/// What has been: who sent how much and when, and how well it is proven.
fn past(req: &HttpRequest, kit: &Kit, refund: &RefundPage) -> Vec<Value> {
    let ended = refund.refunds.iter().rev().filter(|row| !row.state.is_under_way() && row.state != RefundState::Void);
    let name = |id: Option<&AccountId>| id.and_then(|id| refund.names.get(id)).cloned();
    let rows = ended.map(|row| {
        let grade = row.closed_by_event.as_ref().and_then(|event| refund.grades.get(event));
        let how = match (grade, row.state) {
            (Some(ProofGrade::Statement), _) => "stated",
            (_, RefundState::Sent) if row.in_cash => "cash",
            (_, state) => state.as_text(),
        };
        let moved_to = row.moved_to.as_ref().and_then(|order| refund.codes.get(order));
        let code = moved_to.map(ToString::to_string).unwrap_or_default();
        json!({
            "id": row.id,
            "amount_vnd": row.amount_vnd.vnd(),
            "how": words(req, &format!("farm-refund-was-{how}"), &[("code", &code)]),
            "is_bank": grade.is_some(),
            "who": name(row.sent_by.as_ref()),
            "agreed": name(row.approved_by.as_ref()),
            "at": row.ended_at.map(|at| at_said(req, at)),
            "can_undo": refund.can_undo(row, kit.now()),
            "can_give_back": row.state == RefundState::Kept,
        })
    });
    rows.collect()
}

/// `GET /ban-hang/don/{code}/tra-lai/ma-qr.png`: the code of the transfer back, for the gallery of the phone with the bank app
pub async fn show_qr(req: HttpRequest, kit: Kit, seller: Seller, code: web::Path<String>) -> WebResult {
    let refund = show_refund(&kit, &seller, &code).await?;
    let pay = refund.transfer()?.ok_or_else(WebError::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(showing::qr_png(&kit, lang_of(&req), &pay)?))
}

/// `POST /ban-hang/don/{code}/tra-lai`: «Đã chuyển trả», «Đã trả tiền mặt», «Đồng ý trả», a second person is asked, a word is taken back,
/// the order is taken up again, what was left is given back, the limit is laid down
pub async fn act(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    code: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let typed = Typed::of(fields.0);
    let order = show_refund(&kit, &seller, &code).await?.order.view.order;
    let word = match typed.get("act") {
        word @ ("cash" | "agree" | "ask" | "undo" | "take_up" | "give_back" | "second_from") => word,
        _ => "send",
    };
    if word == "ask" {
        match ask(&kit, &seller, &order.id, typed.get("approver")).await {
            Ok((url, id)) => return asked(&req, &kit, &me, &seller, &code, (url, id)).await,
            Err(error) => return refused(&req, &kit, &me, &seller, &code, error).await,
        }
    }
    match done_by(&kit, &seller, &order.id, word, &typed).await {
        Ok(()) => Ok(see_other(&format!("{}?da={word}", refund_url(&order.code)))),
        Err(error) => refused(&req, &kit, &me, &seller, &code, error).await,
    }
}

async fn done_by(kit: &Kit, seller: &Seller, order: &OrderId, word: &str, typed: &Typed) -> Result<(), ServiceError> {
    let seen = || Seen {
        amount: Money(typed.get("amount").parse().unwrap_or(0)),
        account_number: Some(typed.get("account").to_owned()),
    };
    let refund = || typed.get("refund").parse::<RefundId>().map_err(|_not_an_id| ServiceError::NotFound);
    match word {
        "cash" => refund_sending::mark_paid_in_cash(kit, seller, order, seen()).await,
        "agree" => refunding::approve(kit, seller, order, seen()).await,
        "undo" => refund_sending::undo_sent_back(kit, seller, &refund()?).await,
        "take_up" => refund_choices::take_up_waiting_order(kit, seller, order).await,
        "give_back" => refund_choices::give_back_kept(kit, seller, &refund()?).await,
        "second_from" => {
            let from = money_of(typed, "second_from").map_err(ServiceError::refused)?;
            refunding::ask_second_from(kit, seller, from).await
        }
        _ => refund_sending::mark_sent_back(kit, seller, order, seen()).await,
    }
}

async fn refused(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    code: &str,
    error: ServiceError,
) -> WebResult {
    let refund = show_refund(kit, seller, code).await?;
    let around = |problems| Around { problems, ..Around::default() };
    once_more(req, error, async |problems| refund_page(req, kit, me, seller, &refund, around(problems))).await
}

async fn ask(kit: &Kit, seller: &Seller, order: &OrderId, approver: &str) -> Result<(String, AccountId), ServiceError> {
    let approver: AccountId = id_of(approver)
        .map_err(|_nobody| ServiceError::refused(Refusal::new("refusal-refund-who").about("approver")))?;
    let (refund, token) = refunding::ask_second(kit, seller, order, &approver).await?;
    Ok((format!("{}/duyet-tra/{refund}?k={token}", kit.config.base_url), approver))
}

/// The link is on this answer alone: it is kept nowhere, a new one ends it.
async fn asked(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    code: &str,
    (url, approver): (String, AccountId),
) -> WebResult {
    let refund = show_refund(kit, seller, code).await?;
    let who = refund.names.get(&approver).cloned().unwrap_or_default();
    refund_page(req, kit, me, seller, &refund, Around { link: Some((url, who)), ..Around::default() })
}
