//! Cash from a carrier's hands into the till: the carrier says what is handed in, a cashier counts it on their own sign-in; what is
//! missing or too much stands on its own account under both names. Until the cashier has counted, the money stays with the carrier.
//! A mistake is taken back by an entry, within the hour, by the cashier. Whoever carries and keeps the money counts alone only where
//! nobody else of the cooperative may, and the slip says so.

use super::carrying::{self, InHand, Moved, Of};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::posting::{About, post};
use super::selling::names_of;
use super::who::{Seller, may_touch_money};
use crate::domain::account::MemberRole;
use crate::domain::door::{self, HandOverState, Notes, UNDO_WITHIN_S};
use crate::domain::id::{AccountId, CooperativeId, HandOverId, JournalId, MemberId};
use crate::domain::ledger::{self, JournalKind};
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::store::cash_hand_over::{Confirmed, HandOver};
use crate::store::{self, Conn};

/// Longest remark or reason, characters.
pub(super) const WORDS_MOST: usize = 200;

/// What a carrier says. `seen` is what the page showed as held.
#[derive(Debug, Clone)]
pub struct CashSaid {
    pub total: Money,
    pub kept: Money,
    pub notes: Notes,
    pub remark: String,
    pub seen: Money,
    /// The carrier has said once more that it is not what the books say.
    pub agreed: bool,
}

/// «Nộp tiền»: the cashier is asked to count. One at a time; the money stays with the carrier meanwhile.
pub async fn say_cash(kit: &Kit, seller: &Seller, said: &CashSaid) -> Result<HandOverId, ServiceError> {
    let counted = door::sum_of_notes(&said.notes).map_err(ServiceError::refused)?;
    if counted.is_positive() && counted != said.total {
        let refusal = Refusal::new("refusal-notes-sum").with("notes", counted).with("total", said.total);
        return Err(ServiceError::refused(refusal.about("total")));
    }
    if !said.total.is_positive() {
        return Err(ServiceError::refused(Refusal::new("refusal-price").about("total")));
    }
    let (draw, seller, said) = (Draw::new(kit), seller.clone(), said.clone());
    let id = HandOverId::new(draw.now, kit.ten());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::carrying::lock_hands(conn, &seller.cooperative)?;
            let InHand { held, said: waiting } = carrying::in_hand(conn, &seller.cooperative, &seller.account)?;
            if waiting.is_positive() {
                return Err(ServiceError::changed(Refusal::new("refusal-said-already").with("said", waiting)));
            }
            if held != said.seen {
                return Err(ServiceError::changed(Refusal::new("refusal-held-changed").with("held", held)));
            }
            let covers = door::covered(held, said.kept).map_err(ServiceError::refused)?;
            if covers != said.total && !said.agreed {
                let refusal = Refusal::new("refusal-said-differs").with("total", said.total).with("covers", covers);
                return Err(ServiceError::refused(refusal.about("total")));
            }
            let row = HandOver {
                kept_vnd: said.kept,
                said_vnd: said.total,
                notes: door::notes_text(&said.notes),
                remark: clean::line(&said.remark, WORDS_MOST).unwrap_or_default(),
                ..new_hand_over(&id, &run, (&seller.cooperative, &seller.account), covers)
            };
            store::cash_hand_over::insert(conn, &row)?;
            Ok(id.clone())
        })
        .await
}

/// A hand-over as it begins; nobody has said or counted anything yet.
pub(super) fn new_hand_over(
    id: &HandOverId,
    run: &Run,
    (cooperative, carrier): (&CooperativeId, &AccountId),
    covers: Money,
) -> HandOver {
    HandOver {
        id: id.clone(),
        cooperative_id: cooperative.clone(),
        carrier_id: carrier.clone(),
        state: HandOverState::Said,
        covers_vnd: covers,
        kept_vnd: Money::ZERO,
        said_vnd: covers,
        notes: String::new(),
        remark: String::new(),
        said_at: run.now,
        counted_vnd: None,
        cashier_id: None,
        counted_at: None,
        reason: String::new(),
        is_same_person: false,
        journal_id: None,
        ended_at: None,
        undo_journal_id: None,
        is_on_behalf: false,
    }
}

