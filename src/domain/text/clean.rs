//! Cleaning what people type or paste before it is kept: one Unicode form, nothing that cannot be seen, a length
//! counted in characters. Knows no field and no page.

use unicode_normalization::UnicodeNormalization;

/// More characters than the field holds. Nothing is cut silently: the person decides what goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{found} characters, {most} at most")]
pub struct TooLong {
    pub most: usize,
    pub found: usize,
}

/// Characters that take no place on screen but travel with pasted text: joiners, direction marks, soft hyphens,
/// byte-order marks, variation selectors, tags. Source: Unicode `Default_Ignorable_Code_Point`, plus interlinear marks.
pub const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// One line: NFC, every run of white space one space, no control or invisible characters, trimmed; at most `most` characters.
pub fn line(text: &str, most: usize) -> Result<String, TooLong> {
    measured(one_line(text), most)
}

/// Several lines: like [`line`] for each, line ends as `\n`, never two empty lines in a row; at most `most` characters in all.
pub fn lines(text: &str, most: usize) -> Result<String, TooLong> {
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let mut out = String::with_capacity(text.len());
    let mut gap = 0_usize;
    for row in unified.split('\n').map(one_line) {
        if row.is_empty() {
            gap = gap.saturating_add(1);
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap > 0 { "\n\n" } else { "\n" });
        }
        out.push_str(&row);
        gap = 0;
    }
    measured(out, most)
}

fn one_line(text: &str) -> String {
    // White space first: tab and line end are control characters too, but they part words.
    let seen: String = text.chars().filter(|c| c.is_whitespace() || !(c.is_control() || is_invisible(*c))).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

fn measured(text: String, most: usize) -> Result<String, TooLong> {
    let found = text.chars().count();
    if found > most { Err(TooLong { most, found }) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_keeps_what_can_be_seen_in_one_form() {
        assert_eq!(line("  Ga\u{323}o\u{a0}\tne\u{302}\u{301}p\u{200b}\r\n", 20).as_deref(), Ok("Gạo nếp"));
        assert_eq!(line("a\u{202e}b\u{0}c\u{feff}", 20).as_deref(), Ok("abc"));
        assert_eq!(line("gạo nếp", 6), Err(TooLong { most: 6, found: 7 }));
        assert_eq!(line("", 0).as_deref(), Ok(""));
    }

    #[test]
    fn paragraphs_survive_and_empty_lines_do_not_pile_up() {
        assert_eq!(lines("\n\nmột \r\n  hai\r\r\n\n\nba\n", 50).as_deref(), Ok("một\nhai\n\nba"));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC{0,40}|[ \\n\\r\\ta-zà-ỹ\u{200b}\u{301}]{0,40}") {
            let once = line(&text, 1000).expect("short");
            prop_assert_eq!(line(&once, 1000), Ok(once.clone()));
            let rows = lines(&text, 1000).expect("short");
            prop_assert_eq!(lines(&rows, 1000), Ok(rows.clone()));
        }
    }
}
