//! The people's list: money that waits for a decision, and the decisions. Nothing disappears from it but by one, with a name and a
//! time. One movement may be given to several orders; what is left of it waits on, or is owed back.

use super::crediting::{Case, Coming, lock_for_money, open_case, take_money};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::holding::Stock;
use super::kit::Kit;
use super::moving::By;
use super::posting::balance;
use super::refund_sending::{keep, send, send_part};
use super::who::{Seller, may_touch_money};
use crate::domain::code::OrderCode;
use crate::domain::id::MoneyCaseId;
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, OrderState};
use crate::domain::payment::{BankEventState, MoneyCaseReason, MoneyCaseState};
use crate::domain::refusal::Refusal;
use crate::store::bank::{BankEvent, MoneyCase};
use crate::store::order::Order;
use crate::store::{self, Conn};

/// Orders that one movement is split over at most.
const MOST_PARTS: usize = 20;

/// What a person may decide about waiting money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It pays this order.
    Assign(OrderCode),
    /// It pays several orders, each so much.
    Split { parts: Vec<(OrderCode, Money)>, rest: Rest },
    /// It is not the market's at all: «tiền khác».
    OtherMoney,
    /// It has been sent back to the buyer.
    SentBack,
    /// The excess stays with the cooperative's word to the buyer: seen, nothing to post.
    Seen,
}

/// What becomes of that part of a movement which no order was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It stays in the list.
    Waits,
    /// It is owed back to the buyer of the first order.
    GoesBack,
}

fn by(seller: &Seller) -> By<'_> {
    By { kind: ActorKind::Cooperative, account: Some(&seller.account) }
}

/// Ends a case of the people's list by a decision.
pub async fn resolve_case(kit: &Kit, seller: &Seller, id: &MoneyCaseId, how: &Resolution) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id, how) = (Draw::new(kit), seller.clone(), id.clone(), how.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let seen = store::bank::get_own_case(conn, &seller.cooperative, &id)?;
            let target = orders_of(conn, &seller, &seen, &how)?;
            // Lots, orders, and only then what is decided about.
            let (mut stock, mut orders) = lock_for_money(conn, &run, &target)?;
            let case = store::bank::lock_own_case(conn, &seller.cooperative, &id)?;
            if case.state != MoneyCaseState::Open {
                return Err(ServiceError::changed(Refusal::new("refusal-case-resolved")));
            }
            let word = carry_out(conn, &run, &seller, &case, &how, &mut orders, &mut stock)?;
            let marked = store::bank::mark_case_resolved(conn, &case.id, Some(&seller.account), &word, run.now)?;
            // What was the last debt of the order has ended all its cases already.
            if !marked && how != Resolution::SentBack {
                return Err(ServiceError::changed(Refusal::new("refusal-case-resolved")));
            }
            Ok(())
        })
        .await
}

/// Does what was decided; the word under which it is kept.
fn carry_out(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    case: &MoneyCase,
    how: &Resolution,
    orders: &mut [Order],
    stock: &mut Stock,
) -> Result<String, ServiceError> {
    let needs_decision = || ServiceError::refused(Refusal::new("refusal-case-needs-decision"));
    match (how, orders) {
        (Resolution::Assign(code), [order]) => {
            let event = assignable(conn, seller, case)?;
            assign(conn, run, seller, &event, case.amount_vnd, order, stock)?;
            Ok(format!("assigned:{code}"))
        }
        (Resolution::Split { parts, rest }, orders) => split(conn, run, seller, case, parts, *rest, orders, stock),
        (Resolution::OtherMoney, _) => {
            let (true, Some(event)) = (is_unmatched(case), &case.bank_event_id) else { return Err(needs_decision()) };
            store::bank::put_event_state(conn, event, BankEventState::OtherMoney, None)?;
            Ok("other_money".to_owned())
        }
        (Resolution::SentBack, [order]) => {
            send_back(conn, run, seller, case, order)?;
            Ok("sent_back".to_owned())
        }
        (Resolution::Seen, _) if case.reason == MoneyCaseReason::Over => {
            if let Some(order) = &case.order_id {
                keep(conn, run, order, case.amount_vnd)?;
            }
            Ok("seen".to_owned())
        }
        _ => Err(needs_decision()),
    }
}

/// The orders that a decision touches, without a lock yet.
fn orders_of(conn: &mut Conn, seller: &Seller, case: &MoneyCase, how: &Resolution) -> Result<Vec<Order>, ServiceError> {
    let codes: Vec<OrderCode> = match how {
        Resolution::Assign(code) => vec![code.clone()],
        Resolution::Split { parts, .. } => parts.iter().map(|(code, _)| code.clone()).collect(),
        Resolution::SentBack | Resolution::Seen => {
            let order = case.order_id.iter().map(|order| store::order::get_own(conn, &seller.cooperative, order));
            return Ok(order.collect::<Result<_, _>>()?);
        }
        Resolution::OtherMoney => return Ok(Vec::new()),
    };
    let orders = store::order::list_by_codes(conn, &seller.cooperative, &codes)?;
    match codes.iter().find(|code| orders.iter().all(|order| order.code != **code)) {
        Some(code) => {
            Err(ServiceError::refused(Refusal::new("refusal-order-unknown").with("code", code).about("code")))
        }
        None => Ok(orders),
    }
}

