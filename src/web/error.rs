//! The only file that knows status codes: what can go wrong at a door, and what each is over HTTP. `dress.rs` puts the
//! words on it.

use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::view::ViewError;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use std::fmt;

pub type WebResult = Result<HttpResponse, WebError>;

/// What went wrong, as one word: names the problem type and the texts `error-<word>-title` and `error-<word>-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    BadRequest,
    SignIn,
    Forbidden,
    StaleForm,
    ForeignForm,
    NotFound,
    WrongMethod,
    Timeout,
    Changed,
    TooLarge,
    Unsupported,
    Refused,
    TooMany,
    Broken,
    Unavailable,
}

impl Fault {
    pub const ALL: [Fault; 15] = [
        Fault::BadRequest,
        Fault::SignIn,
        Fault::Forbidden,
        Fault::StaleForm,
        Fault::ForeignForm,
        Fault::NotFound,
        Fault::WrongMethod,
        Fault::Timeout,
        Fault::Changed,
        Fault::TooLarge,
        Fault::Unsupported,
        Fault::Refused,
        Fault::TooMany,
        Fault::Broken,
        Fault::Unavailable,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Fault::BadRequest => "bad-request",
            Fault::SignIn => "sign-in",
            Fault::Forbidden => "forbidden",
            Fault::StaleForm => "stale-form",
            Fault::ForeignForm => "foreign-form",
            Fault::NotFound => "not-found",
            Fault::WrongMethod => "wrong-method",
            Fault::Timeout => "timeout",
            Fault::Changed => "changed",
            Fault::TooLarge => "too-large",
            Fault::Unsupported => "unsupported",
            Fault::Refused => "refused",
            Fault::TooMany => "too-many",
            Fault::Broken => "broken",
            Fault::Unavailable => "unavailable",
        }
    }

    pub const fn status(self) -> StatusCode {
        match self {
            Fault::BadRequest => StatusCode::BAD_REQUEST,
            Fault::SignIn => StatusCode::UNAUTHORIZED,
            Fault::Forbidden | Fault::StaleForm | Fault::ForeignForm => StatusCode::FORBIDDEN,
            Fault::NotFound => StatusCode::NOT_FOUND,
            Fault::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Fault::Timeout => StatusCode::REQUEST_TIMEOUT,
            Fault::Changed => StatusCode::CONFLICT,
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Fault::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Fault::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What a bare status of the server's own machinery means.
    fn of_status(status: StatusCode) -> Self {
        Self::ALL.into_iter().find(|fault| fault.status() == status).unwrap_or(if status.is_server_error() {
            Fault::Broken
        } else {
            Fault::BadRequest
        })
    }
}

/// An error on its way out: its fault, what people may know of it, and what only the log may.
#[derive(Debug, Clone)]
pub struct WebError {
    pub fault: Fault,
    pub refusals: Vec<Refusal>,
    pub retry_after_s: Option<u64>,
    /// For the log alone.
    pub inside: Option<String>,
}

impl WebError {
    pub fn new(fault: Fault) -> Self {
        Self { fault, refusals: Vec::new(), retry_after_s: None, inside: None }
    }

    pub fn not_found() -> Self {
        Self::new(Fault::NotFound)
    }

    /// The request cannot be read; the reason is for the log.
    pub fn bad_request(inside: impl fmt::Display) -> Self {
        Self { inside: Some(inside.to_string()), ..Self::new(Fault::BadRequest) }
    }

    /// A fault of ours; the reason is for the log.
    pub fn broken(inside: impl fmt::Display) -> Self {
        Self { inside: Some(inside.to_string()), ..Self::new(Fault::Broken) }
    }
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault.word())
    }
}

impl std::error::Error for WebError {}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        self.fault.status()
    }

    /// Empty: `dress` fills it in, which knows the reader.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.fault.status())
    }
}

impl From<ServiceError> for WebError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(refusals) => Self { refusals, ..Self::new(Fault::Refused) },
            ServiceError::Changed(refusals) => Self { refusals, ..Self::new(Fault::Changed) },
            ServiceError::NotFound => Self::new(Fault::NotFound),
            ServiceError::Forbidden => Self::new(Fault::Forbidden),
            ServiceError::SignInNeeded => Self::new(Fault::SignIn),
            ServiceError::TooMany { retry_after_s } => {
                Self { retry_after_s: Some(retry_after_s), ..Self::new(Fault::TooMany) }
            }
            ServiceError::Unavailable { retry_after_s } => {
                Self { retry_after_s: Some(retry_after_s), ..Self::new(Fault::Unavailable) }
            }
            ServiceError::Broken(cause) => Self::broken(with_causes(cause.as_ref())),
        }
    }
}

impl From<ViewError> for WebError {
    fn from(error: ViewError) -> Self {
        Self::broken(error)
    }
}

impl From<serde_json::Error> for WebError {
    fn from(error: serde_json::Error) -> Self {
        Self::broken(error)
    }
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// What an unreadable body, query or path means, whichever part of the server found it.
pub fn of_actix(error: &actix_web::Error) -> WebError {
    let fault = Fault::of_status(error.as_response_error().status_code());
    WebError { inside: Some(error.to_string()), ..WebError::new(fault) }
}

/// Leads a browser on after a form: 303, so that going back sends nothing twice.
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER)
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// Leads a reader on to the address of today: 307, so that nobody keeps it for ever (GS1 Digital Link).
pub fn over_there(to: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::TEMPORARY_REDIRECT)
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .finish()
}

/// A page with a form that could not be taken: the same page, with this status.
pub fn again(mut page: HttpResponse, error: &WebError) -> HttpResponse {
    *page.status_mut() = error.fault.status();
    if let Some(seconds) = error.retry_after_s {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}

/// "Nothing has changed since": the browser keeps what it has.
pub fn not_modified() -> HttpResponse {
    HttpResponse::build(StatusCode::NOT_MODIFIED).finish()
}

/// The parts of a server that answer "not now".
pub fn not_ready(body: String) -> HttpResponse {
    HttpResponse::build(StatusCode::SERVICE_UNAVAILABLE).content_type("application/json").body(body)
}

/// A program's answer in its own words, with the status that it waits for. What is not taken now may come again.
pub fn told(status: u16, body: String) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.insert_header((header::RETRY_AFTER, "60"));
    }
    answer.insert_header((header::CACHE_CONTROL, "no-store")).content_type("application/json").body(body)
}
