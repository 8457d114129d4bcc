//! What opens payOS's API for a cooperative's account: client id and API key beside the checksum key, typed by a manager with the
//! password, kept sealed, never shown again.

use super::draw::Draw;
use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::pay_links::PURPOSE;
use super::signing_in;
use super::telling::owe_link;
use super::who::{Seller, SignedIn};
use crate::config::Secret;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::BankProvider;
use crate::domain::order::OrderState;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store;
use crate::store::bank::BankAccount;
use crate::store::pay_link::LinkKey;

const SHORTEST: usize = 8;
const LONGEST: usize = 200;
/// Orders that wait for money whose links are owed at once when keys are typed.
const MOST_WAITING: i64 = 500;

/// How links are set up, for the account's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinksView {
    pub has_keys: bool,
    pub answered_at: Option<At>,
    /// `ok`, or why not.
    pub answer: Option<String>,
}

/// What a manager typed.
#[derive(Debug)]
pub struct NewLinkKeys {
    pub password: Secret,
    /// Client id and API key; none ends it.
    pub keys: Option<(Secret, Secret)>,
}

/// How links are set up at an account; none where its provider makes no links.
pub async fn show_links(kit: &Kit, account: &BankAccount) -> ServiceResult<Option<LinksView>> {
    if account.provider != BankProvider::Payos {
        return Ok(None);
    }
    let id = account.id.clone();
    let key = kit.db.read(move |conn| Ok::<_, ServiceError>(store::pay_link::find_key(conn, &id)?)).await?;
    Ok(Some(LinksView {
        has_keys: key.is_some(),
        answered_at: key.as_ref().and_then(|key| key.answered_at),
        answer: key.and_then(|key| key.answer),
    }))
}

fn read_key(typed: &Secret, field: &'static str) -> ServiceResult<String> {
    let key = typed.expose().trim();
    let shaped = (SHORTEST..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let refused = || ServiceError::refused(Refusal::new("refusal-link-key").about(field));
    if shaped { Ok(key.to_owned()) } else { Err(refused()) }
}

/// «Lưu khóa kênh»: from now on payOS makes the codes of this account's orders, those that wait already first. None: no longer, and
/// the plain account is offered again.
///
/// # Errors
/// `Refused` for a wrong password or a key that cannot be one; `NotFound` where the account is not payOS's.
pub async fn set_link_keys(kit: &Kit, me: &SignedIn, seller: &Seller, new: NewLinkKeys) -> ServiceResult<()> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    let typed = match &new.keys {
        Some((client_id, api_key)) => Some((read_key(client_id, "client_id")?, read_key(api_key, "api_key")?)),
        None => None,
    };
    signing_in::check_again(kit, me, new.password).await?;
    let seal = |key: &str| kit.keys.seal(PURPOSE, key.as_bytes()).map_err(ServiceError::broken);
    let sealed = typed.map(|(client, key)| Ok::<_, ServiceError>((seal(&client)?, seal(&key)?))).transpose()?;
    let (draw, seller) = (Draw::new(kit), seller.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let active = store::bank::list_active(conn, std::slice::from_ref(&seller.cooperative), run.now)?;
            let account = active.into_iter().next().ok_or(ServiceError::NotFound)?;
            let account = store::bank_key::lock_own_account(conn, &seller.cooperative, &account.id)?;
            if account.provider != BankProvider::Payos {
                return Err(ServiceError::NotFound);
            }
            let Some((client_id_sealed, api_key_sealed)) = sealed.clone() else {
                store::pay_link::remove_key(conn, &account.id)?;
                store::pay_link::mark_all_ended(conn, &account.id, run.now)?;
                return Ok(());
            };
            let row = LinkKey {
                bank_account_id: account.id.clone(),
                cooperative_id: account.cooperative_id.clone(),
                client_id_sealed,
                api_key_sealed,
                set_at: run.now,
                set_by: Some(seller.account.clone()),
                answered_at: None,
                answer: None,
            };
            store::pay_link::put_key(conn, &row)?;
            let waiting = [OrderState::AwaitingPayment];
            let mut orders: Vec<_> = store::order::list_in(conn, &seller.cooperative, &waiting, MOST_WAITING)?
                .into_iter()
                .map(|order| order.id)
                .chain(store::pay_link::list_orders_with_links(conn, &account.id, MOST_WAITING)?)
                .collect();
            orders.sort();
            orders.dedup();
            for order in orders {
                owe_link(conn, &run, &order)?;
            }
            Ok(())
        })
        .await
}