/// The movement of a case, when it is money that stands as unmatched.
fn assignable(conn: &mut Conn, seller: &Seller, case: &MoneyCase) -> Result<BankEvent, ServiceError> {
    let not_assignable = || ServiceError::refused(Refusal::new("refusal-case-not-assignable"));
    let event = case.bank_event_id.as_ref().filter(|_| is_unmatched(case)).ok_or_else(not_assignable)?;
    let event = store::bank::lock_own_event(conn, &seller.cooperative, event)?;
    // An amount that nobody could read pays nothing: the money is written down by hand at its order, and this is set aside.
    if event.amount_vnd.is_positive() { Ok(event) } else { Err(not_assignable()) }
}

/// Money can be given to an order that still wants some, or that ran out meanwhile.
fn assign(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    event: &BankEvent,
    amount: Money,
    order: &mut Order,
    stock: &mut Stock,
) -> Result<(), ServiceError> {
    wanted(conn, run, order)?;
    let coming = Coming { from: LedgerKind::Unmatched, amount, event: Some(event), by: by(seller) };
    take_money(conn, run, order, stock, &coming)
}

/// How much an order still wants; refused for one that wants nothing more.
fn wanted(conn: &mut Conn, run: &Run, order: &Order) -> Result<Money, ServiceError> {
    let state = order.state_at(run.now);
    if state.is_dead() && state != OrderState::Expired {
        return Err(ServiceError::changed(Refusal::new("refusal-order-ended").with("code", &order.code)));
    }
    let wants = order.total_vnd.minus(balance(conn, &order.id)?.received)?;
    if !wants.is_positive() {
        return Err(ServiceError::changed(Refusal::new("refusal-already-paid").with("code", &order.code)));
    }
    Ok(wants)
}

/// One movement over several orders: each part at most what its order wants, the sum at most what came.
#[expect(
    clippy::too_many_arguments,
    reason = "a decision about one case in one transaction; a struct would be made once"
)]
fn split(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    case: &MoneyCase,
    parts: &[(OrderCode, Money)],
    rest: Rest,
    orders: &mut [Order],
    stock: &mut Stock,
) -> Result<String, ServiceError> {
    let event = assignable(conn, seller, case)?;
    let mut left = check_parts(case.amount_vnd, parts, orders.len())?;
    let mut words = Vec::new();
    for (code, amount) in parts {
        let order = orders.iter_mut().find(|order| order.code == *code).ok_or(ServiceError::NotFound)?;
        let wants = wanted(conn, run, order)?;
        // What goes back goes back to the first order's buyer, who then has paid all of it.
        let back = if rest == Rest::GoesBack { std::mem::take(&mut left) } else { Money::ZERO };
        if *amount > wants || (back.is_positive() && *amount < wants) {
            let key = if *amount > wants { "refusal-part-more-than-due" } else { "refusal-part-less-than-due" };
            let refusal = Refusal::new(key).with("code", code).with("due", wants);
            return Err(ServiceError::changed(refusal.about("parts")));
        }
        assign(conn, run, seller, &event, amount.plus(back)?, order, stock)?;
        words.push(format!("{code}={}", amount.vnd()));
        if back.is_positive() {
            words.push(format!("back={}", back.vnd()));
        }
    }
    if left.is_positive() {
        store::bank::put_event_state(conn, &event.id, BankEventState::Waiting, None)?;
        let waits = Case {
            cooperative: &seller.cooperative,
            event: Some(&event.id),
            order: None,
            reason: MoneyCaseReason::Unmatched,
            amount: left,
            candidates: &[],
        };
        open_case(conn, run, &waits)?;
        words.push(format!("waits={}", left.vnd()));
    }
    Ok(format!("split:{}", words.join(" ")))
}

/// What is left of a movement after its parts. The sum must be whole: no part of nothing, none twice, not more than came.
fn check_parts(amount: Money, parts: &[(OrderCode, Money)], orders: usize) -> Result<Money, ServiceError> {
    let sum = Money::sum(parts.iter().map(|(_, part)| *part))?;
    let left = amount.minus(sum)?;
    let is_whole = parts.iter().all(|(_, part)| part.is_positive()) && orders == parts.len();
    if parts.is_empty() || parts.len() > MOST_PARTS || !is_whole || left < Money::ZERO {
        let refusal = Refusal::new("refusal-parts-sum").with("sum", sum).with("amount", amount);
        return Err(ServiceError::refused(refusal.about("parts")));
    }
    Ok(left)
}

const fn is_unmatched(case: &MoneyCase) -> bool {
    matches!(case.reason, MoneyCaseReason::Unmatched | MoneyCaseReason::TwoHits | MoneyCaseReason::WrongAccount)
}

/// The cooperative has sent money back from its bank app: the debt to the buyer ends, or this part of it.
fn send_back(conn: &mut Conn, run: &Run, seller: &Seller, case: &MoneyCase, order: &Order) -> Result<(), ServiceError> {
    let nothing = || ServiceError::changed(Refusal::new("refusal-nothing-owed").with("code", &order.code));
    let refund = store::refund::find_under_way(conn, &order.id)?.filter(|_| !is_unmatched(case)).ok_or_else(nothing)?;
    if case.amount_vnd >= refund.amount_vnd {
        return send(conn, run, seller, order, &refund, LedgerKind::Bank);
    }
    send_part(conn, run, seller, order, &refund, case.amount_vnd)
}
