//! Taps of packers, each done once however often a phone sends it: weigh, ask the buyer, pack, take an order up or leave it, say that a
//! line is missing. Knows no script and no page; what a tap does is `weighing`'s, `handling`'s and `substituting`'s.

use super::bench::lock_order;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::handling::pack_in;
use super::kit::Kit;
pub use super::packer::seen_of;
use super::packer::{anothers, others};
use super::substituting;
use super::weighing::{Weighed, ask_buyer_in, must_be_confirmed, weigh_in};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::{AccountId, OfferId, OrderId, OrderLineId, hex};
use crate::domain::packing::{is_in_hand, is_key};
use crate::domain::refusal::Refusal;
use crate::store::packing::{OrderPacker, PackingAct};
use crate::store::told::Told;
use crate::store::{self, Conn};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a packer taps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Weigh(Weighed),
    /// The buyer may take more than was promised, at its price.
    Ask(Weighed),
    /// `seen` is what the page showed of the order's lines.
    Pack {
        seen: Option<String>,
    },
    /// «Tôi đóng đơn này»; `from` is who the page showed as its packer.
    TakeUp {
        from: Option<AccountId>,
    },
    Leave,
    /// «Thiếu»: the line goes out of the order.
    Without(OrderLineId),
    /// «Thiếu»: another product of the cooperative goes into the box instead.
    Instead(OrderLineId, OfferId),
}

/// Why a tap was refused, as it is kept for whoever sends it again.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    has_changed: bool,
    refusals: Vec<Refusal>,
}

/// Does a tap on one of the cooperative's own orders. Under a key it is done once: sent again it is answered as the first time.
///
/// # Errors
/// `Refused` for what is asked back, `Changed` for what another person has done meanwhile; neither changes anything.
pub async fn act(kit: &Kit, seller: &Seller, id: &OrderId, key: Option<&str>, act: &Act) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    if key.is_some_and(|key| !is_key(key)) {
        return Err(ServiceError::refused(Refusal::new("refusal-packing-key")));
    }
    let request_hash = hex(&Sha256::digest(format!("{id}:{act:?}").as_bytes()));
    let row = key.map(|key| PackingAct {
        cooperative_id: seller.cooperative.clone(),
        key: key.to_owned(),
        order_id: id.clone(),
        account_id: seller.account.clone(),
        request_hash,
        refused: None,
        made_at: kit.now(),
    });
    let done = try_once(kit, seller, id, row.clone(), act).await;
    let (Some(row), Err(error)) = (row, &done) else { return done };
    let (has_changed, refusals) = match error {
        ServiceError::Refused(refusals) => (false, refusals.clone()),
        ServiceError::Changed(refusals) => (true, refusals.clone()),
        _ => return done,
    };
    let refused = serde_json::to_string(&Kept { has_changed, refusals }).map_err(ServiceError::broken)?;
    let row = PackingAct { refused: Some(refused), ..row };
    kit.db
        .write(move |conn| {
            store::packing::insert_new_act(conn, &row)?;
            Ok::<_, ServiceError>(())
        })
        .await?;
    done
}

async fn try_once(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    row: Option<PackingAct>,
    act: &Act,
) -> Result<(), ServiceError> {
    let (draw, seller, id, act) = (Draw::new(kit), seller.clone(), id.clone(), act.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            // Another cooperative's order is not there, whatever the key.
            store::order::get_own(conn, &seller.cooperative, &id)?;
            if let Some(row) = &row
                && store::packing::insert_new_act(conn, row)? == Told::Seen
            {
                return answer_again(&store::packing::get_act(conn, &row.cooperative_id, &row.key)?, row);
            }
            do_act(conn, &run, &seller, &id, &act)
        })
        .await
}

/// A tap that was answered before.
fn answer_again(before: &PackingAct, now: &PackingAct) -> Result<(), ServiceError> {
    if (&before.request_hash, &before.account_id) != (&now.request_hash, &now.account_id) {
        return Err(ServiceError::refused(Refusal::new("refusal-packing-key")));
    }
    let Some(refused) = &before.refused else { return Ok(()) };
    let kept: Kept = serde_json::from_str(refused).map_err(ServiceError::broken)?;
    Err(if kept.has_changed { ServiceError::Changed(kept.refusals) } else { ServiceError::Refused(kept.refusals) })
}

fn do_act(conn: &mut Conn, run: &Run, seller: &Seller, id: &OrderId, act: &Act) -> Result<(), ServiceError> {
    match act {
        Act::Weigh(one) => weigh_in(conn, run, seller, id, std::slice::from_ref(one)),
        Act::Ask(one) => ask_buyer_in(conn, run, seller, id, one),
        Act::Pack { seen } => pack_in(conn, run, seller, id, seen.as_deref()),
        Act::TakeUp { from } => take_up(conn, run, seller, id, from.as_ref()),
        Act::Leave => leave(conn, run, seller, id),
        Act::Without(line) => substituting::without(conn, run, seller, id, line),
        Act::Instead(line, offer) => substituting::instead(conn, run, seller, id, line, offer),
    }
}

/// «Tôi đóng đơn này». Of an order that somebody else has in hand it is asked back, until the page has shown exactly that person.
fn take_up(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    id: &OrderId,
    from: Option<&AccountId>,
) -> Result<(), ServiceError> {
    let bench = lock_order(conn, seller, id)?;
    must_be_confirmed(&bench.order)?;
    let other = others(conn, run, seller, &bench.order)?;
    if let Some(packer) = other.as_ref().filter(|packer| from != Some(&packer.account_id)) {
        return Err(ServiceError::changed(anothers(conn, &bench.order, packer)?));
    }
    let there = store::packing::find_packer(conn, id)?;
    if there.is_some_and(|row| row.account_id == seller.account && is_in_hand(row.since, run.now)) {
        return Ok(());
    }
    let row = OrderPacker {
        order_id: id.clone(),
        cooperative_id: bench.order.cooperative_id.clone(),
        account_id: seller.account.clone(),
        since: run.now,
        taken_from: other.map(|packer| packer.account_id),
    };
    store::packing::put_packer(conn, &row)?;
    Ok(store::change::insert(conn, "order", id.as_text(), run.now)?)
}

/// «Để người khác đóng». What somebody else has in hand stays theirs.
fn leave(conn: &mut Conn, run: &Run, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    let bench = lock_order(conn, seller, id)?;
    let mine = store::packing::find_packer(conn, &bench.order.id)?.filter(|row| row.account_id == seller.account);
    if mine.is_none() {
        return Ok(());
    }
    store::packing::delete_packer(conn, id)?;
    Ok(store::change::insert(conn, "order", id.as_text(), run.now)?)
}
