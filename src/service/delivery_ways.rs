//! «Giao hàng»: how a cooperative brings its goods, and the windows of its days, as its own people see and change them.

use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::slots::{self, Windows};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::{DeliverySlotId, DeliveryWayId};
use crate::domain::refusal::Refusal;
use crate::domain::slot::Opening;
use crate::store;
use crate::store::cooperative::{DeliveryWay, PickupPoint};
use crate::store::slot::DeliverySlot;

/// Most orders that a window may take.
const MOST_ORDERS: i64 = 10_000;
/// Windows of one way; more nobody reads.
const MOST_WINDOWS: usize = 12;

/// The ways of a cooperative, with what is still free in the next days.
#[derive(Debug, Clone)]
pub struct Ways {
    pub ways: Vec<Way>,
    pub points: Vec<PickupPoint>,
}

/// One way, its windows, and what is open.
#[derive(Debug, Clone)]
pub struct Way {
    pub way: DeliveryWay,
    pub slots: Vec<DeliverySlot>,
    pub openings: Vec<Opening>,
}

/// The cooperative's own ways in the order it put them.
pub async fn list_ways(kit: &Kit, seller: &Seller) -> Result<Ways, ServiceError> {
    let (now, here) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let own = std::slice::from_ref(&here);
            let windows: Windows = slots::windows_of(conn, own, now)?;
            let slots = store::slot::list(conn, own)?;
            let mut ways = Vec::new();
            for way in store::cooperative::list_ways(conn, own)? {
                ways.push(Way {
                    openings: windows.openings_of(&way, now)?,
                    slots: slots.iter().filter(|slot| slot.delivery_way_id == way.id).cloned().collect(),
                    way,
                });
            }
            Ok(Ways { ways, points: store::cooperative::list_points(conn, own)? })
        })
        .await
}

impl Ways {
    pub fn has_way(&self, id: &DeliveryWayId) -> bool {
        self.ways.iter().any(|one| one.way.id == *id)
    }

    pub fn has_window(&self, id: &DeliverySlotId) -> bool {
        self.ways.iter().any(|one| one.slots.iter().any(|slot| slot.id == *id))
    }
}

/// A window as a person says it: minutes of the day, orders a day.
#[derive(Debug, Clone, Copy)]
pub struct WindowSaid {
    pub from_min: i64,
    pub to_min: i64,
    pub capacity: i64,
}

fn check(capacity: i64) -> Result<(), ServiceError> {
    if (1..=MOST_ORDERS).contains(&capacity) {
        return Ok(());
    }
    Err(ServiceError::refused(Refusal::new("refusal-slot-capacity").with("most", MOST_ORDERS).about("capacity")))
}

/// Opens a window on one of the cooperative's own ways. The same hours once more are a second press: nothing is added.
///
/// # Errors
/// `Refused` for hours that end before they begin, no orders, or too many windows.
pub async fn add_window(kit: &Kit, seller: &Seller, way: &DeliveryWayId, said: WindowSaid) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Manager)?;
    if said.from_min >= said.to_min || !(0..=1440).contains(&said.from_min) || said.to_min > 1440 {
        return Err(ServiceError::refused(Refusal::new("refusal-slot-hours").about("from")));
    }
    check(said.capacity)?;
    let (draw, seller, way) = (Draw::new(kit), seller.clone(), way.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let here = std::slice::from_ref(&seller.cooperative);
            store::cooperative::lock_of(conn, here)?;
            let is_own = store::cooperative::list_ways(conn, here)?.iter().any(|row| row.id == way);
            if !is_own {
                return Err(ServiceError::NotFound);
            }
            let mut there = store::slot::list(conn, here)?;
            there.retain(|slot| slot.delivery_way_id == way);
            let same = |slot: &&DeliverySlot| (slot.from_min, slot.to_min) == (said.from_min, said.to_min);
            if let Some(slot) = there.iter().find(same) {
                store::slot::put(conn, &seller.cooperative, &slot.id, said.capacity, true)?;
                return Ok(());
            }
            if there.len() >= MOST_WINDOWS {
                return Err(ServiceError::refused(Refusal::new("refusal-slot-many").with("most", MOST_WINDOWS)));
            }
            let row = DeliverySlot {
                id: DeliverySlotId::new(run.now, run.ten()),
                cooperative_id: seller.cooperative.clone(),
                delivery_way_id: way.clone(),
                from_min: said.from_min,
                to_min: said.to_min,
                capacity: said.capacity,
                is_active: true,
            };
            store::slot::insert(conn, &row)?;
            store::change::insert(conn, "cooperative", seller.cooperative.as_text(), run.now)?;
            Ok(())
        })
        .await
}

/// Changes how many orders a window takes, or closes it (`None`). Orders that stand in it stay.
pub async fn change_window(
    kit: &Kit,
    seller: &Seller,
    id: &DeliverySlotId,
    capacity: Option<i64>,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Manager)?;
    if let Some(capacity) = capacity {
        check(capacity)?;
    }
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let rows = store::slot::lock_of(conn, std::slice::from_ref(&id))?;
            let row = rows.into_iter().find(|row| row.cooperative_id == seller.cooperative);
            let row = row.ok_or(ServiceError::NotFound)?;
            store::slot::put(conn, &seller.cooperative, &id, capacity.unwrap_or(row.capacity), capacity.is_some())?;
            store::change::insert(conn, "cooperative", seller.cooperative.as_text(), run.now)?;
            Ok(())
        })
        .await
}
