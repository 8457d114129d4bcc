//! Floor 6: the commands, one file each. Results go to stdout; logs and reasons to stderr. Exit codes: 0 done, 1 refused,
//! 2 misuse (clap's own).

mod demo;
mod health;
mod migrate;
mod openapi;
mod reconcile;
mod reindex;
mod serve;
mod user;
mod verify;
mod vietqr;

use crate::config::Config;
use clap::{Parser, Subcommand};
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

/// Gánh: a market that farm cooperatives run themselves.
#[derive(Debug, Parser)]
#[command(name = "ganh", version, about, propagate_version = true, disable_help_subcommand = true)]
pub struct Cli {
    /// End the process when it comes to this place, as a kill would
    #[cfg(debug_assertions)]
    #[arg(long, global = true, hide = true)]
    fail_at: Option<crate::failpoint::Failpoint>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open a demonstration market with nothing else installed
    Demo(demo::Demo),
    /// Open the market: pages, interfaces and due work, everything from the environment (see .env.example)
    Serve(serve::Serve),
    Health(health::Health),
    /// Bring the database's schema to what this program needs; safe to run again
    Migrate(migrate::Migrate),
    /// Build the search index anew, without downtime
    Reindex(reindex::Reindex),
    /// Find money that no webhook told of
    Reconcile(reconcile::Reconcile),
    /// Check everything that must hold; name the first broken row
    Verify(verify::Verify),
    /// Print the document of the JSON API
    Openapi(openapi::Openapi),
    /// Make and read VietQR payment codes
    #[command(subcommand)]
    Vietqr(vietqr::Vietqr),
    /// Accounts and what they may do
    #[command(subcommand)]
    User(user::User),
}

/// Why a command did not do what was asked, in words for the terminal.
pub type Refused = Box<dyn std::error::Error + Send + Sync>;

/// Runs one command.
pub async fn run(cli: Cli) -> ExitCode {
    #[cfg(debug_assertions)]
    if let Some(point) = cli.fail_at {
        crate::failpoint::arm(point);
    }
    let done = match cli.command {
        Command::Demo(command) => Box::pin(command.run()).await,
        Command::Serve(command) => Box::pin(command.run()).await,
        Command::Health(command) => command.run(),
        Command::Migrate(command) => command.run().await,
        Command::Reindex(command) => Box::pin(command.run()).await,
        Command::Reconcile(command) => Box::pin(command.run()).await,
        Command::Verify(command) => Box::pin(command.run()).await,
        Command::Openapi(command) => command.run(),
        Command::Vietqr(command) => command.run(),
        Command::User(command) => Box::pin(command.run()).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "ganh: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// One line of result.
fn print(line: &str) -> Result<(), Refused> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// Logs go to stderr: for people on a terminal, as JSON for machines elsewhere.
fn start_logs(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log_filter);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first's logs.
    let _ = if std::io::stderr().is_terminal() { builder.try_init() } else { builder.json().try_init() };
}
