//! `ganh verify`: whether everything that must hold does hold.

use super::{Refused, print, start_logs};
use crate::app::{World, db_settings, make_kit};
use crate::config::Config;
use crate::service::verifying::{self, Report};
use crate::store::Db;
use clap::Args;

/// Check every invariant of DATABASE_URL: ledger, stock, payments, outbox, traces. Safe beside a running market. Exit code 1 and
/// the first broken row of each rule when something does not hold.
#[derive(Debug, Args)]
pub struct Verify {
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub async fn run(self) -> Result<(), Refused> {
        let config = Config::from_environment()?;
        start_logs(&config);
        let db = Db::open(&db_settings(&config))?;
        let (kit, _assets) = make_kit(config, &World::real(), db)?;
        let report = verifying::verify(&kit).await;
        kit.db.close().await;
        let report = report?;
        match self.json {
            true => print(&serde_json::to_string(&report)?)?,
            false => tell(&report)?,
        }
        if report.is_sound() { Ok(()) } else { Err("something that must hold does not".into()) }
    }
}

fn tell(report: &Report) -> Result<(), Refused> {
    for finding in &report.findings {
        match &finding.broken {
            None => print(&format!("ok      {} ({} rows)", finding.rule, finding.rows))?,
            Some(broken) => print(&format!("BROKEN  {}: {broken}", finding.rule))?,
        }
    }
    Ok(())
}
