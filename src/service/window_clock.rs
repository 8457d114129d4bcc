//! The clock of sales windows: what has reached its end is told to its cooperative once, and a window that comes again opens its next
//! round. Due and not done, however long nobody looked.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::telling::{To, owe_words};
use super::windows::{New, WindowSaid, open_round};
use crate::domain::id::SalesWindowId;
use crate::domain::message::MessageKind;
use crate::domain::quantity::Base;
use crate::domain::time::At;
use crate::domain::window::WindowState;
use crate::store::product::Product;
use crate::store::window::SalesWindow;
use crate::store::{self, Conn};
use std::collections::{BTreeMap, HashSet};

/// Windows that one round looks at, so that each write stays short.
const ROUND: i64 = 50;

/// Does what is due for windows whose end is past. Answers how many; more may wait. One that cannot be closed is told to the log and
/// does not stand in the way of the others.
pub async fn close_windows(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    let due = kit.db.read(move |conn| Ok::<_, ServiceError>(store::window::list_due(conn, now, ROUND)?)).await?;
    let mut done: usize = 0;
    for window in due {
        match close_window(kit, &window).await {
            Ok(moved) => done = done.saturating_add(usize::from(moved)),
            Err(error) => tracing::error!(%window, %error, "a sales window could not be closed"),
        }
    }
    Ok(done)
}

/// Closes one window if its end is past. Answers whether it did.
pub async fn close_window(kit: &Kit, id: &SalesWindowId) -> Result<bool, ServiceError> {
    let (draw, id) = (Draw::new(kit), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let seen = store::window::get(conn, &id)?;
            let product = store::product::lock_own(conn, &seen.cooperative_id, &seen.product_id)?;
            store::lot::lock_own(conn, &seen.cooperative_id, &seen.lot_id)?;
            let window = store::window::get(conn, &id)?;
            if window.closes_at > run.now || !store::window::mark_told_closed(conn, &id, run.now)? {
                return Ok(false);
            }
            if matches!(window.state, WindowState::Open | WindowState::Paused) {
                store::window::put_state(conn, &id, WindowState::Closed, window.closes_at)?;
            }
            if !window.state.is_over() {
                tell_closed(conn, &run, &product, &window)?;
            }
            if let Some(plan) = window.plan().next(run.now) {
                let next = WindowSaid { plan, sharing: window.sharing, deposit_bps: window.deposit_bps };
                let new = New {
                    id: SalesWindowId::new(run.now, run.ten()),
                    previous: Some(window.id.clone()),
                    by: &window.opened_by,
                };
                match open_round(conn, &run, &product, &next, new) {
                    // Nothing has a price any more: there is no next round, and this one is closed all the same.
                    Err(ServiceError::Changed(_)) | Ok(()) => {}
                    Err(error) => return Err(error),
                }
            }
            store::change::insert(conn, "product", product.id.as_text(), run.now)?;
            Ok(true)
        })
        .await
}

/// «Đã chốt: 42 kg cho 12 đơn. Hái xong thì ghi hái được bao nhiêu.»
fn tell_closed(conn: &mut Conn, run: &Run, product: &Product, window: &SalesWindow) -> Result<(), ServiceError> {
    let cooperative = store::cooperative::get(conn, &window.cooperative_id)?;
    let (orders, amount) = ordered_of(conn, run.now, window)?;
    let to = To {
        cooperative: Some(&cooperative.id),
        name: &cooperative.name,
        phone: &cooperative.phone,
        email: cooperative.email.as_deref(),
        language: "vi",
        ..To::default()
    };
    let day = window.harvest_from;
    let args = BTreeMap::from([
        ("who", product.name.clone()),
        ("amount", amount.said(product.base_unit)),
        ("orders", orders.to_string()),
        ("by", format!("{}/{}", day.day_of_month(), day.month())),
        ("url", format!("{}/ban-hang/mo-ban/{}", run.house.base_url, window.id)),
    ]);
    owe_words(conn, run, &to, MessageKind::WindowClosed, &args)?;
    Ok(())
}

/// How many living orders a window has, and how much they asked for.
pub(super) fn ordered_of(conn: &mut Conn, now: At, window: &SalesWindow) -> Result<(usize, Base), ServiceError> {
    let lines = store::window::list_lines(conn, &window.id)?;
    let mut ids: Vec<_> = lines.iter().map(|line| line.order_id.clone()).collect();
    ids.dedup();
    let mut living = HashSet::new();
    for chunk in ids.chunks(500) {
        let all = store::order::list_of(conn, chunk)?.into_iter();
        living.extend(all.filter(|order| !order.state_at(now).is_dead()).map(|order| order.id));
    }
    let mine = lines.iter().filter(|line| living.contains(&line.order_id));
    Ok((living.len(), Base::sum(mine.map(|line| line.granted.unwrap_or(line.ordered)))?))
}
