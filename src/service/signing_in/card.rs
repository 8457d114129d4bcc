//! The sign-in card: paper or a picture with a link, from the cooperative's manager to one member. Its address shows
//! whose it is; one press signs in; then it is used up.

use super::entry::{Client, Entered};
use super::session::{entered, holds_office, make};
use crate::domain::account::{MemberRole, SignInKind};
use crate::domain::id::{AccountId, SignInCardId};
use crate::domain::refusal::Refusal;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::who::Seller;
use crate::store;
use crate::store::sign_in::Card;

const PURPOSE: &str = "sign-in-card";
/// A card that nobody has used by then is dead; the sign-in that it gives lives as long again.
const LIVES_S: i64 = 180 * 86_400;

/// What the page of a card shows before anything is pressed.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CardShown {
    pub name: String,
    pub cooperative_name: String,
    /// Used, taken back or run out: shown with the way to a new one.
    pub is_good: bool,
}

/// Makes a card for a member; earlier unused ones of the same member are dead. Returns the token of its address.
pub async fn issue_card(kit: &Kit, seller: &Seller, account: &AccountId) -> ServiceResult<String> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    let (token, now) = (kit.keys.new_token(), kit.now());
    let row = Card {
        id: SignInCardId::new(now, kit.ten()),
        cooperative_id: seller.cooperative.clone(),
        account_id: account.clone(),
        token_hash: kit.keys.lookup_hash(PURPOSE, &token),
        made_by: seller.account.clone(),
        made_at: now,
        expires_at: now.plus_seconds(LIVES_S),
        used_at: None,
        revoked_at: None,
    };
    kit.db
        .write(move |conn| {
            // Two who print at once would each leave the other's card alive.
            store::cooperative::lock_of(conn, std::slice::from_ref(&row.cooperative_id))?;
            if store::member::find(conn, &row.cooperative_id, &row.account_id)?.is_none() {
                return Err(ServiceError::NotFound);
            }
            store::sign_in::mark_cards_revoked(conn, &row.cooperative_id, &row.account_id, now)?;
            Ok(store::sign_in::insert_card(conn, &row)?)
        })
        .await?;
    Ok(token)
}

/// Takes a member's unused cards back.
pub async fn revoke_cards(kit: &Kit, seller: &Seller, account: &AccountId) -> ServiceResult<usize> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    let (cooperative, account, now) = (seller.cooperative.clone(), account.clone(), kit.now());
    kit.db
        .write(move |conn| {
            Ok::<_, ServiceError>(store::sign_in::mark_cards_revoked(conn, &cooperative, &account, now)?)
        })
        .await
}

/// Whose card it is. Shows only: chat apps open addresses for their previews.
pub async fn show_card(kit: &Kit, token: &str) -> ServiceResult<CardShown> {
    let (hashes, now) = (kit.keys.lookup_hashes(PURPOSE, token), kit.now());
    kit.db
        .read(move |conn| {
            let card = store::sign_in::find_card(conn, &hashes)?.ok_or(ServiceError::NotFound)?;
            let account = store::account::get(conn, &card.account_id)?;
            let roles = store::member::list_roles(conn, &card.account_id)?;
            let is_member = roles.iter().find(|held| held.cooperative == card.cooperative_id);
            let is_open = card.used_at.is_none() && card.revoked_at.is_none() && now < card.expires_at;
            Ok(CardShown {
                name: account.name,
                cooperative_name: is_member.map(|held| held.name.clone()).unwrap_or_default(),
                is_good: is_open && account.is_active && is_member.is_some(),
            })
        })
        .await
}

/// Signs in by a card and uses it up.
pub async fn sign_in_by_card(kit: &Kit, token: &str, client: &Client) -> ServiceResult<Entered> {
    let shown = show_card(kit, token).await?;
    let dead = || ServiceError::changed(Refusal::new("refusal-card"));
    if !shown.is_good {
        return Err(dead());
    }
    let (hashes, now) = (kit.keys.lookup_hashes(PURPOSE, token), kit.now());
    let card = kit.db.read(move |conn| store::sign_in::find_card(conn, &hashes)).await;
    let card = card.map_err(ServiceError::from)?.ok_or(ServiceError::NotFound)?;
    let mut made = make(kit, &card.account_id, SignInKind::Card, client, holds_office(kit, &card.account_id).await?);
    made.row.cooperative_id = Some(card.cooperative_id.clone());
    let row = made.row.clone();
    let moved = kit
        .db
        .write(move |conn| {
            let mark = store::sign_in::mark_card_used(conn, &card.id, now)?;
            if mark.moved() {
                store::session::insert(conn, &row)?;
            }
            Ok::<_, ServiceError>(mark.moved())
        })
        .await?;
    if moved { entered(kit, made).await } else { Err(dead()) }
}
