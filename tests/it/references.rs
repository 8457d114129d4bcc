//! References against everything that banks and people do to them. `GANH_LONG` for the full numbers.

use crate::kit::dice::Dice;
use ganh::domain::code::{ALPHABET, LotCode, OrderCode, PurchaseCode};
use ganh::domain::memo::candidates;
use ganh::domain::money::Money;
use ganh::domain::vietqr::{Transfer, decode, encode};
use proptest::prelude::*;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

fn share(short: u32, long: u32) -> u32 {
    if std::env::var("GANH_LONG").is_ok() { long } else { short }
}

/// What stands before and after the memo, by bank and channel (facts: payments, section 1.8).
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

fn dropped(text: &str, what: usize) -> String {
    match what {
        0 => text.replace(['-', '_', '.'], ""),
        1 => text.replace(' ', ""),
        2 => text.replace(['-', '_', '.', '/', ':'], " "),
        _ => text.to_owned(),
    }
}

fn cased(text: String, how: usize) -> String {
    match how {
        0 => text.to_lowercase(),
        1 => text.to_uppercase(),
        2 => text.chars().enumerate().map(|(i, c)| if i % 2 == 0 { c.to_ascii_lowercase() } else { c }).collect(),
        _ => text,
    }
}

#[test]
fn no_mutation_of_a_bank_loses_the_code() {
    let dice = Dice::new(20_261_123);
    let gaps = [" ", "\n", "-", "  ", "\r\n", "."];
    let all = share(10_000, 100_000);
    for number in 0..all {
        let code = OrderCode::draw(&dice);
        let whole = format!("{}{code}{}", dice.pick(BEFORE), dice.pick(AFTER));
        let whole = broken(&whole, dice.below(8), dice.below(8), dice.pick::<&str>(&gaps));
        let sent = dropped(&cased(whole, dice.below(4)), dice.below(4));
        let sent = if dice.below(2) == 0 { sent.nfd().collect() } else { sent };
        assert!(candidates(&sent).contains(&code), "memo {number}: {code} lost in {sent:?}");
    }
    println!("{all} mutations of banks: 0 misses");
}

/// Family names, middle names, given names and words of memos: what people write when they do not write the reference.
const FAMILIES: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Thạch", "Thái", "Hà", "Đinh", "Mạch", "Khuất", "Nhữ", "Quách", "Bạch",
];
const MIDDLES: &[&str] = &[
    "Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Xuân", "Thu", "Anh", "Bảo", "Gia", "Nhật", "Mạnh",
    "Thế", "Việt", "Khánh", "Diệu", "Phương", "Bích", "Kim", "Hạnh", "Đạt",
];
const GIVEN: &[&str] = &[
    "An", "Anh", "Bắc", "Bách", "Cảnh", "Chung", "Cường", "Dũng", "Duy", "Đạt", "Hạnh", "Hằng", "Hậu", "Huệ", "Hùng",
    "Hương", "Huy", "Khanh", "Lan", "Mai", "Nam", "Nga", "Nhung", "Phúc", "Quân", "Quỳnh", "Sâm", "Tâm", "Thắm",
    "Thắng", "Thư", "Thuận", "Trang", "Tuấn", "Tuyết", "Tú", "Uyên", "Vân", "Vy", "Xuyến", "Yến",
];
const WORDS: &[&str] = &[
    "chuyen tien",
    "chuyển tiền",
    "ck",
    "tra tien",
    "mua nhan",
    "tien hang",
    "cho me",
    "cam on",
    "thanh toan",
    "don hang",
    "HTX",
    "gui",
    "tt",
    "nhãn lồng Hưng Yên",
    "rau",
    "trung",
    "gạo tám",
    "gui anh",
    "dat hang",
    "mua hang",
    "nop tien",
    "hoc phi",
    "ung ho",
    "hut ham",
    "htx rau sach",
    "thang",
    "nha",
    "so",
];

