//! Whether everything that the program leans on is there.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::time::At;
use crate::store;
use std::collections::BTreeMap;
use std::time::Duration;

/// Longer than this, and a dependency is as good as gone.
const PATIENCE: Duration = Duration::from_secs(2);
/// How far our clock may be from the database server's: more, and orders would end early or late.
const CLOCKS_APART_MICROS: u64 = 2_000_000;

/// What `/readyz` says.
#[derive(Debug, serde::Serialize)]
pub struct Report {
    /// Whether customers may be sent here.
    pub ready: bool,
    /// `ok`, or what is wrong in a word.
    pub dependencies: BTreeMap<&'static str, &'static str>,
}

/// Asks each dependency. Without database, with a wrong clock or without its pictures it is not ready; when Meilisearch is
/// away the index inside answers.
pub async fn check_dependencies(kit: &Kit) -> Report {
    let asked = kit.db.read(|conn| {
        store::market_info::find(conn, "schema")?;
        store::server_clock::find_now(conn).map_err(ServiceError::from)
    });
    let (database, clock) = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(theirs)) => ("ok", clock_beside(kit.now(), theirs)),
        Ok(Err(_)) => ("failing", "unknown"),
        Err(_) => ("slow", "unknown"),
    };
    let media = kit.media.clone();
    let kept = tokio::task::spawn_blocking(move || media.health());
    let media = match tokio::time::timeout(PATIENCE, kept).await {
        Ok(Ok(Ok(()))) => "ok",
        Ok(_) => "failing",
        Err(_) => "slow",
    };
    let search = match tokio::time::timeout(PATIENCE, kit.search.health()).await {
        Ok(health) if health.meilisearch == Some(false) => "meilisearch is away, the index inside answers",
        Ok(_) => "ok",
        Err(_) => "meilisearch is slow, the index inside answers",
    };
    let ready = [database, clock, media].iter().all(|word| *word == "ok");
    let dependencies = BTreeMap::from([("database", database), ("clock", clock), ("media", media), ("search", search)]);
    Report { ready, dependencies }
}

/// Our clock beside the database server's; the embedded engine has none of its own.
fn clock_beside(ours: At, theirs: Option<At>) -> &'static str {
    let apart = theirs.map_or(0, |theirs| ours.unix_micros().abs_diff(theirs.unix_micros()));
    if apart > CLOCKS_APART_MICROS { "apart from the database's" } else { "ok" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_seconds_apart_are_borne_and_more_are_not() {
        let ours = At::from_unix_seconds(1_790_000_000);
        assert_eq!(clock_beside(ours, None), "ok");
        for (seconds, word) in
            [(-2, "ok"), (2, "ok"), (3, "apart from the database's"), (-3, "apart from the database's")]
        {
            assert_eq!(clock_beside(ours, Some(ours.plus_seconds(seconds))), word, "{seconds} s");
        }
    }
}
