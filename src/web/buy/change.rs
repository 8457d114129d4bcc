//! The buyer agrees to a change that the cooperative proposes, with one button on the order's page. Cancelling is the order's own.

use super::super::error::{WebError, WebResult, again, see_other};
use super::super::form::{Form, Query};
use super::super::page;
use super::order::{Key, order_page};
use crate::domain::id::ProposalId;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::proposing;
use crate::service::showing;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Shown {
    proposal: String,
}

/// `POST /don/{code}/dong-y-doi?k=`: «Đồng ý đổi», to exactly what stood on the page
pub async fn agree(
    req: HttpRequest,
    kit: Kit,
    code: web::Path<String>,
    query: Query<Key>,
    form: Form<Shown>,
) -> WebResult {
    let key = query.0.k;
    let view = showing::find_order(&kit, &code, &key).await?;
    let shown: ProposalId = form.0.proposal.parse().map_err(|_not_an_id| WebError::not_found())?;
    match proposing::agree_to_change(&kit, &view.order.id, &shown).await {
        Ok(()) => Ok(see_other(&format!("/don/{code}?k={key}"))),
        Err(error @ (ServiceError::Refused(_) | ServiceError::Changed(_))) => {
            let error = WebError::from(error);
            let problems = page::problems(&req, &error.refusals);
            Ok(again(order_page(&req, &kit, &code, &key, problems, None).await?, &error))
        }
        Err(error) => Err(error.into()),
    }
}
