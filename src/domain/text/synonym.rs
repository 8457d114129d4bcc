//! What people call the same thing: one table (`assets/data/synonyms.txt`) that feeds every search engine. `=` holds both ways, `>` only from
//! what is typed to the name. A `!` marks a word that without its marks is too often another one (mè / me, đỗ / đỏ): it counts only
//! when it was typed with marks. Knows words, no products.

use super::fold::fold;
use super::syllable::{split_tone, words};
use std::sync::LazyLock;

/// One direction of one line: who types `typed` also means `meant`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synonym {
    /// Words in lower case with their marks, one space between.
    pub typed: String,
    pub meant: String,
    /// Counts only when typed with marks: an engine that folds its synonyms leaves it out.
    pub marks_needed: bool,
}

static TABLE: LazyLock<Vec<Synonym>> = LazyLock::new(|| {
    include_str!("../../../assets/data/synonyms.txt")
        .lines()
        .filter_map(|line| {
            line.split_once(" = ").map(|pair| (pair, true)).or_else(|| Some((line.split_once(" > ")?, false)))
        })
        .flat_map(|((left, right), both)| {
            let way = |from: &str, to: &str| Synonym {
                typed: from.trim_start_matches('!').to_owned(),
                meant: to.trim_start_matches('!').to_owned(),
                marks_needed: from.starts_with('!'),
            };
            [Some(way(left, right)), both.then(|| way(right, left))]
        })
        .flatten()
        .collect()
});

/// Every direction of every line.
pub fn table() -> &'static [Synonym] {
    &TABLE
}

/// The query said otherwise: one phrase replaced in each, distinct, the query itself left out. At most 8.
pub fn alternatives(query: &str) -> Vec<String> {
    let typed = words(query);
    let mut found: Vec<String> = Vec::new();
    for synonym in table() {
        let phrase: Vec<&str> = synonym.typed.split(' ').collect();
        let Some(place) = typed.windows(phrase.len()).position(|window| same(window, &phrase, synonym.marks_needed))
        else {
            continue;
        };
        // «mắm cáy» inside «nước mắm cáy»: the longer name says it already.
        if contains(&typed, &synonym.meant) {
            continue;
        }
        let before = typed.iter().take(place).map(String::as_str);
        let after = typed.iter().skip(place.saturating_add(phrase.len())).map(String::as_str);
        let said = before.chain(synonym.meant.split(' ')).chain(after).collect::<Vec<_>>().join(" ");
        if !found.contains(&said) && found.len() < 8 {
            found.push(said);
        }
    }
    found
}

/// A word typed with marks must carry the right ones; one without marks stands for all, unless marks are needed.
fn same(window: &[String], phrase: &[&str], marks_needed: bool) -> bool {
    window.iter().zip(phrase).all(|(typed, word)| {
        if typed.is_ascii() && !marks_needed { *typed == fold(word) } else { split_tone(typed) == split_tone(word) }
    })
}

fn contains(typed: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    typed.windows(phrase.len()).any(|window| same(window, &phrase, false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines: Vec<&str> = include_str!("../../../assets/data/synonyms.txt").lines().collect();
        let both = lines.iter().filter(|line| line.contains(" = ")).count();
        assert_eq!(table().len(), lines.len() + both);
        for synonym in table() {
            assert_eq!(words(&synonym.typed).join(" "), synonym.typed, "lower case, NFC, single spaces");
            assert_eq!(words(&synonym.meant).join(" "), synonym.meant);
            assert!(synonym.typed.nfc().eq(synonym.typed.chars()));
            assert!(synonym.typed != synonym.meant);
        }
    }

    #[test]
    fn what_the_south_says_is_found_under_the_northern_name() {
        for (query, other) in [
            ("thịt heo", "thịt lợn"),
            ("thit heo", "thit lợn"),
            ("đậu phộng", "lạc"),
            ("dau phong rang", "lạc rang"),
            ("Khổ qua", "mướp đắng"),
            ("mè đen", "vừng đen"),
            ("dua leo", "dưa chuột"),
            ("nghêu", "ngao"),
            ("hột vịt", "trứng vịt"),
            ("dau xanh", "đỗ xanh"),
            ("sa-pô-chê", "hồng xiêm"),
            ("bun tau", "miến"),
        ] {
            assert!(alternatives(query).iter().any(|said| said == other), "{query}: {:?}", alternatives(query));
        }
    }

    #[test]
    fn one_way_and_marked_words_stay_what_they_are() {
        assert!(alternatives("miến").is_empty(), "bún tàu > miến is one way");
        assert!(alternatives("me").is_empty(), "me is tamarind too");
        assert!(alternatives("đỏ").is_empty());
        assert!(alternatives("nước mắm cáy").iter().all(|said| !said.contains("nước nước")));
        assert!(alternatives("").is_empty());
    }
}
