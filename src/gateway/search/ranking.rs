//! Which of the found is best: exact marks, neighbouring words, where they stand. Pure; both engines could use it.

use super::words::Word;

/// What a document shows of itself to be judged.
#[derive(Debug, Default)]
pub struct Shown {
    pub name: Vec<Word>,
    /// Each other name by itself.
    pub also: Vec<Vec<Word>>,
    /// Category, cooperative, places.
    pub around: Vec<Vec<Word>>,
    pub availability_rank: u64,
}

/// Percent of a field's worth: the name, another name, what is around it.
const NAME: i64 = 100;
const ALSO: i64 = 85;
const AROUND: i64 = 45;
/// A word that follows its neighbour, as in the query.
const FOLLOWS: i64 = 30;
/// The field begins as the query does.
const BEGINS: i64 = 20;
/// The field says nothing but the query.
const NOTHING_ELSE: i64 = 25;

/// How well a document answers, larger is better. At most a few thousand.
pub fn score(query: &[Word], shown: &Shown) -> i64 {
    let fields = std::iter::once((NAME, shown.name.as_slice()))
        .chain(shown.also.iter().map(|words| (ALSO, words.as_slice())))
        .chain(shown.around.iter().map(|words| (AROUND, words.as_slice())));
    let judged: Vec<(i64, Judged)> = fields.map(|(worth, words)| (worth, judge(query, words))).collect();
    // Each word counts where it is worth most; togetherness counts in the best single field.
    let words: i64 = (0..query.len())
        .map(|index| {
            judged
                .iter()
                .map(|(worth, field)| part(field.words.get(index).copied().unwrap_or(0), *worth))
                .max()
                .unwrap_or(0)
        })
        .fold(0, i64::saturating_add);
    let together = judged.iter().map(|(worth, field)| part(field.together, *worth)).max().unwrap_or(0);
    let stock = i64::try_from(shown.availability_rank.min(2)).unwrap_or(0).saturating_mul(4);
    words.saturating_add(together).saturating_add(stock)
}

fn part(value: i64, percent: i64) -> i64 {
    value.saturating_mul(percent).div_euclid(100)
}

struct Judged {
    words: Vec<i64>,
    together: i64,
}

fn judge(query: &[Word], field: &[Word]) -> Judged {
    let mut words = Vec::with_capacity(query.len());
    let mut together = 0_i64;
    let mut before: Option<usize> = None;
    for (index, asked) in query.iter().enumerate() {
        // Of equals, the one that follows the word before is meant.
        let best = field
            .iter()
            .enumerate()
            .map(|(place, word)| {
                (likeness(asked, word), before.is_some_and(|last| last.saturating_add(1) == place), place)
            })
            .filter(|(like, ..)| *like > 0)
            .max_by_key(|(like, follows, place)| (*like, *follows, std::cmp::Reverse(*place)));
        words.push(best.map_or(0, |(like, ..)| like));
        if let Some((_, follows, place)) = best {
            if follows {
                together = together.saturating_add(FOLLOWS);
            }
            if index == 0 && place == 0 {
                together = together.saturating_add(BEGINS);
            }
        }
        before = best.map(|(.., place)| place);
    }
    if !words.is_empty() && words.len() == field.len() && words.iter().all(|like| *like > 0) {
        together = together.saturating_add(NOTHING_ELSE);
    }
    Judged { words, together }
}

/// How like a word of the text is to the one asked for, 0 to 100.
fn likeness(asked: &Word, word: &Word) -> i64 {
    if asked.marked == word.marked {
        100
    } else if asked.folded == word.folded {
        match (asked.has_marks(), word.has_marks()) {
            (false, _) => 75,
            (true, false) => 65,
            // Other marks are another word: dưa is not dừa.
            (true, true) => 30,
        }
    } else if word.typed.starts_with(&asked.typed) {
        45
    } else if word.folded.starts_with(&asked.folded) {
        35
    } else if is_near(&asked.folded, &word.folded) {
        25
    } else {
        0
    }
}

/// Same beginning or same end and about as long: what a slip of the finger leaves.
fn is_near(asked: &str, word: &str) -> bool {
    let (asked_chars, word_chars) = (asked.chars().count(), word.chars().count());
    if asked_chars < 3 || asked_chars.abs_diff(word_chars) > 1 {
        return false;
    }
    let alike = asked.chars().zip(word.chars()).filter(|(a, b)| a == b).count();
    let alike_back = asked.chars().rev().zip(word.chars().rev()).filter(|(a, b)| a == b).count();
    alike.max(alike_back).saturating_add(2) >= asked_chars
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn order<'a>(query: &str, names: &[&'a str]) -> Vec<&'a str> {
        let query = words(query);
        let mut sorted = names.to_vec();
        sorted.sort_by_key(|name| std::cmp::Reverse(score(&query, &Shown { name: words(name), ..Shown::default() })));
        sorted
    }

    #[test]
    fn exact_marks_stand_before_other_marks() {
        assert_eq!(order("dừa", &["Dưa hấu", "Dứa mật", "Dừa xiêm"])[0], "Dừa xiêm");
        assert_eq!(order("ổi", &["Cơm ôi", "Ổi Bo"])[0], "Ổi Bo");
    }

    #[test]
    fn neighbours_stand_before_the_same_words_apart() {
        assert_eq!(
            order("gao nep", &["Nếp than nấu gạo", "Bánh gạo và nếp", "Gạo nếp cái hoa vàng"])[0],
            "Gạo nếp cái hoa vàng"
        );
    }

    #[test]
    fn a_name_stands_before_a_place() {
        let query = words("đông hưng");
        let named = Shown { name: words("Gạo Đông Hưng"), ..Shown::default() };
        let near = Shown { name: words("Khoai tây"), around: vec![words("Đông Hưng")], ..Shown::default() };
        assert!(score(&query, &named) > score(&query, &near) && score(&query, &near) > 0);
    }
}
