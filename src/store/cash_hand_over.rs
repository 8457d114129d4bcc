//! Hand-overs of cash from a carrier to the cashier, as both said them.

use super::conn::{Conn, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::cash_hand_over;
use crate::domain::door::HandOverState;
use crate::domain::id::{AccountId, CooperativeId, HandOverId, JournalId};
use crate::domain::money::Money;
use crate::domain::time::At;
use diesel::prelude::*;

/// What a carrier said, and what a cashier answered.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = cash_hand_over, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct HandOver {
    pub id: HandOverId,
    pub cooperative_id: CooperativeId,
    pub carrier_id: AccountId,
    pub state: HandOverState,
    /// What the books say of this money.
    pub covers_vnd: Money,
    /// Stays with the carrier, as change.
    pub kept_vnd: Money,
    /// What the carrier counted.
    pub said_vnd: Money,
    /// `500000x2 20000x3`, or nothing.
    pub notes: String,
    /// Of the carrier.
    pub remark: String,
    pub said_at: At,
    /// What the cashier counted: this is what came into the till.
    pub counted_vnd: Option<Money>,
    pub cashier_id: Option<AccountId>,
    pub counted_at: Option<At>,
    /// Of a difference.
    pub reason: String,
    /// The carrier counted too, since nobody else of the cooperative may.
    pub is_same_person: bool,
    pub journal_id: Option<JournalId>,
    /// Withdrawn, or taken back.
    pub ended_at: Option<At>,
    pub undo_journal_id: Option<JournalId>,
    /// The carrier said nothing: a manager settled it, for the reason given.
    pub is_on_behalf: bool,
}

pub fn insert(conn: &mut Conn, row: &HandOver) -> StoreResult<()> {
    diesel::insert_into(cash_hand_over::table).values(row).execute(conn)?;
    Ok(())
}

/// One of a cooperative's own.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &HandOverId) -> StoreResult<HandOver> {
    let query = cash_hand_over::table.find(id).filter(cash_hand_over::cooperative_id.eq(cooperative));
    Ok(query.select(HandOver::as_select()).get_result(conn)?)
}

/// The same, locked.
pub fn lock_own(conn: &mut Conn, cooperative: &CooperativeId, id: &HandOverId) -> StoreResult<HandOver> {
    let query = cash_hand_over::table.find(id).filter(cash_hand_over::cooperative_id.eq(cooperative));
    Ok(locked(query.select(HandOver::as_select())).get_result(conn)?)
}

/// What a carrier has said and nobody has counted yet; there is at most one.
pub fn find_said(conn: &mut Conn, cooperative: &CooperativeId, carrier: &AccountId) -> StoreResult<Option<HandOver>> {
    let query = cash_hand_over::table
        .filter(cash_hand_over::cooperative_id.eq(cooperative))
        .filter(cash_hand_over::carrier_id.eq(carrier))
        .filter(cash_hand_over::state.eq(HandOverState::Said));
    Ok(query.select(HandOver::as_select()).get_result(conn).optional()?)
}

/// All that wait for a cashier, the oldest first.
pub fn list_said(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<HandOver>> {
    let query = cash_hand_over::table
        .filter(cash_hand_over::cooperative_id.eq(cooperative))
        .filter(cash_hand_over::state.eq(HandOverState::Said))
        .order((cash_hand_over::said_at, cash_hand_over::id));
    Ok(query.select(HandOver::as_select()).load(conn)?)
}

/// Past ones, the newest first: of one carrier, or of all.
pub fn list_past(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    carrier: Option<&AccountId>,
    most: i64,
) -> StoreResult<Vec<HandOver>> {
    let mut query = cash_hand_over::table
        .filter(cash_hand_over::cooperative_id.eq(cooperative))
        .filter(cash_hand_over::state.ne(HandOverState::Said))
        .into_boxed();
    if let Some(carrier) = carrier {
        query = query.filter(cash_hand_over::carrier_id.eq(carrier));
    }
    let query = query.order((cash_hand_over::said_at.desc(), cash_hand_over::id.desc())).limit(most);
    Ok(query.select(HandOver::as_select()).load(conn)?)
}

/// What the cashier says.
#[derive(Debug, Clone)]
pub struct Confirmed<'a> {
    pub counted: Money,
    pub cashier: &'a AccountId,
    pub at: At,
    pub reason: &'a str,
    pub is_same_person: bool,
    pub journal: &'a JournalId,
}

/// Said → confirmed; false when it no longer stood there.
pub fn mark_confirmed(conn: &mut Conn, id: &HandOverId, said: &Confirmed<'_>) -> StoreResult<bool> {
    let target =
        cash_hand_over::table.filter(cash_hand_over::id.eq(id)).filter(cash_hand_over::state.eq(HandOverState::Said));
    let values = (
        cash_hand_over::state.eq(HandOverState::Confirmed),
        cash_hand_over::counted_vnd.eq(Some(said.counted)),
        cash_hand_over::cashier_id.eq(Some(said.cashier)),
        cash_hand_over::counted_at.eq(Some(said.at)),
        cash_hand_over::reason.eq(said.reason),
        cash_hand_over::is_same_person.eq(said.is_same_person),
        cash_hand_over::journal_id.eq(Some(said.journal)),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Said → withdrawn by the carrier; false when it no longer stood there.
pub fn mark_withdrawn(conn: &mut Conn, id: &HandOverId, at: At) -> StoreResult<bool> {
    let target =
        cash_hand_over::table.filter(cash_hand_over::id.eq(id)).filter(cash_hand_over::state.eq(HandOverState::Said));
    let values = (cash_hand_over::state.eq(HandOverState::Withdrawn), cash_hand_over::ended_at.eq(Some(at)));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Confirmed → taken back by the cashier; false when it no longer stood there.
pub fn mark_undone(conn: &mut Conn, id: &HandOverId, journal: &JournalId, at: At) -> StoreResult<bool> {
    let target = cash_hand_over::table
        .filter(cash_hand_over::id.eq(id))
        .filter(cash_hand_over::state.eq(HandOverState::Confirmed));
    let values = (
        cash_hand_over::state.eq(HandOverState::Undone),
        cash_hand_over::ended_at.eq(Some(at)),
        cash_hand_over::undo_journal_id.eq(Some(journal)),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}
