//! `ganh user`: accounts and roles from the command line, for the first operator and for help by phone.

use super::{Refused, print, start_logs};
use crate::app::{World, db_settings, make_kit};
use crate::config::{Config, Secret};
use crate::domain::account::GrantKind;
use crate::domain::id::AccountId;
use crate::domain::lang::Lang;
use crate::domain::phone::Phone;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::people::{self, NewGrant, NewPerson};
use crate::store::Db;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum User {
    /// Open an account; the password is read from stdin, an empty line means none
    Add(Add),
    /// Make an account operator, official or helper
    Role(Role),
}

/// Open an account. The first line of stdin is its password (8 letters or more); an empty one means that a card or a
/// 6-digit code is the way in. Prints the id.
#[derive(Debug, Args)]
pub struct Add {
    /// As in 0912345678
    #[arg(long)]
    phone: Phone,
    #[arg(long)]
    name: String,
    #[arg(long)]
    email: Option<String>,
    /// vi or en
    #[arg(long, default_value = "vi")]
    lang: Lang,
}

/// Make an account operator, official or helper, from now on. Prints the id of the grant.
#[derive(Debug, Args)]
pub struct Role {
    #[arg(long)]
    phone: Phone,
    /// operator, official or helper
    #[arg(long)]
    kind: GrantKind,
    /// Commune code, province code as p:33, or * for all
    #[arg(long, default_value = "*")]
    territory: String,
    /// The paper that it rests on: number and date of the decision
    #[arg(long)]
    basis: String,
    /// Of an official: the authority
    #[arg(long)]
    office: Option<String>,
    /// How many days it holds; absent: until taken back
    #[arg(long)]
    days: Option<i64>,
}

impl User {
    pub async fn run(self) -> Result<(), Refused> {
        let config = Config::from_environment()?;
        start_logs(&config);
        let db = Db::open(&db_settings(&config))?;
        let (kit, _assets) = make_kit(config, &World::real(), db)?;
        let done = match self {
            User::Add(command) => command.run(&kit).await,
            User::Role(command) => command.run(&kit).await,
        };
        kit.db.close().await;
        done
    }
}

impl Add {
    async fn run(self, kit: &Kit) -> Result<(), Refused> {
        let mut password = String::new();
        std::io::stdin().read_line(&mut password)?;
        let password = password.trim_end_matches(['\r', '\n']);
        let password = (!password.is_empty()).then(|| Secret::new(password));
        let person = NewPerson { phone: self.phone, name: self.name, email: self.email, lang: self.lang, password };
        print(people::add_person(kit, person).await.map_err(|error| said(kit, error))?.as_text())
    }
}

impl Role {
    async fn run(self, kit: &Kit) -> Result<(), Refused> {
        let nobody = || Refused::from("no account has this phone; open one with: ganh user add");
        let account: AccountId = people::find_person(kit, self.phone).await?.ok_or_else(nobody)?;
        let grant = NewGrant {
            kind: self.kind,
            territory: self.territory,
            basis: self.basis,
            office: self.office,
            valid_days: self.days,
        };
        print(people::give_grant(kit, &account, grant).await?.as_text())
    }
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
