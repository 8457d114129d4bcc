//! Claims beside the ledger: what was said to be given back is what the entries gave back, and never more than a line was charged.

use super::{Checked, grouped};
use crate::domain::claim::{ClaimEvent, ClaimState};
use crate::domain::id::{ClaimId, JournalId, OrderId};
use crate::domain::ledger::{JournalKind, LedgerKind};
use crate::domain::money::Money;
use crate::store::claim::{Claim, ClaimStep, list_steps};
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::order::{Order, OrderLine, list_lines, list_of};
use crate::store::schema::{claim, journal, posting};
use diesel::prelude::*;

/// A claim beside its steps, their entries, and the line and order that it is about.
#[derive(Debug, Clone)]
pub struct ClaimSums {
    pub claim: Claim,
    pub steps: Vec<ClaimStep>,
    /// What entries that its steps name took from revenue.
    pub entries: Vec<(JournalId, Option<OrderId>, JournalKind, Money)>,
    pub line: Option<OrderLine>,
    pub order: Option<Order>,
    /// What all claims on its line gave back.
    pub given_for_line: Money,
    /// What stands on revenue for its order; a credit is negative.
    pub revenue: Money,
}

impl Checked for ClaimSums {
    fn key(&self) -> String {
        self.claim.id.to_string()
    }
}

impl ClaimSums {
    pub fn trouble(&self) -> Option<String> {
        let Self { claim, line, order, .. } = self;
        let accepting = || self.steps.iter().filter(|step| step.event == ClaimEvent::Accepted);
        let said = Money::sum(accepting().filter_map(|step| step.amount_vnd)).unwrap_or_default();
        let booked = |step: &ClaimStep| {
            self.entries.iter().any(|(id, of, kind, amount)| {
                step.journal_id.as_ref() == Some(id)
                    && of.as_ref() == Some(&claim.order_id)
                    && *kind == JournalKind::Correction
                    && Some(*amount) == step.amount_vnd
            })
        };
        let charged = line.as_ref().map(|line| line.weighed_vnd.unwrap_or(line.line_vnd)).unwrap_or_default();
        let is_handed_over = order.as_ref().is_some_and(|order| order.state.is_handed_over());
        let costs = order.as_ref().map(|order| order.goods_vnd).unwrap_or_default();
        let words = if said != claim.accepted_vnd {
            format!("says {} given back, its steps {said}", claim.accepted_vnd)
        } else if let Some(step) = accepting().find(|step| !booked(step)) {
            format!("gave back {:?} without an entry of it", step.amount_vnd)
        } else if self.given_for_line > charged {
            format!("is of a line charged {charged}, for which {} was given back", self.given_for_line)
        } else if is_handed_over && self.revenue.negated() != Ok(costs) {
            format!("is of an order that costs {costs} and stands in revenue as {}", self.revenue)
        } else if (claim.state == ClaimState::Closed) != claim.ended_at.is_some() {
            format!("is {} and has ended at {:?}", claim.state, claim.ended_at)
        } else {
            return None;
        };
        Some(format!("claim {} {words}", claim.id))
    }
}

pub fn list_claim_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<ClaimSums>> {
    let claims: Vec<Claim> =
        claim::table.filter(claim::id.gt(after)).order(claim::id).limit(most).select(Claim::as_select()).load(conn)?;
    let ids: Vec<ClaimId> = claims.iter().map(|row| row.id.clone()).collect();
    let all_steps = list_steps(conn, &ids)?;
    let journals: Vec<JournalId> = all_steps.iter().filter_map(|step| step.journal_id.clone()).collect();
    let entries: Vec<(JournalId, Option<OrderId>, JournalKind, Money)> = posting::table
        .inner_join(journal::table)
        .filter(posting::journal_id.eq_any(&journals))
        .filter(posting::kind.eq(LedgerKind::Revenue))
        .select((journal::id, journal::order_id, journal::kind, posting::amount_vnd))
        .load(conn)?;
    let mut steps = grouped(all_steps.into_iter().map(|step| (step.claim_id.clone(), step)).collect());
    let order_ids: Vec<OrderId> = claims.iter().map(|row| row.order_id.clone()).collect();
    let (orders, lines) = (list_of(conn, &order_ids)?, list_lines(conn, &order_ids)?);
    let revenues: Vec<(Option<OrderId>, Money)> = posting::table
        .filter(posting::order_id.eq_any(&order_ids))
        .filter(posting::kind.eq(LedgerKind::Revenue))
        .select((posting::order_id, posting::amount_vnd))
        .load(conn)?;
    let line_ids: Vec<_> = claims.iter().map(|row| row.order_line_id.clone()).collect();
    let given: Vec<(crate::domain::id::OrderLineId, Money)> = claim::table
        .filter(claim::order_line_id.eq_any(&line_ids))
        .select((claim::order_line_id, claim::accepted_vnd))
        .load(conn)?;
    let sum = |amounts: &mut dyn Iterator<Item = Money>| Money::sum(amounts).unwrap_or_default();
    let row = |row: Claim| {
        let steps = steps.remove(&row.id).unwrap_or_default();
        ClaimSums {
            entries: entries
                .iter()
                .filter(|entry| steps.iter().any(|step| step.journal_id.as_ref() == Some(&entry.0)))
                .cloned()
                .collect(),
            line: lines.iter().find(|line| line.id == row.order_line_id).cloned(),
            order: orders.iter().find(|order| order.id == row.order_id).cloned(),
            given_for_line: sum(&mut given.iter().filter(|one| one.0 == row.order_line_id).map(|one| one.1)),
            revenue: sum(&mut revenues.iter().filter(|one| one.0.as_ref() == Some(&row.order_id)).map(|one| one.1)),
            steps,
            claim: row,
        }
    };
    Ok(claims.into_iter().map(row).collect())
}
