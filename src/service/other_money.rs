//! «Tiền khác»: the account's money that is no order's. It is never work; people dismiss it one by one or many at once, rules
//! dismiss it as it comes, and all of it can be brought back. What is kept of it is forgotten after a stated time.

use super::crediting::{Case, open_case};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::who::{Seller, may_touch_money};
use crate::domain::account::MemberRole;
use crate::domain::id::{AccountId, BankEventId, CooperativeId, MoneyCaseId, OtherMoneyRuleId};
use crate::domain::money::Money;
use crate::domain::other_money::{LEAST_LETTERS, RuleKind, plain};
use crate::domain::payment::{BankEventState, House, MOST_LET_GO, MoneyCaseReason, MoneyCaseState};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::bank::{BankEvent, MoneyCase};
use crate::store::other_money::RuleRow;
use crate::store::{self, Conn};

/// Rows dismissed at once at most; the page shows no more.
const MOST_AT_ONCE: usize = 200;
/// Rules a cooperative keeps at most: each is asked of every movement that nobody knows.
const MOST_RULES: usize = 100;
/// Days the raw body of other money is kept when no setting says otherwise.
const RAW_DAYS: i64 = 30;
/// The dated setting that says otherwise.
const RAW_DAYS_SETTING: &str = "other_money_raw_days";

/// What the cooperative has laid down for its money, for `decide`.
pub(super) fn house_of(conn: &mut Conn, cooperative: &CooperativeId, now: At) -> Result<House, ServiceError> {
    let rules = store::other_money::list_rules(conn, cooperative)?;
    let lets_go = store::setting::find_number(conn, &lets_go_setting(cooperative), now.day())?.unwrap_or(0);
    Ok(House { lets_go: Money(lets_go), rules: rules.iter().map(RuleRow::rule).collect() })
}

fn lets_go_setting(cooperative: &CooperativeId) -> String {
    format!("lets_go_vnd:{cooperative}")
}

/// How many days the raw body of other money is kept.
pub(super) fn raw_days(conn: &mut Conn, now: At) -> Result<i64, ServiceError> {
    Ok(store::setting::find_number(conn, RAW_DAYS_SETTING, now.day())?.unwrap_or(RAW_DAYS))
}

/// What a transfer may be short of its order without anybody being asked: the cooperative's own rule, from today on.
pub async fn let_small_differences_go(kit: &Kit, seller: &Seller, most: Money) -> Result<(), ServiceError> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    if most < Money::ZERO || most > MOST_LET_GO {
        let refusal = Refusal::new("refusal-lets-go").with("most", MOST_LET_GO);
        return Err(ServiceError::refused(refusal.about("lets_go")));
    }
    let (now, seller) = (kit.now(), seller.clone());
    kit.db
        .write(move |conn| {
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            let (name, value) = (lets_go_setting(&seller.cooperative), most.vnd().to_string());
            let basis = format!("laid down by account {}", seller.account);
            Ok(store::setting::put(conn, &name, now.day(), &value, &basis)?)
        })
        .await
}

/// «Bỏ qua»: these movements need not be seen again. Answers how many; those that are no longer on the shelf stay as they are.
pub async fn dismiss(kit: &Kit, seller: &Seller, ids: &[BankEventId]) -> Result<usize, ServiceError> {
    may_touch_money(seller)?;
    let ids: Vec<BankEventId> = ids.iter().take(MOST_AT_ONCE).cloned().collect();
    let (draw, seller) = (Draw::new(kit), seller.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let events = store::other_money::lock_own_events(conn, &seller.cooperative, &ids)?;
            if events.is_empty() && !ids.is_empty() {
                return Err(ServiceError::NotFound);
            }
            let shelved: Vec<BankEvent> =
                events.into_iter().filter(|event| event.state == BankEventState::OtherMoney).collect();
            for event in &shelved {
                put_dismissed(conn, &run, event, Some(&seller.account), "dismissed")?;
            }
            if shelved.is_empty() {
                return Err(ServiceError::changed(Refusal::new("refusal-nothing-to-dismiss")));
            }
            Ok(shelved.len())
        })
        .await
}

