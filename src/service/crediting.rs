//! What money does to an order, whichever way it came: booked whole, and the order moves, lives again, or waits for a person.
//! And its counterpart: an order that ends gives back its goods and owes back its money. Knows no bank and no form; runs inside a
//! use case's transaction, with lots and order locked.

use super::accepting::{accept_as_agreed, accept_by_itself};
use super::carrying;
use super::draw::Run;
use super::error::ServiceError;
use super::holding::{self, LineShort, Stock};
use super::moving::{By, advance, answer_times};
use super::posting::{About, balance, post};
use super::telling::{To, owe_words, tell_buyer};
use super::windows;
use crate::domain::code::OrderCode;
use crate::domain::id::{BankEventId, CooperativeId, MoneyCaseId, OrderId};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::payment::{BankEventState, MoneyCaseReason, MoneyCaseState};
use crate::domain::settlement;
use crate::store::bank::{BankEvent, MoneyCase};
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};
use std::collections::BTreeMap;

/// The clock itself ends orders.
const CLOCK: By<'static> = By { kind: ActorKind::Clock, account: None };
/// Cases that end by themselves once nothing is owed back any more.
pub(super) const OWED: [MoneyCaseReason; 5] = [
    MoneyCaseReason::Over,
    MoneyCaseReason::Duplicate,
    MoneyCaseReason::Late,
    MoneyCaseReason::Refund,
    MoneyCaseReason::ShortStock,
];
/// What of an order's money a person needs not look at any more once the order lives again.
const MENDED: [MoneyCaseReason; 3] = [MoneyCaseReason::Late, MoneyCaseReason::Refund, MoneyCaseReason::ShortStock];

/// Money on its way to an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coming<'a> {
    /// Where it stands in the books: on the bank, in the till, in the hands of `by`, or on unmatched when a person assigns it.
    pub from: LedgerKind,
    pub amount: Money,
    /// The movement that told of it; cash has none.
    pub event: Option<&'a BankEvent>,
    pub by: By<'a>,
}

/// Locks orders that money may be for: first the lots of those that it may move, then the orders, each by id.
pub(super) fn lock_for_money(conn: &mut Conn, run: &Run, seen: &[Order]) -> Result<(Stock, Vec<Order>), ServiceError> {
    // Only what waits for a yes first comes to awaiting payment, so whoever is seen beyond both needs no goods when locked.
    let may_move = |order: &&Order| {
        matches!(order.state, OrderState::AwaitingPayment | OrderState::Expired) || order.waits_for_yes()
    };
    let moving: Vec<OrderId> = seen.iter().filter(may_move).map(|order| order.id.clone()).collect();
    let stock = holding::lock_stock_of(conn, run.now, &moving)?;
    let ids: Vec<OrderId> = seen.iter().map(|order| order.id.clone()).collect();
    Ok((stock, store::order::lock_of(conn, &ids)?))
}

/// Books money for an order and does what follows from it. Never refuses: what has come is in the books afterwards.
pub(super) fn take_money(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    stock: &mut Stock,
    coming: &Coming<'_>,
) -> Result<(), ServiceError> {
    let lines = store::order::list_lines(conn, std::slice::from_ref(&order.id))?;
    if order.state == OrderState::AwaitingPayment && order.state_at(run.now) == OrderState::Expired {
        end_order(conn, run, order, &lines, OrderEvent::Expired, CLOCK, None)?;
    }
    let before = balance(conn, &order.id)?;
    let due = settlement::due(order.state, order.total_vnd, before)?;
    let posted = ledger::money_in_for_order(coming.from, &order.id, coming.amount, due, before)?;
    let kind = if coming.from == LedgerKind::Unmatched { JournalKind::Assignment } else { JournalKind::MoneyIn };
    let journal = post(conn, run, about(order, kind, coming), &posted)?;
    if coming.from == LedgerKind::CashWithCarrier {
        carrying::hold(conn, run, order, coming.by.account, journal, coming.amount)?;
    }
    if let Some(event) = coming.event {
        store::bank::put_event_state(conn, &event.id, BankEventState::Booked, Some(&order.id))?;
    }
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    if order.state.is_dead() {
        return take_late(conn, run, order, &lines, stock, coming);
    }
    if order.state.awaits_money() && coming.amount >= order.asks(due, before.received) {
        place(conn, run, order, &lines, stock, OrderEvent::Paid, coming)?;
    } else if order.waits_for_yes() && coming.amount >= due {
        // Paid before anybody asked: its goods are held as those of every paid order, and it waits for its answer.
        hold_for_good(conn, run, order, &lines, stock, coming)?;
        store::answer::put_paid_early(conn, &order.id, run.now)?;
        order.renewed_until = Some(run.now);
    }
    let excess = coming.amount.minus(due)?;
    let reason = if due.is_positive() { MoneyCaseReason::Over } else { MoneyCaseReason::Duplicate };
    if excess.is_positive() {
        let others = other_orders(conn, order)?;
        open_case(
            conn,
            run,
            &Case { order: Some(order), candidates: &others, ..Case::of(order, coming, reason, excess) },
        )?;
    }
    Ok(())
}

