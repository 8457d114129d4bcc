//! What happens between a route's row in the table and its function: limits, bounds of the body, who may, guards of
//! forms, kept pages, and a last net under a panic.

use super::cache;
use super::error::{Fault, WebError};
use super::form::take_body;
use super::page;
use super::route::{Keep, Route, Stranger, Who};
use super::session::{self, Found};
use super::site::Site;
use super::{guard, route::Door};
use crate::service::who::SignedIn;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, web};
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

type Entered = Result<ServiceResponse, actix_web::Error>;

/// Wraps every route of the table.
pub async fn enter(route: Rc<Route>, mut req: ServiceRequest, next: Next<actix_web::body::BoxBody>) -> Entered {
    req.extensions_mut().insert::<Door>(route.door);
    req.extensions_mut().insert(Rc::clone(&route));
    if let Err(error) = admit(&route, &mut req).await {
        return Ok(req.error_response(error));
    }
    match route.keep {
        Keep::Public(known) => kept(known, req, next).await,
        Keep::No => caught(req, next).await,
    }
}

/// A panic in a handler ends that request and nothing else.
async fn caught(req: ServiceRequest, next: Next<actix_web::body::BoxBody>) -> Entered {
    let request = req.request().clone();
    match AssertUnwindSafe(next.call(req)).catch_unwind().await {
        Ok(answer) => answer,
        Err(_panic) => Ok(ServiceResponse::from_err(WebError::broken("a handler panicked"), request)),
    }
}

async fn kept(known: &'static [&'static str], req: ServiceRequest, next: Next<actix_web::body::BoxBody>) -> Entered {
    let Some(site) = req.app_data::<web::Data<Site>>().cloned() else { return next.call(req).await };
    if site.kit.views.is_in_work() {
        return caught(req, next).await;
    }
    let key = page::key(req.request(), known);
    // Read before the page is made: what changes meanwhile makes it old, never wrongly new.
    let generation = site.kit.db.generation();
    if let Some(kept) = site.pages.find(&key, generation, site.kit.now()) {
        let answer = cache::answer(req.request(), &kept);
        return Ok(req.into_response(answer));
    }
    let (request, response) = caught(req, next).await?.into_parts();
    if response.error().is_some() || !response.status().is_success() {
        return Ok(ServiceResponse::new(request, response));
    }
    let answer = match cache::keep(&site.pages, key, generation, response).await {
        Ok(kept) => cache::answer(&request, &kept),
        Err(answer) => answer,
    };
    Ok(ServiceResponse::new(request, answer))
}

async fn admit(route: &Route, req: &mut ServiceRequest) -> Result<(), WebError> {
    let site = req.app_data::<web::Data<Site>>().cloned().ok_or_else(|| WebError::broken("no site"))?;
    if site.kit.config.has_limits
        && let Err(retry_after_s) = site.limits.take(route.rate, site.client(req.request()), site.kit.now())
    {
        return Err(WebError { retry_after_s: Some(retry_after_s), ..WebError::new(Fault::TooMany) });
    }
    let acts = !route.method.is_safe();
    let body = if acts { take_body(req, route.body_max_bytes).await? } else { web::Bytes::new() };
    if route.door.is_for_machines() {
        return Ok(());
    }
    if acts {
        guard::is_from_here(req.request(), &site)?;
    }
    if matches!(route.who, Who::Anyone | Who::Machine) {
        return Ok(());
    }
    let signed_in = session::find(req.request(), &site).await?;
    let Some(me) = signed_in else { return Err(turned_away(route, false)) };
    if !may(&me, route.who) {
        return Err(turned_away(route, true));
    }
    if acts {
        guard::carries_token(req.request(), &body, &site.kit.keys, me.session.as_text())?;
    }
    req.extensions_mut().insert(Found(Some(Rc::new(me))));
    Ok(())
}

fn may(me: &SignedIn, who: Who) -> bool {
    match who {
        Who::Anyone | Who::Machine | Who::SignedIn => true,
        Who::Seller => me.seller().is_some(),
        Who::SellerAs(role) => me.seller().is_some_and(|seller| seller.may(role)),
        Who::Official => me.official().is_some(),
        Who::Operator => me.operator().is_some(),
    }
}

fn turned_away(route: &Route, is_signed_in: bool) -> WebError {
    WebError::new(match route.stranger {
        Stranger::NotFound => Fault::NotFound,
        _ if is_signed_in => Fault::Forbidden,
        _ => Fault::SignIn,
    })
}
