//! What time the database server has. A market whose own clock is another would end orders early or late.

use super::conn::{Conn, Spelling};
use super::error::StoreResult;
use crate::domain::time::At;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

/// The embedded engine has no clock of its own.
const NOW: Spelling = Spelling {
    embedded: "SELECT 0 AS micros",
    server: "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros",
};

/// The server's present time; none on the embedded engine, whose clock is ours.
pub fn find_now(conn: &mut Conn) -> StoreResult<Option<At>> {
    let row: Row = diesel::sql_query(conn.spell(NOW)).get_result(conn)?;
    Ok((row.micros != 0).then(|| At::from_unix_micros(row.micros)))
}
