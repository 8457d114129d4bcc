//! Double entry: which postings a money event makes. Pure; every journal made here adds up to nothing.

use super::id::OrderId;
use super::money::{Money, MoneyOverflow};

crate::word_enum! {
    /// The accounts every cooperative has. Debit is positive: bank and cash grow by debits, the others by credits.
    LedgerKind {
        Bank = "bank", Cash = "cash",
        /// Money that has come and belongs to no order yet.
        Unmatched = "unmatched",
        /// Money of orders whose goods have not been handed over.
        Prepayments = "prepayments",
        /// Goods handed over, money still to come.
        Receivable = "receivable",
        Revenue = "revenue", Shipping = "shipping",
        /// Money that has to go back to a buyer.
        RefundsDue = "refunds_due",
        /// Cash in the hands of whoever took it, until a cashier has counted it; `carrier_cash` says whose hands.
        CashWithCarrier = "cash_with_carrier",
        /// What was missing (debit) or too much (credit) when cash was handed over.
        CashDifference = "cash_difference",
    }
}

crate::word_enum! {
    JournalKind {
        MoneyIn = "money_in", MoneyOut = "money_out", Assignment = "assignment", HandOver = "hand_over",
        Refund = "refund", Correction = "correction", CashHandOver = "cash_hand_over",
    }
}

/// One line of a journal. `amount` is never zero; positive is debit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub kind: LedgerKind,
    pub order: Option<OrderId>,
    pub amount: Money,
}

/// Where money of an order stands, summed from its postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderBalance {
    /// What has come for the order less what went back: Σ of bank, cash (in the till or in a carrier's hands) and unmatched.
    pub received: Money,
    /// Credit still standing on prepayments.
    pub prepaid: Money,
    /// Debit still standing on receivable.
    pub receivable: Money,
    /// Credit still standing on refunds due.
    pub refund_due: Money,
    /// What has gone back so far.
    pub refunded: Money,
}

/// Drops empty lines; what remains must balance.
fn lines(parts: Vec<(LedgerKind, Option<&OrderId>, Money)>) -> Result<Vec<Line>, MoneyOverflow> {
    let kept: Vec<Line> = parts
        .into_iter()
        .filter(|(_, _, amount)| *amount != Money::ZERO)
        .map(|(kind, order, amount)| Line { kind, order: order.cloned(), amount })
        .collect();
    debug_assert_eq!(Money::sum(kept.iter().map(|line| line.amount)), Ok(Money::ZERO), "a journal balances");
    Ok(kept)
}

/// Splits money for an order: first what is owed for delivered goods, then what is still due, the rest goes back.
fn credit_order(
    from: LedgerKind,
    order: &OrderId,
    amount: Money,
    due: Money,
    balance: OrderBalance,
) -> Result<Vec<Line>, MoneyOverflow> {
    let to_receivable = amount.min(balance.receivable.max(Money::ZERO));
    let after_receivable = amount.minus(to_receivable)?;
    let to_prepayments = after_receivable.min(due.minus(to_receivable)?.max(Money::ZERO));
    let to_refund = after_receivable.minus(to_prepayments)?;
    lines(vec![
        (from, Some(order), amount),
        (LedgerKind::Receivable, Some(order), to_receivable.negated()?),
        (LedgerKind::Prepayments, Some(order), to_prepayments.negated()?),
        (LedgerKind::RefundsDue, Some(order), to_refund.negated()?),
    ])
}

/// Money came by `from` (bank or cash) for an order that still owes `due`; zero for a dead order.
pub fn money_in_for_order(
    from: LedgerKind,
    order: &OrderId,
    amount: Money,
    due: Money,
    balance: OrderBalance,
) -> Result<Vec<Line>, MoneyOverflow> {
    credit_order(from, order, amount, due, balance)
}

/// Money came that belongs to no order yet.
pub fn money_in_unmatched(amount: Money) -> Result<Vec<Line>, MoneyOverflow> {
    lines(vec![(LedgerKind::Bank, None, amount), (LedgerKind::Unmatched, None, amount.negated()?)])
}

/// Unmatched money is given to an order that still owes `due`.
pub fn assignment(
    order: &OrderId,
    amount: Money,
    due: Money,
    balance: OrderBalance,
) -> Result<Vec<Line>, MoneyOverflow> {
    credit_order(LedgerKind::Unmatched, order, amount, due, balance)
}

