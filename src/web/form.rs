//! Bodies: read to a bound and within a time, whatever the client does; and forms read from them.

use super::error::{Fault, WebError};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// A body must be here within this time (actix itself would wait for ever).
const BODY_TIMEOUT_S: u64 = 30;
/// What is read and thrown away of a body that is too large, so that the client hears the answer.
const DRAINED_BYTES: usize = 32 * 1024 * 1024;

/// Takes the whole body out of a request, within bounds of size and time, and puts it back in one piece.
pub async fn take_body(req: &mut ServiceRequest, max_bytes: usize) -> Result<Bytes, WebError> {
    let payload = req.take_payload();
    let read = tokio::time::timeout(Duration::from_secs(BODY_TIMEOUT_S), read_to_end(payload, max_bytes));
    let body = read.await.map_err(|_elapsed| WebError::new(Fault::Timeout))??;
    let again = body.clone();
    req.set_payload(Payload::Stream { payload: Box::pin(futures_util::stream::once(async move { Ok(again) })) });
    Ok(body)
}

async fn read_to_end(mut payload: Payload, max_bytes: usize) -> Result<Bytes, WebError> {
    let mut body = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(WebError::bad_request)?;
        seen = seen.saturating_add(chunk.len());
        if seen <= max_bytes {
            body.extend_from_slice(&chunk);
        } else if seen > DRAINED_BYTES {
            break;
        } else {
            body.clear();
        }
    }
    if seen > max_bytes { Err(WebError::new(Fault::TooLarge)) } else { Ok(body.freeze()) }
}

/// A form's fields. Unknown fields are ignored; a field that stands twice fills a list.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = WebError;
    type Future = LocalBoxFuture<'static, Result<Self, WebError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(req, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| super::error::of_actix(&error))?;
            serde_html_form::from_bytes(&bytes).map(Form).map_err(WebError::bad_request)
        })
    }
}

/// The query of an address, read the same way.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = WebError;
    type Future = std::future::Ready<Result<Self, WebError>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        std::future::ready(serde_html_form::from_str(req.query_string()).map(Query).map_err(WebError::bad_request))
    }
}
