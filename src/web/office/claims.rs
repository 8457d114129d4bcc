//! Claims about the goods of one lot, as an official counts them. Reads only.

use super::lot_code;
use crate::domain::claim::ClaimKind;
use crate::domain::id::ClaimPhotoId;
use crate::service::claim_view::{self, Eyes};
use crate::service::kit::Kit;
use crate::service::who::{Official, SignedIn};
use crate::web::claim_said;
use crate::web::error::{WebError, WebResult};
use crate::web::page;
use crate::web::route::Door::Office;
use crate::web::route::Who::Official as OfficialOnly;
use crate::web::route::{Route, get};
use actix_web::{HttpRequest, web};
use serde_json::json;

/// The rows of these pages.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/co-quan/dot-hang/{lot}/bao-hang", Office, OfficialOnly)
            .sample("/co-quan/dot-hang/NGABCDEFJ/bao-hang")
            .to(show_claims),
        get("/co-quan/bao-hang/anh/{id}", Office, OfficialOnly)
            .sample("/co-quan/bao-hang/anh/018f0000-0000-7000-8000-000000000000")
            .to(show_photo),
    ]
}

/// `GET /co-quan/dot-hang/{lot}/bao-hang`
pub async fn show_claims(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    official: Official,
    lot: web::Path<String>,
) -> WebResult {
    let code = lot_code(&lot)?;
    let views = claim_view::list_of_lot(&kit, &official, &code).await?;
    let count = |kind: &ClaimKind| views.iter().filter(|view| view.claim.kind == *kind).count();
    let kinds = ClaimKind::ALL.iter().filter(|kind| count(kind) > 0);
    let fill = json!({
        "code": code.to_string(),
        "lot_url": format!("/co-quan/dot-hang/{code}"),
        "kinds": kinds.map(|kind| json!({ "kind": kind, "count": count(kind) })).collect::<Vec<_>>(),
        "claims": views
            .iter()
            .map(|view| claim_said::record(&req, view, |id| format!("/co-quan/bao-hang/anh/{id}")))
            .collect::<Vec<_>>(),
    });
    page::private(&req, &me, "office/claims.html", &fill)
}

/// `GET /co-quan/bao-hang/anh/{id}`
pub async fn show_photo(kit: Kit, official: Official, path: web::Path<String>) -> WebResult {
    let id: ClaimPhotoId = path.parse().map_err(|_not_an_id| WebError::not_found())?;
    claim_said::picture(claim_view::show_photo(&kit, Eyes::Official(&official), &id).await?)
}
