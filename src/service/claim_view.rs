//! Claims as they are read: by the buyer with the order's key, by the cooperative, by the operator, by an official. Pictures with them,
//! for the same eyes alone. Reads only.

use super::claim_photos::read_photo;
use super::claim_step::{charged, setting, times};
use super::claiming::time_of;
use super::error::ServiceError;
use super::inspecting::{land_of, lot_is_inside};
use super::kit::Kit;
use super::moving::hours_of;
use super::selling::names_of;
use super::showing::OrderView;
use super::who::{Official, Operator, Seller};
use crate::domain::claim::{ClaimEvent, ClaimState, WITHIN_H};
use crate::domain::code::LotCode;
use crate::domain::id::{AccountId, ClaimId, ClaimPhotoId, LotId, OrderId, OrderLineId};
use crate::domain::money::Money;
use crate::domain::time::At;
use crate::store::claim::{Claim, ClaimStep};
use crate::store::cooperative::Cooperative;
use crate::store::order::{Order, OrderLine};
use crate::store::purchase::Purchase;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Claims that one list shows.
const MOST: i64 = 200;
/// Ended ones below them.
const MOST_ENDED: i64 = 30;
/// States in which somebody still has a turn.
const UNDER_WAY: [ClaimState; 7] = [
    ClaimState::Open,
    ClaimState::Found,
    ClaimState::Unmet,
    ClaimState::Asked,
    ClaimState::Accepted,
    ClaimState::Declined,
    ClaimState::Escalated,
];
/// Those before the operator.
const WITH_OPERATOR: [ClaimState; 3] = [ClaimState::Escalated, ClaimState::Found, ClaimState::Unmet];

/// A claim with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct ClaimView {
    pub claim: Claim,
    pub order: Order,
    pub line: OrderLine,
    pub buyer: Purchase,
    pub cooperative: Cooperative,
    pub steps: Vec<ClaimStep>,
    pub names: HashMap<AccountId, String>,
    pub photos: Vec<ClaimPhotoId>,
    pub lots: Vec<LotCode>,
    /// What the claimed part cost.
    pub proposal: Money,
    /// The most that can still go back for the line.
    pub left: Money,
    /// By when the cooperative has to have answered, while it is its turn.
    pub answer_by: Option<At>,
    pub is_late: bool,
}

impl ClaimView {
    /// What the operator found last, while that stands.
    pub fn found(&self) -> Option<&ClaimStep> {
        let stands = matches!(self.claim.state, ClaimState::Found | ClaimState::Unmet);
        self.steps.iter().rfind(|step| stands && step.event == ClaimEvent::Found)
    }

    /// Whether the buyer may take it to the operator now.
    pub fn can_escalate(&self, now: At) -> bool {
        match self.claim.state {
            ClaimState::Accepted | ClaimState::Declined => true,
            ClaimState::Open => self.answer_by.is_some_and(|by| by <= now),
            _ => false,
        }
    }
}

/// What the page of one order has to know of claims.
#[derive(Debug, Clone)]
pub struct OrderClaims {
    pub within_h: i64,
    /// Until when claims can be made; none before the hand-over.
    pub until: Option<At>,
    pub claims: Vec<ClaimView>,
    /// Lines of which a claim can be made now.
    pub free: Vec<OrderLineId>,
    /// What was given back for claims: the order costs so much less.
    pub accepted: Money,
}

