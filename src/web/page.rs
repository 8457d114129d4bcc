//! Pages. `public` is the same bytes for everyone and kept; `private` belongs to one signed-in person; `personal` to
//! whoever holds its address.

use super::cache::{MayKeep, VARY};
use super::error::{Fault, WebError, WebResult, again};
use super::guard;
use super::lang::lang_of;
use super::request::RequestId;
use super::route::{Door, Keep, Route};
use super::site::Site;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::service::error::ServiceError;
use crate::service::owing::STOPPED;
use crate::service::who::SignedIn;
use crate::view::Context;
use actix_web::http::header;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde::Serialize;
use std::rc::Rc;

pub const HTML: &str = "text/html; charset=utf-8";
/// A page that is the same for everyone: `fill` is what the template needs, as a struct, a map or `json!`.
pub fn public(req: &HttpRequest, template: &str, fill: &impl Serialize) -> WebResult {
    public_until(req, template, fill, None)
}

/// The same, when something on it (a hold, an opening) runs out at a known time.
pub fn public_until(req: &HttpRequest, template: &str, fill: &impl Serialize, until: Option<At>) -> WebResult {
    let mut context = common(req)?;
    context.extend(filled(fill)?);
    let body = Site::of(req)?.kit.views.render(template, lang_of(req), &context)?;
    let mut answer = HttpResponse::Ok().content_type(HTML).insert_header((header::VARY, VARY)).body(body);
    answer.extensions_mut().insert(MayKeep { until });
    Ok(answer)
}

/// A page of one signed-in person: never kept, with the token for its forms.
pub fn private(req: &HttpRequest, me: &SignedIn, template: &str, fill: &impl Serialize) -> WebResult {
    let site = Site::of(req)?;
    let mut context = common(req)?;
    context.insert("csrf", &guard::csrf_token(&site.kit.keys, me.session.as_text()));
    context.insert("me", &Me::of(me));
    context.extend(filled(fill)?);
    let body = site.kit.views.render(template, lang_of(req), &context)?;
    Ok(HttpResponse::Ok().content_type(HTML).insert_header((header::CACHE_CONTROL, "no-store")).body(body))
}

/// A page for whoever holds its address or this browser (basket, checkout, an order by its key): never kept, in no
/// index, and its address is told to nobody.
pub fn personal(req: &HttpRequest, template: &str, fill: &impl Serialize) -> WebResult {
    let mut context = common(req)?;
    context.extend(filled(fill)?);
    let body = Site::of(req)?.kit.views.render(template, lang_of(req), &context)?;
    Ok(HttpResponse::Ok()
        .content_type(HTML)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-robots-tag", "noindex"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(body))
}

/// One text in the language of a request.
pub fn say(req: &HttpRequest, key: &str) -> String {
    Site::of(req).map_or_else(|_| key.to_owned(), |site| site.kit.views.say(lang_of(req), key))
}

/// The sentence of a refusal in the language of a request.
pub fn refusal(req: &HttpRequest, refusal: &Refusal) -> String {
    Site::of(req).map_or_else(|_| refusal.key.clone(), |site| site.kit.views.refusal(lang_of(req), refusal))
}

/// Refusals as `ui.problems` shows them.
pub fn problems(req: &HttpRequest, refusals: &[Refusal]) -> Vec<Problem> {
    let problem = |one: &Refusal| Problem { name: one.field.clone(), text: refusal(req, one), href: way_out(one) };
    refusals.iter().map(problem).collect()
}

/// What a person can mend, with the status that goes with it; anything else is an error page.
pub fn mendable(error: ServiceError) -> Result<WebError, WebError> {
    let error = WebError::from(error);
    if matches!(error.fault, Fault::Refused | Fault::Changed) && !error.refusals.is_empty() {
        Ok(error)
    } else {
        Err(error)
    }
}

/// A page once more, with what stands against what was pressed on it and with the status that goes with it. What nobody can mend is an
/// error page.
pub async fn once_more(
    req: &HttpRequest,
    error: ServiceError,
    page: impl AsyncFnOnce(Vec<Problem>) -> WebResult,
) -> WebResult {
    let error = mendable(error)?;
    let shown = page(problems(req, &error.refusals)).await?;
    Ok(again(shown, &error))
}

/// The same refusals, those about one field now about another: of several forms on one page each has a password field of its own.
pub fn about_field(mut error: ServiceError, from: &str, to: &str) -> ServiceError {
    if let ServiceError::Refused(all) | ServiceError::Changed(all) = &mut error {
        for refusal in all.iter_mut().filter(|refusal| refusal.field == from) {
            to.clone_into(&mut refusal.field);
        }
    }
    error
}

/// Where a person ends what stands in the way, when that is on another page.
fn way_out(refusal: &Refusal) -> Option<String> {
    let code = refusal.args.get("code").filter(|_| refusal.key == STOPPED)?;
    Some(format!("/ban-hang/don/{code}/tra-lai"))
}

/// What is wrong with one field of a form, in words.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    pub name: String,
    pub text: String,
    /// The page on which it can be ended, when that is another one.
    pub href: Option<String>,
}

