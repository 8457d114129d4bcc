//! `ganh reconcile`: money that no webhook told of, asked for at the providers or out of a bank's statement.

use super::{Refused, print, start_logs};
use crate::app::{World, db_settings, make_kit};
use crate::config::Config;
use crate::domain::lang::Lang;
use crate::service::error::ServiceError;
use crate::service::importing::{self, Counts};
use crate::service::kit::Kit;
use crate::service::{link_polling, reconciling};
use crate::store::Db;
use crate::store::bank::BankAccount;
use clap::Args;
use std::path::{Path, PathBuf};

/// Ask the providers of all accounts that have a key (or of one) for the last days, or take a bank's statement in (CSV or XLSX, as
/// the bank's site gives it). What stands here already is not booked again: run it as often as you like, beside a running market too.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// The account, by its number or by the opaque id in its webhook's address
    #[arg(long)]
    account: Option<String>,
    /// A statement's file, of the account named
    #[arg(long, requires = "account")]
    statement: Option<PathBuf>,
    /// How many days back the providers are asked
    #[arg(long, default_value_t = reconciling::WEEK_DAYS, value_parser = clap::value_parser!(i64).range(1..=60))]
    days: i64,
}

impl Reconcile {
    pub async fn run(self) -> Result<(), Refused> {
        let config = Config::from_environment()?;
        start_logs(&config);
        let db = Db::open(&db_settings(&config))?;
        let (kit, _assets) = make_kit(config, &World::real(), db)?;
        let done = match (&self.statement, &self.account) {
            (Some(file), Some(account)) => take_in(&kit, account, file).await,
            (_, account) => ask_all(&kit, account.as_deref(), self.days).await,
        };
        kit.db.close().await;
        done
    }
}

async fn take_in(kit: &Kit, account: &str, file: &Path) -> Result<(), Refused> {
    let account = the_account(kit, account).await?;
    let bytes = std::fs::read(file)?;
    let statement = importing::read_file(&account, bytes).await.map_err(|error| said(kit, error))?;
    for row in &statement.unreadable {
        print(&format!("line {}: cannot be read ({}): {}", row.line, row.why.word(), row.shown))?;
    }
    let counts = importing::take_lines(kit, &account, &statement.lines).await.map_err(|error| said(kit, error))?;
    tell(&account, counts)
}

/// Asks account after account; one that fails keeps no other back.
async fn ask_all(kit: &Kit, name: Option<&str>, days: i64) -> Result<(), Refused> {
    let accounts = reconciling::list_pollable(kit, name).await?;
    let channels = link_polling::list_channels(kit, name).await?;
    if accounts.is_empty() && channels.is_empty() {
        return Err("no account has a key with which its provider could be asked; set one on the account's page".into());
    }
    let mut failed = false;
    let mut all = Vec::new();
    for (poll, account) in &accounts {
        all.push((account, reconciling::ask(kit, poll, account, days).await.map_err(|error| said(kit, error))?));
    }
    for (key, account) in &channels {
        all.push((
            account,
            link_polling::ask_account(kit, key, account, days).await.map_err(|error| said(kit, error))?,
        ));
    }
    for (account, found) in all {
        tell(account, found.counts)?;
        if let Some(reason) = found.stopped {
            failed = true;
            print(&format!("account {}: {reason}", account.account_number))?;
        }
    }
    if failed { Err("not everything could be asked".into()) } else { Ok(()) }
}

async fn the_account(kit: &Kit, name: &str) -> Result<BankAccount, Refused> {
    let mut found = importing::find_accounts(kit, name).await?;
    match (found.pop(), found.len()) {
        (Some(account), 0) => Ok(account),
        (None, _) => Err("no receiving account has this number or id".into()),
        _ => Err("several accounts have this number; name one by the opaque id in its webhook's address".into()),
    }
}

fn tell(account: &BankAccount, counts: Counts) -> Result<(), Refused> {
    let (fresh, same, seen) = (counts.fresh, counts.same, counts.seen);
    print(&format!("account {}: {fresh} new, {same} confirmed, {seen} known already", account.account_number))
}

/// A refusal in words instead of its key.
fn said(kit: &Kit, error: ServiceError) -> Refused {
    match error {
        ServiceError::Refused(refusals) | ServiceError::Changed(refusals) => {
            refusals.iter().map(|refusal| kit.views.refusal(Lang::En, refusal)).collect::<Vec<_>>().join(" ").into()
        }
        other => other.into(),
    }
}
