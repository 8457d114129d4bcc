//! Whether a bank told everything: the balances that it writes behind movements, laid end to end. Reads only; what a gap is is
//! `domain::running`'s rule.

use super::error::ServiceError;
use super::kit::Kit;
use super::same_money::compared;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::Direction;
use crate::domain::id::{BankAccountId, BankEventId};
use crate::domain::money::Money;
use crate::domain::payment::ProofGrade;
use crate::domain::running::{Gap, Step, gaps};
use crate::domain::time::At;
use crate::store::bank::BankEvent;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// How far back one looks, days.
const LOOK_BACK_DAYS: i64 = 60;
/// Movements of one account that are laid end to end.
const MOST_STEPS: i64 = 10_000;
/// Gaps that a page names; one statement closes many.
const MOST_NAMED: usize = 5;

/// The newest gaps in what is known of the cooperative's account in force, the newest first.
pub async fn list_gaps(kit: &Kit, seller: &Seller) -> Result<Vec<Gap>, ServiceError> {
    if !seller.may(MemberRole::Accountant) {
        return Err(ServiceError::Forbidden);
    }
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let accounts = store::bank::list_active(conn, std::slice::from_ref(&cooperative), now)?;
            let Some(account) = accounts.first() else { return Ok(Vec::new()) };
            let steps = steps_of(conn, &account.id, now.day().plus_days(-LOOK_BACK_DAYS).at_minute(0), now)?;
            // Many banks tell services of money that comes only; every payment out would look like a gap.
            let tells_out = steps.iter().any(|step| step.moved < Money::ZERO);
            let found = gaps(&steps).into_iter().filter(|gap| tells_out || gap.missing.is_positive());
            Ok(found.rev().take(MOST_NAMED).collect())
        })
        .await
}

/// Each movement once, with its balance if any telling of it had one. What people said is no bank's word.
fn steps_of(conn: &mut Conn, account: &BankAccountId, from: At, now: At) -> Result<Vec<Step>, ServiceError> {
    let span = (from, now.plus_seconds(86_400));
    let events = store::statement::list_between(conn, account, span, MOST_STEPS)?;
    let told = compared(conn, &events)?;
    let by_id: HashMap<&BankEventId, &BankEvent> = events.iter().map(|event| (&event.id, event)).collect();
    let mut steps: Vec<Step> = Vec::new();
    let mut place: HashMap<BankEventId, usize> = HashMap::new();
    for telling in told {
        let Some(event) = by_id.get(&telling.id).filter(|event| event.grade != ProofGrade::ByHand) else { continue };
        let moved = match event.direction {
            Direction::In => event.amount_vnd,
            Direction::Out => event.amount_vnd.negated()?,
        };
        let step = Step { event: event.id.clone(), at: event.booked_at, moved, balance: telling.balance };
        let money = telling.first.unwrap_or(telling.id);
        match place.get(&money).and_then(|at| steps.get_mut(*at)) {
            Some(known) => known.balance = known.balance.or(step.balance),
            None => {
                place.insert(money, steps.len());
                steps.push(step);
            }
        }
    }
    Ok(steps)
}
