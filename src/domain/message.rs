//! What the market owes the world: words to people, and work for the outbox that carries them.

use super::id::{MessageId, OrderId};

crate::word_enum! {
    /// Words owed to a person. Each has its text in `mail.ftl` (`mail-<kind>-…`) and its mail in `templates/mail/<kind>/`.
    MessageKind {
        /// To the buyer: the purchase with its links.
        PurchaseMade = "purchase_made",
        /// To the cooperative: an order waits for a yes.
        OrderToConfirm = "order_to_confirm",
        /// To whoever can still reach the cooperative: it has not answered, please call.
        OrderUnanswered = "order_unanswered",
        /// To the buyer: the cooperative has said yes, now it may be paid.
        OrderPayable = "order_payable",
        /// To the buyer: the cooperative can do it otherwise, agree or cancel.
        ChangeProposed = "change_proposed",
        /// To the buyer: at packing something came out otherwise: lighter, without a line, another product.
        OrderChanged = "order_changed",
        /// To the buyer: it weighs more than was promised, agree to pay for it?
        WeightAsked = "weight_asked",
        OrderPaid = "order_paid",
        OrderConfirmed = "order_confirmed",
        OrderPacked = "order_packed",
        OrderSent = "order_sent",
        /// To the buyer: it goes by this coach, to be fetched there.
        OrderOnCoach = "order_on_coach",
        /// To the buyer: nobody took it at the door, and when it comes again.
        OrderUndelivered = "order_undelivered",
        /// To the buyer: nothing is brought there for some days.
        DeliveryPaused = "delivery_paused",
        /// To the buyer: it was taken back for good.
        OrderReturned = "order_returned",
        OrderDelivered = "order_delivered",
        OrderDeclined = "order_declined",
        OrderExpired = "order_expired",
        /// To the cooperative: a sales window is closed, so much was ordered of it.
        WindowClosed = "window_closed",
        /// To the buyer: less was harvested, this is what comes of the order.
        PreorderLess = "preorder_less",
        /// To the buyer: it waits for the next harvest, as was wished.
        PreorderMoved = "preorder_moved",
        /// Six digits to get back in.
        SignInCode = "sign_in_code",
        /// Money waits for a person of the cooperative.
        MoneyWaits = "money_waits",
        /// To the cooperative: a buyer says that goods are spoiled, short or wrong, and what has become of that since.
        ClaimMade = "claim_made",
        /// To the buyer: what the cooperative, the operator or the clock did with a claim.
        ClaimAnswered = "claim_answered",
        /// To every member: another receiving account is proposed, agreed on, in force, or comes to nothing.
        AccountChange = "account_change",
    }
}
crate::word_enum! {
    MessageState {
        Open = "open", Told = "told", Sent = "sent", Parked = "parked",
        /// No longer needed before anybody had passed it on.
        Dropped = "dropped",
    }
}
crate::word_enum! { OutboxState { Owed = "owed", Leased = "leased", Done = "done", Parked = "parked" } }

/// Work for the outbox; its JSON is the payload.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Owed {
    /// Send the words of a message by mail.
    Mail { message: MessageId },
    /// Bring a product's document in an outside search engine up to date (the embedded index follows the change feed).
    Index { product: String },
    /// See to it that the provider's payment link of an order asks for what is due, or that there is none.
    PaymentLink { order: OrderId },
}

impl Owed {
    /// The word in the `kind` column, for counting.
    pub const fn kind(&self) -> &'static str {
        match self {
            Owed::Mail { .. } => "mail",
            Owed::Index { .. } => "index",
            Owed::PaymentLink { .. } => "payment_link",
        }
    }

    /// Work with the same key is done in order.
    pub fn key(&self) -> String {
        match self {
            Owed::Mail { message } => format!("mail:{message}"),
            Owed::Index { product } => format!("index:{product}"),
            Owed::PaymentLink { order } => format!("payment_link:{order}"),
        }
    }
}
