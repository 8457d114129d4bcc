//! Vietnamese order as a stored key, so that a database without Vietnamese collation sorts lists as people expect:
//! a ă â b c d đ e ê … o ô ơ … u ư …, then by tone (ngang huyền hỏi ngã sắc nặng), syllable by syllable as dictionaries do.
//!
//! A key holds only 0–9 and a–z, two characters a letter, so bytes and any database's collation agree on it.

use unicode_normalization::UnicodeNormalization;

/// The key of a name. Case and punctuation do not matter; numbers sort by their value: «túi 2 kg» before «túi 10 kg».
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len().saturating_mul(2));
    let mut syllable = Open::default();
    let mut number = String::new();
    for c in name.nfd().flat_map(char::to_lowercase) {
        if c.is_ascii_digit() {
            syllable.close_into(&mut key);
            number.push(c);
            continue;
        }
        close_number(&mut number, &mut key);
        match c {
            'a'..='z' => syllable.letters.push((c, '0')),
            'đ' => syllable.letters.push(('d', '1')),
            '\u{306}' | '\u{302}' | '\u{31b}' => syllable.shape(c),
            '\u{300}' => syllable.tone = '1',
            '\u{309}' => syllable.tone = '2',
            '\u{303}' => syllable.tone = '3',
            '\u{301}' => syllable.tone = '4',
            '\u{323}' => syllable.tone = '5',
            other if unicode_normalization::char::is_combining_mark(other) => {}
            other if other.is_alphanumeric() => {
                syllable.close_into(&mut key);
                // Other scripts stand behind z, by code point.
                key.push_str(&format!("z9{:06x}", u32::from(other)));
            }
            _separator => syllable.close_into(&mut key),
        }
    }
    close_number(&mut number, &mut key);
    syllable.close_into(&mut key);
    key
}

/// The key of a person: by the given name, which stands last, then by the rest. «Nguyễn Văn An» before «Bùi Thị Bình».
pub fn person_key(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.split_last() {
        Some((given, rest)) => name_key(given) + &name_key(&rest.join(" ")),
        None => String::new(),
    }
}

/// The syllable being read: letters with their shape, and the tone, which counts only after all letters.
#[derive(Default)]
struct Open {
    letters: Vec<(char, char)>,
    tone: char,
}

impl Open {
    /// ă â ê ô ơ ư are letters of their own.
    fn shape(&mut self, mark: char) {
        if let Some(last) = self.letters.last_mut() {
            last.1 = match (last.0, mark) {
                ('a', '\u{306}') | ('e' | 'o', '\u{302}') | ('u', '\u{31b}') => '1',
                ('a', '\u{302}') | ('o', '\u{31b}') => '2',
                (_, _) => last.1,
            };
        }
    }

    fn close_into(&mut self, key: &mut String) {
        if self.letters.is_empty() {
            return;
        }
        for (letter, shape) in self.letters.drain(..) {
            key.push(letter);
            key.push(shape);
        }
        // '0' is below every letter: the shorter syllable comes first, and its tone decides before the next syllable.
        key.push('0');
        key.push(if self.tone.is_ascii_digit() { self.tone } else { '0' });
        self.tone = '0';
    }
}

/// Numbers before letters, by length and then digit by digit: that is by value.
fn close_number(number: &mut String, key: &mut String) {
    if number.is_empty() {
        return;
    }
    let value = number.trim_start_matches('0');
    let length = u32::try_from(value.len().min(35)).unwrap_or(35);
    key.push('1');
    key.push(char::from_digit(length, 36).unwrap_or('z'));
    key.push_str(value);
    number.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted<'a>(names: &[&'a str], key: fn(&str) -> String) -> Vec<&'a str> {
        let mut shuffled: Vec<&str> = names.iter().rev().copied().collect();
        shuffled.sort_by_key(|name| key(name));
        shuffled
    }

    #[test]
    fn names_stand_in_vietnamese_order() {
        let names = [
            "10 quả trứng",
            "an",
            "Án",
            "anh",
            "ăn",
            "ân",
            "ba",
            "bà",
            "bả",
            "bã",
            "bá",
            "bạ",
            "bac",
            "bo",
            "bò",
            "bó",
            "bô",
            "bơ",
            "Dâu",
            "du",
            "dua",
            "dưa",
            "dừa",
            "dứa",
            "Đào",
            "đu",
            "đủ",
            "gà",
            "gạo",
            "gạo nếp",
            "Gạo tẻ",
            "nhãn",
            "oi",
            "ôi",
            "ổi",
            "ơi",
            "túi 2 kg",
            "túi 10 kg",
            "uy",
            "ưa",
            "vải",
            "yến",
        ];
        assert_eq!(sorted(&names, name_key), names);
        // Syllable by syllable: every «ba …» before «bà».
        let compounds = ["ba khía", "ba ba", "bà con"];
        assert_eq!(sorted(&compounds, name_key), ["ba ba", "ba khía", "bà con"]);
    }

    #[test]
    fn people_stand_by_their_given_name() {
        let people = ["Nguyễn Văn An", "Trần Thị An", "Bùi Thị Bình", "Lê Đạt", "Nguyễn Dung", "Phạm Ân"];
        assert_eq!(
            sorted(&people, person_key),
            ["Nguyễn Văn An", "Trần Thị An", "Phạm Ân", "Bùi Thị Bình", "Nguyễn Dung", "Lê Đạt"]
        );
        assert_eq!(person_key("  "), "");
    }

    #[test]
    fn the_form_of_the_text_does_not_matter() {
        let decomposed: String = "Gạo nếp cái hoa vàng".nfd().collect();
        assert_eq!(name_key(&decomposed), name_key("GẠO NẾP cái – hoa  vàng"));
        assert_eq!(name_key("hoà"), name_key("hòa"), "where the tone is written is a habit");
    }

    proptest! {
        #[test]
        fn a_key_sorts_alike_everywhere(a in "\\PC{0,20}", b in "[a-zà-ỹ0-9 ]{0,20}") {
            prop_assert!(name_key(&a).bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
            // What stands in front of a longer name comes first.
            let longer = b.clone() + " x";
            prop_assert!(name_key(&b) <= name_key(&longer), "a shorter name comes first");
        }
    }
}
