//! The people's list and the shelf «tiền khác» made ready to read. Decides nothing but words.

use super::desk::{at_said, counted, money_typed, words};
use super::said;
use crate::domain::account::MemberRole;
use crate::domain::money::grouped;
use crate::domain::payment::MoneyCaseReason;
use crate::domain::time::At;
use crate::service::money_candidates::{Candidate, CaseView};
use crate::service::money_view::MoneyPage;
use crate::service::who::Seller;
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// One case as the page shows it.
pub fn case_shown(req: &HttpRequest, now: At, view: &CaseView) -> Value {
    let case = &view.case;
    let order = view.order.as_ref();
    let event = view.event.as_ref();
    json!({
        "id": case.id,
        "reason": case.reason,
        "title": words(req, &format!("farm-case-{}", case.reason), &[]),
        "text": words(req, &format!("farm-case-{}-do", case.reason), &[]),
        "amount_vnd": case.amount_vnd.vnd(),
        "at": at_said(req, event.map_or(case.made_at, |event| event.booked_at)),
        "memo": event.map(|event| event.memo.clone()).filter(|memo| !memo.is_empty()),
        "from": event.and_then(|event| event.counter_name.clone()),
        "order": order.map(|brief| said::brief(req, now, brief)),
        "order_phone": order.map(|brief| brief.buyer.buyer_phone.clone()),
        "candidates": view.candidates.iter().map(|one| candidate(req, now, one)).collect::<Vec<_>>(),
        "can_assign": view.can_be_assigned(),
        "opens_split": case.reason == MoneyCaseReason::TwoHits,
        "can_set_aside": view.can_be_set_aside(),
        "can_send_back": case.order_id.is_some() && !view.can_be_assigned(),
        "can_see": case.reason == MoneyCaseReason::Over,
    })
}

fn candidate(req: &HttpRequest, now: At, one: &Candidate) -> Value {
    let why: Vec<String> = one.why.iter().map(|why| words(req, &format!("farm-why-{why}"), &[])).collect();
    json!({
        "order": said::brief(req, now, &one.brief),
        "wants_vnd": one.wants.vnd(),
        "why": why.join(", "),
        "field": format!("part[{}]", one.brief.order.code),
        "share": one.share.map(money_typed),
    })
}

/// The shelf «tiền khác» with its rules.
pub fn shelf(req: &HttpRequest, seller: &Seller, money: &MoneyPage) -> Value {
    let shelf = &money.shelf;
    let name = |id: Option<&crate::domain::id::AccountId>| id.and_then(|id| money.names.get(id)).cloned();
    let dismissed = shelf.dismissed.iter().map(|(event, decision)| {
        let by_rule = decision.as_ref().and_then(|case| case.resolution.as_deref()?.strip_prefix("by_rule:"));
        let who = decision.as_ref().and_then(|case| name(case.resolved_by.as_ref()));
        let how = if by_rule.is_some() { "farm-dismissed-by-rule" } else { "farm-dismissed" };
        json!({
            "id": event.id,
            "amount_vnd": event.amount_vnd.vnd(),
            "at": at_said(req, event.booked_at),
            "memo": event.memo,
            "from": event.counter_name,
            "how": words(req, how, &[]),
            "who": who,
            "when": decision.as_ref().map(|case| at_said(req, case.made_at)),
        })
    });
    let rules = shelf.rules.iter().map(|rule| {
        json!({
            "id": rule.id,
            "text": words(req, &format!("farm-rule-{}", rule.kind), &[("said", &rule.said)]),
            "who": name(Some(&rule.made_by)),
            "at": at_said(req, rule.made_at),
        })
    });
    json!({
        "count": shelf.count,
        "rows": shelf.events.iter().map(|event| json!({
            "id": event.id,
            "amount_vnd": event.amount_vnd.vnd(),
            "at": at_said(req, event.booked_at),
            "memo": event.memo,
            "from": event.counter_name,
        })).collect::<Vec<_>>(),
        "dismiss_all": counted(req, "farm-dismiss-all", i64::try_from(shelf.events.len()).unwrap_or(0)),
        "dismissed": dismissed.collect::<Vec<_>>(),
        "dismissed_count": shelf.dismissed_count,
        "rules": rules.collect::<Vec<_>>(),
        "kept": counted(req, "farm-raw-kept", shelf.raw_days),
        "lets_go": money_typed(shelf.lets_go),
        "lets_go_vnd": shelf.lets_go.vnd(),
        "may_set": seller.may(MemberRole::Manager),
    })
}

/// What a person decided, from the word that was kept: `assigned:HT…`, `split:HT…=50000 back=2000`.
pub fn decision(req: &HttpRequest, word: &str) -> String {
    match word.split_once(':') {
        Some(("split", parts)) => {
            let said = parts.split(' ').filter_map(|part| part.split_once('=')).map(|(what, vnd)| {
                let amount = vnd.parse().map_or_else(|_not_a_sum| vnd.to_owned(), |vnd| format!("{} ₫", grouped(vnd)));
                match what {
                    "back" | "waits" => words(req, &format!("farm-decided-{what}"), &[("amount", &amount)]),
                    code => words(req, "farm-decided-part", &[("code", code), ("amount", &amount)]),
                }
            });
            said.collect::<Vec<_>>().join(" · ")
        }
        Some((_, code)) => words(req, "farm-decided-assigned", &[("code", code)]),
        None if ["other_money", "sent_back", "seen", "let_go", "moved"].contains(&word) => {
            words(req, &format!("farm-decided-{word}"), &[])
        }
        None => words(req, "farm-decided-by-itself", &[]),
    }
}
