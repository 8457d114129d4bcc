//! The acts on «tiền khác»: dismiss and bring back, rules, and the cooperative's rule for small differences.

use super::desk::{Fields, Typed, id_of, money_of};
use super::money::with_problems;
use crate::domain::id::BankEventId;
use crate::domain::other_money::RuleKind;
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::other_money;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use actix_web::{HttpRequest, web};

/// `POST /ban-hang/tien/khac`: «Bỏ qua» the ticked ones or all that are shown, or bring one back
pub async fn act(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let ids = |field: &str| typed.all(field).iter().filter_map(|id| id.parse().ok()).collect::<Vec<BankEventId>>();
    let (result, done) = if typed.has("back") {
        (other_money::bring_back(&kit, &seller, &id_of(typed.get("back"))?).await, "dua-lai")
    } else {
        let ids = if typed.get("act") == "all" { ids("shown") } else { ids("id") };
        let result = match ids.as_slice() {
            [] => Err(ServiceError::refused(Refusal::new("refusal-nothing-ticked"))),
            ids => other_money::dismiss(&kit, &seller, ids).await.map(|_count| ()),
        };
        (result, "bo-qua")
    };
    answer(&req, &kit, &me, &seller, result, done).await
}

/// `POST /ban-hang/tien/quy-tac`: a rule «người gửi …» or «nội dung có …»
pub async fn add_rule(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let result = match typed.get("kind").parse::<RuleKind>() {
        Ok(kind) => other_money::add_rule(&kit, &seller, kind, typed.get("said")).await.map(|_count| ()),
        Err(_unknown) => Err(ServiceError::refused(Refusal::new("refusal-rule-kind").about("kind"))),
    };
    answer(&req, &kit, &me, &seller, result, "quy-tac").await
}

/// `POST /ban-hang/tien/quy-tac/{id}/bo`: the rule no longer holds
pub async fn remove_rule(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    let result = other_money::remove_rule(&kit, &seller, &id_of(&id)?).await;
    answer(&req, &kit, &me, &seller, result, "bo-quy-tac").await
}

/// `POST /ban-hang/tien/chenh-lech`: what a transfer may be short of
pub async fn let_go(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let result = match money_of(&typed, "lets_go") {
        Ok(most) => other_money::let_small_differences_go(&kit, &seller, most).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    answer(&req, &kit, &me, &seller, result, "luu").await
}

async fn answer(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    result: Result<(), ServiceError>,
    done: &str,
) -> WebResult {
    match result {
        Ok(()) => Ok(see_other(&format!("/ban-hang/tien?da={done}"))),
        Err(error) => with_problems(req, kit, me, seller, error).await,
    }
}