fn views_of(conn: &mut Conn, now: At, claims: Vec<Claim>) -> Result<Vec<ClaimView>, ServiceError> {
    let ids: Vec<ClaimId> = claims.iter().map(|claim| claim.id.clone()).collect();
    let (mut steps, mut photos): (HashMap<ClaimId, Vec<ClaimStep>>, HashMap<ClaimId, Vec<ClaimPhotoId>>) =
        Default::default();
    for step in store::claim::list_steps(conn, &ids)? {
        steps.entry(step.claim_id.clone()).or_default().push(step);
    }
    for photo in store::claim::list_photos(conn, &ids)? {
        photos.entry(photo.claim_id).or_default().push(photo.id);
    }
    let lots = store::claim::list_lots(conn, &ids)?;
    let lot_ids: Vec<LotId> = lots.iter().map(|row| row.lot_id.clone()).collect();
    let mut codes: HashMap<LotId, LotCode> = HashMap::new();
    for chunk in lot_ids.chunks(500) {
        codes.extend(store::lot::list_of(conn, chunk)?.into_iter().map(|lot| (lot.id, lot.code)));
    }
    let names = names_of(conn, steps.values().flatten().filter_map(|step| step.by_account_id.clone()).collect())?;
    let table = times(conn, now)?;
    let mut views = Vec::new();
    for claim in claims {
        let order = store::order::get(conn, &claim.order_id)?;
        let lines = store::order::list_lines(conn, std::slice::from_ref(&order.id))?;
        let line = lines.into_iter().find(|line| line.id == claim.order_line_id).ok_or(ServiceError::NotFound)?;
        let cooperative = store::cooperative::get(conn, &order.cooperative_id)?;
        let charged = charged(conn, &order, &line)?;
        let hurries = matches!(claim.state, ClaimState::Open | ClaimState::Found);
        let of_claim = lots.iter().filter(|row| row.claim_id == claim.id);
        views.push(ClaimView {
            answer_by: hurries.then(|| table.answer_by(claim.waits_since, hours_of(&cooperative))),
            is_late: claim.state.is_under_way() && claim.solve_by < now,
            proposal: charged.proposal(claim.base_quantity)?,
            left: charged.left()?,
            steps: steps.remove(&claim.id).unwrap_or_default(),
            photos: photos.remove(&claim.id).unwrap_or_default(),
            lots: of_claim.filter_map(|row| codes.get(&row.lot_id).cloned()).collect(),
            buyer: store::purchase::get(conn, &order.purchase_id)?,
            names: names.clone(),
            cooperative,
            order,
            line,
            claim,
        });
    }
    Ok(views)
}

/// Claims of an order, for whoever holds its key.
pub async fn show_order_claims(kit: &Kit, view: &OrderView) -> Result<OrderClaims, ServiceError> {
    let (now, order, lines) = (kit.now(), view.order.clone(), view.lines.clone());
    kit.db
        .read(move |conn| {
            let until = time_of(conn, &order)?.map(|(_, until)| until);
            let rows = store::claim::list_of_order(conn, &order.id)?;
            let mut free = Vec::new();
            for line in lines.iter().map(|line| &line.line).filter(|_| until.is_some_and(|until| now <= until)) {
                let is_claimed = rows.iter().any(|row| row.order_line_id == line.id && row.state.is_under_way());
                if !is_claimed && charged(conn, &order, line)?.left()?.is_positive() {
                    free.push(line.id.clone());
                }
            }
            Ok(OrderClaims {
                within_h: setting(conn, "claim_within_h", now, WITHIN_H)?,
                accepted: Money::sum(rows.iter().map(|row| row.accepted_vnd))?,
                claims: views_of(conn, now, rows)?,
                until,
                free,
            })
        })
        .await
}

/// What was given back for claims on an order.
pub async fn accepted_of(kit: &Kit, order: &OrderId) -> Result<Money, ServiceError> {
    let order = order.clone();
    let rows = kit.db.read(move |conn| Ok::<_, ServiceError>(store::claim::list_of_order(conn, &order)?)).await?;
    Ok(Money::sum(rows.iter().map(|row| row.accepted_vnd))?)
}

/// A cooperative's claims: those under way, its own turn first; then the newest that are at rest.
pub async fn list_claims(kit: &Kit, seller: &Seller) -> Result<(Vec<ClaimView>, Vec<ClaimView>), ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let mut rows = store::claim::list_in(conn, &cooperative, &UNDER_WAY, MOST)?;
            rows.sort_by_key(|row| !row.state.waits_for_cooperative());
            let ended = store::claim::list_ended(conn, &cooperative, MOST_ENDED)?;
            Ok((views_of(conn, now, rows)?, views_of(conn, now, ended)?))
        })
        .await
}

/// Claims that wait for the cooperative now.
pub async fn list_waiting(kit: &Kit, seller: &Seller) -> Result<Vec<ClaimView>, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    let waiting = [ClaimState::Open, ClaimState::Found, ClaimState::Unmet];
    kit.db
        .read(move |conn| {
            let rows = store::claim::list_in(conn, &cooperative, &waiting, MOST)?;
            views_of(conn, now, rows)
        })
        .await
}

