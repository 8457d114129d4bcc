//! Words on an error: machines get a problem document (RFC 9457), people a plain page in their language; both carry the
//! request id. What broke inside is never shown.

use super::error::{Fault, WebError, see_other};
use super::page;
use super::request::RequestId;
use super::route::Door;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, HttpResponseBuilder};
use std::collections::BTreeMap;

/// Paths that programs ask for, also where nothing answers.
const MACHINE_PATHS: [&str; 8] =
    ["/api/", "/webhooks/", "/epcis", "/log/", "/.well-known/", "/healthz", "/readyz", "/metrics"];

/// Whether the asker is a program: by the door, by the path where there is no door, else by what it accepts.
fn is_machine(req: &HttpRequest, door: Option<Door>) -> bool {
    let accepts = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match door {
        Some(door) => door.is_for_machines(),
        None if MACHINE_PATHS.iter().any(|path| req.path().starts_with(path)) => true,
        None => accepts.contains("json") && !accepts.contains("html"),
    }
}

/// An error made into what the asker can read.
pub fn dress(req: &HttpRequest, door: Option<Door>, error: &WebError, allow: Option<HeaderValue>) -> HttpResponse {
    let mut answer = HttpResponse::build(error.fault.status());
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = error.retry_after_s {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(methods) = allow {
        answer.insert_header((header::ALLOW, methods));
    }
    if is_machine(req, door) {
        return problem(req, error, &mut answer);
    }
    let asks_for_page = matches!(*req.method(), Method::GET | Method::HEAD);
    if error.fault == Fault::SignIn && asks_for_page {
        return to_sign_in(req);
    }
    match page::error_page(req, door, error) {
        Ok(body) => answer.content_type(page::HTML).body(body),
        Err(inside) => {
            tracing::error!(%inside, "the error page itself is broken");
            answer.content_type("text/plain; charset=utf-8").body(error.fault.word())
        }
    }
}

/// To the sign-in page, and from there back here.
fn to_sign_in(req: &HttpRequest) -> HttpResponse {
    let back = data_encoding::BASE64URL_NOPAD.encode(req.path().as_bytes());
    see_other(&format!("/tai-khoan/dang-nhap?tiep={back}"))
}

#[derive(serde::Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<OneProblem<'a>>,
}

/// One refusal of a request, for a program.
#[derive(serde::Serialize)]
struct OneProblem<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    field: &'a str,
    detail: String,
    /// The figures in the sentence, for programs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    values: &'a BTreeMap<String, String>,
}

fn problem(req: &HttpRequest, error: &WebError, answer: &mut HttpResponseBuilder) -> HttpResponse {
    let id = req.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let say = |key: &str| page::say(req, key);
    let problems = error.refusals.iter().map(|refusal| OneProblem {
        code: refusal.key.trim_start_matches("refusal-"),
        field: &refusal.field,
        detail: page::refusal(req, refusal),
        values: &refusal.args,
    });
    let word = error.fault.word();
    let body = Problem {
        kind: format!("urn:ganh:problem:{word}"),
        title: say(&format!("error-{word}-title")),
        status: error.fault.status().as_u16(),
        detail: say(&format!("error-{word}-text")),
        request_id: &id.0,
        problems: problems.collect(),
    };
    let body = serde_json::to_string(&body).unwrap_or_default();
    answer.content_type("application/problem+json").body(body)
}
