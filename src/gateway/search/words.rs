//! Text as the engines compare it: syllables in three spellings. What people type instead of what they mean is
//! `domain::text`'s matter.

use crate::domain::text::fold::fold;
use unicode_normalization::UnicodeNormalization as _;

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
        Self { marked: tone_last(&typed), folded: fold(&typed), typed }
    }

    /// Whether it was typed with marks.
    pub fn has_marks(&self) -> bool {
        self.typed != self.folded
    }
}

/// The syllables of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    // Composed first: a decomposed letter would be cut in two at its mark.
    let composed: String = text.nfc().flat_map(char::to_lowercase).collect();
    composed.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(|part| Word::new(part.to_owned())).collect()
}

/// The syllables of a query, as many as are looked at.
pub fn query_words(text: &str) -> Vec<Word> {
    let cut: String = text.chars().take(QUERY_MOST).collect();
    let mut all = words(&cut);
    all.truncate(WORDS_MOST);
    all
}

fn tone_last(typed: &str) -> String {
    let is_tone = |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    let (tones, rest): (Vec<char>, Vec<char>) = typed.nfd().partition(is_tone);
    // A digit-like separator keeps the tone from melting into the last letter.
    let base: String = rest.into_iter().nfc().collect();
    tones.into_iter().fold(base, |mut out, tone| {
        out.push(match tone {
            '\u{300}' => '2',
            '\u{301}' => '1',
            '\u{303}' => '4',
            '\u{309}' => '3',
            _ => '5',
        });
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syllable_is_one_word_however_it_is_encoded() {
        let (composed, decomposed) = (words("Dưa hấu, Đông-Tảo"), words("Du\u{31b}a ha\u{302}\u{301}u, \u{110}o\u{302}ng-Ta\u{309}o"));
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
