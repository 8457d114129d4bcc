//! Tables to take along: CSV and XLSX that spreadsheet programs open, with no cell that a program would run. Knows no noun.

use super::error::WebError;
use actix_web::HttpResponse;
use actix_web::http::header;
use rust_xlsxwriter::{Format, Workbook};

/// Excel takes the text for UTF-8 by this mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front (OWASP, CSV injection).
pub fn safe(text: &str) -> String {
    let starts_like_one = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if starts_like_one { format!("'{text}") } else { text.to_owned() }
}

/// A table as CSV (RFC 4180), its heads first.
///
/// # Errors
/// Never for what fits into memory.
pub fn csv(heads: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, WebError> {
    let mut out = csv::Writer::from_writer(MARK.to_vec());
    out.write_record(heads).map_err(WebError::broken)?;
    for row in rows {
        let said = row.iter().map(|cell| match cell {
            Cell::Text(text) => safe(text),
            Cell::Number(number) => number.to_string(),
        });
        out.write_record(said).map_err(WebError::broken)?;
    }
    out.into_inner().map_err(WebError::broken)
}

/// The same as XLSX: texts are texts whatever they begin with, numbers are numbers.
///
/// # Errors
/// More rows than a sheet holds (1,048,576).
pub fn xlsx(name: &str, heads: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, WebError> {
    let mut book = Workbook::new();
    let (bold, money) = (Format::new().set_bold(), Format::new().set_num_format("#,##0"));
    let sheet = book.add_worksheet_with_constant_memory().map_err(WebError::broken)?;
    sheet.set_name(name).map_err(WebError::broken)?;
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(0, column, head, &bold).map_err(WebError::broken)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text),
                Cell::Number(number) => sheet.write_number_with_format(line, column, whole(*number), &money),
            }
            .map_err(WebError::broken)?;
        }
    }
    book.save_to_buffer().map_err(WebError::broken)
}

/// XLSX knows floats only; đồng stay exact up to 9 quadrillion, above every sum that a column may hold.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "sums are below 2⁵³ (CHECK in the schema)")]
fn whole(number: i64) -> f64 {
    number as f64
}

/// A file to keep, for those who may see it and for no cache.
pub fn attachment(content_type: &'static str, name: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}

pub const CSV: &str = "text/csv; charset=utf-8";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for hostile in ["=1+1", "+84912", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(safe(hostile).starts_with('\''), "{hostile}");
        }
        assert_eq!(safe("Chị Mua"), "Chị Mua");
    }

    #[test]
    fn a_sheet_says_what_the_table_said() {
        use calamine::{Data, Reader as _, Xlsx};
        let rows = vec![
            vec![Cell::Text("=1+1".into()), Cell::Number(-185_000)],
            vec![Cell::Text("Đơn".into()), Cell::Number(1)],
        ];
        let heads = ["Lời".to_owned(), "Số tiền".to_owned()];
        let bytes = xlsx("Sổ", &heads, &rows).expect("a sheet");
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("opens");
        let range = book.worksheet_range("Sổ").expect("the sheet");
        assert_eq!(range.get_value((1, 0)), Some(&Data::String("=1+1".into())));
        assert_eq!(range.get_value((1, 1)), Some(&Data::Float(-185_000.0)));
        let text = String::from_utf8(csv(&heads, &rows).expect("a table")).expect("text");
        assert_eq!(text, "\u{feff}Lời,Số tiền\n'=1+1,-185000\nĐơn,1\n");
    }
}
