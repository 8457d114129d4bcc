//! A form with a picture: fields and the file out of a multipart body. The size was bounded before; the picture itself is
//! looked at by the service.

use super::desk::Typed;
use crate::web::error::WebError;
use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;

/// Fields that one form may have.
const MOST_FIELDS: usize = 60;
/// Files that are looked at; more than any form takes, so that whoever sends too many is told.
const MOST_FILES: usize = 8;

/// What such a form sent. An empty file field is no file.
#[derive(Debug)]
pub struct Uploaded {
    pub typed: Typed,
    /// The last file.
    pub photo: Option<Vec<u8>>,
    /// Every file, of forms that take several.
    pub photos: Vec<Vec<u8>>,
    /// What the sender calls the file; shown to people and trusted in nothing.
    pub file_name: String,
}

impl FromRequest for Uploaded {
    type Error = WebError;
    type Future = LocalBoxFuture<'static, Result<Self, WebError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_multipart = req.content_type().starts_with("multipart/form-data");
        let (headers, plain) = (req.headers().clone(), (!is_multipart).then(|| Bytes::from_request(req, payload)));
        let payload = payload.take();
        Box::pin(async move {
            if let Some(plain) = plain {
                let bytes = plain.await.map_err(|error| crate::web::error::of_actix(&error))?;
                let pairs = serde_html_form::from_bytes(&bytes).map_err(WebError::bad_request)?;
                return Ok(Self { typed: Typed::of(pairs), photo: None, photos: Vec::new(), file_name: String::new() });
            }
            read(Multipart::new(&headers, payload)).await
        })
    }
}

async fn read(mut form: Multipart) -> Result<Uploaded, WebError> {
    let (mut pairs, mut photos, mut file_name) = (Vec::new(), Vec::new(), String::new());
    while let Some(field) = form.next().await {
        let mut field = field.map_err(WebError::bad_request)?;
        let name = field.name().unwrap_or_default().to_owned();
        let sent_as = field.content_disposition().and_then(|disposition| disposition.get_filename()).map(str::to_owned);
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.next().await {
            bytes.extend_from_slice(&chunk.map_err(WebError::bad_request)?);
        }
        if let Some(sent_as) = sent_as {
            file_name = sent_as;
            if !bytes.is_empty() && photos.len() < MOST_FILES {
                photos.push(bytes.to_vec());
            }
        } else if pairs.len() < MOST_FIELDS {
            pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(Uploaded { typed: Typed::of(pairs), photo: photos.last().cloned(), photos, file_name })
}
