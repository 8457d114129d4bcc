//! Event streams: a page that shows its own changes. Bounded in number and time, end at once when the program stops,
//! and hold no connection to the database while they wait.

use super::error::{WebError, WebResult};
use super::site::Site;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

/// A stream lives this long; the browser opens the next by itself.
const LIFE: Duration = Duration::from_secs(15 * 60);
/// Looked at this often even without news (another process may have written).
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Said when nothing else was, so that proxies keep the line open.
const STILL_HERE_AFTER: Duration = Duration::from_secs(20);

/// Looks at what a page shows: a word for its present state (a version, a state), or none when there is no more to come.
pub type Look = Box<dyn Fn() -> LocalBoxFuture<'static, Result<Option<String>, WebError>>>;

struct Stream {
    _slot: OwnedSemaphorePermit,
    stop: watch::Receiver<bool>,
    news: watch::Receiver<u64>,
    look: Look,
    last: Option<String>,
    ends_at: Instant,
    spoke_at: Instant,
    has_ended: bool,
}

/// Answers with a stream that says `changed` whenever `look` sees something else than before, and `end` at the end.
pub async fn follow(req: &HttpRequest, look: Look) -> WebResult {
    let site = Site::of(req)?;
    let no_room = |_| WebError { retry_after_s: Some(30), ..WebError::new(super::error::Fault::Unavailable) };
    let slot = Arc::clone(&site.streams.slots).try_acquire_owned().map_err(no_room)?;
    let first = look().await?;
    let now = Instant::now();
    let stream = Stream {
        _slot: slot,
        stop: site.streams.stop.clone(),
        news: site.kit.db.changes(),
        has_ended: first.is_none(),
        last: first,
        look,
        ends_at: now + LIFE,
        spoke_at: now,
    };
    let hello = futures_util::stream::once(async { Ok::<_, WebError>(Bytes::from_static(b"retry: 3000\n\n")) });
    let events = futures_util::stream::unfold(Some(stream), |stream| async move { step(stream?).await });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(futures_util::StreamExt::chain(hello, events)))
}

type Step = Option<(Result<Bytes, WebError>, Option<Stream>)>;

async fn step(mut stream: Stream) -> Step {
    if stream.has_ended {
        return Some((Ok(Bytes::from_static(b"event: end\ndata: end\n\n")), None));
    }
    loop {
        if *stream.stop.borrow() || Instant::now() >= stream.ends_at {
            return None;
        }
        tokio::select! {
            _ = stream.stop.changed() => return None,
            _ = stream.news.changed() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        match (stream.look)().await {
            Ok(None) => {
                stream.has_ended = true;
                return Some((Ok(Bytes::from_static(b"event: changed\ndata: changed\n\n")), Some(stream)));
            }
            Ok(seen) if seen != stream.last => {
                stream.last = seen;
                stream.spoke_at = Instant::now();
                return Some((Ok(Bytes::from_static(b"event: changed\ndata: changed\n\n")), Some(stream)));
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "an event stream could not look");
                return None;
            }
        }
        if stream.spoke_at.elapsed() >= STILL_HERE_AFTER {
            stream.spoke_at = Instant::now();
            return Some((Ok(Bytes::from_static(b": still here\n\n")), Some(stream)));
        }
    }
}
