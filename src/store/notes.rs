//! What happened on this thread while a closure ran: whether a statement failed and how, and whether the public was
//! told of a change. A closure's own error type hides both. Written by `conn`, `error` and `change`, read by the door.
//! Knows nobody.

use std::cell::Cell;

/// What was noted since the last `clear`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notes {
    /// A `change` row was inserted.
    pub changed: bool,
    /// Some statement failed, whatever the closure made of it.
    pub failed: bool,
    /// A serialization failure or deadlock: running again may help.
    pub retry: bool,
    /// The engine may have ended the whole transaction by itself.
    pub ended: bool,
}

thread_local! {
    static NOTES: Cell<Notes> = const { Cell::new(Notes { changed: false, failed: false, retry: false, ended: false }) };
}

/// Forgets what was noted on this thread.
pub fn clear() {
    NOTES.set(Notes::default());
}

/// What was noted on this thread since it was last forgotten.
pub fn read() -> Notes {
    NOTES.get()
}

/// Notes that a statement failed: whether `retry` may help, whether the transaction may have `ended` with it.
pub fn failed(retry: bool, ended: bool) {
    let notes = NOTES.get();
    NOTES.set(Notes { failed: true, retry: notes.retry || retry, ended: notes.ended || ended, ..notes });
}

/// Notes that the public sees something else once this write is committed.
pub fn changed() {
    NOTES.set(Notes { changed: true, ..NOTES.get() });
}
