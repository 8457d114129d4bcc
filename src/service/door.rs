//! «Giao hàng hôm nay»: what a member who carries goods sees and does at a buyer's door. Money that a bank tells of comes by `paying`;
//! here are the cash, the carrier, and «Đã giao». Cash taken stays with the carrier until `cash_hand_over`.

use super::carrying::{self, Moved, Of};
use super::crediting::{Coming, take_money};
use super::draw::Draw;
use super::error::ServiceError;
use super::handling;
use super::kit::Kit;
use super::money_list::{by, lock_own, settle_again};
use super::posting::{About, balance, post};
use super::selling::{OrderBrief, SellersOrder, briefs_of, find_own_order, names_of};
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::BankProvider;
use crate::domain::door::{self, Handed, UNDO_WITHIN_S};
use crate::domain::id::{AccountId, CarrierCashId, OrderId};
use crate::domain::ledger::{self, JournalKind, LedgerKind};
use crate::domain::money::Money;
use crate::domain::order::OrderState;
use crate::domain::refusal::Refusal;
use crate::domain::settlement;
use crate::store::carrying::CarrierCash;
use crate::store::order::Order;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Orders of one kind on the page; nobody carries more in a day.
const MOST: i64 = 100;

/// A carrier's day.
#[derive(Debug, Clone)]
pub struct Run {
    pub mine: Vec<OrderBrief>,
    /// On the way with somebody else, with whose name.
    pub others: Vec<(OrderBrief, String)>,
    /// Packed: somebody has to set out.
    pub waiting: Vec<OrderBrief>,
    pub held: Money,
}

/// What this member carries, what others do, and what waits for somebody to set out.
pub async fn show_run(kit: &Kit, seller: &Seller) -> Result<Run, ServiceError> {
    let seller = seller.clone();
    kit.db
        .read(move |conn| {
            let here = &seller.cooperative;
            let mine = store::carrying::list_orders_of(conn, here, &seller.account, OrderState::OnTheWay, MOST)?;
            let mine_ids: Vec<OrderId> = mine.iter().map(|order| order.id.clone()).collect();
            let all = store::order::list_in(conn, here, &[OrderState::OnTheWay], MOST)?;
            let others: Vec<Order> = all.into_iter().filter(|order| !mine_ids.contains(&order.id)).collect();
            let ids: Vec<OrderId> = others.iter().map(|order| order.id.clone()).collect();
            let carriers: HashMap<OrderId, AccountId> = store::carrying::list_carriers(conn, &ids)?
                .into_iter()
                .map(|row| (row.order_id, row.account_id))
                .collect();
            let names = names_of(conn, carriers.values().cloned().collect())?;
            let with_name = |brief: OrderBrief| {
                let who = carriers.get(&brief.order.id).and_then(|id| names.get(id)).cloned().unwrap_or_default();
                (brief, who)
            };
            let waiting = store::order::list_in(conn, here, &[OrderState::Packed], MOST)?;
            Ok(Run {
                held: store::carrying::held_by(conn, here, &seller.account)?,
                mine: briefs_of(conn, mine)?,
                others: briefs_of(conn, others)?.into_iter().map(with_name).collect(),
                waiting: briefs_of(conn, waiting)?,
            })
        })
        .await
}

/// One order at its door.
#[derive(Debug, Clone)]
pub struct DoorView {
    pub order: SellersOrder,
    pub carrier: Option<(AccountId, String)>,
    pub is_mine: bool,
    /// The bank tells by itself when money comes; else people look at the account and say so.
    pub bank_tells: bool,
    /// Cash taken for it, and what was taken back, with the taker's name.
    pub cash: Vec<(CarrierCash, String)>,
}

