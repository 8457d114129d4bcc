//! What an order's page shows of the money owed back for it. Values ready to read; no HTML.

use super::words;
use crate::domain::bank;
use crate::domain::payment::ProofGrade;
use crate::service::refund_view::BuyersRefund;
use actix_web::HttpRequest;
use serde::Serialize;
use serde_json::{Value, json};

/// The refund on the order's page.
#[derive(Serialize)]
pub struct RefundFill {
    amount_vnd: i64,
    /// Where it stands, in a sentence.
    text: String,
    is_under_way: bool,
    /// It goes back in cash: no account is asked for.
    by_hand: bool,
    to_bank: Option<String>,
    to_account: Option<String>,
    offered_account: Option<String>,
    offered_holder: Option<String>,
    can_wait: bool,
    can_choose: bool,
    /// What other orders were paid with it: sum and code.
    moved: Vec<(i64, String)>,
    banks: Vec<Value>,
}

impl RefundFill {
    pub fn new(req: &HttpRequest, refund: &BuyersRefund) -> Self {
        let (to_bank, to_account) = refund.to.clone().unzip();
        let (offered_account, offered_holder) = refund.offered.clone().unzip();
        let mut banks: Vec<_> = bank::all().iter().collect();
        banks.sort_by_key(|bank| bank.short_name.to_lowercase());
        let option =
            |bank: &&bank::Bank| json!({ "value": bank.bin, "label": format!("{} · {}", bank.short_name, bank.name) });
        let is_under_way = refund.state.is_under_way();
        let state = match refund.proof {
            Some(ProofGrade::Statement) => "stated",
            _ if refund.in_cash => "cash",
            _ if refund.by_hand => "by_hand",
            _ => refund.state.as_text(),
        };
        Self {
            amount_vnd: refund.amount.vnd(),
            text: words::say(req, &format!("buy-refund-{state}"), &[("hours", refund.within_h.to_string())]),
            is_under_way,
            by_hand: refund.by_hand,
            to_bank,
            to_account,
            offered_account,
            offered_holder,
            can_wait: refund.can_wait,
            can_choose: refund.can_choose,
            moved: refund.moved.iter().map(|(amount, code)| (amount.vnd(), code.to_string())).collect(),
            banks: if is_under_way { banks.iter().map(option).collect() } else { Vec::new() },
        }
    }
}
