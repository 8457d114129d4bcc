//! Money that has gone back to a buyer: a named person says so and may take it back within the hour, or the bank's own message or
//! a statement says so. Whichever is first books it; the other proves it; a third changes nothing. What a person paid in cash leaves the
//! till, and no movement is ever its proof. The order is locked throughout.

use super::crediting::{OWED, owe_back};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::owing::new_refund;
use super::posting::{About, balance, post};
use super::refunding::{Seen, check_seen, may_send, none_under_way, under_way};
use super::small_difference::goes_back_in_cash;
use super::who::{Seller, may_touch_money};
use crate::domain::bank_message::BankMessage;
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, BankEventId, CooperativeId, OrderId, RefundId};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::money::Money;
use crate::domain::payment::BankEventState;
use crate::domain::refund::{Awaited, RefundState, UNDO_WITHIN_S, is_named, plain_number, proven_by};
use crate::domain::refusal::Refusal;
use crate::store::bank::BankEvent;
use crate::store::order::Order;
use crate::store::refund::Refund;
use crate::store::{self, Conn};

/// «Đã chuyển trả»: a named person says that the money has gone. `seen` is what the page showed.
pub async fn mark_sent_back(
    kit: &Kit,
    seller: &Seller,
    order: &OrderId,
    seen: impl Into<Seen>,
) -> Result<(), ServiceError> {
    mark_gone(kit, seller, order, seen.into(), LedgerKind::Bank).await
}

/// «Đã trả tiền mặt»: a named person has given the buyer the money out of the till. The bank will not tell of it.
pub async fn mark_paid_in_cash(
    kit: &Kit,
    seller: &Seller,
    order: &OrderId,
    seen: impl Into<Seen>,
) -> Result<(), ServiceError> {
    mark_gone(kit, seller, order, seen.into(), LedgerKind::Cash).await
}

async fn mark_gone(
    kit: &Kit,
    seller: &Seller,
    order: &OrderId,
    seen: Seen,
    from: LedgerKind,
) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), order.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let order = store::order::lock_own(conn, &seller.cooperative, &id)?;
            let refund = under_way(conn, &order)?;
            check_seen(&refund, &seen)?;
            if from == LedgerKind::Bank && goes_back_in_cash(conn, &order, refund.amount_vnd, run.now.day())? {
                let refusal = Refusal::new("refusal-small-by-hand").with("amount", refund.amount_vnd);
                return Err(ServiceError::refused(refusal));
            }
            send(conn, &run, &seller, &order, &refund, from)
        })
        .await
}

/// Gone from the bank or the till, as a person says: the row, the books, and the cases that asked for it.
pub(super) fn send(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    order: &Order,
    refund: &Refund,
    from: LedgerKind,
) -> Result<(), ServiceError> {
    may_send(conn, refund, &seller.account, run.now)?;
    if !store::refund::mark_sent(conn, &refund.id, &seller.account, run.now, from == LedgerKind::Cash)? {
        return Err(none_under_way(order));
    }
    book(conn, run, order, (from, refund.amount_vnd), Some(&seller.account), None)
}

/// A part was sent: it is a refund of its own that has gone, what is left stays under way.
pub(super) fn send_part(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    order: &Order,
    refund: &Refund,
    amount: Money,
) -> Result<(), ServiceError> {
    may_send(conn, refund, &seller.account, run.now)?;
    let by = Some(seller.account.clone());
    let part = part_of(run, refund, amount);
    let part =
        Refund { state: RefundState::Sent, sent_by: by, sent_at: Some(run.now), ended_at: Some(run.now), ..part };
    store::refund::insert(conn, &part)?;
    book(conn, run, order, (LedgerKind::Bank, amount), Some(&seller.account), None)
}

/// A part of a refund with an end of its own: the same way, the same yes, another sum.
fn part_of(run: &Run, refund: &Refund, amount_vnd: Money) -> Refund {
    let id = RefundId::new(run.now, run.ten());
    Refund { id, amount_vnd, link_hash: None, link_until: None, ..refund.clone() }
}

/// The buyer leaves so much with the cooperative, as a person says: it is not under way any more, the books owe it still.
pub(super) fn keep(conn: &mut Conn, run: &Run, order: &OrderId, amount: Money) -> Result<(), ServiceError> {
    let Some(refund) = store::refund::find_under_way(conn, order)? else { return Ok(()) };
    if amount >= refund.amount_vnd {
        return Ok(store::refund::put_ended(conn, &refund.id, RefundState::Kept, run.now)?);
    }
    let kept = new_refund(run, &refund.cooperative_id, order, amount);
    store::refund::insert(conn, &Refund { state: RefundState::Kept, ended_at: Some(run.now), ..kept })?;
    Ok(store::refund::put_less(conn, &refund.id, refund.amount_vnd.minus(amount)?)?)
}

/// Money has left for a buyer: the debt ends, and so do the cases that asked for it.
fn book(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    (from, amount): (LedgerKind, Money),
    by: Option<&AccountId>,
    event: Option<&BankEventId>,
) -> Result<(), ServiceError> {
    post(conn, run, about(order, by, event), &ledger::refund(from, &order.id, amount)?)?;
    if !balance(conn, &order.id)?.refund_due.is_positive() {
        end_cases(conn, run, order, by, "sent_back")?;
    }
    Ok(store::change::insert(conn, "order", order.id.as_text(), run.now)?)
}

