//! A text as a QR code, level M, with the quiet zone that scanners need: as SVG for pages, as PNG for galleries, which is what
//! bank apps scan from. Knows no payment: whoever calls says what the picture is called and what stands with it.

mod png;
mod svg;

pub use png::{CannotDraw, png};
pub use svg::{Caption, TooLongForQr, svg};

/// Light modules around the code (ISO/IEC 18004).
const QUIET_MODULES: usize = 4;