/// One of the cooperative's own claims.
pub async fn show_claim(kit: &Kit, seller: &Seller, id: &ClaimId) -> Result<ClaimView, ServiceError> {
    let (now, cooperative, id) = (kit.now(), seller.cooperative.clone(), id.clone());
    kit.db
        .read(move |conn| {
            let row = store::claim::get_own(conn, &cooperative, &id)?;
            views_of(conn, now, vec![row])?.pop().ok_or(ServiceError::NotFound)
        })
        .await
}

/// Claims before the operator, and those that should have been at rest by now.
pub async fn list_escalated(kit: &Kit, _operator: &Operator) -> Result<Vec<ClaimView>, ServiceError> {
    let now = kit.now();
    kit.db
        .read(move |conn| {
            let rows = claims_before_operator(conn, now, MOST)?;
            views_of(conn, now, rows)
        })
        .await
}

/// The rows of it, the oldest first.
pub(super) fn claims_before_operator(conn: &mut Conn, now: At, most: i64) -> Result<Vec<Claim>, ServiceError> {
    let mut rows = store::claim::list_everywhere(conn, &WITH_OPERATOR, most)?;
    let late = store::claim::list_overdue(conn, now, most)?;
    rows.extend(late.into_iter().filter(|row| !row.state.is_with_operator()));
    rows.sort_by_key(|row| row.made_at);
    Ok(rows)
}

/// A claim as the operator sees it, whole. The look is written down.
pub async fn show_escalated(kit: &Kit, operator: &Operator, id: &ClaimId) -> Result<ClaimView, ServiceError> {
    let (now, asked) = (kit.now(), id.clone());
    let view = kit
        .db
        .read(move |conn| {
            let row = store::claim::get(conn, &asked)?;
            views_of(conn, now, vec![row])?.pop().ok_or(ServiceError::NotFound)
        })
        .await?;
    tracing::info!(target: "access", operator = %operator.account, what = "claim", id = %id);
    Ok(view)
}

/// Claims about goods of a lot, for an official whose land it is in.
pub async fn list_of_lot(kit: &Kit, official: &Official, code: &LotCode) -> Result<Vec<ClaimView>, ServiceError> {
    let (now, code, land) = (kit.now(), code.clone(), land_of(official)?);
    let views = kit
        .db
        .read(move |conn| {
            let lot = store::lot::find_by_code(conn, &code)?.ok_or(ServiceError::NotFound)?;
            if !lot_is_inside(conn, &land, &lot)? {
                return Err(ServiceError::NotFound);
            }
            let rows = store::claim::list_of_lot(conn, &lot.id, MOST)?;
            views_of(conn, now, rows)
        })
        .await?;
    tracing::info!(target: "access", official = %official.account, what = "claims_of_lot", count = views.len());
    Ok(views)
}

/// Whose eyes a picture is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Eyes<'a> {
    /// Whoever holds the key of this order.
    Buyer(&'a OrderId),
    Seller(&'a Seller),
    Operator(&'a Operator),
    Official(&'a Official),
}

/// A picture's bytes, for who may see it.
pub async fn show_photo(kit: &Kit, eyes: Eyes<'_>, id: &ClaimPhotoId) -> Result<Vec<u8>, ServiceError> {
    let asked = id.clone();
    let (photo, claim, lots) = kit
        .db
        .read(move |conn| {
            let photo = store::claim::get_photo(conn, &asked)?;
            let claim = store::claim::get(conn, &photo.claim_id)?;
            let ids: Vec<LotId> = store::claim::list_lots(conn, std::slice::from_ref(&claim.id))?
                .into_iter()
                .map(|row| row.lot_id)
                .collect();
            Ok::<_, ServiceError>((photo, claim, store::lot::list_of(conn, &ids)?))
        })
        .await?;
    let may = match eyes {
        Eyes::Buyer(order) => claim.order_id == *order,
        Eyes::Seller(seller) => claim.cooperative_id == seller.cooperative,
        Eyes::Operator(operator) => {
            tracing::info!(target: "access", operator = %operator.account, what = "claim_photo", id = %id);
            true
        }
        Eyes::Official(official) => {
            tracing::info!(target: "access", official = %official.account, what = "claim_photo", id = %id);
            let land = land_of(official)?;
            let inside = move |conn: &mut Conn| {
                for lot in &lots {
                    if lot_is_inside(conn, &land, lot)? {
                        return Ok::<_, ServiceError>(true);
                    }
                }
                Ok(false)
            };
            kit.db.read(inside).await?
        }
    };
    if may { read_photo(kit, &photo.media_key).await } else { Err(ServiceError::NotFound) }
}
