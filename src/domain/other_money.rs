//! Rules of a cooperative for money that is no order's: who sends it, or what it says. Pure. A rule is asked only after no code of
//! ours and no open order of that amount was found (`payment::decide`).

use super::bank_message::BankMessage;
use super::id::OtherMoneyRuleId;
use super::text::fold::fold;

crate::word_enum! {
    RuleKind {
        /// «người gửi …»: the payer as the bank names it; where it names none, its text.
        Payer = "payer",
        /// «nội dung có …»: words in the memo or the bank's text.
        Words = "words",
    }
}

/// Letters and digits that a rule needs at least: «an» would dismiss half of what comes.
pub const LEAST_LETTERS: usize = 4;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub id: OtherMoneyRuleId,
    pub kind: RuleKind,
    /// As `plain` makes it.
    pub text: String,
}

/// A text as rules compare it: folded, letters and digits alone, since banks break words and drop marks.
pub fn plain(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

impl Rule {
    pub fn fits(&self, message: &BankMessage) -> bool {
        self.fits_words(message.counter_name.as_deref(), &format!("{} {}", message.memo, message.description))
    }

    /// The same of a movement that is already kept. A rule shorter than it may be fits nothing.
    pub fn fits_words(&self, payer: Option<&str>, words: &str) -> bool {
        let asked = match (self.kind, payer.map(plain).filter(|payer| !payer.is_empty())) {
            (RuleKind::Payer, Some(payer)) => payer,
            (RuleKind::Payer, None) | (RuleKind::Words, _) => plain(words),
        };
        self.text.len() >= LEAST_LETTERS && asked.contains(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kind: RuleKind, text: &str) -> Rule {
        Rule {
            id: OtherMoneyRuleId::new(crate::domain::time::At::from_unix_seconds(0), [1; 10]),
            kind,
            text: plain(text),
        }
    }

    #[test]
    fn a_rule_reads_the_payer_or_the_words_without_marks_and_spaces() {
        let payer = rule(RuleKind::Payer, "Cty Phân Bón Hưng Yên");
        assert!(payer.fits_words(Some("CTY PHAN BON HUNG YEN JSC"), ""));
        assert!(payer.fits_words(None, "CTY PHAN B ON HUNG YEN thanh toan"), "a bank that names no payer");
        assert!(!payer.fits_words(Some("TRAN VAN A"), "cty phan bon hung yen"), "another payer who speaks of it");
        let words = rule(RuleKind::Words, "góp vốn");
        assert!(words.fits_words(Some("TRAN VAN A"), "GOP VON quy 4"));
        assert!(!words.fits_words(Some("GOP VON"), "tien hang"));
        assert!(!rule(RuleKind::Words, "an").fits_words(None, "an com"), "too short to mean anything");
        assert!(!rule(RuleKind::Words, "").fits_words(None, "an com"));
    }
}
