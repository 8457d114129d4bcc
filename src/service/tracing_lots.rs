//! The past of a lot as anybody may read it: the nine items of Decree 37/2026 (art. 23.5), the steps with who says so, and
//! what is left. Of orders only their number is told and the hour: no buyer, no quantity of one order. Reads, never writes.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::code::LotCode;
use crate::domain::commune;
use crate::domain::gtin::Gtin;
use crate::domain::id::TraceEventId;
use crate::domain::mass_balance::MassBalance;
use crate::domain::order::HoldState;
use crate::domain::product::CertificateKind;
use crate::domain::quantity::{Base, BaseUnit};
use crate::domain::stock::{self, LotState};
use crate::domain::time::{At, Day};
use crate::domain::trace::{Step, WordOf, fingerprint_of};
use crate::store::cooperative::Cooperative;
use crate::store::lot::Lot;
use crate::store::product::{Certificate, Picture, Product};
use crate::store::trace::{TraceEvent, TraceEventLot};
use crate::store::{self, Conn};
use std::collections::{BTreeSet, HashMap};

/// Steps of one lot that a page reads.
const MOST_EVENTS: i64 = 5_000;
/// What one query of the log's entries asks for.
const CHUNK: usize = 500;

/// A lot with everything the public may know of it.
#[derive(Debug, Clone)]
pub struct LotTrace {
    pub lot: Lot,
    pub product: Product,
    pub seller: Cooperative,
    /// Whose goods they are; the seller itself, but for a gatherer's lots.
    pub owner: Cooperative,
    pub picture: Option<Picture>,
    /// Papers of the owner that held on the day of harvest and are about this product or about all.
    pub papers: Vec<Certificate>,
    /// Oldest first.
    pub steps: Vec<StepShown>,
    pub balance: MassBalance,
    /// What can still be ordered.
    pub available: Base,
    /// When the earliest hold or the best-before day runs out: the page says something else from then on.
    pub until: Option<At>,
    pub as_of: At,
}

/// One step, or all steps of one kind and one day that orders made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepShown {
    /// None: a partner's event for which we have no word; `biz_step` says it.
    pub step: Option<Step>,
    pub biz_step: String,
    /// Cut to the hour when orders are behind it.
    pub from: At,
    pub to: At,
    /// None for steps of orders: their recording would tell the minute.
    pub recorded_at: Option<At>,
    pub place: String,
    pub commune_code: Option<String>,
    pub party: String,
    pub word_of: WordOf,
    /// How many orders; zero when none is behind it.
    pub orders: usize,
    /// Of this lot. None for steps of orders.
    pub base: Option<Base>,
    /// SHA-256 of each record with its salt, hex, sorted.
    pub fingerprints: Vec<String>,
}

/// The nine items of art. 23.5. What is missing is `None` or empty, and is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NineItems {
    pub product_name: String,
    pub has_image: bool,
    pub producer: String,
    pub address: Option<String>,
    /// Where it grew, down to the commune.
    pub origin: Option<String>,
    pub events: usize,
    /// A registered mark, when there is one.
    pub brand: Option<String>,
    pub lot_code: LotCode,
    pub made_on: Day,
    pub best_before: Option<Day>,
    /// Standards and regulations that the product names.
    pub standards: Vec<String>,
    pub papers: Vec<Certificate>,
    /// Names of the items that are missing, in the decree's order.
    pub missing: Vec<&'static str>,
}

