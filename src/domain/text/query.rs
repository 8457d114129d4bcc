//! How a search is tried, step by step, and how what it found is put in order. The ladder is data: every engine walks the same one
//! and stops at the first step that finds something. Knows no index.

use super::fold::fold;
use super::syllable::{is_legal_unaccented, split_run, split_tone, words};
use super::{synonym, telex};

/// Words of a query that count.
const MOST_WORDS: usize = 10;

/// What a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// The words side by side in their order.
    AsTyped,
    /// All words, anywhere; the last one may be the beginning of a word.
    AllWords,
    /// All words of what was meant by raw Telex or VNI keys; the page says «Tìm: gạo nếp».
    Decoded,
    /// All words, each with a few letters wrong: [`letters_wrong`].
    Typos,
    /// The words but the last ones.
    DropLast,
}

/// One step of the ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub rung: Rung,
    /// Folded word lists; a hit satisfies any one of them. The first is the query, the others its synonyms and respellings.
    pub any_of: Vec<Vec<String>>,
    /// What the step looks for, with marks where they are known: what [`rerank`] takes, and what the page shows when decoded.
    pub text: String,
}

/// The steps for a query, in order; none for a query without words.
pub fn ladder(query: &str) -> Vec<Step> {
    let typed: Vec<String> = words(query).into_iter().filter(|word| !fold(word).is_empty()).take(MOST_WORDS).collect();
    if typed.is_empty() {
        return Vec::new();
    }
    let text = typed.join(" ");
    let step = |rung, text: &str| Step { rung, any_of: wordings(text), text: text.to_owned() };
    let mut steps =
        vec![Step { any_of: vec![folded(&text)], ..step(Rung::AsTyped, &text) }, step(Rung::AllWords, &text)];
    let meant = telex::decode(&text);
    if let Some(decoded) = &meant {
        steps.push(step(Rung::Decoded, decoded));
    }
    let best = meant.unwrap_or(text);
    steps.push(Step { any_of: vec![folded(&best)], ..step(Rung::Typos, &best) });
    let mut rest: Vec<&str> = best.split(' ').collect();
    while rest.len() > 1 {
        rest.pop();
        steps.push(step(Rung::DropLast, &rest.join(" ")));
    }
    steps
}

/// How many letters of a folded word may be wrong. Vietnamese syllables are short: below three letters every word is another one.
pub fn letters_wrong(word: &str) -> u8 {
    match word.chars().count() {
        0..=2 => 0,
        3..=7 => 1,
        _ => 2,
    }
}

fn folded(text: &str) -> Vec<String> {
    text.split(' ').map(fold).collect()
}

/// The words as they are, said otherwise, and apart or together: `caibap` → cai bap, `st 25` → st25.
fn wordings(text: &str) -> Vec<Vec<String>> {
    let plain = folded(text);
    let apart: Vec<String> =
        plain.iter().flat_map(|word| split_run(word).unwrap_or_else(|| vec![word.clone()])).collect();
    let others = synonym::alternatives(text).into_iter().map(|said| folded(&said));
    let mut all = vec![plain.clone()];
    for wording in [apart, together(&plain)].into_iter().chain(others) {
        if !all.contains(&wording) {
            all.push(wording);
        }
    }
    all
}

/// A number behind a word that is no syllable belongs to it: names of varieties.
fn together(plain: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(plain.len());
    for word in plain {
        let number = word.bytes().all(|byte| byte.is_ascii_digit());
        match out.last_mut() {
            Some(before)
                if number && before.bytes().all(|b| b.is_ascii_lowercase()) && !is_legal_unaccented(before) =>
            {
                before.push_str(word);
            }
            _ => out.push(word.clone()),
        }
    }
    out
}

/// How well a name answers a query, for ordering what an engine found (higher is better; ties by what sells).
///
/// For each word of the query the best word of the name counts: 100 for the same marks, 60 for the same letters when the word was
/// typed without marks, 20 when the marks differ (dâu is not đậu), 30 or 10 for a beginning. 25 for each pair of neighbours that
/// stand side by side in the name too, 15 when the name begins with the query's first word, 1 off for each word the query does
/// not ask for, up to 10.
pub fn rerank(query: &str, name: &str) -> i32 {
    let wanted = words(query);
    let held: Vec<Held> = words(name).iter().map(|word| Held::of(word)).collect();
    let matches: Vec<(i32, Option<usize>)> = wanted.iter().map(|word| best(&Held::of(word), &held)).collect();
    let words_found = matches.iter().fold(0_i32, |sum, (score, _)| sum.saturating_add(*score));
    let neighbours = matches
        .windows(2)
        .filter(|pair| matches!(pair, [(_, Some(left)), (_, Some(right))] if left.saturating_add(1) == *right));
    let adjacent = i32::try_from(neighbours.count()).unwrap_or(0).saturating_mul(25);
    let leads = if matches.first().is_some_and(|(_, place)| *place == Some(0)) { 15 } else { 0 };
    let unasked = i32::try_from(held.len().saturating_sub(wanted.len()).min(10)).unwrap_or(10);
    words_found.saturating_add(adjacent).saturating_add(leads).saturating_sub(unasked)
}

