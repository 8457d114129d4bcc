//! What every way in shares: who knocks, what comes of it, and how guessing is slowed down.

use crate::domain::lang::Lang;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::who::SignedIn;
use crate::store;

/// From where somebody signs in.
#[derive(Debug, Clone)]
pub struct Client {
    /// The network address, for limits alone; only its keyed hash is kept.
    pub address: String,
    /// Browser and system in a few words, for the person's own list.
    pub device: String,
    pub lang: Lang,
}

/// A sign-in that worked.
#[derive(Debug, Clone)]
pub struct Entered {
    /// For the cookie; never stored.
    pub token: String,
    pub max_age_s: i64,
    pub me: SignedIn,
}

/// The time over which failed tries are counted.
const WINDOW_S: i64 = 15 * 60;
/// Failed tries of one phone from one address before that address waits.
const TRIES_OF_PAIR: i64 = 5;
/// Failed tries from one address, whatever the phone; a village may share one.
const TRIES_OF_ADDRESS: i64 = 60;
/// Failed tries of one phone from anywhere before each further one is slowed down (never refused).
const TRIES_OF_PHONE: i64 = 15;
const SLOWED_MS: u64 = 1_500;

/// What a person typed as phone.
pub(super) fn read_phone(text: &str) -> ServiceResult<Phone> {
    text.parse().map_err(|_not_one| ServiceError::refused(Refusal::new("refusal-phone").about("phone")))
}

/// The subjects under which a failed try is counted.
pub(super) struct Subjects {
    pair: String,
    address: String,
    phone: String,
}

impl Subjects {
    pub(super) fn new(kit: &Kit, phone: &Phone, client: &Client) -> Self {
        let hash = |text: String| kit.keys.lookup_hash("sign-in-try", &text);
        Self {
            pair: hash(format!("pair {phone} {}", client.address)),
            address: hash(format!("address {}", client.address)),
            phone: hash(format!("phone {phone}")),
        }
    }
}

/// Refuses an address that has guessed too often, and slows down guesses at one phone from many addresses.
pub(super) async fn slow_down(kit: &Kit, subjects: &Subjects) -> ServiceResult<()> {
    if !kit.config.has_limits {
        return Ok(());
    }
    let since = kit.now().plus_seconds(-WINDOW_S);
    let (pair, address, phone) = (subjects.pair.clone(), subjects.address.clone(), subjects.phone.clone());
    let (of_pair, of_address, of_phone) = kit
        .db
        .read(move |conn| {
            let mut count = |subject: &str| store::sign_in::count_tries_since(conn, subject, since);
            Ok::<_, ServiceError>((count(&pair)?, count(&address)?, count(&phone)?))
        })
        .await?;
    if of_pair >= TRIES_OF_PAIR || of_address >= TRIES_OF_ADDRESS {
        return Err(ServiceError::TooMany { retry_after_s: u64::try_from(WINDOW_S).unwrap_or(900) });
    }
    if of_phone >= TRIES_OF_PHONE {
        tokio::time::sleep(std::time::Duration::from_millis(SLOWED_MS)).await;
    }
    Ok(())
}

pub(super) async fn count_failure(kit: &Kit, subjects: Subjects) -> ServiceResult<()> {
    let now = kit.now();
    kit.db
        .write(move |conn| {
            for subject in [&subjects.pair, &subjects.address, &subjects.phone] {
                store::sign_in::insert_try(conn, subject, now)?;
            }
            Ok(())
        })
        .await
}

/// Forgets what no longer limits or signs anybody in. Due every hour; safe at any time.
pub async fn forget_old_sign_ins(kit: &Kit) -> ServiceResult<usize> {
    const AT_ONCE: i64 = 400;
    let (old_tries, old_sessions) = (kit.now().plus_seconds(-86_400), kit.now().plus_seconds(-30 * 86_400));
    kit.db
        .write(move |conn| {
            let tries = store::sign_in::delete_old_tries(conn, old_tries, AT_ONCE)?;
            Ok(tries.saturating_add(store::session::delete_run_out(conn, old_sessions, AT_ONCE)?))
        })
        .await
}
