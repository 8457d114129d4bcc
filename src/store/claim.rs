//! Claims of buyers, their lots, pictures and steps. Whoever changes a row holds its order's lock.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{claim, claim_lot, claim_photo, claim_step, message};
use crate::domain::claim::{ClaimEvent, ClaimKind, ClaimState};
use crate::domain::id::{
    AccountId, ClaimId, ClaimPhotoId, ClaimStepId, CooperativeId, JournalId, LotId, OrderId, OrderLineId,
};
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::money::Money;
use crate::domain::order::ActorKind;
use crate::domain::quantity::{Base, Quantity};
use crate::domain::time::At;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Claim {
    pub id: ClaimId,
    pub cooperative_id: CooperativeId,
    pub order_id: OrderId,
    pub order_line_id: OrderLineId,
    pub kind: ClaimKind,
    pub state: ClaimState,
    /// Thousandths of the sale unit; none: the whole line.
    pub quantity: Option<Quantity>,
    /// Base units that it is about.
    pub base_quantity: Base,
    pub words: String,
    /// What was given back for it.
    pub accepted_vnd: Money,
    /// The form that made it.
    pub press: String,
    /// When its state began.
    pub waits_since: At,
    /// How often the clock of its state has asked.
    pub stage: i64,
    pub due_at: Option<At>,
    pub solve_by: At,
    pub made_at: At,
    pub ended_at: Option<At>,
}

/// A lot that the line came from, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim_lot, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ClaimLot {
    pub claim_id: ClaimId,
    pub lot_id: LotId,
    pub cooperative_id: CooperativeId,
    pub base_quantity: Base,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim_photo, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ClaimPhoto {
    pub id: ClaimPhotoId,
    pub claim_id: ClaimId,
    pub cooperative_id: CooperativeId,
    pub media_key: String,
    pub made_at: At,
}

/// Append-only.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim_step, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ClaimStep {
    pub id: ClaimStepId,
    pub claim_id: ClaimId,
    pub cooperative_id: CooperativeId,
    pub event: ClaimEvent,
    pub by_kind: ActorKind,
    pub by_account_id: Option<AccountId>,
    pub words: String,
    /// Given back, or found to be due.
    pub amount_vnd: Option<Money>,
    /// The entry that gives it back.
    pub journal_id: Option<JournalId>,
    pub at: At,
}

pub fn insert(conn: &mut Conn, row: &Claim, lots: &[ClaimLot]) -> StoreResult<()> {
    diesel::insert_into(claim::table).values(row).execute(conn)?;
    for lot in lots {
        diesel::insert_into(claim_lot::table).values(lot).execute(conn)?;
    }
    Ok(())
}

