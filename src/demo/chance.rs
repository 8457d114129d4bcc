//! Chance and time of the demonstration: the same seed gives the same province, whatever runs beside what. Every act gets a
//! kit of its own, whose clock stands at the act's time and whose chance is the seed's and the act's name.

use crate::domain::time::{At, Clock, Entropy};
use crate::service::error::ServiceResult;
use crate::service::kit::Kit;
use futures_util::future::join_all;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Acts that are under way together: they are committed together. Below the queue of the writer.
pub const AT_ONCE: usize = 512;

/// A row of random numbers for planning.
#[derive(Debug, Clone)]
pub struct Chance {
    seed: [u8; 32],
    turn: u64,
}

fn seed_of(seed: u64, name: &str) -> [u8; 32] {
    Sha256::new().chain_update(seed.to_be_bytes()).chain_update(name).finalize().into()
}

fn block(seed: &[u8; 32], turn: u64) -> [u8; 32] {
    Sha256::new().chain_update(seed).chain_update(turn.to_be_bytes()).finalize().into()
}

impl Chance {
    pub fn new(seed: u64, name: &str) -> Self {
        Self { seed: seed_of(seed, name), turn: 0 }
    }

    fn next(&mut self) -> u64 {
        self.turn = self.turn.wrapping_add(1);
        let bytes = block(&self.seed, self.turn);
        bytes.iter().take(8).fold(0_u64, |sum, byte| sum.wrapping_shl(8) | u64::from(*byte))
    }

    /// A number from `low` to `high`, both possible.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1).max(1).unsigned_abs();
        let drawn = self.next().checked_rem(span).unwrap_or(0);
        low.saturating_add(i64::try_from(drawn).unwrap_or(0))
    }

    /// Yes in so many of a thousand.
    pub fn permille(&mut self, of_thousand: i64) -> bool {
        self.between(0, 999) < of_thousand
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(from.len()).unwrap_or(0).saturating_sub(1);
        from.get(usize::try_from(self.between(0, last.max(0))).unwrap_or(0))
    }

    /// One by weight; none when all weigh nothing.
    pub fn weigh<'a, T>(&mut self, from: &'a [T], weight: impl Fn(&T) -> i64) -> Option<&'a T> {
        let total: i64 = from.iter().map(&weight).sum();
        if total <= 0 {
            return None;
        }
        let mut left = self.between(0, total.saturating_sub(1));
        from.iter().find(|one| {
            left = left.saturating_sub(weight(one));
            left < 0
        })
    }
}

/// A clock that stands.
struct Stopped(At);

impl Clock for Stopped {
    fn now(&self) -> At {
        self.0
    }
}

/// Chance for ids and codes.
struct Seeded {
    seed: [u8; 32],
    turn: AtomicU64,
}

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let drawn = block(&self.seed, self.turn.fetch_add(1, Ordering::Relaxed));
            for (byte, random) in chunk.iter_mut().zip(drawn) {
                *byte = random;
            }
        }
    }
}

/// Kits for acts.
#[derive(Clone)]
pub struct Stage {
    pub kit: Kit,
    pub seed: u64,
    /// The present: no act lies after it.
    pub now: At,
}

impl Stage {
    /// The kit for one act at its time. The name must be the act's alone.
    pub fn at(&self, at: At, act: &str) -> Kit {
        let entropy = Seeded { seed: seed_of(self.seed, act), turn: AtomicU64::new(0) };
        Kit { clock: Arc::new(Stopped(at.min(self.now))), entropy: Arc::new(entropy), ..self.kit.clone() }
    }

    pub fn chance(&self, name: &str) -> Chance {
        Chance::new(self.seed, name)
    }
}

/// Runs acts together, begun in their order, and gives their results in that order.
///
/// # Errors
/// The first act's that failed.
pub async fn together<T, F>(acts: impl IntoIterator<Item = F>) -> ServiceResult<Vec<T>>
where
    F: Future<Output = ServiceResult<T>>,
{
    let mut acts = acts.into_iter();
    let mut done = Vec::new();
    loop {
        let some: Vec<F> = acts.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            return Ok(done);
        }
        for result in join_all(some).await {
            done.push(result?);
        }
    }
}
