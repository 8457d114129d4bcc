//! `ganh reconcile`: money that no webhook told of, from a bank's statement.

use super::{Refused, print, start_logs};
use crate::app::{World, db_settings, make_kit};
use crate::config::Config;
use crate::domain::lang::Lang;
use crate::service::error::ServiceError;
use crate::service::importing::{self, Counts};
use crate::service::kit::Kit;
use crate::store::Db;
use crate::store::bank::BankAccount;
use clap::Args;
use std::path::{Path, PathBuf};

/// Take a bank's statement in (CSV or XLSX, as the bank's site gives it). What stands here already is not booked again: any
/// command may be run twice. Safe beside a running market.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// The account, by its number or by the opaque id in its webhook's address
    #[arg(long)]
    account: String,
    /// The statement's file
    #[arg(long)]
    statement: PathBuf,
}

impl Reconcile {
    pub async fn run(self) -> Result<(), Refused> {
        let config = Config::from_environment()?;
        start_logs(&config);
        let db = Db::open(&db_settings(&config))?;
        let (kit, _assets) = make_kit(config, &World::real(), db)?;
        let done = take_in(&kit, &self.account, &self.statement).await;
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
