//! The clock of an answer: asks the cooperative's people in turn, then those who can still reach them, and declines when promise and
//! grace are over. Due and not done, each stage once, whoever runs it; nothing happens outside the cooperative's hours.

use super::answer_link::{Dead, SEALED, make_link, why_dead};
use super::answering::{decline, lapsed_key, open_link};
use super::bench::{Bench, lock_any, lock_bench};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::{By, hours_of};
use super::pausing::clock_stands_until;
use super::responsible::{list_helpers, list_responsible};
use super::telling::{To, owe_words};
use super::who::Seller;
use super::windows;
use crate::domain::answer::{Stage, Timetable};
use crate::domain::id::{ActLinkId, OrderId};
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, OrderState};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::account::Account;
use crate::store::{self, Conn};
use crate::view::filters;
use std::collections::BTreeMap;

/// Orders that one round looks at, so that each write stays short.
const ROUND: i64 = 50;

/// Does what is due for orders that wait for an answer. Answers how many were moved on; more may wait. One that cannot be is told to
/// the log and does not stand in the way of the others.
pub async fn ask_for_answers(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    let due = kit.db.read(move |conn| Ok::<_, ServiceError>(store::answer::list_due(conn, now, ROUND)?)).await?;
    let mut done: usize = 0;
    for order in due {
        match ask_for_answer(kit, &order).await {
            Ok(moved) => done = done.saturating_add(usize::from(moved)),
            Err(error) => tracing::error!(%order, %error, "an order's answer could not be asked for"),
        }
    }
    Ok(done)
}

/// Does what is due for one order that waits for an answer. Answers whether anything was.
pub async fn ask_for_answer(kit: &Kit, id: &OrderId) -> Result<bool, ServiceError> {
    let (draw, id, views) = (Draw::new(kit), id.clone(), kit.views.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_any(conn, &run, &id)?;
            let is_due = bench.order.answer_due_at.is_some_and(|due| due <= run.now);
            if bench.order.state != OrderState::Placed || !is_due {
                return Ok(false);
            }
            // In a storm nobody is asked and nothing is declined.
            if let Some(until) = clock_stands_until(conn, &bench.cooperative, run.now)? {
                store::answer::put_stage(conn, &id, bench.order.answer_stage, Some(until))?;
                return Ok(true);
            }
            let hours = hours_of(&bench.cooperative);
            if !hours.is_open(run.now) {
                let opens = hours.after(run.now, 0);
                store::answer::put_stage(conn, &id, bench.order.answer_stage, Some(opens))?;
                return Ok(true);
            }
            let why = match next_step(conn, &run, &bench)? {
                Step::Ask(stage, next) => {
                    if stage.number() > bench.order.answer_stage {
                        ask(conn, &run, &bench, stage)?;
                    }
                    store::answer::put_stage(conn, &id, stage.number(), next)?;
                    return Ok(true);
                }
                Step::Wait(until) => {
                    store::answer::put_stage(conn, &id, bench.order.answer_stage, Some(until))?;
                    return Ok(true);
                }
                Step::End(why) => why,
            };
            let purchase = store::purchase::get(conn, &bench.order.purchase_id)?;
            let reason = views.say(purchase.language.parse().unwrap_or(Lang::Vi), why);
            let clock = By { kind: ActorKind::Clock, account: None };
            decline(conn, &run, &mut bench, clock, &reason)?;
            Ok(true)
        })
        .await
}

