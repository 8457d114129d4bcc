//! Money back, without a sign-in: the buyer says on the order's page where it should go, and a second person of the cooperative
//! agrees by a link. Showing changes nothing; each act is one button.

use super::super::error::{WebError, WebResult, again, see_other};
use super::super::form::{Form, Query};
use super::super::page::{self, Problem};
use super::order::{Key, order_page};
use crate::domain::bank;
use crate::domain::code::OrderCode;
use crate::domain::id::RefundId;
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::refund_view::show_link;
use crate::service::refunding::{self, Wanted};
use crate::service::{refund_choices, showing};
use actix_web::{HttpRequest, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// What a buyer types.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Said {
    bin: String,
    account_number: String,
    holder_name: String,
    /// The account that the money came from, instead of a typed one.
    same: String,
}

/// `POST /don/{code}/tai-khoan-nhan?k=`: where the buyer wants the money
pub async fn say_where(
    req: HttpRequest,
    kit: Kit,
    code: web::Path<String>,
    query: Query<Key>,
    form: Form<Said>,
) -> WebResult {
    let (key, said) = (query.0.k, form.0);
    let view = showing::find_order(&kit, &code, &key).await?;
    let typed = json!({
        "bin": said.bin, "account_number": said.account_number, "holder_name": said.holder_name, "other": null,
    });
    let wanted = if said.same.is_empty() {
        Wanted::Account { bin: said.bin, account_number: said.account_number, holder_name: said.holder_name }
    } else {
        Wanted::WhereItCameFrom { bin: said.bin }
    };
    let done = refunding::say_where(&kit, &view.order.id, &wanted).await;
    answer(&req, &kit, (&code, &key), typed, done).await
}

/// What a buyer types of another order.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Other {
    other: String,
}

/// `POST /don/{code}/mon-khac?k=`: the buyer pays another order of the cooperative with what is owed back
pub async fn pay_another(
    req: HttpRequest,
    kit: Kit,
    code: web::Path<String>,
    query: Query<Key>,
    form: Form<Other>,
) -> WebResult {
    let key = query.0.k;
    let view = showing::find_order(&kit, &code, &key).await?;
    let typed = form.0.other;
    let done = match typed.parse::<OrderCode>() {
        Ok(other) => refund_choices::pay_another_order(&kit, &view.order.id, &other).await,
        Err(_not_a_code) => {
            let refusal = Refusal::new("refusal-not-your-order").with("code", typed.trim()).about("other");
            Err(ServiceError::refused(refusal))
        }
    };
    let typed = json!({ "bin": null, "account_number": null, "holder_name": null, "other": typed });
    answer(&req, &kit, (&code, &key), typed, done).await
}

/// `POST /don/{code}/cho-mua-sau?k=`: the buyer would rather wait for the next harvest
pub async fn wait(req: HttpRequest, kit: Kit, code: web::Path<String>, query: Query<Key>) -> WebResult {
    let key = query.0.k;
    let view = showing::find_order(&kit, &code, &key).await?;
    let done = refund_choices::wait_for_goods(&kit, &view.order.id).await;
    answer(&req, &kit, (&code, &key), Value::Null, done).await
}

async fn answer(
    req: &HttpRequest,
    kit: &Kit,
    (code, key): (&str, &str),
    typed: Value,
    done: Result<(), ServiceError>,
) -> WebResult {
    match done {
        Ok(()) => Ok(see_other(&format!("/don/{code}?k={key}"))),
        Err(error @ (ServiceError::Refused(_) | ServiceError::Changed(_))) => {
            let error = WebError::from(error);
            let problems = page::problems(req, &error.refusals);
            Ok(again(order_page(req, kit, code, key, problems, Some(typed)).await?, &error))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /duyet-tra/{id}?k=`: shows what a second person is asked; changes nothing
pub async fn show_link_page(req: HttpRequest, kit: Kit, id: web::Path<String>, query: Query<Key>) -> WebResult {
    link_page(&req, &kit, &id, &query.0.k, Vec::new()).await
}

async fn link_page(req: &HttpRequest, kit: &Kit, id: &str, key: &str, problems: Vec<Problem>) -> WebResult {
    let refund: RefundId = id.parse().map_err(|_not_an_id| WebError::not_found())?;
    let link = match show_link(kit, &refund, key).await {
        Ok(link) => Some(link),
        Err(ServiceError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let fill = json!({
        "problems": problems,
        "is_live": link.is_some(),
        "act_url": format!("/duyet-tra/{refund}?k={key}"),
        "code": link.as_ref().map(|link| link.code.to_string()),
        "cooperative": link.as_ref().map(|link| link.cooperative.clone()),
        "asked_by": link.as_ref().and_then(|link| link.asked_by.clone()),
        "amount_vnd": link.as_ref().map(|link| link.refund.amount_vnd.vnd()),
        "account": link.as_ref().and_then(|link| link.to.as_ref()).map(|to| to.account_number.clone()),
        "holder": link.as_ref().and_then(|link| link.to.as_ref()).map(|to| to.holder_name.clone()),
        "bank": link.as_ref().and_then(|link| link.to.as_ref()).and_then(|to| bank::find(&to.bin)).map(|bank| bank.short_name.clone()),
    });
    page::personal(req, "shop/refund_link.html", &fill)
}

/// `POST /duyet-tra/{id}?k=`: «Đồng ý trả»
pub async fn agree_by_link(req: HttpRequest, kit: Kit, id: web::Path<String>, query: Query<Key>) -> WebResult {
    let key = query.0.k;
    let refund: RefundId = id.parse().map_err(|_not_an_id| WebError::not_found())?;
    match refunding::approve_by_link(&kit, &refund, &key).await {
        Ok(()) => page::personal(&req, "shop/refund_agreed.html", &json!({})),
        Err(ServiceError::Refused(refusals) | ServiceError::Changed(refusals)) => {
            let error = WebError::from(ServiceError::Changed(refusals));
            let problems = page::problems(&req, &error.refusals);
            Ok(again(link_page(&req, &kit, &id, &key, problems).await?, &error))
        }
        Err(error) => Err(error.into()),
    }
}
