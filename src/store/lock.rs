//! One `serve` at a time on one embedded database: two would each trust their own caches. Other commands beside it are
//! fine. The lock is the kernel's, so it goes with the process, however that ends.

use super::conn::Target;
use std::fs::{File, TryLockError};
use std::path::PathBuf;

/// Held for as long as a process serves.
#[derive(Debug)]
pub struct ServeLock {
    _held: Option<File>,
}

/// Why the lock could not be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another serve already runs on this database; stop it first, or use PostgreSQL to run several")]
    Taken,
    #[error("the lock file {} cannot be used: {because}", .path.display())]
    File { path: PathBuf, because: std::io::Error },
}

impl ServeLock {
    /// Takes the lock beside the database file. A server needs none: any number may serve from it.
    ///
    /// # Errors
    /// When another process holds it.
    pub fn take(target: &Target) -> Result<Self, LockError> {
        let Target::File(database) = target else { return Ok(Self { _held: None }) };
        let mut name = database.as_os_str().to_owned();
        name.push(".serve.lock");
        let path = PathBuf::from(name);
        let opened = File::options().create(true).append(true).open(&path);
        let file = opened.map_err(|because| LockError::File { path: path.clone(), because })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _held: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken),
            Err(TryLockError::Error(because)) => Err(LockError::File { path, because }),
        }
    }
}
