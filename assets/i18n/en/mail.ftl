### Letters: subject, words, what stands on the link.

mail-hello = To { $name },
mail-foot = Sent by Gánh, the market of the cooperatives of Hưng Yên. There is no need to answer.

mail-purchase_made-subject = Your order { $code } on Gánh
mail-purchase_made-text = Your order is placed, { $total } in all. Open this page to pay by bank transfer and to follow it.
mail-purchase_made-link = See the order
mail-order_to_confirm-subject = { $stage ->
    [asked] New order { $code } waits for your yes
   *[other] Order { $code } still waits for an answer
}
mail-order_to_confirm-text = Order { $code } over { $total } has come in. The buyer was promised an answer by { $by }. Open this link to accept it or to say that you cannot; no sign-in is needed.
mail-order_to_confirm-link = Answer the order
mail-order_unanswered-subject = Nobody has answered order { $code }
mail-order_unanswered-text = { $stage ->
    [call_list] Order { $code } of { $who } still waits; an answer was promised by { $by }. Open the seller's page to accept it or to say that you cannot.
   *[other] { $who } has not answered order { $code }, promised by { $by }. Please call { $phone } so that they open Gánh and answer.
}
mail-order_unanswered-link = Open the order
mail-claim_made-subject = { $stage ->
    [asked] A buyer reports a problem, order { $code }: { $who }
    [again] Order { $code } still waits for your answer about { $who }
    [found] The operator asks for money back, order { $code }: { $who }
   *[other] Order { $code }: the operator looks at { $who }
}
mail-claim_made-text = { $stage ->
    [asked] A buyer reports { $who } as spoiled, short or wrong, order { $code }. Open this page to see the pictures and answer before { $by }.
    [again] What a buyer reported about { $who }, order { $code }, still waits for your answer before { $by }. After that the operator looks at it.
    [found] The operator has looked at what was reported about { $who }, order { $code }, and asks you to give money back. Answer before { $by }.
   *[other] What a buyer reported about { $who }, order { $code }, is before the operator.
}
mail-claim_made-link = See and answer
mail-claim_answered-subject = { $step ->
    [accepted] Money is given back for { $who }, order { $code }
    [declined] The cooperative has answered about { $who }, order { $code }
    [asked_photo] One more picture of { $who }, order { $code }
   *[other] Your report about { $who }, order { $code }
}
mail-claim_answered-text = { $step ->
    [accepted] The cooperative gives back { $total } for { $who }, order { $code }. { $reason }
    [declined] The cooperative gives nothing back for { $who }, order { $code }: { $reason }. If you are not content, ask the operator within 3 days.
    [asked_photo] The cooperative asks for one more picture of { $who }, order { $code }: { $reason }
    [escalated] The cooperative has not answered about { $who }, order { $code }, so the operator looks at it.
    [found] The operator asks the cooperative to give back { $total } for { $who }, order { $code }. { $reason }
    [cleared] The operator has looked at your report about { $who }, order { $code }: { $reason }
   *[other] The cooperative has not given back what the operator asked for { $who }, order { $code }. The operator follows it.
}
mail-claim_answered-link = See it on the order's page
mail-change_proposed-subject = A change to order { $code } is proposed
mail-change_proposed-text = The cooperative cannot do order { $code } as it was placed and proposes a change. Open this page to agree or to cancel. Until you agree nothing has changed.
mail-change_proposed-link = See the proposal
mail-order_payable-subject = Order { $code } is accepted, please transfer
mail-order_payable-text = The cooperative has accepted order { $code } over { $total }. Open this page to transfer by { $by }. After that the goods go back to the market; who has paid nothing loses nothing.
mail-order_payable-link = Transfer
mail-order_paid-subject = The money for order { $code } has come
mail-order_paid-text = The money for order { $code } has come, { $total }. The cooperative will now accept it.
mail-order_paid-link = See the order
mail-order_confirmed-subject = The cooperative has accepted order { $code }
mail-order_confirmed-text = The cooperative has accepted order { $code } and will make it ready.
mail-order_confirmed-link = See the order
mail-order_packed-subject = Order { $code } is packed
mail-order_packed-text = Order { $code } is packed and waits to be brought.
mail-order_packed-link = See the order
mail-order_changed-subject = Something in order { $code } is not as it was placed
mail-order_changed-text = Packing order { $code }, the cooperative notes: { $reason }. The order is { $total } now. Open this page to see it.
mail-order_changed-link = See the order
mail-weight_asked-subject = Order { $code } weighs more, take all of it?
mail-weight_asked-text = The cooperative weighed order { $code }: { $reason }. Open this page and agree if you take all of it. Without an answer the cooperative takes some out and you pay nothing more.
mail-weight_asked-link = See and answer
mail-order_sent-subject = Order { $code } is on its way
mail-order_sent-text = Order { $code } is on its way.
mail-order_sent-link = See the order
mail-order_delivered-subject = Order { $code } has been delivered
mail-order_delivered-text = Order { $code } has been delivered. If anything is spoiled, missing or wrong, call the cooperative: its number is on this page.
mail-order_delivered-link = See the order
mail-order_declined-subject = The cooperative cannot fill order { $code }
mail-order_declined-text = The cooperative cannot fill order { $code }: { $reason }. Money that you have sent comes back in full.
mail-order_declined-link = See the order
mail-order_expired-subject = The goods of order { $code } are no longer held
mail-order_expired-text = No money has come yet, so the goods of order { $code } are no longer held. If you have sent it, it is not lost: late money is still noted for this order.
mail-order_expired-link = See the order
mail-sign_in_code-subject = Your six digits for signing in to Gánh
mail-sign_in_code-text = Your six digits: { $code }. They work for { $minutes } minutes. Never read them to someone who calls you.
mail-sign_in_code-link = Sign in
mail-money_waits-subject = Money waits for a decision: { $total }
mail-money_waits-text = { $total } waits for somebody of the cooperative to look and decide.
mail-money_waits-link = See the money
mail-reason-unmatched = It is not clear which order it is for.
mail-reason-two_hits = The memo names two orders.
mail-reason-partial = Less came than was due.
mail-reason-late = It came after the order had ended.
mail-reason-over = More came than was due.
mail-reason-duplicate = The order had been paid before.
mail-reason-short_stock = The money has come but the goods are gone.
mail-reason-wrong_account = It came to another account than the one on the order.
mail-reason-refund = It has to go back to the buyer.
mail-reason-order = Order { $code }.
mail-account_change-subject = { $step ->
    [proposed] Somebody proposes another receiving account for your cooperative
    [agreed] Your cooperative's receiving account is about to change
    [in_force] Your cooperative's receiving account has changed
   *[other] Your cooperative's receiving account stays as it is
}
mail-account_change-text = { $step ->
    [proposed] { $who } proposes that buyers pay to another account: { $account }. Nothing has changed: it waits for a second person to agree, and then for a day more.
    [agreed] { $who } has agreed to change the receiving account to { $account }. New orders use it from { $from }.
    [in_force] Since { $from }, new orders show the account { $account }. Orders placed before keep the account printed on them.
    [refused] { $who } does not agree to { $account }: { $reason }. The old account stays in use.
   *[other] { $who } has ended the change to { $account }. The old account stays in use.
}
mail-account_change-do = { $step ->
    [proposed] If this looks odd, call a manager of your cooperative or the market at once.
    [agreed] If this is not right, say so at once: any manager of the cooperative can stop it before that hour.
    [in_force] If this is not right, call the market at once.
   *[other] There is nothing you have to do.
}
mail-account_change-link = Open the sellers' page
mail-order_on_coach-subject = Order { $code } is on the coach
mail-order_on_coach-text = Order { $code } is on coach { $plate }, leaving at { $leaves }. Fetch it at { $stop }.
mail-order_on_coach-link = See the order
mail-order_undelivered-subject = Order { $code } could not be delivered
mail-order_undelivered-text = We brought order { $code } but nobody took it. The next day and the cooperative’s phone stand on this page.
mail-order_undelivered-link = See the order
mail-order_returned-subject = Order { $code } is not delivered any more
mail-order_returned-text = Order { $code } is not delivered any more: { $reason }. What was paid is sent back; this page asks where to.
mail-order_returned-link = See the order
mail-delivery_paused-subject = Order { $code } cannot be delivered for now
mail-delivery_paused-text = Order { $code } cannot be delivered for now: { $reason }. The order stands; the cooperative will say another day.
mail-delivery_paused-link = See the order
mail-window_closed-subject = { $who }: the harvest of { $by } is closed
mail-window_closed-text = { $who }, harvest { $by }: { $orders } orders, { $amount } to be harvested. After the harvest open this link and write down how much it was; it is shared out and buyers are told.
mail-window_closed-link = Open the sales window
mail-preorder_less-subject = Order { $code }: less was harvested
mail-preorder_less-text = Less was harvested than was ordered. Order { $code } gets: { $amount }. The sum is lowered to match, and what was paid beyond it is given back.
mail-preorder_less-link = See the order
mail-preorder_moved-subject = Order { $code } waits for the harvest of { $by }
mail-preorder_moved-text = The harvest was short. As you wished, order { $code } waits for the harvest of { $by }. Nothing is lost.
mail-preorder_moved-link = See the order
