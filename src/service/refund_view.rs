//! A refund as the cooperative's people, the person who is asked to agree and the buyer see it. Reads only.

use super::error::ServiceError;
use super::kit::Kit;
use super::owing::within_h;
use super::refund_choices::can_wait;
use super::refunding::{is_live, may_approve, needs_second, offered, second_person_from, where_of};
use super::selling::{SellersOrder, find_own_order, names_of};
use super::showing::{OrderView, PayView, TRANSFER_CEILING};
use super::small_difference::goes_back_in_cash;
use super::who::{Seller, may_touch_money};
use crate::domain::bank;
use crate::domain::code::OrderCode;
use crate::domain::holder_name::HolderName;
use crate::domain::id::{AccountId, BankEventId, OrderId, RefundId};
use crate::domain::money::Money;
use crate::domain::payment::ProofGrade;
use crate::domain::refund::{RefundState, UNDO_WITHIN_S, Where, due_at, masked, memo};
use crate::domain::time::At;
use crate::domain::vietqr::{self, Transfer};
use crate::store::refund::Refund;
use crate::store::{self, Conn};
use std::collections::HashMap;

/// A refund with what helps to end it.
#[derive(Debug, Clone)]
pub struct RefundPage {
    pub order: SellersOrder,
    /// The newest is the last.
    pub refunds: Vec<Refund>,
    pub second_from: Money,
    /// Those who may agree, but for whoever looks: account and name.
    pub others: Vec<(AccountId, String)>,
    pub names: HashMap<AccountId, String>,
    pub within_h: i64,
    /// How well the bank's movements that closed some of them are proven.
    pub grades: HashMap<BankEventId, ProofGrade>,
    /// The codes of orders that were paid with some of it instead.
    pub codes: HashMap<OrderId, OrderCode>,
    /// So small that it goes back in cash, by the rule for small differences.
    pub by_hand: bool,
}

impl RefundPage {
    pub fn under_way(&self) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.state.is_under_way())
    }

    /// A second person has to agree before it is sent.
    pub fn needs_second(&self) -> bool {
        self.under_way().is_some_and(|refund| needs_second(&self.refunds, refund, self.second_from))
    }

    /// Until when it is in time; none while the buyer waits for goods.
    pub fn due(&self) -> Option<At> {
        let refund = self.under_way().filter(|refund| refund.state != RefundState::WaitsForGoods)?;
        Some(due_at(refund.account_at.unwrap_or(refund.made_at), self.within_h))
    }

    /// The buyer waits for the next harvest, and the order can be taken up again.
    pub fn can_take_up(&self) -> bool {
        let waits = self.under_way().is_some_and(|refund| refund.state == RefundState::WaitsForGoods);
        waits && can_wait(&self.order.view.order)
    }

    /// A person may still take back that it was sent.
    pub fn can_undo(&self, refund: &Refund, now: At) -> bool {
        let in_time = refund.sent_at.is_some_and(|at| now.seconds_since(at) <= UNDO_WITHIN_S);
        refund.state == RefundState::Sent && refund.closed_by_event.is_none() && in_time
    }

    /// The transfer for the cooperative's own bank app; none before the account is known and agreed to.
    pub fn transfer(&self) -> Result<Option<PayView>, ServiceError> {
        let Some(refund) = self.under_way() else { return Ok(None) };
        let may_go =
            refund.state == RefundState::Approved || (refund.state == RefundState::Ready && !self.needs_second());
        match where_of(refund).filter(|_| may_go) {
            Some(to) => transfer_to(&to, &self.order.view.order.code, refund.amount_vnd).map(Some),
            None => Ok(None),
        }
    }
}

