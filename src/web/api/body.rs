//! JSON bodies: read with a reason when they cannot be, answered as they are.

use super::super::error::{Fault, WebError, WebResult};
use crate::domain::refusal::Refusal;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A header as text; none when it is absent or not text.
pub fn header_of<'a>(req: &'a HttpRequest, name: &str) -> Option<&'a str> {
    req.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|text| !text.is_empty())
}

/// Reads a body; 400 with the place and the reason when it is not what it should be.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, WebError> {
    serde_json::from_slice(body).map_err(|reason| {
        let refusal = Refusal::new("refusal-json").with("reason", &reason);
        WebError { refusals: vec![refusal], ..WebError::bad_request(reason) }
    })
}

/// 200 with a body that belongs to whoever asked.
pub fn answer(value: &impl Serialize) -> WebResult {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(answer.content_type("application/json").body(serde_json::to_string(value)?))
}

/// What every error looks like (RFC 9457), for the document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemDocument {
    /// `urn:ganh:problem:…`
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub request_id: String,
    /// One for each field or line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<OneProblem>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OneProblem {
    /// The same for the same matter, in every language: `short`, `total-changed`.
    pub code: String,
    /// `lines[0].quantity`; absent when it is about the whole request.
    pub field: Option<String>,
    /// A sentence in the language of `Accept-Language`.
    pub detail: String,
    /// The figures in the sentence: `available_base`, `total_vnd` ….
    pub values: Option<std::collections::BTreeMap<String, String>>,
}

/// A limit or a wait: the error with when to come again.
pub fn again_after(fault: Fault, refusal: Refusal, retry_after_s: u64) -> WebError {
    WebError { refusals: vec![refusal], retry_after_s: Some(retry_after_s), ..WebError::new(fault) }
}
