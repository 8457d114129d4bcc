//! Cash in hands as people look at it: what one holds and where it is from, what waits to be counted, who holds how much, past
//! hand-overs with their sums, and one slip. Reads only; the acts are `cash_hand_over`'s.

use super::carrying::{self, InHand};
use super::cash_hand_over::other_cashiers;
use super::error::ServiceError;
use super::kit::Kit;
use super::selling::names_of;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::code::OrderCode;
use crate::domain::door::{HandOverState, UNDO_WITHIN_S};
use crate::domain::id::{AccountId, HandOverId, OrderId};
use crate::domain::money::Money;
use crate::store::carrying::CarrierCash;
use crate::store::cash_hand_over::HandOver;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Rows of one list.
const MOST: i64 = 50;

/// A hand-over with its names.
#[derive(Debug, Clone)]
pub struct HandOverView {
    pub row: HandOver,
    pub carrier: String,
    pub cashier: Option<String>,
    /// What was counted less what the books said; below zero is short.
    pub difference: Option<Money>,
    pub can_undo: bool,
}

/// Who holds cash.
#[derive(Debug, Clone)]
pub struct Holder {
    pub account: AccountId,
    pub name: String,
    /// E.164.
    pub phone: String,
    pub in_hand: InHand,
}

/// Sums of past hand-overs that stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sums {
    pub counted: Money,
    pub short: Money,
    pub over: Money,
}

/// «Nộp tiền», for a carrier; and for a cashier what waits and what was.
#[derive(Debug, Clone)]
pub struct HandsPage {
    pub mine: InHand,
    /// Cash since the last time the hands were empty, the newest first, with its order's code.
    pub rows: Vec<(CarrierCash, Option<OrderCode>)>,
    pub said: Option<HandOverView>,
    /// Waits for this cashier.
    pub to_count: Vec<HandOverView>,
    /// For a cashier all of the cooperative's; else one's own.
    pub holders: Vec<Holder>,
    pub past: Vec<HandOverView>,
    pub sums: Sums,
}

/// Everything about cash in hands that this member may see.
pub async fn show_hands(kit: &Kit, seller: &Seller) -> Result<HandsPage, ServiceError> {
    let (now, seller) = (kit.now(), seller.clone());
    kit.db
        .read(move |conn| {
            let here = &seller.cooperative;
            let is_cashier = seller.may(MemberRole::Accountant);
            let mine = carrying::in_hand(conn, here, &seller.account)?;
            let said = store::cash_hand_over::find_said(conn, here, &seller.account)?;
            let waiting = if is_cashier { store::cash_hand_over::list_said(conn, here)? } else { Vec::new() };
            let of = (!is_cashier).then_some(&seller.account);
            let past = store::cash_hand_over::list_past(conn, here, of, MOST)?;
            let past = views_of(conn, past, &seller, now)?;
            Ok(HandsPage {
                rows: rows_of(conn, &seller, mine.held)?,
                said: views_of(conn, said.into_iter().collect(), &seller, now)?.pop(),
                to_count: views_of(conn, waiting, &seller, now)?,
                holders: if is_cashier { holders_of(conn, &seller)? } else { Vec::new() },
                sums: sums_of(&past)?,
                mine,
                past,
            })
        })
        .await
}

/// Who holds cash of the cooperative, for the page of money and for whoever closes a period.
pub async fn list_holders(kit: &Kit, seller: &Seller) -> Result<Vec<Holder>, ServiceError> {
    if !seller.may(MemberRole::Accountant) {
        return Err(ServiceError::Forbidden);
    }
    let seller = seller.clone();
    kit.db.read(move |conn| holders_of(conn, &seller)).await
}

/// What waits for this person, for «Việc hôm nay»: what they hold themselves, and how many hand-overs they may count.
pub async fn count_waiting(kit: &Kit, seller: &Seller) -> Result<(InHand, usize), ServiceError> {
    let seller = seller.clone();
    kit.db
        .read(move |conn| {
            let mine = carrying::in_hand(conn, &seller.cooperative, &seller.account)?;
            let is_cashier = seller.may(MemberRole::Accountant);
            let said = store::cash_hand_over::list_said(conn, &seller.cooperative)?;
            Ok((mine, if is_cashier { said.len() } else { 0 }))
        })
        .await
}

