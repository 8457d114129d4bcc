//! How often one address may come: a bucket of tokens for each class of routes. Held in memory, bounded; a restart
//! forgets it. What guards a person's password is in the database instead (`service/signing_in`).

use super::route::Rate;
use crate::domain::time::At;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// Addresses remembered at most.
const REMEMBERED: usize = 50_000;

/// A class's bucket: how many at once, and how many a minute in the long run. Whole villages share one address
/// behind a mobile network, so pages are cheap.
const fn size(rate: Rate) -> Option<(i64, i64)> {
    match rate {
        Rate::Free => None,
        Rate::Page => Some((300, 1_200)),
        Rate::Act => Some((60, 240)),
        Rate::SignIn => Some((30, 60)),
        Rate::Api => Some((300, 1_200)),
        Rate::Webhook => Some((600, 6_000)),
    }
}

struct Bucket {
    /// Millionths of a token.
    tokens_e6: i64,
    at: At,
}

/// The buckets of this process.
#[derive(Default)]
pub struct Limits {
    buckets: Mutex<HashMap<(Rate, IpAddr), Bucket>>,
}

impl Limits {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one token; else says in how many seconds there is one.
    pub fn take(&self, rate: Rate, from: IpAddr, now: At) -> Result<(), u64> {
        let Some((at_once, a_minute)) = size(rate) else { return Ok(()) };
        let full = at_once.saturating_mul(1_000_000);
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| now.seconds_since(bucket.at) < 60);
        }
        if buckets.len() >= REMEMBERED {
            buckets.clear();
        }
        let bucket = buckets.entry((rate, neighbourhood(from))).or_insert(Bucket { tokens_e6: full, at: now });
        let passed_us = now.unix_micros().saturating_sub(bucket.at.unix_micros()).max(0);
        let gained = passed_us.saturating_mul(a_minute).div_euclid(60);
        bucket.tokens_e6 = bucket.tokens_e6.saturating_add(gained).min(full);
        bucket.at = now;
        if bucket.tokens_e6 >= 1_000_000 {
            bucket.tokens_e6 = bucket.tokens_e6.saturating_sub(1_000_000);
            return Ok(());
        }
        Err(1)
    }
}

/// One household has a whole /64 of IPv6.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again_for_each_address_alone() {
        let limits = Limits::new();
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let now = At::from_unix_seconds(1_000);
        assert!((0..30).all(|_| limits.take(Rate::SignIn, here, now).is_ok()));
        assert!(limits.take(Rate::SignIn, here, now).is_err());
        assert!(limits.take(Rate::SignIn, there, now).is_ok());
        assert!(limits.take(Rate::Page, here, now).is_ok());
        assert!(limits.take(Rate::SignIn, here, now.plus_seconds(1)).is_ok());
        assert!(limits.take(Rate::SignIn, here, now.plus_seconds(1)).is_err());
    }
}
