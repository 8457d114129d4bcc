//! The shelf «tiền khác»: movements that are no order's, rules that dismiss them, and what is forgotten of them.

use super::bank::{BankEvent, MoneyCase};
use super::conn::{Conn, MultiBackend, locked};
use super::error::StoreResult;
use super::schema::{bank_event, money_case, other_money_rule};
use crate::domain::id::{AccountId, BankEventId, CooperativeId, OtherMoneyRuleId};
use crate::domain::other_money::{Rule, RuleKind};
use crate::domain::payment::{BankEventState, MoneyCaseReason};
use crate::domain::time::At;
use diesel::prelude::*;

/// Which money is never an order's, as a cooperative says.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = other_money_rule, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct RuleRow {
    pub id: OtherMoneyRuleId,
    pub cooperative_id: CooperativeId,
    pub kind: RuleKind,
    /// As it was typed.
    pub said: String,
    /// As it is compared.
    pub plain: String,
    pub made_at: At,
    pub made_by: AccountId,
    pub removed_at: Option<At>,
    pub removed_by: Option<AccountId>,
}

impl RuleRow {
    /// For asking.
    pub fn rule(&self) -> Rule {
        Rule { id: self.id.clone(), kind: self.kind, text: self.plain.clone() }
    }
}

pub fn insert_rule(conn: &mut Conn, row: &RuleRow) -> StoreResult<()> {
    diesel::insert_into(other_money_rule::table).values(row).execute(conn)?;
    Ok(())
}

/// Rules of a cooperative in force, the oldest first.
pub fn list_rules(conn: &mut Conn, cooperative: &CooperativeId) -> StoreResult<Vec<RuleRow>> {
    let query = other_money_rule::table
        .filter(other_money_rule::cooperative_id.eq(cooperative))
        .filter(other_money_rule::removed_at.is_null())
        .order((other_money_rule::made_at, other_money_rule::id));
    Ok(query.select(RuleRow::as_select()).load(conn)?)
}

/// One of a cooperative's rules, whether it is in force or not.
pub fn get_own_rule(conn: &mut Conn, cooperative: &CooperativeId, id: &OtherMoneyRuleId) -> StoreResult<RuleRow> {
    let query = other_money_rule::table.find(id).filter(other_money_rule::cooperative_id.eq(cooperative));
    Ok(query.select(RuleRow::as_select()).get_result(conn)?)
}

/// Takes a rule away; false when it was gone.
pub fn mark_rule_removed(conn: &mut Conn, id: &OtherMoneyRuleId, by: &AccountId, at: At) -> StoreResult<bool> {
    let target =
        other_money_rule::table.filter(other_money_rule::id.eq(id)).filter(other_money_rule::removed_at.is_null());
    let values = (other_money_rule::removed_at.eq(at), other_money_rule::removed_by.eq(by));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Locks a cooperative's own movements (at most 500), each by id. Those of others are not there.
pub fn lock_own_events(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    ids: &[BankEventId],
) -> StoreResult<Vec<BankEvent>> {
    let query = bank_event::table
        .filter(bank_event::id.eq_any(ids))
        .filter(bank_event::cooperative_id.eq(cooperative))
        .order(bank_event::id)
        .select(BankEvent::as_select());
    Ok(locked(query).load(conn)?)
}

/// How many movements of a cooperative stand in a state.
pub fn count_events(conn: &mut Conn, cooperative: &CooperativeId, state: BankEventState) -> StoreResult<i64> {
    let query =
        bank_event::table.filter(bank_event::cooperative_id.eq(cooperative)).filter(bank_event::state.eq(state));
    Ok(query.count().get_result(conn)?)
}

/// Who dismissed movements (at most 500) and when, the newest first.
pub fn list_dismissals(conn: &mut Conn, events: &[BankEventId]) -> StoreResult<Vec<MoneyCase>> {
    let query = money_case::table
        .filter(money_case::bank_event_id.eq_any(events))
        .filter(money_case::reason.eq(MoneyCaseReason::OtherMoney))
        .order((money_case::made_at.desc(), money_case::id.desc()));
    Ok(query.select(MoneyCase::as_select()).load(conn)?)
}

/// Forgets the raw bodies of other money that came before an instant, a few at a time. How many there were.
pub fn put_raw_forgotten(conn: &mut Conn, before: At, most: i64) -> StoreResult<usize> {
    let ids: Vec<BankEventId> = bank_event::table
        .filter(bank_event::state.eq_any([BankEventState::OtherMoney, BankEventState::Dismissed]))
        .filter(bank_event::raw_body.is_not_null())
        .filter(bank_event::received_at.lt(before))
        .order(bank_event::id)
        .limit(most)
        .select(bank_event::id)
        .load(conn)?;
    let target = bank_event::table.filter(bank_event::id.eq_any(&ids));
    Ok(diesel::update(target).set(bank_event::raw_body.eq(None::<String>)).execute(conn)?)
}
