//! Accounts and roles, as the operator's command line gives them.

use super::draw::{Draw, Run};
use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::signing_in::check_new_password;
use crate::config::Secret;
use crate::domain::account::{GrantKind, MemberRole};
use crate::domain::id::{AccountId, CooperativeId, GrantId, MemberId, PurchaseId};
use crate::domain::lang::Lang;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::domain::text::collate::person_key;
use crate::store;
use crate::store::account::Account;
use crate::store::grant::Grant;
use crate::store::member::Member;
use crate::store::told::Told;

/// A person to be.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub phone: Phone,
    pub name: String,
    pub email: Option<String>,
    pub lang: Lang,
    /// None: a card or a code is the way in.
    pub password: Option<Secret>,
}

/// A grant to be; `basis` is the paper that it rests on.
#[derive(Debug, Clone)]
pub struct NewGrant {
    pub kind: GrantKind,
    /// Commune code, province code as `p:33`, or `*`.
    pub territory: String,
    pub basis: String,
    pub office: Option<String>,
    /// Days from now; none: until taken back.
    pub valid_days: Option<i64>,
}

/// Opens an account, one a phone.
pub async fn add_person(kit: &Kit, person: NewPerson) -> ServiceResult<AccountId> {
    let hash = match person.password {
        Some(password) => {
            check_new_password(&password, person.phone.as_text())?;
            Some(kit.passwords.hash(password).await?)
        }
        None => None,
    };
    let row = Account {
        id: AccountId::new(kit.now(), kit.ten()),
        name_key: person_key(&person.name),
        name: person.name,
        phone: person.phone,
        email: person.email,
        password_hash: hash,
        language: person.lang,
        is_active: true,
        created_at: kit.now(),
    };
    let id = row.id.clone();
    kit.db.write(move |conn| open_account(conn, &row)).await?;
    Ok(id)
}

fn open_account(conn: &mut store::Conn, row: &Account) -> ServiceResult<()> {
    match store::account::insert_new(conn, row)? {
        Told::Fresh => Ok(()),
        Told::Seen => Err(ServiceError::changed(Refusal::new("refusal-phone-taken").about("phone"))),
    }
}

/// The account of a phone; `fresh` when it had none. Somebody else may be opening it in the same moment.
pub(super) fn account_of(conn: &mut store::Conn, fresh: &Account) -> ServiceResult<AccountId> {
    if store::account::insert_new(conn, fresh)? == Told::Fresh {
        return Ok(fresh.id.clone());
    }
    Ok(store::account::find_by_phone(conn, &fresh.phone)?.ok_or(ServiceError::NotFound)?.id)
}

/// A person who comes with a password hash made before, and joins a cooperative in the same step.
#[derive(Debug, Clone)]
pub struct Joining {
    pub phone: Phone,
    pub name: String,
    pub email: Option<String>,
    /// PHC text; none: a card or a code is the way in.
    pub password_hash: Option<String>,
    /// The cooperative's own number of the member.
    pub number: String,
    pub roles: Vec<MemberRole>,
}

/// Opens many accounts at once, as members of one cooperative or of none: a list taken over from elsewhere.
pub async fn add_people(
    kit: &Kit,
    cooperative: Option<&CooperativeId>,
    people: Vec<Joining>,
) -> ServiceResult<Vec<AccountId>> {
    let (draw, cooperative) = (Draw::new(kit), cooperative.cloned());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            people.iter().map(|person| join(conn, &run, cooperative.as_ref(), person)).collect()
        })
        .await
}

fn join(
    conn: &mut store::Conn,
    run: &Run,
    cooperative: Option<&CooperativeId>,
    person: &Joining,
) -> ServiceResult<AccountId> {
    let account = Account {
        id: AccountId::new(run.now, run.ten()),
        name_key: person_key(&person.name),
        name: person.name.clone(),
        phone: person.phone.clone(),
        email: person.email.clone(),
        password_hash: person.password_hash.clone(),
        language: Lang::Vi,
        is_active: true,
        created_at: run.now,
    };
    open_account(conn, &account)?;
    if let Some(cooperative) = cooperative {
        let member = Member {
            id: MemberId::new(run.now, run.ten()),
            cooperative_id: cooperative.clone(),
            account_id: account.id.clone(),
            number: person.number.clone(),
            joined_at: run.now,
            ended_at: None,
        };
        store::member::insert(conn, &member)?;
        for role in &person.roles {
            store::member::insert_role(conn, &member.id, *role)?;
        }
    }
    Ok(account.id)
}

/// The account of a phone.
pub async fn find_person(kit: &Kit, phone: Phone) -> ServiceResult<Option<AccountId>> {
    let found = kit.db.read(move |conn| store::account::find_by_phone(conn, &phone)).await;
    Ok(found.map_err(ServiceError::from)?.map(|account| account.id))
}

/// Makes a person helper, official or operator.
pub async fn give_grant(kit: &Kit, account: &AccountId, grant: NewGrant) -> ServiceResult<GrantId> {
    let now = kit.now();
    let row = Grant {
        id: GrantId::new(now, kit.ten()),
        account_id: account.clone(),
        kind: grant.kind,
        territory: grant.territory,
        basis: grant.basis,
        office: grant.office,
        valid_from: now,
        valid_until: grant.valid_days.map(|days| now.plus_seconds(days.saturating_mul(86_400))),
        revoked_at: None,
        granted_by: None,
    };
    let id = row.id.clone();
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::grant::insert(conn, &row)?)).await?;
    Ok(id)
}

/// Makes a person a member of a cooperative, in these roles.
pub async fn add_member(
    kit: &Kit,
    cooperative: &CooperativeId,
    account: &AccountId,
    number: &str,
    roles: &[MemberRole],
) -> ServiceResult<MemberId> {
    let now = kit.now();
    let row = Member {
        id: MemberId::new(now, kit.ten()),
        cooperative_id: cooperative.clone(),
        account_id: account.clone(),
        number: number.to_owned(),
        joined_at: now,
        ended_at: None,
    };
    let (id, roles) = (row.id.clone(), roles.to_vec());
    kit.db
        .write(move |conn| {
            store::member::insert(conn, &row)?;
            for role in &roles {
                store::member::insert_role(conn, &row.id, *role)?;
            }
            Ok::<_, ServiceError>(())
        })
        .await?;
    Ok(id)
}

/// «Lưu vào tài khoản»: a guest's purchase is this account's from now on. The caller has proven its key; pressed twice it is once.
///
/// # Errors
/// `Changed` when it is somebody else's already.
pub async fn claim_purchase(kit: &Kit, id: &PurchaseId, account: &AccountId) -> Result<(), ServiceError> {
    let (id, account) = (id.clone(), account.clone());
    kit.db
        .write(move |conn| {
            if store::purchase::mark_claimed(conn, &id, &account)? {
                return Ok(());
            }
            let owner = store::purchase::get(conn, &id)?.account_id;
            if owner.as_ref() == Some(&account) {
                return Ok(());
            }
            Err(ServiceError::changed(Refusal::new("refusal-purchase-claimed")))
        })
        .await
}
