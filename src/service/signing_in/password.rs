//! Phone and password.

use super::entry::{Client, Entered, Subjects, count_failure, read_phone, slow_down};
use super::session::{Made, entered, holds_office, make};
use crate::config::Secret;
use crate::domain::account::SignInKind;
use crate::domain::refusal::Refusal;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::who::SignedIn;
use crate::store;
use crate::store::account::Account;

const SHORTEST: usize = 8;
const LONGEST: usize = 256;
/// After a sign-in by code, this long a new password needs no old one.
const CODE_IS_FRESH_S: i64 = 30 * 60;
/// What guessers try first here; compared in lower case.
const WELL_KNOWN: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "0123456789",
    "87654321",
    "11111111",
    "00000000",
    "88888888",
    "66668888",
    "password",
    "password1",
    "matkhau1",
    "matkhau123",
    "abc12345",
    "abcd1234",
    "qwertyui",
    "qwerty123",
    "iloveyou",
    "anhyeuem",
    "emyeuanh",
    "vietnam1",
    "hungyen1",
    "hungyen123",
    "nhanlong",
];

fn wrong() -> ServiceError {
    ServiceError::refused(Refusal::new("refusal-sign-in").about("password"))
}

/// Signs in. A wrong phone and a wrong password get the same answer after the same work.
pub async fn sign_in_by_password(kit: &Kit, phone: &str, password: Secret, client: &Client) -> ServiceResult<Entered> {
    let phone = read_phone(phone)?;
    let subjects = Subjects::new(kit, &phone, client);
    slow_down(kit, &subjects).await?;
    let account = kit.db.read(move |conn| store::account::find_by_phone(conn, &phone)).await;
    let account = account.map_err(ServiceError::from)?;
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let fits = kit.passwords.fits(password, hash).await?;
    let made = match account {
        Some(account) if fits => enter(kit, account, client).await?,
        _ => None,
    };
    match made {
        Some(made) => entered(kit, made).await,
        None => {
            count_failure(kit, subjects).await?;
            Err(wrong())
        }
    }
}

/// Stores a session while the password that fitted stands. It may have been changed while its hash was computed, and whoever
/// changed it has ended the sign-ins of the old one.
async fn enter(kit: &Kit, account: Account, client: &Client) -> ServiceResult<Option<Made>> {
    let made = make(kit, &account.id, SignInKind::Password, client, holds_office(kit, &account.id).await?);
    let row = made.row.clone();
    let stands = kit
        .db
        .write(move |conn| {
            let there = store::account::lock(conn, &account.id)?;
            let stands = there.is_active && there.password_hash == account.password_hash;
            if stands {
                store::session::insert(conn, &row)?;
            }
            Ok::<_, ServiceError>(stands)
        })
        .await?;
    Ok(stands.then_some(made))
}

/// Whether a text may become a password: 8 to 256 letters, not one that everybody tries first.
pub fn check_new_password(password: &Secret, phone: &str) -> ServiceResult<()> {
    let text = password.expose();
    let refuse = |key: &str| Err(ServiceError::refused(Refusal::new(key).about("password")));
    let length = text.chars().count();
    if length < SHORTEST {
        return refuse("refusal-password-short");
    }
    if length > LONGEST {
        return refuse("refusal-password-long");
    }
    let lower = text.to_lowercase();
    let local = phone.strip_prefix("+84").unwrap_or(phone);
    let is_one_letter = text.chars().next().is_some_and(|first| text.chars().all(|letter| letter == first));
    if WELL_KNOWN.contains(&lower.as_str()) || is_one_letter || lower.trim_start_matches('0') == local {
        return refuse("refusal-password-known");
    }
    Ok(())
}

/// Whether the form for a new password asks for the old one.
pub async fn asks_old_password(kit: &Kit, me: &SignedIn) -> ServiceResult<bool> {
    let id = me.account.clone();
    let account = kit.db.read(move |conn| store::account::get(conn, &id)).await.map_err(ServiceError::from)?;
    Ok(!may_skip_old_password(kit, me, account.password_hash.is_some()))
}

/// Whether a new password needs no old one: none was set, or the person has just come by a code.
fn may_skip_old_password(kit: &Kit, me: &SignedIn, has_password: bool) -> bool {
    let is_fresh = kit.now().seconds_since(me.signed_in_at) < CODE_IS_FRESH_S;
    !has_password || (me.kind == SignInKind::Code && is_fresh)
}

/// The password once more before an act that would hurt in other hands. Who has just come by a code has proven enough; who has no
/// password comes by a code again.
pub async fn check_again(kit: &Kit, me: &SignedIn, typed: Secret) -> ServiceResult<()> {
    let id = me.account.clone();
    let account = kit.db.read(move |conn| store::account::get(conn, &id)).await.map_err(ServiceError::from)?;
    let is_fresh = kit.now().seconds_since(me.signed_in_at) < CODE_IS_FRESH_S;
    if account.password_hash.is_none() {
        let again = || ServiceError::refused(Refusal::new("refusal-sign-in-again").about("password"));
        return if is_fresh { Ok(()) } else { Err(again()) };
    }
    if may_skip_old_password(kit, me, true) || kit.passwords.fits(typed, account.password_hash).await? {
        return Ok(());
    }
    Err(ServiceError::refused(Refusal::new("refusal-old-password").about("password")))
}

/// Sets a new password and ends the person's other sessions.
pub async fn set_password(kit: &Kit, me: &SignedIn, old: Secret, new: Secret) -> ServiceResult<()> {
    check_new_password(&new, &me.phone)?;
    let id = me.account.clone();
    let account = kit.db.read(move |conn| store::account::get(conn, &id)).await.map_err(ServiceError::from)?;
    let wrong = || ServiceError::refused(Refusal::new("refusal-old-password").about("old_password"));
    let before = account.password_hash;
    if !may_skip_old_password(kit, me, before.is_some()) && !kit.passwords.fits(old, before.clone()).await? {
        return Err(wrong());
    }
    // Who has come by a code needs no old one, whatever it is by now.
    let by_code = may_skip_old_password(kit, me, true);
    let hash = kit.passwords.hash(new).await?;
    let (id, session, now) = (me.account.clone(), me.session.clone(), kit.now());
    kit.db
        .write(move |conn| {
            // Of two who give the same old password at once the second finds it changed.
            if store::account::lock(conn, &id)?.password_hash != before && !by_code {
                return Err(wrong());
            }
            store::account::put_password(conn, &id, &hash)?;
            store::session::mark_others_revoked(conn, &id, &session, now)?;
            Ok(())
        })
        .await
}
