//! «Cân xong»: true weights of lines, guarded. A figure that is times off, beyond the tolerance or below it is asked back; two figures
//! for one line are never settled by who was later; what the buyer did not agree to is not charged. Packing itself is `handling`'s.

use super::bench::{Bench, lock_order, tell_trace};
use super::draw::Run;
use super::error::ServiceError;
use super::holding;
use super::moving::hours_of;
use super::selling::names_of;
use super::telling::{owe_link, tell_buyer};
use super::vouchers;
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::answer::ProposalState;
use crate::domain::id::{AccountId, LineWeightId, OrderId, OrderLineId, ProposalId};
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::OrderState;
use crate::domain::quantity::{Base, priced_base};
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;
use crate::domain::trace::Step;
use crate::domain::weighing::{Promised, TOLERANCE_BPS, Verdict};
use crate::store::order::{Order, OrderLine};
use crate::store::packing::{LineWeight, ProposalWeight};
use crate::store::product::Product;
use crate::store::proposal::Proposal;
use crate::store::{self, Conn};
use crate::view::filters;

/// The dated setting: what may be off where a product states nothing, in ten-thousandths.
const TOLERANCE_SETTING: &str = "weight_tolerance_bps";
/// Minutes of the cooperative's hours that a buyer has to answer: the goods stand on the scale.
const ANSWER_WITHIN_MIN: i64 = 120;

/// What a packer has said to being asked back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// The rest is given: the buyer pays the tolerance at most.
    Give,
    /// There is no more: the buyer is told.
    Less,
}

/// One figure for one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub line: OrderLineId,
    pub base: Base,
    /// What the page showed as its weight; the outer none: the page did not say.
    pub seen: Option<Option<Base>>,
    pub say: Option<Say>,
}

impl Weighed {
    /// A figure by itself.
    pub fn plain(line: OrderLineId, base: Base) -> Self {
        Self { line, base, seen: None, say: None }
    }
}

/// What was promised of a line.
pub(super) fn promised(line: &OrderLine, product: Option<&Product>, market_bps: i64) -> Promised {
    let stated = product.map_or(0, |product| product.tolerance_bps);
    let under_bps = if stated > 0 { stated } else { market_bps };
    Promised { ordered: line.base_quantity, over_bps: stated, under_bps }
}

pub(super) fn market_bps(conn: &mut Conn, today: Day) -> Result<i64, ServiceError> {
    Ok(store::setting::find_number(conn, TOLERANCE_SETTING, today)?.unwrap_or(TOLERANCE_BPS))
}

/// A line that takes a figure, with what the figure costs and whether the buyer is told of it.
struct Taken {
    line: usize,
    base: Base,
    amount: Money,
    is_less: bool,
}