/// An own order as its carrier sees it.
pub async fn show_door(kit: &Kit, seller: &Seller, code: &str) -> Result<DoorView, ServiceError> {
    let order = find_own_order(kit, seller, code).await?;
    let (id, me) = (order.view.order.id.clone(), seller.account.clone());
    let account: Vec<_> = order.view.order.bank_account_id.iter().cloned().collect();
    kit.db
        .read(move |conn| {
            let carrier = store::carrying::find_carrier(conn, &id)?.map(|row| row.account_id);
            let cash = store::carrying::list_cash_of_orders(conn, std::slice::from_ref(&id))?;
            let people = cash.iter().map(|row| row.carrier_id.clone()).chain(carrier.clone()).collect();
            let names = names_of(conn, people)?;
            let accounts = store::bank::list_accounts_of(conn, &account)?;
            let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
            Ok(DoorView {
                order,
                is_mine: carrier.as_ref() == Some(&me),
                bank_tells: accounts.iter().any(|account| account.provider != BankProvider::None),
                carrier: carrier.map(|id| (id.clone(), name(&id))),
                cash: cash.into_iter().map(|row| (row.clone(), name(&row.carrier_id))).collect(),
            })
        })
        .await
}

/// How an order stands at its door, in one word; none when nothing will change there any more.
pub async fn look_at_door(kit: &Kit, id: &OrderId) -> Result<Option<String>, ServiceError> {
    let id = id.clone();
    kit.db
        .read(move |conn| {
            let order = store::order::get(conn, &id)?;
            let money = balance(conn, &id)?;
            let due = settlement::due(order.state, order.total_vnd, money)?;
            if !door::is_at_the_door(order.state) || (order.state.is_handed_over() && !due.is_positive()) {
                return Ok(None);
            }
            let carrier = store::carrying::find_carrier(conn, &id)?.map(|row| row.account_id.to_string());
            let (received, total) = (money.received.vnd(), order.total_vnd.vnd());
            Ok(Some(format!("{}:{received}:{total}:{}", order.state, carrier.unwrap_or_default())))
        })
        .await
}

/// «Tôi đi giao», «Tôi giao thay»: sets out with a packed order, or takes one over that is on its way. Pressed twice it is one.
pub async fn take_order(kit: &Kit, seller: &Seller, id: &OrderId) -> Result<(), ServiceError> {
    if !seller.may(MemberRole::Packer) {
        return Err(ServiceError::Forbidden);
    }
    let (cooperative, own) = (seller.cooperative.clone(), id.clone());
    let order = kit.db.read(move |conn| store::order::get_own(conn, &cooperative, &own)).await?;
    if order.state == OrderState::Packed {
        return handling::send_order(kit, seller, id).await;
    }
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let order = store::order::lock_own(conn, &seller.cooperative, &id)?;
            if !door::is_at_the_door(order.state) {
                return Err(ServiceError::changed(Refusal::new("refusal-not-at-door").with("code", &order.code)));
            }
            if carrying::carries(conn, &seller, &order)? {
                return Ok(());
            }
            carrying::set_out(conn, &run, &seller, &order)?;
            store::change::insert(conn, "order", order.id.as_text(), run.now)?;
            Ok(())
        })
        .await
}

/// What the carrier's screen showed when it was pressed: cash is taken once by what it said, whatever comes meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub due: Money,
    pub received: Money,
    /// The carrier has said once more that the amount is another than what is due.
    pub agreed: bool,
}

/// «Khách trả tiền mặt»: in the carrier's hands from now on. More than is due is owed back, less leaves the rest due. When a bank told
/// of money in the same moment, the second of the two is refused by what the screen showed, and says so.
pub async fn take_cash_at_door(
    kit: &Kit,
    seller: &Seller,
    id: &OrderId,
    amount: Money,
    seen: Seen,
) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (mut stock, mut order) = lock_own(conn, &run, &seller, &id)?;
            carrying::must_carry(conn, &seller, &order)?;
            let money = balance(conn, &order.id)?;
            let due = settlement::due(order.state, order.total_vnd, money)?;
            if (due, money.received) != (seen.due, seen.received) {
                return Err(ServiceError::changed(meanwhile(&order, due)));
            }
            match door::compare(due, amount)? {
                Handed::Unlikely => {
                    let refusal = Refusal::new("refusal-cash-unlikely").with("amount", amount).with("due", due);
                    return Err(ServiceError::refused(refusal.about("amount")));
                }
                Handed::Short(_) | Handed::Over(_) if !seen.agreed => {
                    let refusal = Refusal::new("refusal-cash-differs").with("amount", amount).with("due", due);
                    return Err(ServiceError::refused(refusal.about("amount")));
                }
                Handed::Exact | Handed::Short(_) | Handed::Over(_) => {}
            }
            let coming = Coming { from: LedgerKind::CashWithCarrier, amount, event: None, by: by(&seller) };
            take_money(conn, &run, &mut order, &mut stock, &coming)
        })
        .await
}

