//! Orders and purchases as they are read: by a buyer with a key, by the cooperative that sells, by an official. One shape; each
//! door shows its part of it.

use super::error::ServiceError;
use super::kit::Kit;
use super::money_parts::money_of;
use super::pay_view::pay_view;
pub use super::pay_view::{PayView, TRANSFER_CEILING, qr_png, qr_svg};
use super::posting::balances;
use crate::domain::code::{LotCode, OrderCode, PurchaseCode};
use crate::domain::id::{OrderId, PurchaseId};
use crate::domain::ledger::OrderBalance;
use crate::domain::money::Money;
use crate::domain::order::{HoldState, OrderState};
use crate::domain::payment::ProofGrade;
use crate::domain::quantity::Base;
use crate::domain::settlement::{self, Settlement};
use crate::domain::time::{At, Day};
use crate::store::bank::{BankAccount, BankEvent};
use crate::store::cooperative::Cooperative;
use crate::store::order::{Order, OrderDelivery, OrderLine, OrderMove};
use crate::store::purchase::Purchase;
use crate::store::voucher::OrderVoucher;
use crate::store::{self, Conn};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// An order with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct OrderView {
    pub order: Order,
    pub cooperative: Cooperative,
    pub lines: Vec<LineView>,
    pub delivery: OrderDelivery,
    pub moves: Vec<OrderMove>,
    pub balance: OrderBalance,
    pub settlement: Settlement,
    pub due: Money,
    /// What came, and how well each is proven.
    pub money: Vec<BankEvent>,
    pub pay: Option<PayView>,
    pub buyer: Purchase,
    /// Ordered before its harvest, which is still to come: its first day.
    pub waits_for: Option<Day>,
    /// What a code took off.
    pub voucher: Option<OrderVoucher>,
    /// What is asked for now: a deposit, or all that is due.
    pub asks: Money,
}

/// A line with the lots that serve it.
#[derive(Debug, Clone)]
pub struct LineView {
    pub line: OrderLine,
    pub lots: Vec<(LotCode, Base)>,
}

/// A purchase with its orders.
#[derive(Debug, Clone)]
pub struct PurchaseView {
    pub purchase: Purchase,
    pub orders: Vec<OrderView>,
}

impl OrderView {
    /// The best proof that money came; none while nothing has.
    pub fn proof(&self) -> Option<ProofGrade> {
        // What confirms a word stands beside it, under its own grade.
        self.money.iter().filter(|event| event.undone_at.is_none()).map(|event| event.grade).min()
    }

    /// Whether a transfer can still be expected.
    pub fn awaits_transfer(&self) -> bool {
        self.pay.is_some() && self.due.is_positive()
    }

    /// Nobody will move this order any more, and its money is at rest.
    pub fn is_at_rest(&self) -> bool {
        is_at_rest(self.order.state, self.balance)
    }
}