fn ended(row: &HandOver) -> ServiceError {
    ServiceError::changed(Refusal::new(match row.state {
        HandOverState::Confirmed => "refusal-counted-already",
        HandOverState::Said => "refusal-not-counted-yet",
        HandOverState::Withdrawn | HandOverState::Undone => "refusal-hand-over-ended",
    }))
}

/// «Thôi nộp»: the carrier takes the word back before anybody has counted.
pub async fn withdraw_cash(kit: &Kit, seller: &Seller, id: &HandOverId) -> Result<(), ServiceError> {
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let row = store::cash_hand_over::lock_own(conn, &seller.cooperative, &id)?;
            if row.carrier_id != seller.account {
                return Err(ServiceError::Forbidden);
            }
            if !store::cash_hand_over::mark_withdrawn(conn, &id, now)? {
                return Err(ended(&row));
            }
            Ok(())
        })
        .await
}

/// What the cashier says.
#[derive(Debug, Clone)]
pub struct CashCounted {
    pub total: Money,
    /// Of a difference; needed where there is one.
    pub reason: String,
    /// «Tôi vừa giao vừa giữ tiền»: said by a cashier who carried the money.
    pub is_same_person: bool,
}

/// «Đã đếm, nhận tiền»: what was counted comes into the till; the carrier is quit of what the hand-over covers.
pub async fn confirm_cash(
    kit: &Kit,
    seller: &Seller,
    id: &HandOverId,
    counted: &CashCounted,
) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id, counted) = (Draw::new(kit), seller.clone(), id.clone(), counted.clone());
    let reason = clean::line(&counted.reason, WORDS_MOST).unwrap_or_default();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let row = store::cash_hand_over::lock_own(conn, &seller.cooperative, &id)?;
            if row.state != HandOverState::Said {
                return Err(ended(&row));
            }
            check_count(conn, &seller, &row, &counted, &reason)?;
            store::carrying::lock_hands(conn, &seller.cooperative)?;
            let held = store::carrying::held_by(conn, &seller.cooperative, &row.carrier_id)?;
            if held < row.covers_vnd {
                return Err(ServiceError::changed(Refusal::new("refusal-held-less").with("held", held)));
            }
            let journal = book(conn, &run, &seller, &row, counted.total, None)?;
            let said = Confirmed {
                counted: counted.total,
                cashier: &seller.account,
                at: run.now,
                reason: &reason,
                is_same_person: row.carrier_id == seller.account,
                journal: &journal,
            };
            if !store::cash_hand_over::mark_confirmed(conn, &id, &said)? {
                return Err(ended(&row));
            }
            Ok(())
        })
        .await
}

fn check_count(
    conn: &mut Conn,
    seller: &Seller,
    row: &HandOver,
    counted: &CashCounted,
    reason: &str,
) -> Result<(), ServiceError> {
    if !counted.total.is_positive() {
        return Err(ServiceError::refused(Refusal::new("refusal-price").about("counted")));
    }
    if counted.total >= row.covers_vnd.times(10)? {
        let refusal = Refusal::new("refusal-cash-unlikely").with("amount", counted.total).with("due", row.covers_vnd);
        return Err(ServiceError::refused(refusal.about("counted")));
    }
    if counted.total != row.covers_vnd && reason.is_empty() {
        let refusal = Refusal::new("refusal-difference-reason").with("covers", row.covers_vnd);
        return Err(ServiceError::refused(refusal.about("reason")));
    }
    if row.carrier_id != seller.account {
        return Ok(());
    }
    let others = other_cashiers(conn, &seller.cooperative, &seller.account)?;
    if !others.is_empty() {
        let refusal = Refusal::new("refusal-second-person").with("who", others.join(", "));
        return Err(ServiceError::refused(refusal));
    }
    if !counted.is_same_person {
        return Err(ServiceError::refused(Refusal::new("refusal-same-person").about("same")));
    }
    Ok(())
}