/// Money came while the screen stood open.
fn meanwhile(order: &Order, due: Money) -> Refusal {
    if due.is_positive() {
        return Refusal::new("refusal-due-changed").with("code", &order.code).with("due", due).about("amount");
    }
    Refusal::new("refusal-paid-meanwhile").with("code", &order.code)
}

/// «Ghi nhầm»: cash that was not taken after all, within the hour, by its taker or who keeps the money; not once it was handed in.
pub async fn undo_cash(kit: &Kit, seller: &Seller, id: &CarrierCashId) -> Result<(), ServiceError> {
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let row = store::carrying::get_own_cash(conn, &seller.cooperative, &id)?;
            let order = row.order_id.clone().filter(|_| row.undoes.is_none()).ok_or(ServiceError::NotFound)?;
            if row.carrier_id != seller.account && !seller.may(MemberRole::Accountant) {
                return Err(ServiceError::Forbidden);
            }
            let order = store::order::lock_own(conn, &seller.cooperative, &order)?;
            let of_order = store::carrying::list_cash_of_orders(conn, std::slice::from_ref(&order.id))?;
            if of_order.iter().any(|other| other.undoes.as_ref() == Some(&row.id)) {
                return Err(ServiceError::changed(Refusal::new("refusal-undone-already")));
            }
            if run.now.seconds_since(row.at) > UNDO_WITHIN_S {
                return Err(ServiceError::changed(Refusal::new("refusal-undo-too-late")));
            }
            store::carrying::lock_hands(conn, &seller.cooperative)?;
            let free = carrying::in_hand(conn, &seller.cooperative, &row.carrier_id)?.free()?;
            if free < row.amount_vnd {
                return Err(ServiceError::changed(Refusal::new("refusal-cash-handed-in").with("free", free)));
            }
            reverse(conn, &run, &seller, &order, &row)
        })
        .await
}

fn reverse(
    conn: &mut Conn,
    run: &super::draw::Run,
    seller: &Seller,
    order: &Order,
    row: &CarrierCash,
) -> Result<(), ServiceError> {
    let about = About {
        cooperative: &seller.cooperative,
        kind: JournalKind::Correction,
        order: Some(&order.id),
        event: None,
        by: Some(&seller.account),
        note: None,
        reverses: Some(&row.journal_id),
    };
    let money = balance(conn, &order.id)?;
    let lines = ledger::take_back(LedgerKind::CashWithCarrier, &order.id, row.amount_vnd, money)?;
    let journal = post(conn, run, about, &lines)?.ok_or_else(|| ServiceError::broken("cash of nothing"))?;
    let moved = Moved {
        cooperative: &seller.cooperative,
        carrier: &row.carrier_id,
        journal: &journal,
        of: Of::Order(&order.id),
        undoes: Some(&row.id),
        amount: row.amount_vnd.negated()?,
    };
    carrying::note_cash(conn, run, &moved)?;
    settle_again(conn, run, About { reverses: None, ..about }, order)?;
    store::change::insert(conn, "order", order.id.as_text(), run.now)?;
    Ok(())
}

/// «Đã giao» at the door. What is still missing must be what the carrier has said is left owing (nothing, when the screen was green).
pub async fn deliver_at_door(kit: &Kit, seller: &Seller, id: &OrderId, left_owing: Money) -> Result<(), ServiceError> {
    let me = seller.clone();
    handling::deliver_when(kit, seller, id, move |conn, order| {
        if order.state.is_handed_over() {
            return Ok(());
        }
        carrying::must_carry(conn, &me, order)?;
        let due = settlement::due(order.state, order.total_vnd, balance(conn, &order.id)?)?;
        if due.is_positive() && due != left_owing {
            let refusal = Refusal::new("refusal-still-owing").with("code", &order.code).with("due", due);
            return Err(ServiceError::changed(refusal));
        }
        Ok(())
    })
    .await
}