/// A small difference that the cooperative's stated rule lets go: the order costs so much less from now on, and the list of
/// decisions says so.
pub(super) fn let_go(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    missing: Money,
    event: Option<&BankEventId>,
) -> Result<(), ServiceError> {
    (order.goods_vnd, order.total_vnd) = (order.goods_vnd.minus(missing)?, order.total_vnd.minus(missing)?);
    store::order::put_sums(conn, &order.id, order.goods_vnd, order.total_vnd, run.now)?;
    store::bank::insert_case(
        conn,
        &MoneyCase {
            id: MoneyCaseId::new(run.now, run.ten()),
            cooperative_id: order.cooperative_id.clone(),
            bank_event_id: event.cloned(),
            order_id: Some(order.id.clone()),
            reason: MoneyCaseReason::SmallDifference,
            amount_vnd: missing,
            candidates: String::new(),
            state: MoneyCaseState::Resolved,
            made_at: run.now,
            resolved_at: Some(run.now),
            resolved_by: None,
            resolution: Some("let_go".to_owned()),
        },
    )?;
    Ok(())
}

fn about<'a>(order: &'a Order, kind: JournalKind, coming: &Coming<'a>) -> About<'a> {
    About {
        cooperative: &order.cooperative_id,
        kind,
        order: Some(&order.id),
        event: coming.event.map(|event| &event.id),
        by: coming.by.account,
        note: None,
        reverses: None,
    }
}

/// The goods of a paid order are held until it moves. Holds of an order whose time is not up do not go; should they be gone all the
/// same, a person looks.
fn hold_for_good(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    lines: &[OrderLine],
    stock: &mut Stock,
    coming: &Coming<'_>,
) -> Result<(), ServiceError> {
    if holding::hold_again(conn, run, lines, stock, None)?.is_ok() {
        return Ok(());
    }
    store::order::put_flags(conn, &order.id, order.is_late, true)?;
    order.short_stock = true;
    open_case(conn, run, &Case::of(order, coming, MoneyCaseReason::ShortStock, coming.amount))
}

/// A paid order stands: its goods are held until it moves, the clock of the answer begins, the buyer is told.
fn place(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    lines: &[OrderLine],
    stock: &mut Stock,
    event: OrderEvent,
    coming: &Coming<'_>,
) -> Result<(), ServiceError> {
    hold_for_good(conn, run, order, lines, stock, coming)?;
    // Said yes to before it was paid: nobody has to say it again, unless the order had ended meanwhile.
    let was_agreed = order.placed_at.is_some() && event == OrderEvent::Paid && !order.short_stock;
    advance(conn, run, order, event, coming.by, None)?;
    let cooperative = store::cooperative::get(conn, &order.cooperative_id)?;
    let times =
        answer_times(&cooperative, windows::answered_from(conn, &order.id)?.map_or(run.now, |from| from.max(run.now)));
    store::order::put_placed(conn, &order.id, run.now, times)?;
    (order.placed_at, order.confirm_by, order.expires_at) = (Some(run.now), Some(times.1), None);
    // Of an order with a deposit no more has come than that.
    let received = balance(conn, &order.id)?.received.min(order.total_vnd);
    tell_buyer(conn, run, order, MessageKind::OrderPaid, &[("total", received.to_string())])?;
    let is_accepted = if was_agreed {
        accept_as_agreed(conn, run, order)?
    } else {
        accept_by_itself(conn, run, &cooperative, order)?
    };
    if is_accepted {
        order.state = OrderState::Confirmed;
    }
    Ok(())
}

/// Money for an order that has ended, already booked as owed back. When it is all there and the goods can be held again, an
/// expired order lives again; else a person says what becomes of it.
fn take_late(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    lines: &[OrderLine],
    stock: &mut Stock,
    coming: &Coming<'_>,
) -> Result<(), ServiceError> {
    let money = balance(conn, &order.id)?;
    if order.state != OrderState::Expired || money.received < order.stands_with() {
        store::order::put_flags(conn, &order.id, true, order.short_stock)?;
        return open_case(conn, run, &Case::of(order, coming, MoneyCaseReason::Late, coming.amount));
    }
    if revive(conn, run, order, lines, stock, coming)?.is_err() {
        store::order::put_flags(conn, &order.id, true, true)?;
        return open_case(conn, run, &Case::of(order, coming, MoneyCaseReason::ShortStock, coming.amount));
    }
    Ok(())
}