/// The goods change hands: what was prepaid becomes revenue, what is missing becomes a claim, what is too much goes back.
pub fn hand_over(
    order: &OrderId,
    goods: Money,
    shipping: Money,
    balance: OrderBalance,
) -> Result<Vec<Line>, MoneyOverflow> {
    let total = goods.plus(shipping)?;
    let from_prepaid = balance.prepaid.min(total);
    let too_much = balance.prepaid.minus(from_prepaid)?;
    lines(vec![
        (LedgerKind::Prepayments, Some(order), balance.prepaid),
        (LedgerKind::Receivable, Some(order), total.minus(from_prepaid)?),
        (LedgerKind::Revenue, Some(order), goods.negated()?),
        (LedgerKind::Shipping, Some(order), shipping.negated()?),
        (LedgerKind::RefundsDue, Some(order), too_much.negated()?),
    ])
}

/// The order will not be delivered: everything prepaid is owed back.
pub fn give_up(order: &OrderId, balance: OrderBalance) -> Result<Vec<Line>, MoneyOverflow> {
    lines(vec![
        (LedgerKind::Prepayments, Some(order), balance.prepaid),
        (LedgerKind::RefundsDue, Some(order), balance.prepaid.negated()?),
    ])
}

/// The order costs less than was prepaid: so much of it is owed back.
pub fn lower(order: &OrderId, excess: Money) -> Result<Vec<Line>, MoneyOverflow> {
    lines(vec![
        (LedgerKind::Prepayments, Some(order), excess),
        (LedgerKind::RefundsDue, Some(order), excess.negated()?),
    ])
}

/// A dead order lives again: what was to go back is a prepayment again, up to what is due.
pub fn take_up_again(order: &OrderId, due: Money, balance: OrderBalance) -> Result<Vec<Line>, MoneyOverflow> {
    let kept = balance.refund_due.min(due).max(Money::ZERO);
    lines(vec![(LedgerKind::RefundsDue, Some(order), kept), (LedgerKind::Prepayments, Some(order), kept.negated()?)])
}

/// Goods handed over were worth less than was charged: so much of the revenue is none. What is still owed falls first, the rest goes
/// back.
pub fn allowance(order: &OrderId, amount: Money, balance: OrderBalance) -> Result<Vec<Line>, MoneyOverflow> {
    let from_receivable = amount.min(balance.receivable.max(Money::ZERO));
    lines(vec![
        (LedgerKind::Revenue, Some(order), amount),
        (LedgerKind::Receivable, Some(order), from_receivable.negated()?),
        (LedgerKind::RefundsDue, Some(order), amount.minus(from_receivable)?.negated()?),
    ])
}

/// Money went back to the buyer from `from` (bank or cash).
pub fn refund(from: LedgerKind, order: &OrderId, amount: Money) -> Result<Vec<Line>, MoneyOverflow> {
    lines(vec![(LedgerKind::RefundsDue, Some(order), amount), (from, Some(order), amount.negated()?)])
}

/// Money that was said to have come had not: it leaves the books from wherever it stands by now. What has been handed over or
/// sent back for it is a claim again.
pub fn take_back(
    from: LedgerKind,
    order: &OrderId,
    amount: Money,
    balance: OrderBalance,
) -> Result<Vec<Line>, MoneyOverflow> {
    let from_prepaid = amount.min(balance.prepaid.max(Money::ZERO));
    let after = amount.minus(from_prepaid)?;
    let from_refunds = after.min(balance.refund_due.max(Money::ZERO));
    lines(vec![
        (LedgerKind::Prepayments, Some(order), from_prepaid),
        (LedgerKind::RefundsDue, Some(order), from_refunds),
        (LedgerKind::Receivable, Some(order), after.minus(from_refunds)?),
        (from, Some(order), amount.negated()?),
    ])
}

/// A carrier hands over cash of which the books say `covers`, and the cashier counts `counted`: what is missing or too much stands
/// on its own account. Both negated take it back.
pub fn cash_handed_over(covers: Money, counted: Money) -> Result<Vec<Line>, MoneyOverflow> {
    lines(vec![
        (LedgerKind::Cash, None, counted),
        (LedgerKind::CashWithCarrier, None, covers.negated()?),
        (LedgerKind::CashDifference, None, covers.minus(counted)?),
    ])
}

