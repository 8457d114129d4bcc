//! Money as the accountant of a cooperative sees it: what waits for a decision and why, what is no order's, what stands on a
//! person's word, and whether the bank speaks. Reads only; the decisions are `money_list`'s.

use super::error::ServiceError;
use super::kit::Kit;
use super::money_candidates::{CaseView, case_views};
use super::other_money::{house_of, raw_days};
use super::selling::names_of;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::BankProvider;
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, BankEventId, CooperativeId, OrderId};
use crate::domain::money::Money;
use crate::domain::payment::BankEventState;
use crate::domain::time::At;
use crate::store::bank::{BankAccount, BankEvent, MoneyCase};
use crate::store::other_money::RuleRow;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Rows of one list on the page.
const MOST: i64 = 100;
/// Decisions shown below them.
const MOST_DECIDED: i64 = 20;
/// Longer without a word, and somebody should look: the account is spoken of as silent.
const SILENT_AFTER_S: i64 = 3 * 86_400;

/// Whether the bank speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// Nobody tells: people read the account themselves.
    ByHand,
    /// Set up, and nothing has been heard yet.
    WaitsForFirst,
    Works {
        since: At,
    },
    Silent {
        since: At,
    },
}

/// The page of money.
#[derive(Debug, Clone)]
pub struct MoneyPage {
    pub account: Option<(BankAccount, Light)>,
    pub cases: Vec<CaseView>,
    /// «Tiền khác»: never counted as work.
    pub shelf: Shelf,
    /// Said by a person, not yet confirmed by the bank, with its order's code.
    pub by_hand: Vec<(BankEvent, Option<OrderCode>)>,
    pub decided: Vec<MoneyCase>,
    pub names: HashMap<AccountId, String>,
}

/// «Tiền khác», folded: what lies there, what was dismissed from it and by whom, the rules, and how long raw bodies are kept.
#[derive(Debug, Clone)]
pub struct Shelf {
    pub events: Vec<BankEvent>,
    /// More than `events` shows, perhaps.
    pub count: i64,
    pub dismissed: Vec<(BankEvent, Option<MoneyCase>)>,
    pub dismissed_count: i64,
    pub rules: Vec<RuleRow>,
    pub raw_days: i64,
    /// What a transfer may be short of, as the cooperative has laid down.
    pub lets_go: Money,
}

/// What the bank's silence means.
pub fn light_of(account: &BankAccount, now: At) -> Light {
    match (account.provider, account.first_message_at, account.last_message_at) {
        (BankProvider::None, _, _) => Light::ByHand,
        (_, Some(first), Some(last)) if now.seconds_since(last) <= SILENT_AFTER_S => Light::Works { since: first },
        (_, Some(_), Some(last)) => Light::Silent { since: last },
        _ => Light::WaitsForFirst,
    }
}

/// Everything about a cooperative's money that is not an order's own page. `query` narrows the candidates: a code, a name, a sum.
pub async fn show_money(kit: &Kit, seller: &Seller, query: &str) -> Result<MoneyPage, ServiceError> {
    if !seller.may(MemberRole::Accountant) {
        return Err(ServiceError::Forbidden);
    }
    let (now, cooperative, query) = (kit.now(), seller.cooperative.clone(), query.to_owned());
    kit.db
        .read(move |conn| {
            let accounts = store::bank::list_active(conn, std::slice::from_ref(&cooperative), now)?;
            let cases = store::bank::list_open_cases(conn, Some(&cooperative), MOST)?;
            let by_hand = store::bank::list_by_hand(conn, &cooperative, MOST)?;
            let decided = store::bank::list_resolved_cases(conn, &cooperative, MOST_DECIDED)?;
            let people = decided.iter().filter_map(|case| case.resolved_by.clone());
            let people = people.chain(by_hand.iter().filter_map(|event| event.said_by.clone()));
            let shelf = shelf_of(conn, &cooperative, now)?;
            let people: Vec<AccountId> = shelf_people(&shelf).chain(people).collect();
            let lit = |account: BankAccount| {
                let light = light_of(&account, now);
                (account, light)
            };
            Ok(MoneyPage {
                names: names_of(conn, people)?,
                account: accounts.into_iter().next().map(lit),
                cases: case_views(conn, &cooperative, cases, &query, now)?,
                shelf,
                by_hand: with_codes(conn, by_hand)?,
                decided,
            })
        })
        .await
}

fn shelf_of(conn: &mut Conn, cooperative: &CooperativeId, now: At) -> Result<Shelf, ServiceError> {
    let dismissed = store::bank::list_events(conn, cooperative, BankEventState::Dismissed, MOST_DECIDED)?;
    let ids: Vec<BankEventId> = dismissed.iter().map(|event| event.id.clone()).collect();
    let by = store::other_money::list_dismissals(conn, &ids)?;
    let with_who = |event: BankEvent| {
        let decision = by.iter().find(|case| case.bank_event_id.as_ref() == Some(&event.id)).cloned();
        (event, decision)
    };
    Ok(Shelf {
        events: store::bank::list_events(conn, cooperative, BankEventState::OtherMoney, MOST)?,
        count: store::other_money::count_events(conn, cooperative, BankEventState::OtherMoney)?,
        dismissed: dismissed.into_iter().map(with_who).collect(),
        dismissed_count: store::other_money::count_events(conn, cooperative, BankEventState::Dismissed)?,
        rules: store::other_money::list_rules(conn, cooperative)?,
        raw_days: raw_days(conn, now)?,
        lets_go: house_of(conn, cooperative, now)?.lets_go,
    })
}

fn shelf_people(shelf: &Shelf) -> impl Iterator<Item = AccountId> {
    let rules = shelf.rules.iter().map(|rule| rule.made_by.clone());
    rules.chain(shelf.dismissed.iter().filter_map(|(_, case)| case.as_ref()?.resolved_by.clone()))
}

fn with_codes(conn: &mut Conn, events: Vec<BankEvent>) -> Result<Vec<(BankEvent, Option<OrderCode>)>, ServiceError> {
    let ids: Vec<OrderId> = events.iter().filter_map(|event| event.order_id.clone()).collect();
    let codes: HashMap<OrderId, OrderCode> =
        store::order::list_of(conn, &ids)?.into_iter().map(|order| (order.id, order.code)).collect();
    let with_code = |event: BankEvent| {
        let code = event.order_id.as_ref().and_then(|id| codes.get(id)).cloned();
        (event, code)
    };
    Ok(events.into_iter().map(with_code).collect())
}
