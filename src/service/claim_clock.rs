//! The clock of claims: asks the cooperative in its hours, hands to the operator what nobody answered, and closes what nobody took further.
//! Due and not done, whoever runs it, each once however long nobody did.

use super::claim_step::{Act, step, take, tell_the_buyer, tell_the_cooperative, times};
use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::{By, hours_of};
use crate::domain::claim::{ClaimEvent, ClaimState, Due};
use crate::domain::id::ClaimId;
use crate::domain::money::Money;
use crate::domain::order::ActorKind;
use crate::store;

/// Claims that one round looks at.
const ROUND: i64 = 50;

/// Does what is due for claims. Answers how many were moved on; more may wait. One that cannot be is told to the log and does not stand
/// in the way of the others.
pub async fn follow_claims(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    let due = kit.db.read(move |conn| Ok::<_, ServiceError>(store::claim::list_due(conn, now, ROUND)?)).await?;
    let mut done: usize = 0;
    for (_, claim) in due {
        match follow_claim(kit, &claim).await {
            Ok(moved) => done = done.saturating_add(usize::from(moved)),
            Err(error) => tracing::error!(%claim, %error, "a claim could not be followed"),
        }
    }
    Ok(done)
}

/// Does what is due for one claim. Answers whether anything was.
pub async fn follow_claim(kit: &Kit, id: &ClaimId) -> Result<bool, ServiceError> {
    let (draw, id) = (Draw::new(kit), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut hand = take(conn, &id)?;
            if hand.claim.due_at.is_none_or(|due| due > run.now) {
                return Ok(false);
            }
            let claim = &hand.claim;
            let table = times(conn, run.now)?;
            let due = table.due(claim.state, claim.stage, claim.waits_since, run.now, hours_of(&hand.cooperative));
            let event = match due {
                None => return Ok(false),
                Some(Due::Wait(at)) => {
                    store::claim::put_stage(conn, &id, claim.stage, at)?;
                    return Ok(true);
                }
                Some(Due::Ask(stage, next)) => {
                    let word = match (claim.state, stage) {
                        (ClaimState::Found, _) => "found",
                        (_, 1) => "asked",
                        _ => "again",
                    };
                    store::claim::drop_asking_words(conn, claim, run.now)?;
                    tell_the_cooperative(conn, &run, &hand, word, stage > 1)?;
                    store::claim::put_stage(conn, &id, stage, next)?;
                    return Ok(true);
                }
                Some(Due::Move(event)) => event,
            };
            let by = By { kind: ActorKind::Clock, account: None };
            step(conn, &run, &mut hand, &Act { event, by, words: "", amount: None, journal: None })?;
            if matches!(event, ClaimEvent::Escalated | ClaimEvent::Unmet) {
                tell_the_buyer(conn, &run, &hand, event, "", Money::ZERO)?;
            }
            if event == ClaimEvent::Escalated {
                tell_the_cooperative(conn, &run, &hand, "escalated", false)?;
            }
            Ok(true)
        })
        .await
}
