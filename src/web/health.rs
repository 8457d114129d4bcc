//! For those who watch the program: alive, ready with each dependency, figures; and the files
//! of the look.

use super::error::{self, WebError, WebResult};
use super::site::Site;
use crate::service::health;
use crate::service::kit::Kit;
use actix_web::{HttpRequest, HttpResponse};

/// `GET /healthz`: the process answers.
pub async fn alive() -> WebResult {
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).content_type("text/plain").body("ok\n"))
}

/// `GET /readyz`: each dependency in turn; 503 when one that is needed is not there.
pub async fn ready(kit: Kit) -> WebResult {
    let report = health::check_dependencies(&kit).await;
    let body = serde_json::to_string(&report)?;
    if !report.ready {
        return Ok(error::not_ready(body));
    }
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).content_type("application/json").body(body))
}

/// `GET /metrics`: on this machine only, unless `METRICS_LISTEN` gives it a port of its own. A proxy on this machine
/// forwards for others, so what was forwarded is refused.
pub async fn metrics(req: HttpRequest) -> WebResult {
    let is_here = req.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let was_forwarded = ["x-forwarded-for", "forwarded", "via"].iter().any(|name| req.headers().contains_key(*name));
    if !is_here || was_forwarded {
        return Err(WebError::not_found());
    }
    figures(&req)
}

/// The same on its own port.
pub async fn metrics_anywhere(req: HttpRequest) -> WebResult {
    figures(&req)
}

fn figures(req: &HttpRequest) -> WebResult {
    let text = Site::of(req)?.metrics.text();
    Ok(HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text))
}

/// `GET /assets/{name}`
pub async fn asset(req: HttpRequest) -> WebResult {
    let name = req.match_info().query("name");
    Site::of(&req)?.assets.answer(&req, name).ok_or_else(WebError::not_found)
}
