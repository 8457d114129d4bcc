//! Paths from names. Folded spelling is for machines only: a slug is never shown as a name.

use super::fold::fold;

/// Longest slug, in characters; cut at a hyphen.
const SLUG_CHARS: usize = 80;

/// `Gạo nếp cái hoa vàng (túi 2 kg)` → `gao-nep-cai-hoa-vang-tui-2-kg`. Only a–z, 0–9 and single hyphens; empty when the name
/// has neither letter nor digit of ours, and not unique: the caller sees to both.
pub fn slug(name: &str) -> String {
    let folded = fold(name);
    let mut out = String::with_capacity(name.len());
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if out.is_empty() {
            out.extend(word.chars().take(SLUG_CHARS));
        } else if out.len().saturating_add(word.len()) < SLUG_CHARS {
            out.push('-');
            out.push_str(word);
        } else {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_becomes_a_path() {
        assert_eq!(slug("Gạo nếp cái hoa vàng (túi 2 kg)"), "gao-nep-cai-hoa-vang-tui-2-kg");
        assert_eq!(slug("  Đậu đỗ – ĐEN "), "dau-do-den");
        assert_eq!(slug("HTX Ớt Đỏ Đồng Bằng"), "htx-ot-do-dong-bang");
        assert_eq!(slug("🍐 ---"), "");
    }

    proptest! {
        #[test]
        fn a_slug_is_its_own_slug(name in "\\PC{0,200}|[a-zà-ỹ ]{0,200}") {
            let made = slug(&name);
            prop_assert!(made.len() <= SLUG_CHARS);
            prop_assert!(made.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            prop_assert!(!made.starts_with('-') && !made.ends_with('-') && !made.contains("--"));
            prop_assert_eq!(slug(&made), made);
        }
    }
}
