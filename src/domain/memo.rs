//! Finding order codes in what banks make of a transfer memo. Knows codes and text; which code is an order is not its matter.

use super::code::{CODE_CHARS, OrderCode};
use super::text::fold::fold;
use std::collections::HashSet;

/// Every text in the memo that could be one of our order codes, distinct, in order of appearance.
///
/// Banks insert spaces inside words, drop hyphens, change case and glue digits on both sides, so everything but A–Z and 0–9
/// is deleted first and a window of nine characters slides over the rest: no word boundaries (`tests/it/references.rs`). A name may look like a code
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
}
