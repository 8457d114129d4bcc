//! A QR code in SVG: one path, sharp edges, no style attribute (the content policy allows none).

use super::QUIET_MODULES;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Height of one line of caption, in modules.
const CAPTION_MODULES: usize = 5;

/// What goes with the code.
#[derive(Debug, Clone, Copy, Default)]
pub struct Caption<'a> {
    /// Read aloud by screen readers; the picture's name.
    pub title: &'a str,
    /// A line above and one below, outside the quiet zone, never over the modules: «MẪU – KHÔNG CHUYỂN TIỀN».
    pub above: Option<&'a str>,
    pub below: Option<&'a str>,
}

/// More text than a QR code of level M holds (2,331 bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLongForQr;

/// The code as a whole SVG document, error correction level M. Size comes from the page: only a `viewBox` is given.
pub fn svg(payload: &str, caption: &Caption<'_>) -> Result<String, TooLongForQr> {
    let code = QrCode::with_error_correction_level(payload.as_bytes(), EcLevel::M).map_err(|_too_long| TooLongForQr)?;
    let side = code.width().saturating_add(QUIET_MODULES.saturating_mul(2));
    let line_height = |line: Option<&str>| if line.is_some() { CAPTION_MODULES } else { 0 };
    let top = line_height(caption.above);
    let height = side.saturating_add(top).saturating_add(line_height(caption.below));
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {height}" role="img" shape-rendering="crispEdges"><title>{}</title><rect width="{side}" height="{height}" fill="#fff"/>"##,
        escaped(caption.title)
    );
    if let Some(line) = caption.above {
        out.push_str(&caption_line(line, side, 4));
    }
    let _ = write!(out, r##"<path fill="#000" d="{}"/>"##, path(&code, top.saturating_add(QUIET_MODULES)));
    if let Some(line) = caption.below {
        out.push_str(&caption_line(line, side, height.saturating_sub(2)));
    }
    out.push_str("</svg>");
    Ok(out)
}

/// Every run of dark modules of a row as one rectangle of one path.
fn path(code: &QrCode, top: usize) -> String {
    let colors = code.to_colors();
    let mut out = String::new();
    for (y, row) in colors.chunks(code.width().max(1)).enumerate() {
        let mut x = 0_usize;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (left, down) = (x.saturating_add(QUIET_MODULES), y.saturating_add(top));
                let _ = write!(out, "M{left} {down}h{0}v1h-{0}z", run.len());
            }
            x = x.saturating_add(run.len());
        }
    }
    out
}

/// A line of text in the middle; a long one is squeezed to the width of the picture.
fn caption_line(line: &str, side: usize, baseline: usize) -> String {
    let (middle_tenths, room) = (side.saturating_mul(5), side.saturating_sub(4));
    // A bold letter of size 3 is about 2 modules wide.
    let squeeze = if line.chars().count().saturating_mul(2) > room {
        format!(r#" textLength="{room}" lengthAdjust="spacingAndGlyphs""#)
    } else {
        String::new()
    };
    format!(
        r##"<text x="{}.{}" y="{baseline}" font-family="sans-serif" font-size="3" font-weight="bold" text-anchor="middle" fill="#000"{squeeze}>{}</text>"##,
        middle_tenths / 10,
        middle_tenths % 10,
        escaped(line)
    )
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no way to write these.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYLOAD: &str = "00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA530370454061850005802VN62150811HTX7K2M9QXA630478EC";

    #[test]
    fn a_code_is_one_path_without_style_and_inside_its_quiet_zone() {
        let caption =
            Caption {
                title: "Mã QR <chuyển khoản>", above: Some("MẪU – KHÔNG CHUYỂN TIỀN"), below: Some("a & b")
            };
        let svg = svg(PAYLOAD, &caption).expect("short");
        assert_eq!(svg.matches("<path").count(), 1);
        assert_eq!(svg.matches("<text").count(), 2);
        assert!(!svg.contains("style"), "{svg}");
        assert!(svg.contains("<title>Mã QR &lt;chuyển khoản&gt;</title>"));
        assert!(svg.contains("a &amp; b"));
        assert!(svg.contains(r#"shape-rendering="crispEdges""#));
        // Digits and letters in segments of their own: version 5, 37 + 8 modules wide; two captions make it 10 higher.
        assert!(svg.contains(r#"viewBox="0 0 45 55""#), "{}", svg.chars().take(120).collect::<String>());
        assert!(svg.contains("M4 9h7v1h-7z"), "the first finder begins behind caption and quiet zone");
    }

    #[test]
    fn the_path_draws_exactly_the_dark_modules() {
        let code = QrCode::with_error_correction_level(PAYLOAD, EcLevel::M).expect("short");
        let drawn = path(&code, QUIET_MODULES);
        let mut cells = vec![Color::Light; code.width() * code.width()];
        for run in drawn.split('M').filter(|run| !run.is_empty()) {
            let (place, rest) = run.split_once('h').expect("a run");
            let (x, y) = place.split_once(' ').expect("two numbers");
            let length: usize = rest.split_once('v').expect("a height").0.parse().expect("a number");
            let (x, y): (usize, usize) = (x.parse().expect("a number"), y.parse().expect("a number"));
            let start = (y - QUIET_MODULES) * code.width() + x - QUIET_MODULES;
            cells[start..start + length].fill(Color::Dark);
        }
        assert!(cells == code.to_colors());
    }

    #[test]
    fn a_text_beyond_a_qr_code_is_refused() {
        assert_eq!(svg(&"x".repeat(2332), &Caption::default()), Err(TooLongForQr));
        assert!(svg(&"x".repeat(2331), &Caption::default()).is_ok());
    }
}