/// A word three ways: with its marks wherever they are written, folded, and whether it has marks at all.
struct Held {
    exact: (String, super::syllable::Tone),
    plain: String,
    marked: bool,
}

impl Held {
    fn of(word: &str) -> Held {
        Held { exact: split_tone(word), plain: fold(word), marked: !word.is_ascii() }
    }
}

fn best(wanted: &Held, name: &[Held]) -> (i32, Option<usize>) {
    let mut found = (0_i32, None);
    for (place, word) in name.iter().enumerate() {
        let score = if wanted.plain == word.plain {
            match (wanted.marked, wanted.exact == word.exact) {
                (true, true) => 100,
                (true, false) => 20,
                (false, _) => 60,
            }
        } else if word.plain.starts_with(&wanted.plain) {
            if !wanted.marked || word.exact.0.starts_with(&wanted.exact.0) { 30 } else { 10 }
        } else {
            0
        };
        if score > found.0 {
            found = (score, Some(place));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order<'a>(query: &str, names: &[&'a str]) -> Vec<&'a str> {
        let mut sorted = names.to_vec();
        sorted.sort_by_key(|name| std::cmp::Reverse(rerank(query, name)));
        sorted
    }

    fn rungs(query: &str) -> Vec<(Rung, String)> {
        ladder(query).into_iter().map(|step| (step.rung, step.text)).collect()
    }

    #[test]
    fn the_ladder_goes_from_what_was_typed_to_what_may_have_been_meant() {
        assert_eq!(
            rungs("Gaoj neeps"),
            [
                (Rung::AsTyped, "gaoj neeps".to_owned()),
                (Rung::AllWords, "gaoj neeps".to_owned()),
                (Rung::Decoded, "gạo nếp".to_owned()),
                (Rung::Typos, "gạo nếp".to_owned()),
                (Rung::DropLast, "gạo".to_owned()),
            ]
        );
        assert_eq!(rungs("ổi").len(), 3);
        assert!(ladder(" – ").is_empty());
    }

    #[test]
    fn all_words_also_asks_for_synonyms_and_respellings() {
        let any_of =
            |query: &str| -> Vec<String> { ladder(query)[1].any_of.iter().map(|wording| wording.join(" ")).collect() };
        assert_eq!(any_of("caibap"), ["caibap", "cai bap"]);
        assert_eq!(any_of("gạo st 25"), ["gao st 25", "gao st25"]);
        assert_eq!(any_of("dau phong"), ["dau phong", "lac"]);
        assert_eq!(any_of("ổi 2"), ["oi 2"]);
    }

    #[test]
    fn marks_that_were_typed_decide() {
        let names = ["Đậu xanh", "Dầu lạc", "Dâu tây"];
        assert_eq!(order("dâu", &names)[0], "Dâu tây");
        assert_eq!(order("dầu", &names)[0], "Dầu lạc");
        assert_eq!(order("đậu", &names)[0], "Đậu xanh");
        assert_eq!(order("dưa", &["Dứa mật", "Dừa xiêm", "Dưa hấu"])[0], "Dưa hấu");
        // Without marks all are alike, and what sells decides (a stable sort keeps the order given).
        assert_eq!(order("dau", &names), names);
        assert_eq!(order("hòa", &["hoa", "hoà"])[0], "hoà", "where the tone is written does not matter");
    }

    #[test]
    fn neighbours_and_beginnings_come_first() {
        assert_eq!(order("nếp cái", &["Cái giỏ gạo nếp", "Gạo nếp cái hoa vàng"])[0], "Gạo nếp cái hoa vàng");
        assert_eq!(order("nhã", &["Long nhãn", "Nhãn lồng", "Mật ong hoa nhãn"])[0], "Nhãn lồng");
        assert_eq!(order("trứng vịt", &["Vịt biển làm sẵn", "Trứng gà ta", "Trứng vịt biển"])[0], "Trứng vịt biển");
        assert_eq!(order("ổi", &["Ổi Bo loại một túi 2 kg", "Ổi Bo"])[0], "Ổi Bo");
    }

    #[test]
    fn short_words_are_taken_at_their_letters() {
        assert_eq!(
            [letters_wrong("oi"), letters_wrong("bah"), letters_wrong("hungyen"), letters_wrong("hungyenx")],
            [0, 1, 1, 2]
        );
    }

    proptest! {
        #[test]
        fn a_name_answers_itself_best(a in "(nhãn|gạo|nếp|vịt|ổi|dưa){1}( (lồng|bo|cái|hấu|biển)){0,3}", b in "(nhan|gạo|nếp|vit|ôi|dừa)( (long|bò|cai|hâu|biền)){0,3}") {
            prop_assert!(rerank(&a, &a) >= rerank(&a, &b));
        }

        #[test]
        fn any_query_has_a_ladder_that_ends(text in "\\PC{0,60}") {
            let steps = ladder(&text);
            prop_assert!(steps.len() <= MOST_WORDS + 4);
            prop_assert!(steps.iter().all(|step| !step.any_of.is_empty() && step.any_of.iter().all(|words| !words.is_empty())));
            let _ = rerank(&text, "Gạo nếp");
        }
    }
}
