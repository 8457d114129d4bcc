//! Floor 4: due work. A tick looks at what is due and does it, "due and not done", never in a time window; any number
//! of workers may run, since what needs one doer takes a lease in the database. Stops when told.

use crate::service::error::ServiceResult;
use crate::service::kit::Kit;
use crate::service::{searching, signing_in};
use futures_util::future::BoxFuture;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How often it is looked whether something is due.
const TICK: Duration = Duration::from_millis(500);

/// Something that is done again and again.
struct Duty {
    name: &'static str,
    every: Duration,
    /// Does a bounded part and says how much; when it did something, it is due again at once.
    act: fn(Kit) -> BoxFuture<'static, ServiceResult<usize>>,
}

/// Every duty of the market.
fn duties() -> Vec<Duty> {
    vec![Duty {
        name: "forget old sign-ins",
        every: Duration::from_secs(3_600),
        act: |kit| Box::pin(async move { signing_in::forget_old_sign_ins(&kit).await }),
    }]
}

/// Does what is due until told to stop.
pub async fn work(kit: Kit, mut stop: watch::Receiver<bool>) {
    let mut due: Vec<(Duty, Instant)> = duties().into_iter().map(|duty| (duty, Instant::now())).collect();
    while !*stop.borrow() {
        for (duty, at) in &mut due {
            if *stop.borrow() || Instant::now() < *at {
                continue;
            }
            *at = Instant::now() + pause_after(duty, (duty.act)(kit.clone()).await);
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

fn pause_after(duty: &Duty, result: ServiceResult<usize>) -> Duration {
    match result {
        Ok(0) => duty.every,
        Ok(done) => {
            tracing::debug!(duty = duty.name, done, "duty done");
            TICK
        }
        Err(error) => {
            tracing::error!(duty = duty.name, %error, "duty failed, comes again");
            duty.every.min(Duration::from_secs(10))
        }
    }
}

/// At most this long after another process's write, this one shows it.
const FOLLOW_EVERY: Duration = Duration::from_millis(400);
/// After a failure to follow.
const FOLLOW_AGAIN: Duration = Duration::from_secs(2);

/// Keeps this process's index at the head of the change feed until told to stop. Every serving process does this for
/// itself, `WORKER=off` or not: it is no due work of the market.
pub async fn follow_changes(kit: Kit, mut stop: watch::Receiver<bool>) {
    let mut news = kit.db.changes();
    while !*stop.borrow() {
        // What is written from here on wakes this loop again; its own raise of the generation costs one empty look.
        news.mark_unchanged();
        let pause = match searching::follow_changes(&kit).await {
            Ok(0) => FOLLOW_EVERY,
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(%error, "the search index could not follow, tries again");
                FOLLOW_AGAIN
            }
        };
        tokio::select! {
            _ = stop.changed() => {}
            _ = news.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
