//! Money owed back to a buyer: its states, what it is called in a transfer, and when it is late. Where the money stands is the
//! ledger's matter; this is only what is under way.

use super::code::OrderCode;
use super::id::RefundId;
use super::money::Money;
use super::refusal::Refusal;
use super::text::fold::ascii;
use super::time::At;
use super::vietqr::ACCOUNT_CHARS;

crate::word_enum! {
    RefundState {
        /// Nobody knows yet where the money should go: the buyer is asked on the order's page.
        AskedAccount = "asked_account",
        /// The buyer would rather wait for the next harvest; the cooperative is not late meanwhile.
        WaitsForGoods = "waits_for_goods",
        /// The account is known.
        Ready = "ready",
        /// A second person has agreed.
        Approved = "approved",
        /// A person of the cooperative says that it was sent: «HTX tự ghi đã chuyển trả».
        Sent = "sent",
        /// The bank has told of it.
        Closed = "closed",
        /// The buyer leaves it with the cooperative; the books still owe it.
        Kept = "kept",
        /// Nothing is owed any more: the order lives again, or the money was never there.
        Void = "void",
        /// Said to be sent and taken back within the hour; what is owed stands in a row of its own again.
        Undone = "undone",
        /// The buyer paid another order of the same cooperative with it, or with a part.
        Moved = "moved",
    }
}

/// What begins the memo of a transfer back, before the order's code.
const MEMO_PREFIX: &str = "HF";
/// Hours a refund may take when no dated setting says otherwise.
pub const WITHIN_H: i64 = 24;
/// How long a person may take back «Đã chuyển trả», seconds.
pub const UNDO_WITHIN_S: i64 = 3600;
/// From this sum on a second person has to agree, unless the cooperative has laid down another.
pub const SECOND_PERSON_FROM: Money = Money(2_000_000);

impl RefundState {
    /// Somebody still has to do something.
    pub const fn is_under_way(self) -> bool {
        matches!(
            self,
            RefundState::AskedAccount | RefundState::WaitsForGoods | RefundState::Ready | RefundState::Approved
        )
    }

    /// Money has gone, as a person or the bank says.
    pub const fn has_gone(self) -> bool {
        matches!(self, RefundState::Sent | RefundState::Closed)
    }
}

/// `HFHT7K2M9QA`: the order's code within it is found by the same matcher that reads payments.
pub fn memo(code: &OrderCode) -> String {
    format!("{MEMO_PREFIX}{code}")
}

/// Whether words of a bank carry the reference of an order's refund.
pub fn is_named(words: &str, code: &OrderCode) -> bool {
    let letters: String = ascii(words).chars().filter(char::is_ascii_alphanumeric).collect();
    letters.to_uppercase().contains(&memo(code))
}

/// When money whose way is known since `since` should have gone.
pub fn due_at(since: At, within_h: i64) -> At {
    since.plus_seconds(within_h.saturating_mul(3600))
}

/// Whether it should have gone by now.
pub fn is_late(since: At, now: At, within_h: i64) -> bool {
    now > due_at(since, within_h)
}

/// A refund as an outgoing movement may prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    pub id: RefundId,
    pub state: RefundState,
    pub amount: Money,
    /// The account that it goes to, when the bank names one: whether it is that of the movement.
    pub same_account: Option<bool>,
}

/// Which refund of one order a movement of `amount` proves. First one that a person has said was sent, then what is under way, to
/// the đồng; a part of what is under way only when the words carry the refund's own reference. A movement to another account
/// without that reference proves nothing.
pub fn proven_by(awaited: &[Awaited], amount: Money, named: bool) -> Option<RefundId> {
    let fits = |row: &&Awaited| named || row.same_account != Some(false);
    let said = |row: &&Awaited| row.state == RefundState::Sent && row.amount == amount;
    let under_way = |row: &&Awaited| {
        row.state.is_under_way() && (row.amount == amount || (named && amount.is_positive() && amount < row.amount))
    };
    let rows = || awaited.iter().filter(fits);
    rows().find(said).or_else(|| rows().find(under_way)).map(|row| row.id.clone())
}

/// Where money is to go, as the buyer says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Where {
    /// Six digits.
    pub bin: String,
    /// Letters and digits, at most 19.
    pub account_number: String,
    /// Capitals without marks, as banks write it.
    pub holder_name: String,
}

/// An account number without what people and banks put between its signs.
pub fn plain_number(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).collect::<String>().to_uppercase()
}

