//! What a connection prints and prepares.

use super::super::query::{Locked, locked, locked_skip};
use super::*;
use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use std::sync::Mutex;

diesel::table! { thing (id) { id -> BigInt, name -> Nullable<Text>, } }

#[derive(Default, Clone)]
struct Prepared(Arc<Mutex<Vec<String>>>);

impl Prepared {
    /// What was prepared to be kept since it was last asked.
    fn since(&self) -> usize {
        std::mem::take(&mut *self.0.lock().expect("lock")).len()
    }
}

fn opened() -> (Conn, Prepared) {
    let mut conn = Conn::new(Engine::Sqlite(SqliteConnection::establish(":memory:").expect("memory")));
    conn.batch_execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT) STRICT").expect("table");
    let prepared = Prepared::default();
    let seen = prepared.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::CacheQuery { sql, .. } = event {
            seen.0.lock().expect("lock").push(sql.to_owned());
        }
    });
    (conn, prepared)
}

fn names(conn: &mut Conn, ids: &[i64]) -> Vec<Option<String>> {
    let among = thing::table.filter(thing::id.eq_any(ids)).order(thing::id);
    among.select(thing::name).load(conn).expect("names")
}

#[test]
fn what_is_said_again_is_neither_printed_nor_prepared_again() {
    let (mut conn, prepared) = opened();
    for id in 0..50_i64 {
        let row = (thing::id.eq(id), thing::name.eq(Some(format!("n{id}"))));
        assert_eq!(diesel::insert_into(thing::table).values(row).execute(&mut conn), Ok(1));
    }
    assert_eq!(prepared.since(), 1, "one INSERT for fifty");
    for id in 0..50_i64 {
        let set = thing::name.eq(Some(format!("m{id}")));
        assert_eq!(diesel::update(thing::table.find(id)).set(set).execute(&mut conn), Ok(1));
    }
    assert_eq!(prepared.since(), 1, "one UPDATE for fifty");
    let said = conn.said.len();
    for id in 0..50_i64 {
        let found: (i64, Option<String>) = thing::table.find(id).get_result(&mut conn).expect("there");
        assert_eq!(found, (id, Some(format!("m{id}"))));
    }
    assert_eq!((prepared.since(), conn.said.len()), (1, said + 1), "one SELECT for fifty, printed once");
}

#[test]
fn an_empty_value_is_not_taken_for_a_full_one() {
    let (mut conn, _) = opened();
    for (id, name) in [(1_i64, Some("a")), (2, None), (3, Some("c"))] {
        let row = (thing::id.eq(id), name.map(|name| thing::name.eq(name)));
        diesel::insert_into(thing::table).values(row).execute(&mut conn).expect("row");
    }
    assert_eq!(names(&mut conn, &[1, 2, 3]), [Some("a".to_owned()), None, Some("c".to_owned())]);
}

#[test]
fn short_lists_are_kept_by_length_and_long_ones_not_at_all() {
    let (mut conn, prepared) = opened();
    for _ in 0..3 {
        assert!(names(&mut conn, &[1, 2, 3]).is_empty());
    }
    assert_eq!(prepared.since(), 1);
    names(&mut conn, &[1, 2, 3, 4]);
    assert_eq!(prepared.since(), 1, "another length is another text");
    let long: Vec<i64> = (0..40).collect();
    names(&mut conn, &long);
    assert_eq!(prepared.since(), 0);
}

#[test]
fn waiting_for_a_lock_and_passing_over_it_are_two_queries() {
    let (waits, passes) = (locked(thing::table.find(1_i64)), locked_skip(thing::table.find(1_i64)));
    fn id<Q: QueryId>(_query: &Q) -> Option<TypeId> {
        Q::query_id()
    }
    fn text<Q, const SKIP: bool>(query: &Locked<Q, SKIP>) -> String
    where
        Locked<Q, SKIP>: QueryFragment<MultiBackend>,
    {
        let mut printer = Printer::Postgres(Default::default());
        query.to_sql(&mut printer, &MultiBackend::Postgres(Default::default())).expect("text");
        printer.finish()
    }
    assert!(id(&waits).is_some() && id(&waits) != id(&passes));
    assert!(text(&waits).ends_with(" FOR UPDATE"), "{}", text(&waits));
    assert!(text(&passes).ends_with(" FOR UPDATE SKIP LOCKED"), "{}", text(&passes));
}
