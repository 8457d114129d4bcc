//! One step of a claim, whoever takes it: the order locked, the claim as it stands now, the rule, the history, the clock of the state
//! that begins, and who is told. Knows no form and no page.

use super::draw::Run;
use super::error::ServiceError;
use super::moving::{By, hours_of};
use super::responsible::list_responsible;
use super::telling::{To, owe_words, tell_buyer};
use super::vouchers;
use crate::domain::claim::{Charged, ClaimEvent, ClaimState, MOST_WORDS, Times};
use crate::domain::id::{ClaimId, ClaimStepId, CooperativeId, JournalId, OrderId};
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::domain::time::At;
use crate::store::claim::{Claim, ClaimStep};
use crate::store::cooperative::Cooperative;
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};
use crate::view::filters;
use std::collections::BTreeMap;

/// A claim under somebody's hands; its order is locked.
pub(super) struct Hand {
    pub order: Order,
    pub line: OrderLine,
    pub claim: Claim,
    pub cooperative: Cooperative,
}

/// What somebody does with a claim.
#[derive(Debug, Clone)]
pub(super) struct Act<'a> {
    pub event: ClaimEvent,
    pub by: By<'a>,
    pub words: &'a str,
    pub amount: Option<Money>,
    pub journal: Option<JournalId>,
}

/// Locks the order of a claim and reads the claim under that lock.
pub(super) fn take(conn: &mut Conn, id: &ClaimId) -> Result<Hand, ServiceError> {
    let order = store::claim::get(conn, id)?.order_id;
    let order = store::order::lock(conn, &order)?;
    let claim = store::claim::get(conn, id)?;
    let lines = store::order::list_lines(conn, std::slice::from_ref(&order.id))?;
    let line = lines.into_iter().find(|line| line.id == claim.order_line_id).ok_or(ServiceError::NotFound)?;
    let cooperative = store::cooperative::get(conn, &order.cooperative_id)?;
    Ok(Hand { order, line, claim, cooperative })
}

/// The same of one order; another order's claim is not there.
pub(super) fn take_of_order(conn: &mut Conn, order: &OrderId, id: &ClaimId) -> Result<Hand, ServiceError> {
    let hand = take(conn, id)?;
    if hand.order.id == *order { Ok(hand) } else { Err(ServiceError::NotFound) }
}

/// The same of one cooperative; another's claim is not there.
pub(super) fn take_own(conn: &mut Conn, cooperative: &CooperativeId, id: &ClaimId) -> Result<Hand, ServiceError> {
    store::claim::get_own(conn, cooperative, id)?;
    take(conn, id)
}

/// What somebody writes about a claim; `must` they.
pub(super) fn read_words(said: &str, must: bool, field: &str) -> Result<String, ServiceError> {
    let too_long =
        |_| ServiceError::refused(Refusal::new("refusal-claim-words-long").with("most", MOST_WORDS).about(field));
    let words = clean::lines(said, MOST_WORDS).map_err(too_long)?;
    if must && words.is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-claim-words").about(field)));
    }
    Ok(words)
}

/// Whether the very act was done already: a second press. Refused when the claim is no longer what the page showed.
pub(super) fn is_done(conn: &mut Conn, hand: &Hand, seen: ClaimState, act: &Act<'_>) -> Result<bool, ServiceError> {
    if hand.claim.state == seen {
        return Ok(false);
    }
    let last = store::claim::list_steps(conn, std::slice::from_ref(&hand.claim.id))?.pop();
    let same = last.is_some_and(|step| {
        step.event == act.event
            && step.by_kind == act.by.kind
            && step.by_account_id.as_ref() == act.by.account
            && step.amount_vnd == act.amount
            && step.words == act.words
    });
    if same {
        Ok(true)
    } else {
        Err(ServiceError::changed(Refusal::new("refusal-claim-moved").with("state", hand.claim.state)))
    }
}

/// Takes one step by its rule, with its history and the clock of the state that begins.
pub(super) fn step(conn: &mut Conn, run: &Run, hand: &mut Hand, act: &Act<'_>) -> Result<(), ServiceError> {
    let (from, claim) = (hand.claim.state, &mut hand.claim);
    let to = from.after(act.event).map_err(ServiceError::changed)?;
    if to != from {
        let due_at = times(conn, run.now)?.first(to, run.now, hours_of(&hand.cooperative));
        (claim.state, claim.waits_since, claim.stage, claim.due_at) = (to, run.now, 0, due_at);
        claim.ended_at = (!to.is_under_way()).then_some(run.now);
    }
    if act.event == ClaimEvent::Accepted {
        claim.accepted_vnd = claim.accepted_vnd.plus(act.amount.unwrap_or_default())?;
    }
    if !store::claim::mark_state(conn, claim, from)? {
        return Err(ServiceError::changed(Refusal::new("refusal-claim-moved").with("state", from)));
    }
    note(conn, run, claim, act)?;
    if to != from {
        store::claim::drop_asking_words(conn, claim, run.now)?;
    }
    Ok(store::change::insert(conn, "order", hand.order.id.as_text(), run.now)?)
}

