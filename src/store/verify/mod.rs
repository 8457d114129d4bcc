//! Rows in the shape in which `ganh verify` checks them, by keyset pages, and what can be wrong with each.

mod books;
mod claims;
mod goods;
mod hands;
mod money;
mod reviews;
mod vouchers;
mod windows;
mod words;

pub use books::{ClosingSums, list_closing_sums};
pub use claims::{ClaimSums, list_claim_sums};
pub use goods::{LotSums, OrderGoods, list_lot_sums, list_order_goods};
pub use hands::{HandOverSums, Hands, JournalHands, list_hand_overs, list_hands, list_journal_hands};
pub use money::{
    EventCases, EventSums, JournalSums, OrderMoney, list_event_cases, list_event_sums, list_journals, list_order_money,
};
pub use reviews::{ReviewSums, list_review_sums};
pub use vouchers::{VoucherSums, list_voucher_sums};
pub use windows::{WindowSums, list_window_sums};
pub use words::{MailDebt, list_mail_debts, list_outbox, list_sealed};

use std::collections::HashMap;

/// A row that is paged through by its id.
pub trait Checked {
    fn key(&self) -> String;
}

fn grouped<K: std::hash::Hash + Eq, V>(rows: Vec<(K, V)>) -> HashMap<K, Vec<V>> {
    let mut out: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        out.entry(key).or_default().push(value);
    }
    out
}
