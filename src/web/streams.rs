//! Room for event streams, and the word that the program stops.

use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// Streams open at one time in one process.
const AT_ONCE: usize = 2_000;
/// The room for streams, and the word that the program stops.
#[derive(Clone)]
pub struct Streams {
    pub(super) slots: Arc<Semaphore>,
    pub(super) stop: watch::Receiver<bool>,
}

impl Streams {
    pub fn new(stop: watch::Receiver<bool>) -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)), stop }
    }
}
