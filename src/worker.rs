//! Floor 4: due work. Each duty looks at what is due and does it, "due and not done", never in a time window; any number
//! of workers may run, since what needs one doer takes a lease in the database. Stops when told.

use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::{
    account_in_force, answer_clock, answer_score, claim_clock, dispatch, ending, harvesting, link_polling, pausing,
    reconciling, searching, signing_in, tidying, window_clock,
};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// When a round has done something, more may wait; a breath lets others in between.
const AT_ONCE: Duration = Duration::from_millis(10);

/// Something that is done again and again.
struct Duty {
    name: &'static str,
    every: Duration,
    /// Does a bounded part and says how much; when it did something, it is due again at once.
    act: fn(Kit) -> BoxFuture<'static, ServiceResult<usize>>,
}

/// Every duty of the market.
fn duties() -> Vec<Duty> {
    let mut duties = lively_duties();
    duties.extend(window_duties());
    duties.extend(tidying_duties());
    duties
}

/// What sales windows are owed.
fn window_duties() -> Vec<Duty> {
    vec![
        Duty {
            name: "close sales windows whose end has come, and open their next round",
            every: Duration::from_secs(5),
            act: |kit| Box::pin(async move { window_clock::close_windows(&kit).await }),
        },
        Duty {
            name: "bring orders to what was harvested of them",
            every: Duration::from_secs(5),
            act: |kit| Box::pin(async move { harvesting::settle_harvests(&kit).await }),
        },
    ]
}

/// What somebody waits for.
fn lively_duties() -> Vec<Duty> {
    vec![
        Duty {
            name: "pay what the outbox owes",
            every: Duration::from_secs(1),
            act: |kit| Box::pin(async move { dispatch::dispatch_due(&kit).await }),
        },
        Duty {
            name: "end orders whose payment time has run out",
            every: Duration::from_secs(5),
            act: |kit| Box::pin(async move { ending::expire_orders(&kit).await }),
        },
        Duty {
            name: "ask for answers to orders, and end those that nobody answers",
            every: Duration::from_secs(5),
            act: |kit| Box::pin(async move { answer_clock::ask_for_answers(&kit).await }),
        },
        Duty {
            name: "ask for answers to claims, and take further or end those that nobody answers",
            every: Duration::from_secs(10),
            act: |kit| Box::pin(async move { claim_clock::follow_claims(&kit).await }),
        },
        Duty {
            name: "tell buyers of paused deliveries",
            every: Duration::from_secs(20),
            act: |kit| Box::pin(async move { pausing::tell_paused(&kit).await }),
        },
        Duty {
            name: "count how soon cooperatives answer",
            every: Duration::from_secs(60),
            act: |kit| Box::pin(async move { answer_score::refresh_scores(&kit).await }),
        },
        Duty {
            name: "put receiving accounts in force whose hour has come",
            every: Duration::from_secs(30),
            act: |kit| Box::pin(async move { account_in_force::bring_into_force(&kit).await }),
        },
        Duty {
            name: "ask banks for what no webhook told",
            every: Duration::from_secs(60),
            act: |kit| Box::pin(async move { reconciling::reconcile_due(&kit).await }),
        },
        Duty {
            name: "ask after payment links",
            every: Duration::from_secs(20),
            act: |kit| Box::pin(async move { link_polling::ask_due_links(&kit).await }),
        },
        Duty {
            name: "put into Meilisearch what has changed",
            every: Duration::from_secs(1),
            act: |kit| Box::pin(async move { searching::feed_meilisearch(&kit).await }),
        },
    ]
}

/// What is forgotten in time.
fn tidying_duties() -> Vec<Duty> {
    vec![
        Duty {
            name: "forget old sign-ins",
            every: Duration::from_secs(3_600),
            act: |kit| Box::pin(async move { signing_in::forget_old_sign_ins(&kit).await }),
        },
        Duty {
            name: "forget codes that have run out",
            every: Duration::from_secs(3_600),
            act: |kit| Box::pin(async move { tidying::forget_run_out_codes(&kit).await }),
        },
        Duty {
            name: "forget keys of checkouts that have run out",
            every: Duration::from_secs(3_600),
            act: |kit| Box::pin(async move { tidying::forget_run_out_keys(&kit).await }),
        },
        Duty {
            name: "forget packers' taps that no phone sends any more",
            every: Duration::from_secs(3_600),
            act: |kit| Box::pin(async move { tidying::forget_old_taps(&kit).await }),
        },
        Duty {
            name: "forget what banks wrote about other money",
            every: Duration::from_secs(3_600),
            act: |kit| Box::pin(async move { tidying::forget_raw_bodies(&kit).await }),
        },
    ]
}

/// Does what is due until told to stop. Duties run beside each other: a mail server that hangs keeps no order from expiring.
pub async fn work(kit: Kit, stop: watch::Receiver<bool>) {
    join_all(duties().into_iter().map(|duty| keep_doing(duty, kit.clone(), stop.clone()))).await;
}

async fn keep_doing(duty: Duty, kit: Kit, mut stop: watch::Receiver<bool>) {
    let mut due = Instant::now();
    while !*stop.borrow() {
        if Instant::now() >= due {
            // A fault in one duty must not end the others, nor this one.
            let done = AssertUnwindSafe((duty.act)(kit.clone())).catch_unwind().await;
            let done = done.unwrap_or_else(|_panic| Err(ServiceError::broken("the duty panicked")));
            due = Instant::now() + pause_after(&duty, done);
            continue;
        }
        tokio::select! {
            // Nobody is left who could say stop: the market is gone.
            told = stop.changed() => if told.is_err() { return },
            () = tokio::time::sleep_until(due) => {}
        }
    }
}

fn pause_after(duty: &Duty, result: ServiceResult<usize>) -> Duration {
    match result {
        Ok(0) => duty.every,
        Ok(done) => {
            tracing::debug!(duty = duty.name, done, "duty done");
            AT_ONCE
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
