//! Sessions: made at each sign-in with a new token, found by its hash, ended by the person.

use super::entry::{Client, Entered};
use crate::domain::account::{GrantKind, SignInKind};
use crate::domain::id::{AccountId, CooperativeId, SessionId};
use crate::domain::time::At;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::who::{Grant, SignedIn, Work};
use crate::store;
use crate::store::account::Account;
use crate::store::conn::Conn;
use crate::store::session::Session;

const PURPOSE: &str = "session";
const DAY_S: i64 = 86_400;
/// Officials and operators sign in for a working day.
const OFFICE_S: i64 = 12 * 3_600;
const PASSWORD_S: i64 = 90 * DAY_S;
const CARD_S: i64 = 180 * DAY_S;
/// Without a visit for this long, a password sign-in is over; a card's is not.
const IDLE_S: i64 = 30 * DAY_S;
/// `seen_at` is written at most this often.
const SEEN_EVERY_S: i64 = 600;

/// A live session in the person's own list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SessionShown {
    pub id: SessionId,
    pub device: String,
    pub kind: SignInKind,
    pub made_at: At,
    pub seen_at: At,
    pub is_this: bool,
}

/// Everything about a person that a proof is made of.
fn read_person(conn: &mut Conn, account: &AccountId, now: At) -> ServiceResult<(Vec<Work>, Vec<Grant>)> {
    let mut works: Vec<Work> = Vec::new();
    for held in store::member::list_roles(conn, account)? {
        match works.iter_mut().find(|work| work.cooperative == held.cooperative) {
            Some(work) => work.roles.push(held.role),
            None => works.push(Work {
                cooperative: held.cooperative,
                slug: held.slug,
                name: held.name,
                roles: vec![held.role],
            }),
        }
    }
    let grants = store::grant::list_in_force(conn, account, now)?;
    let grants =
        grants.into_iter().map(|grant| Grant { kind: grant.kind, territory: grant.territory, office: grant.office });
    Ok((works, grants.collect()))
}

fn proof(session: &Session, account: Account, works: Vec<Work>, grants: Vec<Grant>) -> SignedIn {
    SignedIn {
        session: session.id.clone(),
        account: account.id,
        name: account.name,
        phone: account.phone.as_text().to_owned(),
        lang: account.language,
        kind: session.kind,
        cooperative: session.cooperative_id.clone(),
        works,
        grants,
        signed_in_at: session.made_at,
    }
}

/// Who comes with this token, if its session lives.
pub async fn find_session(kit: &Kit, token: &str) -> ServiceResult<Option<SignedIn>> {
    let now = kit.now();
    let hashes = kit.keys.lookup_hashes(PURPOSE, token);
    let found = kit
        .db
        .read(move |conn| {
            let Some(session) = store::session::find_live(conn, &hashes, now)? else { return Ok(None) };
            let account = store::account::get(conn, &session.account_id)?;
            let is_idle = session.kind != SignInKind::Card && now.seconds_since(session.seen_at) > IDLE_S;
            if !account.is_active || is_idle {
                return Ok(None);
            }
            let (works, grants) = read_person(conn, &account.id, now)?;
            Ok::<_, ServiceError>(Some((proof(&session, account, works, grants), session.seen_at)))
        })
        .await?;
    let Some((me, seen_at)) = found else { return Ok(None) };
    if now.seconds_since(seen_at) > SEEN_EVERY_S {
        let id = me.session.clone();
        kit.db.write(move |conn| Ok::<_, ServiceError>(store::session::put_seen(conn, &id, now)?)).await?;
    }
    Ok(Some(me))
}

/// A session made but not yet stored.
pub(super) struct Made {
    pub row: Session,
    pub token: String,
    pub max_age_s: i64,
}

/// Makes the session of a person who has proven to be one; `long` by the grants that the person holds.
pub(super) fn make(kit: &Kit, account: &AccountId, kind: SignInKind, client: &Client, is_office: bool) -> Made {
    let now = kit.now();
    let token = kit.keys.new_token();
    let max_age_s = match kind {
        _ if is_office => OFFICE_S,
        SignInKind::Card => CARD_S,
        SignInKind::Password | SignInKind::Code => PASSWORD_S,
    };
    let row = Session {
        id: SessionId::new(now, kit.ten()),
        token_hash: kit.keys.lookup_hash(PURPOSE, &token),
        account_id: account.clone(),
        kind,
        cooperative_id: None,
        device: client.device.clone(),
        made_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(max_age_s),
        revoked_at: None,
    };
    Made { row, token, max_age_s }
}

/// Whether a person holds an office that signs in for a working day only.
pub(super) async fn holds_office(kit: &Kit, account: &AccountId) -> ServiceResult<bool> {
    let (account, now) = (account.clone(), kit.now());
    let grants = kit.db.read(move |conn| store::grant::list_in_force(conn, &account, now)).await;
    let grants = grants.map_err(ServiceError::from)?;
    Ok(grants.iter().any(|grant| matches!(grant.kind, GrantKind::Official | GrantKind::Operator)))
}

/// The proof of a session just stored.
pub(super) async fn entered(kit: &Kit, made: Made) -> ServiceResult<Entered> {
    let me = find_session(kit, &made.token).await?.ok_or(ServiceError::SignInNeeded)?;
    Ok(Entered { token: made.token, max_age_s: made.max_age_s, me })
}

/// A new session of a person who has proven to be one.
pub async fn sign_in_as(kit: &Kit, account: &AccountId, kind: SignInKind, client: &Client) -> ServiceResult<Entered> {
    let made = make(kit, account, kind, client, holds_office(kit, account).await?);
    let row = made.row.clone();
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::session::insert(conn, &row)?)).await?;
    entered(kit, made).await
}

/// The person's live sessions.
pub async fn list_sessions(kit: &Kit, me: &SignedIn) -> ServiceResult<Vec<SessionShown>> {
    let (account, this, now) = (me.account.clone(), me.session.clone(), kit.now());
    kit.db
        .read(move |conn| {
            let rows = store::session::list_live(conn, &account, now)?;
            let shown = rows.into_iter().map(|row| SessionShown {
                is_this: row.id == this,
                id: row.id,
                device: row.device,
                kind: row.kind,
                made_at: row.made_at,
                seen_at: row.seen_at,
            });
            Ok(shown.collect())
        })
        .await
}

/// Ends one of the person's own sessions.
pub async fn end_session(kit: &Kit, me: &SignedIn, id: &SessionId) -> ServiceResult<()> {
    let (account, id, now) = (me.account.clone(), id.clone(), kit.now());
    let mark = kit
        .db
        .write(move |conn| Ok::<_, ServiceError>(store::session::mark_revoked(conn, &id, &account, now)?))
        .await?;
    if mark.moved() { Ok(()) } else { Err(ServiceError::NotFound) }
}

/// Ends the session by which the person came.
pub async fn sign_out(kit: &Kit, me: &SignedIn) -> ServiceResult<()> {
    match end_session(kit, me, &me.session).await {
        Ok(()) | Err(ServiceError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Works for another cooperative from now on, one of the person's own.
pub async fn switch_cooperative(kit: &Kit, me: &SignedIn, cooperative: &CooperativeId) -> ServiceResult<()> {
    if !me.works.iter().any(|work| work.cooperative == *cooperative) {
        return Err(ServiceError::NotFound);
    }
    let (session, cooperative) = (me.session.clone(), cooperative.clone());
    kit.db
        .write(move |conn| Ok::<_, ServiceError>(store::session::put_cooperative(conn, &session, &cooperative)?))
        .await
}
