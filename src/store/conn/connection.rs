//! The connection that stores are given. It prints a query once, or once and for all where the type alone decides the text, and
//! keeps what was prepared. Diesel by itself prints a query for two engines three times whenever it runs, and prepares anew each
//! INSERT, each UPDATE and each list of values. Knows SQL text, no table.

use super::engine::{Engine, MultiBackend, Spelling};
use diesel::backend::Backend;
use diesel::connection::{
    CacheSize, Connection, Instrumentation, LoadConnection, SimpleConnection, TransactionManager,
    TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::internal::derives::multiconnection::{AstPassHelper, ConnectionSealed};
use diesel::migration::MigrationConnection;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::{ConnectionResult, QueryResult};
use std::any::TypeId;
use std::collections::HashMap;
use std::sync::Arc;

/// A statement with more values than this, a long list, is prepared anew each time: each length is a text of its own, and all
/// of them would be kept for as long as the connection lives.
const MOST_VALUES_KEPT: usize = 32;

type Printer = <MultiBackend as Backend>::QueryBuilder;

/// A connection to whichever database was configured.
pub struct Conn {
    pub(super) engine: Engine,
    /// What queries say whose type alone decides it.
    said: HashMap<TypeId, Said>,
}

/// What a query says to this engine.
#[derive(Debug, Clone)]
struct Said {
    text: Arc<str>,
    /// Whether its prepared statement is kept.
    kept: bool,
}

impl Conn {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, said: HashMap::new() }
    }

    /// The spelling for the engine behind this connection.
    pub fn spell(&self, spelling: Spelling) -> &'static str {
        match self.engine {
            Engine::Sqlite(_) => spelling.embedded,
            Engine::Postgres(_) => spelling.server,
        }
    }

    fn print<Q: QueryFragment<MultiBackend> + QueryId>(&mut self, query: Q) -> QueryResult<Printed<Q>> {
        let id = Q::query_id();
        if let Some(said) = id.and_then(|id| self.said.get(&id)) {
            return Ok(Printed { said: said.clone(), query });
        }
        let (mut printer, backend) = match self.engine {
            Engine::Sqlite(_) => (Printer::Sqlite(Default::default()), MultiBackend::Sqlite(Default::default())),
            Engine::Postgres(_) => (Printer::Postgres(Default::default()), MultiBackend::Postgres(Default::default())),
        };
        query.to_sql(&mut printer, &backend)?;
        let text: Arc<str> = printer.finish().into();
        let kept = self.values_in(&text) <= MOST_VALUES_KEPT || query.is_safe_to_cache_prepared(&backend)?;
        let said = Said { text, kept };
        if let Some(id) = id {
            self.said.insert(id, said.clone());
        }
        Ok(Printed { said, query })
    }

    /// How many values stand in a text; a little more where texts in it hold the mark.
    fn values_in(&self, text: &str) -> usize {
        let mark = match self.engine {
            Engine::Sqlite(_) => b'?',
            Engine::Postgres(_) => b'$',
        };
        text.bytes().filter(|byte| *byte == mark).count()
    }
}

/// A query with what it says.
struct Printed<Q> {
    said: Said,
    query: Q,
}

// All in `walk_ast`: the engines walk a reference to it, through which no other method of the trait is reached.
impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Printed<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        pass.push_sql(&self.said.text);
        if !self.said.kept {
            pass.unsafe_to_cache_prepared();
        }
        // Text is there already; the values are not. What pushes text to a pass for values pushes nothing.
        if pass.bind_collector().is_some() || pass.debug_binds().is_some() {
            self.query.walk_ast(pass)?;
        }
        Ok(())
    }
}

impl<Q: QueryId> QueryId for Printed<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Printed<Q> {
    type SqlType = Q::SqlType;
}

impl SimpleConnection for Conn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.engine.batch_execute(query)
    }
}

impl ConnectionSealed for Conn {}

impl Connection for Conn {
    type Backend = MultiBackend;
    type TransactionManager = Self;

    fn establish(address: &str) -> ConnectionResult<Self> {
        Engine::establish(address).map(Self::new)
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<MultiBackend> + QueryId,
    {
        let printed = self.print(source)?;
        self.engine.execute_returning_count(&printed)
    }

    fn transaction_state(&mut self) -> &mut Self {
        self
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.engine.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.engine.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.engine.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for Conn {
    type Cursor<'conn, 'query> = <Engine as LoadConnection>::Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Engine as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<MultiBackend> + QueryId + 'query,
        MultiBackend: QueryMetadata<T::SqlType>,
    {
        let printed = self.print(source)?;
        self.engine.load(printed)
    }
}

impl MigrationConnection for Conn {
    fn setup(&mut self) -> QueryResult<usize> {
        self.engine.setup()
    }
}

impl TransactionManager<Self> for Conn {
    type TransactionStateData = Self;

    fn begin_transaction(conn: &mut Self) -> QueryResult<()> {
        Engine::begin_transaction(&mut conn.engine)
    }

    fn rollback_transaction(conn: &mut Self) -> QueryResult<()> {
        Engine::rollback_transaction(&mut conn.engine)
    }

    fn commit_transaction(conn: &mut Self) -> QueryResult<()> {
        Engine::commit_transaction(&mut conn.engine)
    }

    fn transaction_manager_status_mut(conn: &mut Self) -> &mut TransactionManagerStatus {
        Engine::transaction_manager_status_mut(&mut conn.engine)
    }

    fn is_broken_transaction_manager(conn: &mut Self) -> bool {
        Engine::is_broken_transaction_manager(&mut conn.engine)
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
