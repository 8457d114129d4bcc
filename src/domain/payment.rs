//! What a movement on a bank account means for orders. Pure: the same facts always give the same decision.

use super::bank_message::{BankMessage, Direction};
use super::code::OrderCode;
use super::id::{OrderId, OtherMoneyRuleId, RefundId};
use super::money::Money;
use super::order::OrderState;
use super::other_money::Rule;

crate::word_enum! {
    /// How well it is proven that money came. A later grade confirms an earlier one.
    ProofGrade { BankMessage = "bank_message", Statement = "statement", ByHand = "by_hand" }
}
crate::word_enum! {
    BankEventState {
        Booked = "booked", Waiting = "waiting",
        /// On the shelf «tiền khác»: folded, never work.
        OtherMoney = "other_money",
        /// Taken from that shelf by a person or a rule; can be brought back.
        Dismissed = "dismissed",
        Ignored = "ignored",
    }
}
crate::word_enum! {
    /// Why money waits for a person.
    MoneyCaseReason {
        Unmatched = "unmatched", TwoHits = "two_hits", Partial = "partial", Late = "late", Over = "over",
        Duplicate = "duplicate", ShortStock = "short_stock", WrongAccount = "wrong_account", Refund = "refund",
        /// Never asked of anybody: the record of who dismissed other money, or of a small difference let go by the rule.
        OtherMoney = "other_money", SmallDifference = "small_difference",
    }
}
crate::word_enum! {
    /// A provider's payment link, as far as we know of it.
    PaymentLinkState {
        /// Wanted: the provider has not answered yet.
        Asked = "asked",
        /// Its code is what payers are shown.
        Open = "open",
        /// No longer wanted: the provider has yet to be told.
        Ending = "ending",
        Ended = "ended",
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
    /// The refund that the movement would prove, if it left the account (`refund::proven_by`).
    pub sends_back: Option<RefundId>,
}

/// Which of the cooperative's orders a message means: those whose code is in its memo, and only where there is none the one for whose
/// payment link the provider says it came. A hint finds an order and no more: what the amount then means is `decide`'s.
pub fn meant<T>(by_memo: Vec<T>, by_link: Option<T>) -> Vec<T> {
    if by_memo.is_empty() { by_link.into_iter().collect() } else { by_memo }
}

/// What a cooperative has laid down for its money; nothing unless it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    /// A transfer that is short by no more than this pays the order: its stated rule, 0 unless set, at most `MOST_LET_GO`.
    pub lets_go: Money,
    /// Other money that nobody wants to see again.
    pub rules: Vec<Rule>,
}

/// The most that a cooperative's rule may let go of one transfer.
pub const MOST_LET_GO: Money = Money(5_000);

/// What is to be done with a movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A provider's test message: answered, never money.
    Ping,
    /// Money that left the account.
    NotOurs,
    /// Money that left the account and is what is owed back for an order, or a part of it: it has gone.
    SentBack { order: OrderId, refund: RefundId },
    /// No code of ours and no open order of that amount: «tiền khác», never work.
    OtherMoney,
    /// The same, and a rule of the cooperative says that nobody needs to see it.
    Dismissed { rule: OtherMoneyRuleId },
    /// No code of ours, but open orders cost exactly this; or an amount that cannot be read: a person says.
    Unmatched { candidates: Vec<OrderCode> },
    /// Two references in one memo: a person splits it.
    TwoHits { candidates: Vec<OrderCode> },
    /// Covers what is due, to the đồng.
    Exact { order: OrderId },
    /// Short by no more than the cooperative's rule lets go: the order is paid, and costs that much less.
    NearEnough { order: OrderId, missing: Money },
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
/// `same_amount`: its orders awaiting exactly this sum, most likely first. A rule for other money is asked last: it never
/// touches money with a code of ours, or of as much as an open order costs.
pub fn decide(message: &BankMessage, hits: &[Hit], same_amount: &[OrderCode], house: &House) -> Decision {
    if message.ping {
        return Decision::Ping;
    }
    if message.direction == Direction::Out {
        let mut owed = hits.iter().filter_map(|hit| hit.sends_back.as_ref().map(|refund| (hit, refund)));
        return match (owed.next(), owed.next()) {
            (Some((hit, refund)), None) => Decision::SentBack { order: hit.order.clone(), refund: refund.clone() },
            _ => Decision::NotOurs,
        };
    }
    // Zero stands for an amount that nobody could read: it pays nothing, and it is not put away either.
    if !message.amount.is_positive() {
        return Decision::Unmatched { candidates: hits.iter().map(|hit| hit.code.clone()).collect() };
    }
    match hits {
        [] if same_amount.is_empty() => match house.rules.iter().find(|rule| rule.fits(message)) {
            Some(rule) => Decision::Dismissed { rule: rule.id.clone() },
            None => Decision::OtherMoney,
        },
        [] => Decision::Unmatched { candidates: same_amount.to_vec() },
        [hit] => decide_for(hit, message.amount, house.lets_go),
        many => Decision::TwoHits { candidates: many.iter().map(|hit| hit.code.clone()).collect() },
    }
}

/// One order is meant: how its due and the amount meet.
pub fn decide_for(hit: &Hit, amount: Money, lets_go: Money) -> Decision {
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
        std::cmp::Ordering::Less => {
            let missing = hit.due.minus(amount).unwrap_or(Money::ZERO);
            // Only before the order stands, and never more than a tenth of it: else a price would be agreed anew at the door.
            let is_small = missing <= lets_go.min(MOST_LET_GO) && missing.vnd() <= hit.total.vnd().div_euclid(10);
            let is_small = is_small && hit.state.awaits_money();
            if is_small { Decision::NearEnough { order, missing } } else { Decision::Partial { order, missing } }
        }
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
            Decision::Partial { .. } | Decision::Exact { .. } | Decision::NearEnough { .. } => None,
            Decision::Ping | Decision::NotOurs | Decision::SentBack { .. } => None,
            Decision::OtherMoney | Decision::Dismissed { .. } => None,
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

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
