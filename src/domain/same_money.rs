//! Whether two tellings are of the same money. One movement may be told by a webhook, fetched by a poll and stand in a statement;
//! it is credited once, by whichever came first. Pure. Rule: the same account, amount, way and day, and the bank's reference (the
//! natural key) or, where ways differ, the same order code, balance or text. Each way tells a movement once: two lines of a
//! statement that look alike are two movements, and each finds its own partner.

use super::bank_message::BankProvider;
use super::code::OrderCode;
use super::id::BankEventId;
use super::memo;
use super::money::Money;
use super::payment::ProofGrade;
use super::text::fold::fold;
use super::time::{At, Day};
use std::collections::BTreeSet;

/// Before the id of what was fetched: a provider's ids in its lists and in its webhooks differ (SePay: UUID and number).
pub const POLL_PREFIX: &str = "poll:";
/// Letters that two texts must share to be the same text.
const TEXT_LETTERS: usize = 10;

/// By which way something was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Webhook(BankProvider),
    Poll,
    Statement,
    /// A person of the cooperative.
    Word,
}

impl Channel {
    pub fn of(grade: ProofGrade, provider: BankProvider, provider_event_id: &str) -> Self {
        match grade {
            ProofGrade::Statement => Channel::Statement,
            ProofGrade::ByHand => Channel::Word,
            ProofGrade::BankMessage if provider_event_id.starts_with(POLL_PREFIX) => Channel::Poll,
            ProofGrade::BankMessage => Channel::Webhook(provider),
        }
    }
}

/// A movement as one way tells it. Account, amount and direction are the same for all that are compared.
#[derive(Debug, Clone)]
pub struct Telling {
    pub id: BankEventId,
    pub channel: Channel,
    pub natural_key: Option<String>,
    /// The account it names, when it is another than ours.
    pub other_account: Option<String>,
    pub memo: String,
    pub description: String,
    /// As the bank says.
    pub booked_at: At,
    pub balance: Option<Money>,
    /// The telling that this one repeats; none when it was the first.
    pub first: Option<BankEventId>,
}

impl Telling {
    fn day(&self) -> Day {
        self.booked_at.day()
    }

    /// The one that stands for the money.
    fn group(&self) -> &BankEventId {
        self.first.as_ref().unwrap_or(&self.id)
    }

    fn codes(&self) -> BTreeSet<OrderCode> {
        memo::candidates(&self.memo).into_iter().chain(memo::candidates(&self.description)).collect()
    }

    fn texts(&self) -> [String; 2] {
        [&self.memo, &self.description]
            .map(|text| fold(text).chars().filter(char::is_ascii_alphanumeric).collect::<String>())
    }
}

/// The first telling of the same money among `told` (oldest first), if it was told before.
pub fn first_telling<'a>(new: &Telling, told: &'a [Telling]) -> Option<&'a BankEventId> {
    // What came to another account of the owner is other money, however alike: one webhook may tell of several.
    let others = || {
        let alike = told.iter().filter(|other| other.channel != Channel::Word && other.id != new.id);
        alike.filter(|other| other.other_account == new.other_account)
    };
    let is_free = |group: &BankEventId| {
        told.iter().filter(|member| member.group() == group).all(|member| member.channel != new.channel)
    };
    let by_reference =
        |other: &&Telling| new.natural_key.is_some() && new.natural_key == other.natural_key && !contradict(new, other);
    let found = others()
        .find(|other| by_reference(other) && is_free(other.group()))
        .or_else(|| others().find(|other| by_likeness(new, other) && is_free(other.group())));
    let found = found.or_else(|| {
        // A provider may repeat one movement under two ids; a statement never does.
        others().find(|other| new.channel != Channel::Statement && by_reference(other))
    });
    found.map(Telling::group)
}

/// Surely different money in spite of one reference: some banks give the same number to several movements.
fn contradict(a: &Telling, b: &Telling) -> bool {
    let (one, other) = (a.codes(), b.codes());
    let codes_differ = !one.is_empty() && !other.is_empty() && one != other;
    let balances_differ = a.channel == b.channel && a.balance.zip(b.balance).is_some_and(|(a, b)| a != b);
    codes_differ || balances_differ
}

/// Told by two ways of which one knows no reference, or a statement, whose numbers may be of another kind than the messages'.
fn by_likeness(new: &Telling, other: &Telling) -> bool {
    let in_statement = new.channel == Channel::Statement || other.channel == Channel::Statement;
    let may_differ = in_statement || new.natural_key.is_none() || other.natural_key.is_none();
    if new.channel == other.channel || !may_differ || new.day() != other.day() || contradict(new, other) {
        return false;
    }
    let codes = new.codes();
    if !codes.is_empty() && codes == other.codes() {
        return true;
    }
    if let (Some(a), Some(b)) = (new.balance, other.balance) {
        return a == b;
    }
    let theirs = other.texts();
    new.texts().iter().any(|ours| theirs.iter().any(|theirs| one_holds_the_other(ours, theirs)))
}

