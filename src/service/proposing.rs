//! The cooperative can do an order otherwise: less of a line, or another day. The buyer agrees, or cancels; until then nothing has
//! changed. What is agreed on is the order from then on: its lines, its goods, its sum, and what was paid beyond it is owed back.

use super::accepting::accept;
use super::answering::use_link;
use super::bench::{Bench, lock_any, lock_bench};
use super::crediting::owe_back;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::{By, hours_of};
use super::posting::{About, balance, post};
use super::telling::tell_buyer;
use super::weighing;
use super::who::Seller;
use crate::domain::answer::ProposalState;
use crate::domain::id::{AccountId, ActLinkId, OrderId, OrderLineId, ProposalId};
use crate::domain::ledger::{self, JournalKind};
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::{ActorKind, HoldState, OrderState};
use crate::domain::quantity::{Base, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;
use crate::store::lot::Hold;
use crate::store::order::{Order, OrderLine};
use crate::store::proposal::{Proposal, ProposalLine};
use crate::store::{self, Conn};

/// The dated setting: minutes of the cooperative's hours that a buyer has to agree.
const WITHIN_SETTING: &str = "proposal_within_min";
const WITHIN_MIN: i64 = 720;
/// Days ahead that may be proposed.
const MOST_DAYS: i64 = 60;

/// What a cooperative says it can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CanDo {
    /// Lines with how much of them there would be; lines as ordered may be left out.
    pub lines: Vec<(OrderLineId, Quantity)>,
    pub deliver_on: Option<Day>,
}

/// A proposal beside what was ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub proposal: Proposal,
    pub lines: Vec<(OrderLine, Quantity)>,
    /// A line that weighs more than was promised, with its weight and what it would cost.
    pub weight: Option<(OrderLine, Base, Money)>,
    /// What the order would cost.
    pub total: Money,
}

/// Proposes by a link, which is used up by it.
pub async fn propose_by_link(kit: &Kit, id: &ActLinkId, token: &str, can: &CanDo) -> Result<(), ServiceError> {
    let (draw, id, token, can) = (Draw::new(kit), id.clone(), token.to_owned(), can.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (link, bench) = use_link(conn, &run, &id, &token)?;
            propose_locked(conn, &run, &bench, &link.account_id, &can)
        })
        .await
}

/// Proposes from the order's page behind the sign-in. A later proposal stands for an earlier one.
pub async fn propose(kit: &Kit, seller: &Seller, id: &OrderId, can: &CanDo) -> Result<(), ServiceError> {
    let (draw, seller, id, can) = (Draw::new(kit), seller.clone(), id.clone(), can.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let bench = lock_bench(conn, &run, &seller, &id)?;
            propose_locked(conn, &run, &bench, &seller.account, &can)
        })
        .await
}

fn propose_locked(conn: &mut Conn, run: &Run, bench: &Bench, by: &AccountId, can: &CanDo) -> Result<(), ServiceError> {
    let order = &bench.order;
    if order.state != OrderState::Placed {
        return Err(ServiceError::changed(Refusal::new("refusal-proposal-state").with("code", &order.code)));
    }
    let delivery = store::order::list_deliveries(conn, std::slice::from_ref(&order.id))?.pop();
    let same_day = delivery.and_then(|delivery| delivery.deliver_on);
    let (lines, deliver_on) = read_change(bench, can, same_day, run.now.day())?;
    if is_asked_already(conn, order, &lines, deliver_on)? {
        return Ok(());
    }
    let within = store::setting::find_number(conn, WITHIN_SETTING, run.now.day())?.unwrap_or(WITHIN_MIN);
    let until = hours_of(&bench.cooperative).after(run.now, within);
    let row = Proposal {
        id: ProposalId::new(run.now, run.ten()),
        cooperative_id: order.cooperative_id.clone(),
        order_id: order.id.clone(),
        by_account_id: by.clone(),
        state: ProposalState::Open,
        deliver_on,
        made_at: run.now,
        until,
        ended_at: None,
    };
    let line = |(line, quantity): (&OrderLine, Quantity)| ProposalLine {
        order_proposal_id: row.id.clone(),
        order_line_id: line.id.clone(),
        cooperative_id: order.cooperative_id.clone(),
        quantity,
    };
    store::proposal::end_open(conn, &order.id, ProposalState::Void, run.now)?;
    store::proposal::insert(conn, &row, &lines.into_iter().map(line).collect::<Vec<_>>())?;
    // It is the buyer's turn: the cooperative's clock waits for that.
    store::answer::put_stage(conn, &order.id, order.answer_stage, Some(until))?;
    store::answer::drop_asking_words(conn, &order.id, run.now)?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    tell_buyer(conn, run, order, MessageKind::ChangeProposed, &[])
}

