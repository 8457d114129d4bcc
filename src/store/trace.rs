//! Trace events and the entries of the log that wait for their place.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{log_entry, trace_event, trace_event_lot};
use crate::domain::id::{AccountId, BankEventId, CooperativeId, LotId, TraceEventId, TraceRef};
use crate::domain::quantity::Base;
use crate::domain::time::{At, Day};
use crate::domain::trace::{LogKind, LotRole, TraceAction, TraceEventType, WordOf};
use diesel::prelude::*;

/// One row a fact; a correction is a new fact.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = trace_event, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct TraceEvent {
    pub id: TraceEventId,
    pub cooperative_id: CooperativeId,
    pub event_type: TraceEventType,
    /// None for a TransformationEvent.
    pub action: Option<TraceAction>,
    /// CBV 2.0.
    pub biz_step: String,
    /// CBV 2.0.
    pub disposition: Option<String>,
    pub at: At,
    pub recorded_at: At,
    pub day: Day,
    /// ReadPoint in words.
    pub place: String,
    pub commune_code: Option<String>,
    /// Who did it: a role and a cooperative, never a shopper.
    pub party: String,
    /// Who says so.
    pub word_of: WordOf,
    pub by_account_id: Option<AccountId>,
    /// The order's random id.
    pub trace_ref: Option<TraceRef>,
    pub bank_event_id: Option<BankEventId>,
    /// Canonical JSON (RFC 8785).
    pub body: String,
    /// Hex; blank once erased.
    pub salt: String,
    pub corrects: Option<TraceEventId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = trace_event_lot, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct TraceEventLot {
    pub trace_event_id: TraceEventId,
    pub lot_id: LotId,
    pub role: LotRole,
    pub base_quantity: Base,
}

/// Waits without an index until the sequencer gives it one.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_entry, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct LogEntry {
    pub id: String,
    pub kind: LogKind,
    pub trace_event_id: Option<TraceEventId>,
    /// Canonical JSON of the envelope, no personal data.
    pub leaf: String,
    pub salt: Option<String>,
    pub made_at: At,
    /// Index in the log.
    pub position: Option<i64>,
    /// Hex.
    pub leaf_hash: Option<String>,
    pub sealed_at: Option<At>,
}

pub fn insert(conn: &mut Conn, row: &TraceEvent) -> StoreResult<()> {
    diesel::insert_into(trace_event::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_lot(conn: &mut Conn, row: &TraceEventLot) -> StoreResult<()> {
    diesel::insert_into(trace_event_lot::table).values(row).execute(conn)?;
    Ok(())
}

/// From this row on a record cannot be lost; its place in the log comes later.
pub fn insert_log_entry(conn: &mut Conn, row: &LogEntry) -> StoreResult<()> {
    diesel::insert_into(log_entry::table).values(row).execute(conn)?;
    Ok(())
}

/// Everything that happened to a lot, oldest first.
pub fn list_of_lot(conn: &mut Conn, lot: &LotId, most: i64) -> StoreResult<Vec<(TraceEvent, TraceEventLot)>> {
    let query = trace_event_lot::table
        .inner_join(trace_event::table)
        .filter(trace_event_lot::lot_id.eq(lot))
        .order((trace_event::at, trace_event::id))
        .limit(most);
    Ok(query.select((TraceEvent::as_select(), TraceEventLot::as_select())).load(conn)?)
}

/// Everything that happened under an order's random id, oldest first.
pub fn list_of_order(conn: &mut Conn, order: &TraceRef) -> StoreResult<Vec<TraceEvent>> {
    let query = trace_event::table.filter(trace_event::trace_ref.eq(order)).order((trace_event::at, trace_event::id));
    Ok(query.select(TraceEvent::as_select()).load(conn)?)
}

pub fn list_log_entries(conn: &mut Conn, events: &[TraceEventId]) -> StoreResult<Vec<LogEntry>> {
    let query = log_entry::table.filter(log_entry::trace_event_id.eq_any(events));
    Ok(query.select(LogEntry::as_select()).load(conn)?)
}
