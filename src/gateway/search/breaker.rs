//! A breaker: after a few failures in a row nobody waits for the broken one until a pause is over.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures in a row that open it.
const FAILURES_MOST: u32 = 3;
/// How long it stays open; then one caller tries.
const PAUSE: Duration = Duration::from_secs(5);

/// Counts failures.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    tried_again_at: Option<Instant>,
}

impl Breaker {
    /// Whether to try now. While open, only the first caller after each pause is told yes.
    pub fn lets_through(&self, now: Instant) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failures < FAILURES_MOST {
            return true;
        }
        let over = state.tried_again_at.is_none_or(|at| now >= at);
        if over {
            state.tried_again_at = now.checked_add(PAUSE);
        }
        over
    }

    /// What became of a try.
    pub fn note(&self, went_well: bool, now: Instant) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if went_well {
            *state = State::default();
        } else {
            state.failures = state.failures.saturating_add(1);
            state.tried_again_at = now.checked_add(PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_lets_one_try_after_the_pause() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for went_well in [false, false, true, false, false] {
            assert!(breaker.lets_through(now));
            breaker.note(went_well, now);
        }
        assert!(breaker.lets_through(now));
        breaker.note(false, now);
        assert!(!breaker.lets_through(now));
        let later = now.checked_add(PAUSE).expect("later");
        assert!(breaker.lets_through(later) && !breaker.lets_through(later), "one only");
        breaker.note(true, later);
        assert!(breaker.lets_through(later) && breaker.lets_through(later));
    }
}
