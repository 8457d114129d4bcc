//! What a bank, or a service that watches an account, says of one movement: one shape whoever said it.
//! Knows no provider's field names and decides nothing; what the money is for is `payment`'s matter.

use super::money::Money;
use super::time::At;

crate::word_enum! {
    /// Who tells of movements on an account.
    BankProvider {
        Sepay = "sepay",
        Casso = "casso",
        CassoV1 = "casso-v1",
        Payos = "payos",
        Vietqr = "vietqr",
        /// Our own documented message (`gateway/bank/README.md`).
        Generic = "generic",
        /// Nobody: people of the cooperative read the account themselves.
        None = "none",
    }
}

crate::word_enum! {
    /// Which way the money went, seen from the cooperative's account.
    Direction {
        In = "in",
        Out = "out",
    }
}

/// One movement as a provider tells it, already verified. Texts are as the bank wrote them: untrusted, unfolded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankMessage {
    /// The provider's own id, the same on every repetition of this message.
    pub provider_event_id: String,
    pub direction: Direction,
    /// Whole đồng, positive whichever way it went (0 only in a ping).
    pub amount: Money,
    /// What the payer wrote, as far as the bank kept it.
    pub memo: String,
    /// The bank's whole text, often empty.
    pub description: String,
    /// The bank's own number of the movement (FT…), empty when it gave none.
    pub reference_code: String,
    pub account_number: String,
    /// The virtual account beneath it, when the bank runs such.
    pub virtual_account: Option<String>,
    pub counter_name: Option<String>,
    pub counter_account: Option<String>,
    /// The number of the payment link through which the provider says it came. Its hint: an order's code in the memo goes before it
    /// (`payment::meant`).
    pub link_number: Option<i64>,
    /// What the account held right after this movement, when the bank said so: a gap between two movements shows by it.
    pub balance_after: Option<Money>,
    /// When the bank says it happened; when it says nothing readable, when we heard.
    pub booked_at: At,
    /// The signature was right but its timestamp old: booked all the same, since the id makes a repetition harmless.
    pub stale: bool,
    /// A provider's test message: answered with success, never money.
    pub ping: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_spelled_as_in_the_webhook_path() {
        let words: Vec<&str> = BankProvider::ALL.iter().map(BankProvider::as_text).collect();
        assert_eq!(words, ["sepay", "casso", "casso-v1", "payos", "vietqr", "generic", "none"]);
        assert_eq!("casso-v1".parse(), Ok(BankProvider::CassoV1));
        assert!("Sepay".parse::<BankProvider>().is_err());
        assert_eq!(Direction::ALL.iter().map(Direction::as_text).collect::<Vec<_>>(), ["in", "out"]);
    }
}
