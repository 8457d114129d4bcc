//! Text as the engines compare it: syllables in three spellings. What people type instead of what they mean is
//! `domain::text`'s matter.

use crate::domain::text::fold::fold;
use crate::domain::text::syllable::{self, Tone, split_tone};

/// Words of a query that are looked at; the rest is ignored.
pub const WORDS_MOST: usize = 10;
/// Characters of a query that are looked at.
const QUERY_MOST: usize = 200;

/// One syllable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lower case, composed.
    pub typed: String,
    /// The same with its tone at the end, so that «hoà» and «hòa» are one.
    pub marked: String,
    /// Without marks.
    pub folded: String,
}

impl Word {
    fn new(typed: String) -> Self {
        let (toneless, tone) = split_tone(&typed);
        Self { marked: format!("{toneless}{}", tone_key(tone)), folded: fold(&typed), typed }
    }

    /// Whether it was typed with marks.
    pub fn has_marks(&self) -> bool {
        self.typed != self.folded
    }
}

/// The syllables of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    syllable::words(text).into_iter().map(Word::new).collect()
}

/// The syllables of a query, as many as are looked at.
pub fn query_words(text: &str) -> Vec<Word> {
    let cut: String = text.chars().take(QUERY_MOST).collect();
    let mut all = words(&cut);
    all.truncate(WORDS_MOST);
    all
}

/// A digit, as VNI types it: it never melts into the last letter as a combining mark would.
const fn tone_key(tone: Tone) -> &'static str {
    match tone {
        Tone::Level => "",
        Tone::Rising => "1",
        Tone::Falling => "2",
        Tone::Asking => "3",
        Tone::Tumbling => "4",
        Tone::Heavy => "5",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syllable_is_one_word_however_it_is_encoded() {
        let (composed, decomposed) =
            (words("Dưa hấu, Đông-Tảo"), words("Du\u{31b}a ha\u{302}\u{301}u, \u{110}o\u{302}ng-Ta\u{309}o"));
        assert_eq!(composed, decomposed);
        let folded: Vec<&str> = composed.iter().map(|word| &*word.folded).collect();
        assert_eq!(folded, ["dua", "hau", "dong", "tao"]);
    }

    #[test]
    fn the_place_of_the_tone_is_no_difference_but_the_tone_is() {
        let marked = |text: &str| words(text).remove(0).marked;
        assert_eq!(marked("hoà"), marked("hòa"));
        assert_ne!(marked("dừa"), marked("dưa"));
        assert_ne!(marked("ổi"), marked("ôi"));
        assert_ne!(marked("đậu"), marked("dậu"));
        assert!(words("gạo").remove(0).has_marks() && !words("gao").remove(0).has_marks());
    }

    #[test]
    fn a_long_query_is_cut() {
        assert_eq!(query_words(&"gạo ".repeat(500)).len(), WORDS_MOST);
        assert!(query_words(" -- ,, \u{0} ").is_empty());
    }
}
