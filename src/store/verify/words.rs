//! Trace events beside their leaves, work owed, and messages beside the work that carries them.

use super::Checked;
use crate::domain::id::{MessageId, TraceEventId};
use crate::domain::message::{MessageKind, Owed};
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::outbox::Outbox;
use crate::store::schema::{log_entry, message, outbox, trace_event};
use crate::store::trace::TraceEvent;
use diesel::prelude::*;
use std::collections::HashMap;

impl Checked for (TraceEvent, Option<String>) {
    fn key(&self) -> String {
        self.0.id.to_string()
    }
}

impl Checked for Outbox {
    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// Trace events with the leaf that commits to each.
pub fn list_sealed(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<(TraceEvent, Option<String>)>> {
    let events: Vec<TraceEvent> = trace_event::table
        .filter(trace_event::id.gt(after))
        .order(trace_event::id)
        .limit(most)
        .select(TraceEvent::as_select())
        .load(conn)?;
    let ids: Vec<TraceEventId> = events.iter().map(|event| event.id.clone()).collect();
    let leaves: Vec<(Option<TraceEventId>, String)> = log_entry::table
        .filter(log_entry::trace_event_id.eq_any(&ids))
        .select((log_entry::trace_event_id, log_entry::leaf))
        .load(conn)?;
    let mut leaves: HashMap<TraceEventId, String> =
        leaves.into_iter().filter_map(|(event, leaf)| event.map(|event| (event, leaf))).collect();
    Ok(events.into_iter().map(|event| (event.clone(), leaves.remove(&event.id))).collect())
}

pub fn list_outbox(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<Outbox>> {
    let query = outbox::table.filter(outbox::id.gt(after)).order(outbox::id).limit(most);
    Ok(query.select(Outbox::as_select()).load(conn)?)
}

/// A message beside the letters owed for it.
#[derive(Debug, Clone)]
pub struct MailDebt {
    pub message: MessageId,
    pub kind: String,
    pub has_address: bool,
    pub letters: usize,
}

impl Checked for MailDebt {
    fn key(&self) -> String {
        self.message.to_string()
    }
}

impl MailDebt {
    pub fn trouble(&self) -> Option<String> {
        // A code may also be told by people alone.
        let by_people = self.kind == MessageKind::SignInCode.as_text() && self.letters == 0;
        let wrong = self.letters != usize::from(self.has_address) && !by_people;
        wrong.then(|| format!("message {} is owed as {} letters", self.message, self.letters))
    }
}

pub fn list_mail_debts(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<MailDebt>> {
    let messages: Vec<(MessageId, String, Option<String>)> = message::table
        .filter(message::id.gt(after))
        .order(message::id)
        .limit(most)
        .select((message::id, message::kind, message::to_email))
        .load(conn)?;
    let key = |id: &MessageId| Owed::Mail { message: id.clone() }.key();
    let keys: Vec<String> = messages.iter().map(|(id, ..)| key(id)).collect();
    let owed: Vec<String> = outbox::table.filter(outbox::key.eq_any(&keys)).select(outbox::key).load(conn)?;
    let mut letters: HashMap<String, usize> = HashMap::new();
    for key in owed {
        let count = letters.entry(key).or_default();
        *count = count.saturating_add(1);
    }
    let debts = messages.into_iter().map(|(message, kind, address)| MailDebt {
        letters: letters.get(&key(&message)).copied().unwrap_or_default(),
        has_address: address.is_some(),
        message,
        kind,
    });
    Ok(debts.collect())
}
