//! Money through people's hands: «Đã nhận tiền» by a named person, cash at the door, and the list of money that waits for a
//! decision. Nothing disappears from that list but by a decision with a name and a time.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::ordering::By;
use super::paying;
use super::posting::{About, balance, post};
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::{BankProvider, Direction};
use crate::domain::code::OrderCode;
use crate::domain::id::{BankEventId, JournalId, MoneyCaseId, OrderId};
use crate::domain::ledger::{self, JournalKind, LedgerKind, Line};
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, OrderEvent};
use crate::domain::payment::{BankEventState, Decision, MoneyCaseReason, MoneyCaseState, ProofGrade};
use crate::domain::refusal::Refusal;
use crate::domain::settlement;
use crate::store::bank::{BankEvent, MoneyCase};
use crate::store::order::Order;
use crate::store::{self, Conn};

/// How long a person may take back «Đã nhận tiền», seconds.
const UNDO_WITHIN_S: i64 = 3600;

fn may_touch_money(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Accountant) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// «Đã nhận tiền»: a named person says that the order's money is on the account. Shown as the cooperative's own word.
/// Only what is due may be said: more, less or late is a bank's matter.
pub async fn mark_money_received(kit: &Kit, seller: &Seller, id: &OrderId, amount: Money) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::order::get_own(conn, &seller.cooperative, &id)?;
            let order = store::order::lock(conn, &id)?;
            let money = balance(conn, &order.id)?;
            match paying::decide_word(&order, money, amount)? {
                Decision::Exact { .. } | Decision::Partial { .. } => {}
                Decision::Duplicate { .. } => {
                    return Err(ServiceError::changed(Refusal::new("refusal-already-paid").with("code", &order.code)));
                }
                Decision::Over { .. } => {
                    let due = settlement::due(order.state, order.total_vnd, money)?;
                    return Err(ServiceError::refused(Refusal::new("refusal-more-than-due").with("due", due).about("amount")));
                }
                _ => return Err(ServiceError::changed(Refusal::new("refusal-order-ended").with("code", &order.code))),
            }
            let event = word_event(conn, &run, &seller, &order, amount)?;
            store::bank::insert_new_event(conn, &event)?;
            paying::credit(conn, &run, &event, &order.id, By { kind: ActorKind::Cooperative, account: Some(&seller.account) })
        })
        .await
}

fn word_event(conn: &mut Conn, run: &Run, seller: &Seller, order: &Order, amount: Money) -> Result<BankEvent, ServiceError> {
    let account = match &order.bank_account_id {
        Some(account) => account.clone(),
        None => {
            let accounts = store::bank::list_active(conn, std::slice::from_ref(&order.cooperative_id))?;
            let first = accounts.into_iter().next().map(|account| account.id);
            first.ok_or_else(|| ServiceError::refused(Refusal::new("refusal-no-account").with("cooperative", &seller.cooperative_name)))?
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
    })
}

/// Takes «Đã nhận tiền» back within the hour: the postings are reversed. The order stays placed; it is unpaid again.
pub async fn undo_money_received(kit: &Kit, seller: &Seller, event: &BankEventId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, event) = (Draw::new(kit), seller.clone(), event.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
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

fn reverse(conn: &mut Conn, run: &Run, seller: &Seller, event: &BankEvent) -> Result<(), ServiceError> {
    let journals = store::ledger::list_journals_of_event(conn, &event.id)?;
    let ids: Vec<JournalId> = journals.iter().map(|journal| journal.id.clone()).collect();
    let postings = store::ledger::list_postings(conn, &ids)?;
    for journal in &journals {
        let lines: Vec<Line> = postings
            .iter()
            .filter(|posting| posting.journal_id == journal.id)
            .map(|posting| Line { kind: posting.kind, order: posting.order_id.clone(), amount: posting.amount_vnd })
            .collect();
        let about = About {
            cooperative: &seller.cooperative,
            kind: JournalKind::Correction,
            order: event.order_id.as_ref(),
            event: None,
            by: Some(&seller.account),
            note: None,
            reverses: Some(&journal.id),
        };
        post(conn, run, about, &ledger::reversal(&lines)?)?;
    }
    store::bank::put_event_state(conn, &event.id, BankEventState::Ignored, event.order_id.as_ref())?;
    if let Some(order) = &event.order_id {
        store::change::insert(conn, "order", order.as_text(), run.now)?;
    }
    Ok(())
}

/// «Đã nhận tiền mặt»: cash at the door or the counter, no more than is due.
pub async fn take_cash(kit: &Kit, seller: &Seller, id: &OrderId, amount: Money) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::order::get_own(conn, &seller.cooperative, &id)?;
            let mut order = store::order::lock(conn, &id)?;
            let money = balance(conn, &order.id)?;
            let due = settlement::due(order.state, order.total_vnd, money)?;
            if !due.is_positive() {
                return Err(ServiceError::changed(Refusal::new("refusal-already-paid").with("code", &order.code)));
            }
            if !amount.is_positive() || amount > due {
                return Err(ServiceError::refused(Refusal::new("refusal-more-than-due").with("due", due).about("amount")));
            }
            let about = About {
                cooperative: &order.cooperative_id,
                kind: JournalKind::MoneyIn,
                order: Some(&order.id),
                event: None,
                by: Some(&seller.account),
                note: None,
                reverses: None,
            };
            post(conn, &run, about, &ledger::money_in_for_order(LedgerKind::Cash, &order.id, amount, due, money)?)?;
            store::change::insert(conn, "order", order.id.as_text(), run.now)?;
            if amount == due && order.state.awaits_money() {
                let by = By { kind: ActorKind::Cooperative, account: Some(&seller.account) };
                paying::place_paid(conn, &run, &mut order, OrderEvent::Paid, by)?;
            }
            Ok(())
        })
        .await
}

