//! Whether everything that the program leans on is there.

use super::error::ServiceError;
use super::kit::Kit;
use crate::store;
use std::collections::BTreeMap;
use std::time::Duration;

/// Longer than this, and a dependency is as good as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `/readyz` says.
#[derive(Debug, serde::Serialize)]
pub struct Report {
    pub ready: bool,
    /// `ok`, or what is wrong in a word.
    pub dependencies: BTreeMap<&'static str, &'static str>,
}

/// Asks each dependency.
pub async fn check_dependencies(kit: &Kit) -> Report {
    let asked = kit.db.read(|conn| store::market_info::find(conn, "schema").map(drop).map_err(ServiceError::from));
    let database = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => "ok",
        Ok(Err(_)) => "failing",
        Err(_) => "slow",
    };
    Report { ready: database == "ok", dependencies: BTreeMap::from([("database", database)]) }
}
