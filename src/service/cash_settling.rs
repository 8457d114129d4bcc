//! Cash whose carrier cannot hand it in any more (gone, ill, out of reach), settled by a manager: what was found is counted into the till,
//! what is missing or too much stands on `cash_difference`, and the slip says that the carrier said nothing and why. A mistake is taken
//! back like any count.

use super::carrying::{self, InHand};
use super::cash_hand_over::{WORDS_MOST, book, new_hand_over};
use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::id::{AccountId, HandOverId};
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::store;
use crate::store::cash_hand_over::Confirmed;

/// What a manager says of cash that its carrier will not hand in.
#[derive(Debug, Clone)]
pub struct CashSettled {
    pub carrier: AccountId,
    /// What was found and counted; nothing when nothing was.
    pub counted: Money,
    /// Why the carrier does not hand it in.
    pub reason: String,
    /// What the page showed as held.
    pub seen: Money,
}

/// Shortest reason, characters; as in the table's CHECK.
const REASON_LEAST: usize = 3;

/// «Ghi thay»: the carrier is quit of all that the books say of these hands.
///
/// # Errors
/// `Refused` for a manager's own cash, no reason, or a sum ten times what is held; `Changed` when the hands hold something else by now, or
/// when the carrier has said a hand-over that waits to be counted.
pub async fn settle_on_behalf(kit: &Kit, seller: &Seller, said: &CashSettled) -> Result<HandOverId, ServiceError> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    if said.carrier == seller.account {
        return Err(ServiceError::refused(Refusal::new("refusal-settle-own")));
    }
    let reason = clean::line(&said.reason, WORDS_MOST).unwrap_or_default();
    if reason.chars().count() < REASON_LEAST {
        return Err(ServiceError::refused(Refusal::new("refusal-settle-reason").about("reason")));
    }
    if said.counted < Money::ZERO {
        return Err(ServiceError::refused(Refusal::new("refusal-price").about("counted")));
    }
    let (draw, seller, said) = (Draw::new(kit), seller.clone(), said.clone());
    let id = HandOverId::new(draw.now, kit.ten());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::carrying::lock_hands(conn, &seller.cooperative)?;
            let InHand { held, said: waiting } = carrying::in_hand(conn, &seller.cooperative, &said.carrier)?;
            if waiting.is_positive() {
                return Err(ServiceError::changed(Refusal::new("refusal-settle-said").with("said", waiting)));
            }
            if held != said.seen || !held.is_positive() {
                return Err(ServiceError::changed(Refusal::new("refusal-settle-held").with("held", held)));
            }
            if said.counted >= held.times(10)? {
                let refusal = Refusal::new("refusal-cash-unlikely").with("amount", said.counted).with("due", held);
                return Err(ServiceError::refused(refusal.about("counted")));
            }
            let row = store::cash_hand_over::HandOver {
                is_on_behalf: true,
                reason: reason.clone(),
                ..new_hand_over(&id, &run, (&seller.cooperative, &said.carrier), held)
            };
            store::cash_hand_over::insert(conn, &row)?;
            let journal = book(conn, &run, &seller, &row, said.counted, None)?;
            let counted = Confirmed {
                counted: said.counted,
                cashier: &seller.account,
                at: run.now,
                reason: &reason,
                is_same_person: false,
                journal: &journal,
            };
            if !store::cash_hand_over::mark_confirmed(conn, &id, &counted)? {
                return Err(ServiceError::broken("a hand-over that was just written is not there"));
            }
            Ok(id.clone())
        })
        .await
}
