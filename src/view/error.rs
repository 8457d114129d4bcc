//! A view that does not hold together.

use crate::domain::lang::Lang;

/// A view that does not hold together, or that could not be filled in.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error("template {name}: {reason}")]
    Template { name: String, reason: String },
    #[error("texts: {0}")]
    Texts(String),
    #[error("{template}: there is no text {key:?} in {lang}")]
    NoSuchText { template: String, key: String, lang: Lang },
}
