//! What may become of money owed back instead of a transfer: the buyer waits for the next harvest and the cooperative takes the
//! order up again when goods are there, the buyer pays other goods of the same cooperative with it, or asks for what was left.

use super::crediting::{Coming, lock_for_money, owe_back, revive, take_money};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::By;
use super::owing::{follow_debt, new_refund};
use super::posting::{About, balance, post};
use super::refund_sending::end_cases;
use super::refunding::under_way;
use super::who::{Seller, may_touch_money};
use crate::domain::code::OrderCode;
use crate::domain::id::{OrderId, RefundId};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::order::{ActorKind, OrderState};
use crate::domain::refund::RefundState;
use crate::domain::refusal::Refusal;
use crate::store::order::Order;
use crate::store::refund::Refund;
use crate::store::{self, Conn};

/// While nobody knows an account yet, nobody can be sending: only then may the buyer choose otherwise.
const fn may_choose(state: RefundState) -> bool {
    matches!(state, RefundState::AskedAccount | RefundState::WaitsForGoods)
}

fn too_late(order: &Order) -> ServiceError {
    ServiceError::changed(Refusal::new("refusal-refund-being-sent").with("code", &order.code))
}

/// The buyer would rather wait for the next harvest; the money stays owed. Only of an order that ended paid for goods that were
/// gone, and before an account was given.
pub async fn wait_for_goods(kit: &Kit, id: &OrderId) -> Result<(), ServiceError> {
    let (now, id) = (kit.now(), id.clone());
    kit.db
        .write(move |conn| {
            let order = store::order::lock(conn, &id)?;
            let refund = under_way(conn, &order)?;
            if !can_wait(&order) {
                return Err(ServiceError::refused(Refusal::new("refusal-not-short").with("code", &order.code)));
            }
            if !may_choose(refund.state) {
                return Err(too_late(&order));
            }
            store::refund::put_state(conn, &refund.id, RefundState::WaitsForGoods)?;
            Ok(store::change::insert(conn, "order", order.id.as_text(), now)?)
        })
        .await
}

/// Whether an order can be taken up again once there are goods.
pub(super) fn can_wait(order: &Order) -> bool {
    order.short_stock && order.state == OrderState::Expired
}

/// «Có hàng rồi, làm đơn này»: goods are there again for a buyer who waits. The same goods at the same price, paid for already.
pub async fn take_up_waiting_order(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let seen = store::order::get_own(conn, &seller.cooperative, &id)?;
            let (mut stock, mut orders) = lock_for_money(conn, &run, std::slice::from_ref(&seen))?;
            let order = orders.first_mut().ok_or(ServiceError::NotFound)?;
            let refund = under_way(conn, order)?;
            if !can_wait(order) || refund.state != RefundState::WaitsForGoods {
                return Err(ServiceError::changed(Refusal::new("refusal-not-waiting").with("code", &order.code)));
            }
            let owes = order.total_vnd.minus(balance(conn, &order.id)?.received)?;
            if owes.is_positive() {
                return Err(ServiceError::changed(Refusal::new("refusal-not-waiting").with("code", &order.code)));
            }
            let lines = store::order::list_lines(conn, std::slice::from_ref(&order.id))?;
            let by = By { kind: ActorKind::Cooperative, account: Some(&seller.account) };
            let coming = Coming { from: LedgerKind::Bank, amount: order.total_vnd, event: None, by };
            match revive(conn, &run, order, &lines, &mut stock, &coming)? {
                Ok(()) => Ok(()),
                Err(short) => {
                    let refusal = |line: &super::holding::LineShort| {
                        Refusal::new("refusal-still-short").with("name", &line.product_name)
                    };
                    Err(ServiceError::Changed(short.iter().map(refusal).collect()))
                }
            }
        })
        .await
}

