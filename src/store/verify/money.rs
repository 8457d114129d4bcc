//! Journals, bank events beside their postings and cases, orders beside their money.

use super::{Checked, grouped};
use crate::domain::bank_message::Direction;
use crate::domain::id::{BankEventId, CooperativeId, JournalId, LedgerAccountId, OrderId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::domain::order::{OrderState, PaymentKind};
use crate::domain::payment::{BankEventState, MoneyCaseReason, MoneyCaseState};
use crate::domain::refund::RefundState;
use crate::domain::time::At;
use crate::store::bank::BankEvent;
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::order::Order;
use crate::store::refund::Refund;
use crate::store::schema::{bank_event, journal, ledger_account, money_case, order_line, posting, sale_order};
use crate::store::voucher::OrderVoucher;
use diesel::prelude::*;
use std::collections::HashMap;

/// One side of a posting: what the account is, and whose.
pub type Side = (LedgerKind, CooperativeId);

/// A journal beside its postings.
#[derive(Debug, Clone)]
pub struct JournalSums {
    pub id: JournalId,
    pub cooperative: CooperativeId,
    /// Amount, kind and cooperative as the posting says, and as its account says.
    pub postings: Vec<(Money, Side, Side)>,
}

impl Checked for JournalSums {
    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl JournalSums {
    pub fn trouble(&self) -> Option<String> {
        let sum = Money::sum(self.postings.iter().map(|(amount, ..)| *amount));
        if self.postings.is_empty() || sum != Ok(Money::ZERO) {
            return Some(format!("journal {} adds up to {sum:?} over {} postings", self.id, self.postings.len()));
        }
        let strange = self.postings.iter().any(|(_, said, account)| said != account || said.1 != self.cooperative);
        strange.then(|| format!("journal {} has a posting on an account that is not its own", self.id))
    }
}

type PostingRow = (JournalId, Money, LedgerKind, CooperativeId, LedgerAccountId);

pub fn list_journals(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<JournalSums>> {
    let journals: Vec<(JournalId, CooperativeId)> = journal::table
        .filter(journal::id.gt(after))
        .order(journal::id)
        .limit(most)
        .select((journal::id, journal::cooperative_id))
        .load(conn)?;
    let ids: Vec<JournalId> = journals.iter().map(|(id, _)| id.clone()).collect();
    let rows: Vec<PostingRow> = posting::table
        .filter(posting::journal_id.eq_any(&ids))
        .select((
            posting::journal_id,
            posting::amount_vnd,
            posting::kind,
            posting::cooperative_id,
            posting::ledger_account_id,
        ))
        .load(conn)?;
    let mut accounts: Vec<LedgerAccountId> = rows.iter().map(|row| row.4.clone()).collect();
    accounts.sort();
    accounts.dedup();
    let mut known: HashMap<LedgerAccountId, (LedgerKind, CooperativeId)> = HashMap::new();
    for chunk in accounts.chunks(500) {
        let accounts: Vec<(LedgerAccountId, LedgerKind, CooperativeId)> = ledger_account::table
            .filter(ledger_account::id.eq_any(chunk))
            .select((ledger_account::id, ledger_account::kind, ledger_account::cooperative_id))
            .load(conn)?;
        known.extend(accounts.into_iter().map(|(id, kind, cooperative)| (id, (kind, cooperative))));
    }
    let with_account = rows.into_iter().filter_map(|(journal, amount, kind, cooperative, account)| {
        known.get(&account).map(|account| (journal, (amount, (kind, cooperative), account.clone())))
    });
    let mut postings = grouped(with_account.collect());
    let sums = journals.into_iter().map(|(id, cooperative)| JournalSums {
        postings: postings.remove(&id).unwrap_or_default(),
        id,
        cooperative,
    });
    Ok(sums.collect())
}

/// A bank event beside its postings.
#[derive(Debug, Clone)]
pub struct EventSums {
    pub event: BankEvent,
    pub postings: Vec<(LedgerKind, Money)>,
    /// Whether the event that is said to prove this money better is there.
    pub proof_is_there: bool,
}

impl Checked for EventSums {
    fn key(&self) -> String {
        self.event.id.to_string()
    }
}

impl EventSums {
    /// What the bank account's ledger side must show for it. An undone word was booked and then reversed by another journal.
    fn expected(&self) -> Money {
        let was_said = self.event.undone_at.is_some();
        let gone = || self.event.amount_vnd.negated().unwrap_or_default();
        match self.event.state {
            BankEventState::Booked if self.event.direction == Direction::Out => gone(),
            BankEventState::Booked
            | BankEventState::Waiting
            | BankEventState::OtherMoney
            | BankEventState::Dismissed => self.event.amount_vnd,
            BankEventState::Ignored if was_said => self.event.amount_vnd,
            BankEventState::Ignored => Money::ZERO,
        }
    }

    pub fn trouble(&self) -> Option<String> {
        let (event, amount) = (&self.event, self.event.amount_vnd);
        let bank = self.postings.iter().filter(|(kind, _)| *kind == LedgerKind::Bank).map(|(_, amount)| *amount);
        let booked = Money::sum(bank).unwrap_or_default();
        if booked != self.expected() {
            return Some(format!("bank event {} of {amount} is booked as {booked}", event.id));
        }
        if event.state == BankEventState::Booked && event.order_id.is_none() {
            return Some(format!("bank event {} of {amount} is booked for no order", event.id));
        }
        (!self.proof_is_there).then(|| format!("bank event {} is confirmed by one that is not there", event.id))
    }
}

pub fn list_event_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<EventSums>> {
    let events: Vec<BankEvent> = bank_event::table
        .filter(bank_event::id.gt(after))
        .order(bank_event::id)
        .limit(most)
        .select(BankEvent::as_select())
        .load(conn)?;
    let ids: Vec<BankEventId> = events.iter().map(|event| event.id.clone()).collect();
    let rows: Vec<(Option<BankEventId>, LedgerKind, Money)> = posting::table
        .inner_join(journal::table)
        .filter(journal::bank_event_id.eq_any(&ids))
        .select((journal::bank_event_id, posting::kind, posting::amount_vnd))
        .load(conn)?;
    let rows = rows.into_iter().filter_map(|(event, kind, amount)| event.map(|event| (event, (kind, amount))));
    let mut postings = grouped(rows.collect());
    let proofs: Vec<BankEventId> = events.iter().filter_map(|event| event.confirmed_by_event.clone()).collect();
    let there: Vec<BankEventId> =
        bank_event::table.filter(bank_event::id.eq_any(&proofs)).select(bank_event::id).load(conn)?;
    let sums = events.into_iter().map(|event| EventSums {
        postings: postings.remove(&event.id).unwrap_or_default(),
        proof_is_there: event.confirmed_by_event.as_ref().is_none_or(|proof| there.contains(proof)),
        event,
    });
    Ok(sums.collect())
}

/// A bank event beside what people were asked about it.
#[derive(Debug, Clone)]
pub struct EventCases {
    pub id: BankEventId,
    pub state: BankEventState,
    pub cases: Vec<(MoneyCaseReason, MoneyCaseState)>,
}

impl Checked for EventCases {
    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl EventCases {
    /// Waiting money has an open case; money that does not wait has no open case that asks whose it is.
    pub fn trouble(&self) -> Option<String> {
        let asks = |(reason, state): &(MoneyCaseReason, MoneyCaseState)| {
            let whose =
                matches!(reason, MoneyCaseReason::Unmatched | MoneyCaseReason::TwoHits | MoneyCaseReason::WrongAccount);
            whose && *state == MoneyCaseState::Open
        };
        match (self.state == BankEventState::Waiting, self.cases.iter().any(asks)) {
            (true, false) => Some(format!("bank event {} waits, and nobody is asked about it", self.id)),
            (false, true) => {
                Some(format!("bank event {} is {}, and people are still asked about it", self.id, self.state))
            }
            _ => None,
        }
    }
}

pub fn list_event_cases(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<EventCases>> {
    let events: Vec<(BankEventId, BankEventState)> = bank_event::table
        .filter(bank_event::id.gt(after))
        .order(bank_event::id)
        .limit(most)
        .select((bank_event::id, bank_event::state))
        .load(conn)?;
    let ids: Vec<BankEventId> = events.iter().map(|(id, _)| id.clone()).collect();
    let rows: Vec<(Option<BankEventId>, MoneyCaseReason, MoneyCaseState)> = money_case::table
        .filter(money_case::bank_event_id.eq_any(&ids))
        .select((money_case::bank_event_id, money_case::reason, money_case::state))
        .load(conn)?;
    let mut cases =
        grouped(rows.into_iter().filter_map(|(id, reason, state)| id.map(|id| (id, (reason, state)))).collect());
    Ok(events
        .into_iter()
        .map(|(id, state)| EventCases { cases: cases.remove(&id).unwrap_or_default(), id, state })
        .collect())
}

/// An order beside its money.
#[derive(Debug, Clone)]
pub struct OrderMoney {
    pub order: Order,
    pub postings: Vec<(LedgerKind, Money)>,
    /// What its lines cost as ordered.
    pub ordered_vnd: Vec<Money>,
    /// A code that was used.
    pub voucher: Option<OrderVoucher>,
    /// A person's word about its money was taken back.
    pub was_undone: bool,
    pub cases: Vec<(MoneyCaseReason, MoneyCaseState, Option<String>)>,
    pub refunds: Vec<Refund>,
    /// What the journals of refunds say has gone back, and how much of it out of the till.
    pub gone_back: Money,
    pub gone_from_till: Money,
}

impl Checked for OrderMoney {
    fn key(&self) -> String {
        self.order.id.to_string()
    }
}

impl OrderMoney {
    fn sum(&self, kinds: &[LedgerKind]) -> Money {
        let of_kind = self.postings.iter().filter(|(kind, _)| kinds.contains(kind)).map(|(_, amount)| *amount);
        Money::sum(of_kind).unwrap_or_default()
    }

    /// Came for it and has not gone back.
    fn received(&self) -> Money {
        self.sum(&[LedgerKind::Bank, LedgerKind::Cash, LedgerKind::CashWithCarrier, LedgerKind::Unmatched])
    }

    /// Still to go back to the buyer.
    fn owed_back(&self) -> Money {
        self.sum(&[LedgerKind::RefundsDue]).negated().unwrap_or_default()
    }

    /// What it cost when it was placed: weighing may move the total afterwards.
    fn cost_when_placed(&self) -> Money {
        let goods = Money::sum(self.ordered_vnd.iter().copied()).unwrap_or_default();
        let goods = self.voucher.as_ref().map_or(goods, |used| used.net_of(goods).unwrap_or_default());
        goods.plus(self.order.shipping_vnd).unwrap_or_default().min(self.order.total_vnd)
    }

    pub fn trouble(&self, now: At) -> Option<String> {
        let (order, received) = (&self.order, self.received());
        let words = match order.state_at(now) {
            OrderState::AwaitingPayment
                if received >= order.total_vnd || order.asks(order.total_vnd, received) == Money::ZERO =>
            {
                "is paid and still awaits payment".to_owned()
            }
            OrderState::Placed | OrderState::Confirmed
                if order.payment == PaymentKind::VietQr
                    && !order.waits_for_yes()
                    && received < self.cost_when_placed().min(order.stands_with())
                    && !self.was_undone =>
            {
                format!("stands as paid, with {received} of {}", order.total_vnd)
            }
            OrderState::Expired | OrderState::Cancelled | OrderState::Declined
                if order.state.is_dead() && received != self.owed_back() =>
            {
                format!("has ended with {received} received and {} owed back", self.owed_back())
            }
            OrderState::Expired
                if order.state.is_dead()
                    && !order.short_stock
                    && received >= order.stands_with()
                    && received.is_positive() =>
            {
                "is paid in full, expired, and nobody was told that its goods are short".to_owned()
            }
            _ if self.owed_back() < Money::ZERO => format!("owes back {}, less than nothing", self.owed_back()),
            _ => return None,
        };
        Some(format!("order {} {words}", order.code))
    }

    /// Refunds beside the ledger: what is under way and what was left is what is owed; what is said to have gone has been booked.
    pub fn refund_trouble(&self) -> Option<String> {
        let sum = |wanted: fn(&Refund) -> bool| {
            let rows = self.refunds.iter().filter(|row| wanted(row)).map(|row| row.amount_vnd);
            Money::sum(rows).unwrap_or_default()
        };
        let (under_way, kept) = (sum(|row| row.state.is_under_way()), sum(|row| row.state == RefundState::Kept));
        let (gone, in_cash) = (sum(|row| row.state.has_gone()), sum(|row| row.state.has_gone() && row.in_cash));
        let owed = self.owed_back();
        let words = if under_way != owed.minus(kept).unwrap_or_default().max(Money::ZERO) {
            format!("owes back {owed}, and its refunds say {under_way} under way and {kept} left")
        } else if gone > self.gone_back {
            format!("has {gone} said to be sent back, and {} booked", self.gone_back)
        } else if in_cash != self.gone_from_till {
            format!("has {in_cash} said to be paid back in cash, and {} booked out of the till", self.gone_from_till)
        } else {
            return None;
        };
        Some(format!("order {} {words}", self.order.code))
    }

    pub fn owed_unlisted(&self) -> Option<String> {
        let asked =
            self.cases.iter().any(|(_, state, word)| *state == MoneyCaseState::Open || word.as_deref() == Some("seen"));
        let unlisted = self.owed_back().is_positive() && !asked;
        unlisted.then(|| {
            format!("order {} owes back {}, and nobody is asked to send it", self.order.code, self.owed_back())
        })
    }
}

pub fn list_order_money(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<OrderMoney>> {
    let orders: Vec<Order> = sale_order::table
        .filter(sale_order::id.gt(after))
        .order(sale_order::id)
        .limit(most)
        .select(Order::as_select())
        .load(conn)?;
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id.clone()).collect();
    let rows: Vec<(Option<OrderId>, LedgerKind, Money)> = posting::table
        .filter(posting::order_id.eq_any(&ids))
        .select((posting::order_id, posting::kind, posting::amount_vnd))
        .load(conn)?;
    let mut postings =
        grouped(rows.into_iter().filter_map(|(id, kind, amount)| id.map(|id| (id, (kind, amount)))).collect());
    let mut ordered = grouped(
        order_line::table
            .filter(order_line::order_id.eq_any(&ids))
            .select((order_line::order_id, order_line::line_vnd))
            .load::<(OrderId, Money)>(conn)?,
    );
    let undone: Vec<Option<OrderId>> = bank_event::table
        .filter(bank_event::order_id.eq_any(&ids))
        .filter(bank_event::undone_at.is_not_null())
        .select(bank_event::order_id)
        .load(conn)?;
    let cases: Vec<(Option<OrderId>, MoneyCaseReason, MoneyCaseState, Option<String>)> = money_case::table
        .filter(money_case::order_id.eq_any(&ids))
        .select((money_case::order_id, money_case::reason, money_case::state, money_case::resolution))
        .load(conn)?;
    let mut cases = grouped(
        cases.into_iter().filter_map(|(id, reason, state, word)| id.map(|id| (id, (reason, state, word)))).collect(),
    );
    let used = crate::store::voucher::list_uses_of(conn, &ids)?;
    let refunds = crate::store::refund::list_of_orders(conn, &ids)?;
    let mut refunds = grouped(refunds.into_iter().map(|row| (row.order_id.clone(), row)).collect());
    let mut gone: HashMap<OrderId, (Money, Money)> = HashMap::new();
    for (order, from, amount) in crate::store::ledger::list_refunds(conn, &ids)? {
        let (all, till) = gone.entry(order).or_default();
        *all = all.minus(amount).unwrap_or_default();
        if from == LedgerKind::Cash {
            *till = till.minus(amount).unwrap_or_default();
        }
    }
    let gone_of = |order: &OrderId| gone.get(order).copied().unwrap_or_default();
    let rows = orders.into_iter().map(|order| OrderMoney {
        refunds: refunds.remove(&order.id).unwrap_or_default(),
        gone_back: gone_of(&order.id).0,
        gone_from_till: gone_of(&order.id).1,
        postings: postings.remove(&order.id).unwrap_or_default(),
        ordered_vnd: ordered.remove(&order.id).unwrap_or_default(),
        voucher: used.iter().find(|used| used.order_id == order.id).cloned(),
        was_undone: undone.iter().flatten().any(|id| *id == order.id),
        cases: cases.remove(&order.id).unwrap_or_default(),
        order,
    });
    Ok(rows.collect())
}
