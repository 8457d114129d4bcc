//! Sales windows: opened with three questions, paused, ended early, changed. Opening one bears its planned lot and offers of its own;
//! what is ordered of it is noted beside the order's lines. Whoever changes a window holds the lock of its product, then of its lot.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::owing::refuse_while_late;
use super::recording::move_stock;
use super::stock_view;
use super::who::{Seller, may_list};
use crate::domain::code::LotCode;
use crate::domain::id::{AccountId, LotId, OfferId, OrderId, ProductId, SalesWindowId};
use crate::domain::quantity::Base;
use crate::domain::refusal::Refusal;
use crate::domain::sharing::SharingRule;
use crate::domain::stock::{LotKind, LotState, MovementKind};
use crate::domain::time::{At, Day};
use crate::domain::window::{Plan, WindowState, answers_from};
use crate::store::lot::Lot;
use crate::store::order::{Order, OrderLine};
use crate::store::product::{Offer, Product};
use crate::store::window::{SalesWindow, WindowLine, WindowOffer};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// What a seller says of a window to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowSaid {
    pub plan: Plan,
    pub sharing: SharingRule,
    /// Asked for before an order stands, basis points.
    pub deposit_bps: i64,
}

/// Opens a window: its planned lot, its offers. `id` comes along with the form: sent twice, it opens one.
pub async fn open_window(
    kit: &Kit,
    seller: &Seller,
    product: &ProductId,
    said: &WindowSaid,
    id: &SalesWindowId,
) -> Result<(), ServiceError> {
    may_list(seller)?;
    let mut refusals = said.plan.check(kit.now());
    if !(0..=10_000).contains(&said.deposit_bps) {
        refusals.push(Refusal::new("refusal-window-deposit").about("deposit"));
    }
    if !refusals.is_empty() {
        return Err(ServiceError::Refused(refusals));
    }
    let (draw, seller, product, said, id) = (Draw::new(kit), seller.clone(), product.clone(), said.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let product = store::product::lock_own(conn, &seller.cooperative, &product)?;
            if let Some(there) = store::window::find(conn, &id)? {
                return if there.product_id == product.id { Ok(()) } else { Err(ServiceError::NotFound) };
            }
            refuse_while_late(conn, run.now, &seller.cooperative)?;
            let new = New { id: id.clone(), previous: None, by: &seller.account };
            open_round(conn, &run, &product, &said, new)
        })
        .await
}

/// Who opens a window, and which round of it it is.
pub(super) struct New<'a> {
    pub id: SalesWindowId,
    pub previous: Option<SalesWindowId>,
    pub by: &'a AccountId,
}

/// Writes a window with its lot and offers. The product is locked by the caller.
pub(super) fn open_round(
    conn: &mut Conn,
    run: &Run,
    product: &Product,
    said: &WindowSaid,
    new: New<'_>,
) -> Result<(), ServiceError> {
    let plan = &said.plan;
    let offers = store::product::list_offers(conn, std::slice::from_ref(&product.id))?;
    if offers.is_empty() {
        return Err(ServiceError::changed(Refusal::new("refusal-window-no-price").with("name", &product.name)));
    }
    let lot = plan_lot(conn, run, product, plan, new.by)?;
    let window = SalesWindow {
        id: new.id,
        cooperative_id: product.cooperative_id.clone(),
        product_id: product.id.clone(),
        lot_id: lot,
        harvest_from: plan.harvest_from,
        harvest_to: plan.harvest_to,
        planned: plan.planned,
        closes_at: plan.closes_at,
        weekdays: plan.weekdays.clone(),
        state: WindowState::Open,
        sharing: said.sharing,
        deposit_bps: said.deposit_bps,
        previous_id: new.previous,
        opened_by: new.by.clone(),
        made_at: run.now,
        closed_at: None,
        harvested: None,
        harvested_on: None,
        harvested_at: None,
        harvested_by: None,
    };
    store::window::insert(conn, &window)?;
    let ids: Vec<OfferId> = offers.iter().map(|offer| offer.id.clone()).collect();
    let steps = store::product::list_steps(conn, &ids)?;
    for usual in offers {
        // Not in use, so that it is nowhere sold but by its window.
        let own = Offer { id: OfferId::new(run.now, run.ten()), is_active: false, ..usual.clone() };
        store::product::insert_offer(conn, &own)?;
        for step in steps.iter().filter(|step| step.offer_id == usual.id) {
            let step = store::product::OfferStep { offer_id: own.id.clone(), ..step.clone() };
            store::product::insert_step(conn, &step)?;
        }
        let row = WindowOffer {
            offer_id: own.id,
            sales_window_id: window.id.clone(),
            cooperative_id: window.cooperative_id.clone(),
        };
        store::window::insert_offer(conn, &row)?;
    }
    Ok(store::change::insert(conn, "product", product.id.as_text(), run.now)?)
}

