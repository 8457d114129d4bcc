//! Whether an order is paid: derived from its ledger balance and its state, never stored by hand.

use super::ledger::OrderBalance;
use super::money::{Money, MoneyOverflow};
use super::order::OrderState;

crate::word_enum! {
    Settlement {
        Unpaid = "unpaid", Partial = "partial", Settled = "settled", Over = "over",
        RefundDue = "refund_due", Refunded = "refunded",
    }
}

impl Settlement {
    /// The one rule: `total` is what the order costs now (by true weight once weighed).
    pub fn of(state: OrderState, total: Money, balance: OrderBalance) -> Settlement {
        if state.is_dead() {
            return match (
                balance.refund_due.is_positive() || balance.received.is_positive(),
                balance.refunded.is_positive(),
            ) {
                (true, _) => Settlement::RefundDue,
                (false, true) => Settlement::Refunded,
                (false, false) => Settlement::Unpaid,
            };
        }
        match balance.received.cmp(&total) {
            std::cmp::Ordering::Greater => Settlement::Over,
            std::cmp::Ordering::Equal => Settlement::Settled,
            std::cmp::Ordering::Less if balance.received.is_positive() => Settlement::Partial,
            std::cmp::Ordering::Less => Settlement::Unpaid,
        }
    }
}

/// What a buyer still has to pay; nothing for a dead order.
pub fn due(state: OrderState, total: Money, balance: OrderBalance) -> Result<Money, MoneyOverflow> {
    if state.is_dead() {
        return Ok(Money::ZERO);
    }
    Ok(total.minus(balance.received)?.max(Money::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(vnd: i64) -> OrderBalance {
        OrderBalance { received: Money(vnd), ..Default::default() }
    }

    #[test]
    fn a_living_order_is_unpaid_partial_settled_or_over() {
        let state = OrderState::AwaitingPayment;
        for (vnd, expected) in
            [(0, Settlement::Unpaid), (1, Settlement::Partial), (100, Settlement::Settled), (101, Settlement::Over)]
        {
            assert_eq!(Settlement::of(state, Money(100), received(vnd)), expected);
        }
        assert_eq!(due(state, Money(100), received(30)), Ok(Money(70)));
    }

    #[test]
    fn money_of_a_dead_order_is_owed_back_until_it_has_gone_back() {
        let state = OrderState::Expired;
        assert_eq!(Settlement::of(state, Money(100), OrderBalance::default()), Settlement::Unpaid);
        let owed = OrderBalance { received: Money(100), refund_due: Money(100), ..Default::default() };
        assert_eq!(Settlement::of(state, Money(100), owed), Settlement::RefundDue);
        let back = OrderBalance { refunded: Money(100), ..Default::default() };
        assert_eq!(Settlement::of(state, Money(100), back), Settlement::Refunded);
        assert_eq!(due(state, Money(100), OrderBalance::default()), Ok(Money::ZERO));
    }
}
