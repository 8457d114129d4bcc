//! The people of a cooperative, as its manager keeps them: who belongs, in which roles, and their ways in.

use super::draw::Draw;
use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::people::account_of;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::id::{AccountId, MemberId};
use crate::domain::lang::Lang;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::domain::text::{clean, collate::name_key};
use crate::domain::time::At;
use crate::gateway::qr::{self, Caption};
use crate::store::account::Account;
use crate::store::member::Member;
use crate::store::{self, Conn};

/// A member as the list shows it.
#[derive(Debug, Clone)]
pub struct MemberView {
    pub account: AccountId,
    pub name: String,
    /// E.164.
    pub phone: String,
    pub number: String,
    pub roles: Vec<MemberRole>,
    pub joined_at: At,
    /// A card was made and nobody has signed in with it yet.
    pub card_until: Option<At>,
    pub is_me: bool,
}

/// A member to be, as typed.
#[derive(Debug, Clone)]
pub struct NewMember {
    pub name: String,
    pub phone: String,
    pub number: String,
    pub roles: Vec<MemberRole>,
}

fn must_manage(seller: &Seller) -> ServiceResult<()> {
    if seller.may(MemberRole::Manager) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// The people of the cooperative, by number. Any member may look: one asks whom to ask.
pub async fn list_members(kit: &Kit, seller: &Seller) -> ServiceResult<Vec<MemberView>> {
    let (now, seller) = (kit.now(), seller.clone());
    kit.db
        .read(move |conn| {
            let members = store::member::list_of_cooperative(conn, &seller.cooperative)?;
            let cards = store::sign_in::list_open_cards(conn, &seller.cooperative, now)?;
            let ids: Vec<MemberId> = members.iter().map(|member| member.id.clone()).collect();
            let mut roles = Vec::new();
            for chunk in ids.chunks(500) {
                roles.extend(store::member::list_roles_of(conn, chunk)?);
            }
            let mut out = Vec::new();
            for member in members {
                let person = store::account::get(conn, &member.account_id)?;
                out.push(MemberView {
                    roles: roles.iter().filter(|(id, _)| *id == member.id).map(|(_, role)| *role).collect(),
                    card_until: cards
                        .iter()
                        .filter(|card| card.account_id == person.id)
                        .map(|card| card.expires_at)
                        .max(),
                    is_me: person.id == seller.account,
                    phone: person.phone.as_text().to_owned(),
                    name: person.name,
                    account: person.id,
                    number: member.number,
                    joined_at: member.joined_at,
                });
            }
            Ok(out)
        })
        .await
}

/// Takes a person in: one whose phone is known keeps the account and its name, another gets one. The card is the way in.
pub async fn take_in_member(kit: &Kit, seller: &Seller, new: &NewMember) -> ServiceResult<AccountId> {
    must_manage(seller)?;
    let mut refusals = Vec::new();
    let name = clean::line(&new.name, 80).unwrap_or_default();
    let number = clean::line(&new.number, 20).unwrap_or_default();
    if name.is_empty() {
        refusals.push(Refusal::new("refusal-person-name").about("name"));
    }
    if new.roles.is_empty() {
        refusals.push(Refusal::new("refusal-roles").about("roles"));
    }
    let phone = new.phone.parse::<Phone>().ok();
    let Some(phone) = phone.filter(|_| refusals.is_empty()) else {
        if new.phone.parse::<Phone>().is_err() {
            refusals.push(Refusal::new("refusal-phone").about("phone"));
        }
        return Err(ServiceError::Refused(refusals));
    };
    let (draw, seller, roles) = (Draw::new(kit), seller.clone(), new.roles.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            let fresh = AccountId::new(run.now, run.ten());
            let account = person_of(conn, &phone, &name, fresh, run.now)?;
            if store::member::find(conn, &seller.cooperative, &account)?.is_some() {
                return Err(ServiceError::changed(Refusal::new("refusal-member-there").about("phone")));
            }
            let count = store::member::list_of_cooperative(conn, &seller.cooperative)?.len();
            let row = Member {
                id: MemberId::new(run.now, run.ten()),
                cooperative_id: seller.cooperative.clone(),
                account_id: account.clone(),
                number: if number.is_empty() { format!("{:03}", count.saturating_add(1)) } else { number.clone() },
                joined_at: run.now,
                ended_at: None,
            };
            store::member::insert(conn, &row)?;
            put_roles(conn, &row.id, &roles)?;
            Ok(account)
        })
        .await
}

