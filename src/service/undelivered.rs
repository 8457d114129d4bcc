//! Goods that nobody took at the door: said by who carries them, tried again on another day, or taken back for good. What an order that
//! came back counts against its buyer's number, a person of the cooperative can clear.

use super::bench::{Bench, lock_bench, lock_order, served, tell_trace};
use super::carrying;
use super::crediting::end_order;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::{By, advance};
use super::recording::move_stock;
use super::telling::tell_buyer;
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::attempt::{self, AttemptReason, COUNTS_DAYS, GoodsBack};
use crate::domain::id::{AttemptId, OrderId};
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, HoldState, OrderEvent, OrderState};
use crate::domain::refusal::Refusal;
use crate::domain::stock::MovementKind;
use crate::domain::text::clean;
use crate::domain::time::{At, Day};
use crate::domain::trace::Step;
use crate::store::attempt::{Attempt, CoachLeg, RefusedDelivery};
use crate::store::{self, Conn};
use crate::view::filters;

/// Letters of a note or a reason.
const MOST_CHARS: usize = 300;

/// What the carrier says.
#[derive(Debug, Clone)]
pub struct AttemptSaid {
    pub reason: AttemptReason,
    /// None: the cooperative will say.
    pub next_on: Option<Day>,
    pub note: String,
}

/// How the way of an order went, beside its state.
#[derive(Debug, Clone, Default)]
pub struct WayThere {
    pub attempts: Vec<Attempt>,
    pub leg: Option<CoachLeg>,
    /// Deliveries that this buyer's number has not taken within a year, at any cooperative, and are not cleared.
    pub refused: Vec<RefusedDelivery>,
}

/// Tries, coach, and what counts against the number, of an order that the caller may see.
pub async fn find_way_there(kit: &Kit, order: &OrderId, buyer_phone: &str) -> Result<WayThere, ServiceError> {
    let (id, phone, since) = (order.clone(), buyer_phone.to_owned(), counts_since(kit.now()));
    kit.db
        .read(move |conn| {
            Ok(WayThere {
                attempts: store::attempt::list(conn, &id)?,
                leg: store::attempt::find_leg(conn, &id)?,
                refused: store::attempt::list_refused(conn, &phone, since)?,
            })
        })
        .await
}

/// From when deliveries that were not taken count today.
pub(super) fn counts_since(now: At) -> At {
    now.plus_minutes(COUNTS_DAYS.saturating_mul(-24 * 60))
}

fn words(text: &str, field: &str) -> Result<String, ServiceError> {
    clean::lines(text, MOST_CHARS).map_err(|_too_long| {
        ServiceError::refused(Refusal::new("refusal-text-too-long").with("most", MOST_CHARS).about(field))
    })
}

/// «Chưa giao được»: the goods are back with the cooperative, packed as they were; the buyer is told why and when they come again.
///
/// # Errors
/// `Changed` unless this member carries it and it is on its way, `Refused` for a day that no next try can have.
pub async fn say_undelivered(kit: &Kit, seller: &Seller, id: &OrderId, said: &AttemptSaid) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let note = words(&said.note, "note")?;
    if let Some(next) = said.next_on {
        attempt::check_next(kit.now().day(), next).map_err(ServiceError::refused)?;
    }
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    let (reason, next_on) = (said.reason, said.next_on);
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_order(conn, &seller, &id)?;
            if bench.order.state == OrderState::OnTheWay {
                carrying::must_carry(conn, &seller, &bench.order)?;
            }
            let by = By { kind: ActorKind::Cooperative, account: Some(&seller.account) };
            advance(conn, &run, &mut bench.order, OrderEvent::Undelivered, by, None)?;
            let row = Attempt {
                id: AttemptId::new(run.now, run.ten()),
                cooperative_id: seller.cooperative.clone(),
                order_id: id.clone(),
                carrier_id: seller.account.clone(),
                reason,
                note: Some(note.clone()).filter(|note| !note.is_empty()),
                next_on,
                at: run.now,
            };
            store::attempt::insert(conn, &row)?;
            if let Some(day) = next_on {
                store::order::put_day(conn, &id, day)?;
            }
            let purchase = store::purchase::get(conn, &bench.order.purchase_id)?;
            let lang = purchase.language.parse().unwrap_or(Lang::Vi);
            let day = next_on.map(|day| filters::day_said(day, lang, false)).unwrap_or_default();
            let next = if next_on.is_some() { "day" } else { "none" };
            let more = [("reason", reason.to_string()), ("next", next.to_owned()), ("day", day)];
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderUndelivered, &more)
        })
        .await
}