/// An expired order whose money is here lives again, if all its goods can be held again; else nothing has changed.
pub(super) fn revive(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    lines: &[OrderLine],
    stock: &mut Stock,
    coming: &Coming<'_>,
) -> Result<Result<(), Vec<LineShort>>, ServiceError> {
    if let Err(short) = holding::hold_again(conn, run, lines, stock, None)? {
        return Ok(Err(short));
    }
    let money = balance(conn, &order.id)?;
    let taken_up = ledger::take_up_again(&order.id, order.total_vnd.minus(money.prepaid)?, money)?;
    post(conn, run, about(order, JournalKind::Correction, &Coming { event: None, ..*coming }), &taken_up)?;
    store::order::put_flags(conn, &order.id, true, false)?;
    order.is_late = true;
    store::bank::mark_cases_of_order_resolved(conn, &order.id, &MENDED, "lives_again", run.now)?;
    goods_changed(conn, run, lines)?;
    place(conn, run, order, lines, stock, OrderEvent::Reopened, coming)?;
    let excess = balance(conn, &order.id)?.refund_due;
    if excess.is_positive() {
        let others = other_orders(conn, order)?;
        open_case(conn, run, &Case { candidates: &others, ..Case::of(order, coming, MoneyCaseReason::Over, excess) })?;
    }
    Ok(Ok(()))
}

/// Ends an order that will not be delivered: state, goods, money, all in one step. An order whose time is up can only expire.
pub(super) fn end_order(
    conn: &mut Conn,
    run: &Run,
    order: &mut Order,
    lines: &[OrderLine],
    event: OrderEvent,
    by: By<'_>,
    reason: Option<&str>,
) -> Result<(), ServiceError> {
    if event != OrderEvent::Expired {
        order.state_at(run.now).after(event).map_err(ServiceError::changed)?;
    }
    advance(conn, run, order, event, by, reason)?;
    if let Some(reason) = reason {
        store::order::put_reason(conn, &order.id, reason)?;
    }
    holding::release(conn, &order.id, run.now)?;
    goods_changed(conn, run, lines)?;
    let money = balance(conn, &order.id)?;
    let about = About {
        cooperative: &order.cooperative_id,
        kind: JournalKind::Correction,
        order: Some(&order.id),
        event: None,
        by: by.account,
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::give_up(&order.id, money)?)?;
    owe_back(conn, run, order, money.prepaid)
}

fn goods_changed(conn: &mut Conn, run: &Run, lines: &[OrderLine]) -> Result<(), ServiceError> {
    for product in holding::products_of(lines) {
        store::change::insert(conn, "product", product.as_text(), run.now)?;
    }
    Ok(())
}

/// Money that the books owe back to a buyer: a row in the list until a person has sent it. Nothing when there is none.
pub(super) fn owe_back(conn: &mut Conn, run: &Run, order: &Order, amount: Money) -> Result<(), ServiceError> {
    if !amount.is_positive() {
        return Ok(());
    }
    let case = Case {
        cooperative: &order.cooperative_id,
        event: None,
        order: Some(order),
        reason: MoneyCaseReason::Refund,
        amount,
        candidates: &[],
    };
    open_case(conn, run, &case)
}

/// The other orders of the same checkout that still wait for money: a buyer may have sent the whole sum to one account.
fn other_orders(conn: &mut Conn, order: &Order) -> Result<Vec<OrderCode>, ServiceError> {
    let orders = store::order::list_of_purchase(conn, &order.purchase_id)?;
    Ok(orders
        .into_iter()
        .filter(|other| other.id != order.id && other.state.awaits_money())
        .map(|other| other.code)
        .collect())
}

/// Money that waits for a person, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub cooperative: &'a CooperativeId,
    pub event: Option<&'a BankEventId>,
    pub order: Option<&'a Order>,
    pub reason: MoneyCaseReason,
    pub amount: Money,
    pub candidates: &'a [OrderCode],
}

impl<'a> Case<'a> {
    fn of(order: &'a Order, coming: &Coming<'a>, reason: MoneyCaseReason, amount: Money) -> Self {
        let event = coming.event.map(|event| &event.id);
        Self { cooperative: &order.cooperative_id, event, order: Some(order), reason, amount, candidates: &[] }
    }
}

/// Puts a case into the people's list and tells the cooperative of it.
pub(super) fn open_case(conn: &mut Conn, run: &Run, case: &Case<'_>) -> Result<(), ServiceError> {
    let codes: Vec<&str> = case.candidates.iter().map(OrderCode::as_text).collect();
    store::bank::insert_case(
        conn,
        &MoneyCase {
            id: MoneyCaseId::new(run.now, run.ten()),
            cooperative_id: case.cooperative.clone(),
            bank_event_id: case.event.cloned(),
            order_id: case.order.map(|order| order.id.clone()),
            reason: case.reason,
            amount_vnd: case.amount,
            candidates: codes.join(" "),
            state: MoneyCaseState::Open,
            made_at: run.now,
            resolved_at: None,
            resolved_by: None,
            resolution: None,
        },
    )?;
    let cooperative = store::cooperative::get(conn, case.cooperative)?;
    let to = To {
        order: case.order.map(|order| &order.id),
        name: &cooperative.name,
        phone: &cooperative.phone,
        email: cooperative.email.as_deref(),
        language: "vi",
        // Like the card of a new order: it stands in the market's own list.
        cooperative: None,
        account: None,
    };
    let mut args = BTreeMap::from([("total", case.amount.to_string()), ("reason", case.reason.to_string())]);
    if let Some(order) = case.order {
        args.insert("code", order.code.to_string());
    }
    owe_words(conn, run, &to, MessageKind::MoneyWaits, &args)?;
    Ok(())
}
