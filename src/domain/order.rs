//! The life of an order: its states, what moves it, and what each move refuses. Money is not here: see `settlement`.

use super::money::Money;
use super::refusal::Refusal;

crate::word_enum! {
    /// Where an order stands. Whether it is paid is another question (`Settlement`).
    OrderState {
        /// A VietQR order whose goods are held while the transfer is awaited.
        AwaitingPayment = "awaiting_payment",
        /// Paid, or to be paid on delivery: the cooperative has to answer.
        Placed = "placed",
        Confirmed = "confirmed",
        Packed = "packed",
        OnTheWay = "on_the_way",
        Delivered = "delivered",
        Closed = "closed",
        Expired = "expired",
        Cancelled = "cancelled",
        Declined = "declined",
    }
}

crate::word_enum! {
    /// What happened to an order.
    OrderEvent {
        CheckedOut = "checked_out",
        Paid = "paid",
        Confirmed = "confirmed",
        Packed = "packed",
        Sent = "sent",
        Delivered = "delivered",
        Closed = "closed",
        Expired = "expired",
        Cancelled = "cancelled",
        Declined = "declined",
        /// The cooperative said yes to what is not paid yet: now it may be.
        Agreed = "agreed",
        /// Late money came and the goods could be held again.
        Reopened = "reopened",
        /// Nobody took it at the door: it is back with the cooperative, packed for another try.
        Undelivered = "undelivered",
        /// Packed and not wanted any more: the goods are back, what was paid is owed back.
        Returned = "returned",
    }
}

crate::word_enum! { PaymentKind { VietQr = "vietqr", Cod = "cod" } }
crate::word_enum! { FulfilmentKind { Delivery = "delivery", Pickup = "pickup", Coach = "coach" } }
crate::word_enum! {
   /// What becomes of a line that cannot be had whole. The last three are of goods ordered before their harvest.
   IfShort {
       Replace = "replace", Drop = "drop", Call = "call",
       Less = "less",
       /// All of it or nothing.
       Whole = "whole",
       /// All of it, of the next harvest.
       Next = "next",
   }
}
crate::word_enum! { HoldState { Standing = "standing", Taken = "taken", Released = "released" } }
crate::word_enum! {
    /// Who moved an order.
    ActorKind {
        Shopper = "shopper", Cooperative = "cooperative", Helper = "helper", Operator = "operator",
        Official = "official", Bank = "bank", Clock = "clock",
    }
}

impl PaymentKind {
    /// Where an order of this kind begins; one that needs the cooperative's yes before it is paid waits for that.
    pub const fn first_state(self, needs_yes_first: bool) -> OrderState {
        match self {
            PaymentKind::VietQr if !needs_yes_first => OrderState::AwaitingPayment,
            PaymentKind::VietQr | PaymentKind::Cod => OrderState::Placed,
        }
    }
}

impl OrderEvent {
    /// What the cooperative's yes is: where it was asked before any payment, and what the order costs has not come, the buyer may pay
    /// now; else the contract stands. A paid order never falls back to waiting for money.
    pub fn yes(is_asked_first: bool, received: Money, total: Money) -> OrderEvent {
        if is_asked_first && received < total { OrderEvent::Agreed } else { OrderEvent::Confirmed }
    }
}

impl OrderState {
    /// Nothing will be delivered: expired, cancelled or declined.
    pub const fn is_dead(self) -> bool {
        matches!(self, OrderState::Expired | OrderState::Cancelled | OrderState::Declined)
    }

    /// The goods have left the cooperative's hands.
    pub const fn is_handed_over(self) -> bool {
        matches!(self, OrderState::Delivered | OrderState::Closed)
    }

    /// Money may still move this order forward.
    pub const fn awaits_money(self) -> bool {
        matches!(self, OrderState::AwaitingPayment)
    }

