//! Chance for one use case: a write may run again, so everything random in it is drawn from one seed that was made before.

use super::keys::Keys;
use super::kit::Kit;
use crate::domain::time::{At, Entropy};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A seed and the instant of the act. Every `fresh` sequence of it is the same.
#[derive(Debug, Clone)]
pub struct Draw {
    pub now: At,
    seed: [u8; 32],
    house: Arc<House>,
}

/// What acts have to know of the house that they are done in.
#[derive(Debug)]
pub struct House {
    pub keys: Keys,
    pub base_url: String,
}

/// One run through a `Draw`: ids, codes, salts, always the same in the same order.
#[derive(Debug)]
pub struct Run {
    pub now: At,
    pub house: Arc<House>,
    seed: [u8; 32],
    next: AtomicU64,
}

impl Draw {
    pub fn new(kit: &Kit) -> Self {
        let mut seed = [0; 32];
        kit.entropy.fill(&mut seed);
        let house = House { keys: kit.keys.clone(), base_url: kit.config.base_url.clone() };
        Self { now: kit.now(), seed, house: Arc::new(house) }
    }

    /// Begins the sequence again: what a write closure does first.
    pub fn fresh(&self) -> Run {
        Run { now: self.now, house: Arc::clone(&self.house), seed: self.seed, next: AtomicU64::new(0) }
    }
}

impl Run {
    /// What an id needs.
    pub fn ten(&self) -> [u8; 10] {
        crate::domain::time::ten(self)
    }

    /// What the id of a row needs that must stand behind those written before it in the same run, at the same instant: a counter in the
    /// twelve bits after the time (RFC 9562, 6.2, method 1).
    pub fn ten_in_order(&self) -> [u8; 10] {
        let turn = u16::try_from(self.next.load(Ordering::Relaxed) & 0x0fff).unwrap_or(0x0fff);
        let mut bytes = self.ten();
        let [first, second, ..] = &mut bytes;
        [*first, *second] = turn.to_be_bytes();
        bytes
    }

    /// A token of 160 random bits; store its `lookup_hash`.
    pub fn token(&self) -> String {
        let mut bytes = [0; 20];
        self.fill(&mut bytes);
        crate::domain::id::hex(&bytes)
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
