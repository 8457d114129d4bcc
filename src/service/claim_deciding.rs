//! What a cooperative answers to a claim, and what the operator finds where they do not agree. An acceptance gives money back by the
//! ledger, so that the refund's own machinery pays it; the operator moves nobody's money: it asks the cooperative.

use super::claim_step::{Act, Hand, charged, is_done, read_words, step, take, take_own, tell_the_buyer};
use super::crediting::owe_back;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::By;
use super::posting::{About, balance, post};
use super::who::{Operator, Seller, may_touch_money};
use crate::domain::claim::{ClaimEvent, ClaimState};
use crate::domain::id::{ClaimId, JournalId};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::money::Money;
use crate::domain::order::ActorKind;
use crate::domain::refusal::Refusal;
use crate::store::{self, Conn};

/// What a cooperative answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// So much of the line's money goes back.
    Accept(Money),
    Decline,
    AskPhoto,
    /// The operator found that money should go back, and the cooperative will not.
    Refuse,
}

impl Decision {
    const fn event(self) -> ClaimEvent {
        match self {
            Decision::Accept(_) => ClaimEvent::Accepted,
            Decision::Decline => ClaimEvent::Declined,
            Decision::AskPhoto => ClaimEvent::AskedPhoto,
            Decision::Refuse => ClaimEvent::Unmet,
        }
    }
}

/// The cooperative answers a claim that its page showed in the state `seen`. A reason is asked for whatever is less than what was claimed.
///
/// # Errors
/// `Forbidden` without the accountant's or the manager's role; `Changed` when the claim has moved meanwhile; `Refused` for more than
/// the line still stands for.
pub async fn decide(
    kit: &Kit,
    seller: &Seller,
    id: &ClaimId,
    seen: ClaimState,
    decision: Decision,
    reason: &str,
) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id, reason) = (Draw::new(kit), seller.clone(), id.clone(), reason.to_owned());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut hand = take_own(conn, &seller.cooperative, &id)?;
            let by = By { kind: ActorKind::Cooperative, account: Some(&seller.account) };
            let amount = match decision {
                Decision::Accept(amount) => Some(amount),
                _ => None,
            };
            let words = read_words(&reason, false, "reason")?;
            let act = Act { event: decision.event(), by, words: &words, amount, journal: None };
            if is_done(conn, &hand, seen, &act)? {
                return Ok(());
            }
            hand.claim.state.after(act.event).map_err(ServiceError::changed)?;
            let is_whole = match amount {
                Some(amount) => is_whole(conn, &hand, amount)?,
                None => false,
            };
            if words.is_empty() && !is_whole {
                return Err(ServiceError::refused(Refusal::new("refusal-reason").about("reason")));
            }
            let journal = match amount {
                Some(amount) => Some(give_back(conn, &run, &mut hand, by, amount)?),
                None => None,
            };
            step(conn, &run, &mut hand, &Act { journal, ..act.clone() })?;
            tell_the_buyer(conn, &run, &hand, act.event, &words, amount.unwrap_or_default())
        })
        .await
}

/// Whether an amount is all that was claimed.
///
/// # Errors
/// `Refused` for nothing, and for more than is left of the line.
fn is_whole(conn: &mut Conn, hand: &Hand, amount: Money) -> Result<bool, ServiceError> {
    let charged = charged(conn, &hand.order, &hand.line)?;
    let left = charged.left()?;
    if !amount.is_positive() || amount > left {
        return Err(ServiceError::refused(Refusal::new("refusal-claim-amount").with("most", left).about("amount")));
    }
    Ok(amount >= charged.proposal(hand.claim.base_quantity)?)
}

/// The order's goods cost so much less: an entry, the order's sums, and a refund of what was paid for it.
fn give_back(
    conn: &mut Conn,
    run: &Run,
    hand: &mut Hand,
    by: By<'_>,
    amount: Money,
) -> Result<JournalId, ServiceError> {
    let order = &mut hand.order;
    let lines = ledger::allowance(&order.id, amount, balance(conn, &order.id)?)?;
    let about = About {
        cooperative: &order.cooperative_id,
        kind: JournalKind::Correction,
        order: Some(&order.id),
        event: None,
        by: by.account,
        note: None,
        reverses: None,
    };
    let journal = post(conn, run, about, &lines)?.ok_or_else(|| ServiceError::broken("an allowance without lines"))?;
    (order.goods_vnd, order.total_vnd) = (order.goods_vnd.minus(amount)?, order.total_vnd.minus(amount)?);
    store::order::put_sums(conn, &order.id, order.goods_vnd, order.total_vnd, run.now)?;
    let owed = lines.iter().filter(|line| line.kind == LedgerKind::RefundsDue).map(|line| line.amount);
    owe_back(conn, run, order, Money::sum(owed)?.negated()?)?;
    Ok(journal)
}

/// What the operator found of a claim before it: so much should go back, and the cooperative is asked for it; or nothing, which closes it.
///
/// # Errors
/// `Changed` when the claim has moved meanwhile; `Refused` without words, or for more than is left of the line.
pub async fn record_finding(
    kit: &Kit,
    operator: &Operator,
    id: &ClaimId,
    seen: ClaimState,
    amount: Money,
    words: &str,
) -> Result<(), ServiceError> {
    let (draw, by, id, words) =
        (Draw::new(kit), operator.account.clone(), id.clone(), read_words(words, true, "words")?);
    let told = id.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut hand = take(conn, &id)?;
            let is_due = amount.is_positive();
            let event = if is_due { ClaimEvent::Found } else { ClaimEvent::Cleared };
            let by = By { kind: ActorKind::Operator, account: Some(&by) };
            let act = Act { event, by, words: &words, amount: is_due.then_some(amount), journal: None };
            if is_done(conn, &hand, seen, &act)? {
                return Ok(());
            }
            hand.claim.state.after(event).map_err(ServiceError::changed)?;
            if is_due {
                is_whole(conn, &hand, amount)?;
            }
            step(conn, &run, &mut hand, &act)?;
            tell_the_buyer(conn, &run, &hand, event, &words, amount)
        })
        .await?;
    tracing::info!(target: "access", operator = %operator.account, what = "claim", id = %told);
    Ok(())
}
