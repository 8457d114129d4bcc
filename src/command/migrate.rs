//! `ganh migrate`: the schema. `serve` never does this by itself.

use super::{Refused, print, start_logs};
use crate::app::db_settings;
use crate::config::Config;
use crate::store::Db;
use clap::Args;

/// Run the migrations that are missing in DATABASE_URL. Takes a lock, so that two never run at once.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Print the number as JSON
    #[arg(long)]
    json: bool,
}

impl Migrate {
    pub async fn run(self) -> Result<(), Refused> {
        let config = Config::from_environment()?;
        start_logs(&config);
        let db = Db::open(&db_settings(&config))?;
        let done = db.migrate().await;
        db.close().await;
        let done = done?;
        match self.json {
            true => print(&serde_json::json!({ "migrations": done }).to_string()),
            false => print(&format!("{done} migrations run; the schema is up to date")),
        }
    }
}