/// Whether the buyer is asked just this: a second press asks nobody twice.
fn is_asked_already(
    conn: &mut Conn,
    order: &Order,
    lines: &[Less<'_>],
    deliver_on: Option<Day>,
) -> Result<bool, ServiceError> {
    let Some(open) = store::proposal::find_open(conn, &order.id)? else { return Ok(false) };
    let asked = store::proposal::list_lines(conn, &open.id)?;
    let is_there =
        |(line, quantity): &Less<'_>| asked.iter().any(|one| one.order_line_id == line.id && one.quantity == *quantity);
    Ok(open.deliver_on == deliver_on && asked.len() == lines.len() && lines.iter().all(is_there))
}

/// A line with how much of it there would be.
type Less<'a> = (&'a OrderLine, Quantity);

/// What differs from the order, and whether it can be: less of a line and never nothing, a day from today on.
fn read_change<'a>(
    bench: &'a Bench,
    can: &CanDo,
    same_day: Option<Day>,
    today: Day,
) -> Result<(Vec<Less<'a>>, Option<Day>), ServiceError> {
    let (mut lines, mut refusals) = (Vec::new(), Vec::new());
    for (id, quantity) in &can.lines {
        let line = bench.lines.iter().find(|line| line.id == *id).ok_or(ServiceError::NotFound)?;
        if line.quantity == *quantity {
            continue;
        }
        let is_less = Quantity(0) < *quantity && *quantity < line.quantity;
        if is_less && quantity.to_base(line.base_per_unit).is_ok() {
            lines.push((line, *quantity));
        } else {
            let refusal = Refusal::new("refusal-proposal-quantity").with("name", &line.product_name);
            let refusal = refusal.with("most", line.quantity.said()).with("unit", &line.unit);
            refusals.push(refusal.about(format!("quantity[{id}]")));
        }
    }
    let deliver_on = can.deliver_on.filter(|day| Some(*day) != same_day);
    if deliver_on.is_some_and(|day| day < today || day > today.plus_days(MOST_DAYS)) {
        refusals.push(Refusal::new("refusal-proposal-day").about("deliver_on"));
    }
    if refusals.is_empty() && lines.is_empty() && deliver_on.is_none() {
        refusals.push(Refusal::new("refusal-proposal-same"));
    }
    if refusals.is_empty() { Ok((lines, deliver_on)) } else { Err(ServiceError::Refused(refusals)) }
}

/// What the buyer of an order is asked now, beside what was ordered.
pub async fn find_change(kit: &Kit, order: &OrderId) -> Result<Option<Change>, ServiceError> {
    let id = order.clone();
    kit.db
        .read(move |conn| {
            let Some(proposal) = store::proposal::find_open(conn, &id)? else { return Ok(None) };
            let order = store::order::get(conn, &id)?;
            let lines = store::order::list_lines(conn, std::slice::from_ref(&id))?;
            let less = store::proposal::list_lines(conn, &proposal.id)?;
            let quantity_of = |line: &OrderLine| less.iter().find(|one| one.order_line_id == line.id);
            let asked = store::packing::find_proposal_weight(conn, &proposal.id)?;
            let weighed = |line: &OrderLine| asked.as_ref().filter(|asked| asked.order_line_id == line.id);
            let mut goods = Money::ZERO;
            for line in &lines {
                let amount = quantity_of(line).map(|one| one.quantity.priced(line.price_vnd)).transpose()?;
                let amount = weighed(line).map(|asked| asked.weighed_vnd).or(amount).or(line.weighed_vnd);
                goods = goods.plus(amount.unwrap_or(line.line_vnd))?;
            }
            let weight = lines
                .iter()
                .find_map(|line| weighed(line).map(|asked| (line.clone(), asked.weighed_base, asked.weighed_vnd)));
            let lines = lines.iter().filter_map(|line| quantity_of(line).map(|one| (line.clone(), one.quantity)));
            Ok(Some(Change { lines: lines.collect(), weight, total: goods.plus(order.shipping_vnd)?, proposal }))
        })
        .await
}

