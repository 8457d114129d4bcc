//! The states of an order in the words a shopper reads, and its way so far as steps. Knows no HTML.

use super::super::lang::lang_of;
use super::super::site::Site;
use crate::domain::order::{FulfilmentKind, OrderEvent, OrderState, PaymentKind};
use crate::domain::payment::ProofGrade;
use crate::domain::quantity::Base;
use crate::domain::settlement::Settlement;
use crate::domain::time::At;
use crate::service::moving::hours_of;
use crate::service::showing::OrderView;
use crate::view::filters;
use crate::view::texts::Args;
use actix_web::HttpRequest;
use serde::Serialize;

/// A text with arguments in the reader's language.
pub fn say(req: &HttpRequest, key: &str, pairs: &[(&'static str, String)]) -> String {
    let mut args = Args::new();
    for (name, value) in pairs {
        args.set(*name, value.as_str());
    }
    Site::of(req).map_or_else(|_| key.to_owned(), |site| site.kit.views.say_with(lang_of(req), key, &args))
}

/// An amount as the reader writes it.
pub fn money(req: &HttpRequest, vnd: i64) -> String {
    filters::money(vnd, lang_of(req))
}

/// The head of an order's page.
#[derive(Debug, Clone, Serialize)]
pub struct Headline {
    pub title: String,
    pub kind: &'static str,
    pub icon: &'static str,
    /// What comes next, or what to do.
    pub note: String,
}

/// Whether the goods are no longer held, though no clock has said so yet.
pub fn has_run_out(view: &OrderView, now: At) -> bool {
    view.order.state == OrderState::Expired
        || (view.order.state == OrderState::AwaitingPayment && view.order.expires_at.is_some_and(|end| end <= now))
}

/// The order's state as the glossary says it to shoppers.
pub fn headline(req: &HttpRequest, view: &OrderView, now: At) -> Headline {
    let day = view.delivery.deliver_on.map(|day| filters::day_said(day, lang_of(req), false));
    let plain = |key: &str| say(req, key, &[]);
    let (title, kind, icon, note) = match view.order.state {
        // Late money, and the goods were gone: what to choose stands below.
        OrderState::Expired if view.order.short_stock => match view.settlement {
            Settlement::RefundDue => (plain("buy-state-short"), "bad", "warning", plain("buy-note-short-choose")),
            _ => (plain("buy-state-short"), "calm", "check", String::new()),
        },
        OrderState::AwaitingPayment | OrderState::Expired if has_run_out(view, now) => {
            (plain("buy-state-expired"), "calm", "clock", plain("buy-note-expired"))
        }
        // The cooperative has said yes already, hours may be left: the end, not the minutes.
        OrderState::AwaitingPayment if view.order.placed_at.is_some() && view.settlement != Settlement::Partial => {
            let at = view.order.expires_at.map(|end| filters::at_said(end, lang_of(req), false)).unwrap_or_default();
            (say(req, "answer-pay-until", &[("at", at)]), "wait", "money", plain("buy-note-awaiting"))
        }
        OrderState::AwaitingPayment | OrderState::Expired => {
            (awaiting(req, view, now), "wait", "clock", plain("buy-note-awaiting"))
        }
        OrderState::Placed if view.order.short_stock => {
            (plain("buy-state-short"), "bad", "warning", plain("buy-note-short"))
        }
        OrderState::Placed if view.waits_for.is_some() => waiting_for_harvest(req, view),
        OrderState::Placed if view.order.payment == PaymentKind::VietQr && view.settlement != Settlement::Unpaid => {
            (plain("buy-state-paid"), "good", "money", answer_by(req, view, now))
        }
        OrderState::Placed if view.order.waits_for_yes() => {
            let note = format!("{} {}", plain("answer-first-note"), answer_by(req, view, now));
            (plain("buy-state-placed"), "wait", "clock", note)
        }
        OrderState::Placed => (plain("buy-state-placed"), "wait", "clock", answer_by(req, view, now)),
        OrderState::Confirmed => match (&day, view.delivery.kind) {
            (Some(day), FulfilmentKind::Pickup) => {
                (say(req, "buy-state-confirmed-pickup", &[("day", day.clone())]), "good", "check", String::new())
            }
            (Some(day), _) => (
                say(req, "buy-state-confirmed-day", &[("day", day.clone())]),
                "good",
                "check",
                plain("buy-note-confirmed"),
            ),
            (None, _) => (plain("buy-state-confirmed"), "good", "check", String::new()),
        },
        OrderState::Packed => (packed(req, view), "good", "box", String::new()),
        OrderState::OnTheWay => (plain("buy-state-on_the_way"), "calm", "truck", plain("buy-note-on_the_way")),
        OrderState::Delivered => (plain("buy-state-delivered"), "good", "check", plain("buy-note-delivered")),
        OrderState::Closed => (plain("buy-state-closed"), "good", "check", String::new()),
        OrderState::Cancelled => (plain("buy-state-cancelled"), "calm", "close", String::new()),
        OrderState::Declined => {
            let reason = view.order.reason.clone().unwrap_or_default();
            (say(req, "buy-state-declined", &[("reason", reason)]), "bad", "close", String::new())
        }
    };
    Headline { title, kind, icon, note }
}

/// «Đã đặt trước. Hái thứ Bảy 28/11»: nobody has to answer before the harvest.
fn waiting_for_harvest(req: &HttpRequest, view: &OrderView) -> (String, &'static str, &'static str, String) {
    let day = view.waits_for.map(|day| filters::day_said(day, lang_of(req), false)).unwrap_or_default();
    let note = match view.order.deposit_vnd.is_positive() {
        true => "window-waits-deposit",
        false if view.order.waits_for_yes() => "window-waits-unpaid",
        false => "window-waits-note",
    };
    (say(req, "window-waits", &[("day", day)]), "wait", "calendar", say(req, note, &[]))
}

fn awaiting(req: &HttpRequest, view: &OrderView, now: At) -> String {
    if view.settlement == Settlement::Partial {
        let args = [("came", money(req, view.balance.received.vnd())), ("missing", money(req, view.due.vnd()))];
        return say(req, "buy-state-partial", &args);
    }
    let left_s = view.order.expires_at.map_or(0, |end| end.seconds_since(now));
    let minutes = left_s.saturating_add(59).div_euclid(60).max(0);
    say(req, "buy-state-awaiting", &[("minutes", minutes.to_string())])
}

/// Until when an answer is promised; and when the cooperative opens again, while it is closed.
fn answer_by(req: &HttpRequest, view: &OrderView, now: At) -> String {
    let Some(by) = view.order.confirm_by else { return String::new() };
    let (lang, hours) = (lang_of(req), hours_of(&view.cooperative));
    let by = filters::at_said(by, lang, false);
    if hours.is_open(now) {
        return say(req, "buy-note-answer-by", &[("at", by)]);
    }
    let opens = filters::at_said(hours.after(now, 0), lang, false);
    say(req, "answer-note-closed", &[("opens", opens), ("at", by)])
}

fn packed(req: &HttpRequest, view: &OrderView) -> String {
    let weighed = view.lines.iter().filter_map(|line| line.line.weighed_base.map(|base| (base, line.line.base_unit)));
    let grams: Option<Base> = {
        let all: Vec<(Base, _)> = weighed.collect();
        let is_weight = !all.is_empty() && all.iter().all(|(_, unit)| unit.as_text() == "g");
        is_weight.then(|| Base::sum(all.into_iter().map(|(base, _)| base)).ok()).flatten()
    };
    match grams.and_then(|base| filters::base_quantity(base.0, "g", lang_of(req)).ok()) {
        Some(weight) => say(req, "buy-state-packed-weight", &[("weight", weight)]),
        None => say(req, "buy-state-packed", &[]),
    }
}

/// How well the money is proven: a bank's word and a person's look and read differently.
#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    pub text: String,
    pub is_bank: bool,
}

pub fn proof(req: &HttpRequest, view: &OrderView) -> Option<Proof> {
    let grade = view.proof()?;
    let (key, is_bank) = match grade {
        ProofGrade::BankMessage => ("buy-proof-bank", true),
        ProofGrade::Statement => ("buy-proof-statement", true),
        ProofGrade::ByHand => ("buy-proof-by-hand", false),
    };
    Some(Proof { text: say(req, key, &[]), is_bank })
}

/// One step as `ui.steps` shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub title: String,
    pub when: Option<String>,
    pub note: Option<String>,
    pub state: &'static str,
}

