//! What kind of trouble a database error is. Error texts of the engines are matched here and nowhere else.

use diesel::result::{DatabaseErrorKind, Error};

/// The kinds of trouble that anyone above treats differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A row that had to be there is not.
    NotFound,
    Unique,
    ForeignKey,
    Check,
    /// Serialization failure or deadlock: the same transaction may well succeed when it runs again.
    Retry,
    /// Somebody else holds what is needed, a time limit was reached or the server is gone: later, perhaps.
    Busy,
    /// The disk is full. On the embedded engine it ends the whole transaction.
    Full,
    /// Reading or writing the disk failed, or memory ran out. It ends the whole transaction.
    Fatal,
    Other,
}

impl Trouble {
    /// Whether the embedded engine may have rolled the whole transaction back by itself.
    pub fn ends_everything(self) -> bool {
        matches!(self, Trouble::Full | Trouble::Fatal)
    }
}

/// Words of the engines for what they give no kind. English: the session setup asks the server for it.
const WORDS: &[(&str, Trouble)] = &[
    ("deadlock detected", Trouble::Retry),
    ("could not serialize", Trouble::Retry),
    ("database is locked", Trouble::Busy),
    ("database table is locked", Trouble::Busy),
    ("lock timeout", Trouble::Busy),
    ("statement timeout", Trouble::Busy),
    ("terminating connection", Trouble::Busy),
    ("server closed the connection", Trouble::Busy),
    ("no connection to the server", Trouble::Busy),
    ("the database system is", Trouble::Busy),
    ("too many clients", Trouble::Busy),
    ("remaining connection slots", Trouble::Busy),
    ("database or disk is full", Trouble::Full),
    ("No space left on device", Trouble::Full),
    ("disk I/O error", Trouble::Fatal),
    ("out of memory", Trouble::Fatal),
    ("database disk image is malformed", Trouble::Fatal),
    ("attempt to write a readonly database", Trouble::Fatal),
    ("unable to open database file", Trouble::Fatal),
    ("interrupted", Trouble::Fatal),
];

/// The kind of trouble that `error` is.
pub fn trouble(error: &Error) -> Trouble {
    match error {
        Error::NotFound => Trouble::NotFound,
        Error::DatabaseError(kind, words) => match kind {
            DatabaseErrorKind::UniqueViolation => Trouble::Unique,
            DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => Trouble::ForeignKey,
            DatabaseErrorKind::CheckViolation | DatabaseErrorKind::ExclusionViolation => Trouble::Check,
            DatabaseErrorKind::SerializationFailure => Trouble::Retry,
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Trouble::Busy,
            _ => of_words(words.message()),
        },
        Error::RollbackErrorOnCommit { commit_error, .. } => trouble(commit_error),
        _ => Trouble::Other,
    }
}

fn of_words(message: &str) -> Trouble {
    WORDS.iter().find(|(words, _)| message.contains(words)).map_or(Trouble::Other, |(_, trouble)| *trouble)
}