pub fn insert_photo(conn: &mut Conn, row: &ClaimPhoto) -> StoreResult<()> {
    diesel::insert_into(claim_photo::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_step(conn: &mut Conn, row: &ClaimStep) -> StoreResult<()> {
    diesel::insert_into(claim_step::table).values(row).execute(conn)?;
    Ok(())
}

pub fn get(conn: &mut Conn, id: &ClaimId) -> StoreResult<Claim> {
    Ok(claim::table.find(id).select(Claim::as_select()).get_result(conn)?)
}

/// One of a cooperative's own; another's is not there.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &ClaimId) -> StoreResult<Claim> {
    let query = claim::table.find(id).filter(claim::cooperative_id.eq(cooperative));
    Ok(query.select(Claim::as_select()).get_result(conn)?)
}

/// Claims of an order, the oldest first.
pub fn list_of_order(conn: &mut Conn, order: &OrderId) -> StoreResult<Vec<Claim>> {
    let query = claim::table.filter(claim::order_id.eq(order)).order((claim::made_at, claim::id));
    Ok(query.select(Claim::as_select()).load(conn)?)
}

/// Claims of a cooperative in some states, what waits longest first.
pub fn list_in(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    states: &[ClaimState],
    most: i64,
) -> StoreResult<Vec<Claim>> {
    let query = claim::table
        .filter(claim::cooperative_id.eq(cooperative))
        .filter(claim::state.eq_any(states))
        .order((claim::waits_since, claim::id))
        .limit(most);
    Ok(query.select(Claim::as_select()).load(conn)?)
}

/// Claims of a cooperative that are at rest, the newest first.
pub fn list_ended(conn: &mut Conn, cooperative: &CooperativeId, most: i64) -> StoreResult<Vec<Claim>> {
    let query = claim::table
        .filter(claim::cooperative_id.eq(cooperative))
        .filter(claim::state.eq(ClaimState::Closed))
        .order((claim::made_at.desc(), claim::id.desc()))
        .limit(most);
    Ok(query.select(Claim::as_select()).load(conn)?)
}

/// Everybody's claims in some states, the oldest first.
pub fn list_everywhere(conn: &mut Conn, states: &[ClaimState], most: i64) -> StoreResult<Vec<Claim>> {
    let query = claim::table.filter(claim::state.eq_any(states)).order((claim::made_at, claim::id)).limit(most);
    Ok(query.select(Claim::as_select()).load(conn)?)
}

/// Everybody's claims under way that should have been at rest by now, the oldest first.
pub fn list_overdue(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<Claim>> {
    let query = claim::table
        .filter(claim::state.ne(ClaimState::Closed))
        .filter(claim::solve_by.lt(now))
        .order((claim::made_at, claim::id))
        .limit(most);
    Ok(query.select(Claim::as_select()).load(conn)?)
}

/// Claims whose clock has something to do, of any cooperative.
pub fn list_due(conn: &mut Conn, now: At, most: i64) -> StoreResult<Vec<(OrderId, ClaimId)>> {
    let query = claim::table
        .filter(claim::due_at.le(now))
        .order((claim::due_at, claim::id))
        .limit(most)
        .select((claim::order_id, claim::id));
    Ok(query.load(conn)?)
}

/// Claims about goods of a lot, the oldest first.
pub fn list_of_lot(conn: &mut Conn, lot: &LotId, most: i64) -> StoreResult<Vec<Claim>> {
    let ids = claim_lot::table.filter(claim_lot::lot_id.eq(lot)).select(claim_lot::claim_id);
    let query = claim::table.filter(claim::id.eq_any(ids)).order((claim::made_at, claim::id)).limit(most);
    Ok(query.select(Claim::as_select()).load(conn)?)
}

pub fn list_lots(conn: &mut Conn, claims: &[ClaimId]) -> StoreResult<Vec<ClaimLot>> {
    let query =
        claim_lot::table.filter(claim_lot::claim_id.eq_any(claims)).order((claim_lot::claim_id, claim_lot::lot_id));
    Ok(query.select(ClaimLot::as_select()).load(conn)?)
}

pub fn list_photos(conn: &mut Conn, claims: &[ClaimId]) -> StoreResult<Vec<ClaimPhoto>> {
    let query =
        claim_photo::table.filter(claim_photo::claim_id.eq_any(claims)).order((claim_photo::made_at, claim_photo::id));
    Ok(query.select(ClaimPhoto::as_select()).load(conn)?)
}

pub fn get_photo(conn: &mut Conn, id: &ClaimPhotoId) -> StoreResult<ClaimPhoto> {
    Ok(claim_photo::table.find(id).select(ClaimPhoto::as_select()).get_result(conn)?)
}

/// What was done with claims (at most 500), in the order in which it was.
pub fn list_steps(conn: &mut Conn, claims: &[ClaimId]) -> StoreResult<Vec<ClaimStep>> {
    let query = claim_step::table.filter(claim_step::claim_id.eq_any(claims)).order((claim_step::at, claim_step::id));
    Ok(query.select(ClaimStep::as_select()).load(conn)?)
}

/// A claim moves; false when it no longer stood there.
pub fn mark_state(conn: &mut Conn, row: &Claim, from: ClaimState) -> StoreResult<bool> {
    let target = claim::table.filter(claim::id.eq(&row.id)).filter(claim::state.eq(from));
    let values = (
        claim::state.eq(row.state),
        claim::waits_since.eq(row.waits_since),
        claim::stage.eq(row.stage),
        claim::due_at.eq(row.due_at),
        claim::ended_at.eq(row.ended_at),
        claim::accepted_vnd.eq(row.accepted_vnd),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// How far the clock of a claim's state has gone, and when it has something to do next.
pub fn put_stage(conn: &mut Conn, id: &ClaimId, stage: i64, due_at: At) -> StoreResult<()> {
    let values = (claim::stage.eq(stage), claim::due_at.eq(due_at));
    diesel::update(claim::table.find(id)).set(values).execute(conn)?;
    Ok(())
}

/// Words that asked a cooperative about a claim and that nobody has passed on: they are no longer needed.
pub fn drop_asking_words(conn: &mut Conn, row: &Claim, at: At) -> StoreResult<()> {
    let target = message::table
        .filter(message::order_id.eq(&row.order_id))
        // The words carry the address of the claim's page.
        .filter(message::args.like(format!("%{}%", row.id)))
        .filter(message::kind.eq(MessageKind::ClaimMade.as_text()))
        .filter(message::state.eq_any([MessageState::Open, MessageState::Parked]));
    let values = (message::state.eq(MessageState::Dropped), message::told_at.eq(at));
    diesel::update(target).set(values).execute(conn)?;
    Ok(())
}
