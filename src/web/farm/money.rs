//! «Sổ tiền»: money that waits for a decision, the shelf of other money, what stands on a person's word, and whether the bank
//! speaks.

use super::account::light_said;
use super::desk::{Asked, Fields, Typed, asked_for, at_said, flash, id_of, mendable, words};
use super::said::{self, order_url};
use crate::domain::account::MemberRole;
use crate::domain::bank;
use crate::domain::code::OrderCode;
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::money_list::{Resolution, resolve_case};
use crate::service::money_view::{self, CaseView};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, again, see_other};
use crate::web::page::{self, Problem};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// `GET /ban-hang/tien?tim=`
pub async fn show_money(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    money_page(&req, &kit, &me, &seller, asked_for(&asked, "tim"), flash(&req, &asked), Vec::new()).await
}

async fn money_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    query: &str,
    flash: Option<String>,
    problems: Vec<Problem>,
) -> WebResult {
    let money = money_view::show_money(kit, seller, query).await?;
    let now = kit.now();
    let fill = json!({
        "tab": "money",
        "flash": flash,
        "problems": problems,
        "query": query,
        "light": light_said(req, money.account.as_ref().map(|(_, light)| *light)),
        "account": money.account.as_ref().map(|(account, _)| json!({
            "bank": bank::find(&account.bin).map_or_else(|| account.bin.clone(), |bank| bank.short_name.clone()),
            "number": account.account_number,
            "holder": account.holder_name,
        })),
        "may_manage": seller.may(MemberRole::Manager),
        "cases": money.cases.iter().map(|case| case_shown(req, now, case)).collect::<Vec<_>>(),
        "gaps": super::statement::gaps_said(req, kit, seller).await?,
        "other": money.other.iter().map(|event| json!({
            "amount_vnd": event.amount_vnd.vnd(), "at": at_said(req, event.booked_at), "memo": event.memo, "from": event.counter_name,
        })).collect::<Vec<_>>(),
        "by_hand": money.by_hand.iter().map(|(event, code)| json!({
            "amount_vnd": event.amount_vnd.vnd(),
            "at": at_said(req, event.received_at),
            "who": event.said_by.as_ref().and_then(|id| money.names.get(id)),
            "code": code.as_ref().map(ToString::to_string),
            "href": code.as_ref().map(order_url),
        })).collect::<Vec<_>>(),
        "decided": money.decided.iter().map(|case| json!({
            "amount_vnd": case.amount_vnd.vnd(),
            "reason": words(req, &format!("farm-case-{}", case.reason), &[]),
            "how": decision(req, case.resolution.as_deref().unwrap_or_default()),
            "who": case.resolved_by.as_ref().and_then(|id| money.names.get(id)),
            "at": case.resolved_at.map(|at| at_said(req, at)),
        })).collect::<Vec<_>>(),
    });
    page::private(req, me, "farm/money.html", &fill)
}

/// What a person decided, from the word that was kept: `assigned:HT…`.
fn decision(req: &HttpRequest, word: &str) -> String {
    match word.split_once(':') {
        Some((_, code)) => words(req, "farm-decided-assigned", &[("code", code)]),
        None if ["other_money", "sent_back", "seen"].contains(&word) => {
            words(req, &format!("farm-decided-{word}"), &[])
        }
        None => words(req, "farm-decided-by-itself", &[]),
    }
}

fn case_shown(req: &HttpRequest, now: crate::domain::time::At, view: &CaseView) -> Value {
    let case = &view.case;
    let order = view.order.as_ref();
    json!({
        "id": case.id,
        "reason": case.reason,
        "title": words(req, &format!("farm-case-{}", case.reason), &[]),
        "text": words(req, &format!("farm-case-{}-do", case.reason), &[]),
        "amount_vnd": case.amount_vnd.vnd(),
        "at": at_said(req, case.made_at),
        "memo": view.event.as_ref().map(|event| event.memo.clone()).filter(|memo| !memo.is_empty()),
        "from": view.event.as_ref().and_then(|event| event.counter_name.clone()),
        "order": order.map(|brief| said::brief(req, now, brief)),
        "order_phone": order.map(|brief| brief.buyer.buyer_phone.clone()),
        "candidates": view.candidates.iter().map(|brief| said::brief(req, now, brief)).collect::<Vec<_>>(),
        "can_assign": view.can_be_assigned(),
        "can_set_aside": view.can_be_set_aside(),
        "can_send_back": case.order_id.is_some(),
        "can_see": case.reason == crate::domain::payment::MoneyCaseReason::Over,
    })
}

/// `POST /ban-hang/tien/{id}`: a decision about waiting money
pub async fn decide(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed) = (id_of(&id)?, Typed::of(fields.0));
    let how = match typed.get("how") {
        "assign" => typed.get("code").replace(' ', "").parse::<OrderCode>().map(Resolution::Assign).ok(),
        "other_money" => Some(Resolution::OtherMoney),
        "sent_back" => Some(Resolution::SentBack),
        "seen" => Some(Resolution::Seen),
        _ => None,
    };
    let result = match how {
        Some(how) => resolve_case(&kit, &seller, &id, &how).await,
        None => Err(ServiceError::refused(
            Refusal::new("refusal-order-unknown").with("code", typed.get("code")).about("code"),
        )),
    };
    match result {
        Ok(()) => Ok(see_other("/ban-hang/tien?da=khoan")),
        Err(error) => {
            let error = mendable(error)?;
            let problems = page::problems(&req, &error.refusals);
            Ok(again(money_page(&req, &kit, &me, &seller, "", None, problems).await?, &error))
        }
    }
}
