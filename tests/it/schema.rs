//! The tables as `schema.rs` tells them are the tables of both engines, and every migration goes up, down and up.

use crate::kit::{Engine, TestDb, engine};
use crate::on_both_engines;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use ganh::store::Conn;
use std::collections::{BTreeMap, BTreeSet};

const SCHEMA: &str = include_str!("../../src/store/schema.rs");

/// Column → (type as Diesel names it, may be NULL).
type Columns = BTreeMap<String, (String, bool)>;
type Tables = BTreeMap<String, Columns>;

/// What `schema.rs` says.
fn told() -> Tables {
    let mut tables = Tables::new();
    let mut table: Option<String> = None;
    for line in SCHEMA.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        if let Some((name, rest)) = line.split_once(" (")
            && rest.ends_with(") {")
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            tables.insert(name.to_owned(), Columns::new());
            table = Some(name.to_owned());
        }
        let (Some((name, kind)), Some(table)) = (line.split_once(" -> "), &table) else { continue };
        if line.starts_with("diesel::") {
            continue;
        }
        let kind = kind.trim_end_matches(',');
        let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
        let column = (inner.unwrap_or(kind).to_owned(), inner.is_some());
        tables.get_mut(table).expect("a table is open").insert(name.trim_matches('"').to_owned(), column);
    }
    assert!(tables.len() > 40, "schema.rs was not understood: {} tables", tables.len());
    tables
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    may_be_null: i64,
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS kind, \
    CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END AS may_be_null \
    FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c \
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text AS kind, \
    (CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END)::bigint AS may_be_null \
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2";

/// What the database says, types as it names them.
fn found(conn: &mut Conn, engine: Engine) -> Tables {
    let query = if engine == Engine::Sqlite { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
    let rows: Vec<Row> = diesel::sql_query(query).load(conn).expect("the catalogue");
    let mut tables = Tables::new();
    for row in rows {
        if !row.table_name.starts_with("__diesel") {
            tables.entry(row.table_name).or_default().insert(row.column_name, (row.kind, row.may_be_null == 1));
        }
    }
    tables
}

fn spelled(kind: &str, engine: Engine) -> &'static str {
    match (kind, engine) {
        ("Text" | "Timestamp", Engine::Sqlite) => "TEXT",
        ("BigInt" | "Integer" | "Bool", Engine::Sqlite) => "INTEGER",
        ("Binary", Engine::Sqlite) => "BLOB",
        ("Text", Engine::Postgres) => "text",
        ("BigInt", Engine::Postgres) => "bigint",
        ("Integer", Engine::Postgres) => "integer",
        ("Bool", Engine::Postgres) => "boolean",
        ("Binary", Engine::Postgres) => "bytea",
        ("Timestamp", Engine::Postgres) => "timestamp without time zone",
        (other, _) => panic!("no spelling for {other}"),
    }
}

