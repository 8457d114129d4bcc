//! What is owed back to buyers, kept beside the ledger: whenever an order's debt to its buyer changes, its refund under way changes
//! with it. And what late refunds stop. Knows no page; runs inside a use case's transaction.

use super::draw::Run;
use super::error::ServiceError;
use super::kit::Kit;
use super::who::Seller;
use crate::domain::code::OrderCode;
use crate::domain::id::{CooperativeId, OrderId, RefundId};
use crate::domain::money::Money;
use crate::domain::refund::{RefundState, WITHIN_H, is_late};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::refund::Refund;
use crate::store::{self, Conn};

/// The dated setting: hours that a refund may take.
const HOURS_SETTING: &str = "refund_within_h";
/// Refunds looked through.
const MOST: i64 = 500;
/// The refusal that names the order whose late refund stops new listings; pages lead from it to the refund.
pub const STOPPED: &str = "refusal-refund-late";

/// Brings the refund of an order to what the books owe now. What the buyer has left with the cooperative stays left.
pub(super) fn follow_debt(
    conn: &mut Conn,
    run: &Run,
    cooperative: &CooperativeId,
    order: &OrderId,
    owed: Money,
) -> Result<(), ServiceError> {
    let all = store::refund::list_of_orders(conn, std::slice::from_ref(order))?;
    let kept = all.iter().filter(|refund| refund.state == RefundState::Kept).map(|refund| refund.amount_vnd);
    let owed = owed.minus(Money::sum(kept)?)?.max(Money::ZERO);
    match (all.into_iter().find(|refund| refund.state.is_under_way()), owed.is_positive()) {
        (None, false) => Ok(()),
        (None, true) => Ok(store::refund::insert(conn, &new_refund(run, cooperative, order, owed))?),
        (Some(refund), false) => Ok(store::refund::put_ended(conn, &refund.id, RefundState::Void, run.now)?),
        (Some(refund), true) if refund.amount_vnd == owed => Ok(()),
        (Some(refund), true) if refund.amount_vnd > owed => Ok(store::refund::put_less(conn, &refund.id, owed)?),
        (Some(refund), true) => {
            let state = if refund.state == RefundState::Approved { RefundState::Ready } else { refund.state };
            Ok(store::refund::put_more(conn, &refund.id, owed, state)?)
        }
    }
}

/// A refund as it begins: nobody knows yet where the money should go.
pub(super) fn new_refund(run: &Run, cooperative: &CooperativeId, order: &OrderId, amount_vnd: Money) -> Refund {
    Refund {
        id: RefundId::new(run.now, run.ten()),
        cooperative_id: cooperative.clone(),
        order_id: order.clone(),
        amount_vnd,
        state: RefundState::AskedAccount,
        bin: None,
        account_number: None,
        holder_name: None,
        account_from_event: None,
        account_at: None,
        asked_by: None,
        approver: None,
        link_hash: None,
        link_until: None,
        approved_by: None,
        approved_at: None,
        sent_by: None,
        sent_at: None,
        closed_by_event: None,
        moved_to: None,
        made_at: run.now,
        ended_at: None,
        in_cash: false,
    }
}

/// Hours that a refund may take, from today's setting.
pub(super) fn within_h(conn: &mut Conn, now: At) -> Result<i64, ServiceError> {
    Ok(store::setting::find_number(conn, HOURS_SETTING, now.day())?.unwrap_or(WITHIN_H))
}

/// A refund that is late: whose, since when.
#[derive(Debug, Clone)]
pub struct Late {
    pub cooperative: CooperativeId,
    pub name: String,
    pub phone: String,
    pub code: OrderCode,
    pub since: At,
    /// The account is known, so that only the cooperative can end it.
    pub can_be_sent: bool,
}

/// Refunds that are late now, of one cooperative or of all. One that waits for goods by the buyer's wish is not.
pub(super) fn list_late(
    conn: &mut Conn,
    now: At,
    cooperative: Option<&CooperativeId>,
) -> Result<Vec<Late>, ServiceError> {
    let hours = within_h(conn, now)?;
    let late = |(refund, code, name, phone): (Refund, OrderCode, String, String)| {
        let since = refund.account_at.unwrap_or(refund.made_at);
        let counts = refund.state != RefundState::WaitsForGoods && is_late(since, now, hours);
        let can_be_sent = refund.account_at.is_some();
        counts.then_some(Late { cooperative: refund.cooperative_id, name, phone, code, since, can_be_sent })
    };
    Ok(store::refund::list_under_way(conn, cooperative, MOST)?.into_iter().filter_map(late).collect())
}

/// A cooperative that keeps buyers waiting for their money offers nothing new. Only what it can end itself counts: a buyer who
/// does not say where the money should go stops nobody.
pub(super) fn refuse_while_late(conn: &mut Conn, now: At, cooperative: &CooperativeId) -> Result<(), ServiceError> {
    match list_late(conn, now, Some(cooperative))?.into_iter().find(|late| late.can_be_sent) {
        Some(late) => Err(ServiceError::changed(Refusal::new(STOPPED).with("code", late.code))),
        None => Ok(()),
    }
}

/// The order whose late refund stops a cooperative's new listings now; none when nothing does.
pub async fn find_stop(kit: &Kit, seller: &Seller) -> Result<Option<OrderCode>, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    let late = kit.db.read(move |conn| list_late(conn, now, Some(&cooperative))).await?;
    Ok(late.into_iter().find(|late| late.can_be_sent).map(|late| late.code))
}