impl LotTrace {
    /// The decree's nine items of this lot.
    pub fn nine_items(&self) -> NineItems {
        let mark = |paper: &&Certificate| paper.kind == CertificateKind::Trademark;
        let lines = self.product.standards.lines().map(str::trim).filter(|line| !line.is_empty());
        let commune = commune::find(&self.lot.commune_code).map(commune::Commune::with_province);
        let origin = [non_empty(&self.lot.place), commune].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let mut items = NineItems {
            product_name: self.product.name.clone(),
            has_image: self.picture.is_some(),
            producer: self.owner.legal_name.clone(),
            address: address_of(&self.owner),
            origin: non_empty(&origin),
            events: self.steps.iter().map(|step| step.fingerprints.len()).sum(),
            brand: self.papers.iter().find(mark).map(|paper| paper.number.clone()),
            lot_code: self.lot.code.clone(),
            made_on: self.lot.made_on,
            best_before: self.lot.best_before,
            standards: lines.map(str::to_owned).collect(),
            papers: self.papers.clone(),
            missing: Vec::new(),
        };
        let missing = [
            ("image", !items.has_image),
            ("address", items.address.is_none()),
            ("origin", items.origin.is_none()),
            ("events", items.events == 0),
            ("shelf_life", items.best_before.is_none()),
            ("standards", items.standards.is_empty() && items.papers.is_empty()),
        ];
        items.missing = missing.into_iter().filter_map(|(name, is_missing)| is_missing.then_some(name)).collect();
        items
    }

    pub fn unit(&self) -> BaseUnit {
        self.product.base_unit
    }

    pub fn is_stopped(&self) -> bool {
        self.lot.state == LotState::Stopped
    }

    /// The best-before day has passed.
    pub fn is_past_its_day(&self) -> bool {
        self.lot.best_before.is_some_and(|day| day < self.as_of.day())
    }
}