/// The lot that is only planned: what can be promised of it is the plan, and no trace tells of goods that are not there.
fn plan_lot(conn: &mut Conn, run: &Run, product: &Product, plan: &Plan, by: &AccountId) -> Result<LotId, ServiceError> {
    let cooperative = store::cooperative::get(conn, &product.cooperative_id)?;
    let mut code = LotCode::draw(run);
    for _ in 0..8 {
        if store::lot::find_by_code(conn, &code)?.is_none() {
            break;
        }
        code = LotCode::draw(run);
    }
    let place = store::lot::list_of_product(conn, &product.id, 1)?.pop().map(|lot| (lot.place, lot.commune_code));
    let (place, commune_code) = place.unwrap_or((String::new(), cooperative.commune_code));
    let lot = Lot {
        id: LotId::new(run.now, run.ten()),
        code,
        cooperative_id: product.cooperative_id.clone(),
        owner_cooperative_id: product.cooperative_id.clone(),
        product_id: product.id.clone(),
        plot_id: None,
        grower_member_id: None,
        kind: LotKind::Window,
        made_on: plan.harvest_from,
        best_before: None,
        place,
        commune_code,
        state: LotState::Open,
        state_reason: None,
        on_hand: Base::ZERO,
        held: Base::ZERO,
        created_at: run.now,
    };
    store::lot::insert(conn, &lot)?;
    let (kind, owner) = (MovementKind::Plan, &product.cooperative_id);
    move_stock(conn, run, owner, &lot.id, kind, plan.planned, None, Some(by), (None, None))?;
    Ok(lot.id)
}

/// What a seller does with a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowAct {
    Pause,
    Resume,
    /// No more orders from now on.
    End,
    /// It comes again no more.
    Once,
    /// Another amount is expected; never less than is promised.
    Amount(Base),
}

/// Changes a window. What stands already is done: pressed twice it is done once.
///
/// # Errors
/// `Changed` when it is over, or less would be planned than is promised.
pub async fn change_window(
    kit: &Kit,
    seller: &Seller,
    id: &SalesWindowId,
    act: &WindowAct,
) -> Result<(), ServiceError> {
    may_list(seller)?;
    let (draw, seller, id, act) = (Draw::new(kit), seller.clone(), id.clone(), act.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (product, lot, window) = lock_window(conn, &seller, &id)?;
            if act == WindowAct::Once {
                return Ok(store::window::put_once(conn, &id)?);
            }
            let closed = || Err(ServiceError::changed(Refusal::new("refusal-window-over")));
            if window.state.is_over() {
                return closed();
            }
            let is_past = window.state == WindowState::Closed || window.closes_at <= run.now;
            match (&act, is_past) {
                (WindowAct::Amount(amount), _) => put_amount(conn, &run, &seller, &product, (&lot, &window), *amount)?,
                // Ended already: nothing is left to do.
                (WindowAct::End, true) => {}
                (_, true) => return closed(),
                (WindowAct::End, false) => {
                    store::window::put_state(conn, &id, WindowState::Closed, run.now)?;
                }
                (WindowAct::Pause, false) => {
                    store::window::put_state(conn, &id, WindowState::Paused, window.closes_at)?;
                }
                (WindowAct::Resume | WindowAct::Once, false) => {
                    store::window::put_state(conn, &id, WindowState::Open, window.closes_at)?;
                }
            }
            Ok(store::change::insert(conn, "product", product.id.as_text(), run.now)?)
        })
        .await
}

/// Locks a window's product and lot, and reads it under them. Another cooperative's is not there.
pub(super) fn lock_window(
    conn: &mut Conn,
    seller: &Seller,
    id: &SalesWindowId,
) -> Result<(Product, Lot, SalesWindow), ServiceError> {
    let window = store::window::get_own(conn, &seller.cooperative, id)?;
    let product = store::product::lock_own(conn, &seller.cooperative, &window.product_id)?;
    let lot = store::lot::lock_own(conn, &seller.cooperative, &window.lot_id)?;
    Ok((product, lot, store::window::get(conn, id)?))
}

/// Another amount: what is promised stays promised, and whoever expects less than that is told so.
fn put_amount(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    product: &Product,
    (lot, window): (&Lot, &SalesWindow),
    amount: Base,
) -> Result<(), ServiceError> {
    if !(1..=1_000_000_000_000).contains(&amount.0) {
        return Err(ServiceError::refused(Refusal::new("refusal-lot-quantity").about("quantity")));
    }
    if amount < lot.held {
        let refusal = Refusal::new("refusal-window-promised").with("promised", lot.held.said(product.base_unit));
        return Err(ServiceError::changed(refusal.about("quantity")));
    }
    let more = amount.minus(window.planned)?;
    if more != Base::ZERO {
        let (kind, owner, by) = (MovementKind::Plan, &seller.cooperative, Some(&seller.account));
        move_stock(conn, run, owner, &lot.id, kind, more, None, by, (None, None))?;
        store::window::put_planned(conn, &window.id, amount)?;
    }
    Ok(())
}

/// An offer of a window as a checkout meets it.
pub(super) struct WindowShelf {
    pub offer: Offer,
    pub window: SalesWindow,
    /// When it takes no order: the next harvest that can be ordered, and whether other lots are there now.
    next: Option<Day>,
    is_in_stock: bool,
}

