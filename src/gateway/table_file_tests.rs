//! Every dialect of a table, and files that mean harm.

use super::*;
use proptest::prelude::*;
use std::io::Write as _;
use zip::write::{SimpleFileOptions, ZipWriter};

const ROWS: &str = "Ngày,Ghi nợ,Ghi có,Nội dung\n23/11/2026,,\"185,000\",\"HT7K\n2M9QA\"\n";

fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    read(bytes).expect("a table").into_iter().map(|row| row.cells).collect()
}

fn as_expected(found: &[Vec<String>]) {
    assert_eq!(found[0], ["Ngày", "Ghi nợ", "Ghi có", "Nội dung"]);
    assert_eq!(found[1][0], "23/11/2026");
    assert_eq!(found[1][2], "185,000");
    assert_eq!(found[1][3], "HT7K\n2M9QA");
}

#[test]
fn every_mark_between_cells_and_every_encoding_is_read() {
    as_expected(&cells(ROWS.as_bytes()));
    for mark in [";", "\t", "|"] {
        let text =
            format!("Ngày{mark}Ghi nợ{mark}Ghi có{mark}Nội dung\n23/11/2026{mark}{mark}185,000{mark}\"HT7K\n2M9QA\"\n");
        as_expected(&cells(text.as_bytes()));
        as_expected(&cells(&[b"\xef\xbb\xbf", text.as_bytes()].concat()));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        as_expected(&cells(&[&b"\xff\xfe"[..], &little].concat()));
        as_expected(&cells(&[&b"\xfe\xff"[..], &big].concat()));
        as_expected(&cells(&little));
        as_expected(&cells(&big));
    }
    let line = read(b"a,b\n\n\"x\ny\",1\nlast,2\n").expect("a table").last().expect("a row").line;
    assert_eq!(line, 5, "the line in the file, whatever was wrapped before");
}

/// A workbook of one sheet, as small as readers take it.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#),
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

fn sheet_of(cells: &str) -> Vec<u8> {
    format!(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#)
        .into_bytes()
}

#[test]
fn a_workbook_is_read_with_its_numbers_and_days() {
    let text = |place: &str, text: &str| format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let header = ["Ngày", "Ghi nợ", "Ghi có", "Nội dung"].iter().zip(["A3", "B3", "C3", "D3"]);
    let header: String = header.map(|(word, place)| text(place, word)).collect();
    let body = format!(
        r#"<row r="3">{header}</row><row r="4"><c r="A4"><v>46349.5</v></c><c r="C4"><v>185000</v></c>{}</row>"#,
        text("D4", "HT7K2M9QA")
    );
    let rows = read(&workbook(&sheet_of(&body))).expect("a table");
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(rows[1].cells, ["46349.5000", "", "185000", "HT7K2M9QA"]);
    let statement = crate::domain::statement::read(&rows).expect("a statement");
    assert_eq!((statement.lines[0].amount.vnd(), statement.lines[0].minute), (185_000, Some(720)));
}

#[test]
fn a_file_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let bomb = workbook(&vec![b' '; 80 * 1024 * 1024]);
    assert!(bomb.len() < MOST_BYTES, "{}", bomb.len());
    assert_eq!(read(&bomb), Err(NotATable::TooLarge));
}

#[test]
fn bounds_are_kept_and_other_kinds_are_named() {
    assert_eq!(read(&vec![b'a'; MOST_BYTES + 1]), Err(NotATable::TooLarge));
    assert_eq!(read("a,b\n".repeat(MOST_ROWS + 1).as_bytes()), Err(NotATable::TooLong));
    assert_eq!(read(b""), Err(NotATable::Empty));
    assert_eq!(read(b"\xd0\xcf\x11\xe0 old"), Err(NotATable::OtherKind));
    assert_eq!(read(b"%PDF-1.7"), Err(NotATable::OtherKind));
    assert_eq!(read(b"PK\x03\x04 and nothing"), Err(NotATable::Damaged));
    let many: String = (1..=u32::try_from(MOST_ROWS).expect("small") + 1)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#))
        .collect();
    assert_eq!(read(&workbook(&sheet_of(&many))), Err(NotATable::TooLong));
    let far = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576"><v>2</v></c></row>"#;
    assert_eq!(read(&workbook(&sheet_of(far))).expect("a table")[0].cells, ["2"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes).map(|rows| crate::domain::statement::read(&rows));
    }

    #[test]
    fn no_mutation_of_a_workbook_makes_it_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = workbook(&sheet_of(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#));
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes).map(|rows| crate::domain::statement::read(&rows));
    }
}
