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
    /// The province, `copies` times: some 2,000 past orders. A purchase of the past costs about 4 ms of one processor (all its steps
    /// go through the services, one write each: 170 statements), so that a first start opens within 9 s on two idle cores. An
    /// unoptimised build is slower and makes fewer.
    pub const fn whole(copies: u32) -> Self {
        Self { copies, purchases: if cfg!(debug_assertions) { 120 } else { 1_850 } }
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
