//! «Tạm dừng giao»: the operator's storm switch. Communes, days, one message.

use super::id;
use crate::domain::commune::{HOME_PROVINCE, communes_of};
use crate::domain::id::PauseId;
use crate::domain::text::collate::name_key;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::pausing::{self, Pauser};
use crate::service::who::{Operator, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::form::Form;
use crate::web::page::{self, Problem, once_more};
use crate::web::pause_said;
use crate::web::route::Door::Operator as OperatorDoor;
use crate::web::route::Who::Operator as OperatorOnly;
use crate::web::route::{Route, get, post};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

const HERE: &str = "/van-hanh/tam-dung";

/// The rows of this page.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get(HERE, OperatorDoor, OperatorOnly).to(show),
        post(HERE, OperatorDoor, OperatorOnly).to(start),
        post("/van-hanh/tam-dung/{id}/thoi", OperatorDoor, OperatorOnly)
            .sample("/van-hanh/tam-dung/018f0000-0000-7000-8000-000000000000/thoi")
            .to(end),
    ]
}

type Typed = Vec<(String, String)>;

async fn pause_page(req: &HttpRequest, kit: &Kit, me: &SignedIn, typed: &Typed, problems: Vec<Problem>) -> WebResult {
    let pauses = pausing::list_pauses(kit, None).await?;
    let chosen = |code: &str| typed.iter().any(|(name, value)| name == "communes" && value == code);
    let mut all = communes_of(HOME_PROVINCE);
    all.sort_by_cached_key(|one| name_key(one.bare_name()));
    let communes: Vec<Value> = all
        .into_iter()
        .map(|one| json!({ "code": one.code, "name": one.name, "checked": chosen(&one.code) }))
        .collect();
    let of = |field: &str| typed.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
    let fill = json!({
        "pauses": pauses.iter().map(|one| pause_said::shown(req, one)).collect::<Vec<_>>(),
        "communes": communes,
        "typed": { "from_on": of("from_on"), "until_on": of("until_on"), "message": of("message") },
        "problems": problems,
        "today": kit.now().day().to_string(),
    });
    page::private(req, me, "operator/pauses.html", &fill)
}

/// `GET /van-hanh/tam-dung`
pub async fn show(req: HttpRequest, kit: Kit, me: SignedIn, _operator: Operator) -> WebResult {
    pause_page(&req, &kit, &me, &Vec::new(), Vec::new()).await
}

/// `POST /van-hanh/tam-dung`
pub async fn start(req: HttpRequest, kit: Kit, me: SignedIn, operator: Operator, form: Form<Typed>) -> WebResult {
    let result = match pause_said::read(&form.0) {
        Ok(said) => pausing::start_pause(&kit, &Pauser::Operator(operator), &said).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    match result {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => {
            once_more(&req, error, async |problems| pause_page(&req, &kit, &me, &form.0, problems).await).await
        }
    }
}

/// `POST /van-hanh/tam-dung/{id}/thoi`: «Giao lại»
pub async fn end(kit: Kit, operator: Operator, path: web::Path<String>) -> WebResult {
    let pause: PauseId = id(&path)?;
    pausing::end_pause(&kit, &Pauser::Operator(operator), &pause).await?;
    Ok(see_other(HERE))
}