/// What is due.
enum Step {
    Ask(Stage, Option<At>),
    /// Nothing yet.
    Wait(At),
    /// Nobody answered: declined, for this reason.
    End(&'static str),
}

fn next_step(conn: &mut Conn, run: &Run, bench: &Bench) -> Result<Step, ServiceError> {
    // The cooperative has answered with a proposal: what is due is the buyer's silence.
    if let Some(proposal) = store::proposal::find_open(conn, &bench.order.id)? {
        return Ok(match lapsed_key(&proposal, run.now) {
            Some(why) => Step::End(why),
            None => Step::Wait(proposal.until),
        });
    }
    let table = timetable(conn, run.now)?;
    let from = asked_from(conn, bench)?;
    if from > run.now {
        return Ok(Step::Wait(hours_of(&bench.cooperative).after(from, 0)));
    }
    Ok(match table.newest(from, run.now, hours_of(&bench.cooperative)) {
        Some((Stage::Over, _)) => Step::End("answer-reason-late"),
        Some((stage, next)) => Step::Ask(stage, next),
        // A clock that jumped back: a minute is soon enough.
        None => Step::Wait(run.now.plus_minutes(1)),
    })
}

/// The market's rule for today.
pub(super) fn timetable(conn: &mut Conn, now: At) -> Result<Timetable, ServiceError> {
    let default = Timetable::default();
    let mut read = |name: &str, else_: i64| -> Result<i64, ServiceError> {
        Ok(store::setting::find_number(conn, name, now.day())?.unwrap_or(else_))
    };
    Ok(Timetable {
        again_permille: read("answer_again_permille", default.again_permille)?,
        next_permille: read("answer_next_permille", default.next_permille)?,
        call_permille: read("answer_call_permille", default.call_permille)?,
        help_permille: read("answer_help_permille", default.help_permille)?,
        grace_min: read("answer_grace_min", default.grace_min)?,
    })
}

/// Since when an answer is awaited: since the order stands, and what was ordered before its harvest since that is over.
fn asked_from(conn: &mut Conn, bench: &Bench) -> Result<At, ServiceError> {
    let placed = bench.order.placed_at.unwrap_or(bench.order.made_at);
    Ok(windows::answered_from(conn, &bench.order.id)?.map_or(placed, |from| from.max(placed)))
}

/// Until when a link made now may answer: as long as the clock waits, and a day for those whose clock stands still.
pub(super) fn link_until(conn: &mut Conn, bench: &Bench, now: At) -> Result<At, ServiceError> {
    let from = asked_from(conn, bench)?;
    let over = timetable(conn, now)?.begins(Stage::Over, from, hours_of(&bench.cooperative));
    Ok(if over > now { over } else { now.plus_minutes(24 * 60) })
}

/// Owes the words of a stage; those of the stages before it, if nobody has passed them on, are no longer needed.
fn ask(conn: &mut Conn, run: &Run, bench: &Bench, stage: Stage) -> Result<(), ServiceError> {
    store::answer::drop_asking_words(conn, &bench.order.id, run.now)?;
    let people = list_responsible(conn, &bench.order.cooperative_id)?;
    let (first, others) = match people.split_first() {
        Some((first, others)) => (Some(first), others),
        None => (None, [].as_slice()),
    };
    match (stage, first) {
        (Stage::Asked | Stage::Again, Some(first)) => ask_person(conn, run, bench, first, stage),
        (Stage::Next, Some(first)) => {
            let asked = if others.is_empty() { std::slice::from_ref(first) } else { others };
            asked.iter().try_for_each(|person| ask_person(conn, run, bench, person, stage))
        }
        // Whoever opens the cooperative's list calls the person responsible.
        (Stage::CallList, Some(first)) => {
            let to = To { phone: first.phone.as_text(), name: &first.name, ..list_of(bench) };
            ask_to_call(conn, run, bench, &To { cooperative: Some(&bench.order.cooperative_id), ..to })
        }
        (Stage::Help, _) => {
            for helper in list_helpers(conn, &bench.cooperative.commune_code, run.now)? {
                let to = To {
                    account: Some(&helper.id),
                    name: &helper.name,
                    phone: helper.phone.as_text(),
                    email: helper.email.as_deref(),
                    language: helper.language.as_text(),
                    ..list_of(bench)
                };
                ask_to_call(conn, run, bench, &to)?;
            }
            ask_to_call(conn, run, bench, &list_of(bench))
        }
        // Nobody answers for it: the market's own list is left.
        (_, None) => ask_to_call(conn, run, bench, &list_of(bench)),
        (Stage::Over, Some(_)) => Ok(()),
    }
}

/// The cooperative itself, in the operator's list.
fn list_of(bench: &Bench) -> To<'_> {
    To {
        cooperative: None,
        order: Some(&bench.order.id),
        account: None,
        name: &bench.cooperative.name,
        phone: &bench.cooperative.phone,
        email: bench.cooperative.email.as_deref(),
        language: "vi",
    }
}

