//! What the tests share: a fresh database on either engine, and a runtime.

#[allow(dead_code, clippy::allow_attributes, reason = "a kit holds more than today's tests take from it")]
pub mod app;
#[expect(clippy::allow_attributes, reason = "makers wait here for the features that will need them")]
#[allow(dead_code)]
pub mod bank;
pub mod dice;
pub mod engine;
#[allow(dead_code, clippy::allow_attributes, reason = "a kit holds more than today's tests take from it")]
pub mod make;

pub use engine::{Engine, TestDb, bare};

/// Runs an async test to its end on one thread, as the web server's workers do.
pub fn run<T>(test: impl std::future::Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(test)
}

/// Lives seeds in markets of their own, `each` in one, whose books are checked at its end: what is read does not grow with all that was
/// lived before.
pub async fn in_markets(
    db: &TestDb,
    seeds: std::ops::RangeInclusive<u64>,
    each: u64,
    live: impl AsyncFn(&app::TestApp, std::ops::RangeInclusive<u64>),
) {
    let mut from = *seeds.start();
    while from <= *seeds.end() {
        let until = (from + each - 1).min(*seeds.end());
        let own = db.another();
        let market = app::TestApp::start(&own).await;
        live(&market, from..=until).await;
        let report = ganh::service::verifying::verify(&market.kit).await.expect("a report");
        assert!(report.is_sound(), "seeds {from} to {until}: {:#?}", report.broken());
        market.stop().await;
        from = until + 1;
    }
}

/// Each test becomes two, `name::on_sqlite` and `name::on_postgres`, with a fresh migrated database each:
///
/// ```ignore
/// on_both_engines! {
///     async fn a_sentence(db: TestDb) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)+) => { $(
        $(#[$meta])*
        mod $name {
            #[expect(clippy::allow_attributes, reason = "a test need not use what stands around it")]
            mod around {
                #[allow(unused_imports)]
                pub use super::super::*;
            }
            #[allow(unused_imports, clippy::allow_attributes, reason = "a test need not use what stands around it")]
            use around::*;

            async fn proof($db: &$crate::kit::TestDb) $body

            #[test]
            fn on_sqlite() {
                let db = $crate::kit::TestDb::on_sqlite();
                $crate::kit::run(proof(&db));
            }

            #[test]
            fn on_postgres() {
                let Some(db) = $crate::kit::TestDb::on_postgres(concat!(module_path!(), "::on_postgres")) else { return };
                $crate::kit::run(proof(&db));
            }
        }
    )+ };
}
