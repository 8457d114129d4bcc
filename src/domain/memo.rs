//! The memo of a transfer: what a payer is asked to write, and finding order codes in what banks make of it. Knows codes and text;
//! which code is an order is not its matter.

use super::code::{CODE_CHARS, OrderCode};
use super::refusal::Refusal;
use super::text::fold::fold;
use super::vietqr::MEMO_CHARS;
use std::collections::HashSet;

/// Letters that a word before the code may have: the memo holds 25, a space and the code take ten.
pub const PREFIX_CHARS: usize = MEMO_CHARS - 1 - CODE_CHARS;

/// What a payer is asked to write: `HT7K2M9QA`, or with the account's word `SEVQR HT7K2M9QA`.
pub fn memo_of(prefix: Option<&str>, code: &OrderCode) -> String {
    match prefix {
        Some(word) => format!("{word} {code}"),
        None => code.to_string(),
    }
}

/// The word that an account needs in every memo (SePay: `SEVQR` at VietinBank, `TKP` and a code for a virtual account; payOS: a code of
/// its own), as a person typed it; none when nothing was typed.
///
/// # Errors
/// A sentence when it is more than letters and digits, when the whole memo would pass 25 characters without accents, or when it looks
/// like an order's code itself: every memo would then name two orders.
pub fn read_prefix(typed: &str) -> Result<Option<String>, Refusal> {
    let word: String = fold(typed).chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if word.is_empty() {
        return Ok(None);
    }
    let refuse = |key: &str| Err(Refusal::new(key).about("memo_prefix"));
    if !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return refuse("refusal-memo-prefix");
    }
    if word.len() > PREFIX_CHARS {
        let long = Refusal::new("refusal-memo-prefix-long").with("most", PREFIX_CHARS).with("count", word.len());
        return Err(long.about("memo_prefix"));
    }
    if !candidates(&word).is_empty() {
        return refuse("refusal-memo-prefix-code");
    }
    Ok(Some(word))
}

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
    fn a_word_before_the_code_leaves_room_for_it() {
        let code: OrderCode = "HT7K2M9QA".parse().expect("a code");
        assert_eq!(memo_of(None, &code), "HT7K2M9QA");
        for (typed, word) in
            [(" sevqr ", Some("SEVQR")), ("TKP ABC123", Some("TKPABC123")), ("  ", None), ("Đơn", Some("DON"))]
        {
            assert_eq!(read_prefix(typed), Ok(word.map(str::to_owned)), "{typed}");
        }
        let longest = "ABCDE1234567890";
        let memo = memo_of(read_prefix(longest).expect("15 letters").as_deref(), &code);
        assert_eq!((memo.len(), found(&memo)), (MEMO_CHARS, vec!["HT7K2M9QA".to_owned()]));
        for (typed, key) in [
            ("ABCDE12345678901", "refusal-memo-prefix-long"),
            ("SE-VQR", "refusal-memo-prefix"),
            ("càfé🍑", "refusal-memo-prefix"),
            ("XHT7K2M9QA", "refusal-memo-prefix-code"),
        ] {
            assert_eq!(read_prefix(typed).map_err(|refusal| refusal.key), Err(key.to_owned()), "{typed}");
        }
    }

    #[test]
    fn two_codes_are_both_found_in_their_order() {
        assert_eq!(found("HT7K2M9QA HTABCDEFJ"), ["HT7K2M9QA", "HTABCDEFJ"]);
        assert_eq!(found("HTABCDEFJHT7K2M9QA"), ["HTABCDEFJ", "HT7K2M9QA"]);
    }
}