impl WindowShelf {
    /// «Đợt này đã chốt»: kindly, with what there is instead.
    pub fn closed(&self, name: &str) -> Refusal {
        closed(name, self.next, self.is_in_stock)
    }
}

fn closed(name: &str, next: Option<Day>, is_in_stock: bool) -> Refusal {
    let next = next.map_or_else(|| "none".to_owned(), |day| format!("{}/{}", day.day_of_month(), day.month()));
    let instead = if is_in_stock { "there" } else { "none" };
    Refusal::new("refusal-window-closed").with("name", name).with("next", next).with("instead", instead)
}

/// The windows whose offers a checkout names, each with what there is instead when it takes no more.
pub(super) fn shelf_of(
    conn: &mut Conn,
    now: At,
    offers: Vec<OfferId>,
) -> Result<HashMap<OfferId, WindowShelf>, ServiceError> {
    let mut out = HashMap::new();
    if offers.is_empty() {
        return Ok(out);
    }
    for (offer, window) in store::window::list_of_offers(conn, &offers)? {
        let (next, is_in_stock) = if window.takes(now) { (None, false) } else { instead_of(conn, now, &window)? };
        out.insert(offer.id.clone(), WindowShelf { offer, window, next, is_in_stock });
    }
    Ok(out)
}

fn instead_of(conn: &mut Conn, now: At, window: &SalesWindow) -> Result<(Option<Day>, bool), ServiceError> {
    let product = std::slice::from_ref(&window.product_id);
    let next = store::window::list_open_of(conn, product, now)?.into_iter().find(|other| other.id != window.id);
    let stock = stock_view::stock_of(conn, now, product)?.remove(&window.product_id).unwrap_or_default();
    Ok((next.map(|next| next.harvest_from), stock_view::available(&stock)?.is_positive()))
}

/// A line of a checkout that is of a window.
pub(super) struct LineOfWindow<'a> {
    /// Its place in the request.
    pub index: usize,
    pub name: &'a str,
    pub window: &'a SalesWindow,
}

/// Lines whose window takes no more, read under the locks of their lots.
pub(super) fn closed_meanwhile(
    conn: &mut Conn,
    now: At,
    lines: &[LineOfWindow<'_>],
) -> Result<Vec<Refusal>, ServiceError> {
    let ids: Vec<SalesWindowId> = lines.iter().map(|line| line.window.id.clone()).collect();
    let mut against = Vec::new();
    if ids.is_empty() {
        return Ok(against);
    }
    let rows = store::window::list_of(conn, &ids)?;
    for LineOfWindow { index, name, window } in lines {
        let row = rows.iter().find(|row| row.id == window.id);
        if row.is_none_or(|row| !row.takes(now)) {
            let (next, is_in_stock) = instead_of(conn, now, window)?;
            against.push(closed(name, next, is_in_stock).about(format!("lines[{index}].offer")));
        }
    }
    Ok(against)
}

/// Notes that a line is of a window.
pub(super) fn note_line(conn: &mut Conn, line: &OrderLine, window: &SalesWindow) -> Result<(), ServiceError> {
    let row = WindowLine {
        order_line_id: line.id.clone(),
        order_id: line.order_id.clone(),
        cooperative_id: line.cooperative_id.clone(),
        sales_window_id: window.id.clone(),
        ordered: line.base_quantity,
        granted: None,
        settled_at: None,
    };
    Ok(store::window::insert_line(conn, &row)?)
}

/// From when an order that waits for a harvest has to be answered; none for all others.
pub(super) fn answered_from(conn: &mut Conn, order: &OrderId) -> Result<Option<At>, ServiceError> {
    let window = store::window::find_of_order(conn, order)?.filter(|window| !window.state.is_over());
    Ok(window.map(|window| answers_from(window.harvest_to)))
}

/// The dated setting: whether a buyer may take an order with a deposit back after its window has closed.
const CANCEL_SETTING: &str = "deposit_cancel_after_close";

/// Whether a buyer may take an order with a deposit back after its window has closed: said before anybody orders.
pub(super) fn may_cancel_late(conn: &mut Conn, now: At) -> Result<bool, ServiceError> {
    Ok(store::setting::find_number(conn, CANCEL_SETTING, now.day())?.unwrap_or(1) != 0)
}

/// Where the rule says so, an order that has its deposit is not taken back by its buyer any more once its window is closed. The
/// cooperative can still give it back, with everything that was paid.
pub(super) fn refuse_late_cancel(conn: &mut Conn, now: At, order: &Order) -> Result<(), ServiceError> {
    if !order.deposit_vnd.is_positive() || order.placed_at.is_none() || may_cancel_late(conn, now)? {
        return Ok(());
    }
    match store::window::find_of_order(conn, &order.id)? {
        Some(window) if window.closes_at <= now => {
            Err(ServiceError::changed(Refusal::new("refusal-deposit-closed").with("code", &order.code)))
        }
        _ => Ok(()),
    }
}
