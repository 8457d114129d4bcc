//! «Sổ tiền»: money that waits for a decision, the shelf of other money, what stands on a person's word, and whether the bank
//! speaks.

use super::account::light_said;
use super::desk::{Asked, Fields, Typed, asked_for, at_said, flash, id_of, words};
use super::money_said::{case_shown, decision, shelf};
use super::said::order_url;
use crate::domain::account::MemberRole;
use crate::domain::bank;
use crate::domain::code::OrderCode;
use crate::domain::money::read_money;
use crate::domain::refusal::Refusal;
use crate::service::deciding::{Resolution, Rest, resolve_case};
use crate::service::error::ServiceError;
use crate::service::hand_over_view;
use crate::service::kit::Kit;
use crate::service::money_view;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::json;

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
    let holders = hand_over_view::list_holders(kit, seller).await?;
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
        "holders": holders.iter().map(super::hands::holder).collect::<Vec<_>>(),
        "shelf": shelf(req, seller, &money),
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
    let result = match resolution(&typed) {
        Ok(how) => resolve_case(&kit, &seller, &id, &how).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    match result {
        Ok(()) => Ok(see_other("/ban-hang/tien?da=khoan")),
        Err(error) => with_problems(&req, &kit, &me, &seller, error).await,
    }
}

/// The page as it is now, with what stands against the act: an old page is told so, nothing is lost.
pub async fn with_problems(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    error: ServiceError,
) -> WebResult {
    once_more(req, error, |problems| money_page(req, kit, me, seller, "", None, problems)).await
}

/// What the form says. The parts of a split are fields `part[HT…]`, empty where an order gets nothing.
fn resolution(typed: &Typed) -> Result<Resolution, Refusal> {
    let unknown = |code: &str| Refusal::new("refusal-order-unknown").with("code", code).about("code");
    match typed.get("how") {
        "other_money" => Ok(Resolution::OtherMoney),
        "sent_back" => Ok(Resolution::SentBack),
        "seen" => Ok(Resolution::Seen),
        "split" => {
            let mut parts = Vec::new();
            for (code, amount) in typed.under("part").filter(|(_, amount)| !amount.is_empty()) {
                let amount = read_money(amount).map_err(|_not_money| Refusal::new("refusal-price").about("parts"))?;
                parts.push((code.parse::<OrderCode>().map_err(|_not_a_code| unknown(code))?, amount));
            }
            let rest = if typed.get("rest") == "back" { Rest::GoesBack } else { Rest::Waits };
            Ok(Resolution::Split { parts, rest })
        }
        _ => typed.get("code").parse().map(Resolution::Assign).map_err(|_not_a_code| unknown(typed.get("code"))),
    }
}
