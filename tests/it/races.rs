//! Everybody at once, a room a kind of thing: what is named and founded, ways in, orders and lots, money back, work that is due. Each use
//! case that writes is called from several sides on the same rows, round after round; the embedded engine's one writer would
//! hide a missing lock, a server shows it. What `ordering`, `paying::races` and `operating` race is not raced again here.

use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::verifying;

mod accounts;
mod due_work;
mod names;
mod orders;
mod refunds;
mod ways_in;

/// Rounds of a race; the long form is the contract's 200.
pub fn rounds() -> u32 {
    if std::env::var("GANH_LONG").is_ok() { 200 } else { 12 }
}

/// Those who did it. Everybody else was refused with this key, and nobody met a fault.
#[track_caller]
pub fn winners<T>(all: Vec<Result<T, ServiceError>>, key: &str) -> Vec<T> {
    winners_among(all, &[key])
}

/// The same, where what one is refused with depends on who was first.
#[track_caller]
pub fn winners_among<T>(all: Vec<Result<T, ServiceError>>, keys: &[&str]) -> Vec<T> {
    let mut won = Vec::new();
    for one in all {
        match one {
            Ok(value) => won.push(value),
            Err(ServiceError::Refused(said) | ServiceError::Changed(said)) => {
                let is_known = |key: &str| keys.contains(&key);
                assert!(said.iter().all(|refusal| is_known(&refusal.key)), "refused with something else: {said:?}");
            }
            Err(other) => panic!("neither done nor refused with {keys:?}: {other}"),
        }
    }
    won
}

/// Everybody did it.
#[track_caller]
pub fn all_done<T>(all: Vec<Result<T, ServiceError>>) -> Vec<T> {
    all.into_iter().map(|one| one.expect("done")).collect()
}

/// The books after all of it.
pub async fn sound(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:?}", report.broken());
}
