//! What webhooks miss: a bank's statement and the providers' lists reach the same end as the messages themselves, in whatever order
//! they come. After each test every invariant is checked.

mod gaps;
mod polling;
mod statement;

use crate::kit::app::TestApp;
use crate::kit::bank::{Coop, Goods, Movement, look, order, tell};
use crate::paying::{check, events, open, reasons, stands};
use ganh::service::importing::{self, Counts};
use ganh::service::kit::Kit;

/// A line of a statement about a movement, as the bank would write it.
pub fn line(movement: &Movement) -> String {
    let day: Vec<&str> = movement.at.split([' ', '-']).collect();
    let (out, came) = if movement.is_in { (0, movement.amount_vnd) } else { (movement.amount_vnd, 0) };
    format!("{}/{}/{};{};{out};{came};;\"{}\"\n", day[2], day[1], day[0], movement.reference, movement.memo)
}

pub fn file(lines: &[String]) -> Vec<u8> {
    format!("SAO KE\nNgày GD;Số CT;Ghi nợ;Ghi có;Số dư;Nội dung\n{}", lines.concat()).into_bytes()
}

/// Brings a file and takes it in, as the accountant does.
pub async fn import(kit: &Kit, coop: &Coop, lines: &[String]) -> Counts {
    let id = importing::bring_statement(kit, &coop.seller, None, "sao-ke.csv", file(lines)).await.expect("a statement");
    importing::take_statement(kit, &coop.seller, &id).await.expect("taken in")
}

pub const fn counts(fresh: usize, same: usize, seen: usize) -> Counts {
    Counts { fresh, same, seen }
}