/// The buyer pays another order of the same cooperative, which still awaits money, with what is owed back for this one: so much
/// as it wants, the rest stays owed. The caller has proven the key of the first. The other must be of the same buyer's phone.
pub async fn pay_another_order(kit: &Kit, id: &OrderId, other: &OrderCode) -> Result<(), ServiceError> {
    let (draw, id, other) = (Draw::new(kit), id.clone(), other.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let unknown = || ServiceError::refused(Refusal::new("refusal-not-your-order").with("code", &other));
            let from = store::order::get(conn, &id)?;
            let wanted = store::order::list_by_codes(conn, &from.cooperative_id, std::slice::from_ref(&other))?;
            let to = wanted.into_iter().find(|order| order.id != from.id).ok_or_else(unknown)?;
            let phone = |conn: &mut Conn, order: &Order| store::purchase::get(conn, &order.purchase_id);
            if phone(conn, &from)?.buyer_phone != phone(conn, &to)?.buyer_phone {
                return Err(unknown());
            }
            let (mut stock, mut orders) = lock_for_money(conn, &run, &[from, to])?;
            let at = orders.iter().position(|order| order.id == id).ok_or(ServiceError::NotFound)?;
            let from = orders.remove(at);
            let to = orders.first_mut().ok_or(ServiceError::NotFound)?;
            let refund = under_way(conn, &from)?;
            if !may_choose(refund.state) {
                return Err(too_late(&from));
            }
            if to.state_at(run.now) != OrderState::AwaitingPayment {
                return Err(ServiceError::changed(Refusal::new("refusal-not-awaiting").with("code", &other)));
            }
            move_money(conn, &run, &from, to, &refund, &mut stock)
        })
        .await
}

fn move_money(
    conn: &mut Conn,
    run: &Run,
    from: &Order,
    to: &mut Order,
    refund: &Refund,
    stock: &mut super::holding::Stock,
) -> Result<(), ServiceError> {
    let wants = to.total_vnd.minus(balance(conn, &to.id)?.received)?;
    let amount = wants.min(refund.amount_vnd);
    if !amount.is_positive() {
        return Err(ServiceError::changed(Refusal::new("refusal-already-paid").with("code", &to.code)));
    }
    if amount == refund.amount_vnd {
        store::refund::put_moved(conn, &refund.id, &to.id, run.now)?;
    } else {
        let part = new_refund(run, &from.cooperative_id, &from.id, amount);
        let (moved_to, ended_at) = (Some(to.id.clone()), Some(run.now));
        store::refund::insert(conn, &Refund { state: RefundState::Moved, moved_to, ended_at, ..part })?;
    }
    let about = About {
        cooperative: &from.cooperative_id,
        kind: JournalKind::Assignment,
        order: Some(&from.id),
        event: None,
        by: None,
        note: None,
        reverses: None,
    };
    post(conn, run, about, &ledger::refund(LedgerKind::Unmatched, &from.id, amount)?)?;
    if !balance(conn, &from.id)?.refund_due.is_positive() {
        end_cases(conn, run, from, None, "moved")?;
    }
    store::change::insert(conn, "order", from.id.as_text(), run.now)?;
    let by = By { kind: ActorKind::Shopper, account: None };
    take_money(conn, run, to, stock, &Coming { from: LedgerKind::Unmatched, amount, event: None, by })
}

/// The buyer wants back after all what was left with the cooperative.
pub async fn give_back_kept(kit: &Kit, seller: &Seller, refund: &RefundId) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), refund.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let order = store::refund::get(conn, &id)?.order_id;
            let order = store::order::lock_own(conn, &seller.cooperative, &order)?;
            let kept = store::refund::get(conn, &id)?;
            if kept.state != RefundState::Kept {
                return Err(ServiceError::changed(Refusal::new("refusal-nothing-owed").with("code", &order.code)));
            }
            store::refund::put_ended(conn, &kept.id, RefundState::Void, run.now)?;
            let owed = balance(conn, &order.id)?.refund_due;
            follow_debt(conn, &run, &order.cooperative_id, &order.id, owed)?;
            owe_back(conn, &run, &order, kept.amount_vnd.min(owed))?;
            Ok(store::change::insert(conn, "order", order.id.as_text(), run.now)?)
        })
        .await
}
