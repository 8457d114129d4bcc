//! Money through people's hands: «Đã nhận tiền» by a named person, taken back within the hour, and cash at the door. What waits
//! in the people's list is decided in `deciding`.

use super::carrying;
use super::crediting::{Coming, OWED, lock_for_money, take_money};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::holding::Stock;
use super::kit::Kit;
use super::moving::By;
use super::posting::{About, balance, post};
use super::who::{Seller, may_touch_money};
use crate::domain::bank_message::{BankProvider, Direction};
use crate::domain::id::{BankEventId, OrderId};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, OrderState};
use crate::domain::payment::{BankEventState, ProofGrade};
use crate::domain::refusal::Refusal;
use crate::store::bank::BankEvent;
use crate::store::order::Order;
use crate::store::{self, Conn};

pub use super::deciding::{Resolution, resolve_case};

/// How long a person may take back «Đã nhận tiền», seconds.
const UNDO_WITHIN_S: i64 = 3600;
/// «Đã nhận tiền»: a named person says that the order's money is on the account. Shown as the cooperative's own word. No more than
/// is missing may be said; money that came after the hold had ended may be said too, since such a person looks when there is time.
pub async fn mark_money_received(kit: &Kit, seller: &Seller, id: &OrderId, amount: Money) -> Result<(), ServiceError> {
    mark_money_as_seen(kit, seller, id, amount, None).await
}

/// The same from a page that showed `seen` as missing: pressed twice, a part is not said twice.
pub async fn mark_money_as_seen(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    amount: Money,
    seen: Option<Money>,
) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (mut stock, mut order) = lock_own(conn, &run, &seller, &id)?;
            check_amount(conn, &run, &order, amount, seen)?;
            let event = word_event(conn, &run, &seller, &order, amount)?;
            store::bank::insert_new_event(conn, &event)?;
            let coming = Coming { from: LedgerKind::Bank, amount, event: Some(&event), by: by(&seller) };
            take_money(conn, &run, &mut order, &mut stock, &coming)
        })
        .await
}

pub(super) fn by(seller: &Seller) -> By<'_> {
    By { kind: ActorKind::Cooperative, account: Some(&seller.account) }
}

/// Locks an own order for money. Another cooperative's is not there.
pub(super) fn lock_own(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    id: &OrderId,
) -> Result<(Stock, Order), ServiceError> {
    let seen = store::order::get_own(conn, &seller.cooperative, id)?;
    let (stock, mut orders) = lock_for_money(conn, run, std::slice::from_ref(&seen))?;
    Ok((stock, orders.pop().ok_or(ServiceError::NotFound)?))
}

/// What a person may say of an order's money: at most what is missing, and nothing of an order that people have ended.
fn check_amount(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    amount: Money,
    seen: Option<Money>,
) -> Result<(), ServiceError> {
    let state = order.state_at(run.now);
    if state.is_dead() && state != OrderState::Expired {
        return Err(ServiceError::changed(Refusal::new("refusal-order-ended").with("code", &order.code)));
    }
    let missing = order.total_vnd.minus(balance(conn, &order.id)?.received)?;
    if !missing.is_positive() {
        return Err(ServiceError::changed(Refusal::new("refusal-already-paid").with("code", &order.code)));
    }
    if seen.is_some_and(|seen| seen != missing) {
        let refusal = Refusal::new("refusal-due-changed").with("code", &order.code).with("due", missing);
        return Err(ServiceError::changed(refusal.about("amount")));
    }
    if !amount.is_positive() || amount > missing {
        return Err(ServiceError::refused(Refusal::new("refusal-more-than-due").with("due", missing).about("amount")));
    }
    Ok(())
}

fn word_event(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    order: &Order,
    amount: Money,
) -> Result<BankEvent, ServiceError> {
    let account = match &order.bank_account_id {
        Some(account) => account.clone(),
        None => {
            let accounts = store::bank::list_active(conn, std::slice::from_ref(&order.cooperative_id), run.now)?;
            let first = accounts.into_iter().next().map(|account| account.id);
            first.ok_or_else(|| {
                ServiceError::refused(Refusal::new("refusal-no-account").with("cooperative", &seller.cooperative_name))
            })?
        }
    };
    let id = BankEventId::new(run.now, run.ten());
    Ok(BankEvent {
        provider_event_id: format!("word:{id}"),
        id,
        cooperative_id: order.cooperative_id.clone(),
        bank_account_id: account,
        provider: BankProvider::None,
        direction: Direction::In,
        amount_vnd: amount,
        memo: order.code.to_string(),
        description: String::new(),
        reference_code: String::new(),
        counter_name: None,
        counter_account: None,
        booked_at: run.now,
        received_at: run.now,
        day: run.now.day(),
        grade: ProofGrade::ByHand,
        is_stale: false,
        natural_key: None,
        state: BankEventState::Waiting,
        order_id: None,
        said_by: Some(seller.account.clone()),
        undone_at: None,
        confirmed_by_event: None,
        raw_body: None,
        other_account: None,
    })
}