fn holders_of(conn: &mut Conn, seller: &Seller) -> Result<Vec<Holder>, ServiceError> {
    let held = store::carrying::list_held(conn, &seller.cooperative)?;
    let ids: Vec<AccountId> = held.iter().map(|(who, _)| who.clone()).collect();
    let mut people = HashMap::new();
    for chunk in ids.chunks(500) {
        people.extend(store::account::list_of(conn, chunk)?.into_iter().map(|person| (person.id.clone(), person)));
    }
    let mut holders = Vec::new();
    for (account, _) in held {
        let person = people.remove(&account).ok_or(ServiceError::NotFound)?;
        let in_hand = carrying::in_hand(conn, &seller.cooperative, &account)?;
        holders.push(Holder { account, name: person.name, phone: person.phone.as_text().to_owned(), in_hand });
    }
    Ok(holders)
}

/// Rows back to when the hands were last empty.
fn rows_of(
    conn: &mut Conn,
    seller: &Seller,
    held: Money,
) -> Result<Vec<(CarrierCash, Option<OrderCode>)>, ServiceError> {
    let mut left = held;
    let mut rows = Vec::new();
    for row in store::carrying::list_cash(conn, &seller.cooperative, &seller.account, MOST)? {
        if left == Money::ZERO {
            break;
        }
        left = left.minus(row.amount_vnd)?;
        rows.push(row);
    }
    let ids: Vec<OrderId> = rows.iter().filter_map(|row| row.order_id.clone()).collect();
    let codes: HashMap<OrderId, OrderCode> =
        store::order::list_of(conn, &ids)?.into_iter().map(|order| (order.id, order.code)).collect();
    let with_code = |row: CarrierCash| {
        let code = row.order_id.as_ref().and_then(|id| codes.get(id)).cloned();
        (row, code)
    };
    Ok(rows.into_iter().map(with_code).collect())
}

fn views_of(
    conn: &mut Conn,
    rows: Vec<HandOver>,
    seller: &Seller,
    now: crate::domain::time::At,
) -> Result<Vec<HandOverView>, ServiceError> {
    let people = rows.iter().flat_map(|row| [Some(row.carrier_id.clone()), row.cashier_id.clone()]).flatten();
    let names = names_of(conn, people.collect())?;
    let view = |row: HandOver| {
        let is_mine = row.cashier_id.as_ref() == Some(&seller.account);
        let in_time = row.counted_at.is_some_and(|at| now.seconds_since(at) <= UNDO_WITHIN_S);
        Ok(HandOverView {
            carrier: names.get(&row.carrier_id).cloned().unwrap_or_default(),
            cashier: row.cashier_id.as_ref().and_then(|id| names.get(id)).cloned(),
            difference: row.counted_vnd.map(|counted| counted.minus(row.covers_vnd)).transpose()?,
            can_undo: row.state == HandOverState::Confirmed && is_mine && in_time,
            row,
        })
    };
    rows.into_iter().map(view).collect()
}

fn sums_of(past: &[HandOverView]) -> Result<Sums, ServiceError> {
    let mut sums = Sums::default();
    for view in past.iter().filter(|view| view.row.state == HandOverState::Confirmed) {
        sums.counted = sums.counted.plus(view.row.counted_vnd.unwrap_or_default())?;
        let difference = view.difference.unwrap_or_default();
        if difference.is_positive() {
            sums.over = sums.over.plus(difference)?;
        } else {
            sums.short = sums.short.minus(difference)?;
        }
    }
    Ok(sums)
}

/// One hand-over as it stands on paper.
#[derive(Debug, Clone)]
pub struct SlipView {
    pub hand_over: HandOverView,
    pub cooperative: store::cooperative::Cooperative,
    /// Who else may count, where this member carried the money.
    pub others: Vec<String>,
    pub is_mine: bool,
    pub may_count: bool,
}

/// A slip, for any member: both names stand on it.
pub async fn show_slip(kit: &Kit, seller: &Seller, id: &HandOverId) -> Result<SlipView, ServiceError> {
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .read(move |conn| {
            let row = store::cash_hand_over::get_own(conn, &seller.cooperative, &id)?;
            let is_mine = row.carrier_id == seller.account;
            let others = if is_mine { other_cashiers(conn, &seller.cooperative, &seller.account)? } else { Vec::new() };
            Ok(SlipView {
                is_mine,
                may_count: row.state == HandOverState::Said
                    && seller.may(MemberRole::Accountant)
                    && (!is_mine || others.is_empty()),
                cooperative: store::cooperative::get(conn, &seller.cooperative)?,
                hand_over: views_of(conn, vec![row], &seller, now)?.pop().ok_or(ServiceError::NotFound)?,
                others,
            })
        })
        .await
}
