### Answering orders: by a link without a sign-in, in the cooperative's hours, and what a buyer reads meanwhile.

answer-title = Order { $code } waits for an answer
answer-head = { $who } has ordered
answer-until = The buyer was promised an answer by { $at }
answer-what = What was ordered
answer-paid = Paid: { $amount }
answer-cod = Pays on delivery
answer-pays-after = Pays once the cooperative has accepted
answer-accept = Accept the order
answer-change = Offer less, or another day
answer-decline = We cannot do this order
answer-for = This link is { $name }'s own; what is pressed is noted under { $name }. Do not pass it on.
answer-why = Why can it not be done?
answer-why-sold = Sold out
answer-why-day = No delivery on that day
answer-why-weather = Storm, no harvest
answer-why-other = Another reason, written below
answer-why-words = Another reason
answer-decline-next = Look once more, then decline
answer-sure = Decline this order?
answer-sure-reason = The buyer will read: “{ $reason }”
answer-decline-do = Decline the order
answer-back = Back to the order
answer-change-title = How much can be done, and on which day?
answer-change-note = Write what can be done. The buyer agrees or cancels; until then nothing has changed.
answer-change-ordered = Ordered: { $quantity }
answer-change-day = Day of delivery
answer-change-do = Ask the buyer
answer-done = This order has been answered
answer-asked-buyer = The buyer has been asked
answer-asked-buyer-note = The buyer answers by { $at }. Nothing more to do.
answer-renewed = This link has been used
answer-renewed-note = A new link, if one was asked for, is in the message to { $name }.
answer-role = This link no longer works
answer-role-note = Whoever it was made for does not answer for the cooperative any more. Somebody else signs in to answer.
answer-late = This link has run out
answer-late-note = The order still waits. A new link is sent to { $name } when asked for.
answer-renew = Ask for a new link
answer-sign-in = Open the order on the seller's page
answer-reason-late = The cooperative could not answer in the promised time.
answer-reason-silent = The cooperative proposed a change and you had not answered in the stated time.

## Read by buyers
answer-note-closed = The cooperative opens again at { $opens }. It answers by { $at }.
answer-your-turn = The cooperative asks; your answer is awaited
answer-proposed = The cooperative proposes a change
answer-proposed-note = If you agree, the order is as written here. If not, cancel it: what you paid goes back in full. Answer by { $at }.
answer-proposed-line = { $name }: { $now } instead of { $before }
answer-proposed-day = Delivered { $day } instead of { $before }
answer-proposed-day-new = Delivered { $day }
answer-proposed-total = { $total } in all instead of { $before }
answer-proposed-back = The cooperative returns { $amount } to you.
answer-weight-asked = It weighs more than was ordered. Take all of it?
answer-weight-note = If not, there is nothing to do: the cooperative takes some out, as was promised, and you pay nothing more. Answer before { $at }.
answer-weight-agree = Take all of it
answer-proposed-weight = { $name }: { $weight } instead of about { $ordered }, { $amount }
answer-agree = Agree to the change
answer-look-elsewhere = Find “{ $name }” at other cooperatives

## How orders are answered
answer-rules = How orders are answered
answer-rules-note = How soon, and which are accepted at once
answer-rules-hours = Open from { $opens } to { $closes }. Outside these hours no clock runs and nobody is reminded.
answer-rules-within = Buyers are promised an answer within
answer-rules-minutes = { $minutes } minutes
answer-rules-hour = { $hours } hours
answer-rules-stock = Accept at once what is in stock
answer-rules-stock-note = When every item is in a lot that is there, the market accepts in the cooperative's name as the order is placed.
answer-rules-first = Buyers pay once the order is accepted
answer-rules-first-note = The code for the transfer appears after the cooperative's yes. For goods not harvested yet.
answer-rules-save = Save how orders are answered
answer-rules-saved = Saved. Orders from now on are answered this way.
answer-rules-manager = A manager of the cooperative does this.

## Paid after the yes
answer-first-note = Nothing to pay yet. The code for the transfer appears here once the cooperative has accepted.
answer-pay-until = The cooperative has accepted. Transfer by { $at }

## Accepts within … minutes
answer-score = Answers orders
answer-score-minutes = Accepts within about { $minutes } minutes, { $percent }% of orders in time (last 30 days)
answer-score-hours = Accepts within about { $hours } hours, { $percent }% of orders in time (last 30 days)
answer-score-share = { $percent }% of orders answered in time (last 30 days)
answer-score-own = { $orders } orders in the last 30 days, { $percent }% in time. Buyers see this figure from { $least } orders on.
answer-score-own-median = Usually answered within { $minutes } minutes of your hours.
answer-score-own-none = Too few orders to say. From { $least } orders in 30 days on buyers see how soon you answer.
answer-send-link = Send the link to whoever answers
