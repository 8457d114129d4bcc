//! Receiving accounts as the operator watches over them: changes that wait for a second person, and holders that are not the cooperative
//! by name.

use super::id;
use crate::config::Secret;
use crate::domain::id::{AccountChangeId, BankAccountId};
use crate::domain::product::BankAccountState;
use crate::service::account_change::{self, Decider};
use crate::service::account_change_view;
use crate::service::error::ServiceError;
use crate::service::holder_name::{self, OtherHolder};
use crate::service::kit::Kit;
use crate::service::signing_in;
use crate::service::who::{Operator, SignedIn};
use crate::web::change_said;
use crate::web::error::{WebResult, see_other};
use crate::web::form::Form;
use crate::web::page::{self, Problem, once_more};
use crate::web::route::Door::Operator as OperatorDoor;
use crate::web::route::Who::Operator as OperatorOnly;
use crate::web::route::{Rate, Route, get, post};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

const HERE: &str = "/van-hanh/tai-khoan";

/// The rows of these pages.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get(HERE, OperatorDoor, OperatorOnly).to(show_accounts),
        post("/van-hanh/tai-khoan/{id}/dong-y", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/tai-khoan/018f0000-0000-7000-8000-000000000000/dong-y")
            .rate(Rate::SignIn)
            .to(agree),
        post("/van-hanh/tai-khoan/{id}/tu-choi", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/tai-khoan/018f0000-0000-7000-8000-000000000000/tu-choi")
            .to(refuse),
        post("/van-hanh/tai-khoan/{id}/dung-lai", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/tai-khoan/018f0000-0000-7000-8000-000000000000/dung-lai")
            .to(stop),
        post("/van-hanh/chu-tai-khoan/{id}", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/chu-tai-khoan/018f0000-0000-7000-8000-000000000000")
            .to(note_checked),
    ]
}

fn holder(other: &OtherHolder) -> Value {
    json!({
        "id": other.account.id,
        "cooperative": other.cooperative,
        "legal_name": other.legal_name,
        "phone": other.phone,
        "holder": other.account.holder_name,
        "bank": change_said::bank_name(&other.account.bin),
        "number": other.account.account_number,
        "is_pending": other.account.approved_by.is_none() && other.account.state == BankAccountState::Pending,
        "checked": other.checked.as_ref().map(|checked| json!({
            "by": checked.by, "at": checked.at, "reason": checked.reason,
        })),
        "action": format!("/van-hanh/chu-tai-khoan/{}", other.account.id),
    })
}

async fn accounts_page(
    req: &HttpRequest,
    kit: &Kit,
    (me, operator): (&SignedIn, &Operator),
    problems: Vec<Problem>,
) -> WebResult {
    let changes = account_change_view::list_changes(kit, operator).await?;
    let holders = holder_name::list_other_holders(kit, operator).await?;
    let fill = json!({
        "changes": changes.under_way.iter().map(change_said::change).collect::<Vec<_>>(),
        "past": changes.past.iter().map(change_said::change).collect::<Vec<_>>(),
        "holders": holders.iter().map(holder).collect::<Vec<_>>(),
        "asks_password": signing_in::asks_old_password(kit, me).await?,
        "problems": problems,
    });
    page::private(req, me, "operator/accounts.html", &fill)
}

/// `GET /van-hanh/tai-khoan`
pub async fn show_accounts(req: HttpRequest, kit: Kit, me: SignedIn, operator: Operator) -> WebResult {
    accounts_page(&req, &kit, (&me, &operator), Vec::new()).await
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct DecideForm {
    password: String,
    reason: String,
}

async fn answer(
    (req, kit, me, operator): (HttpRequest, Kit, SignedIn, Operator),
    result: Result<(), ServiceError>,
) -> WebResult {
    match result {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => once_more(&req, error, |problems| accounts_page(&req, &kit, (&me, &operator), problems)).await,
    }
}

/// `POST /van-hanh/tai-khoan/{id}/dong-y`
pub async fn agree(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    path: web::Path<String>,
    form: Form<DecideForm>,
) -> WebResult {
    let (change, password) = (id::<AccountChangeId>(&path)?, Secret::new(&form.0.password));
    let done = account_change::agree_to_change(&kit, &me, Decider::Operator(&operator), &change, password).await;
    answer((req, kit, me, operator), done).await
}

/// `POST /van-hanh/tai-khoan/{id}/tu-choi`
pub async fn refuse(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    path: web::Path<String>,
    form: Form<DecideForm>,
) -> WebResult {
    let change = id::<AccountChangeId>(&path)?;
    let done = account_change::refuse_change(&kit, Decider::Operator(&operator), &change, &form.0.reason).await;
    answer((req, kit, me, operator), done).await
}

/// `POST /van-hanh/tai-khoan/{id}/dung-lai`
pub async fn stop(req: HttpRequest, kit: Kit, me: SignedIn, operator: Operator, path: web::Path<String>) -> WebResult {
    let done = account_change::stop_change(&kit, Decider::Operator(&operator), &id::<AccountChangeId>(&path)?).await;
    answer((req, kit, me, operator), done).await
}

/// `POST /van-hanh/chu-tai-khoan/{id}`
pub async fn note_checked(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    path: web::Path<String>,
    form: Form<DecideForm>,
) -> WebResult {
    let account = id::<BankAccountId>(&path)?;
    let done = holder_name::note_holder_checked(&kit, &operator, &account, &form.0.reason).await;
    answer((req, kit, me, operator), done).await
}