/// Loads orders with all that belongs to them, in the order given; at most 500.
pub fn views_of(conn: &mut Conn, orders: Vec<Order>) -> Result<Vec<OrderView>, ServiceError> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id.clone()).collect();
    let balances = balances(conn, &ids)?;
    let mut lines = lines_of(conn, &ids)?;
    let mut deliveries: HashMap<OrderId, OrderDelivery> =
        store::order::list_deliveries(conn, &ids)?.into_iter().map(|row| (row.order_id.clone(), row)).collect();
    let mut money = money_of(conn, &ids)?;
    let cooperative_ids: Vec<_> = orders.iter().map(|order| order.cooperative_id.clone()).collect();
    let cooperatives: HashMap<_, Cooperative> =
        store::cooperative::list_of(conn, &cooperative_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let purchase_ids: Vec<_> = orders.iter().map(|order| order.purchase_id.clone()).collect();
    let purchases: HashMap<_, Purchase> =
        store::purchase::list_of(conn, &purchase_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let account_ids: Vec<_> = orders.iter().filter_map(|order| order.bank_account_id.clone()).collect();
    let accounts: HashMap<_, BankAccount> =
        store::bank::list_accounts_of(conn, &account_ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let checked: HashSet<_> =
        store::holder_check::list_of(conn, &account_ids)?.into_iter().map(|check| check.bank_account_id).collect();
    let links = store::pay_link::list_open_of(conn, &ids)?;
    let used = store::voucher::list_uses_of(conn, &ids)?;
    let waiting = store::window::list_waiting_of(conn, &ids)?;
    let mut views = Vec::new();
    for order in orders {
        let balance = balances.get(&order.id).copied().unwrap_or_default();
        let due = settlement::due(order.state, order.total_vnd, balance)?;
        let cooperative = cooperatives.get(&order.cooperative_id).cloned().ok_or(ServiceError::NotFound)?;
        let account = order.bank_account_id.as_ref().and_then(|id| accounts.get(id));
        let asks = order.asks(due, balance.received);
        let waits_for = waiting.iter().find(|(id, _)| *id == order.id).map(|(_, day)| *day);
        // After its deposit nothing is asked for before the harvest.
        let rests = order.state == OrderState::Placed && waits_for.is_some() && order.deposit_vnd.is_positive();
        let pay = account
            .filter(|_| asks.is_positive() && !order.waits_for_yes() && !rests)
            .map(|account| {
                let link = links.iter().find(|link| link.order_id == order.id);
                pay_view(&order, &cooperative, (account, checked.contains(&account.id)), link, asks)
            })
            .transpose()?;
        views.push(OrderView {
            waits_for,
            asks,
            voucher: used.iter().find(|used| used.order_id == order.id).cloned(),
            lines: lines.remove(&order.id).unwrap_or_default(),
            delivery: deliveries.remove(&order.id).ok_or(ServiceError::NotFound)?,
            moves: store::order::list_moves(conn, &order.id)?,
            settlement: Settlement::of(order.state, order.total_vnd, balance),
            money: money.remove(&order.id).unwrap_or_default(),
            buyer: purchases.get(&order.purchase_id).cloned().ok_or(ServiceError::NotFound)?,
            cooperative,
            balance,
            due,
            pay,
            order,
        });
    }
    Ok(views)
}

fn lines_of(conn: &mut Conn, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<LineView>>, ServiceError> {
    let holds = store::lot::list_holds(conn, ids)?;
    let mut lot_ids: Vec<_> = holds.iter().map(|hold| hold.lot_id.clone()).collect();
    lot_ids.sort();
    lot_ids.dedup();
    let mut codes: HashMap<_, LotCode> = HashMap::new();
    for chunk in lot_ids.chunks(500) {
        codes.extend(store::lot::list_of(conn, chunk)?.into_iter().map(|lot| (lot.id, lot.code)));
    }
    let mut lines: HashMap<OrderId, Vec<LineView>> = HashMap::new();
    for line in store::order::list_lines(conn, ids)? {
        let mine = holds.iter().filter(|hold| hold.order_line_id == line.id && hold.state != HoldState::Released);
        let lots =
            mine.filter_map(|hold| codes.get(&hold.lot_id).map(|code| (code.clone(), hold.base_quantity))).collect();
        lines.entry(line.order_id.clone()).or_default().push(LineView { line, lots });
    }
    Ok(lines)
}

/// The key with which an order's page opens: derived, never stored.
pub fn order_key(kit: &Kit, order: &OrderId) -> String {
    kit.keys.link_token("order", order.as_text())
}

/// The key with which a purchase's page opens.
pub fn purchase_key(kit: &Kit, purchase: &PurchaseId) -> String {
    kit.keys.link_token("purchase", purchase.as_text())
}

/// One order by code and key. A wrong key and an unknown code are told alike.
pub async fn find_order(kit: &Kit, code: &str, key: &str) -> Result<OrderView, ServiceError> {
    let code: OrderCode = code.parse().map_err(|_not_a_code| ServiceError::NotFound)?;
    let view = kit
        .db
        .read(move |conn| {
            let order = store::order::find_by_code(conn, &code)?.ok_or(ServiceError::NotFound)?;
            views_of(conn, vec![order])?.pop().ok_or(ServiceError::NotFound)
        })
        .await?;
    let purchase_opens = kit.keys.check_link("purchase", view.order.purchase_id.as_text(), key);
    if kit.keys.check_link("order", view.order.id.as_text(), key) || purchase_opens {
        Ok(view)
    } else {
        Err(ServiceError::NotFound)
    }
}

/// A whole purchase by code and key.
pub async fn find_purchase(kit: &Kit, code: &str, key: &str) -> Result<PurchaseView, ServiceError> {
    let code: PurchaseCode = code.parse().map_err(|_not_a_code| ServiceError::NotFound)?;
    let found = kit
        .db
        .read(move |conn| {
            let purchase = store::purchase::find_by_code(conn, &code)?.ok_or(ServiceError::NotFound)?;
            let orders = store::order::list_of_purchase(conn, &purchase.id)?;
            Ok::<_, ServiceError>(PurchaseView { orders: views_of(conn, orders)?, purchase })
        })
        .await?;
    if kit.keys.check_link("purchase", found.purchase.id.as_text(), key) {
        Ok(found)
    } else {
        Err(ServiceError::NotFound)
    }
}

/// A purchase just made, for its own answer.
pub async fn show_purchase(kit: &Kit, id: &PurchaseId) -> Result<PurchaseView, ServiceError> {
    let id = id.clone();
    kit.db
        .read(move |conn| {
            let purchase = store::purchase::get(conn, &id)?;
            let orders = store::order::list_of_purchase(conn, &purchase.id)?;
            Ok(PurchaseView { orders: views_of(conn, orders)?, purchase })
        })
        .await
}

/// What a page that follows orders has to know of them, cheaply.
#[derive(Debug, Clone)]
pub struct Pulse {
    /// Another word when anything on the page is another; none when nothing will move any more.
    pub word: Option<String>,
    /// Orders whose goods are held while their transfer is awaited.
    pub awaiting: Vec<OrderId>,
}

/// How orders stand now, in one word.
pub async fn pulse_of(kit: &Kit, ids: Vec<OrderId>) -> Result<Pulse, ServiceError> {
    let now = kit.now();
    kit.db
        .read(move |conn| {
            let orders = store::order::list_of(conn, &ids)?;
            let balances = balances(conn, &ids)?;
            let links = store::pay_link::list_open_of(conn, &ids)?;
            let (mut word, mut awaiting, mut all_rest) = (String::new(), Vec::new(), true);
            for order in orders {
                let money = balances.get(&order.id).copied().unwrap_or_default();
                let has_run_out = order.expires_at.is_some_and(|end| end <= now);
                let _ = write!(
                    word,
                    "{}:{}:{}:{}:{has_run_out}:{}:{}:{};",
                    order.code,
                    links.iter().find(|link| link.order_id == order.id).map_or(0, |link| link.number),
                    order.state,
                    order.expires_at.map_or(0, At::unix_seconds),
                    money.received.vnd(),
                    money.refund_due.vnd(),
                    order.total_vnd.vnd()
                );
                all_rest = all_rest && is_at_rest(order.state, money);
                if order.state == OrderState::AwaitingPayment && !has_run_out {
                    awaiting.push(order.id);
                }
            }
            Ok(Pulse { word: (!all_rest).then_some(word), awaiting })
        })
        .await
}

/// Nobody will move this order any more, and its money is at rest.
fn is_at_rest(state: OrderState, money: OrderBalance) -> bool {
    matches!(state, OrderState::Closed) || (state.is_dead() && !money.refund_due.is_positive())
}

/// A lost order, by code and phone: what may be shown without its key is the state and no more.
pub async fn find_lost(kit: &Kit, code: &str, phone: &str) -> Result<LostOrder, ServiceError> {
    let phone: crate::domain::phone::Phone = phone.parse().map_err(|_not_a_phone| ServiceError::NotFound)?;
    let order_code = code.parse::<OrderCode>().ok();
    let purchase_code = code.parse::<PurchaseCode>().ok();
    let view = kit
        .db
        .read(move |conn| {
            let order = match (&order_code, &purchase_code) {
                (Some(code), _) => store::order::find_by_code(conn, code)?,
                (None, Some(code)) => match store::purchase::find_by_code(conn, code)? {
                    Some(purchase) => store::order::list_of_purchase(conn, &purchase.id)?.into_iter().next(),
                    None => None,
                },
                (None, None) => None,
            };
            views_of(conn, vec![order.ok_or(ServiceError::NotFound)?])?.pop().ok_or(ServiceError::NotFound)
        })
        .await?;
    if view.buyer.buyer_phone != phone.as_text() && view.delivery.recipient_phone != phone.as_text() {
        return Err(ServiceError::NotFound);
    }
    Ok(LostOrder { is_buyer: view.buyer.buyer_phone == phone.as_text(), view })
}

/// A lost order that was found.
#[derive(Debug, Clone)]
pub struct LostOrder {
    /// The phone is the buyer's own, not only the recipient's.
    pub is_buyer: bool,
    pub view: OrderView,
}
