//! Questions over all cooperatives at once, for officials and the operator. Reads only; who may ask is decided above.

use super::bank::BankAccount;
use super::conn::Conn;
use super::error::StoreResult;
use super::grant::Grant;
use super::order::Order;
use super::schema::{
    account, bank_account, cooperative, money_case, offer, order_delivery, product, purchase, role_grant, sale_order,
};
use crate::domain::bank_message::BankProvider;
use crate::domain::id::{CooperativeId, ProductId};
use crate::domain::order::OrderState;
use crate::domain::payment::MoneyCaseState;
use crate::domain::product::{BankAccountState, ProductState};
use crate::domain::time::At;
use diesel::prelude::*;

/// A product as a search over names needs it.
#[derive(Debug, Clone, Queryable)]
pub struct ProductName {
    pub id: ProductId,
    pub cooperative: CooperativeId,
    pub slug: String,
    pub name: String,
    pub also_called: String,
}

/// Cooperatives that have, or had, an account of this number.
pub fn list_owners_of_account(conn: &mut Conn, number: &str) -> StoreResult<Vec<CooperativeId>> {
    let query = bank_account::table.filter(bank_account::account_number.eq(number)).order(bank_account::made_at);
    Ok(query.select(bank_account::cooperative_id).load(conn)?)
}

/// Orders of a phone, the buyer's or the recipient's; the newest first.
pub fn list_orders_of_phone(conn: &mut Conn, phone: &str, most: i64) -> StoreResult<Vec<Order>> {
    let query = sale_order::table
        .inner_join(purchase::table)
        .inner_join(order_delivery::table.on(order_delivery::order_id.eq(sale_order::id)))
        .filter(purchase::buyer_phone.eq(phone).or(order_delivery::recipient_phone.eq(phone)))
        .order((sale_order::made_at.desc(), sale_order::id))
        .limit(most);
    Ok(query.select(Order::as_select()).load(conn)?)
}

/// Names of all products, hidden ones too, by id after `after`: for searching through in chunks.
pub fn list_product_names(conn: &mut Conn, after: Option<&ProductId>, most: i64) -> StoreResult<Vec<ProductName>> {
    let mut query = product::table
        .order(product::id)
        .limit(most)
        .select((product::id, product::cooperative_id, product::slug, product::name, product::also_called))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(product::id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// Accounts in force on which a provider should tell of movements.
pub fn list_telling_accounts(conn: &mut Conn) -> StoreResult<Vec<(BankAccount, String)>> {
    let query = bank_account::table
        .inner_join(cooperative::table)
        .filter(bank_account::state.eq(BankAccountState::Active))
        .filter(bank_account::provider.ne(BankProvider::None))
        .order((bank_account::last_message_at, bank_account::id));
    Ok(query.select((BankAccount::as_select(), cooperative::name)).load(conn)?)
}

/// Orders that no cooperative has answered in time, the longest waiting first; with the cooperative's name and phone.
pub fn list_unanswered(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<(Order, String, String)>> {
    let query = sale_order::table
        .inner_join(cooperative::table)
        .filter(sale_order::state.eq(OrderState::Placed))
        .filter(sale_order::confirm_by.le(now))
        .order((sale_order::confirm_by, sale_order::id))
        .limit(most);
    Ok(query.select((Order::as_select(), cooperative::name, cooperative::phone)).load(conn)?)
}

/// How many money cases wait at each cooperative, and since when the oldest.
pub fn list_open_case_times(conn: &mut Conn) -> StoreResult<Vec<(CooperativeId, String, String, At)>> {
    let query = money_case::table
        .inner_join(cooperative::table)
        .filter(money_case::state.eq(MoneyCaseState::Open))
        .order((money_case::made_at, money_case::id))
        .select((cooperative::id, cooperative::name, cooperative::phone, money_case::made_at));
    Ok(query.load(conn)?)
}

/// Published products without a picture.
pub fn list_without_picture(conn: &mut Conn, most: i64) -> StoreResult<Vec<ProductName>> {
    let query = product::table
        .filter(product::state.eq(ProductState::Published))
        .filter(product::picture_id.is_null())
        .order((product::cooperative_id, product::name_key, product::id))
        .limit(most);
    Ok(query
        .select((product::id, product::cooperative_id, product::slug, product::name, product::also_called))
        .load(conn)?)
}

/// Published products that no offer in use gives a price.
pub fn list_without_price(conn: &mut Conn, most: i64) -> StoreResult<Vec<ProductName>> {
    let priced = offer::table.filter(offer::is_active.eq(true)).select(offer::product_id);
    let query = product::table
        .filter(product::state.eq(ProductState::Published))
        .filter(product::id.ne_all(priced))
        .order((product::cooperative_id, product::name_key, product::id))
        .limit(most);
    Ok(query
        .select((product::id, product::cooperative_id, product::slug, product::name, product::also_called))
        .load(conn)?)
}

/// Every grant in force with its person's name and phone.
pub fn list_grants(conn: &mut Conn, now: At) -> StoreResult<Vec<(Grant, String, String)>> {
    let query = role_grant::table
        .inner_join(account::table.on(account::id.eq(role_grant::account_id)))
        .filter(role_grant::revoked_at.is_null())
        .filter(role_grant::valid_until.is_null().or(role_grant::valid_until.gt(now)))
        .order((role_grant::kind, account::name_key, role_grant::id));
    Ok(query.select((Grant::as_select(), account::name, account::phone)).load(conn)?)
}
