//! Pictures of claims: made our own as every upload, kept under names that the public way does not serve, and read by who may.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::claim::MOST_PHOTOS;
use crate::domain::refusal::Refusal;
use crate::gateway::media::{PICTURE_LIMITS, decode_picture, private_name};

/// The width that is shown, pixels.
const SHOWN_PX: u32 = 720;
/// The width that is kept beside it for a closer look.
const WIDE_PX: u32 = 1280;

/// Keeps uploads, at most four; the keys under which they lie. One after the other, off the request's thread.
pub(super) async fn keep_photos(kit: &Kit, uploads: Vec<Vec<u8>>) -> Result<Vec<String>, ServiceError> {
    if uploads.len() > MOST_PHOTOS {
        let refusal = Refusal::new("refusal-claim-photos").with("most", MOST_PHOTOS).about("photo");
        return Err(ServiceError::refused(refusal));
    }
    let media = kit.media.clone();
    let keep = move || {
        let mut keys: Vec<String> = Vec::new();
        for bytes in uploads {
            let refused =
                |no: crate::gateway::media::PictureRefused| ServiceError::refused(no.refusal().about("photo"));
            let picture = decode_picture(&bytes, &PICTURE_LIMITS).map_err(refused)?;
            for rendition in picture.renditions.iter().filter(|one| matches!(one.serves_px, SHOWN_PX | WIDE_PX)) {
                media
                    .put(&private_name(&picture.key, rendition.serves_px), &rendition.bytes)
                    .map_err(ServiceError::broken)?;
            }
            if !keys.contains(&picture.key) {
                keys.push(picture.key);
            }
        }
        Ok(keys)
    };
    tokio::task::spawn_blocking(keep).await.map_err(ServiceError::broken)?
}

/// The bytes of a picture; whoever calls has found out that they may be seen.
pub(super) async fn read_photo(kit: &Kit, key: &str) -> Result<Vec<u8>, ServiceError> {
    let (media, name) = (kit.media.clone(), private_name(key, WIDE_PX));
    let found = tokio::task::spawn_blocking(move || media.find(&name)).await.map_err(ServiceError::broken)?;
    found.map_err(ServiceError::broken)?.ok_or(ServiceError::NotFound)
}
