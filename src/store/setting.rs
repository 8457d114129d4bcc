//! Dated settings: the newest row that has begun is in force. What a name means is its reader's matter.

use super::conn::{Conn, Each};
use super::error::StoreResult;
use super::schema::setting;
use crate::domain::time::Day;
use diesel::prelude::*;

/// The value in force on a day.
pub fn find(conn: &mut Conn, name: &str, day: Day) -> StoreResult<Option<String>> {
    let query = setting::table
        .filter(setting::name.eq(name))
        .filter(setting::valid_from.le(day))
        .order(setting::valid_from.desc())
        .limit(1)
        .select(setting::value);
    Ok(query.load(conn)?.pop())
}

/// A whole number in force on a day; none too when the value is no number.
pub fn find_number(conn: &mut Conn, name: &str, day: Day) -> StoreResult<Option<i64>> {
    Ok(find(conn, name, day)?.and_then(|value| value.parse().ok()))
}

/// Lays a value down from a day on; said twice for one day, the later word stands.
pub fn put(conn: &mut Conn, name: &str, day: Day, value: &str, basis: &str) -> StoreResult<()> {
    let there = setting::table.filter(setting::name.eq(name)).filter(setting::valid_from.eq(day));
    if diesel::update(there).set((setting::value.eq(value), setting::basis.eq(basis))).execute(conn)? == 1 {
        return Ok(());
    }
    let row = (setting::name.eq(name), setting::valid_from.eq(day), setting::value.eq(value), setting::basis.eq(basis));
    let query =
        diesel::insert_into(setting::table).values(row).on_conflict((setting::name, setting::valid_from)).do_nothing();
    Each(query).execute(conn)?;
    Ok(())
}
