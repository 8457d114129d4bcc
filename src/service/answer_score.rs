//! «Nhận đơn trong … phút»: how soon a cooperative has answered lately, counted from its orders' moves and kept until it is counted
//! again. Nobody sets it; below a handful of orders nothing is said.

use super::error::ServiceError;
use super::kit::Kit;
use super::moving::hours_of;
use crate::domain::answer::{Answered, Hours, SCORE_DAYS, Score};
use crate::domain::id::{CooperativeId, OrderId};
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::time::At;
use crate::store::answer_score::{AnswerScore, Asked, Left};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// A figure is counted again after an hour.
const FRESH_S: i64 = 3_600;
/// Cooperatives that one round counts, each in a write of its own.
const ROUND: i64 = 20;
/// Orders that one count looks at: of a very busy cooperative the newest.
const MOST: i64 = 1_000;

/// Counts what is older than an hour again. Answers how many were counted; more may wait. One that cannot be counted is told to the
/// log and does not stand in the way of the others.
pub async fn refresh_scores(kit: &Kit) -> Result<usize, ServiceError> {
    let before = kit.now().plus_seconds(-FRESH_S);
    let stale =
        kit.db.read(move |conn| Ok::<_, ServiceError>(store::answer_score::list_stale(conn, before, ROUND)?)).await?;
    let mut counted: usize = 0;
    for id in &stale {
        match refresh_score(kit, id).await {
            Ok(_score) => counted = counted.saturating_add(1),
            Err(error) => {
                tracing::error!(cooperative = %id, %error, "how soon a cooperative answers could not be counted")
            }
        }
    }
    Ok(counted)
}

/// Counts one cooperative's figure. Public pages hear of it only when it is another.
pub async fn refresh_score(kit: &Kit, id: &CooperativeId) -> Result<Score, ServiceError> {
    let (now, wanted) = (kit.now(), id.clone());
    let score = kit.db.read(move |conn| count(conn, &wanted, now)).await?;
    let id = id.clone();
    kit.db
        .write(move |conn| {
            store::cooperative::lock_of(conn, std::slice::from_ref(&id))?;
            let before = store::answer_score::find(conn, &id)?;
            let Score { orders, in_time, median_min } = score;
            let row = AnswerScore { cooperative_id: id.clone(), orders, in_time, median_min, counted_at: now };
            store::answer_score::put(conn, &row)?;
            if before.is_none_or(|before| score_of(&before) != score) {
                store::change::insert(conn, "cooperative", id.as_text(), now)?;
            }
            Ok(score)
        })
        .await
}

fn score_of(row: &AnswerScore) -> Score {
    Score { orders: row.orders, in_time: row.in_time, median_min: row.median_min }
}

fn count(conn: &mut Conn, id: &CooperativeId, now: At) -> Result<Score, ServiceError> {
    let hours = hours_of(&store::cooperative::get(conn, id)?);
    let asked = store::answer_score::list_asked(conn, id, now.plus_minutes(-SCORE_DAYS * 24 * 60), MOST)?;
    let ids: Vec<OrderId> = asked.iter().map(|one| one.order.clone()).collect();
    // Of each order the first: both lists come oldest first.
    let (mut left, mut proposed): (HashMap<OrderId, Left>, HashMap<OrderId, At>) = (HashMap::new(), HashMap::new());
    for chunk in ids.chunks(500) {
        for row in store::answer_score::list_left(conn, chunk)? {
            left.entry(row.order.clone()).or_insert(row);
        }
        for (order, at) in store::answer_score::list_proposed(conn, chunk)? {
            proposed.entry(order).or_insert(at);
        }
    }
    let answers: Vec<Answered> = asked
        .iter()
        .filter_map(|one| answered(one, left.get(&one.order), proposed.get(&one.order).copied(), hours, now))
        .collect();
    Ok(Score::of(&answers))
}

/// How an order was answered; none when it still waits in time, or was taken back before anybody had to.
fn answered(asked: &Asked, moved: Option<&Left>, change: Option<At>, hours: Hours, now: At) -> Option<Answered> {
    let by = asked.confirm_by?;
    // Said yes to before it was paid: it waited from the beginning, and payment began its times anew.
    let is_first = moved.is_some_and(|row| row.event == OrderEvent::Agreed);
    let from = if is_first { asked.made_at } else { asked.placed_at? };
    let promise_min = if is_first { hours.within_min } else { hours.between(from, by) };
    let own = moved.filter(|row| {
        let is_answer = matches!(row.event, OrderEvent::Confirmed | OrderEvent::Agreed | OrderEvent::Declined);
        is_answer && row.by_kind != ActorKind::Clock && row.by_kind != ActorKind::Shopper
    });
    let at = match (own.map(|row| row.at), change) {
        (Some(own), Some(change)) => Some(own.min(change)),
        (own, change) => own.or(change),
    };
    if let Some(at) = at {
        let after_min = hours.between(from, at);
        return Some(Answered { after_min: Some(after_min), in_time: after_min <= promise_min });
    }
    // Nobody answered: it counts once the promise is over, unless the buyer was faster.
    let end = moved.map_or(now, |row| row.at);
    let is_missed = end > by && (moved.is_some() || asked.state == OrderState::Placed);
    is_missed.then_some(Answered { after_min: None, in_time: false })
}

/// The figure as it was counted last; none before the first count and below the least number of orders.
pub async fn find_score(kit: &Kit, id: &CooperativeId) -> Result<Option<Score>, ServiceError> {
    let id = id.clone();
    let row = kit.db.read(move |conn| Ok::<_, ServiceError>(store::answer_score::find(conn, &id)?)).await?;
    Ok(row.map(|row| score_of(&row)).filter(Score::is_shown))
}
