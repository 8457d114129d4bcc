//! What waits for a person, each with the orders that it may be for, the likeliest first and why. Reads only.

use super::error::ServiceError;
use super::selling::{OrderBrief, briefs_of};
use crate::domain::code::OrderCode;
use crate::domain::id::{BankEventId, CooperativeId, OrderId};
use crate::domain::likeness::{Came, Open, Why, likeness, weight};
use crate::domain::money::Money;
use crate::domain::order::OrderState;
use crate::domain::payment::MoneyCaseReason;
use crate::domain::text::fold::fold;
use crate::domain::time::At;
use crate::store::bank::{BankEvent, MoneyCase};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Candidates shown for one case.
const MOST_SHOWN: usize = 6;
/// Orders looked through.
const MOST_ASKED: i64 = 300;
/// An order that ran out this long ago may still be meant.
const RAN_OUT_DAYS: i64 = 7;

/// An order that money may be for.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub brief: OrderBrief,
    /// What it still wants; of one that ran out what it cost.
    pub wants: Money,
    pub why: Vec<Why>,
    /// What it would get if the money were split over those that the memo names.
    pub share: Option<Money>,
}

/// Money that waits for a person, with what helps to decide.
#[derive(Debug, Clone)]
pub struct CaseView {
    pub case: MoneyCase,
    pub event: Option<BankEvent>,
    /// The order it is about.
    pub order: Option<OrderBrief>,
    /// Orders that it may be for, the likeliest first.
    pub candidates: Vec<Candidate>,
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

/// Orders that could still take money, the newest first; those that ran out a short while ago too, for late money without a code.
fn open_orders(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    now: At,
) -> Result<Vec<(OrderBrief, Money)>, ServiceError> {
    let states = [
        OrderState::AwaitingPayment,
        OrderState::Placed,
        OrderState::Confirmed,
        OrderState::Packed,
        OrderState::OnTheWay,
        OrderState::Delivered,
        OrderState::Expired,
    ];
    let rows = store::order::list_newest_in(conn, cooperative, &states, &[], 0, MOST_ASKED)?;
    let earliest = now.day().plus_days(-RAN_OUT_DAYS);
    let wants = |brief: OrderBrief| {
        let has_run_out = brief.order.state == OrderState::Expired;
        let wants =
            if has_run_out && brief.order.made_at.day() >= earliest { brief.order.total_vnd } else { brief.due };
        (brief, wants)
    };
    Ok(briefs_of(conn, rows)?.into_iter().map(wants).filter(|(_, wants)| wants.is_positive()).collect())
}

/// Cases with their movement, their order and the orders they may be for. `query` asks for others: a code, a name, a sum.
pub(super) fn case_views(
    conn: &mut Conn,
    cooperative: &CooperativeId,
    cases: Vec<MoneyCase>,
    query: &str,
    now: At,
) -> Result<Vec<CaseView>, ServiceError> {
    let open = open_orders(conn, cooperative, now)?;
    let event_ids: Vec<BankEventId> = cases.iter().filter_map(|case| case.bank_event_id.clone()).collect();
    let events: HashMap<BankEventId, BankEvent> =
        store::bank::list_events_by_id(conn, &event_ids)?.into_iter().map(|event| (event.id.clone(), event)).collect();
    let order_ids: Vec<OrderId> = cases.iter().filter_map(|case| case.order_id.clone()).collect();
    let rows = store::order::list_of(conn, &order_ids)?;
    let orders: HashMap<OrderId, OrderBrief> =
        briefs_of(conn, rows)?.into_iter().map(|brief| (brief.order.id.clone(), brief)).collect();
    let view = |case: MoneyCase| {
        let event = case.bank_event_id.as_ref().and_then(|id| events.get(id)).cloned();
        CaseView {
            candidates: candidates_for(&case, event.as_ref(), &open, query),
            order: case.order_id.as_ref().and_then(|id| orders.get(id)).cloned(),
            event,
            case,
        }
    };
    Ok(cases.into_iter().map(view).collect())
}

/// By code, amount, name and time; or what the query finds, with the same reasons.
fn candidates_for(
    case: &MoneyCase,
    event: Option<&BankEvent>,
    open: &[(OrderBrief, Money)],
    query: &str,
) -> Vec<Candidate> {
    let named: Vec<&str> = case.candidates.split_whitespace().collect();
    let words = event.map(|event| format!("{} {}", event.memo, event.description)).unwrap_or_default();
    let came = Came {
        amount: case.amount_vnd,
        at: event.map_or(case.made_at, |event| event.booked_at),
        payer: event.and_then(|event| event.counter_name.as_deref()),
        words: &words,
    };
    let asked = fold(query).trim().to_owned();
    let mut found: Vec<Candidate> = Vec::new();
    for (brief, wants) in open {
        let is_named = named.contains(&brief.order.code.as_text()) || case.order_id.as_ref() == Some(&brief.order.id);
        let this = Open { is_named, wants: *wants, made_at: brief.order.made_at, buyer: &brief.buyer.buyer_name };
        let why = likeness(&came, &this);
        let is_wanted = if asked.is_empty() { !why.is_empty() } else { is_asked_for(brief, *wants, query, &asked) };
        if is_wanted {
            found.push(Candidate { brief: brief.clone(), wants: *wants, why, share: None });
        }
    }
    found.sort_by_key(|candidate| std::cmp::Reverse(weight(&candidate.why)));
    found.truncate(MOST_SHOWN);
    share_out(case, &mut found);
    found
}

fn is_asked_for(brief: &OrderBrief, wants: Money, query: &str, folded: &str) -> bool {
    let sum = crate::domain::money::read_money(query).is_ok_and(|sum| sum == wants);
    let name = fold(&brief.buyer.buyer_name).contains(folded);
    sum || name || query.parse::<OrderCode>().is_ok_and(|code| code == brief.order.code)
}

/// Several codes in one memo: each named order gets what it wants as long as there is money, for the form to begin with.
fn share_out(case: &MoneyCase, found: &mut [Candidate]) {
    if case.reason != MoneyCaseReason::TwoHits {
        return;
    }
    let mut left = case.amount_vnd;
    for candidate in found.iter_mut().filter(|candidate| candidate.why.contains(&Why::Named)) {
        let share = candidate.wants.min(left);
        left = left.minus(share).unwrap_or(Money::ZERO);
        candidate.share = share.is_positive().then_some(share);
    }
}