/// Names of the other members who keep the money: managers and accountants.
pub(super) fn other_cashiers(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    but: &AccountId,
) -> Result<Vec<String>, ServiceError> {
    let members = store::member::list_of_cooperative(conn, cooperative)?;
    let ids: Vec<MemberId> = members.iter().map(|member| member.id.clone()).collect();
    let mut able: Vec<MemberId> = Vec::new();
    for chunk in ids.chunks(500) {
        let roles = store::member::list_roles_of(conn, chunk)?;
        let keeps = |role: &MemberRole| matches!(role, MemberRole::Manager | MemberRole::Accountant);
        able.extend(roles.into_iter().filter(|(_, role)| keeps(role)).map(|(id, _)| id));
    }
    let people = members.into_iter().filter(|member| able.contains(&member.id) && member.account_id != *but);
    let mut names: Vec<String> =
        names_of(conn, people.map(|member| member.account_id).collect())?.into_values().collect();
    names.sort();
    Ok(names)
}

/// The entry of a hand-over, or (`undoes`) of its end: money, and whose hands it left.
pub(super) fn book(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    row: &HandOver,
    counted: Money,
    undoes: Option<&JournalId>,
) -> Result<JournalId, ServiceError> {
    let (covers, counted) = match undoes {
        None => (row.covers_vnd, counted),
        Some(_) => (row.covers_vnd.negated()?, counted.negated()?),
    };
    let about = About {
        cooperative: &seller.cooperative,
        kind: if undoes.is_some() { JournalKind::Correction } else { JournalKind::CashHandOver },
        order: None,
        event: None,
        by: Some(&seller.account),
        note: None,
        reverses: undoes,
    };
    let journal = post(conn, run, about, &ledger::cash_handed_over(covers, counted)?)?;
    let journal = journal.ok_or_else(|| ServiceError::broken("a hand-over of nothing"))?;
    let before = store::carrying::list_cash_of_hand_over(conn, &row.id)?.into_iter().next();
    let moved = Moved {
        cooperative: &seller.cooperative,
        carrier: &row.carrier_id,
        journal: &journal,
        of: Of::HandOver(&row.id),
        undoes: before.as_ref().map(|row| &row.id),
        amount: covers.negated()?,
    };
    carrying::note_cash(conn, run, &moved)?;
    Ok(journal)
}

/// «Nhận nhầm»: within the hour the cashier who counted takes it back; the money is the carrier's to hand in again.
pub async fn undo_hand_over(kit: &Kit, seller: &Seller, id: &HandOverId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let row = store::cash_hand_over::lock_own(conn, &seller.cooperative, &id)?;
            let (Some(counted), Some(at), Some(journal)) = (row.counted_vnd, row.counted_at, row.journal_id.as_ref())
            else {
                return Err(ended(&row));
            };
            if row.state != HandOverState::Confirmed {
                return Err(ServiceError::changed(Refusal::new("refusal-undone-already")));
            }
            if row.cashier_id.as_ref() != Some(&seller.account) || run.now.seconds_since(at) > UNDO_WITHIN_S {
                return Err(ServiceError::changed(Refusal::new("refusal-undo-count")));
            }
            store::carrying::lock_hands(conn, &seller.cooperative)?;
            let back = book(conn, &run, &seller, &row, counted, Some(journal))?;
            if !store::cash_hand_over::mark_undone(conn, &id, &back, run.now)? {
                return Err(ServiceError::changed(Refusal::new("refusal-undone-already")));
            }
            Ok(())
        })
        .await
}