fn person_of(conn: &mut Conn, phone: &Phone, name: &str, fresh: AccountId, now: At) -> ServiceResult<AccountId> {
    let row = Account {
        id: fresh,
        phone: phone.clone(),
        name: name.to_owned(),
        name_key: name_key(name),
        email: None,
        password_hash: None,
        language: Lang::Vi,
        is_active: true,
        created_at: now,
    };
    account_of(conn, &row)
}

fn put_roles(conn: &mut Conn, member: &MemberId, roles: &[MemberRole]) -> ServiceResult<()> {
    store::member::delete_roles(conn, member)?;
    for role in MemberRole::ALL.iter().filter(|role| roles.contains(role)) {
        store::member::insert_role(conn, member, *role)?;
    }
    Ok(())
}

/// Gives a member other roles. A manager cannot lay down the last manager's role: nobody could give it back.
pub async fn change_roles(kit: &Kit, seller: &Seller, account: &AccountId, roles: &[MemberRole]) -> ServiceResult<()> {
    must_manage(seller)?;
    if roles.is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-roles").about("roles")));
    }
    let (seller, account, roles) = (seller.clone(), account.clone(), roles.to_vec());
    kit.db
        .write(move |conn| {
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            let member = store::member::find(conn, &seller.cooperative, &account)?.ok_or(ServiceError::NotFound)?;
            let all = store::member::list_of_cooperative(conn, &seller.cooperative)?;
            let ids: Vec<MemberId> = all.into_iter().map(|member| member.id).collect();
            let held = store::member::list_roles_of(conn, &ids)?;
            let others = held.iter().any(|(id, role)| *id != member.id && *role == MemberRole::Manager);
            if !others && !roles.contains(&MemberRole::Manager) {
                return Err(ServiceError::changed(Refusal::new("refusal-last-manager")));
            }
            put_roles(conn, &member.id, &roles)
        })
        .await
}

/// Takes a member's ways in back: unused cards, and what was signed in with one (a lost phone).
pub async fn end_ways_in(kit: &Kit, seller: &Seller, account: &AccountId) -> ServiceResult<()> {
    must_manage(seller)?;
    let (now, seller, account) = (kit.now(), seller.clone(), account.clone());
    kit.db
        .write(move |conn| {
            store::member::find(conn, &seller.cooperative, &account)?.ok_or(ServiceError::NotFound)?;
            store::sign_in::mark_cards_revoked(conn, &seller.cooperative, &account, now)?;
            store::session::mark_card_sessions_revoked(conn, &account, &seller.cooperative, now)?;
            Ok(())
        })
        .await
}

/// A sign-in card to be printed: the address that it opens, and that address as a picture.
#[derive(Debug, Clone)]
pub struct PrintedCard {
    pub member: MemberView,
    pub url: String,
    pub svg: String,
}

/// Makes a card for a member; earlier ones that nobody has used are dead. The address is shown now and never again.
pub async fn print_card(kit: &Kit, seller: &Seller, account: &AccountId, title: &str) -> ServiceResult<PrintedCard> {
    let token = super::signing_in::issue_card(kit, seller, account).await?;
    let members = list_members(kit, seller).await?;
    let member = members.into_iter().find(|member| member.account == *account).ok_or(ServiceError::NotFound)?;
    let url = format!("{}/tai-khoan/the/{token}", kit.config.base_url);
    let caption = Caption { title, above: None, below: None };
    Ok(PrintedCard { svg: qr::svg(&url, &caption).map_err(ServiceError::broken)?, member, url })
}
