//! A QR code in PNG, eight pixels a module: sharp at any whole scale, read back at a quarter of it.

use super::QUIET_MODULES;
use super::svg::TooLongForQr;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, ImageError, Luma, imageops};
use qrcode::{Color, EcLevel, QrCode};

/// A gallery shrinks pictures; this leaves room.
const MODULE_PX: u32 = 8;
const WHITE: Luma<u8> = Luma([255]);

#[derive(Debug, thiserror::Error)]
pub enum CannotDraw {
    #[error(transparent)]
    TooLong(#[from] TooLongForQr),
    #[error("the picture could not be made: {0}")]
    Image(#[from] ImageError),
}

/// The code as a PNG. `strip`, a PNG of words, stands above and below it, outside the quiet zone.
///
/// # Errors
/// Text beyond a QR code of level M (2,331 bytes); a strip that is no picture.
pub fn png(payload: &str, strip: Option<&[u8]>) -> Result<Vec<u8>, CannotDraw> {
    let code = QrCode::with_error_correction_level(payload.as_bytes(), EcLevel::M).map_err(|_too_long| TooLongForQr)?;
    let strip = strip.map(image::load_from_memory).transpose()?.map(|picture| picture.into_luma8());
    let modules = u32::try_from(code.width().saturating_add(QUIET_MODULES.saturating_mul(2))).unwrap_or(0);
    let side = modules.saturating_mul(MODULE_PX);
    let band = strip.as_ref().map_or(0, GrayImage::height);
    let mut picture = GrayImage::from_pixel(side, side.saturating_add(band.saturating_mul(2)), WHITE);
    draw_modules(&mut picture, &code, band);
    if let Some(words) = &strip {
        let left = i64::from(side.saturating_sub(words.width()) / 2);
        imageops::overlay(&mut picture, words, left, 0);
        imageops::overlay(&mut picture, words, left, i64::from(side.saturating_add(band)));
    }
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::NoFilter).write_image(
        picture.as_raw(),
        picture.width(),
        picture.height(),
        ExtendedColorType::L8,
    )?;
    Ok(out)
}

fn draw_modules(picture: &mut GrayImage, code: &QrCode, top_px: u32) {
    let colors = code.to_colors();
    let width = code.width().max(1);
    let px = |module: usize| u32::try_from(module.saturating_add(QUIET_MODULES)).unwrap_or(0).saturating_mul(MODULE_PX);
    for (y, row) in colors.chunks(width).enumerate() {
        for (x, _dark) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            let (left, top) = (px(x), px(y).saturating_add(top_px));
            for dy in 0..MODULE_PX {
                for dx in 0..MODULE_PX {
                    if let Some(pixel) = picture.get_pixel_mut_checked(left.saturating_add(dx), top.saturating_add(dy))
                    {
                        *pixel = Luma([0]);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYLOAD: &str = "00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA530370454061850005802VN62150811HTX7K2M9QXA630478EC";

    fn pixels(png: &[u8]) -> GrayImage {
        image::load_from_memory(png).expect("a picture").into_luma8()
    }

    #[test]
    fn every_module_is_where_it_belongs_inside_a_quiet_zone() {
        let code = QrCode::with_error_correction_level(PAYLOAD, EcLevel::M).expect("short");
        let picture = pixels(&png(PAYLOAD, None).expect("drawn"));
        assert_eq!(picture.dimensions(), (45 * 8, 45 * 8));
        for y in 0..45_u32 {
            for x in 0..45_u32 {
                let inside = (4..41).contains(&x) && (4..41).contains(&y);
                let dark = inside && code[(x as usize - 4, y as usize - 4)] == Color::Dark;
                let expected = if dark { 0 } else { 255 };
                for (dx, dy) in [(0, 0), (7, 0), (3, 4), (7, 7)] {
                    assert_eq!(picture.get_pixel(x * 8 + dx, y * 8 + dy).0, [expected], "module {x} {y}");
                }
            }
        }
    }

    #[test]
    fn words_stand_above_and_below_and_never_on_the_code() {
        let mut words = Vec::new();
        let strip = GrayImage::from_pixel(100, 20, Luma([9]));
        PngEncoder::new(&mut words).write_image(strip.as_raw(), 100, 20, ExtendedColorType::L8).expect("a strip");
        let (plain, worded) =
            (pixels(&png(PAYLOAD, None).expect("drawn")), pixels(&png(PAYLOAD, Some(&words)).expect("drawn")));
        assert_eq!(worded.dimensions(), (360, 400));
        assert_eq!((worded.get_pixel(180, 10).0, worded.get_pixel(180, 390).0), ([9], [9]));
        assert_eq!(imageops::crop_imm(&worded, 0, 20, 360, 360).to_image(), plain);
        assert!(png(PAYLOAD, Some(b"no picture")).is_err());
        assert!(matches!(png(&"x".repeat(2332), None), Err(CannotDraw::TooLong(TooLongForQr))));
    }
}