/// The buyer agrees to what stood on the page: the order is that from now on, and stands. The caller has proven the order's key.
pub async fn agree_to_change(kit: &Kit, id: &OrderId, shown: &ProposalId) -> Result<(), ServiceError> {
    let (draw, id, shown) = (Draw::new(kit), id.clone(), shown.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_any(conn, &run, &id)?;
            let open = store::proposal::find_open(conn, &id)?;
            let Some(proposal) = open.filter(|open| open.id == shown && open.until > run.now) else {
                return Err(ServiceError::changed(Refusal::new("refusal-proposal-gone")));
            };
            store::proposal::end_open(conn, &id, ProposalState::Agreed, run.now)?;
            if let Some(weight) = store::packing::find_proposal_weight(conn, &proposal.id)? {
                return weighing::agree(conn, &run, &mut bench, &weight);
            }
            if let Some(day) = proposal.deliver_on {
                store::order::put_day(conn, &id, day)?;
            }
            for less in store::proposal::list_lines(conn, &proposal.id)? {
                shorten(conn, &run, &mut bench, &less.order_line_id, less.quantity)?;
            }
            settle(conn, &run, &mut bench)?;
            // The stock that was given back a moment ago can serve what is missing.
            bench.stock = super::holding::lock_stock_of(conn, run.now, std::slice::from_ref(&id))?;
            accept(conn, &run, &mut bench, By { kind: ActorKind::Shopper, account: None })
        })
        .await
}

/// Less of a line at the price it was ordered at; what it no longer needs is given back.
pub(super) fn shorten(
    conn: &mut Conn,
    run: &Run,
    bench: &mut Bench,
    of: &OrderLineId,
    quantity: Quantity,
) -> Result<(), ServiceError> {
    let line = bench.lines.iter_mut().find(|line| line.id == *of).ok_or(ServiceError::NotFound)?;
    let base =
        quantity.to_base(line.base_per_unit).map_err(|_part| ServiceError::broken("less of no whole quantity"))?;
    let amount = quantity.priced(line.price_vnd)?;
    store::proposal::put_quantity(conn, &line.id, quantity, base, amount)?;
    (line.quantity, line.base_quantity, line.line_vnd) = (quantity, base, amount);
    let mine = bench.holds.iter().filter(|hold| hold.order_line_id == line.id && hold.state == HoldState::Standing);
    let mine: Vec<Hold> = mine.cloned().collect();
    let mut surplus = Base::sum(mine.iter().map(|hold| hold.base_quantity))?.minus(base)?;
    for hold in mine.iter().rev() {
        if !surplus.is_positive() {
            break;
        }
        let kept = hold.base_quantity.minus(surplus)?;
        surplus = surplus.minus(hold.base_quantity)?;
        // Never let go and taken again: the lot may have promised more than it holds.
        let is_there = if kept.is_positive() {
            store::lot::shrink_hold(conn, hold, kept)?
        } else {
            store::lot::end_hold(conn, hold, HoldState::Released, run.now)?
        };
        if !is_there {
            return Err(ServiceError::broken("a hold changed under the lock of its lot"));
        }
    }
    Ok(store::change::insert(conn, "product", line.product_id.as_text(), run.now)?)
}

/// The sums that follow from the lines. Delivery costs what it did; what was paid beyond the new sum is owed back.
pub(super) fn settle(conn: &mut Conn, run: &Run, bench: &mut Bench) -> Result<(), ServiceError> {
    weighing::put_sums(conn, run, bench)?;
    let order = &bench.order;
    let excess = balance(conn, &order.id)?.prepaid.minus(order.total_vnd)?;
    if !excess.is_positive() {
        return Ok(());
    }
    let about = About {
        cooperative: &order.cooperative_id,
        kind: JournalKind::Correction,
        order: Some(&order.id),
        event: None,
        by: None,
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::lower(&order.id, excess)?)?;
    owe_back(conn, run, order, excess)
}