fn non_empty(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Street and commune with its province.
pub(super) fn address_of(cooperative: &Cooperative) -> Option<String> {
    let commune = commune::find(&cooperative.commune_code).map(commune::Commune::with_province);
    let parts: Vec<String> = [non_empty(&cooperative.address), commune].into_iter().flatten().collect();
    non_empty(&parts.join(", "))
}

/// One lot by its code, whoever sells it and however little is left of it.
pub async fn show_lot(kit: &Kit, code: &LotCode) -> Result<LotTrace, ServiceError> {
    let (now, code) = (kit.now(), code.clone());
    kit.db
        .read(move |conn| {
            let lot = store::lot::find_by_code(conn, &code)?.ok_or(ServiceError::NotFound)?;
            trace_of(conn, now, lot)
        })
        .await
}

/// Whether there is such a lot.
pub async fn find_lot(kit: &Kit, code: &LotCode) -> Result<LotCode, ServiceError> {
    let code = code.clone();
    let found = kit.db.read(move |conn| Ok::<_, ServiceError>(store::lot::find_by_code(conn, &code)?)).await?;
    found.map(|lot| lot.code).ok_or(ServiceError::NotFound)
}

/// The lot that a GS1 Digital Link names: by its product's GTIN and its own code.
pub async fn find_lot_of_gtin(kit: &Kit, gtin: &Gtin, code: &LotCode) -> Result<LotCode, ServiceError> {
    let (gtin, code) = (gtin.clone(), code.clone());
    kit.db
        .read(move |conn| {
            let lot = store::lot::find_by_code(conn, &code)?.ok_or(ServiceError::NotFound)?;
            let product = store::product::get(conn, &lot.product_id)?;
            let is_it = product.gtin.is_some_and(|stored| gtin.is_written_as(&stored));
            if is_it { Ok(lot.code) } else { Err(ServiceError::NotFound) }
        })
        .await
}

fn trace_of(conn: &mut Conn, now: At, lot: Lot) -> Result<LotTrace, ServiceError> {
    let product = store::product::get(conn, &lot.product_id)?;
    let seller = store::cooperative::get(conn, &lot.cooperative_id)?;
    let owner = store::cooperative::get(conn, &lot.owner_cooperative_id)?;
    let picture = match &product.picture_id {
        Some(id) => store::product::list_pictures(conn, std::slice::from_ref(id))?.pop(),
        None => None,
    };
    let mut papers = store::product::list_certificates(conn, std::slice::from_ref(&owner.id), lot.made_on)?;
    papers.retain(|paper| paper.product_id.as_ref().is_none_or(|about| *about == product.id));
    let moves = store::lot::list_movements(conn, &lot.id)?;
    let mut free = Base::ZERO;
    let mut ends: Vec<At> = Vec::new();
    let holds = store::lot::list_holds_of_lot(conn, &lot.id)?;
    for hold in holds.iter().filter(|hold| hold.state == HoldState::Standing) {
        match hold.expires_at {
            Some(end) if end <= now => free = free.plus(hold.base_quantity)?,
            Some(end) => ends.push(end),
            None => {}
        }
    }
    let best_before_over = lot.best_before.map(|day| day.plus_days(1).at_minute(0)).filter(|end| *end > now);
    ends.extend(best_before_over);
    let is_on_sale = lot.state == LotState::Open && lot.best_before.is_none_or(|day| day >= now.day());
    let there = stock::available(lot.on_hand, lot.held, free)?.max(Base::ZERO);
    Ok(LotTrace {
        balance: MassBalance::of(moves.into_iter().map(|row| (row.kind, row.base_quantity)))?,
        steps: steps_of(conn, &lot)?,
        available: if is_on_sale { there } else { Base::ZERO },
        until: ends.into_iter().min(),
        as_of: now,
        lot,
        product,
        seller,
        owner,
        picture,
        papers,
    })
}

fn steps_of(conn: &mut Conn, lot: &Lot) -> Result<Vec<StepShown>, ServiceError> {
    let events = store::trace::list_of_lot(conn, &lot.id, MOST_EVENTS)?;
    let prints = fingerprints(conn, &events)?;
    let mut shown: Vec<(StepShown, BTreeSet<String>)> = Vec::new();
    for (event, part) in events {
        let print = prints.get(&event.id).cloned().unwrap_or_default();
        let Some(order) = event.trace_ref.as_ref().map(ToString::to_string) else {
            shown.push((alone(event, part, print), BTreeSet::new()));
            continue;
        };
        let step = Step::of_cbv(event.event_type, event.action, &event.biz_step);
        let hour = event.at.cut_to_hour();
        let same = |known: &(StepShown, BTreeSet<String>)| {
            !known.1.is_empty()
                && known.0.step == step
                && known.0.from.day() == event.day
                && known.0.party == event.party
        };
        if let Some((group, orders)) = shown.iter_mut().find(|known| same(known)) {
            group.from = group.from.min(hour);
            group.to = group.to.max(hour);
            group.fingerprints.push(print);
            orders.insert(order);
            continue;
        }
        let mut group = alone(event, part, print);
        (group.from, group.to, group.recorded_at, group.base) = (hour, hour, None, None);
        shown.push((group, BTreeSet::from([order])));
    }
    let finished = shown.into_iter().map(|(mut step, orders)| {
        step.orders = orders.len();
        // Sorted: their order would tell which order came first.
        step.fingerprints.sort();
        step
    });
    Ok(finished.collect())
}

fn alone(event: TraceEvent, part: TraceEventLot, fingerprint: String) -> StepShown {
    StepShown {
        step: Step::of_cbv(event.event_type, event.action, &event.biz_step),
        biz_step: event.biz_step,
        from: event.at,
        to: event.at,
        recorded_at: Some(event.recorded_at),
        place: event.place,
        commune_code: event.commune_code,
        party: event.party,
        word_of: event.word_of,
        orders: 0,
        base: Some(part.base_quantity),
        fingerprints: vec![fingerprint],
    }
}

/// The fingerprint of each event, as its entry for the log commits to it.
pub(super) fn fingerprints(
    conn: &mut Conn,
    events: &[(TraceEvent, TraceEventLot)],
) -> Result<HashMap<TraceEventId, String>, ServiceError> {
    let ids: Vec<TraceEventId> = events.iter().map(|(event, _)| event.id.clone()).collect();
    let mut prints = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        for entry in store::trace::list_log_entries(conn, chunk)? {
            if let (Some(event), Some(print)) = (entry.trace_event_id, fingerprint_of(&entry.leaf)) {
                prints.insert(event, print);
            }
        }
    }
    Ok(prints)
}
