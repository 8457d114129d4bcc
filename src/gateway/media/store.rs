//! Where pictures lie: a folder, or memory for tests. Names are hashes, so a name never changes its content.

use super::picture::{Picture, rendition_name};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// `MEDIA_URL` cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("MEDIA_URL: {0}")]
pub struct NotAMediaStore(String);

/// A picture could not be kept or fetched.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("not a name of ours")]
    NotAName,
    #[error("the pictures' store failed: {0}")]
    Io(#[from] io::Error),
}

/// Keeps pictures. Cheap to clone.
#[derive(Clone)]
pub struct Media(Arc<Place>);

enum Place {
    Folder { root: PathBuf, unfinished: AtomicU64 },
    Memory(Mutex<BTreeMap<String, Vec<u8>>>),
}

impl Media {
    /// Opens `file:///folder` (made when missing) or `memory:`.
    ///
    /// # Errors
    /// Another kind of address, or a folder that cannot be made.
    pub fn open(url: &str) -> Result<Self, NotAMediaStore> {
        let place = match url.strip_prefix("file://") {
            Some(folder) if folder.starts_with('/') => {
                let root = PathBuf::from(folder);
                std::fs::create_dir_all(&root).map_err(|error| NotAMediaStore(format!("{folder}: {error}")))?;
                Place::Folder { root, unfinished: AtomicU64::new(0) }
            }
            Some(_) => {
                return Err(NotAMediaStore("file:// wants an absolute folder, as in file:///srv/ganh/media".into()));
            }
            None if url == "memory:" => Place::Memory(Mutex::default()),
            None if url.starts_with("s3://") => {
                return Err(NotAMediaStore(
                    "s3:// is not built into this program yet; use file:///folder (a mounted bucket will do)".into(),
                ));
            }
            None => return Err(NotAMediaStore("wants file:///folder".into())),
        };
        Ok(Self(Arc::new(place)))
    }

    /// Keeps every rendition. When this returns, they survive a power cut. Blocks: call it off the async threads.
    pub fn put_picture(&self, picture: &Picture) -> Result<(), MediaError> {
        picture
            .renditions
            .iter()
            .try_for_each(|rendition| self.put(&rendition_name(&picture.key, rendition.serves_px), &rendition.bytes))
    }

    /// Keeps bytes under a name. A name that is there already is the same content and stays. Blocks.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), MediaError> {
        let name = checked(name)?;
        match self.0.as_ref() {
            Place::Memory(kept) => {
                kept.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), bytes.to_vec());
                Ok(())
            }
            Place::Folder { root, unfinished } => {
                let number = unfinished.fetch_add(1, Ordering::Relaxed);
                let beside = root.join(format!(".{}-{number}.tmp", std::process::id()));
                write_whole(root, &beside, &place_of(root, name), bytes).inspect_err(|_error| {
                    // What is left of a failed write is of no use to anybody.
                    let _ = std::fs::remove_file(&beside);
                })?;
                Ok(())
            }
        }
    }

    /// The bytes under a name, if there are any. Blocks.
    pub fn find(&self, name: &str) -> Result<Option<Vec<u8>>, MediaError> {
        let Ok(name) = checked(name) else { return Ok(None) };
        match self.0.as_ref() {
            Place::Memory(kept) => Ok(kept.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()),
            Place::Folder { root, .. } => match std::fs::read(place_of(root, name)) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }

    /// Forgets a name; it may be gone already. Blocks.
    pub fn delete(&self, name: &str) -> Result<(), MediaError> {
        let name = checked(name)?;
        match self.0.as_ref() {
            Place::Memory(kept) => {
                kept.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
                Ok(())
            }
            Place::Folder { root, .. } => match std::fs::remove_file(place_of(root, name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
                _ => Ok(()),
            },
        }
    }

    /// Whether the place is there. Writes nothing, since anybody may ask; on a full disk pictures are still shown. Blocks.
    pub fn health(&self) -> Result<(), MediaError> {
        match self.0.as_ref() {
            Place::Folder { root, .. } if !std::fs::metadata(root)?.is_dir() => {
                Err(io::Error::from(io::ErrorKind::NotADirectory).into())
            }
            _ => Ok(()),
        }
    }
}

/// Small letters, digits, `-` and single points inside: nothing that could leave the folder or hide in it.
fn checked(name: &str) -> Result<&str, MediaError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let good = (4..=100).contains(&name.len())
        && name.bytes().all(plain)
        && name.bytes().take(2).all(|byte| byte.is_ascii_alphanumeric())
        && !name.contains("..");
    good.then_some(name).ok_or(MediaError::NotAName)
}