fn name_like(dice: &Dice) -> String {
    let mut out = String::new();
    for _ in 0..=dice.below(2) {
        out.push_str(&format!("{} {} {} ", dice.pick(FAMILIES), dice.pick(MIDDLES), dice.pick(GIVEN)));
        if dice.below(2) == 0 {
            out.push_str(&format!("{} ", dice.pick::<&str>(WORDS)));
        }
    }
    match dice.below(5) {
        0 => out.push_str(&format!("{} ", dice.below(1_000))),
        1 => out.push_str(&format!("{}k", dice.below(1_000))),
        2 => out.push_str(&format!("0{}", 900_000_000 + dice.below(99_999_999))),
        _ => out.push_str(dice.pick::<&str>(WORDS)),
    }
    cased(dropped(&out, dice.below(4)), dice.below(4))
}

/// A candidate that is no live order of the receiving cooperative credits nobody and waits for nobody (`decisions.md`, One code).
/// Worst case: every live reference belongs to the one cooperative that is paid.
#[test]
fn no_name_is_taken_for_an_order_that_waits_for_money() {
    let dice = Dice::new(7);
    let mut live = HashSet::new();
    while live.len() < 100_000 {
        live.insert(OrderCode::draw(&dice));
    }
    let (mut looked_like_one, all) = (0_u32, share(100_000, 1_000_000));
    for number in 0..all {
        let memo = name_like(&dice);
        for candidate in candidates(&memo) {
            looked_like_one += 1;
            assert!(!live.contains(&candidate), "memo {number}: {memo:?} holds {candidate}");
        }
    }
    println!("{all} name-like memos: {looked_like_one} look like a code, none is one of 100,000 live orders");
}

/// Any kind of our codes.
fn any_kind_reads(text: &str) -> bool {
    text.parse::<OrderCode>().is_ok() || text.parse::<PurchaseCode>().is_ok() || text.parse::<LotCode>().is_ok()
}

#[test]
fn every_substitution_and_every_swap_of_a_reference_is_caught() {
    let dice = Dice::new(31);
    let (mut tried, written) = (0_u32, format!("{ALPHABET}ILO01"));
    for _ in 0..share(200, 2_000) {
        let code = OrderCode::draw(&dice);
        let letters: Vec<char> = code.as_text().chars().collect();
        for place in 0..letters.len() {
            for new in written.chars().filter(|new| *new != letters[place]) {
                let mut changed = letters.clone();
                changed[place] = new;
                let changed: String = changed.into_iter().collect();
                assert!(!any_kind_reads(&changed), "{code} → {changed}");
                tried += 1;
            }
            if place + 1 < letters.len() && letters[place] != letters[place + 1] {
                let mut swapped = letters.clone();
                swapped.swap(place, place + 1);
                let swapped: String = swapped.into_iter().collect();
                assert!(!any_kind_reads(&swapped), "{code} → {swapped}");
                tried += 1;
            }
        }
    }
    println!("{tried} slips of one character or two neighbours: all caught");
}

fn any_payload() -> impl Strategy<Value = String> {
    let target = prop_oneof![
        ("[0-9]{6}", "[0-9A-Z]{1,19}").prop_map(|(bin, account)| Transfer::to_account(&bin, &account)),
        ("[0-9]{6}", "[0-9]{16,19}").prop_map(|(bin, card)| Transfer::to_card(&bin, &card)),
    ];
    (target, prop::option::of(1_i64..=499_999_999), prop::option::of("HT[2-9A-H]{7}")).prop_map(|(to, amount, memo)| {
        encode(&Transfer { amount: amount.map(Money), memo, ..to }).expect("within the limits")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: share(8, 60), failure_persistence: None, ..ProptestConfig::default() })]

    /// Exhaustive: every place, every printable character.
    #[test]
    fn every_changed_character_of_a_payload_is_refused(payload in any_payload()) {
        let letters: Vec<char> = payload.chars().collect();
        let before = decode(&payload).expect("made here");
        for place in 0..letters.len() {
            for new in (' '..='~').filter(|new| *new != letters[place]) {
                let mut changed = letters.clone();
                changed[place] = new;
                let after = decode(&changed.iter().collect::<String>());
                if place + 4 >= letters.len() && letters[place].eq_ignore_ascii_case(&new) {
                    prop_assert_eq!(after, Ok(before.clone()), "the case of the checksum");
                } else {
                    prop_assert!(after.is_err(), "{} → {} at {}", payload, new, place);
                }
            }
        }
    }
}
