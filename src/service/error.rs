//! What a use case can answer instead of its result. `web/error.rs` turns each into a status and words.

use crate::domain::money::MoneyOverflow;
use crate::domain::quantity::QuantityOverflow;
use crate::domain::refusal::Refusal;
use crate::store::StoreError;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The request can never work as it is.
    #[error("refused: {}", keys(.0))]
    Refused(Vec<Refusal>),
    /// Stock, price, window or state has changed since it was shown.
    #[error("changed: {}", keys(.0))]
    Changed(Vec<Refusal>),
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    #[error("sign-in needed")]
    SignInNeeded,
    /// A limit of tries; seconds until the next makes sense.
    #[error("too many, again in {retry_after_s} s")]
    TooMany { retry_after_s: u64 },
    /// The database or a helper of ours is not there just now.
    #[error("unavailable, again in {retry_after_s} s")]
    Unavailable { retry_after_s: u64 },
    /// A fault of ours, for the log.
    #[error("broken: {0}")]
    Broken(#[source] Cause),
}

pub type ServiceResult<T> = Result<T, ServiceError>;

fn keys(refusals: &[Refusal]) -> String {
    refusals.iter().map(|refusal| refusal.key.as_str()).collect::<Vec<_>>().join(", ")
}

impl ServiceError {
    /// One refusal: can never work.
    pub fn refused(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }

    /// One refusal: has changed meanwhile.
    pub fn changed(refusal: Refusal) -> Self {
        Self::Changed(vec![refusal])
    }

    pub fn broken(cause: impl Into<Cause>) -> Self {
        Self::Broken(cause.into())
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal)
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Busy => Self::Unavailable { retry_after_s: 2 },
            StoreError::Conflict => Self::broken("a row that must be new was there already"),
            StoreError::Broken(cause) => Self::Broken(cause),
        }
    }
}

impl From<MoneyOverflow> for ServiceError {
    fn from(_too_large: MoneyOverflow) -> Self {
        Self::refused(Refusal::new("refusal-too-large"))
    }
}

impl From<QuantityOverflow> for ServiceError {
    fn from(_too_large: QuantityOverflow) -> Self {
        Self::refused(Refusal::new("refusal-too-large"))
    }
}