/// Spread over 256 folders by the first two letters of the hash.
fn place_of(root: &Path, name: &str) -> PathBuf {
    root.join(name.get(..2).unwrap_or("00")).join(name)
}

fn write_whole(root: &Path, beside: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    if std::fs::metadata(place).is_ok_and(|there| u64::try_from(bytes.len()).is_ok_and(|length| there.len() == length))
    {
        return Ok(());
    }
    let folder = place.parent().unwrap_or(root);
    std::fs::create_dir_all(folder)?;
    let mut file = std::fs::File::create_new(beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(beside, place)?;
    // The names too must be on the disk: the file's in its folder, the folder's in the root.
    std::fs::File::open(folder)?.sync_all()?;
    std::fs::File::open(root)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_found_until_it_is_deleted() {
        let folder = tempfile::tempdir().expect("folder");
        let url = format!("file://{}/pictures", folder.path().display());
        for media in [Media::open(&url).expect("store"), Media::open("memory:").expect("store")] {
            media.put("ab12-320.webp", b"one").expect("put");
            media.put("ab12-320.webp", b"one").expect("put again");
            assert_eq!(media.find("ab12-320.webp").expect("read"), Some(b"one".to_vec()));
            assert_eq!(media.find("ab12-720.webp").expect("read"), None);
            media.delete("ab12-320.webp").expect("deleted");
            media.delete("ab12-320.webp").expect("deleted twice");
            assert_eq!(media.find("ab12-320.webp").expect("read"), None);
            media.health().expect("well");
        }
        let left: Vec<_> = std::fs::read_dir(folder.path().join("pictures/ab")).expect("folder").collect();
        assert!(left.is_empty(), "{left:?}");
        let hidden = std::fs::read_dir(folder.path().join("pictures")).expect("folder").flatten();
        assert!(
            hidden.map(|entry| entry.file_name()).all(|name| !name.to_string_lossy().starts_with('.')),
            "no leavings"
        );
        let gone = Media::open(&url).expect("store");
        std::fs::remove_dir_all(folder.path().join("pictures")).expect("gone");
        gone.health().expect_err("a place that is not there");
    }

    #[test]
    fn no_name_leaves_the_folder() {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join("secret"), b"key").expect("written");
        let media = Media::open(&format!("file://{}/pictures", folder.path().display())).expect("store");
        for name in [
            "../secret",
            "..",
            "",
            ".",
            "ab/../../secret",
            "/etc/passwd",
            "ab\0cd",
            "..%2fsecret",
            "ab\\cd",
            "AB12",
            ".hidden",
            "a.bc",
            "ab..cd",
            "ổi12",
        ] {
            assert!(matches!(media.put(name, b"x"), Err(MediaError::NotAName)), "{name:?}");
            assert!(matches!(media.find(name), Ok(None)), "{name:?}");
            assert!(matches!(media.delete(name), Err(MediaError::NotAName)), "{name:?}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_served_is_named() {
        for (url, word) in [
            ("s3://bucket", "s3://"),
            ("file://relative", "absolute"),
            ("ftp://x", "file:///"),
            ("file:///proc/no/such", "/proc/no/such"),
        ] {
            let error = Media::open(url).err().expect("refused").to_string();
            assert!(error.starts_with("MEDIA_URL: ") && error.contains(word), "{error}");
        }
    }

    #[test]
    fn a_full_or_missing_folder_is_an_error_and_leaves_nothing_half() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path().join("pictures");
        let media = Media::open(&format!("file://{}", root.display())).expect("store");
        // A file stands where the folder of this name should be.
        std::fs::write(root.join("ab"), b"in the way").expect("written");
        assert!(matches!(media.put("ab12-320.webp", b"one"), Err(MediaError::Io(_))));
        assert_eq!(std::fs::read_dir(&root).expect("folder").count(), 1);
    }
}