/// A row of history.
pub(super) fn note(conn: &mut Conn, run: &Run, claim: &Claim, act: &Act<'_>) -> Result<(), ServiceError> {
    let row = ClaimStep {
        id: ClaimStepId::new(run.now, run.ten_in_order()),
        claim_id: claim.id.clone(),
        cooperative_id: claim.cooperative_id.clone(),
        event: act.event,
        by_kind: act.by.kind,
        by_account_id: act.by.account.cloned(),
        words: act.words.to_owned(),
        amount_vnd: act.amount,
        journal_id: act.journal.clone(),
        at: run.now,
    };
    Ok(store::claim::insert_step(conn, &row)?)
}

/// What claims have given back for a line.
pub(super) fn given_for(conn: &mut Conn, line: &OrderLine) -> Result<Money, ServiceError> {
    let claims = store::claim::list_of_order(conn, &line.order_id)?;
    let on_it = claims.iter().filter(|claim| claim.order_line_id == line.id);
    Ok(Money::sum(on_it.map(|claim| claim.accepted_vnd))?)
}

/// What the claim's line was charged and what of it has gone back already, by all claims on it. Never more than the order's goods still
/// cost: a small difference may have been let go.
pub(super) fn charged(conn: &mut Conn, order: &Order, line: &OrderLine) -> Result<Charged, ServiceError> {
    // What a code took off the order it took off this line too.
    let amount = vouchers::share_of(conn, &order.id, line.weighed_vnd.unwrap_or(line.line_vnd))?;
    let given = given_for(conn, line)?;
    let base = line.weighed_base.unwrap_or(line.base_quantity);
    let left = amount.minus(given)?.min(order.goods_vnd).max(Money::ZERO);
    Ok(Charged { amount, base, given: amount.minus(left)? })
}

/// The market's times for today.
pub(super) fn times(conn: &mut Conn, now: At) -> Result<Times, ServiceError> {
    let default = Times::default();
    Ok(Times {
        answer_min: setting(conn, "claim_answer_min", now, default.answer_min)?,
        again_permille: setting(conn, "claim_again_permille", now, default.again_permille)?,
        photo_h: setting(conn, "claim_photo_h", now, default.photo_h)?,
        settle_h: setting(conn, "claim_settle_h", now, default.settle_h)?,
    })
}

/// A number of the market's rules on the day of an instant.
pub(super) fn setting(conn: &mut Conn, name: &str, at: At, or: i64) -> Result<i64, ServiceError> {
    Ok(store::setting::find_number(conn, name, at.day())?.unwrap_or(or))
}

/// Tells the buyer what was done.
pub(super) fn tell_the_buyer(
    conn: &mut Conn,
    run: &Run,
    hand: &Hand,
    event: ClaimEvent,
    words: &str,
    amount: Money,
) -> Result<(), ServiceError> {
    let more = [
        ("step", event.to_string()),
        ("who", hand.line.product_name.clone()),
        ("reason", words.to_owned()),
        ("total", amount.to_string()),
    ];
    tell_buyer(conn, run, &hand.order, MessageKind::ClaimAnswered, &more)
}

/// Tells those who answer for the cooperative, one or all of them; when there is nobody, it stands in the market's own list.
pub(super) fn tell_the_cooperative(
    conn: &mut Conn,
    run: &Run,
    hand: &Hand,
    stage: &str,
    everybody: bool,
) -> Result<(), ServiceError> {
    let people = list_responsible(conn, &hand.cooperative.id)?;
    let asked = people.iter().take(if everybody { people.len() } else { 1 });
    let by = times(conn, run.now)?.answer_by(hand.claim.waits_since, hours_of(&hand.cooperative));
    let args = |lang: Lang| {
        BTreeMap::from([
            ("code", hand.order.code.to_string()),
            ("who", hand.line.product_name.clone()),
            ("stage", stage.to_owned()),
            ("by", filters::at_said(by, lang, false)),
            ("url", format!("{}/ban-hang/bao-hang/{}", run.house.base_url, hand.claim.id)),
        ])
    };
    let own = To {
        cooperative: Some(&hand.cooperative.id),
        order: Some(&hand.order.id),
        account: None,
        name: &hand.cooperative.name,
        phone: &hand.cooperative.phone,
        email: hand.cooperative.email.as_deref(),
        language: "vi",
    };
    if people.is_empty() {
        owe_words(conn, run, &To { cooperative: None, ..own }, MessageKind::ClaimMade, &args(Lang::Vi))?;
    }
    for person in asked {
        let to = To {
            account: Some(&person.id),
            name: &person.name,
            phone: person.phone.as_text(),
            email: person.email.as_deref().or(hand.cooperative.email.as_deref()),
            language: person.language.as_text(),
            ..own.clone()
        };
        owe_words(conn, run, &to, MessageKind::ClaimMade, &args(person.language))?;
    }
    Ok(())
}
