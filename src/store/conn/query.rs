//! Wrappers for the queries that the derived connection type cannot print by itself: `Each`, `locked`, `locked_skip`.
//! Knows SQL text, no table.

use super::connection::Conn;
use super::engine::MultiBackend;
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

/// What follows a query whose rows are to be locked. The embedded engine needs nothing: its one writer holds the
/// database from `BEGIN IMMEDIATE` on.
#[derive(Debug, Clone, Copy)]
struct Tail<const SKIP: bool>;

impl<const SKIP: bool> QueryFragment<Pg> for Tail<SKIP> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(if SKIP { " FOR UPDATE SKIP LOCKED" } else { " FOR UPDATE" });
        Ok(())
    }
}

impl<const SKIP: bool> QueryFragment<Sqlite> for Tail<SKIP> {
    fn walk_ast<'b>(&'b self, _pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        Ok(())
    }
}

/// A SELECT whose rows stay locked until the transaction ends. Rows that another write holds are waited for, or passed over.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Locked<Q, const SKIP: bool>(Q);

/// Locks the rows that `query` selects until the write ends. Order by id where several rows of a table are locked,
/// or two writes lock each other out.
pub fn locked<Q>(query: Q) -> Locked<Q, false> {
    Locked(query)
}

/// Like `locked`, but passes over rows that another write holds: for claiming work.
pub fn locked_skip<Q>(query: Q) -> Locked<Q, true> {
    Locked(query)
}

impl<Q, const SKIP: bool> QueryFragment<MultiBackend> for Locked<Q, SKIP>
where
    Q: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(pass.reborrow())?;
        MultiBackend::walk_variant_ast(&Tail::<SKIP>, pass)
    }
}

impl<Q: Query, const SKIP: bool> Query for Locked<Q, SKIP> {
    type SqlType = Q::SqlType;
}

impl<Q, const SKIP: bool> RunQueryDsl<Conn> for Locked<Q, SKIP> {}
