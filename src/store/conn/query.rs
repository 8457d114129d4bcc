//! Wrappers for the queries that the derived connection type cannot print by itself: `Each`, `Kept`, `locked`, `locked_skip`.
//! Knows SQL text, no table.

use super::multi::{Conn, MultiBackend};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};

/// A query that both engines can print, handed over whole: `on_conflict`, `union`, `nulls_last`.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Each<Q>(pub Q);

impl<Q> QueryFragment<MultiBackend> for Each<Q>
where
    Q: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q: Query> Query for Each<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Conn> for Each<Q> {}

/// A write whose text is the same each time, so that its prepared statement is kept. Diesel keeps no INSERT and no UPDATE, since
/// a default or a change left out makes another text; our rows write every column. Not for a list of values whose length varies:
/// each length would be kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept<Q>(pub Q);

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Kept<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &MultiBackend) -> QueryResult<bool> {
        Ok(true)
    }
}

// Kept under its text, never under its type: a row with an empty column is another text of the same type.
impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<Conn> for Kept<Q> {}

/// What follows a query whose rows are to be locked. The embedded engine needs nothing: its one writer holds the
/// database from `BEGIN IMMEDIATE` on.
#[derive(Debug, Clone, Copy)]
struct Tail(&'static str);

impl QueryFragment<Pg> for Tail {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(self.0);
        Ok(())
    }
}

impl QueryFragment<Sqlite> for Tail {
    fn walk_ast<'b>(&'b self, _pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        Ok(())
    }
}

/// A SELECT whose rows stay locked until the transaction ends.
#[derive(Debug, Clone, Copy)]
pub struct Locked<Q> {
    query: Q,
    tail: Tail,
}

/// Locks the rows that `query` selects until the write ends. Order by id where several rows of a table are locked,
/// or two writes lock each other out.
pub fn locked<Q>(query: Q) -> Locked<Q> {
    Locked { query, tail: Tail(" FOR UPDATE") }
}

/// Like `locked`, but passes over rows that another write holds: for claiming work.
pub fn locked_skip<Q>(query: Q) -> Locked<Q> {
    Locked { query, tail: Tail(" FOR UPDATE SKIP LOCKED") }
}

impl<Q> QueryFragment<MultiBackend> for Locked<Q>
where
    Q: QueryFragment<MultiBackend>,
    MultiBackend: Backend,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.query.walk_ast(pass.reborrow())?;
        MultiBackend::walk_variant_ast(&self.tail, pass)
    }
}

// The tail is not part of any type, so no statement may be cached under the type's name: the text decides.
impl<Q> QueryId for Locked<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Locked<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Conn> for Locked<Q> {}
