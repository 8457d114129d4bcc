//! Facts for the trace and the log, written inside the transaction of the act that they tell of.

use super::draw::Run;
use super::error::ServiceError;
use crate::domain::id::{AccountId, CooperativeId, TraceEventId, TraceRef};
use crate::domain::stock::MovementKind;
use crate::domain::trace::{Fact, LogKind, LotPart, LotRole, Step, WordOf};
use crate::store::{self, Conn};

/// What the recorder has to know beside the fact's own matter.
#[derive(Debug, Clone)]
pub struct Scene<'a> {
    pub base_url: &'a str,
    pub cooperative: &'a store::cooperative::Cooperative,
    pub by: Option<&'a AccountId>,
    pub word_of: WordOf,
    pub order: Option<&'a TraceRef>,
    pub place: &'a str,
    pub commune_code: Option<&'a str>,
    pub made: Option<serde_json::Value>,
}

/// Writes one trace event with its lots and its entry for the log. No lots: nothing happened to goods, nothing is written.
pub fn record(
    conn: &mut Conn,
    run: &Run,
    step: Step,
    lots: Vec<LotPart>,
    scene: &Scene<'_>,
) -> Result<Option<TraceEventId>, ServiceError> {
    record_that_corrects(conn, run, step, lots, scene, None)
}

/// The same, put in the place of an earlier event: that one stays as it was said.
pub fn record_that_corrects(
    conn: &mut Conn,
    run: &Run,
    step: Step,
    lots: Vec<LotPart>,
    scene: &Scene<'_>,
    corrects: Option<TraceEventId>,
) -> Result<Option<TraceEventId>, ServiceError> {
    if lots.is_empty() {
        return Ok(None);
    }
    let fact = Fact {
        id: TraceEventId::new(run.now, run.ten()),
        step,
        at: run.now,
        recorded_at: run.now,
        place: scene.place.to_owned(),
        commune_code: scene.commune_code.map(str::to_owned),
        party: scene.cooperative.name.clone(),
        word_of: scene.word_of,
        lots,
        order: scene.order.cloned(),
        made: scene.made.clone(),
        corrects: corrects.clone(),
    };
    let actor = format!("cooperative:{}", scene.cooperative.id);
    let sealed = fact.sealed(scene.base_url, &actor, run.sixteen()).map_err(ServiceError::broken)?;
    let (event_type, action, biz_step, disposition) = step.cbv();
    store::trace::insert(
        conn,
        &store::trace::TraceEvent {
            id: fact.id.clone(),
            cooperative_id: scene.cooperative.id.clone(),
            event_type,
            action: Some(action),
            biz_step: biz_step.to_owned(),
            disposition: Some(disposition.to_owned()),
            at: fact.at,
            recorded_at: fact.recorded_at,
            day: fact.at.day(),
            place: fact.place.clone(),
            commune_code: fact.commune_code.clone(),
            party: fact.party.clone(),
            word_of: fact.word_of,
            by_account_id: scene.by.cloned(),
            trace_ref: fact.order.clone(),
            bank_event_id: None,
            body: sealed.body,
            salt: sealed.salt.clone(),
            corrects,
        },
    )?;
    for part in &fact.lots {
        store::trace::insert_lot(
            conn,
            &store::trace::TraceEventLot {
                trace_event_id: fact.id.clone(),
                lot_id: part.lot.clone(),
                role: if step == Step::Harvested { LotRole::Output } else { LotRole::Observed },
                base_quantity: part.base,
            },
        )?;
    }
    store::trace::insert_log_entry(
        conn,
        &store::trace::LogEntry {
            id: fact.id.to_string(),
            kind: LogKind::Event,
            trace_event_id: Some(fact.id.clone()),
            leaf: sealed.leaf,
            salt: Some(sealed.salt),
            made_at: run.now,
            position: None,
            leaf_hash: None,
            sealed_at: None,
        },
    )?;
    Ok(Some(fact.id))
}

/// A movement of stock by a person or an order, with the lot's sum.
#[expect(
    clippy::too_many_arguments,
    reason = "a movement is a row of facts; a struct for one call would only rename them"
)]
pub fn move_stock(
    conn: &mut Conn,
    run: &Run,
    cooperative: &CooperativeId,
    lot: &crate::domain::id::LotId,
    kind: MovementKind,
    base: crate::domain::quantity::Base,
    order: Option<(&crate::domain::id::OrderId, &crate::domain::id::OrderLineId)>,
    by: Option<&AccountId>,
    words: (Option<&str>, Option<&str>),
) -> Result<(), ServiceError> {
    let (to_whom, reason) = words;
    let row = store::lot::Movement {
        id: crate::domain::id::MovementId::new(run.now, run.ten()),
        cooperative_id: cooperative.clone(),
        lot_id: lot.clone(),
        kind,
        base_quantity: base,
        order_id: order.map(|(order, _)| order.clone()),
        order_line_id: order.map(|(_, line)| line.clone()),
        to_whom: to_whom.map(str::to_owned),
        reason: reason.map(str::to_owned),
        by_account_id: by.cloned(),
        corrects: None,
        at: run.now,
        day: run.now.day(),
    };
    store::lot::insert_movement(conn, &row)?;
    Ok(())
}
