//! Floor 7: the command line.

use clap::Parser as _;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    ganh::command::run(ganh::command::Cli::parse()).await
}
