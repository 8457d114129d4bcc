//! Who comes in: the sign-in cookie and the extractors `Visitor`, `SignedIn`, `Seller`, `Official`, `Operator`.
//! The cookie holds a token; the session itself lies in the database and can be ended there.

use super::error::{Fault, WebError};
use super::site::Site;
use crate::service::signing_in;
use crate::service::who::{Official, Operator, Seller, SignedIn};
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use std::rc::Rc;

/// What was found out about a request's sign-in, kept with the request.
#[derive(Clone)]
pub struct Found(pub Option<Rc<SignedIn>>);

/// Somebody, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor(pub Option<SignedIn>);

const fn cookie_name(is_https: bool) -> &'static str {
    // The prefix binds a cookie to this host and to https (RFC 6265bis); browsers refuse it on plain http.
    if is_https { "__Host-ganh" } else { "ganh" }
}

/// Whether a sign-in cookie came along, good or not.
pub fn has_cookie(req: &HttpRequest, is_https: bool) -> bool {
    req.cookie(cookie_name(is_https)).is_some()
}

/// The cookie of a new sign-in.
pub fn cookie(token: &str, max_age_s: i64, is_https: bool) -> Cookie<'static> {
    Cookie::build(cookie_name(is_https), token.to_owned())
        .path("/")
        .secure(is_https)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(max_age_s))
        .finish()
}

/// The cookie that takes the sign-in away.
pub fn no_cookie(is_https: bool) -> Cookie<'static> {
    cookie("", 0, is_https)
}

/// The live session of a request.
pub async fn find(req: &HttpRequest, site: &Site) -> Result<Option<SignedIn>, WebError> {
    let Some(cookie) = req.cookie(cookie_name(site.kit.config.is_https())) else { return Ok(None) };
    Ok(signing_in::find_session(&site.kit, cookie.value()).await?)
}

async fn found(req: HttpRequest) -> Result<Option<Rc<SignedIn>>, WebError> {
    let known = req.extensions().get::<Found>().cloned();
    if let Some(Found(known)) = known {
        return Ok(known);
    }
    let site = req.app_data::<web::Data<Site>>().cloned().ok_or_else(|| WebError::broken("no site"))?;
    let signed_in = find(&req, &site).await?.map(Rc::new);
    req.extensions_mut().insert(Found(signed_in.clone()));
    Ok(signed_in)
}

pub(super) type Extracting<T> = LocalBoxFuture<'static, Result<T, WebError>>;

async fn proof<T>(req: HttpRequest, prove: impl FnOnce(&SignedIn) -> Option<T>) -> Result<T, WebError> {
    let me = found(req).await?.ok_or_else(|| WebError::new(Fault::SignIn))?;
    prove(&me).ok_or_else(|| WebError::new(Fault::Forbidden))
}

impl FromRequest for Visitor {
    type Error = WebError;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Ok(Self(found(req).await?.map(|me| SignedIn::clone(&me)))) })
    }
}

macro_rules! proven {
    ($proof:ty, $prove:expr) => {
        impl FromRequest for $proof {
            type Error = WebError;
            type Future = Extracting<Self>;

            fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
                Box::pin(proof(req.clone(), $prove))
            }
        }
    };
}

proven!(SignedIn, |me| Some(me.clone()));
proven!(Seller, SignedIn::seller);
proven!(Official, SignedIn::official);
proven!(Operator, SignedIn::operator);
