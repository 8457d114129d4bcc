//! A change that the cooperative proposes, as the buyer's order page shows it: what would be other. Values ready to read; no HTML.

use super::super::lang::lang_of;
use super::words::{money, say};
use crate::domain::money::Money;
use crate::service::proposing::Change;
use crate::service::showing::OrderView;
use crate::view::filters;
use actix_web::HttpRequest;
use serde::Serialize;

/// What would be other.
#[derive(Serialize)]
pub struct ChangeFill {
    id: String,
    rows: Vec<String>,
    back: Option<String>,
    until: String,
    /// It is asked of a weight: the order stands, whatever the answer.
    is_weight: bool,
}

impl ChangeFill {
    pub fn new(req: &HttpRequest, view: &OrderView, change: &Change) -> Self {
        let lang = lang_of(req);
        let mut rows: Vec<String> = change
            .lines
            .iter()
            .map(|(line, quantity)| {
                let said = |quantity: String| format!("{quantity}\u{a0}{}", line.unit);
                let args = [
                    ("name", line.product_name.clone()),
                    ("now", said(quantity.said())),
                    ("before", said(line.quantity.said())),
                ];
                say(req, "answer-proposed-line", &args)
            })
            .collect();
        if let Some((line, base, amount)) = &change.weight {
            let args = [
                ("name", line.product_name.clone()),
                ("weight", base.said(line.base_unit)),
                ("ordered", line.base_quantity.said(line.base_unit)),
                ("amount", money(req, amount.vnd())),
            ];
            rows.push(say(req, "answer-proposed-weight", &args));
        }
        let day = |day| filters::day_said(day, lang, false);
        match (change.proposal.deliver_on, view.delivery.deliver_on) {
            (Some(to), Some(from)) => {
                rows.push(say(req, "answer-proposed-day", &[("day", day(to)), ("before", day(from))]));
            }
            (Some(to), None) => rows.push(say(req, "answer-proposed-day-new", &[("day", day(to))])),
            (None, _) => {}
        }
        let (total, before) = (change.total, view.order.total_vnd);
        if total != before {
            let args = [("total", money(req, total.vnd())), ("before", money(req, before.vnd()))];
            rows.push(say(req, "answer-proposed-total", &args));
        }
        let back = view.balance.prepaid.minus(total).ok().filter(|back| *back > Money::ZERO);
        Self {
            id: change.proposal.id.to_string(),
            rows,
            back: back.map(|back| say(req, "answer-proposed-back", &[("amount", money(req, back.vnd()))])),
            until: filters::at_said(change.proposal.until, lang, false),
            is_weight: change.weight.is_some(),
        }
    }
}
