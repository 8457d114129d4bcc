//! The operator's door: «Việc hôm nay» with its queues, and who holds which grant.

mod accounts;
mod claims;
mod fill;
mod pauses;
mod reviews;

use super::error::{self, Fault, WebError, WebResult, see_other};
use super::form::Form;
use super::page;
use super::route::Door::Operator as OperatorDoor;
use super::route::Who::Operator as OperatorOnly;
use super::route::{Route, get, post};
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::granting::{self, GrantSaid};
use crate::service::kit::Kit;
use crate::service::operating;
use crate::service::who::{Operator, SignedIn};
use actix_web::{HttpRequest, web};

/// The rows of this door.
pub fn routes() -> Vec<Route> {
    [today_routes(), accounts::routes(), claims::routes(), reviews::routes(), pauses::routes()].concat()
}

fn today_routes() -> Vec<Route> {
    vec![
        get("/van-hanh", OperatorDoor, OperatorOnly).to(show_today),
        get("/van-hanh/viec/{queue}", OperatorDoor, OperatorOnly).sample("/van-hanh/viec/duyet-htx").to(show_queue),
        post("/van-hanh/htx/{id}/duyet", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/htx/018f0000-0000-7000-8000-000000000000/duyet")
            .to(approve_cooperative),
        post("/van-hanh/viec-ket/{id}/thu-lai", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/viec-ket/018f0000-0000-7000-8000-000000000000/thu-lai")
            .to(retry_parked),
        post("/van-hanh/tin-nhan/{id}/da-nhan", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/tin-nhan/018f0000-0000-7000-8000-000000000000/da-nhan")
            .to(mark_told),
        get("/van-hanh/nguoi", OperatorDoor, OperatorOnly).to(show_people),
        post("/van-hanh/nguoi", OperatorDoor, OperatorOnly).to(give_grant),
        post("/van-hanh/nguoi/{id}/thoi", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/nguoi/018f0000-0000-7000-8000-000000000000/thoi")
            .to(revoke_grant),
    ]
}

/// `GET /van-hanh`
pub async fn show_today(req: HttpRequest, kit: Kit, me: SignedIn, operator: Operator) -> WebResult {
    let today = operating::list_todays_work(&kit, &operator).await?;
    page::private(&req, &me, "operator/home.html", &fill::home(&today))
}

/// `GET /van-hanh/viec/{queue}`
pub async fn show_queue(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    queue: web::Path<String>,
) -> WebResult {
    let today = operating::list_todays_work(&kit, &operator).await?;
    let fill = fill::queue(&today, &queue).ok_or_else(WebError::not_found)?;
    page::private(&req, &me, "operator/queue.html", &fill)
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_not_an_id| WebError::not_found())
}

/// `POST /van-hanh/htx/{id}/duyet`
pub async fn approve_cooperative(kit: Kit, operator: Operator, path: web::Path<String>) -> WebResult {
    operating::approve_cooperative(&kit, &operator, &id(&path)?).await?;
    Ok(see_other("/van-hanh/viec/duyet-htx"))
}

/// `POST /van-hanh/viec-ket/{id}/thu-lai`
pub async fn retry_parked(kit: Kit, operator: Operator, path: web::Path<String>) -> WebResult {
    operating::retry_parked(&kit, &operator, &id(&path)?).await?;
    Ok(see_other("/van-hanh/viec/viec-ket"))
}

/// `POST /van-hanh/tin-nhan/{id}/da-nhan`
pub async fn mark_told(kit: Kit, operator: Operator, path: web::Path<String>) -> WebResult {
    operating::mark_message_told(&kit, &operator, &id(&path)?).await?;
    Ok(see_other("/van-hanh/viec/tin-nhan"))
}

async fn people_page(
    req: &HttpRequest,
    kit: &Kit,
    (me, operator): (&SignedIn, &Operator),
    said: &GrantSaid,
    refusals: &[Refusal],
) -> WebResult {
    let grants = granting::list_grants(kit, operator).await?;
    page::private(req, me, "operator/people.html", &fill::people(&grants, said, &page::problems(req, refusals)))
}

/// `GET /van-hanh/nguoi`
pub async fn show_people(req: HttpRequest, kit: Kit, me: SignedIn, operator: Operator) -> WebResult {
    people_page(&req, &kit, (&me, &operator), &GrantSaid::default(), &[]).await
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct GrantForm {
    phone: String,
    name: String,
    kind: String,
    territory: String,
    basis: String,
    office: String,
    days: String,
}

/// `POST /van-hanh/nguoi`
pub async fn give_grant(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    form: Form<GrantForm>,
) -> WebResult {
    let GrantForm { phone, name, kind, territory, basis, office, days } = form.0;
    let said = GrantSaid { phone, name, kind, territory, basis, office, days };
    match granting::give_grant(&kit, &operator, &said).await {
        Ok(_) => Ok(see_other("/van-hanh/nguoi")),
        Err(ServiceError::Refused(refusals)) => {
            let page = people_page(&req, &kit, (&me, &operator), &said, &refusals).await?;
            Ok(error::again(page, &WebError::new(Fault::Refused)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /van-hanh/nguoi/{id}/thoi`
pub async fn revoke_grant(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    operator: Operator,
    path: web::Path<String>,
) -> WebResult {
    match granting::revoke_grant(&kit, &operator, &id(&path)?).await {
        Ok(()) => Ok(see_other("/van-hanh/nguoi")),
        Err(ServiceError::Refused(refusals)) => {
            let page = people_page(&req, &kit, (&me, &operator), &GrantSaid::default(), &refusals).await?;
            Ok(error::again(page, &WebError::new(Fault::Refused)))
        }
        Err(error) => Err(error.into()),
    }
}
