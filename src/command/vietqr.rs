//! `ganh vietqr`: payment codes, without any database.

use super::{Refused, print};
use crate::domain::vietqr;
use crate::gateway::qr;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Vietqr {
    /// Print the payload of a payment code
    Encode(Encode),
    /// Read a payload and print what it says as JSON
    Decode(Decode),
}

/// Print the payload of a payment code; accents of the memo are folded, over 25 letters are refused.
#[derive(Debug, Args)]
pub struct Encode {
    /// The bank's BIN, six digits, as in 970415
    #[arg(long)]
    bin: String,
    /// The receiving account, or with --card a card number
    #[arg(long)]
    account: String,
    /// Whole đồng; absent: the payer types it
    #[arg(long)]
    amount: Option<i64>,
    /// What the transfer says
    #[arg(long)]
    memo: Option<String>,
    /// ACCOUNT is a card
    #[arg(long)]
    card: bool,
    /// Write the picture of the code into this file as well
    #[arg(long)]
    svg: Option<PathBuf>,
}

/// Read a payload and print what it says as JSON; exit code 1 and the reason for a bad one.
#[derive(Debug, Args)]
pub struct Decode {
    payload: String,
}

impl Vietqr {
    pub fn run(self) -> Result<(), Refused> {
        match self {
            Vietqr::Encode(command) => command.run(),
            Vietqr::Decode(command) => print(&vietqr::decode_json(&command.payload)?),
        }
    }
}

impl Encode {
    fn run(self) -> Result<(), Refused> {
        let payload = vietqr::encode_text(&self.bin, &self.account, self.amount, self.memo.as_deref(), self.card)?;
        if let Some(file) = self.svg {
            let caption = qr::Caption { title: "VietQR", above: None, below: None };
            std::fs::write(&file, qr::svg(&payload, &caption)?)?;
        }
        print(&payload)
    }
}