fn args_of(bench: &Bench, lang: Lang) -> BTreeMap<&'static str, String> {
    let by = bench.order.confirm_by.map(|at| filters::at_said(at, lang, false)).unwrap_or_default();
    BTreeMap::from([
        ("code", bench.order.code.to_string()),
        ("total", bench.order.total_vnd.to_string()),
        ("who", bench.cooperative.name.clone()),
        ("phone", filters::phone(&bench.cooperative.phone)),
        ("by", by),
    ])
}

/// Words with a link, to a person who answers for the cooperative; the card stands in the cooperative's own list.
pub(super) fn ask_person(
    conn: &mut Conn,
    run: &Run,
    bench: &Bench,
    person: &Account,
    stage: Stage,
) -> Result<(), ServiceError> {
    let until = link_until(conn, bench, run.now)?;
    let sealed = make_link(conn, run, &bench.order, &person.id, until)?;
    let to = To {
        cooperative: Some(&bench.order.cooperative_id),
        order: Some(&bench.order.id),
        account: Some(&person.id),
        name: &person.name,
        phone: person.phone.as_text(),
        // Somebody without an address of their own reads the cooperative's.
        email: person.email.as_deref().or(bench.cooperative.email.as_deref()),
        language: person.language.as_text(),
    };
    let mut args = args_of(bench, person.language);
    args.extend([("stage", stage.to_string()), (SEALED, sealed)]);
    owe_words(conn, run, &to, MessageKind::OrderToConfirm, &args)?;
    Ok(())
}

fn ask_to_call(conn: &mut Conn, run: &Run, bench: &Bench, to: &To<'_>) -> Result<(), ServiceError> {
    let mut args = args_of(bench, to.language.parse().unwrap_or(Lang::Vi));
    let stage = if to.cooperative.is_some() { Stage::CallList } else { Stage::Help };
    args.insert("stage", stage.to_string());
    owe_words(conn, run, to, MessageKind::OrderUnanswered, &args)?;
    Ok(())
}

/// A link whose time is up: its person gets another, by the same way as the first. Once for each.
pub async fn ask_new_link(kit: &Kit, id: &ActLinkId, token: &str) -> Result<(), ServiceError> {
    let (draw, id, token) = (Draw::new(kit), id.clone(), token.to_owned());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (link, bench) = open_link(conn, &run, &id, &token)?;
            let is_late = why_dead(conn, &link, &bench.order, run.now)? == Some(Dead::Late);
            let is_asked = store::proposal::find_open(conn, &bench.order.id)?.is_some();
            if !is_late || is_asked || !store::answer::mark_link_used(conn, &id, run.now)? {
                return Err(ServiceError::changed(Refusal::new("refusal-answer-link-dead")));
            }
            let person = store::account::get(conn, &link.account_id)?;
            ask_person(conn, &run, &bench, &person, Stage::Again)
        })
        .await
}

/// Somebody of the cooperative has the person responsible asked now, whatever the hour: the words with a new link stand in its list.
pub async fn send_link(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let bench = lock_bench(conn, &run, &seller, &id)?;
            if bench.order.state != OrderState::Placed {
                return Err(ServiceError::changed(
                    Refusal::new("refusal-proposal-state").with("code", &bench.order.code),
                ));
            }
            let person = list_responsible(conn, &seller.cooperative)?.into_iter().next();
            let person = person.ok_or_else(|| ServiceError::refused(Refusal::new("refusal-nobody-answers")))?;
            store::answer::drop_asking_words(conn, &id, run.now)?;
            ask_person(conn, &run, &bench, &person, Stage::Again)
        })
        .await
}