/// Sums postings of one order into where its money stands.
pub fn balance_of(lines: impl IntoIterator<Item = (LedgerKind, Money)>) -> Result<OrderBalance, MoneyOverflow> {
    let mut sum = OrderBalance::default();
    for (kind, amount) in lines {
        match kind {
            LedgerKind::Bank | LedgerKind::Cash | LedgerKind::CashWithCarrier | LedgerKind::Unmatched => {
                sum.received = sum.received.plus(amount)?;
            }
            LedgerKind::Prepayments => sum.prepaid = sum.prepaid.minus(amount)?,
            LedgerKind::Receivable => sum.receivable = sum.receivable.plus(amount)?,
            LedgerKind::RefundsDue => sum.refund_due = sum.refund_due.minus(amount)?,
            LedgerKind::Revenue | LedgerKind::Shipping | LedgerKind::CashDifference => {}
        }
        if matches!(kind, LedgerKind::Bank | LedgerKind::Cash) && amount < Money::ZERO {
            sum.refunded = sum.refunded.minus(amount)?;
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order() -> OrderId {
        OrderId::new(crate::domain::time::At::from_unix_seconds(0), [7; 10])
    }

    fn of(lines: &[Line]) -> OrderBalance {
        balance_of(lines.iter().map(|line| (line.kind, line.amount))).expect("small sums")
    }

    #[test]
    fn an_over_payment_is_booked_whole_and_its_rest_is_owed_back() {
        let booked = money_in_for_order(LedgerKind::Bank, &order(), Money(70), Money(50), OrderBalance::default())
            .expect("small");
        assert_eq!(
            of(&booked),
            OrderBalance { received: Money(70), prepaid: Money(50), refund_due: Money(20), ..Default::default() }
        );
    }

    #[test]
    fn money_at_the_door_first_pays_what_the_hand_over_left_open() {
        let mut all = hand_over(&order(), Money(80), Money(20), OrderBalance::default()).expect("small");
        assert_eq!(of(&all).receivable, Money(100));
        all.extend(money_in_for_order(LedgerKind::Cash, &order(), Money(100), Money(100), of(&all)).expect("small"));
        assert_eq!(of(&all), OrderBalance { received: Money(100), ..Default::default() });
    }

    proptest! {
        #[test]
        fn what_is_allowed_lowers_the_claim_first_and_is_owed_back_for_the_rest(paid in 0_i64..1_000_000, goods in 1_i64..1_000_000, part in 0_i64..=1_000) {
            let amount = Money(goods).scaled_half_up(part, 1_000).expect("fits");
            let mut all = money_in_for_order(LedgerKind::Bank, &order(), Money(paid.min(goods)), Money(goods), OrderBalance::default()).expect("fits");
            all.extend(hand_over(&order(), Money(goods), Money::ZERO, of(&all)).expect("fits"));
            let open = of(&all).receivable;
            all.extend(allowance(&order(), amount, of(&all)).expect("fits"));
            let after = of(&all);
            prop_assert_eq!(after.receivable.plus(amount).expect("fits").minus(after.refund_due).expect("fits"), open);
            prop_assert!(after.receivable >= Money::ZERO && after.refund_due >= Money::ZERO);
            prop_assert!(after.refund_due == Money::ZERO || after.receivable == Money::ZERO);
        }

        #[test]
        fn every_journal_adds_up_to_nothing(amount in 1_i64..1_000_000_000, due in 0_i64..1_000_000_000, goods in 0_i64..1_000_000_000, ship in 0_i64..1_000_000) {
            let mut all = money_in_for_order(LedgerKind::Bank, &order(), Money(amount), Money(due), OrderBalance::default()).expect("fits");
            for more in [hand_over(&order(), Money(goods), Money(ship), of(&all)).expect("fits"), give_up(&order(), of(&all)).expect("fits")] {
                prop_assert_eq!(Money::sum(more.iter().map(|line| line.amount)), Ok(Money::ZERO));
                prop_assert!(more.iter().all(|line| line.amount != Money::ZERO));
            }
            all.extend(give_up(&order(), of(&all)).expect("fits"));
            prop_assert_eq!(of(&all).refund_due, Money(amount));
        }
    }
}
