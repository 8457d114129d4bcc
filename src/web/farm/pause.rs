//! «Tạm dừng giao»: a cooperative brings nothing for some days, and brings again.

use super::desk::{Fields, Typed, id_of};
use super::ways::answer;
use crate::domain::id::PauseId;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::pausing::{self, Pauser};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::WebResult;
use crate::web::pause_said;
use actix_web::{HttpRequest, web};

/// `POST /ban-hang/them/tam-dung`
pub async fn start(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let result = match pause_said::read(&fields.0) {
        Ok(said) => pausing::start_pause(&kit, &Pauser::Cooperative(seller.clone()), &said).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    let mut typed = Typed::of(fields.0);
    typed.put("act", "pause");
    answer(&req, &kit, &me, &seller, &typed, result).await
}

/// `POST /ban-hang/them/tam-dung/{id}/thoi`: «Giao lại»
pub async fn end(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    let id: PauseId = id_of(&id)?;
    let result = pausing::end_pause(&kit, &Pauser::Cooperative(seller.clone()), &id).await;
    answer(&req, &kit, &me, &seller, &Typed::default(), result).await
}
