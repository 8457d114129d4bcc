//! Money as the accountant of a cooperative sees it: what waits for a decision and why, what is no order's, what stands on a
//! person's word, and whether the bank speaks. Reads only; the decisions are `money_list`'s.

use super::error::ServiceError;
use super::kit::Kit;
use super::selling::{OrderBrief, briefs_of, names_of};
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::BankProvider;
use crate::domain::code::OrderCode;
use crate::domain::id::{AccountId, BankEventId, OrderId};
use crate::domain::order::OrderState;
use crate::domain::payment::{BankEventState, MoneyCaseReason};
use crate::domain::time::At;
use crate::store::bank::{BankAccount, BankEvent, MoneyCase};
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

/// Money that waits for a person, with what helps to decide.
#[derive(Debug, Clone)]
pub struct CaseView {
    pub case: MoneyCase,
    pub event: Option<BankEvent>,
    /// The order it is about.
    pub order: Option<OrderBrief>,
    /// Orders that it may be for, the likeliest first.
    pub candidates: Vec<OrderBrief>,
}

impl CaseView {
    /// Whether it can be given to an order.
    pub fn can_be_assigned(&self) -> bool {
        let unmatched = matches!(
            self.case.reason,
            MoneyCaseReason::Unmatched | MoneyCaseReason::TwoHits | MoneyCaseReason::WrongAccount
        );
        unmatched && self.case.bank_event_id.is_some()
    }

    /// Whether it can be said to be no order's money at all.
    pub fn can_be_set_aside(&self) -> bool {
        matches!(self.case.reason, MoneyCaseReason::Unmatched | MoneyCaseReason::TwoHits)
            && self.case.bank_event_id.is_some()
    }
}

/// The page of money.
#[derive(Debug, Clone)]
pub struct MoneyPage {
    pub account: Option<(BankAccount, Light)>,
    pub cases: Vec<CaseView>,
    /// «Tiền khác»: never counted as work.
    pub other: Vec<BankEvent>,
    /// Said by a person, not yet confirmed by the bank, with its order's code.
    pub by_hand: Vec<(BankEvent, Option<OrderCode>)>,
    pub decided: Vec<MoneyCase>,
    pub names: HashMap<AccountId, String>,
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
            let accounts = store::bank::list_active(conn, std::slice::from_ref(&cooperative))?;
            let cases = store::bank::list_open_cases(conn, Some(&cooperative), MOST)?;
            let by_hand = store::bank::list_by_hand(conn, &cooperative, MOST)?;
            let decided = store::bank::list_resolved_cases(conn, &cooperative, MOST_DECIDED)?;
            let people = decided.iter().filter_map(|case| case.resolved_by.clone());
            let people = people.chain(by_hand.iter().filter_map(|event| event.said_by.clone())).collect();
            let open = seller_orders(conn, &cooperative)?;
            let lit = |account: BankAccount| {
                let light = light_of(&account, now);
                (account, light)
            };
            Ok(MoneyPage {
                names: names_of(conn, people)?,
                account: accounts.into_iter().next().map(lit),
                cases: case_views(conn, open, cases, &query)?,
                other: store::bank::list_events(conn, &cooperative, BankEventState::OtherMoney, MOST)?,
                by_hand: with_codes(conn, by_hand)?,
                decided,
            })
        })
        .await
}

/// Orders that could still take money, the newest first.
fn seller_orders(
    conn: &mut Conn,
    cooperative: &crate::domain::id::CooperativeId,
) -> Result<Vec<OrderBrief>, ServiceError> {
    let living = [
        OrderState::AwaitingPayment,
        OrderState::Placed,
        OrderState::Confirmed,
        OrderState::Packed,
        OrderState::OnTheWay,
        OrderState::Delivered,
    ];
    let rows = store::order::list_newest_in(conn, cooperative, &living, &[], 0, 300)?;
    let mut briefs = briefs_of(conn, rows)?;
    briefs.retain(|brief| brief.due.is_positive());
    Ok(briefs)
}

fn case_views(
    conn: &mut Conn,
    open: Vec<OrderBrief>,
    cases: Vec<MoneyCase>,
    query: &str,
) -> Result<Vec<CaseView>, ServiceError> {
    let event_ids: Vec<BankEventId> = cases.iter().filter_map(|case| case.bank_event_id.clone()).collect();
    let events: HashMap<BankEventId, BankEvent> =
        store::bank::list_events_by_id(conn, &event_ids)?.into_iter().map(|event| (event.id.clone(), event)).collect();
    let order_ids: Vec<OrderId> = cases.iter().filter_map(|case| case.order_id.clone()).collect();
    let rows = store::order::list_of(conn, &order_ids)?;
    let orders: HashMap<OrderId, OrderBrief> =
        briefs_of(conn, rows)?.into_iter().map(|brief| (brief.order.id.clone(), brief)).collect();
    Ok(cases
        .into_iter()
        .map(|case| CaseView {
            candidates: candidates_for(&case, &open, query),
            event: case.bank_event_id.as_ref().and_then(|id| events.get(id)).cloned(),
            order: case.order_id.as_ref().and_then(|id| orders.get(id)).cloned(),
            case,
        })
        .collect())
}

/// Those the machine named, then those that owe exactly this, then what the query finds.
fn candidates_for(case: &MoneyCase, open: &[OrderBrief], query: &str) -> Vec<OrderBrief> {
    let named: Vec<&str> = case.candidates.split_whitespace().collect();
    let folded = crate::domain::text::fold::fold(query);
    let wanted = |brief: &OrderBrief| {
        let code = brief.order.code.to_string();
        if !folded.trim().is_empty() {
            let sum = crate::domain::money::read_money(query).is_ok_and(|sum| sum == brief.due);
            let name = crate::domain::text::fold::fold(&brief.buyer.buyer_name).contains(folded.trim());
            return sum || name || code.eq_ignore_ascii_case(&query.replace(' ', ""));
        }
        named.contains(&code.as_str()) || brief.due == case.amount_vnd
    };
    let mut found: Vec<OrderBrief> = open.iter().filter(|brief| wanted(brief)).cloned().collect();
    found.sort_by_key(|brief| !named.contains(&brief.order.code.to_string().as_str()));
    found.truncate(6);
    found
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
