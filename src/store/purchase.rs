//! Purchases and the keys that make a second click harmless.

use super::conn::{Conn, Each, MultiBackend};
use super::error::StoreResult;
use super::schema::{idempotency, invoice_request, purchase};
use crate::domain::code::PurchaseCode;
use crate::domain::id::{AccountId, PurchaseId};
use crate::domain::money::Money;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

/// One checkout.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = purchase, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Purchase {
    pub id: PurchaseId,
    pub code: PurchaseCode,
    pub account_id: Option<AccountId>,
    pub buyer_name: String,
    pub buyer_phone: String,
    pub buyer_email: Option<String>,
    pub language: String,
    pub rules_version: String,
    pub total_vnd: Money,
    pub made_at: At,
    pub day: Day,
}

/// One row a key; inserted first, in the purchase's own transaction.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Idempotency {
    pub key: String,
    pub request_hash: String,
    pub purchase_id: PurchaseId,
    pub made_at: At,
    pub expires_at: At,
}

/// The buyer's wish for an e-invoice.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = invoice_request, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct InvoiceRequest {
    pub purchase_id: PurchaseId,
    pub tax_code: String,
    pub name: String,
    pub address: String,
    pub email: String,
}

/// Whether a key was new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Fresh,
    Seen(Idempotency),
}

/// Inserts the key first of all; whoever comes second with the same key waits here until the first has committed.
/// A key that has run out is taken over.
pub fn insert_new_key(conn: &mut Conn, row: &Idempotency) -> StoreResult<Key> {
    diesel::delete(
        idempotency::table.filter(idempotency::key.eq(&row.key)).filter(idempotency::expires_at.le(row.made_at)),
    )
    .execute(conn)?;
    let query = diesel::insert_into(idempotency::table).values(row).on_conflict(idempotency::key).do_nothing();
    if Each(query).execute(conn)? == 1 {
        return Ok(Key::Fresh);
    }
    let seen = idempotency::table.find(&row.key).select(Idempotency::as_select()).get_result(conn)?;
    Ok(Key::Seen(seen))
}

pub fn find_key(conn: &mut Conn, key: &str) -> StoreResult<Option<Idempotency>> {
    Ok(idempotency::table.find(key).select(Idempotency::as_select()).get_result(conn).optional()?)
}

/// How many keys had run out and are gone now; at most `most` at once.
pub fn delete_run_out_keys(conn: &mut Conn, now: At, most: i64) -> StoreResult<usize> {
    let run_out = idempotency::table.filter(idempotency::expires_at.le(now)).order(idempotency::expires_at).limit(most);
    let keys: Vec<String> = run_out.select(idempotency::key).load(conn)?;
    let still = idempotency::table.filter(idempotency::key.eq_any(&keys)).filter(idempotency::expires_at.le(now));
    Ok(diesel::delete(still).execute(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Purchase) -> StoreResult<()> {
    diesel::insert_into(purchase::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_invoice_request(conn: &mut Conn, row: &InvoiceRequest) -> StoreResult<()> {
    diesel::insert_into(invoice_request::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_invoice_request(conn: &mut Conn, purchase: &PurchaseId) -> StoreResult<Option<InvoiceRequest>> {
    Ok(invoice_request::table.find(purchase).select(InvoiceRequest::as_select()).get_result(conn).optional()?)
}

pub fn get(conn: &mut Conn, id: &PurchaseId) -> StoreResult<Purchase> {
    Ok(purchase::table.find(id).select(Purchase::as_select()).get_result(conn)?)
}

pub fn find_by_code(conn: &mut Conn, code: &PurchaseCode) -> StoreResult<Option<Purchase>> {
    Ok(purchase::table.filter(purchase::code.eq(code)).select(Purchase::as_select()).get_result(conn).optional()?)
}

/// Purchases by id, at most 500.
pub fn list_of(conn: &mut Conn, ids: &[PurchaseId]) -> StoreResult<Vec<Purchase>> {
    Ok(purchase::table.filter(purchase::id.eq_any(ids)).select(Purchase::as_select()).load(conn)?)
}

/// Nobody's purchase becomes this account's; false when it is somebody's.
pub fn mark_claimed(conn: &mut Conn, id: &PurchaseId, account: &AccountId) -> StoreResult<bool> {
    let row = purchase::table.filter(purchase::id.eq(id)).filter(purchase::account_id.is_null());
    Ok(diesel::update(row).set(purchase::account_id.eq(account)).execute(conn)? == 1)
}

/// A person's own purchases, newest first.
pub fn list_of_account(conn: &mut Conn, account: &AccountId, most: i64) -> StoreResult<Vec<Purchase>> {
    let query = purchase::table
        .filter(purchase::account_id.eq(account))
        .order((purchase::made_at.desc(), purchase::id))
        .limit(most);
    Ok(query.select(Purchase::as_select()).load(conn)?)
}