fn about<'a>(order: &'a Order, by: Option<&'a AccountId>, event: Option<&'a BankEventId>) -> About<'a> {
    About {
        cooperative: &order.cooperative_id,
        kind: JournalKind::Refund,
        order: Some(&order.id),
        event,
        by,
        note: None,
        reverses: None,
    }
}

/// Nobody needs to be asked about this order's money any more.
pub(super) fn end_cases(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    by: Option<&AccountId>,
    how: &str,
) -> Result<(), ServiceError> {
    for case in store::bank::list_cases_of_order(conn, &order.id)? {
        if OWED.contains(&case.reason) {
            store::bank::mark_case_resolved(conn, &case.id, by, how, run.now)?;
        }
    }
    Ok(())
}

/// Takes «Đã chuyển trả» back within the hour: the postings are reversed, the same is owed again to the same account. A second
/// person's yes is asked for anew.
pub async fn undo_sent_back(kit: &Kit, seller: &Seller, refund: &RefundId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), refund.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            // Found first, for its order's lock; read again under it.
            let order = store::refund::get(conn, &id)?.order_id;
            let order = store::order::lock_own(conn, &seller.cooperative, &order)?;
            let sent = store::refund::get(conn, &id)?;
            let in_time = sent.sent_at.is_some_and(|at| run.now.seconds_since(at) <= UNDO_WITHIN_S);
            if !in_time || !store::refund::mark_undone(conn, &id, run.now)? {
                return Err(ServiceError::changed(Refusal::new("refusal-refund-undo")));
            }
            let from = if sent.in_cash { LedgerKind::Cash } else { LedgerKind::Bank };
            let back = ledger::refund(from, &order.id, sent.amount_vnd.negated()?)?;
            post(conn, &run, about(&order, Some(&seller.account), None), &back)?;
            let open = under_way(conn, &order)?;
            if open.account_number.is_none() {
                store::refund::put_where_of(conn, &open.id, &sent)?;
            }
            owe_back(conn, &run, &order, sent.amount_vnd)?;
            Ok(store::change::insert(conn, "order", order.id.as_text(), run.now)?)
        })
        .await
}

/// The refund of an order that an outgoing movement proves.
pub(super) fn proven(conn: &mut Conn, order: &Order, message: &BankMessage) -> Result<Option<RefundId>, ServiceError> {
    let theirs = message.counter_account.as_deref().map(plain_number).filter(|number| !number.is_empty());
    let same = |row: &Refund| theirs.as_ref().zip(row.account_number.as_ref()).map(|(theirs, ours)| theirs == ours);
    let rows = store::refund::list_of_orders(conn, std::slice::from_ref(&order.id))?;
    let awaited = rows.iter().filter(|row| row.closed_by_event.is_none() && !row.in_cash).map(|row| Awaited {
        id: row.id.clone(),
        state: row.state,
        amount: row.amount_vnd,
        same_account: same(row),
    });
    Ok(proven_by(&awaited.collect::<Vec<_>>(), message.amount, names(message, &order.code)))
}

fn names(message: &BankMessage, code: &OrderCode) -> bool {
    is_named(&message.memo, code) || is_named(&message.description, code)
}

/// The orders of refunds that go to the account of an outgoing movement and are exactly its sum; without a lock yet.
pub(super) fn orders_by_account(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    message: &BankMessage,
) -> Result<Vec<Order>, ServiceError> {
    let number = message.counter_account.as_deref().map(plain_number).filter(|number| !number.is_empty());
    let Some(number) = number else { return Ok(Vec::new()) };
    let rows = store::refund::list_to_account(conn, cooperative, &number)?;
    let mut ids: Vec<OrderId> =
        rows.into_iter().filter(|row| row.amount_vnd == message.amount).map(|row| row.order_id).collect();
    ids.sort();
    ids.dedup();
    Ok(store::order::list_of(conn, &ids)?)
}

/// The bank tells that money has gone. What a person has already said is proven, and booked once.
pub(super) fn close_by_movement(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    refund: &RefundId,
    event: &BankEvent,
) -> Result<(), ServiceError> {
    let refund = store::refund::get(conn, refund)?;
    let (was_said, amount) = (refund.state == RefundState::Sent, event.amount_vnd);
    if amount < refund.amount_vnd {
        let part = part_of(run, &refund, amount);
        let (closed_by_event, ended_at) = (Some(event.id.clone()), Some(run.now));
        store::refund::insert(conn, &Refund { state: RefundState::Closed, closed_by_event, ended_at, ..part })?;
    } else if !store::refund::mark_closed(conn, &refund.id, &event.id, run.now)? {
        return Err(none_under_way(order));
    }
    let state = if was_said { BankEventState::Ignored } else { BankEventState::Booked };
    store::bank::put_event_state(conn, &event.id, state, Some(&order.id))?;
    if was_said {
        return Ok(store::change::insert(conn, "order", order.id.as_text(), run.now)?);
    }
    book(conn, run, order, (LedgerKind::Bank, amount), None, Some(&event.id))
}
