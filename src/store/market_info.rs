//! Facts about this database itself: whether it is a demonstration, which key sealed it.

use super::conn::Conn;
use super::error::StoreResult;
use super::schema::market_info;
use diesel::prelude::*;

/// The last change of the feed that Meilisearch holds.
pub const MEILISEARCH_CURSOR: &str = "meilisearch_cursor";
/// `yes` in a database that `ganh demo` made.
pub const IS_DEMO: &str = "is_demo";

pub fn find(conn: &mut Conn, name: &str) -> StoreResult<Option<String>> {
    Ok(market_info::table.find(name).select(market_info::value).get_result(conn).optional()?)
}

pub fn insert(conn: &mut Conn, name: &str, value: &str) -> StoreResult<()> {
    let row = (market_info::name.eq(name), market_info::value.eq(value));
    diesel::insert_into(market_info::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes a fact, new or not.
pub fn put(conn: &mut Conn, name: &str, value: &str) -> StoreResult<()> {
    let moved = diesel::update(market_info::table.find(name)).set(market_info::value.eq(value)).execute(conn)?;
    if moved == 0 { insert(conn, name, value) } else { Ok(()) }
}
