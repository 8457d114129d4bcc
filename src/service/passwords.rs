//! Passwords: argon2id behind a semaphore, so that sign-ins can be slow for a guesser and never eat the machine.

use super::error::{ServiceError, ServiceResult};
use crate::config::Secret;
use crate::domain::time::Entropy;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes computed at one time; each takes about 19 MiB and 40 ms.
const AT_ONCE: usize = 2;
/// Those who wait longer are asked to come again.
const LONGEST_WAIT_MS: u64 = 5_000;
/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;

/// The one place that computes password hashes. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    entropy: Arc<dyn Entropy>,
    /// Verified for an unknown phone, so that it takes as long as for a known one.
    nobody: Arc<str>,
    hasher: Argon2<'static>,
}

impl Passwords {
    pub fn new(entropy: Arc<dyn Entropy>) -> ServiceResult<Self> {
        let params = Params::new(MEMORY_KIB, 2, 1, None).map_err(|error| ServiceError::broken(error.to_string()))?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut waste = [0; 32];
        entropy.fill(&mut waste);
        let nobody = hash_now(&hasher, &waste, &[7; 16])?;
        Ok(Self { slots: Arc::new(Semaphore::new(AT_ONCE)), entropy, nobody: nobody.into(), hasher })
    }

    /// The PHC text of a new password.
    pub async fn hash(&self, password: Secret) -> ServiceResult<String> {
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        self.compute(move |hasher| hash_now(hasher, password.expose().as_bytes(), &salt)).await?
    }

    /// Whether a password fits; without a hash (unknown phone, no password set) always no, after the same work.
    pub async fn fits(&self, password: Secret, hash: Option<String>) -> ServiceResult<bool> {
        let nobody = Arc::clone(&self.nobody);
        self.compute(move |hasher| {
            let against = hash.as_deref().unwrap_or(&nobody);
            let fits = hasher.verify_password(password.expose().as_bytes(), against).is_ok();
            fits && hash.is_some()
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> ServiceResult<T> {
        let wait = std::time::Duration::from_millis(LONGEST_WAIT_MS);
        let slot = tokio::time::timeout(wait, Arc::clone(&self.slots).acquire_owned())
            .await
            .map_err(|_full| ServiceError::Unavailable { retry_after_s: 10 })?
            .map_err(ServiceError::broken)?;
        let hasher = self.hasher.clone();
        tokio::task::spawn_blocking(move || {
            let _slot = slot;
            work(&hasher)
        })
        .await
        .map_err(ServiceError::broken)
    }
}

fn hash_now(hasher: &Argon2<'static>, password: &[u8], salt: &[u8; 16]) -> ServiceResult<String> {
    let hash: PasswordHash =
        hasher.hash_password_with_salt(password, salt).map_err(|error| ServiceError::broken(error.to_string()))?;
    Ok(hash.to_string())
}
