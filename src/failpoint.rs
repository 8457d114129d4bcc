//! Named places where a test ends the process as a kill would: nothing is cleaned up, nobody is answered. Armed by the hidden
//! `--fail-at NAME` of builds with debug assertions; in a release build nothing of it is left. Knows nothing of what it ends.

/// The places, in the order in which money passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Failpoint {
    /// A delivery is proven; nothing is written.
    BankVerified,
    /// Its movement is inserted, inside the transaction.
    EventStored,
    /// What the money is has been decided.
    MoneyDecided,
    /// A journal stands with the first of its postings.
    JournalHalf,
    /// Order and ledger are written.
    MoneyCarriedOut,
    /// Everything is written, COMMIT is not yet said.
    BeforeCommit,
    /// COMMIT has returned; nobody knows.
    Committed,
    /// The use case is over, the provider is not answered.
    BankTaken,
    /// What a provider's list said is here; nothing is taken in.
    PollFetched,
    /// It is taken in; that it was asked is not noted.
    PollTaken,
    /// Some lines of a statement are taken in, others are not.
    StatementHalf,
    /// Work of the outbox is claimed and not begun.
    OutboxClaimed,
    /// It is done, and not noted.
    OutboxActed,
}

#[cfg(debug_assertions)]
mod armed {
    use super::Failpoint;
    use std::sync::OnceLock;

    static ARMED: OnceLock<Failpoint> = OnceLock::new();

    pub fn arm(point: Failpoint) {
        let _ = ARMED.set(point);
    }

    pub fn pass(point: Failpoint) {
        if ARMED.get() == Some(&point) {
            std::process::abort();
        }
    }
}

#[cfg(not(debug_assertions))]
mod armed {
    use super::Failpoint;

    pub const fn arm(_: Failpoint) {}
    pub const fn pass(_: Failpoint) {}
}

pub use armed::{arm, pass};