/// What has happened, and what is still to come.
pub fn steps(req: &HttpRequest, view: &OrderView) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut seen = Vec::new();
    for moved in &view.moves {
        use OrderEvent::{Cancelled, Declined, Expired, Returned};
        let stopped = matches!(moved.event, Expired | Cancelled | Declined | Returned);
        seen.push(moved.event);
        steps.push(Step {
            title: say(req, &format!("buy-step-{}", moved.event), &[]),
            when: Some(filters::at_said(moved.at, lang_of(req), false)),
            note: match moved.event {
                OrderEvent::Paid => proof(req, view).map(|proof| proof.text),
                _ => moved.reason.clone().filter(|reason| !reason.is_empty()),
            },
            state: if stopped { "stopped" } else { "done" },
        });
    }
    if view.order.state.is_dead() {
        return steps;
    }
    let (asks_first, is_agreed) = (view.order.waits_for_yes(), seen.contains(&OrderEvent::Agreed));
    let to_come = [
        OrderEvent::Agreed,
        OrderEvent::Paid,
        OrderEvent::Confirmed,
        OrderEvent::Packed,
        OrderEvent::Sent,
        OrderEvent::Delivered,
    ];
    let mut is_first = true;
    for event in to_come {
        let skipped = match event {
            OrderEvent::Agreed => !asks_first,
            OrderEvent::Confirmed => asks_first || is_agreed,
            OrderEvent::Paid => {
                let is_to_pay = asks_first || view.order.state == OrderState::AwaitingPayment;
                (view.order.payment == PaymentKind::Cod && !view.order.asks_deposit()) || !is_to_pay
            }
            OrderEvent::Sent => view.delivery.kind == FulfilmentKind::Pickup || view.order.state.is_handed_over(),
            _ => false,
        };
        if skipped || seen.contains(&event) {
            continue;
        }
        let state = if is_first { "now" } else { "todo" };
        is_first = false;
        steps.push(Step { title: say(req, &format!("buy-todo-{event}"), &[]), when: None, note: None, state });
    }
    steps
}
