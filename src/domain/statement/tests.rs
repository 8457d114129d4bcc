//! The shapes that banks' exports are known to have, and everything else without a panic.

use super::*;
use proptest::prelude::*;

fn table(rows: &[&[&str]]) -> Vec<Row> {
    let row = |(at, cells): (usize, &&[&str])| Row {
        line: u32::try_from(at).expect("few") + 1,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    };
    rows.iter().enumerate().map(row).collect()
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The header of Vietcombank's export, as public importers know it.
const VCB: &[&str] = &[
    "Ngày GD\n/ TNX Date",
    "Số CT\n/ Doc No",
    "Số tiền ghi nợ\n/ Debit",
    "Số tiền ghi có\n/ Credit",
    "Số dư\n/ Balance",
    "Nội dung chi tiết\n/ Transactions in detail",
];

#[test]
fn a_bilingual_export_with_titles_sums_and_footers_is_read() {
    let rows = table(&[
        &["NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM"],
        &["SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT"],
        &["Số tài khoản / Account No:", "", "0011 0045 67890"],
        &["Số dư đầu kỳ / Opening balance", "", "", "", "1.000.000"],
        VCB,
        &["23/11/2026\n09:15", "5213 - 1001", "", "185,000", "1,185,000", "MBVCB.1.HT7K\n2M9QA.CT tu 0123"],
        &["23/11/2026 10:00:30", "5213 - 1002", "85.000,00", "0", "1.100.000", "Trả tiền bao bì"],
        &["24/11/2026", "", "", "abc", "", "không đọc được"],
        &["hôm qua", "9", "", "50,000", "", "ngày lạ"],
        &["24/11/2026", "10", "1", "2", "", "cả hai"],
        &["Tổng cộng / Total", "", "85,000", "185,000", ""],
        &["Số dư cuối kỳ / Closing balance", "", "", "", "1,100,000"],
        &["", "", "", "", "", "Cảm ơn quý khách"],
    ]);
    let read = read(&rows).expect("a statement");
    assert_eq!(read.account.as_deref(), Some("0011004567890"));
    assert!(!read.is_of_another("0011004567890") && !read.is_of_another("11004567890") && read.is_of_another("999"));
    let [one, two] = read.lines.as_slice() else { panic!("{:#?}", read.lines) };
    assert_eq!((one.line, one.day, one.minute), (6, day("2026-11-23"), Some(555)));
    assert_eq!((one.direction, one.amount, one.balance), (Direction::In, Money(185_000), Some(Money(1_185_000))));
    assert_eq!(crate::domain::memo::candidates(&one.text).len(), 1, "wrapped inside a word");
    assert_eq!((two.direction, two.amount, two.doc_no.as_str()), (Direction::Out, Money(85_000), "5213 - 1002"));
    let why: Vec<(u32, Why)> = read.unreadable.iter().map(|row| (row.line, row.why)).collect();
    assert_eq!(why, [(8, Why::BadAmount), (9, Why::BadDay), (10, Why::TwoAmounts)]);
    let checked = check(&read);
    assert_eq!((checked.opening, checked.closing), (Some(Money(1_000_000)), Some(Money(1_100_000))));
    assert_eq!((checked.adds_up, checked.breaks_at), (Some(true), None));
}

#[test]
fn one_signed_column_and_one_with_a_word_are_read() {
    let signed = table(&[
        &["Ngay giao dich", "So tien", "Dien giai"],
        &["2026-11-23", "+185000", "vao"],
        &["2026-11-23", "-85.000", "ra"],
        &["46349", "(1.000)", "ngay so"],
    ]);
    let ways = |rows: &[Row]| -> Vec<(Direction, i64)> {
        read(rows).expect("a statement").lines.iter().map(|line| (line.direction, line.amount.vnd())).collect()
    };
    use Direction::{In, Out};
    assert_eq!(ways(&signed), [(In, 185_000), (Out, 85_000), (Out, 1_000)]);
    let worded = table(&[
        &["Transaction date", "Description", "Amount", "Debit/Credit"],
        &["23/11/26", "a", "185,000 VND", "C"],
        &["23-11-2026", "b", "85,000đ", "Ghi nợ"],
    ]);
    assert_eq!(ways(&worded), [(In, 185_000), (Out, 85_000)]);
}

#[test]
fn the_newest_first_becomes_the_oldest_first_and_sums_follow() {
    let rows = table(&[
        VCB,
        &["24/11/2026", "3", "", "5", "135", "c"],
        &["23/11/2026", "2", "", "20", "130", "b"],
        &["23/11/2026", "1", "", "10", "110", "a"],
    ]);
    let read = read(&rows).expect("a statement");
    assert_eq!(read.lines.iter().map(|line| line.doc_no.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!((check(&read).opening, check(&read).adds_up), (Some(Money(100)), Some(true)));
    let missing = table(&[VCB, &["23/11/2026", "1", "", "10", "110", "a"], &["24/11/2026", "3", "", "5", "135", "c"]]);
    let checked = check(&super::read(&missing).expect("a statement"));
    assert_eq!((checked.adds_up, checked.breaks_at), (Some(false), Some(3)));
}

#[test]
fn an_amount_is_whole_đồng_or_none() {
    let good = [
        ("185000", 185_000),
        ("185.000", 185_000),
        ("185,000", 185_000),
        ("1.185.000", 1_185_000),
        ("1,185,000.00", 1_185_000),
        ("1.185.000,00", 1_185_000),
        ("185000.0", 185_000),
        ("185 000", 185_000),
        ("185'000", 185_000),
        ("-5", -5),
        ("5-", -5),
        ("(5)", -5),
        ("+5 VND", 5),
        ("5₫", 5),
        ("VND 5", 5),
        ("0", 0),
        ("0,00", 0),
    ];
    for (text, value) in good {
        assert_eq!(cell::amount(text), Ok(Some(Money(value))), "{text}");
    }
    for text in ["", " ", "-", "—"] {
        assert_eq!(cell::amount(text), Ok(None), "{text}");
    }
    for text in
        ["1.5", "185.00,1", "1,2,3", "12.34.567", "1e5", "NaN", "9999999999999999999", "1.234.56", ",5", "--5", "x"]
    {
        assert!(cell::amount(text).is_err(), "{text}");
    }
}

#[test]
fn a_day_is_read_as_banks_write_it() {
    for text in [
        "23/11/2026",
        "23-11-2026",
        "23.11.2026",
        "2026-11-23",
        "2026-11-23T09:15:00",
        "20261123",
        "46349",
        "46349.385416",
        "09:15 23/11/2026",
        "23/11/26",
    ] {
        assert_eq!(cell::day(text).map(|when| when.day), Some(day("2026-11-23")), "{text}");
    }
    assert_eq!(cell::day("46349.385416").expect("a day").minute, Some(554));
    for text in ["", "11/23/2026", "31/02/2026", "23/11/1926", "23/11", "12", "x/y/z", "99999999", "hôm qua"] {
        assert_eq!(cell::day(text), None, "{text}");
    }
}

#[test]
fn what_is_no_statement_says_so() {
    assert_eq!(read(&[]), Err(NotAStatement::NoHeader));
    assert_eq!(read(&table(&[&["Tên", "Tuổi"], &["An", "5"]])), Err(NotAStatement::NoHeader));
    assert_eq!(read(&table(&[VCB])), Err(NotAStatement::Empty));
}

#[test]
fn lines_alike_are_numbered() {
    let alike: &[&str] = &["23/11/2026", "", "", "10", "", "a"];
    let read = read(&table(&[VCB, alike, alike])).expect("a statement");
    assert_eq!(read.lines.iter().map(|line| line.nth).collect::<Vec<_>>(), [1, 2]);
    assert_ne!(read.lines[0].identity(), read.lines[1].identity());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn no_table_makes_it_panic(
        rows in prop::collection::vec(prop::collection::vec("[ -~àđ₫/.,\n−0-9]{0,12}|Ngày|Ghi có|Số dư|Nội dung|[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}|[0-9.,]{1,18}", 0..8), 0..12),
        headed in any::<bool>(),
    ) {
        let mut cells: Vec<Vec<String>> = rows;
        if headed {
            cells.insert(0, VCB.iter().map(|cell| (*cell).to_owned()).collect());
        }
        let rows: Vec<Row> = cells.into_iter().zip(1..).map(|(cells, line)| Row { line, cells }).collect();
        if let Ok(statement) = read(&rows) {
            let _ = check(&statement);
            prop_assert!(statement.lines.iter().all(|line| line.amount.is_positive()));
        }
    }

    #[test]
    fn no_text_makes_a_cell_panic(text in any::<String>()) {
        let _ = (cell::amount(&text), cell::day(&text));
    }

    #[test]
    fn grouped_amounts_are_read_back(value in 0_i64..1_000_000_000_000) {
        let grouped = crate::domain::money::grouped(value);
        prop_assert_eq!(cell::amount(&grouped), Ok(Some(Money(value))));
        prop_assert_eq!(cell::amount(&grouped.replace('.', ",")), Ok(Some(Money(value))));
    }
}
