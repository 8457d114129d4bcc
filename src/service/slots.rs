//! Days and windows on which goods can come: what a way still has, and the last place taken by one alone.

use super::error::ServiceError;
use super::pausing::{Pauses, pauses_of};
use crate::domain::commune::Commune;
use crate::domain::delivery::WayRule;
use crate::domain::id::{CooperativeId, DeliverySlotId, DeliveryWayId};
use crate::domain::order::FulfilmentKind;
use crate::domain::refusal::Refusal;
use crate::domain::slot::{Opening, SlotRule, openings};
use crate::domain::time::{At, Day};
use crate::store::cooperative::DeliveryWay;
use crate::store::pause::DeliveryPause;
use crate::store::slot::DeliverySlot;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// The windows of some cooperatives, and how full each is.
#[derive(Debug, Default)]
pub struct Windows {
    pauses: Pauses,
    slots: Vec<DeliverySlot>,
    taken: HashMap<(DeliverySlotId, Day), i64>,
}

/// How full windows are, as a reader sees it.
pub fn windows_of(conn: &mut Conn, cooperatives: &[CooperativeId], now: At) -> Result<Windows, ServiceError> {
    let slots = store::slot::list(conn, cooperatives)?;
    let ids: Vec<DeliverySlotId> = slots.iter().map(|slot| slot.id.clone()).collect();
    Ok(Windows { pauses: pauses_of(conn, cooperatives, now)?, taken: taken(conn, &ids, now)?, slots })
}

fn taken(
    conn: &mut Conn,
    ids: &[DeliverySlotId],
    now: At,
) -> Result<HashMap<(DeliverySlotId, Day), i64>, ServiceError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = store::slot::count_taken(conn, ids, now.day(), now)?;
    Ok(rows.into_iter().map(|(slot, day, count)| ((slot, day), count)).collect())
}

impl Windows {
    /// The windows of a way as its rules need them.
    pub fn rules_of(&self, way: &DeliveryWayId) -> Vec<SlotRule> {
        let own = self.slots.iter().filter(|slot| slot.delivery_way_id == *way);
        own.map(|slot| SlotRule {
            id: slot.id.clone(),
            from_min: slot.from_min,
            to_min: slot.to_min,
            capacity: slot.capacity,
        })
        .collect()
    }

    /// What a way still has on its way to a place: days of a pause there are none.
    pub fn openings_to(
        &self,
        way: &DeliveryWay,
        place: Option<&Commune>,
        now: At,
    ) -> Result<Vec<Opening>, ServiceError> {
        let mut openings = self.openings_of(way, now)?;
        if let Some(place) = place {
            openings.retain(|opening| self.pause_of(way, place, opening.day).is_none());
        }
        Ok(openings)
    }

    /// The first way that brings goods of a cooperative home to a place, and the first day of it that still has room and is not paused.
    pub fn first_arrival(
        &self,
        ways: &[DeliveryWay],
        cooperative: &CooperativeId,
        to: &Commune,
        now: At,
    ) -> Result<Option<(DeliveryWay, Opening)>, ServiceError> {
        let brings = |way: &&DeliveryWay| way.cooperative_id == *cooperative && way.kind == FulfilmentKind::Delivery;
        for way in ways.iter().filter(brings) {
            if !rule_of(way)?.scope.reaches(&to.province_code, &to.code) {
                continue;
            }
            if let Some(opening) = self.openings_to(way, Some(to), now)?.into_iter().find(Opening::has_room) {
                return Ok(Some((way.clone(), opening)));
            }
        }
        Ok(None)
    }

    /// Why nothing comes by this way to a place on a day.
    pub fn pause_of(&self, way: &DeliveryWay, place: &Commune, day: Day) -> Option<&DeliveryPause> {
        self.pause_on(&way.cooperative_id, place, day)
    }

    /// The same of all that a cooperative brings.
    pub fn pause_on(&self, cooperative: &CooperativeId, place: &Commune, day: Day) -> Option<&DeliveryPause> {
        self.pauses.covering(cooperative, place, day)
    }

    /// What a way still has.
    pub fn openings_of(&self, way: &DeliveryWay, now: At) -> Result<Vec<Opening>, ServiceError> {
        let taken = |id: &DeliverySlotId, day: Day| self.taken.get(&(id.clone(), day)).copied().unwrap_or(0);
        Ok(openings(&rule_of(way)?, &self.rules_of(&way.id), taken, now))
    }
}

/// A stored way as its rules need it.
pub fn rule_of(way: &DeliveryWay) -> Result<WayRule, ServiceError> {
    Ok(WayRule {
        kind: way.kind,
        scope: way.scope.parse().map_err(ServiceError::broken)?,
        fee: way.fee_vnd,
        free_from: way.free_from_vnd,
        minimum: way.minimum_vnd,
        weekdays: way.weekdays.clone(),
        cutoff_min: way.cutoff_min,
        cutoff_days: way.cutoff_days,
    })
}

/// A day and window that a checkout of one cooperative chose.
#[derive(Debug, Clone)]
pub(super) struct Chosen<'a> {
    pub cooperative: &'a str,
    pub opening: &'a Opening,
}

/// Locks the windows that were chosen and looks once more: whoever took the last place first has it. Answers what is full by now.
/// Before products and lots (`decisions.md`, Locks).
pub(super) fn take_places(conn: &mut Conn, now: At, chosen: &[Chosen<'_>]) -> Result<Vec<Refusal>, ServiceError> {
    let slot_of = |one: &Chosen<'_>| one.opening.slot.as_ref().map(|slot| slot.id.clone());
    let mut ids: Vec<DeliverySlotId> = chosen.iter().filter_map(slot_of).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ids.sort();
    let rows = store::slot::lock_of(conn, &ids)?;
    let taken = taken(conn, &ids, now)?;
    let mut against = Vec::new();
    for one in chosen {
        let Some(id) = slot_of(one) else { continue };
        let there = taken.get(&(id.clone(), one.opening.day)).copied().unwrap_or(0);
        let capacity = rows.iter().find(|row| row.id == id && row.is_active).map_or(0, |row| row.capacity);
        if there >= capacity {
            against.push(full(one.cooperative));
        }
    }
    Ok(against)
}

/// «Khung giờ vừa hết chỗ.»
pub(super) fn full(cooperative: &str) -> Refusal {
    Refusal::new("refusal-slot-full").with("cooperative", cooperative).about("fulfilment.slot")
}
