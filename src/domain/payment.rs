//! What a movement on a bank account means for orders. Pure: the same facts always give the same decision.

use super::bank_message::{BankMessage, Direction};
use super::code::OrderCode;
use super::id::OrderId;
use super::money::Money;
use super::order::OrderState;

crate::word_enum! {
    /// How well it is proven that money came. A later grade confirms an earlier one.
    ProofGrade { BankMessage = "bank_message", Statement = "statement", ByHand = "by_hand" }
}
crate::word_enum! {
    BankEventState { Booked = "booked", Waiting = "waiting", OtherMoney = "other_money", Ignored = "ignored" }
}
crate::word_enum! {
    /// Why money waits for a person.
    MoneyCaseReason {
        Unmatched = "unmatched", TwoHits = "two_hits", Partial = "partial", Late = "late", Over = "over",
        Duplicate = "duplicate", ShortStock = "short_stock", WrongAccount = "wrong_account", Refund = "refund",
    }
}
crate::word_enum! { MoneyCaseState { Open = "open", Resolved = "resolved" } }

/// An order of the receiving cooperative whose code stands in the memo, with where its money is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub order: OrderId,
    pub code: OrderCode,
    pub state: OrderState,
    /// What it costs now.
    pub total: Money,
    /// What it still owes; zero when dead.
    pub due: Money,
    /// The message names another account than the one the order was printed with.
    pub other_account: bool,
}

/// What is to be done with a movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A provider's test message: answered, never money.
    Ping,
    /// Money that left the account.
    NotOurs,
    /// No code of ours and no open order of that amount: «tiền khác», never work.
    OtherMoney,
    /// No code of ours, but open orders cost exactly this; or an amount that cannot be read: a person says.
    Unmatched { candidates: Vec<OrderCode> },
    /// Two references in one memo: a person splits it.
    TwoHits { candidates: Vec<OrderCode> },
    /// Covers what is due, to the đồng.
    Exact { order: OrderId },
    /// Less than is due: booked, the order waits for the rest.
    Partial { order: OrderId, missing: Money },
    /// More than is due: the order is paid, the rest goes back.
    Over { order: OrderId, excess: Money },
    /// The order was already paid: the money goes back or elsewhere, a person says.
    Duplicate { order: OrderId },
    /// The order is expired, cancelled or declined: never dropped, a person says.
    Late { order: OrderId },
    /// Came to an account of the cooperative that is not the one printed: a person says.
    WrongAccount { order: OrderId },
}

/// The decision table (one row a case). `hits`: orders of this cooperative whose code is in the memo.
/// `same_amount`: its orders awaiting exactly this sum, most likely first.
pub fn decide(message: &BankMessage, hits: &[Hit], same_amount: &[OrderCode]) -> Decision {
    if message.ping {
        return Decision::Ping;
    }
    if message.direction == Direction::Out {
        return Decision::NotOurs;
    }
    // Zero stands for an amount that nobody could read: it pays nothing, and it is not put away either.
    if !message.amount.is_positive() {
        return Decision::Unmatched { candidates: hits.iter().map(|hit| hit.code.clone()).collect() };
    }
    match hits {
        [] if same_amount.is_empty() => Decision::OtherMoney,
        [] => Decision::Unmatched { candidates: same_amount.to_vec() },
        [hit] => decide_for(hit, message.amount),
        many => Decision::TwoHits { candidates: many.iter().map(|hit| hit.code.clone()).collect() },
    }
}

/// One order is meant: how its due and the amount meet.
pub fn decide_for(hit: &Hit, amount: Money) -> Decision {
    let order = hit.order.clone();
    if hit.other_account {
        return Decision::WrongAccount { order };
    }
    if hit.state.is_dead() {
        return Decision::Late { order };
    }
    if !hit.due.is_positive() {
        return Decision::Duplicate { order };
    }
    match amount.cmp(&hit.due) {
        std::cmp::Ordering::Equal => Decision::Exact { order },
        std::cmp::Ordering::Less => Decision::Partial { order, missing: hit.due.minus(amount).unwrap_or(Money::ZERO) },
        std::cmp::Ordering::Greater => Decision::Over { order, excess: amount.minus(hit.due).unwrap_or(Money::ZERO) },
    }
}

impl Decision {
    /// Why a person has to look at it; none when the machine has done all there is to do.
    pub const fn waits_for_person(&self) -> Option<MoneyCaseReason> {
        match self {
            Decision::Unmatched { .. } => Some(MoneyCaseReason::Unmatched),
            Decision::TwoHits { .. } => Some(MoneyCaseReason::TwoHits),
            Decision::Over { .. } => Some(MoneyCaseReason::Over),
            Decision::Duplicate { .. } => Some(MoneyCaseReason::Duplicate),
            Decision::Late { .. } => Some(MoneyCaseReason::Late),
            Decision::WrongAccount { .. } => Some(MoneyCaseReason::WrongAccount),
            // A part payment is not a person's work until its order has run out: the buyer sees a fresh code for the rest.
            Decision::Partial { .. } | Decision::Exact { .. } => None,
            Decision::Ping | Decision::NotOurs | Decision::OtherMoney => None,
        }
    }
}

/// What finds the same money again when it is told by two ways: account, bank's reference, amount, direction, day.
/// None when the bank gave no reference.
pub fn natural_key(account_number: &str, message: &BankMessage) -> Option<String> {
    let reference: String = message.reference_code.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    if reference.is_empty() {
        return None;
    }
    let (amount, direction, day) = (message.amount.vnd(), message.direction, message.booked_at.day());
    Some(format!("{account_number}|{}|{amount}|{direction}|{day}", reference.to_ascii_uppercase()))
}
