//! What makes one province unlike another: seed, size and the password of its sign-ins. Knows nothing of how it is made.

/// How much of a province.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Repetitions of the cooperatives (`--scale`).
    pub copies: u32,
    /// Past purchases, for each repetition.
    pub purchases: usize,
}

impl Size {
    /// The province as it is meant to be seen, `copies` times. An unoptimised build is ten times as slow and makes little of
    /// its past.
    pub const fn whole(copies: u32) -> Self {
        Self { copies, purchases: if cfg!(debug_assertions) { 120 } else { 2_000 } }
    }
}

/// What makes one province unlike another.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub seed: u64,
    pub size: Size,
    /// The one password of every sign-in, and its hash.
    pub password: String,
    pub password_hash: String,
}
