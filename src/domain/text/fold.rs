//! Folding: how text is compared when marks, case and đ must not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Text as a machine compares it: NFKD, marks dropped, đ as d, lower case.
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'đ' | 'ð' => 'd',
            other => other,
        })
        .collect()
}

/// Text in printable ASCII with its case kept, for machines that take nothing else (bank memos): marks dropped, đ as d,
/// white space as a space, dashes and quotes as typed on a keyboard, invisible characters gone. What is still not ASCII stays
/// in place, for the caller to refuse by name.
pub fn ascii(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c) && !super::clean::is_invisible(*c))
        .map(|c| match c {
            'đ' | 'ð' => 'd',
            'Đ' | 'Ð' => 'D',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{201c}' | '\u{201d}' | '«' | '»' => '"',
            space if space.is_whitespace() => ' ',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_case_and_the_barred_d_do_not_matter() {
        for text in ["Đậu ĐỖ", "đậu đỗ", "DAU DO", "Đa\u{323}\u{302}u đo\u{302}\u{303}"] {
            assert_eq!(fold(text), "dau do", "{text}");
        }
    }

    #[test]
    fn ascii_keeps_case_and_shows_what_it_cannot_write() {
        assert_eq!(ascii("Đặng Thị Hương\u{a0}– ổi “Bo”"), "Dang Thi Huong - oi \"Bo\"");
        assert_eq!(ascii("ổi 🍐"), "oi 🍐");
    }
}
