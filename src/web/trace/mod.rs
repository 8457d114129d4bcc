//! The door of the trace: the public page of a lot, the page that asks for a code, and the addresses that GS1's readers
//! know. The same bytes for everyone.

mod fill;

use super::error::{self, Fault, WebError, WebResult};
use super::form::Query;
use super::page;
use super::route::Door::Trace;
use super::route::Who::Anyone;
use super::route::{Route, get};
use crate::domain::code::{LotCode, NotACode, OrderCode};
use crate::domain::gtin::Gtin;
use crate::domain::refusal::Refusal;
use crate::service::kit::Kit;
use crate::service::tracing_lots;
use actix_web::{HttpRequest, web};

pub(in crate::web) use fill::picture_url;

/// The rows of this door.
pub fn routes() -> Vec<Route> {
    vec![
        get("/truy-xuat", Trace, Anyone).public(&["ma"]).to(ask_for_code),
        get("/truy-xuat/{lot}", Trace, Anyone).sample("/truy-xuat/NGABCDEFJ").public(&[]).to(show_lot),
        get("/01/{gtin}/10/{lot}", Trace, Anyone).sample("/01/09521234543213/10/NGABCDEFJ").to(follow_digital_link),
        get("/id/lot/{lot}", Trace, Anyone).sample("/id/lot/NGABCDEFJ").to(follow_id),
    ]
}

/// Why a text is no lot code, in words that say what to look at again.
fn refusal_of(text: &str, no: NotACode) -> Refusal {
    if text.parse::<OrderCode>().is_ok() {
        return Refusal::new("refusal-lot-code-is-order").about("ma");
    }
    let refusal = match no {
        NotACode::Length(found) => Refusal::new("refusal-lot-code-length").with("found", found),
        NotACode::Prefix(_) => Refusal::new("refusal-lot-code-prefix"),
        NotACode::Character(letter) => Refusal::new("refusal-lot-code-letter").with("letter", letter),
        NotACode::Check => Refusal::new("refusal-lot-code-check"),
    };
    refusal.about("ma")
}

fn code_page(req: &HttpRequest, typed: &str, refusals: &[Refusal]) -> WebResult {
    let fill = serde_json::json!({ "typed": typed, "problems": page::problems(req, refusals) });
    page::public(req, "trace/ask.html", &fill)
}

/// The same page with what is wrong: a code that cannot be one, or one that no lot has.
fn ask_again(req: &HttpRequest, typed: &str, refusal: Refusal, fault: Fault) -> WebResult {
    // What was typed goes back into the field; more than a code's length is of no help to anybody.
    let typed: String = typed.chars().take(40).collect();
    Ok(error::again(code_page(req, &typed, &[refusal])?, &WebError::new(fault)))
}

#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    ma: String,
}

/// `GET /truy-xuat?ma=`: a form, and the way to the lot whose code was typed.
pub async fn ask_for_code(req: HttpRequest, kit: Kit, query: Query<Asked>) -> WebResult {
    let typed = query.0.ma.trim();
    if typed.is_empty() {
        return code_page(&req, "", &[]);
    }
    match typed.parse::<LotCode>() {
        Err(no) => ask_again(&req, typed, refusal_of(typed, no), Fault::Refused),
        Ok(code) => match tracing_lots::find_lot(&kit, &code).await {
            Ok(code) => Ok(error::see_other(&format!("/truy-xuat/{code}"))),
            Err(_not_there) => ask_again(&req, typed, unknown(&code), Fault::NotFound),
        },
    }
}

fn unknown(code: &LotCode) -> Refusal {
    Refusal::new("refusal-lot-code-unknown").with("code", code.grouped()).about("ma")
}

/// `GET /truy-xuat/{lot}`: the past of a lot.
pub async fn show_lot(req: HttpRequest, kit: Kit, lot: web::Path<String>) -> WebResult {
    let code: LotCode = match lot.parse() {
        Ok(code) => code,
        Err(no) => return ask_again(&req, &lot, refusal_of(&lot, no), Fault::NotFound),
    };
    if code.as_text() != lot.as_str() {
        return Ok(error::over_there(&format!("/truy-xuat/{code}")));
    }
    match tracing_lots::show_lot(&kit, &code).await {
        Ok(trace) => {
            let fill = fill::page(&req, &kit, &trace)?;
            page::public_until(&req, "trace/lot.html", &fill, trace.until)
        }
        Err(crate::service::error::ServiceError::NotFound) => ask_again(&req, &lot, unknown(&code), Fault::NotFound),
        Err(error) => Err(error.into()),
    }
}

/// The query goes along, as the resolver standard asks; keys of people's pages never do.
fn onward(req: &HttpRequest, code: &LotCode) -> String {
    let kept: Vec<&str> =
        req.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("k=")).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("/truy-xuat/{code}{query}")
}

/// `GET /01/{gtin}/10/{lot}`: a GS1 Digital Link. A wrong check digit is a broken label, an unknown pair is not here.
pub async fn follow_digital_link(req: HttpRequest, kit: Kit, path: web::Path<(String, String)>) -> WebResult {
    let (gtin, lot) = path.into_inner();
    let gtin: Gtin = gtin.parse().map_err(WebError::bad_request)?;
    let code: LotCode = lot.parse().map_err(|_not_a_code| WebError::not_found())?;
    let code = tracing_lots::find_lot_of_gtin(&kit, &gtin, &code).await?;
    Ok(error::over_there(&onward(&req, &code)))
}

/// `GET /id/lot/{code}`: how events name a lot.
pub async fn follow_id(req: HttpRequest, kit: Kit, lot: web::Path<String>) -> WebResult {
    let code: LotCode = lot.parse().map_err(|_not_a_code| WebError::not_found())?;
    let code = tracing_lots::find_lot(&kit, &code).await?;
    Ok(error::over_there(&onward(&req, &code)))
}
