//! Pictures made in code: upright, turned, huge, hostile.

use super::*;
use image::{GenericImageView, Rgb, RgbImage, Rgba, RgbaImage};

/// Left half red, right half blue.
fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).expect("written");
    out.into_inner()
}

/// An APP1 segment that says how the camera was held, behind the JPEG's first marker.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 20.6464 106.0511");
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn shown(rendition: &Rendition) -> DynamicImage {
    image::load_from_memory_with_format(&rendition.bytes, ImageFormat::WebP).expect("webp")
}

fn decode(bytes: &[u8]) -> Result<Picture, PictureRefused> {
    decode_picture(bytes, &PICTURE_LIMITS)
}

#[test]
fn an_upload_becomes_three_widths_and_is_never_blown_up() {
    let jpeg = written(&two_halves(1000, 500).into(), ImageFormat::Jpeg);
    let picture = decode(&jpeg).expect("picture");
    assert_eq!((picture.width_px, picture.height_px, picture.key.len()), (1000, 500, 32));
    let sizes: Vec<_> = picture.renditions.iter().map(|r| (r.serves_px, r.width_px, r.height_px)).collect();
    assert_eq!(sizes, [(320, 320, 160), (720, 720, 360), (1280, 1000, 500)]);
    for rendition in &picture.renditions {
        assert_eq!(shown(rendition).dimensions(), (rendition.width_px, rendition.height_px));
    }
    assert_eq!(decode(&jpeg).expect("picture").key, picture.key, "the same pixels, the same key");
    assert!(rendition_name(&picture.key, 320).ends_with("-320.webp"));
}

#[test]
fn every_format_is_read_and_a_tiny_or_thin_picture_too() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        assert!(decode(&written(&two_halves(40, 30).into(), format)).is_ok(), "{format:?}");
    }
    for (width, height) in [(1, 1), (1, 3000), (3000, 1)] {
        let picture = decode(&written(&two_halves(width, height).into(), ImageFormat::Png)).expect("picture");
        assert!(picture.renditions.iter().all(|r| r.width_px >= 1 && r.height_px >= 1));
    }
}

#[test]
fn glass_stays_glass() {
    let clear = RgbaImage::from_pixel(50, 50, Rgba([10, 200, 10, 0]));
    let picture = decode(&written(&clear.into(), ImageFormat::Png)).expect("picture");
    assert_eq!(shown(&picture.renditions[0]).get_pixel(25, 25).0[3], 0);
}

#[test]
fn a_phone_held_sideways_shows_upright_and_tells_nothing_more() {
    let jpeg = written(&two_halves(400, 200).into(), ImageFormat::Jpeg);
    // 6: to be turned a quarter to the right; the left half comes to the top.
    let turned = with_orientation(&jpeg, 6);
    assert!(turned.windows(3).any(|window| window == b"GPS"));
    let picture = decode(&turned).expect("picture");
    assert_eq!((picture.width_px, picture.height_px), (200, 400));
    let view = shown(&picture.renditions[0]);
    let (top, bottom) = (view.get_pixel(100, 50).0, view.get_pixel(100, 350).0);
    assert!(top[0] > 180 && top[2] < 80 && bottom[2] > 180 && bottom[0] < 80, "{top:?} {bottom:?}");
    for rendition in &picture.renditions {
        for word in [b"Exif".as_slice(), b"GPS", b"EXIF", b"XMP "] {
            assert!(!rendition.bytes.windows(word.len()).any(|window| window == word));
        }
    }
    let upside_down = decode(&with_orientation(&jpeg, 3)).expect("picture");
    let left = shown(&upside_down.renditions[0]).get_pixel(20, 20).0;
    assert!(left[2] > 180 && left[0] < 80, "{left:?}");
    assert!(decode(&with_orientation(&jpeg, 200)).is_ok(), "a wrong word is no word");
}

/// A PNG that claims a size; the pixels would be missing, but nobody should get as far.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut png = written(&two_halves(2, 2).into(), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    for (width, height) in [(50_000, 50_000), (12_001, 1), (1, 12_001), (12_000, 12_000), (8_000, 5_001)] {
        assert_eq!(decode(&png_header(width, height)), Err(PictureRefused::TooManyPixels), "{width}×{height}");
    }
    let mut jpeg = written(&two_halves(16, 16).into(), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xc3, 0x50, 0xc3, 0x50]);
    assert_eq!(decode(&jpeg), Err(PictureRefused::TooManyPixels));
    // Lossless WebP: 16,384 × 16,384 in 14 + 14 bits.
    let mut webp = written(&two_halves(2, 2).into(), ImageFormat::WebP);
    let body = webp.windows(4).position(|word| word == b"VP8L").expect("chunk") + 9;
    webp[body..body + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    assert!(decode(&webp).is_err());
}

#[test]
fn what_is_behind_the_picture_stays_behind() {
    let script = b"<script>alert(1)</script><?php system('id'); ?>PK\x03\x04";
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let mut polyglot = written(&two_halves(60, 40).into(), format);
        polyglot.extend_from_slice(script);
        // Either it is refused, or it comes out clean.
        if let Ok(picture) = decode(&polyglot) {
            assert!(picture.renditions.iter().all(|r| !r.bytes.windows(7).any(|window| window == b"<script")));
        }
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    for bytes in
        [svg.as_slice(), b"", b"GIF89a\x01\0\x01\0", b"BM", b"RIFF\0\0\0\0WAVE", b"%PDF-1.7", b"<html>", b"\xff\xd8"]
    {
        assert_eq!(decode(bytes), Err(PictureRefused::NotAPicture));
    }
    assert_eq!(decode(&vec![0xff; PICTURE_LIMITS.bytes + 1]), Err(PictureRefused::TooManyBytes));
}

#[test]
fn a_damaged_picture_is_refused_without_a_panic() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = written(&two_halves(64, 64).into(), format);
        for cut in 0..whole.len() {
            let _ = decode(&whole[..cut]);
        }
        for position in (0..whole.len()).step_by(3) {
            let mut broken = whole.clone();
            broken[position] ^= 0xff;
            let _ = decode(&broken);
        }
        assert!(decode(&whole[..20]).is_err());
    }
}