/// Writes figures of an order that is to be packed. The same figures once more change nothing; all are taken or none.
pub(super) fn weigh_in(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    id: &OrderId,
    weights: &[Weighed],
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let mut bench = lock_order(conn, seller, id)?;
    must_be_confirmed(&bench.order)?;
    let (mut taken, mut refused, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for one in weights {
        match take(conn, run, &bench, one)? {
            Ok(Some(figure)) => taken.push(figure),
            Ok(None) => {}
            Err(refusal) if refusal.key == "refusal-weight-two" || refusal.key == "refusal-line-out" => {
                changed.push(refusal);
            }
            Err(refusal) => refused.push(refusal),
        }
    }
    if !refused.is_empty() {
        return Err(ServiceError::Refused(refused));
    }
    if !changed.is_empty() {
        return Err(ServiceError::Changed(changed));
    }
    if taken.is_empty() {
        return Ok(());
    }
    for figure in &taken {
        let Some(line) = bench.lines.get_mut(figure.line) else { continue };
        put(conn, run, line, Some(&seller.account), (figure.base, figure.amount), None)?;
    }
    put_sums(conn, run, &mut bench)?;
    store::proposal::end_open(conn, &bench.order.id, ProposalState::Void, run.now)?;
    for line in taken.iter().filter(|figure| figure.is_less).filter_map(|figure| bench.lines.get(figure.line)) {
        let weighed = line.weighed_base.unwrap_or_default().said(line.base_unit);
        let what = format!("{}: {} → {weighed}", line.product_name, line.base_quantity.said(line.base_unit));
        tell_buyer(conn, run, &bench.order, MessageKind::OrderChanged, &[("reason", what)])?;
    }
    tell_trace(conn, run, &bench, Some(&seller.account), Step::Weighed)?;
    Ok(store::change::insert(conn, "order", bench.order.id.as_text(), run.now)?)
}

pub(super) fn must_be_confirmed(order: &Order) -> Result<(), ServiceError> {
    if order.state == OrderState::Confirmed {
        return Ok(());
    }
    Err(ServiceError::changed(Refusal::new("refusal-weigh-state").with("state", order.state)))
}

/// What a figure would write: none when it stands there already, or why it is asked back.
fn take(
    conn: &mut Conn,
    run: &Run,
    bench: &Bench,
    one: &Weighed,
) -> Result<Result<Option<Taken>, Refusal>, ServiceError> {
    let found = bench.lines.iter().enumerate().find(|(_, line)| line.id == one.line);
    let (at, line) = found.ok_or(ServiceError::NotFound)?;
    if line.weighed_base == Some(one.base) && one.base.is_positive() {
        return Ok(Ok(None));
    }
    if line.weighed_base == Some(Base::ZERO) {
        return Ok(Err(Refusal::new("refusal-line-out").with("name", &line.product_name).about(field(line))));
    }
    if one.seen.is_some_and(|seen| seen != line.weighed_base) {
        return Ok(Err(two_figures(conn, run, line, one.base)?));
    }
    let product = store::product::get(conn, &line.product_id)?;
    let promised = promised(line, Some(&product), market_bps(conn, run.now.day())?);
    let verdict = promised.judge(one.base);
    if let Err(refusal) = answered(line, promised, one, verdict) {
        return Ok(Err(refusal));
    }
    let amount = if product.charged_by_true_weight {
        priced_base(line.price_vnd, promised.charged(one.base), line.base_per_unit)?
    } else {
        line.line_vnd
    };
    let is_less = verdict == Verdict::Under && product.charged_by_true_weight;
    Ok(Ok(Some(Taken { line: at, base: one.base, amount, is_less })))
}

fn field(line: &OrderLine) -> String {
    format!("weight[{}]", line.id)
}

/// Whether what a figure asks has been answered.
fn answered(line: &OrderLine, promised: Promised, one: &Weighed, verdict: Verdict) -> Result<(), Refusal> {
    let said = |base: Base| base.said(line.base_unit);
    let say = |key: &str| {
        let refusal = Refusal::new(key).with("name", &line.product_name).about(field(line));
        refusal.with("weighed", said(one.base)).with("ordered", said(line.base_quantity))
    };
    match (verdict, one.say) {
        (Verdict::Fine, _) | (Verdict::Over, Some(Say::Give)) | (Verdict::Under, Some(Say::Less)) => Ok(()),
        (Verdict::Nothing, _) => Err(say("refusal-weight")),
        (Verdict::TimesOff, _) => Err(say("refusal-weight-ten-times")),
        (Verdict::Over, _) => Err(say("refusal-weight-tolerance").with("most", said(promised.most()))),
        (Verdict::Under, _) => Err(say("refusal-weight-under").with("least", said(promised.least()))),
    }
}

/// Somebody has weighed the line meanwhile: both figures are said, and a person chooses.
fn two_figures(conn: &mut Conn, run: &Run, line: &OrderLine, mine: Base) -> Result<Refusal, ServiceError> {
    let weights = store::packing::list_weights(conn, std::slice::from_ref(&line.order_id))?;
    let last = weights.into_iter().rev().find(|weight| weight.order_line_id == line.id);
    let by: Option<AccountId> = last.as_ref().and_then(|weight| weight.by_account_id.clone());
    let who = names_of(conn, by.into_iter().collect())?.into_values().next().unwrap_or_default();
    let at = filters::at_said(last.map_or(run.now, |weight| weight.at), Lang::Vi, true);
    let there = line.weighed_base.unwrap_or_default().said(line.base_unit);
    let refusal = Refusal::new("refusal-weight-two").with("name", &line.product_name).with("who", who).with("at", at);
    Ok(refusal.with("there", there).with("mine", mine.said(line.base_unit)).about(field(line)))
}

/// The weight of a line and what it costs, with its row of history.
pub(super) fn put(
    conn: &mut Conn,
    run: &Run,
    line: &mut OrderLine,
    by: Option<&AccountId>,
    (base, amount): (Base, Money),
    reason: Option<&str>,
) -> Result<(), ServiceError> {
    store::order::put_weight(conn, &line.id, base, amount, run.now)?;
    (line.weighed_base, line.weighed_vnd, line.weighed_at) = (Some(base), Some(amount), Some(run.now));
    let row = LineWeight {
        id: LineWeightId::new(run.now, run.ten_in_order()),
        cooperative_id: line.cooperative_id.clone(),
        order_id: line.order_id.clone(),
        order_line_id: line.id.clone(),
        by_account_id: by.cloned(),
        weighed_base: base,
        weighed_vnd: amount,
        reason: reason.map(str::to_owned),
        at: run.now,
    };
    Ok(store::packing::insert_weight(conn, &row)?)
}

/// The sums that follow from the lines.
pub(super) fn put_sums(conn: &mut Conn, run: &Run, bench: &mut Bench) -> Result<(), ServiceError> {
    let gross = Money::sum(bench.lines.iter().map(|line| line.weighed_vnd.unwrap_or(line.line_vnd)))?;
    let goods = vouchers::put_net(conn, &bench.order.id, gross)?;
    let total = goods.plus(bench.order.shipping_vnd)?;
    store::order::put_sums(conn, &bench.order.id, goods, total, run.now)?;
    (bench.order.goods_vnd, bench.order.total_vnd) = (goods, total);
    owe_link(conn, run, &bench.order.id)
}

/// «Hỏi khách»: the buyer may take more than was promised, at its price, by the order's link. Until then nothing has changed; asked the
/// same once more, nobody is asked twice.
pub(super) fn ask_buyer_in(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    id: &OrderId,
    one: &Weighed,
) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let bench = lock_order(conn, seller, id)?;
    must_be_confirmed(&bench.order)?;
    let line = bench.lines.iter().find(|line| line.id == one.line).ok_or(ServiceError::NotFound)?;
    if one.seen.is_some_and(|seen| seen != line.weighed_base) {
        return Err(ServiceError::changed(two_figures(conn, run, line, one.base)?));
    }
    let product = store::product::get(conn, &line.product_id)?;
    let promised = promised(line, Some(&product), market_bps(conn, run.now.day())?);
    if promised.judge(one.base) != Verdict::Over || !product.charged_by_true_weight {
        answered(line, promised, one, promised.judge(one.base))?;
        return Err(ServiceError::refused(Refusal::new("refusal-ask-needless").with("name", &line.product_name)));
    }
    let amount = priced_base(line.price_vnd, one.base, line.base_per_unit)?;
    if let Some(open) = store::proposal::find_open(conn, id)?
        && let Some(weight) = store::packing::find_proposal_weight(conn, &open.id)?
        && (&weight.order_line_id, weight.weighed_base) == (&one.line, one.base)
        && open.until > run.now
    {
        return Ok(());
    }
    store::proposal::end_open(conn, id, ProposalState::Void, run.now)?;
    let until = hours_of(&bench.cooperative).after(run.now, ANSWER_WITHIN_MIN);
    let row = Proposal {
        id: ProposalId::new(run.now, run.ten()),
        cooperative_id: bench.order.cooperative_id.clone(),
        order_id: id.clone(),
        by_account_id: seller.account.clone(),
        state: ProposalState::Open,
        deliver_on: None,
        made_at: run.now,
        until,
        ended_at: None,
    };
    store::proposal::insert(conn, &row, &[])?;
    let weight = ProposalWeight {
        order_proposal_id: row.id.clone(),
        cooperative_id: row.cooperative_id.clone(),
        order_line_id: one.line.clone(),
        weighed_base: one.base,
        weighed_vnd: amount,
    };
    store::packing::insert_proposal_weight(conn, &weight)?;
    store::change::insert(conn, "order", id.as_text(), run.now)?;
    let what = format!(
        "{}: {} → {}, {amount}",
        line.product_name,
        line.base_quantity.said(line.base_unit),
        one.base.said(line.base_unit)
    );
    tell_buyer(conn, run, &bench.order, MessageKind::WeightAsked, &[("reason", what)])
}

/// The buyer takes more than was promised. Lots and order are locked, the proposal has been ended.
pub(super) fn agree(
    conn: &mut Conn,
    run: &Run,
    bench: &mut Bench,
    weight: &ProposalWeight,
) -> Result<(), ServiceError> {
    must_be_confirmed(&bench.order)?;
    let found = bench.lines.iter_mut().find(|line| line.id == weight.order_line_id);
    let line = found.ok_or(ServiceError::NotFound)?;
    put(conn, run, line, None, (weight.weighed_base, weight.weighed_vnd), None)?;
    put_sums(conn, run, bench)?;
    tell_trace(conn, run, bench, None, Step::Weighed)?;
    Ok(store::change::insert(conn, "order", bench.order.id.as_text(), run.now)?)
}

/// The products of a bench, for what was promised of its lines.
pub(super) fn products_of(conn: &mut Conn, bench: &Bench) -> Result<Vec<Product>, ServiceError> {
    Ok(store::product::list_of(conn, &holding::products_of(&bench.lines))?)
}