/// One transfer back: the exact sum, or the first part of one above the ceiling, under `HF` and the order's code.
fn transfer_to(to: &Where, code: &OrderCode, amount: Money) -> Result<PayView, ServiceError> {
    let (part, memo) = (amount.min(TRANSFER_CEILING), memo(code));
    let transfer = Transfer::to_account(&to.bin, &to.account_number).asking(part).saying(memo.clone());
    Ok(PayView {
        qr_payload: vietqr::encode(&transfer).map_err(ServiceError::broken)?,
        bin: to.bin.clone(),
        bank_name: bank::find(&to.bin).map_or_else(|| to.bin.clone(), |bank| bank.short_name.clone()),
        account: to.account_number.clone(),
        holder: to.holder_name.clone(),
        is_part: part < amount,
        amount: part,
        memo,
        // The buyer's own account: nobody's legal name to compare with.
        holder_name: HolderName::Own,
    })
}

/// The refund of one of the cooperative's own orders, whether anything is owed or not.
pub async fn show_refund(kit: &Kit, seller: &Seller, code: &str) -> Result<RefundPage, ServiceError> {
    may_touch_money(seller)?;
    let order = find_own_order(kit, seller, code).await?;
    let (now, seller) = (kit.now(), seller.clone());
    kit.db
        .read(move |conn| {
            let refunds = store::refund::list_of_orders(conn, std::slice::from_ref(&order.view.order.id))?;
            let mut others = Vec::new();
            for member in store::member::list_of_cooperative(conn, &seller.cooperative)? {
                if member.account_id != seller.account && may_approve(conn, &seller.cooperative, &member.account_id)? {
                    others.push(member.account_id);
                }
            }
            let people = refunds.iter().flat_map(|row| [&row.asked_by, &row.approver, &row.approved_by, &row.sent_by]);
            let names = names_of(conn, people.flatten().chain(&others).cloned().collect())?;
            let named = |id: AccountId| names.get(&id).cloned().map(|name| (id, name));
            let (grades, codes) = ends_of(conn, &refunds)?;
            let due = refunds.iter().find(|row| row.state.is_under_way()).map(|row| row.amount_vnd);
            Ok(RefundPage {
                by_hand: goes_back_in_cash(conn, &order.view.order, due.unwrap_or_default(), now.day())?,
                second_from: second_person_from(conn, &seller.cooperative, now)?,
                within_h: within_h(conn, now)?,
                grades,
                codes,
                others: others.into_iter().filter_map(named).collect(),
                names,
                refunds,
                order,
            })
        })
        .await
}

type Ends = (HashMap<BankEventId, ProofGrade>, HashMap<OrderId, OrderCode>);

/// What ended refunds: movements with their grades, and orders that were paid instead.
fn ends_of(conn: &mut Conn, refunds: &[Refund]) -> Result<Ends, ServiceError> {
    let events: Vec<BankEventId> = refunds.iter().filter_map(|row| row.closed_by_event.clone()).collect();
    let orders: Vec<OrderId> = refunds.iter().filter_map(|row| row.moved_to.clone()).collect();
    let events = store::bank::list_events_by_id(conn, &events)?;
    let orders = store::order::list_of(conn, &orders)?;
    Ok((
        events.into_iter().map(|event| (event.id, event.grade)).collect(),
        orders.into_iter().map(|order| (order.id, order.code)).collect(),
    ))
}

/// What a link to a second person shows: enough to agree, and nothing else of the cooperative.
#[derive(Debug, Clone)]
pub struct LinkPage {
    pub refund: Refund,
    pub code: OrderCode,
    pub cooperative: String,
    pub asked_by: Option<String>,
    pub to: Option<Where>,
    /// Why the order owes money back is told by its state.
    pub made_at: At,
}