/// Dismissed, and who did it: a person, or by a rule nobody.
pub(super) fn put_dismissed(
    conn: &mut Conn,
    run: &Run,
    event: &BankEvent,
    by: Option<&AccountId>,
    how: &str,
) -> Result<(), ServiceError> {
    store::bank::put_event_state(conn, &event.id, BankEventState::Dismissed, None)?;
    store::bank::insert_case(
        conn,
        &MoneyCase {
            id: MoneyCaseId::new(run.now, run.ten()),
            cooperative_id: event.cooperative_id.clone(),
            bank_event_id: Some(event.id.clone()),
            order_id: None,
            reason: MoneyCaseReason::OtherMoney,
            amount_vnd: event.amount_vnd,
            candidates: String::new(),
            state: MoneyCaseState::Resolved,
            made_at: run.now,
            resolved_at: Some(run.now),
            resolved_by: by.cloned(),
            resolution: Some(how.to_owned()),
        },
    )?;
    Ok(())
}

/// Brought back from the shelf or from what was dismissed: it waits in the people's list again.
pub async fn bring_back(kit: &Kit, seller: &Seller, id: &BankEventId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let event = store::bank::lock_own_event(conn, &seller.cooperative, &id)?;
            if !matches!(event.state, BankEventState::OtherMoney | BankEventState::Dismissed) {
                return Err(ServiceError::changed(Refusal::new("refusal-nothing-to-bring-back")));
            }
            store::bank::put_event_state(conn, &event.id, BankEventState::Waiting, None)?;
            let same = store::order::list_awaiting_amount(conn, &seller.cooperative, event.amount_vnd, run.now, 5)?;
            let waits = Case {
                cooperative: &seller.cooperative,
                event: Some(&event.id),
                order: None,
                reason: MoneyCaseReason::Unmatched,
                amount: event.amount_vnd,
                candidates: &same,
            };
            open_case(conn, &run, &waits)
        })
        .await
}

/// A rule from now on, and for what lies on the shelf already. Answers how many rows it has dismissed there.
pub async fn add_rule(kit: &Kit, seller: &Seller, kind: RuleKind, said: &str) -> Result<usize, ServiceError> {
    may_touch_money(seller)?;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
    if plain(&said).len() < LEAST_LETTERS || said.chars().count() > 100 {
        let refusal = Refusal::new("refusal-rule-short").with("least", LEAST_LETTERS);
        return Err(ServiceError::refused(refusal.about("said")));
    }
    let (draw, seller) = (Draw::new(kit), seller.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            // Two people who write the same rule at once write one.
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            let rules = store::other_money::list_rules(conn, &seller.cooperative)?;
            if rules.iter().any(|rule| rule.kind == kind && rule.plain == plain(&said)) {
                return Err(ServiceError::changed(Refusal::new("refusal-rule-there").with("said", &said)));
            }
            if rules.len() >= MOST_RULES {
                return Err(ServiceError::refused(Refusal::new("refusal-rules-many").with("most", MOST_RULES)));
            }
            let row = RuleRow {
                id: OtherMoneyRuleId::new(run.now, run.ten()),
                cooperative_id: seller.cooperative.clone(),
                kind,
                plain: plain(&said),
                said: said.clone(),
                made_at: run.now,
                made_by: seller.account.clone(),
                removed_at: None,
                removed_by: None,
            };
            store::other_money::insert_rule(conn, &row)?;
            apply(conn, &run, &seller, &row)
        })
        .await
}

/// What lies on the shelf and fits; what has been forgotten of it cannot be read any more and stays.
fn apply(conn: &mut Conn, run: &Run, seller: &Seller, row: &RuleRow) -> Result<usize, ServiceError> {
    let most = i64::try_from(MOST_AT_ONCE).unwrap_or(100);
    let shelf = store::bank::list_events(conn, &seller.cooperative, BankEventState::OtherMoney, most)?;
    let ids: Vec<BankEventId> = shelf.into_iter().map(|event| event.id).collect();
    let rule = row.rule();
    let mut count: usize = 0;
    for event in store::other_money::lock_own_events(conn, &seller.cooperative, &ids)? {
        let words = format!("{} {}", event.memo, event.description);
        if event.state == BankEventState::OtherMoney && rule.fits_words(event.counter_name.as_deref(), &words) {
            put_dismissed(conn, run, &event, Some(&seller.account), &format!("by_rule:{}", row.id))?;
            count = count.saturating_add(1);
        }
    }
    Ok(count)
}

/// The rule no longer holds for what comes. What it has dismissed stays so until somebody brings it back.
pub async fn remove_rule(kit: &Kit, seller: &Seller, id: &OtherMoneyRuleId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let rule = store::other_money::get_own_rule(conn, &seller.cooperative, &id)?;
            if !store::other_money::mark_rule_removed(conn, &rule.id, &seller.account, now)? {
                return Err(ServiceError::changed(Refusal::new("refusal-rule-gone")));
            }
            Ok(())
        })
        .await
}
