//! The check of every invariant: ledger, stock, payments, outbox, trace. Reads in chunks; names the first broken row.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::quantity::Base;
use crate::store::verify as checks;

/// Rows one chunk reads.
const CHUNK: i64 = 500;

/// One rule and what was found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Finding {
    pub rule: &'static str,
    pub rows: u64,
    /// The first broken row, in words for an operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

/// Everything that was checked.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Report {
    pub findings: Vec<Finding>,
}

impl Report {
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.broken.is_none())
    }
}

/// Checks every invariant. Safe beside a running market: each chunk is one snapshot, and each rule holds in every snapshot.
pub async fn verify(kit: &Kit) -> Result<Report, ServiceError> {
    let findings = vec![
        journals_balance(kit).await?,
        lots_are_the_sum_of_their_movements(kit).await?,
        held_is_the_sum_of_standing_holds(kit).await?,
        orders_have_what_they_promise(kit).await?,
        booked_events_stand_in_the_ledger(kit).await?,
        bodies_match_their_leaves(kit).await?,
        outbox_payloads_can_be_read(kit).await?,
    ];
    Ok(Report { findings })
}

async fn journals_balance(kit: &Kit) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(checks::list_journals(conn, &from, CHUNK)?)).await?;
        let Some((last, _)) = chunk.last() else { break };
        after.clone_from(last);
        for (journal, amounts) in chunk {
            rows = rows.saturating_add(1);
            let sum = Money::sum(amounts.iter().copied());
            if broken.is_none() && (amounts.is_empty() || sum != Ok(Money::ZERO)) {
                broken = Some(format!("journal {journal} adds up to {sum:?} over {} postings", amounts.len()));
            }
        }
    }
    Ok(Finding { rule: "every journal adds up to nothing", rows, broken })
}

async fn lots_are_the_sum_of_their_movements(kit: &Kit) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(checks::list_lot_sums(conn, &from, CHUNK)?)).await?;
        let Some(last) = chunk.last() else { break };
        after = last.lot.to_string();
        for lot in chunk {
            rows = rows.saturating_add(1);
            if broken.is_none() && (Base::sum(lot.movements.iter().copied()) != Ok(lot.on_hand) || lot.on_hand < Base::ZERO) {
                broken = Some(format!("lot {} has {} on hand, its movements say otherwise", lot.code, lot.on_hand.0));
            }
        }
    }
    Ok(Finding { rule: "a lot's stock is the sum of its movements", rows, broken })
}

async fn held_is_the_sum_of_standing_holds(kit: &Kit) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(checks::list_lot_sums(conn, &from, CHUNK)?)).await?;
        let Some(last) = chunk.last() else { break };
        after = last.lot.to_string();
        for lot in chunk {
            rows = rows.saturating_add(1);
            if broken.is_none() && Base::sum(lot.standing.iter().copied()) != Ok(lot.held) {
                broken = Some(format!("lot {} says {} held, its holds say otherwise", lot.code, lot.held.0));
            }
        }
    }
    Ok(Finding { rule: "what is held is the sum of standing holds", rows, broken })
}

/// An order that somebody will still deliver holds or has taken exactly what its lines ask for; a dead one holds nothing.
async fn orders_have_what_they_promise(kit: &Kit) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    let now = kit.now();
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(checks::list_order_goods(conn, &from, CHUNK)?)).await?;
        let Some(last) = chunk.last() else { break };
        after = last.order.id.to_string();
        for goods in chunk {
            rows = rows.saturating_add(1);
            if broken.is_none() {
                broken = goods.trouble(now).map(|words| format!("order {}: {words}", goods.order.code));
            }
        }
    }
    Ok(Finding { rule: "an order has the goods that it promises", rows, broken })
}

/// Money in: a booked or waiting event stands in the ledger once with its whole amount; an ignored one not at all.
async fn booked_events_stand_in_the_ledger(kit: &Kit) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(checks::list_event_sums(conn, &from, CHUNK)?)).await?;
        let Some(last) = chunk.last() else { break };
        after = last.event.id.to_string();
        for sums in chunk {
            rows = rows.saturating_add(1);
            let bank = sums.postings.iter().filter(|(kind, _)| *kind == LedgerKind::Bank).map(|(_, amount)| *amount);
            let booked = Money::sum(bank).unwrap_or_default();
            if broken.is_none() && booked != sums.expected() {
                broken = Some(format!("bank event {} of {} is booked as {booked}", sums.event.id, sums.event.amount_vnd));
            }
        }
    }
    Ok(Finding { rule: "each movement of money is booked exactly once", rows, broken })
}

async fn bodies_match_their_leaves(kit: &Kit) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(checks::list_sealed(conn, &from, CHUNK)?)).await?;
        let Some((last, _)) = chunk.last() else { break };
        after = last.id.to_string();
        for (event, leaf) in chunk {
            rows = rows.saturating_add(1);
            let erased = event.salt.is_empty() && event.body.is_empty();
            let holds = leaf.is_some_and(|leaf| erased || crate::domain::trace::commitment_holds(&event.body, &event.salt, &leaf));
            if broken.is_none() && !holds {
                broken = Some(format!("trace event {} is not what its log entry says", event.id));
            }
        }
    }
    Ok(Finding { rule: "every trace event is what its log entry says", rows, broken })
}

async fn outbox_payloads_can_be_read(kit: &Kit) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(checks::list_outbox(conn, &from, CHUNK)?)).await?;
        let Some(last) = chunk.last() else { break };
        after = last.id.to_string();
        for work in chunk {
            rows = rows.saturating_add(1);
            if broken.is_none() && serde_json::from_str::<crate::domain::message::Owed>(&work.payload).is_err() {
                broken = Some(format!("outbox row {} cannot be read", work.id));
            }
        }
    }
    Ok(Finding { rule: "all work owed can be read", rows, broken })
}