/// Reads an account as people type it: spaces and points inside the number do not matter.
pub fn read_where(bin: &str, account_number: &str, holder_name: &str) -> Result<Where, Vec<Refusal>> {
    let number = plain_number(account_number);
    let holder = ascii(holder_name).to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut refusals = Vec::new();
    if super::bank::find(bin).is_none() {
        refusals.push(Refusal::new("refusal-bank").about("bin"));
    }
    let length = number.chars().count();
    if !(6..=ACCOUNT_CHARS).contains(&length) || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
        refusals.push(Refusal::new("refusal-account-number").about("account_number"));
    }
    let is_name = holder.chars().filter(char::is_ascii_alphabetic).count() >= 2 && holder.chars().count() <= 60;
    if !is_name || !holder.is_ascii() {
        refusals.push(Refusal::new("refusal-holder-name").about("holder_name"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(Where { bin: bin.to_owned(), account_number: number, holder_name: holder })
}

/// An account number for eyes that should only recognise it: `…8888`.
pub fn masked(account_number: &str) -> String {
    let count = account_number.chars().count();
    format!("…{}", account_number.chars().skip(count.saturating_sub(4)).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_given_from_when_the_way_is_known() {
        let since: At = "2026-11-23T10:00:00+07:00".parse().expect("valid");
        assert!(!is_late(since, since.plus_seconds(86_400), WITHIN_H));
        assert!(is_late(since, since.plus_seconds(86_401), WITHIN_H));
        assert!(!is_late(since, since.plus_seconds(86_401), 48));
    }

    #[test]
    fn a_movement_proves_what_was_said_first_then_what_is_owed_and_a_part_only_under_its_reference() {
        let at: At = "2026-11-23T10:00:00+07:00".parse().expect("valid");
        let row = |n: u8, state, vnd, same_account| Awaited {
            id: RefundId::new(at, [n; 10]),
            state,
            amount: Money(vnd),
            same_account,
        };
        let (said, open) = (row(1, RefundState::Sent, 500, None), row(2, RefundState::Ready, 500, None));
        let id = |row: &Awaited| Some(row.id.clone());
        assert_eq!(proven_by(&[open.clone(), said.clone()], Money(500), false), id(&said));
        assert_eq!(proven_by(std::slice::from_ref(&open), Money(500), false), id(&open));
        assert_eq!(proven_by(std::slice::from_ref(&open), Money(499), false), None);
        assert_eq!(proven_by(std::slice::from_ref(&open), Money(499), true), id(&open));
        for (vnd, named) in [(501, true), (501, false), (0, true), (-1, true)] {
            assert_eq!(proven_by(&[open.clone(), said.clone()], Money(vnd), named), None, "{vnd}");
        }
        let elsewhere = row(3, RefundState::Ready, 500, Some(false));
        assert_eq!(proven_by(std::slice::from_ref(&elsewhere), Money(500), false), None);
        assert_eq!(proven_by(std::slice::from_ref(&elsewhere), Money(500), true), id(&elsewhere));
        for state in
            [RefundState::Closed, RefundState::Kept, RefundState::Void, RefundState::Undone, RefundState::Moved]
        {
            assert_eq!(proven_by(&[row(4, state, 500, Some(true))], Money(500), true), None, "{state}");
        }
    }

    #[test]
    fn the_memo_carries_the_orders_code_for_the_same_matcher() {
        let code: OrderCode = "HT7K2M9QA".parse().expect("a code");
        assert_eq!(memo(&code), "HFHT7K2M9QA");
        let words = format!("MBVCB.123.{}.CT tu", memo(&code));
        assert_eq!(crate::domain::memo::candidates(&words), std::slice::from_ref(&code));
        assert!(is_named(&words, &code) && is_named("hf ht7k2 m9qa", &code));
        assert!(!is_named("HT7K2M9QA chuyen tien", &code));
    }

    #[test]
    fn an_account_is_read_as_people_type_it_or_each_field_is_refused() {
        let read = read_where("970436", " 101 758.8888 ", "Nguyễn  Thị Đào").expect("an account");
        let expected =
            Where { bin: "970436".into(), account_number: "1017588888".into(), holder_name: "NGUYEN THI DAO".into() };
        assert_eq!(read, expected);
        let refused = read_where("000000", "12", "9").expect_err("nothing right");
        let fields: Vec<_> = refused.iter().map(|refusal| refusal.field.as_str()).collect();
        assert_eq!(fields, ["bin", "account_number", "holder_name"]);
        assert!(read_where("970436", "10175é8888", "A B").is_err());
        assert_eq!(masked("1017588888"), "…8888");
    }
}
