//! Uploaded bytes → pictures of our own making. Nothing of the upload survives but its pixels: no EXIF, no place, no
//! script behind the image. Takes up to a second and ~400 MB for the largest upload: run it blocking, few at a time.

use crate::domain::id::hex;
use crate::domain::refusal::Refusal;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader};
use sha2::{Digest, Sha256};
use std::io::Cursor;

/// The widths that pages ask for, pixels. A smaller original is never blown up.
pub const WIDTHS: [u32; 3] = [320, 720, 1280];
/// libwebp's scale of 100.
const QUALITY: f32 = 78.0;
/// Hex digits of SHA-256 in a key: 128 bits.
const KEY_DIGITS: usize = 32;

/// What is taken at most.
#[derive(Debug, Clone, Copy)]
pub struct PictureLimits {
    pub bytes: usize,
    pub side_px: u32,
    pub area_px: u64,
    /// Memory that the decoded picture may take, bytes.
    pub decoded_bytes: u64,
}

/// 8 MB, 12,000 px a side, 40 million pixels.
pub const PICTURE_LIMITS: PictureLimits =
    PictureLimits { bytes: 8 * 1024 * 1024, side_px: 12_000, area_px: 40_000_000, decoded_bytes: 200_000_000 };

/// Why an upload is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureRefused {
    #[error("the file is too large")]
    TooManyBytes,
    #[error("not a JPEG, PNG or WebP picture")]
    NotAPicture,
    #[error("the picture has too many pixels")]
    TooManyPixels,
    #[error("the picture is damaged")]
    Damaged,
}

impl PictureRefused {
    /// The same for people.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::TooManyBytes => {
                Refusal::new("refusal-picture-too-many-bytes").with("limit_mb", PICTURE_LIMITS.bytes / (1024 * 1024))
            }
            Self::NotAPicture => Refusal::new("refusal-picture-kind"),
            Self::TooManyPixels => {
                Refusal::new("refusal-picture-too-many-pixels").with("side_px", PICTURE_LIMITS.side_px)
            }
            Self::Damaged => Refusal::new("refusal-picture-damaged"),
        }
    }
}

/// A picture in all widths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Names the content: the same pixels are the same key.
    pub key: String,
    /// Of the upright original, pixels.
    pub width_px: u32,
    pub height_px: u32,
    /// One of each of `WIDTHS`, in that order.
    pub renditions: Vec<Rendition>,
}

/// One width of it, as lossy WebP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Which of `WIDTHS` it serves; `width_px` is less when the original was smaller.
    pub serves_px: u32,
    pub width_px: u32,
    pub height_px: u32,
    pub bytes: Vec<u8>,
}

/// The name under which a rendition is kept and served.
pub fn rendition_name(key: &str, serves_px: u32) -> String {
    format!("{key}-{serves_px}.webp")
}

/// The name of a rendition that only a few may see: the public way serves no name that ends so.
pub fn private_name(key: &str, serves_px: u32) -> String {
    format!("{key}-{serves_px}.private")
}

/// Reads an upload and makes the pictures of it.
///
/// # Errors
/// Too large, too many pixels (found in the header, before anything is allocated), not a picture, or damaged.
pub fn decode_picture(bytes: &[u8], limits: &PictureLimits) -> Result<Picture, PictureRefused> {
    if bytes.len() > limits.bytes {
        return Err(PictureRefused::TooManyBytes);
    }
    let format = kind_of(bytes).ok_or(PictureRefused::NotAPicture)?;
    // A panic in a decoder is a damaged picture, not a broken server.
    std::panic::catch_unwind(|| render(bytes, format, limits)).unwrap_or(Err(PictureRefused::Damaged))
}

/// By the first bytes alone: names and content types are the sender's claims.
fn kind_of(bytes: &[u8]) -> Option<ImageFormat> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        Some(ImageFormat::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ImageFormat::Png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(ImageFormat::WebP)
    } else {
        None
    }
}

fn render(bytes: &[u8], format: ImageFormat, limits: &PictureLimits) -> Result<Picture, PictureRefused> {
    let upright = open(bytes, format, limits)?;
    let (width_px, height_px) = (upright.width(), upright.height());
    let mut source = if upright.color().has_alpha() {
        DynamicImage::ImageRgba8(upright.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(upright.into_rgb8())
    };
    // The widest first, and each of the others from the one before it: the large original is read once.
    let mut renditions = Vec::with_capacity(WIDTHS.len());
    for serves_px in WIDTHS.into_iter().rev() {
        let (smaller, rendition) = resized(&source, serves_px, (width_px, height_px))?;
        source = smaller;
        renditions.push(rendition);
    }
    renditions.reverse();
    let mut hash = Sha256::new();
    for rendition in &renditions {
        hash.update(&rendition.bytes);
    }
    let key = hex(hash.finalize().as_slice()).chars().take(KEY_DIGITS).collect();
    Ok(Picture { key, width_px, height_px, renditions })
}

fn open(bytes: &[u8], format: ImageFormat, limits: &PictureLimits) -> Result<DynamicImage, PictureRefused> {
    let mut bounds = image::Limits::default();
    bounds.max_image_width = Some(limits.side_px);
    bounds.max_image_height = Some(limits.side_px);
    bounds.max_alloc = Some(limits.decoded_bytes);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    let area = u64::from(width).saturating_mul(u64::from(height));
    if area > limits.area_px || decoder.total_bytes() > limits.decoded_bytes {
        return Err(PictureRefused::TooManyPixels);
    }
    // A phone writes how it was held beside the pixels; that word is dropped, so it must be obeyed first.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refused(error: &image::ImageError) -> PictureRefused {
    match error {
        image::ImageError::Limits(_) => PictureRefused::TooManyPixels,
        _ => PictureRefused::Damaged,
    }
}

/// `source` at the width that serves `serves_px`, in the proportions of the original.
fn resized(
    source: &DynamicImage,
    serves_px: u32,
    (original_width_px, original_height_px): (u32, u32),
) -> Result<(DynamicImage, Rendition), PictureRefused> {
    let width_px = serves_px.min(original_width_px);
    // Rounded to the nearest pixel, never to nothing.
    let scaled = u64::from(original_height_px)
        .saturating_mul(u64::from(width_px))
        .saturating_add(u64::from(original_width_px / 2));
    let height = scaled.checked_div(u64::from(original_width_px)).ok_or(PictureRefused::Damaged)?;
    let height_px = u32::try_from(height).map_err(|_too_large| PictureRefused::TooManyPixels)?.max(1);
    let smaller = source.resize_exact(width_px, height_px, FilterType::Lanczos3);
    let encoder = if smaller.color().has_alpha() {
        webp::Encoder::from_rgba(smaller.as_bytes(), width_px, height_px)
    } else {
        webp::Encoder::from_rgb(smaller.as_bytes(), width_px, height_px)
    };
    let bytes = encoder.encode_simple(false, QUALITY).map_err(|_encoder| PictureRefused::Damaged)?.to_vec();
    Ok((smaller, Rendition { serves_px, width_px, height_px, bytes }))
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
