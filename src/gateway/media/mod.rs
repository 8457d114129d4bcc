//! Pictures: what people upload becomes clean pictures of three widths, kept under the hash of their content.
//! Knows no product and no page.

pub mod picture;
pub mod store;

pub use picture::{
    PICTURE_LIMITS, Picture, PictureLimits, PictureRefused, Rendition, WIDTHS, decode_picture, private_name,
    rendition_name,
};
pub use store::{Media, MediaError, NotAMediaStore};
