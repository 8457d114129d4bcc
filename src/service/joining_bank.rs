//! How a cooperative joins its bank's provider to the market: what to type where, whether it speaks, and a new key while the old one
//! still works for a day. For managers alone.

use super::error::{ServiceError, ServiceResult};
use super::founding::Receiving;
use super::holder_name::{Holder, holder_of};
use super::kit::Kit;
use super::money_view::{Light, light_of};
use super::pay_link_keys::{self, LinksView};
use super::signing_in;
use super::who::{Seller, SignedIn};
use crate::config::Secret;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::BankProvider;
use crate::domain::bank_ways::makes_its_key;
use crate::domain::id::BankAccountId;
use crate::domain::product::BankAccountState;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store;
use crate::store::bank::BankAccount;

/// How long the key before stays good: a provider's settings are not changed in the same second, and it repeats what failed.
pub const OVERLAP_S: i64 = 86_400;
const SHORTEST_KEY: usize = 8;
const LONGEST_KEY: usize = 200;

/// The receiving account as its manager sees it.
#[derive(Debug, Clone)]
pub struct WayIn {
    pub account: BankAccount,
    pub light: Light,
    /// Where the provider posts to.
    pub address: Option<String>,
    /// A mark of the key in force, by which a stale page is known; none before there is a key.
    pub seen: String,
    /// Until when the key before is good too.
    pub before_until: Option<At>,
    pub asks_password: bool,
    /// Whose name the account is in.
    pub holder: Holder,
    /// Payment links, where the provider makes such.
    pub links: Option<LinksView>,
}

/// What a manager typed to change the key.
#[derive(Debug)]
pub struct NewKey {
    pub password: Secret,
    /// The key that the provider made; empty lets the market make one.
    pub given: String,
    /// SePay's plain mode: the key stands in a header and nothing is signed.
    pub plain: bool,
    /// `WayIn::seen` of the page.
    pub seen: String,
    /// Which account; none: the one in force.
    pub account: Option<BankAccountId>,
}