    /// The state after `event`, or why it cannot be. Exhaustive on purpose: a new state or event does not compile until it is decided.
    pub fn after(self, event: OrderEvent) -> Result<OrderState, Refusal> {
        use OrderState as S;
        let next = match event {
            OrderEvent::CheckedOut => None,
            OrderEvent::Paid => match self {
                S::AwaitingPayment => Some(S::Placed),
                S::Placed | S::Confirmed | S::Packed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Confirmed => match self {
                S::Placed => Some(S::Confirmed),
                S::AwaitingPayment | S::Confirmed | S::Packed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Agreed => match self {
                S::Placed => Some(S::AwaitingPayment),
                S::AwaitingPayment | S::Confirmed | S::Packed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Packed => match self {
                S::Confirmed => Some(S::Packed),
                S::AwaitingPayment | S::Placed | S::Packed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Sent => match self {
                S::Packed => Some(S::OnTheWay),
                S::AwaitingPayment | S::Placed | S::Confirmed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            // A packed order may be handed over at the counter without a journey.
            OrderEvent::Delivered => match self {
                S::Packed | S::OnTheWay => Some(S::Delivered),
                S::AwaitingPayment | S::Placed | S::Confirmed | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Closed => match self {
                S::Delivered => Some(S::Closed),
                S::AwaitingPayment | S::Placed | S::Confirmed | S::Packed | S::OnTheWay | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Expired => match self {
                S::AwaitingPayment => Some(S::Expired),
                S::Placed | S::Confirmed | S::Packed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            // Once the cooperative has said yes, taking the order back is a talk between people, not a button.
            OrderEvent::Cancelled => match self {
                S::AwaitingPayment | S::Placed => Some(S::Cancelled),
                S::Confirmed | S::Packed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Declined => match self {
                S::AwaitingPayment | S::Placed | S::Confirmed => Some(S::Declined),
                S::Packed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Reopened => match self {
                S::Expired => Some(S::Placed),
                S::AwaitingPayment | S::Placed | S::Confirmed | S::Packed | S::OnTheWay => None,
                S::Delivered | S::Closed | S::Cancelled | S::Declined => None,
            },
            OrderEvent::Undelivered => match self {
                S::OnTheWay => Some(S::Packed),
                S::AwaitingPayment | S::Placed | S::Confirmed | S::Packed | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
            // On the way it is in somebody's hands: that person says first that it was not taken.
            OrderEvent::Returned => match self {
                S::Packed => Some(S::Cancelled),
                S::AwaitingPayment | S::Placed | S::Confirmed | S::OnTheWay | S::Delivered | S::Closed => None,
                S::Expired | S::Cancelled | S::Declined => None,
            },
        };
        next.ok_or_else(|| Refusal::new("refusal-order-state").with("state", self).with("event", event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transition_table_is_this_and_nothing_else() {
        let mut rows = Vec::new();
        for state in OrderState::ALL {
            for event in OrderEvent::ALL {
                if let Ok(next) = state.after(*event) {
                    rows.push(format!("{state} --{event}--> {next}"));
                }
            }
        }
        insta::assert_snapshot!(rows.join("\n"), @r"
        awaiting_payment --paid--> placed
        awaiting_payment --expired--> expired
        awaiting_payment --cancelled--> cancelled
        awaiting_payment --declined--> declined
        placed --confirmed--> confirmed
        placed --cancelled--> cancelled
        placed --declined--> declined
        placed --agreed--> awaiting_payment
        confirmed --packed--> packed
        confirmed --declined--> declined
        packed --sent--> on_the_way
        packed --delivered--> delivered
        packed --returned--> cancelled
        on_the_way --delivered--> delivered
        on_the_way --undelivered--> packed
        delivered --closed--> closed
        expired --reopened--> placed
        ");
    }

    #[test]
    fn a_paid_order_never_falls_back_to_waiting_for_money() {
        for state in OrderState::ALL {
            for event in OrderEvent::ALL {
                // A yes to what is not paid is the one way there, and a paid order's yes is another event.
                let is_yes = (*state, *event) == (OrderState::Placed, OrderEvent::Agreed);
                assert_eq!(state.after(*event) == Ok(OrderState::AwaitingPayment), is_yes);
            }
        }
        let yes = |is_asked_first, received| OrderEvent::yes(is_asked_first, Money(received), Money(100));
        assert_eq!((yes(true, 0), yes(true, 99)), (OrderEvent::Agreed, OrderEvent::Agreed));
        assert_eq!((yes(true, 100), yes(true, 101)), (OrderEvent::Confirmed, OrderEvent::Confirmed));
        assert_eq!((yes(false, 0), yes(false, 100)), (OrderEvent::Confirmed, OrderEvent::Confirmed));
    }
}