fn one_holds_the_other(a: &str, b: &str) -> bool {
    a.len().min(b.len()) >= TEXT_LETTERS && (a.contains(b) || b.contains(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telling(n: u8, channel: Channel, key: Option<&str>, memo: &str) -> Telling {
        let at: At = "2026-11-23T09:00:00+07:00".parse().expect("valid");
        Telling {
            id: BankEventId::new(at.plus_seconds(i64::from(n)), [n; 10]),
            channel,
            natural_key: key.map(str::to_owned),
            other_account: None,
            memo: memo.to_owned(),
            description: String::new(),
            booked_at: at,
            balance: None,
            first: None,
        }
    }

    const SEPAY: Channel = Channel::Webhook(BankProvider::Sepay);

    #[test]
    fn a_statement_line_finds_the_webhook_by_reference_code_or_text() {
        let told = [telling(1, SEPAY, Some("k"), "HT7K2M9QA chuyen tien")];
        for (key, memo) in [(Some("k"), "NODATA"), (None, "MBVCB.1.HT7K\n2M9QA.CT tu 1"), (Some("j"), "HT7K2M9QA")] {
            let new = telling(9, Channel::Statement, key, memo);
            assert_eq!(first_telling(&new, &told), Some(&told[0].id), "{key:?} {memo}");
        }
        let told = [telling(1, SEPAY, None, "tien nha thang muoi mot")];
        let new = telling(9, Channel::Statement, None, "TIEN NHA\nTHANG MUOI MOT GD 1234");
        assert_eq!(first_telling(&new, &told), Some(&told[0].id));
        for memo in ["", "HTABCDEFJ", "tien nha"] {
            assert_eq!(first_telling(&telling(9, Channel::Statement, None, memo), &told), None, "{memo}");
        }
    }

    #[test]
    fn two_lines_alike_are_two_movements_and_each_finds_one_partner() {
        let mut told = vec![telling(1, SEPAY, Some("k"), "x")];
        let mut line = telling(2, Channel::Statement, Some("k"), "x");
        assert_eq!(first_telling(&line, &told), Some(&told[0].id));
        line.first = Some(told[0].id.clone());
        told.push(line);
        assert_eq!(first_telling(&telling(3, Channel::Statement, Some("k"), "x"), &told), None);
        // The webhook of the same id once more, under another.
        assert_eq!(first_telling(&telling(4, SEPAY, Some("k"), "x"), &told), Some(&told[0].id));
    }

    #[test]
    fn one_reference_on_two_orders_is_not_one_movement() {
        let told = [telling(1, SEPAY, Some("k"), "HT7K2M9QA")];
        assert_eq!(first_telling(&telling(2, SEPAY, Some("k"), "HTABCDEFJ"), &told), None);
    }

    #[test]
    fn what_came_to_another_account_is_other_money() {
        let elsewhere = Telling { other_account: Some("8888".into()), ..telling(1, SEPAY, Some("k"), "HT7K2M9QA") };
        for key in [Some("k"), Some("j"), None] {
            let line = telling(2, Channel::Statement, key, "HT7K2M9QA");
            assert_eq!(first_telling(&line, std::slice::from_ref(&elsewhere)), None, "{key:?}");
        }
        let again = Telling { id: BankEventId::new(elsewhere.booked_at, [7; 10]), ..elsewhere.clone() };
        assert_eq!(first_telling(&again, std::slice::from_ref(&elsewhere)), Some(&elsewhere.id));
    }

    #[test]
    fn the_same_way_without_a_reference_tells_of_two_movements() {
        let told = [telling(1, SEPAY, None, "HT7K2M9QA")];
        assert_eq!(first_telling(&telling(2, SEPAY, None, "HT7K2M9QA"), &told), None);
        assert_eq!(first_telling(&telling(2, Channel::Poll, None, "HT7K2M9QA"), &told), Some(&told[0].id));
        assert_eq!(first_telling(&telling(2, Channel::Poll, Some("j"), "HT7K2M9QA"), &told), Some(&told[0].id));
        let told = [telling(1, SEPAY, Some("k"), "HT7K2M9QA")];
        assert_eq!(first_telling(&telling(2, Channel::Poll, Some("j"), "HT7K2M9QA"), &told), None);
    }
}
