//! `ganh serve`: production.

use super::{Refused, start_logs};
use crate::app::{App, StartError, WordToStop, World};
use crate::config::Config;
use clap::Args;

/// Open the market. Refuses to start on an unsafe or half configuration and names the variable.
#[derive(Debug, Args)]
pub struct Serve {}

impl Serve {
    pub async fn run(self) -> Result<(), Refused> {
        let config = Config::from_environment()?;
        start_logs(&config);
        let refusals = config.refusals_to_serve();
        if !refusals.is_empty() {
            return Err(StartError::Unsafe(refusals).into());
        }
        let word = WordToStop::listen()?;
        let running = App::start(config, World::real()).await?;
        tracing::info!(base_url = running.base_url, address = %running.address, "the market is open");
        running.until_told_to_stop(word).await;
        Ok(())
    }
}
