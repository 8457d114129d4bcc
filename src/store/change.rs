//! The feed of what the public sees differently now. A write that alters a public page inserts a row here, and the door
//! raises the generation once that row is committed. Every serving process follows the feed with its own cursor.

use super::conn::{Conn, Spelling};
use super::error::StoreResult;
use super::notes;
use crate::domain::time::At;
use diesel::sql_types::{BigInt, Text, Timestamp};
use diesel::{QueryableByName, RunQueryDsl};

/// One row of the feed.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Change {
    /// Where a cursor stands after this row.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The noun: `product`, `cooperative`.
    #[diesel(sql_type = Text)]
    pub topic: String,
    /// Which one of them.
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Timestamp)]
    pub at: At,
}

/// On a server the transaction's own number is drawn before the row's: a reader that looks below the oldest running
/// transaction would else pass over a row whose number was drawn first and written last.
const INSERT: Spelling = Spelling {
    embedded: "INSERT INTO change (topic, key, at) VALUES ($1, $2, $3)",
    server: "WITH mine AS MATERIALIZED (SELECT pg_current_xact_id() AS xid) \
             INSERT INTO change (topic, key, at) SELECT $1, $2, $3 FROM mine",
};

/// `age` counts backwards from the newest transaction and stays right when the short numbers wrap.
const LIST: Spelling = Spelling {
    embedded: "SELECT id, topic, key, at FROM change WHERE id > $1 ORDER BY id LIMIT $2",
    server: "SELECT id, topic, key, at FROM change WHERE id > $1 \
             AND age(xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) ORDER BY id LIMIT $2",
};

/// Tells the public side that `key` of `topic` has changed.
///
/// # Errors
/// When the row cannot be written.
pub fn insert(conn: &mut Conn, topic: &str, key: &str, at: At) -> StoreResult<()> {
    diesel::sql_query(conn.spell(INSERT))
        .bind::<Text, _>(topic)
        .bind::<Text, _>(key)
        .bind::<Timestamp, _>(at)
        .execute(conn)?;
    notes::changed();
    Ok(())
}

/// At most `most` changes after `cursor` (0: from the first), oldest first. A row whose elders may still be uncommitted
/// is held back, so that a cursor never passes over one.
///
/// # Errors
/// When the feed cannot be read.
pub fn list_after(conn: &mut Conn, cursor: i64, most: i64) -> StoreResult<Vec<Change>> {
    let rows =
        diesel::sql_query(conn.spell(LIST)).bind::<BigInt, _>(cursor).bind::<BigInt, _>(most).load::<Change>(conn)?;
    Ok(rows)
}

/// The newest change that a cursor may stand on: those that `list_after` would give out by now.
///
/// # Errors
/// When the feed cannot be read.
pub fn last_id(conn: &mut Conn) -> StoreResult<i64> {
    const LAST: Spelling = Spelling {
        embedded: "SELECT id, topic, key, at FROM change ORDER BY id DESC LIMIT 1",
        server: "SELECT id, topic, key, at FROM change WHERE age(xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) \
                 ORDER BY id DESC LIMIT 1",
    };
    let rows = diesel::sql_query(conn.spell(LAST)).load::<Change>(conn)?;
    Ok(rows.first().map_or(0, |change| change.id))
}
