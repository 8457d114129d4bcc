//! `ganh openapi`: the document of the JSON API.

use super::{Refused, print};
use crate::web::api::openapi::document;
use clap::Args;

/// Writes the document that `/api/openapi.json` serves to stdout
#[derive(Debug, Args)]
pub struct Openapi {
    /// One line instead of an indented text
    #[arg(long)]
    json: bool,
}

impl Openapi {
    pub fn run(&self) -> Result<(), Refused> {
        let document = document();
        print(&if self.json { document.to_json()? } else { document.to_pretty_json()? })
    }
}