on_both_engines! {
    async fn every_table_and_column_is_as_the_queries_see_it(db: TestDb) {
        let mut conn = db.bare();
        let (told, found) = (told(), found(&mut conn, db.engine));
        for (table, columns) in &told {
            let there = found.get(table).unwrap_or_else(|| panic!("{table} is not in the database"));
            for (column, (kind, may_be_null)) in columns {
                let wanted = (spelled(kind, db.engine).to_owned(), *may_be_null);
                assert_eq!(there.get(column), Some(&wanted), "{table}.{column}");
            }
            assert_eq!(there.len(), columns.len(), "{table} has columns that schema.rs does not tell: {there:?}");
            let list: Vec<_> = columns.keys().map(|column| format!("\"{column}\"")).collect();
            conn.batch_execute(&format!("SELECT {} FROM \"{table}\" LIMIT 1", list.join(", "))).expect("selected");
        }
        for (table, columns) in &found {
            let is_list_of_names = columns.len() == 1 && columns.contains_key("name");
            assert!(told.contains_key(table) || is_list_of_names, "{table} is not in schema.rs");
        }
    }

    async fn every_migration_goes_up_down_and_up(db: TestDb) {
        let folder = if db.engine == Engine::Sqlite { "migrations/sqlite" } else { "migrations/postgres" };
        let source = || FileBasedMigrations::from_path(folder).expect("the migrations");
        let mut conn = db.bare();
        conn.revert_all_migrations(source()).expect("all the way down");
        let mut stages = vec![catalogue(&mut conn, db.engine)];
        assert!(stages[0].is_empty(), "left over at the bottom: {:?}", stages[0]);
        while conn.has_pending_migration(source()).expect("a list") {
            conn.run_next_migration(source()).expect("up");
            stages.push(catalogue(&mut conn, db.engine));
        }
        for stage in stages.iter().rev().skip(1) {
            conn.revert_last_migration(source()).expect("down");
            assert_eq!(&catalogue(&mut conn, db.engine), stage);
        }
        conn.run_pending_migrations(source()).expect("up again");
        assert_eq!(Some(&catalogue(&mut conn, db.engine)), stages.last());
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Everything the database holds besides rows, as its own catalogue spells it.
fn catalogue(conn: &mut Conn, engine: Engine) -> BTreeSet<String> {
    let query = match engine {
        Engine::Sqlite => {
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS name FROM sqlite_schema \
            WHERE name NOT LIKE '%__diesel%' AND name NOT LIKE 'sqlite_sequence'"
        }
        Engine::Postgres => {
            "SELECT c.relkind::text || ' ' || c.relname || coalesce(' ' || string_agg(a.attname || ' ' || \
            format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text, ',' ORDER BY a.attnum), '') AS name \
            FROM pg_class AS c LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\\_\\_diesel%' GROUP BY c.oid, c.relname \
            UNION ALL SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\\_\\_diesel%'"
        }
    };
    let rows: Vec<Name> = diesel::sql_query(query).load(conn).expect("the catalogue");
    rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn every_embedded_table_is_strict() {
    let test = TestDb::on_sqlite();
    let loose: Vec<Name> = diesel::sql_query(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 \
         AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '__diesel%'",
    )
    .load(&mut test.bare())
    .expect("the catalogue");
    assert!(loose.is_empty(), "{:?}", loose.iter().map(|table| &table.name).collect::<Vec<_>>());
}

/// The parts of a folder of migrations that must be alike: names of the steps, of tables and indexes, rows of the lists.
fn outline(side: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let folders = std::fs::read_dir(format!("migrations/{side}")).expect("the migrations");
    for folder in folders.map(|folder| folder.expect("a migration").path()).filter(|path| path.is_dir()) {
        let step = folder.file_name().expect("a name").to_string_lossy().into_owned();
        for file in ["up.sql", "down.sql"] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|_| panic!("{side}/{step}/{file}"));
            let kept = text.lines().filter(|line| {
                ["CREATE INDEX", "CREATE UNIQUE INDEX", "INSERT INTO", "DROP"]
                    .iter()
                    .any(|start| line.starts_with(start))
            });
            lines.extend(kept.map(|line| format!("{step}/{file}: {line}")));
            let tables = text.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
            lines.extend(tables.map(|line| format!("{step}/{file}: {}", line.split(' ').next().unwrap_or(line))));
        }
    }
    lines.sort();
    lines
}

#[test]
fn both_sides_carry_the_same_steps_tables_indexes_and_lists() {
    let (embedded, server) = (outline("sqlite"), outline("postgres"));
    assert!(embedded.len() > 100);
    let differing: Vec<_> = embedded.iter().filter(|line| !server.contains(line)).collect();
    assert!(differing.is_empty() && embedded.len() == server.len(), "{differing:#?}");
}

#[test]
fn a_program_without_a_migration_that_ran_says_that_it_is_the_older() {
    let test = TestDb::on_sqlite();
    engine::bare(&test.url)
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')")
        .expect("a migration from the future");
    let state = ganh::store::conn::schema_state(&mut test.bare()).expect("a state");
    assert_eq!(state, ganh::store::conn::SchemaState::Newer);
    assert!(crate::kit::run(test.migrate()).is_err());
}
