//! Chance for one use case: a write may run again, so everything random in it is drawn from one seed that was made before.

use super::kit::Kit;
use crate::domain::time::{At, Entropy};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// A seed and the instant of the act. Every `fresh` sequence of it is the same.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    pub now: At,
    seed: [u8; 32],
}

/// One run through a `Draw`: ids, codes, salts, always the same in the same order.
#[derive(Debug)]
pub struct Run {
    pub now: At,
    seed: [u8; 32],
    next: AtomicU64,
}

impl Draw {
    pub fn new(kit: &Kit) -> Self {
        let mut seed = [0; 32];
        kit.entropy.fill(&mut seed);
        Self { now: kit.now(), seed }
    }

    /// Begins the sequence again: what a write closure does first.
    pub fn fresh(&self) -> Run {
        Run { now: self.now, seed: self.seed, next: AtomicU64::new(0) }
    }
}

impl Run {
    /// What an id needs.
    pub fn ten(&self) -> [u8; 10] {
        crate::domain::time::ten(self)
    }

    /// What a salt needs.
    pub fn sixteen(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes
    }
}

impl Entropy for Run {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let turn = self.next.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::new().chain_update(self.seed).chain_update(turn.to_be_bytes()).finalize();
            for (byte, random) in chunk.iter_mut().zip(block) {
                *byte = random;
            }
        }
    }
}
