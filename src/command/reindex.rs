//! `ganh reindex`: the search index anew, while the market serves.

use super::{Refused, print, start_logs};
use crate::app::{World, db_settings, make_kit};
use crate::config::Config;
use crate::service::searching;
use crate::store::Db;
use clap::Args;

/// Build the search index anew, without downtime. A running market builds its own index beside the old one within a
/// second of this; Meilisearch, where MEILI_URL is set, is filled and swapped before this ends.
#[derive(Debug, Args)]
pub struct Reindex {
    /// Print the number of products as JSON
    #[arg(long)]
    json: bool,
}

impl Reindex {
    pub async fn run(self) -> Result<(), Refused> {
        let config = Config::from_environment()?;
        start_logs(&config);
        let db = Db::open(&db_settings(&config))?;
        let (kit, _assets) = make_kit(config, &World::real(), db)?;
        let done = searching::rebuild_index(&kit).await;
        kit.db.close().await;
        let products = done?;
        match self.json {
            true => print(&serde_json::json!({ "products": products }).to_string()),
            false => print(&format!("{products} products can be found; running markets build their index anew now")),
        }
    }
}
