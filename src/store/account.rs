//! People who sign in, one per phone.

use super::conn::{Conn, Each, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::account;
use super::told::Told;
use crate::domain::id::AccountId;
use crate::domain::lang::Lang;
use crate::domain::phone::Phone;
use crate::domain::time::At;
use diesel::prelude::*;

/// One person. The password hash is left out of `Debug`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = account, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Account {
    pub id: AccountId,
    pub phone: Phone,
    pub name: String,
    pub name_key: String,
    pub email: Option<String>,
    pub password_hash: Option<String>,
    pub language: Lang,
    pub is_active: bool,
    pub created_at: At,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.id)
    }
}

pub fn find_by_phone(conn: &mut Conn, phone: &Phone) -> StoreResult<Option<Account>> {
    Ok(account::table.filter(account::phone.eq(phone)).select(Account::as_select()).get_result(conn).optional()?)
}

pub fn get(conn: &mut Conn, id: &AccountId) -> StoreResult<Account> {
    Ok(account::table.find(id).select(Account::as_select()).get_result(conn)?)
}

/// Locks a person, for who decides on the password or the codes. Before cards, codes and sessions; no write that locks
/// something of the market asks for it.
pub fn lock(conn: &mut Conn, id: &AccountId) -> StoreResult<Account> {
    Ok(locked(account::table.filter(account::id.eq(id)).select(Account::as_select())).get_result(conn)?)
}

/// Opens an account unless the phone has one. Waits for another that is about to open it.
pub fn insert_new(conn: &mut Conn, row: &Account) -> StoreResult<Told> {
    let query = diesel::insert_into(account::table).values(row).on_conflict(account::phone).do_nothing();
    Ok(Told::of_rows(Each(query).execute(conn)?))
}

/// Sets the password hash (an argon2id PHC text).
pub fn put_password(conn: &mut Conn, id: &AccountId, hash: &str) -> StoreResult<()> {
    diesel::update(account::table.find(id)).set(account::password_hash.eq(hash)).execute(conn)?;
    Ok(())
}

/// At most 500 people by id, in no order.
pub fn list_of(conn: &mut Conn, ids: &[AccountId]) -> StoreResult<Vec<Account>> {
    Ok(account::table.filter(account::id.eq_any(ids)).select(Account::as_select()).load(conn)?)
}
