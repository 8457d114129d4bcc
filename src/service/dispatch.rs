//! Paying what the outbox owes: claim with a lease, act outside any transaction, note how it went. Any number of workers may do
//! this at once; work that was done but not noted is done again, so that each act must bear a repetition (a letter keeps its
//! Message-ID). What fails again and again is parked, and its message stands in the people's list.

use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::pay_links::{NotKept, keep_link};
use super::wording;
use crate::domain::id::{MessageId, hex};
use crate::domain::message::{MessageState, OutboxState, Owed};
use crate::domain::time::At;
use crate::failpoint::{self, Failpoint};
use crate::gateway::mail::{Letter, MailError};
use crate::store;
use crate::store::message::Message;
use crate::store::outbox::Outbox;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use std::panic::AssertUnwindSafe;

/// Pieces of work one round takes; they run beside each other.
const ROUND: i64 = 8;
/// Longer than any act takes: a letter gives up after half a minute.
const LEASE_S: i64 = 120;
/// Minutes until the next try, after the first, second … one.
const PAUSES_MIN: [i64; 7] = [1, 2, 5, 15, 60, 240, 240];
/// Tries before a person has to look.
const MOST_TRIES: i64 = 8;

/// How an act ended.
#[derive(Debug)]
enum Ended {
    Done,
    /// Nothing to do: somebody was told already, or there is no such channel here.
    Needless,
    Later(String),
    Never(String),
}

/// Does one round of what is owed and due. Answers how many pieces were taken; more may wait.
pub async fn dispatch_due(kit: &Kit) -> ServiceResult<usize> {
    let now = kit.now();
    let holder = hex(&kit.ten());
    let by = holder.clone();
    let taken = kit
        .db
        .write(move |conn| {
            Ok::<_, ServiceError>(store::outbox::claim(conn, &by, now, now.plus_seconds(LEASE_S), ROUND)?)
        })
        .await?;
    let count = taken.len();
    if count > 0 {
        failpoint::pass(Failpoint::OutboxClaimed);
    }
    for result in join_all(taken.into_iter().map(|work| pay(kit, &holder, work))).await {
        // Not noted: the lease runs out and the work comes again.
        if let Err(error) = result {
            tracing::error!(%error, "how owed work went could not be noted");
        }
    }
    Ok(count)
}

/// One piece of work, from its act to the note of how it went.
async fn pay(kit: &Kit, holder: &str, work: Outbox) -> ServiceResult<()> {
    let message = match serde_json::from_str::<Owed>(&work.payload) {
        Ok(Owed::Mail { message }) => Some(message),
        _ => None,
    };
    // Whatever is in one letter, it costs this letter only. More tries than allowed: the program fell over it before.
    let ended = if work.tries > MOST_TRIES {
        Ended::Never("given up after too many tries".into())
    } else {
        AssertUnwindSafe(act(kit, &work)).catch_unwind().await.unwrap_or_else(|_panic| Ended::Later("a panic".into()))
    };
    failpoint::pass(Failpoint::OutboxActed);
    let (now, holder, word) = (kit.now(), holder.to_owned(), outcome(&work, &ended, kit.now()));
    if let Ended::Later(reason) | Ended::Never(reason) = &ended {
        tracing::warn!(outbox = %work.id, kind = work.kind, tries = work.tries, state = %word.state, reason, "owed work failed");
    }
    let was_sent = matches!(ended, Ended::Done);
    kit.db
        .write(move |conn| {
            let noted = match word.state {
                OutboxState::Done => store::outbox::mark_done(conn, &work.id, &holder, now)?,
                state => store::outbox::mark_failed(conn, &work.id, &holder, state, word.due_at, &word.reason)?,
            };
            // The lease had run out and another has the work now: the note is theirs.
            if let (true, Some(message)) = (noted, &message) {
                if was_sent {
                    store::message::mark_told(conn, message, MessageState::Sent, None, "mail", now)?;
                }
                if word.state == OutboxState::Parked {
                    store::message::mark_parked(conn, message)?;
                }
            }
            Ok::<_, ServiceError>(())
        })
        .await
}

/// What the outbox row becomes.
struct Word {
    state: OutboxState,
    due_at: At,
    reason: String,
}

fn outcome(work: &Outbox, ended: &Ended, now: At) -> Word {
    let pause = usize::try_from(work.tries.saturating_sub(1)).ok().and_then(|tried| PAUSES_MIN.get(tried));
    match ended {
        Ended::Done | Ended::Needless => Word { state: OutboxState::Done, due_at: now, reason: String::new() },
        Ended::Never(reason) => Word { state: OutboxState::Parked, due_at: now, reason: short(reason) },
        Ended::Later(reason) => match pause {
            Some(minutes) if work.tries < MOST_TRIES => {
                Word { state: OutboxState::Owed, due_at: now.plus_minutes(*minutes), reason: short(reason) }
            }
            _ => Word { state: OutboxState::Parked, due_at: now, reason: short(reason) },
        },
    }
}

/// Servers' answers may quote addresses and be long; the row keeps the beginning.
fn short(reason: &str) -> String {
    reason.chars().filter(|c| !c.is_control()).take(300).collect()
}

async fn act(kit: &Kit, work: &Outbox) -> Ended {
    match serde_json::from_str(&work.payload) {
        Ok(Owed::Mail { message }) => send_mail(kit, &message).await,
        // Every index follows the change feed.
        Ok(Owed::Index { .. }) => Ended::Needless,
        Ok(Owed::PaymentLink { order }) => match keep_link(kit, &order).await {
            Ok(()) => Ended::Done,
            Err(NotKept::Later(reason)) => Ended::Later(reason),
            Err(NotKept::Broken(error)) => Ended::Later(error.to_string()),
        },
        Err(error) => Ended::Never(format!("unreadable: {error}")),
    }
}

async fn send_mail(kit: &Kit, id: &MessageId) -> Ended {
    // Without mail the card in the people's list is the way.
    if !kit.mail.is_live() {
        return Ended::Needless;
    }
    let wanted = id.clone();
    let message: Message =
        match kit.db.read(move |conn| Ok::<_, ServiceError>(store::message::get(conn, &wanted)?)).await {
            Ok(message) => message,
            Err(ServiceError::NotFound) => return Ended::Never("its message is gone".into()),
            Err(error) => return Ended::Later(error.to_string()),
        };
    let (Some(address), MessageState::Open | MessageState::Parked) = (message.to_email.clone(), message.state) else {
        return Ended::Needless;
    };
    let words = match wording::words_of(kit, &message) {
        Ok(words) => words,
        Err(error) => return Ended::Later(error.to_string()),
    };
    let letter = Letter {
        message_id: message.id.to_string(),
        to_name: message.to_name,
        to_address: address,
        subject: words.subject,
        text: words.text,
        html: Some(words.html),
        at: message.made_at,
    };
    match kit.mail.send(&letter).await {
        Ok(()) => Ended::Done,
        Err(MailError::Transient(reason)) => Ended::Later(reason),
        Err(MailError::Permanent(reason)) => Ended::Never(reason),
    }
}
