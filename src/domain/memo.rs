//! Finding order codes in what banks make of a transfer memo. Knows codes and text; which code is an order is not its matter.

use super::code::{CODE_CHARS, OrderCode};
use super::text::fold::fold;
use std::collections::HashSet;

/// Every text in the memo that could be one of our order codes, distinct, in order of appearance.
///
/// Banks insert spaces inside words, drop hyphens, change case and glue digits on both sides, so everything but A–Z and 0–9
/// is deleted first and a window of nine characters slides over the rest: no word boundaries. A name may look like a code
/// (about 9,000 in a million memos), therefore these are candidates; a hit is one that exists.
pub fn candidates(memo: &str) -> Vec<OrderCode> {
    let plain: Vec<u8> = fold(memo).bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase()).collect();
    let mut seen = HashSet::new();
    plain
        .windows(CODE_CHARS)
        .filter(|window| window.starts_with(OrderCode::PREFIX.as_bytes()))
        .filter_map(|window| std::str::from_utf8(window).ok()?.parse::<OrderCode>().ok())
        .filter(|code| seen.insert(code.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Entropy;
    use proptest::prelude::*;

    fn found(memo: &str) -> Vec<String> {
        candidates(memo).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_code_is_found_in_what_banks_send() {
        for memo in [
            "ht7k2m9qa",
            "MBVCB.3456789012.123456.HT7K2M9QA.CT tu 0123456789 NGUYEN VAN A toi 9876543210 HTX RAU SACH tai MB- Ma GD ACSP/ gz333212",
            "NGUYEN VAN AN HT7K 2M9QA",
            "HT7K2M9QA GD 174242-090822 15:45:46",
            "CT DEN:123456789012 HT7K2M9QA",
            "TT-HT7K2-M9QA",
            "HT7K2M9QA123456",
            "99HT7K2M9QA",
            "CS99LLIO075 HT7K2M9QA",
            "Nguyễn Văn Đạt chuyển tiền HT7K2M9QA",
            "HT7K2M9QA HT7K2M9QA",
            "HT7K2\nM9QA- Ma GD ACSP/ gz333212",
        ] {
            assert_eq!(found(memo), ["HT7K2M9QA"], "{memo}");
        }
    }

    #[test]
    fn a_lost_or_mistyped_code_is_not_made_up() {
        for memo in ["MOMO-CASHOUT-0123456789-12345", "NODATA", "", "HT1K2M9QA", "HT7K2M9Q", "7K2M9QA", "HTX RAU SACH"]
        {
            assert!(candidates(memo).is_empty(), "{memo}");
        }
    }

    #[test]
    fn two_codes_are_both_found_in_their_order() {
        assert_eq!(found("HT7K2M9QA HTABCDEFJ"), ["HT7K2M9QA", "HTABCDEFJ"]);
        assert_eq!(found("HTABCDEFJHT7K2M9QA"), ["HTABCDEFJ", "HT7K2M9QA"]);
    }

    struct Drawn(Vec<u8>);
    impl Entropy for Drawn {
        fn fill(&self, bytes: &mut [u8]) {
            for (to, from) in bytes.iter_mut().zip(self.0.iter().cycle()) {
                *to = *from;
            }
        }
    }

    /// What stands before and after the memo, by bank and channel.
    const BEFORE: &[&str] = &[
        "",
        "MBVCB.3456789012.123456.",
        "CT DEN:123456789012 ",
        "IBFT ",
        "NGUYEN VAN AN ",
        "Nguyễn Thị Hạnh chuyển tiền ",
        "CS99LLIO075 ",
        "TKPABC ",
        "SEVQR ",
        "99",
        "HT ",
        "HTX ",
        "TT-",
        "  ",
        "APPMB1 1 ",
    ];
    const AFTER: &[&str] = &[
        "",
        ".CT tu 0123456789 NGUYEN VAN A toi 9876543210 HTX RAU SACH tai MB",
        "- Ma GD ACSP/ gz333212",
        "- Ma GD ACSP/gz3332",
        " GD 174242-090822 15:45:46",
        "123456",
        " chuyen tien",
        " TRAN HUU DA T",
        "\nnf407 079",
        " tra tien nhãn lồng",
        "HT",
    ];

    /// Inserts `gap` after every `width` characters, as apps and wrapped statements do.
    fn broken(text: &str, width: usize, offset: usize, gap: &str) -> String {
        let mut out = String::new();
        for (index, c) in text.chars().enumerate() {
            if width > 0 && index > 0 && (index + offset).is_multiple_of(width) {
                out.push_str(gap);
            }
            out.push(c);
        }
        out
    }

    fn dropped(text: &str, what: u8) -> String {
        match what {
            0 => text.replace(['-', '_', '.'], ""),
            1 => text.replace(' ', ""),
            2 => text.replace(['-', '_', '.', '/', ':'], " "),
            _ => text.to_owned(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_mutation_of_a_bank_loses_the_code(
            bytes in prop::collection::vec(0_u8..248, 16),
            before in prop::sample::select(BEFORE), after in prop::sample::select(AFTER),
            case in 0_u8..4, width in 0_usize..8, offset in 0_usize..8,
            gap in prop::sample::select(vec![" ", "\n", "-", "  ", "\r\n", "."]), lost in 0_u8..4, decomposed in any::<bool>(),
        ) {
            use unicode_normalization::UnicodeNormalization;
            let code = OrderCode::draw(&Drawn(bytes));
            let whole = broken(&format!("{before}{code}{after}"), width, offset, gap);
            let cased = match case {
                0 => whole.to_lowercase(),
                1 => whole.to_uppercase(),
                2 => whole.chars().enumerate().map(|(i, c)| if i % 2 == 0 { c.to_ascii_lowercase() } else { c }).collect(),
                _ => whole,
            };
            let sent = dropped(&cased, lost);
            let sent = if decomposed { sent.nfd().collect() } else { sent };
            prop_assert!(candidates(&sent).contains(&code), "{} lost in {:?}", code, sent);
        }
    }
}