/// Money of an ended order is owed back: a row in the list until a person has sent it.
pub(super) fn owe_refund(conn: &mut Conn, run: &Run, order: &Order, amount: Money) -> Result<(), ServiceError> {
    store::bank::insert_case(
        conn,
        &MoneyCase {
            id: MoneyCaseId::new(run.now, run.ten()),
            cooperative_id: order.cooperative_id.clone(),
            bank_event_id: None,
            order_id: Some(order.id.clone()),
            reason: MoneyCaseReason::Refund,
            amount_vnd: amount,
            candidates: String::new(),
            state: MoneyCaseState::Open,
            made_at: run.now,
            resolved_at: None,
            resolved_by: None,
            resolution: None,
        },
    )?;
    Ok(())
}

/// What a person may decide about waiting money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It pays this order.
    Assign(OrderCode),
    /// It is not the market's at all: «tiền khác».
    OtherMoney,
    /// It has been sent back to the buyer.
    SentBack,
    /// The excess stays with the cooperative's word to the buyer: seen, nothing to post.
    Seen,
}

/// Ends a case of the people's list by a decision.
pub async fn resolve_case(kit: &Kit, seller: &Seller, id: &MoneyCaseId, how: &Resolution) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id, how) = (Draw::new(kit), seller.clone(), id.clone(), how.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let case = store::bank::lock_own_case(conn, &seller.cooperative, &id)?;
            let word = match &how {
                Resolution::Assign(code) => {
                    assign(conn, &run, &seller, &case, code)?;
                    format!("assigned:{code}")
                }
                Resolution::OtherMoney => {
                    set_aside(conn, &case)?;
                    "other_money".to_owned()
                }
                Resolution::SentBack => {
                    send_back(conn, &run, &seller, &case)?;
                    "sent_back".to_owned()
                }
                Resolution::Seen => {
                    if case.reason != MoneyCaseReason::Over {
                        return Err(ServiceError::refused(Refusal::new("refusal-case-needs-decision")));
                    }
                    "seen".to_owned()
                }
            };
            if !store::bank::mark_case_resolved(conn, &case.id, Some(&seller.account), &word, run.now)? {
                return Err(ServiceError::changed(Refusal::new("refusal-case-resolved")));
            }
            Ok(())
        })
        .await
}

/// Only money that stands as unmatched can be given to an order.
fn assign(conn: &mut Conn, run: &Run, seller: &Seller, case: &MoneyCase, code: &OrderCode) -> Result<(), ServiceError> {
    let unmatched =
        matches!(case.reason, MoneyCaseReason::Unmatched | MoneyCaseReason::TwoHits | MoneyCaseReason::WrongAccount);
    let (true, Some(event)) = (unmatched && case.state == MoneyCaseState::Open, &case.bank_event_id) else {
        return Err(ServiceError::refused(Refusal::new("refusal-case-not-assignable")));
    };
    let mut orders = store::order::lock_by_codes(conn, &seller.cooperative, std::slice::from_ref(code))?;
    let unknown = || ServiceError::refused(Refusal::new("refusal-order-unknown").with("code", code).about("code"));
    let mut order = orders.pop().ok_or_else(unknown)?;
    let event = store::bank::lock_own_event(conn, &seller.cooperative, event)?;
    let money = balance(conn, &order.id)?;
    let due = settlement::due(order.state, order.total_vnd, money)?;
    if !due.is_positive() {
        return Err(ServiceError::changed(Refusal::new("refusal-already-paid").with("code", code)));
    }
    let about = About {
        cooperative: &seller.cooperative,
        kind: JournalKind::Assignment,
        order: Some(&order.id),
        event: Some(&event.id),
        by: Some(&seller.account),
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::assignment(&order.id, event.amount_vnd, due, money)?)?;
    store::bank::put_event_state(conn, &event.id, BankEventState::Booked, Some(&order.id))?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    if event.amount_vnd >= due && order.state.awaits_money() {
        let by = By { kind: ActorKind::Cooperative, account: Some(&seller.account) };
        paying::place_paid(conn, run, &mut order, OrderEvent::Paid, by)?;
    }
    Ok(())
}

fn set_aside(conn: &mut Conn, case: &MoneyCase) -> Result<(), ServiceError> {
    let (MoneyCaseReason::Unmatched | MoneyCaseReason::TwoHits, Some(event)) = (case.reason, &case.bank_event_id) else {
        return Err(ServiceError::refused(Refusal::new("refusal-case-needs-decision")));
    };
    store::bank::put_event_state(conn, event, BankEventState::OtherMoney, None)?;
    Ok(())
}

/// The cooperative has sent money back from its bank app: the debt to the buyer ends.
fn send_back(conn: &mut Conn, run: &Run, seller: &Seller, case: &MoneyCase) -> Result<(), ServiceError> {
    let Some(order) = &case.order_id else {
        return Err(ServiceError::refused(Refusal::new("refusal-case-needs-decision")));
    };
    let order = store::order::lock(conn, order)?;
    let owed = balance(conn, &order.id)?.refund_due;
    let amount = case.amount_vnd.min(owed);
    if !amount.is_positive() {
        return Err(ServiceError::changed(Refusal::new("refusal-nothing-owed").with("code", &order.code)));
    }
    let about = About {
        cooperative: &seller.cooperative,
        kind: JournalKind::Refund,
        order: Some(&order.id),
        event: None,
        by: Some(&seller.account),
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::refund(LedgerKind::Bank, &order.id, amount)?)?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    Ok(())
}