impl Problem {
    pub fn new(name: &str, text: String) -> Self {
        Self { name: name.to_owned(), text, href: None }
    }
}

/// The page of an error.
pub fn error_page(req: &HttpRequest, door: Option<Door>, error: &WebError) -> Result<String, WebError> {
    let mut context = common(req)?;
    let word = error.fault.word();
    let id = req.extensions().get::<RequestId>().cloned().unwrap_or_default();
    context.insert("area", door.map_or("shop", Door::area));
    context.insert("title", &say(req, &format!("error-{word}-title")));
    context.insert("text", &say(req, &format!("error-{word}-text")));
    context.insert("problems", &problems(req, &error.refusals));
    context.insert("request_id", &*id.0);
    context.insert("is_ours", &error.fault.status().is_server_error());
    Ok(Site::of(req)?.kit.views.render("error.html", lang_of(req), &context)?)
}

fn filled(fill: &impl Serialize) -> Result<Context, WebError> {
    Context::from_serialize(fill).map_err(WebError::broken)
}

/// Who is signed in, as the layout shows it.
#[derive(Serialize)]
struct Me<'a> {
    name: &'a str,
    cooperative_name: Option<&'a str>,
    cooperative_hue: Option<u32>,
    areas: Vec<Area>,
}

#[derive(Serialize)]
struct Area {
    href: &'static str,
    label_key: &'static str,
}

impl<'a> Me<'a> {
    fn of(me: &'a SignedIn) -> Self {
        let work = me.work();
        let mut areas = Vec::new();
        let mut area = |is_mine: bool, href, label_key| {
            if is_mine {
                areas.push(Area { href, label_key });
            }
        };
        area(work.is_some(), "/ban-hang", "ui-area-farm");
        area(me.official().is_some(), "/co-quan", "ui-area-office");
        area(me.operator().is_some(), "/van-hanh", "ui-area-operator");
        area(true, "/tai-khoan", "ui-area-account");
        Self {
            name: &me.name,
            cooperative_name: work.map(|work| work.name.as_str()),
            cooperative_hue: work.map(|work| hue(work.cooperative.as_text())),
            areas,
        }
    }
}

/// A colour of its own for each cooperative, 0–359 degrees, from its id.
pub fn hue(id: &str) -> u32 {
    id.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 360
}

/// What every page has.
fn common(req: &HttpRequest) -> Result<Context, WebError> {
    let config = &Site::of(req)?.kit.config;
    let route = req.extensions().get::<Rc<Route>>().cloned();
    let path = match route.as_ref().map(|route| route.keep) {
        Some(Keep::Public(known)) => address(req, known),
        _ => req.uri().path_and_query().map_or_else(|| req.path().to_owned(), ToString::to_string),
    };
    let mut context = Context::new();
    context.insert("path", &path);
    context.insert("area", route.map_or("shop", |route| route.door.area()));
    context.insert("demo", &config.is_demo);
    context.insert("help_phone", &config.help_phone);
    context.insert("me", &None::<()>);
    context.insert("csrf", "");
    Ok(context)
}

/// The path with the known query parameters in their fixed order: the same address for the same page.
fn address(req: &HttpRequest, known: &[&str]) -> String {
    let query = req.query_string();
    let mut address = req.path().to_owned();
    let mut join = '?';
    for name in known {
        let is_it = |pair: &&str| pair.split_once('=').is_some_and(|(key, value)| key == *name && !value.is_empty());
        for pair in query.split('&').filter(is_it) {
            address.push(join);
            address.push_str(pair);
            join = '&';
        }
    }
    address
}

/// What a page is kept by.
pub fn key(req: &HttpRequest, known: &[&str]) -> String {
    format!("{} {}", lang_of(req), address(req, known))
}