/// Takes «Đã nhận tiền» back within the hour: the postings are reversed. The order stays placed; it is unpaid again.
pub async fn undo_money_received(kit: &Kit, seller: &Seller, event: &BankEventId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, event) = (Draw::new(kit), seller.clone(), event.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            // The order first: a bank's message that confirms this word in the same moment holds it too.
            if let Some(order) = store::bank::get_own_event(conn, &seller.cooperative, &event)?.order_id {
                store::order::lock(conn, &order)?;
            }
            let event = store::bank::lock_own_event(conn, &seller.cooperative, &event)?;
            let too_late = run.now.seconds_since(event.received_at) > UNDO_WITHIN_S;
            if event.grade != ProofGrade::ByHand || event.confirmed_by_event.is_some() || too_late {
                return Err(ServiceError::changed(Refusal::new("refusal-undo-too-late")));
            }
            if !store::bank::put_event_undone(conn, &event.id, run.now)? {
                return Err(ServiceError::changed(Refusal::new("refusal-undone-already")));
            }
            reverse(conn, &run, &seller, &event)
        })
        .await
}

/// The postings of a word that was taken back, and of what stood on them.
fn reverse(conn: &mut Conn, run: &Run, seller: &Seller, event: &BankEvent) -> Result<(), ServiceError> {
    let order =
        store::order::get_own(conn, &seller.cooperative, event.order_id.as_ref().ok_or(ServiceError::NotFound)?)?;
    let said = store::ledger::list_journals_of_event(conn, &event.id)?.into_iter().next();
    let about = About {
        cooperative: &seller.cooperative,
        kind: JournalKind::Correction,
        order: Some(&order.id),
        event: None,
        by: Some(&seller.account),
        note: None,
        reverses: said.as_ref().map(|journal| &journal.id),
    };
    let money = balance(conn, &order.id)?;
    post(conn, run, about, &ledger::take_back(LedgerKind::Bank, &order.id, event.amount_vnd, money)?)?;
    settle_again(conn, run, About { reverses: None, ..about }, &order)?;
    store::bank::put_event_state(conn, &event.id, BankEventState::Ignored, Some(&order.id))?;
    // What a person had to decide about this money has gone with it.
    store::bank::mark_cases_of_event_resolved(conn, &event.id, "undone", run.now)?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    Ok(())
}

/// After money was taken back from an order: other money of it, until now too much, pays it after all; nobody is asked to send back
/// what is not owed.
pub(super) fn settle_again(conn: &mut Conn, run: &Run, about: About<'_>, order: &Order) -> Result<(), ServiceError> {
    // Other money, until now too much, pays the order after all.
    let money = balance(conn, &order.id)?;
    let missing = order.total_vnd.minus(money.prepaid)?.max(Money::ZERO);
    if !order.state.is_dead()
        && !order.state.is_handed_over()
        && missing.is_positive()
        && money.refund_due.is_positive()
    {
        post(conn, run, about, &ledger::take_up_again(&order.id, missing, money)?)?;
    }
    if !balance(conn, &order.id)?.refund_due.is_positive() {
        store::bank::mark_cases_of_order_resolved(conn, &order.id, &OWED, "nothing_owed", run.now)?;
    }
    Ok(())
}

/// «Đã nhận tiền mặt»: cash at the door or the counter, no more than is missing. A cashier puts it into the till; in other hands it
/// stays with its taker until it is handed over.
pub async fn take_cash(kit: &Kit, seller: &Seller, id: &OrderId, amount: Money) -> Result<(), ServiceError> {
    take_cash_as_seen(kit, seller, id, amount, None).await
}

/// The same from a page that showed `seen` as missing: pressed twice, a part is not taken twice.
pub async fn take_cash_as_seen(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    amount: Money,
    seen: Option<Money>,
) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (mut stock, mut order) = lock_own(conn, &run, &seller, &id)?;
            check_amount(conn, &run, &order, amount, seen)?;
            let from = carrying::place_of_cash(conn, &seller, &order)?;
            let coming = Coming { from, amount, event: None, by: by(&seller) };
            take_money(conn, &run, &mut order, &mut stock, &coming)
        })
        .await
}