/// «Lấy hàng về»: a packed order that will not be delivered any more. Goods go back to their lots, or are written off as lost; what was
/// paid is owed back. When the last try failed by the buyer's doing, it counts against the number.
///
/// # Errors
/// `Refused` without a reason, `Changed` in any other state.
pub async fn take_back(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    goods: GoodsBack,
    reason: &str,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let reason = words(reason, "reason")?;
    if reason.is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-reason").about("reason")));
    }
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_bench(conn, &run, &seller, &id)?;
            let by = By { kind: ActorKind::Cooperative, account: Some(&seller.account) };
            let lines = bench.lines.clone();
            end_order(conn, &run, &mut bench.order, &lines, OrderEvent::Returned, by, Some(&reason))?;
            bring_goods(conn, &run, &bench, &seller, goods, &reason)?;
            count_against(conn, &run, &bench)?;
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderReturned, &[("reason", reason.clone())])
        })
        .await
}

/// What left the lots at packing is in them again; spoiled goods leave them once more, as a loss.
fn bring_goods(
    conn: &mut Conn,
    run: &Run,
    bench: &Bench,
    seller: &Seller,
    goods: GoodsBack,
    reason: &str,
) -> Result<(), ServiceError> {
    let served = served(bench)?;
    for hold in bench.holds.iter().filter(|hold| hold.state == HoldState::Taken) {
        let base = served.get(&hold.id).copied().unwrap_or(hold.base_quantity);
        if !base.is_positive() {
            continue;
        }
        let order = Some((&hold.order_id, &hold.order_line_id));
        let mut moves = vec![(MovementKind::Return, base)];
        if goods == GoodsBack::Spoiled {
            moves.push((MovementKind::Loss, base.negated()?));
        }
        for (kind, base) in moves {
            let (of, by) = ((&hold.cooperative_id, &hold.lot_id), Some(&seller.account));
            move_stock(conn, run, of.0, of.1, kind, base, order, by, (None, Some(reason)))?;
        }
    }
    tell_trace(conn, run, bench, Some(&seller.account), Step::Returned)?;
    if goods == GoodsBack::Spoiled {
        tell_trace(conn, run, bench, Some(&seller.account), Step::Lost)?;
    }
    Ok(())
}

fn count_against(conn: &mut Conn, run: &Run, bench: &Bench) -> Result<(), ServiceError> {
    let last = store::attempt::list(conn, &bench.order.id)?.pop();
    let Some(last) = last.filter(|last| last.reason.counts()) else { return Ok(()) };
    let purchase = store::purchase::get(conn, &bench.order.purchase_id)?;
    let row = RefusedDelivery {
        order_id: bench.order.id.clone(),
        cooperative_id: bench.order.cooperative_id.clone(),
        phone: purchase.buyer_phone,
        reason: last.reason,
        at: run.now,
        cleared_at: None,
        cleared_by: None,
        cleared_why: None,
    };
    Ok(store::attempt::insert_refused(conn, &row)?)
}

/// «Xóa ghi nhận»: what an order of this cooperative counts against its buyer's number counts no more. Twice is once.
///
/// # Errors
/// `Refused` without a reason.
pub async fn clear_refused(kit: &Kit, seller: &Seller, id: &OrderId, why: &str) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Manager)?;
    let why = words(why, "why")?;
    if why.is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-reason").about("why")));
    }
    let (now, seller, id) = (kit.now(), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let order = store::order::lock_own(conn, &seller.cooperative, &id)?;
            store::attempt::clear_refused(conn, &order.id, &seller.account, &why, now)?;
            Ok(())
        })
        .await
}