/// The page of a link, while it lives. A dead one and a wrong one are told alike.
pub async fn show_link(kit: &Kit, id: &RefundId, token: &str) -> Result<LinkPage, ServiceError> {
    let (now, id, token, keys) = (kit.now(), id.clone(), token.to_owned(), kit.clone());
    kit.db
        .read(move |conn| {
            let refund = store::refund::get(conn, &id)?;
            let approver = refund.approver.clone().ok_or(ServiceError::NotFound)?;
            if !is_live(&keys, &refund, &token, now) || !may_approve(conn, &refund.cooperative_id, &approver)? {
                return Err(ServiceError::NotFound);
            }
            let order = store::order::get(conn, &refund.order_id)?;
            let cooperative = store::cooperative::get(conn, &refund.cooperative_id)?;
            let names = names_of(conn, refund.asked_by.iter().cloned().collect())?;
            Ok(LinkPage {
                code: order.code,
                cooperative: cooperative.name,
                asked_by: refund.asked_by.as_ref().and_then(|by| names.get(by)).cloned(),
                to: where_of(&refund),
                made_at: refund.made_at,
                refund,
            })
        })
        .await
}

/// A refund as the buyer sees it on the order's page.
#[derive(Debug, Clone)]
pub struct BuyersRefund {
    pub amount: Money,
    pub state: RefundState,
    /// The cooperative says that it paid in cash.
    pub in_cash: bool,
    /// So small that it goes back in cash: no account is asked for.
    pub by_hand: bool,
    /// Where it will go: bank and the last digits.
    pub to: Option<(String, String)>,
    /// The account that the money came from, as the bank named it: last digits and holder.
    pub offered: Option<(String, String)>,
    /// The order ended paid for goods that were gone, and can be taken up again.
    pub can_wait: bool,
    /// No account is known yet: other goods of the cooperative may be paid with it.
    pub can_choose: bool,
    /// How well it is proven that it went; none while only a person says so.
    pub proof: Option<ProofGrade>,
    /// The orders that were paid with it instead, and how much of each.
    pub moved: Vec<(Money, OrderCode)>,
    /// Hours that it may take, once the account is known.
    pub within_h: i64,
}

/// The newest refund of an order, for whoever holds the order's key.
pub async fn buyers_refund(kit: &Kit, view: &OrderView) -> Result<Option<BuyersRefund>, ServiceError> {
    let (order, now) = (view.order.clone(), kit.now());
    let (rows, (grades, codes), within_h, by_hand) = kit
        .db
        .read(move |conn| {
            let rows = store::refund::list_of_orders(conn, std::slice::from_ref(&order.id))?;
            let ends = ends_of(conn, &rows)?;
            let due = rows.iter().find(|row| row.state.is_under_way()).map(|row| row.amount_vnd);
            let by_hand = goes_back_in_cash(conn, &order, due.unwrap_or_default(), now.day())?;
            Ok::<_, ServiceError>((rows, ends, within_h(conn, now)?, by_hand))
        })
        .await?;
    let is_told = |row: &&Refund| !matches!(row.state, RefundState::Void | RefundState::Undone);
    let newest = rows.iter().find(|row| row.state.is_under_way()).or_else(|| rows.iter().rfind(is_told));
    Ok(newest.map(|refund| BuyersRefund {
        amount: refund.amount_vnd,
        state: refund.state,
        in_cash: refund.in_cash,
        by_hand: by_hand && refund.state == RefundState::AskedAccount,
        to: where_of(refund).map(|to| {
            let name = bank::find(&to.bin).map_or_else(|| to.bin.clone(), |bank| bank.short_name.clone());
            (name, masked(&to.account_number))
        }),
        offered: offered(&view.money).map(|event| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            (masked(&text(&event.counter_account)), text(&event.counter_name))
        }),
        can_wait: can_wait(&view.order) && refund.state == RefundState::AskedAccount,
        can_choose: matches!(refund.state, RefundState::AskedAccount | RefundState::WaitsForGoods),
        proof: refund.closed_by_event.as_ref().and_then(|event| grades.get(event)).copied(),
        moved: rows
            .iter()
            .filter_map(|row| Some((row.amount_vnd, codes.get(row.moved_to.as_ref()?)?.clone())))
            .collect(),
        within_h,
    }))
}
