//! Work owed to the world outside.

use super::conn::{Conn, MultiBackend, locked_skip};
use super::error::StoreResult;
use super::schema::outbox;
use crate::domain::id::OutboxId;
use crate::domain::message::OutboxState;
use crate::domain::time::At;
use diesel::prelude::*;

/// Work owed to the world outside, in order per key.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Outbox {
    pub id: OutboxId,
    pub key: String,
    pub kind: String,
    /// JSON.
    pub payload: String,
    pub state: OutboxState,
    pub due_at: At,
    pub tries: i64,
    pub lease_until: Option<At>,
    pub lease_by: Option<String>,
    pub last_error: Option<String>,
    pub made_at: At,
    pub done_at: Option<At>,
}

pub fn insert(conn: &mut Conn, row: &Outbox) -> StoreResult<()> {
    diesel::insert_into(outbox::table).values(row).execute(conn)?;
    Ok(())
}

/// Due work whose key has nothing older undone, at most `most`; leases that ran out are due again.
/// Locks the rows and skips those that another worker has. A try counts from its beginning, so that work over which the program
/// itself falls is not taken up for ever.
pub fn claim(conn: &mut Conn, holder: &str, now: At, lease_until: At, most: i64) -> StoreResult<Vec<Outbox>> {
    let query = outbox::table
        .filter(
            outbox::state
                .eq(OutboxState::Owed)
                .and(outbox::due_at.le(now))
                .or(outbox::state.eq(OutboxState::Leased).and(outbox::lease_until.le(now))),
        )
        .order((outbox::due_at, outbox::id))
        .limit(most)
        .select(Outbox::as_select());
    let mut rows: Vec<Outbox> = locked_skip(query).load(conn)?;
    let mut keys = std::collections::HashSet::new();
    // In order per key: only the oldest of a key in this batch, and only when nothing older of it is undone.
    rows.sort_by(|a, b| (a.made_at, &a.id).cmp(&(b.made_at, &b.id)));
    let mut claimed = Vec::new();
    for mut row in rows {
        if !keys.insert(row.key.clone()) || has_older_undone(conn, &row)? {
            continue;
        }
        row.tries = row.tries.saturating_add(1);
        let values = (
            outbox::state.eq(OutboxState::Leased),
            outbox::lease_until.eq(lease_until),
            outbox::lease_by.eq(holder),
            outbox::tries.eq(row.tries),
        );
        diesel::update(outbox::table.find(&row.id)).set(values).execute(conn)?;
        claimed.push(row);
    }
    Ok(claimed)
}

fn has_older_undone(conn: &mut Conn, row: &Outbox) -> StoreResult<bool> {
    let older = outbox::table
        .filter(outbox::key.eq(&row.key))
        .filter(outbox::made_at.lt(row.made_at))
        .filter(outbox::state.eq_any([OutboxState::Owed, OutboxState::Leased]));
    Ok(diesel::select(diesel::dsl::exists(older)).get_result(conn)?)
}

/// Work of this key that nobody has taken up is due now; false when there is none. Whoever takes it up afterwards sees what this
/// transaction writes: the row is locked until it has committed.
pub fn mark_due(conn: &mut Conn, key: &str, now: At) -> StoreResult<bool> {
    let target = outbox::table.filter(outbox::key.eq(key)).filter(outbox::state.eq(OutboxState::Owed));
    Ok(diesel::update(target).set(outbox::due_at.eq(now)).execute(conn)? > 0)
}

/// Only who holds the lease may end it.
pub fn mark_done(conn: &mut Conn, id: &OutboxId, holder: &str, at: At) -> StoreResult<bool> {
    let target = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::lease_by.eq(holder))
        .filter(outbox::state.eq(OutboxState::Leased));
    Ok(diesel::update(target).set((outbox::state.eq(OutboxState::Done), outbox::done_at.eq(at))).execute(conn)? == 1)
}

/// Not done: owed again at `due_at`, or parked for a person.
pub fn mark_failed(
    conn: &mut Conn,
    id: &OutboxId,
    holder: &str,
    to: OutboxState,
    due_at: At,
    error: &str,
) -> StoreResult<bool> {
    let target = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::lease_by.eq(holder))
        .filter(outbox::state.eq(OutboxState::Leased));
    let values = (outbox::state.eq(to), outbox::due_at.eq(due_at), outbox::last_error.eq(error));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

pub fn count_by_state(conn: &mut Conn) -> StoreResult<Vec<(OutboxState, i64)>> {
    Ok(outbox::table.group_by(outbox::state).select((outbox::state, diesel::dsl::count_star())).load(conn)?)
}

pub fn list_parked(conn: &mut Conn, most: i64) -> StoreResult<Vec<Outbox>> {
    let query = outbox::table.filter(outbox::state.eq(OutboxState::Parked)).order(outbox::made_at).limit(most);
    Ok(query.select(Outbox::as_select()).load(conn)?)
}

/// A person lets parked work be tried again from the beginning; false when it is not parked.
pub fn mark_owed_again(conn: &mut Conn, id: &OutboxId, now: At) -> StoreResult<bool> {
    let target = outbox::table.filter(outbox::id.eq(id)).filter(outbox::state.eq(OutboxState::Parked));
    let values = (outbox::state.eq(OutboxState::Owed), outbox::due_at.eq(now), outbox::tries.eq(0));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}
