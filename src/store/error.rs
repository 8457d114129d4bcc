//! How a store function can fail, in the four ways that a service treats differently. Knows no HTTP and no words for
//! people.

use super::conn::{ConnectError, MigrateError, Trouble, trouble};
use super::notes;

/// What every store function returns.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row that had to be there is not.
    #[error("no such row")]
    NotFound,
    /// A rule of the tables stands against it: a key taken, a row missing that is referred to, a CHECK.
    #[error("a rule of the tables stands against it")]
    Conflict,
    /// Not now: locked, out of time, full, stopping, the server gone. Nothing was written as far as is known.
    #[error("the database is busy")]
    Busy,
    /// Something that should not happen.
    #[error("the database failed")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// A failure that nobody above can do anything about.
    pub fn broken(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        StoreError::Broken(source.into())
    }
}

/// Every database error passes here, so it is also noted for the door. No constraint's name is ever looked at: the
/// embedded engine gives none.
impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        let trouble = trouble(&error);
        if trouble != Trouble::NotFound {
            notes::failed(trouble == Trouble::Retry, trouble.ends_everything());
        }
        match trouble {
            Trouble::NotFound => StoreError::NotFound,
            Trouble::Unique | Trouble::ForeignKey | Trouble::Check => StoreError::Conflict,
            Trouble::Retry | Trouble::Busy => StoreError::Busy,
            Trouble::Full => {
                tracing::error!("the disk of the database is full");
                StoreError::Busy
            }
            Trouble::Fatal | Trouble::Other => StoreError::broken(error),
        }
    }
}

impl From<ConnectError> for StoreError {
    fn from(error: ConnectError) -> Self {
        StoreError::broken(error)
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        StoreError::broken(error)
    }
}
