//! Around every request: its id, one log line without personal data (the route's pattern, never the address or the
//! query), figures, security headers, and errors dressed for whoever asked.

use super::dress::dress;
use super::error::{self, WebError};
use super::guard;
use super::lang;
use super::request::RequestId;
use super::route::Door;
use super::site::Site;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest};
use std::time::Instant;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn observe<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let began = Instant::now();
    let Some(site) = req.app_data::<actix_web::web::Data<Site>>().cloned() else {
        return next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    };
    let id = new_id(&site);
    req.extensions_mut().insert(id.clone());
    let is_https = site.kit.config.is_https();
    let chooses_language = *req.method() == Method::GET && !req.path().starts_with("/assets/");
    let switched = if chooses_language { lang::switch(req.request(), is_https) } else { None };
    let mut response = match switched {
        Some(answer) => req.into_response(answer),
        None => next.call(req).await?.map_into_boxed_body(),
    };
    let (fault, inside) = dressed(&mut response);
    guard::security_headers(response.headers_mut(), is_https);
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    log(&site, &response, &id, began, fault, inside.as_deref());
    Ok(response)
}

fn new_id(site: &Site) -> RequestId {
    let mut bytes = [0; 8];
    site.kit.entropy.fill(&mut bytes);
    RequestId(crate::domain::id::hex(&bytes).into())
}

/// The door of a request, once a route was found for it.
pub fn door_of(req: &HttpRequest) -> Option<Door> {
    req.extensions().get::<Door>().copied()
}

/// Puts words on an error that has none yet; returns its word and what only the log may know.
fn dressed(response: &mut ServiceResponse<BoxBody>) -> (Option<&'static str>, Option<String>) {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return (None, None);
    }
    let is_bare = response.response().error().is_some() || !response.headers().contains_key(header::CONTENT_TYPE);
    if !is_bare {
        return (None, None);
    }
    let found = match response.response().error() {
        Some(error) => error.as_error::<WebError>().cloned().unwrap_or_else(|| error::of_actix(error)),
        None => error::of_actix(&actix_web::error::InternalError::new("", status).into()),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let request = response.request().clone();
    let answer = dress(&request, door_of(&request), &found, allow);
    *response.response_mut() = answer;
    (Some(found.fault.word()), found.inside)
}

fn log(
    site: &Site,
    response: &ServiceResponse<BoxBody>,
    id: &RequestId,
    began: Instant,
    fault: Option<&'static str>,
    inside: Option<&str>,
) {
    let status = response.status().as_u16();
    let route = response.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let method = response.request().method().as_str();
    let took = began.elapsed();
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    site.metrics.request(&route, method, status, took.as_secs_f64());
    let fault = fault.unwrap_or("");
    let inside = inside.unwrap_or("");
    let request_id = &*id.0;
    if status >= 500 {
        tracing::error!(request_id, method, route, status, took_us, fault, inside, "answered with a fault of ours");
    } else {
        tracing::info!(request_id, method, route, status, took_us, fault, inside, "answered");
    }
}