fn only_manager(seller: &Seller) -> ServiceResult<()> {
    if seller.may(MemberRole::Manager) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// Whether an account's provider may be joined: it is paid to, was, or is agreed on and waits for its hour.
fn can_be_joined(account: &BankAccount) -> bool {
    match account.state {
        BankAccountState::Active | BankAccountState::Retired => true,
        BankAccountState::Pending => account.approved_by.is_some(),
        BankAccountState::Dropped => false,
    }
}

/// The account named, or the one in force.
async fn account_of(kit: &Kit, seller: &Seller, id: Option<&BankAccountId>) -> ServiceResult<Option<BankAccount>> {
    let (now, owner, id) = (kit.now(), seller.cooperative.clone(), id.cloned());
    kit.db
        .read(move |conn| {
            let Some(id) = id else {
                return Ok(store::bank::list_active(conn, std::slice::from_ref(&owner), now)?.into_iter().next());
            };
            let found = store::bank::list_accounts_of(conn, std::slice::from_ref(&id))?.into_iter().next();
            let own = found.filter(|account| account.cooperative_id == owner && can_be_joined(account));
            own.map(Some).ok_or(ServiceError::NotFound)
        })
        .await
}

fn mark(kit: &Kit, account: &BankAccount) -> String {
    let sealed = account.secret_sealed.as_deref().unwrap_or_default();
    kit.keys.lookup_hash("webhook-key", sealed).chars().take(16).collect()
}

fn address(kit: &Kit, account: &BankAccount) -> Option<String> {
    let (base, provider) = (&kit.config.base_url, account.provider);
    (provider != BankProvider::None).then(|| format!("{base}/webhooks/bank/{provider}/{}", account.path_id))
}

/// The account in force, none before there is one; or another of the cooperative's by its id.
pub async fn show_way_in(
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    id: Option<&BankAccountId>,
) -> ServiceResult<Option<WayIn>> {
    only_manager(seller)?;
    let Some(account) = account_of(kit, seller, id).await? else { return Ok(None) };
    let (now, shown) = (kit.now(), account.clone());
    Ok(Some(WayIn {
        holder: kit.db.read(move |conn| holder_of(conn, &shown)).await?,
        light: light_of(&account, now),
        address: address(kit, &account),
        seen: mark(kit, &account),
        before_until: account.secret_before_until.filter(|until| *until > now),
        asks_password: signing_in::asks_old_password(kit, me).await?,
        links: pay_link_keys::show_links(kit, &account).await?,
        account,
    }))
}

/// A key as it is kept: typed by the manager, or made here.
fn key_of(kit: &Kit, provider: BankProvider, new: &NewKey) -> ServiceResult<String> {
    let given = new.given.trim();
    let refuse = |key: &'static str| Err(ServiceError::refused(Refusal::new(key).about("key")));
    if given.is_empty() && makes_its_key(provider) {
        return refuse("refusal-provider-key-missing");
    }
    let shaped =
        (SHORTEST_KEY..=LONGEST_KEY).contains(&given.len()) && given.bytes().all(|byte| byte.is_ascii_graphic());
    if !given.is_empty() && !shaped {
        return refuse("refusal-provider-key");
    }
    let key = if given.is_empty() { kit.keys.new_token() } else { given.to_owned() };
    let plain = new.plain && provider == BankProvider::Sepay;
    Ok(if plain { format!("apikey:{key}") } else { key })
}

/// «Đổi khóa»: from now on the new key is good, and the one before for another day.
///
/// # Errors
/// `Refused` for a wrong password or a key that cannot be one; `Changed` when somebody else has changed it since the page was opened.
pub async fn change_key(kit: &Kit, me: &SignedIn, seller: &Seller, new: NewKey) -> ServiceResult<Receiving> {
    only_manager(seller)?;
    let account = account_of(kit, seller, new.account.as_ref()).await?.ok_or(ServiceError::NotFound)?;
    if account.provider == BankProvider::None {
        return Err(ServiceError::NotFound);
    }
    let key = key_of(kit, account.provider, &new)?;
    signing_in::check_again(kit, me, new.password).await?;
    let sealed = kit.keys.seal("webhook", key.as_bytes()).map_err(ServiceError::broken)?;
    let (owner, id, now) = (seller.cooperative.clone(), account.id.clone(), kit.now());
    let (keys, seen) = (kit.clone(), new.seen);
    kit.db
        .write(move |conn| {
            let there = store::bank_key::lock_own_account(conn, &owner, &id)?;
            if mark(&keys, &there) != seen || !can_be_joined(&there) {
                return Err(ServiceError::changed(Refusal::new("refusal-key-changed").about("key")));
            }
            let before = there.secret_sealed.as_deref();
            let until = before.map(|_| now.plus_seconds(OVERLAP_S));
            Ok(store::bank_key::put_secret(conn, &id, &sealed, before, until)?)
        })
        .await?;
    let shown = key.strip_prefix("apikey:").unwrap_or(&key).to_owned();
    Ok(Receiving { webhook_url: address(kit, &account), secret: Some(shown), id: account.id, path_id: account.path_id })
}

/// What the provider has to be told, once more: for a manager, and only until the bank has spoken for the first time.
pub async fn show_receiving(kit: &Kit, seller: &Seller, id: Option<&BankAccountId>) -> ServiceResult<Receiving> {
    only_manager(seller)?;
    let account = account_of(kit, seller, id).await?;
    let silent = account.filter(|account| account.first_message_at.is_none() && account.secret_sealed.is_some());
    let account = silent.ok_or(ServiceError::NotFound)?;
    let secret = account.secret_sealed.as_ref().map(|sealed| kit.keys.open_text("webhook", sealed)).transpose();
    Ok(Receiving {
        webhook_url: address(kit, &account),
        secret: secret.map_err(ServiceError::broken)?,
        id: account.id,
        path_id: account.path_id,
    })
}
