//! The check of every invariant: ledger, stock, payments, outbox, trace. Reads in chunks; names the first broken row of each rule.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::quantity::Base;
use crate::domain::trace::commitment_holds;
use crate::store::verify::{self as checks, Checked};
use crate::store::{Conn, StoreResult};

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

    /// The first broken row of every broken rule.
    pub fn broken(&self) -> Vec<String> {
        self.findings
            .iter()
            .filter_map(|finding| finding.broken.as_ref().map(|row| format!("{}: {row}", finding.rule)))
            .collect()
    }
}

/// Checks every invariant. Safe beside a running market: each chunk is one snapshot, and each rule holds in every snapshot.
pub async fn verify(kit: &Kit) -> Result<Report, ServiceError> {
    let mut findings = vec![
        check(
            kit,
            "every journal adds up to nothing, on accounts of its own cooperative",
            checks::list_journals,
            |_, row| row.trouble(),
        )
        .await?,
        check(kit, "each movement of money is booked exactly once", checks::list_event_sums, |_, row| row.trouble())
            .await?,
        check(kit, "money that waits stands in the people's list", checks::list_event_cases, |_, row| row.trouble())
            .await?,
        check(kit, "an order stands where its money says", checks::list_order_money, |now, row| row.trouble(now))
            .await?,
        check(kit, "money owed back stands in the people's list", checks::list_order_money, |_, row| {
            row.owed_unlisted()
        })
        .await?,
        check(kit, "a closed period says what its entries say", checks::list_closing_sums, |_, row| row.trouble())
            .await?,
        check(kit, "cash in hands has an owner for every đồng", checks::list_journal_hands, |_, row| row.trouble())
            .await?,
        check(kit, "a carrier holds what was taken less what was handed in", checks::list_hands, |_, row| {
            row.trouble()
        })
        .await?,
        check(kit, "a hand-over moves what both said", checks::list_hand_overs, |_, row| row.trouble()).await?,
        check(kit, "refunds are what the ledger owes back", checks::list_order_money, |_, row| row.refund_trouble())
            .await?,
        check(kit, "claims gave back what the entries say", checks::list_claim_sums, |_, row| row.trouble()).await?,
        check(kit, "reviews add up to what products say", checks::list_review_sums, |_, row| row.trouble()).await?,
        check(kit, "a lot's stock is the sum of its movements", checks::list_lot_sums, |_, lot| {
            let holds = Base::sum(lot.movements.iter().copied()) == Ok(lot.on_hand) && lot.on_hand >= Base::ZERO;
            (!holds).then(|| format!("lot {} has {} on hand, its movements say otherwise", lot.code, lot.on_hand.0))
        })
        .await?,
        check(kit, "what is held is the sum of standing holds", checks::list_lot_sums, |_, lot| {
            let holds = Base::sum(lot.standing.iter().copied()) == Ok(lot.held);
            (!holds).then(|| format!("lot {} says {} held, its holds say otherwise", lot.code, lot.held.0))
        })
        .await?,
        check(kit, "an order has the goods that it promises", checks::list_order_goods, |now, goods| {
            goods.trouble(now).map(|words| format!("order {}: {words}", goods.order.code))
        })
        .await?,
        check(kit, "a sales window gives what was harvested and no more", checks::list_window_sums, |_, row| {
            row.trouble()
        })
        .await?,
        check(kit, "a code takes off what it says and no more often", checks::list_voucher_sums, |now, row| {
            row.trouble(now)
        })
        .await?,
    ];
    findings.extend(verify_words(kit).await?);
    Ok(Report { findings })
}

/// The same of what was said and is to be said: the trace, and work and words that are owed.
async fn verify_words(kit: &Kit) -> Result<Vec<Finding>, ServiceError> {
    Ok(vec![
        check(kit, "every trace event is what its log entry says", checks::list_sealed, |_, (event, leaf)| {
            let erased = event.salt.is_empty() && event.body.is_empty();
            let holds = leaf.as_ref().is_some_and(|leaf| erased || commitment_holds(&event.body, &event.salt, leaf));
            (!holds).then(|| format!("trace event {} is not what its log entry says", event.id))
        })
        .await?,
        check(kit, "all work owed can be read", checks::list_outbox, |_, work| {
            let unreadable = serde_json::from_str::<crate::domain::message::Owed>(&work.payload).is_err();
            unreadable.then(|| format!("outbox row {} cannot be read", work.id))
        })
        .await?,
        check(
            kit,
            "a message for a mail address is owed to the outbox exactly once",
            checks::list_mail_debts,
            |_, debt| debt.trouble(),
        )
        .await?,
    ])
}

/// One rule over all rows of one kind. The clock is asked after each chunk: what had run out in its snapshot has run out then.
async fn check<R: Checked + Send + 'static>(
    kit: &Kit,
    rule: &'static str,
    list: fn(&mut Conn, &str, i64) -> StoreResult<Vec<R>>,
    trouble: impl Fn(crate::domain::time::At, &R) -> Option<String>,
) -> Result<Finding, ServiceError> {
    let (mut after, mut rows, mut broken) = (String::new(), 0_u64, None);
    loop {
        let from = after.clone();
        let chunk = kit.db.read(move |conn| Ok::<_, ServiceError>(list(conn, &from, CHUNK)?)).await?;
        let Some(last) = chunk.last() else { break };
        after = last.key();
        rows = rows.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        let now = kit.now();
        if broken.is_none() {
            broken = chunk.iter().find_map(|row| trouble(now, row));
        }
    }
    Ok(Finding { rule, rows, broken })
}
