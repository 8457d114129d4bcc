//! A table out of a file that a person uploads: CSV in any of its dialects, or the first fitting sheet of an XLSX. The file is
//! believed in nothing: it is bounded in bytes, unpacked bytes, rows and cells, and a reader that falls over it takes nothing along.

use crate::domain::statement::{Row, has_header};
use calamine::{DataRef, Reader as _, Xlsx};
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The largest file, bytes.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// The most rows that are read.
pub const MOST_ROWS: usize = 20_000;
/// What an XLSX may unpack to, all its parts together.
const MOST_UNPACKED_BYTES: u64 = 64 * 1024 * 1024;
const MOST_PARTS: usize = 300;
const MOST_COLUMNS: usize = 60;
const MOST_CELL_CHARS: usize = 2_000;
const MOST_SHEETS: usize = 20;
/// Excel's other calendar begins so many days later.
const DAYS_1904: f64 = 1_462.0;

/// Why no table came out of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotATable {
    #[error("the file is larger than 5 MB")]
    TooLarge,
    #[error("the file has more than 20,000 rows")]
    TooLong,
    #[error("the file is an old .xls or a document; save it as XLSX or CSV")]
    OtherKind,
    #[error("the file is damaged")]
    Damaged,
    #[error("the file is empty")]
    Empty,
}

/// Reads a table, whatever the file is called.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, NotATable> {
    if bytes.len() > MOST_BYTES {
        return Err(NotATable::TooLarge);
    }
    if bytes.is_empty() {
        return Err(NotATable::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // The readers are others' code on a stranger's bytes.
        return catch_unwind(AssertUnwindSafe(|| read_xlsx(bytes))).unwrap_or(Err(NotATable::Damaged));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") || bytes.starts_with(b"%PDF") {
        return Err(NotATable::OtherKind);
    }
    read_csv(&decode(bytes))
}

/// UTF-8 or UTF-16, by its mark or by where its zeros stand; what is neither becomes replacement marks.
fn decode(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(read);
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [first, 0, third, 0, ..] if *first != 0 && *third != 0 => wide(bytes, u16::from_le_bytes),
        [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0 => wide(bytes, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The mark between cells is the one with which a header appears; else the one that makes the most cells.
fn read_csv(text: &str) -> Result<Vec<Row>, NotATable> {
    let mut best: Option<(usize, Vec<Row>)> = None;
    for mark in [b';', b'\t', b',', b'|'] {
        let rows = rows_of(text, mark)?;
        let cells = rows.iter().map(|row| row.cells.len()).sum::<usize>();
        let score = if has_header(&rows) { cells.saturating_add(usize::MAX / 2) } else { cells };
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, rows));
        }
    }
    best.map(|(_, rows)| rows).filter(|rows| !rows.is_empty()).ok_or(NotATable::Empty)
}

fn rows_of(text: &str, mark: u8) -> Result<Vec<Row>, NotATable> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).delimiter(mark).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        if rows.len() >= MOST_ROWS {
            return Err(NotATable::TooLong);
        }
        let record = record.map_err(|_unreadable| NotATable::Damaged)?;
        let line = record.position().and_then(|at| u32::try_from(at.line()).ok()).unwrap_or(0);
        rows.push(Row { line, cells: record.iter().take(MOST_COLUMNS).map(cut).collect() });
    }
    Ok(rows)
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_CELL_CHARS).collect()
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<Row>, NotATable> {
    check_unpacked(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_unreadable| NotATable::OtherKind)?;
    let shift = if book.has_1904_epoch() { DAYS_1904 } else { 0.0 };
    let mut first = None;
    for name in book.sheet_names().into_iter().take(MOST_SHEETS) {
        // Charts are sheets too, and have no cells.
        let Some(rows) = sheet(&mut book, &name, shift)? else { continue };
        if has_header(&rows) {
            return Ok(rows);
        }
        first = first.or(Some(rows).filter(|rows| !rows.is_empty()));
    }
    first.ok_or(NotATable::Empty)
}

/// Unpacks everything once and counts: what a zip says of its own sizes is not believed.
fn check_unpacked(bytes: &[u8]) -> Result<(), NotATable> {
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_unreadable| NotATable::Damaged)?;
    if parts.len() > MOST_PARTS {
        return Err(NotATable::TooLarge);
    }
    let mut left = MOST_UNPACKED_BYTES;
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|_unreadable| NotATable::Damaged)?;
        let mut bounded = part.take(left.saturating_add(1));
        let read = std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|_unreadable| NotATable::Damaged)?;
        left = left.checked_sub(read).ok_or(NotATable::TooLarge)?;
    }
    Ok(())
}

/// The cells of a sheet, row by row as they stream by; a cell may name any place, so places are bounded.
fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, shift: f64) -> Result<Option<Vec<Row>>, NotATable> {
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(None) };
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_unreadable| NotATable::Damaged)? {
        let (row, column) = cell.get_position();
        let (line, column) = (row.saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX));
        let text = text_of(cell.get_value(), shift);
        if column >= MOST_COLUMNS || text.is_empty() {
            continue;
        }
        if rows.last().is_none_or(|last| last.line != line) {
            if rows.len() >= MOST_ROWS {
                return Err(NotATable::TooLong);
            }
            rows.push(Row { line, cells: Vec::new() });
        }
        if let Some(last) = rows.last_mut() {
            if last.cells.len() <= column {
                last.cells.resize(column.saturating_add(1), String::new());
            }
            if let Some(place) = last.cells.get_mut(column) {
                *place = text;
            }
        }
    }
    Ok(Some(rows))
}

/// Numbers as their digits, days as Excel's serial numbers: what they mean is the statement's matter.
fn text_of(value: &DataRef<'_>, shift: f64) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Four digits behind the point, so that no fraction looks like thousands.
        DataRef::Float(number) if number.fract() != 0.0 => format!("{number:.4}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => cut(text),
        DataRef::SharedString(text) => cut(text),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) => (at.as_f64() + shift).to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => cut(text),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
#[path = "table_file_tests.rs"]
mod tests;
