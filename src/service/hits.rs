//! Which orders a bank's message means, and how they stand: by the codes in its words, and where it has none by the payment link that
//! its provider names. Runs inside the transaction that takes a movement in.

use super::account_words::is_own_number;
use super::draw::Run;
use super::error::ServiceError;
use super::posting::balances;
use super::refund_sending::proven;
use crate::domain::bank_message::{BankMessage, Direction};
use crate::domain::code::OrderCode;
use crate::domain::id::OrderId;
use crate::domain::memo;
use crate::domain::payment::{Hit, meant};
use crate::domain::settlement;
use crate::store::bank::BankAccount;
use crate::store::order::Order;
use crate::store::{self, Conn};

/// Candidates in everything the bank wrote; memo first, the long text after it.
pub fn codes_in(message: &BankMessage) -> Vec<OrderCode> {
    let mut codes = memo::candidates(&message.memo);
    for code in memo::candidates(&message.description) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.truncate(20);
    codes
}

/// How the orders that are truly meant stand: codes that exist at the cooperative that owns the account. `came_elsewhere` is the
/// movement's own word on which account it came to.
pub fn hits_of(
    conn: &mut Conn,
    run: &Run,
    account: &BankAccount,
    message: &BankMessage,
    came_elsewhere: bool,
    orders: &[Order],
) -> Result<Vec<Hit>, ServiceError> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id.clone()).collect();
    let balances = balances(conn, &ids)?;
    let mut hits = Vec::new();
    for order in orders {
        let money = balances.get(&order.id).copied().unwrap_or_default();
        let printed_other = order.bank_account_id.as_ref().is_some_and(|printed| *printed != account.id);
        let state = order.state_at(run.now);
        hits.push(Hit {
            due: settlement::due(state, order.total_vnd, money)?,
            state,
            other_account: printed_other || came_elsewhere,
            total: order.total_vnd,
            sends_back: if message.direction == Direction::Out { proven(conn, order, message)? } else { None },
            order: order.id.clone(),
            code: order.code.clone(),
        });
    }
    Ok(hits)
}

/// Orders of the cooperative that owns the account, without a lock yet.
pub fn orders_meant(conn: &mut Conn, account: &BankAccount, message: &BankMessage) -> Result<Vec<Order>, ServiceError> {
    let by_memo = match codes_in(message) {
        codes if codes.is_empty() => Vec::new(),
        codes => store::order::list_by_codes(conn, &account.cooperative_id, &codes)?,
    };
    let by_link = match message.link_number.filter(|_| by_memo.is_empty()) {
        Some(number) => store::pay_link::find_by_number(conn, &account.id, number)?,
        None => None,
    };
    let by_link =
        by_link.map(|link| store::order::get_own(conn, &account.cooperative_id, &link.order_id)).transpose()?;
    Ok(meant(by_memo, by_link))
}

/// One webhook may tell of several accounts of its owner: what names another account than ours is no payment of an order. A virtual
/// number that stood in the code of one of the account's links is ours, and so is money that came through such a link.
pub fn came_elsewhere(conn: &mut Conn, account: &BankAccount, message: &BankMessage) -> Result<bool, ServiceError> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    if plain(&message.account_number).is_empty() {
        return Ok(false);
    }
    for number in std::iter::once(&message.account_number).chain(&message.virtual_account) {
        if is_own_number(account, number) || store::pay_link::was_shown(conn, &account.id, &plain(number))? {
            return Ok(false);
        }
    }
    match message.link_number {
        Some(number) => Ok(store::pay_link::find_by_number(conn, &account.id, number)?.is_none()),
        None => Ok(true),
    }
}
