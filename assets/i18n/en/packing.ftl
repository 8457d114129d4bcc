### Packing: fetch, weigh, pack, on a phone and on paper; without a connection too.

packing-title = Packing
packing-today = Packing: fetch, weigh, pack
packing-today-note = { $count } orders to weigh and pack
packing-from-order = Open the packing page of this order
packing-days = Days of delivery
packing-no-day = No day agreed
packing-late = late
packing-none = No order to pack
packing-none-do = Accepted orders appear here by their day of delivery.
packing-packed = { $count } orders are packed and wait to be brought.
packing-steps = Three steps of packing
packing-pick = Fetch
packing-weigh = Weigh
packing-pack = Pack
packing-pick-title = Fetch by product
packing-orders = { $count } orders
packing-from-lot = Lot of { $day }
packing-print = Print the pick list
packing-weigh-title = Weigh each line
packing-weigh-note = As on the scale: 1.38 or 1,38 kg. Without a connection too; the phone sends it later.
packing-weight-of = Weight of { $name } for { $who }
packing-ordered = About { $ordered } ordered, at most { $most }
packing-weigh-do = Put weight down
packing-weigh-again = Put another weight down
packing-weighed-by = weighed by { $who } at { $at }
packing-weighed-agreed = the buyer agreed at { $at }
packing-asked = The buyer was asked to take { $weight }, until { $at }
packing-pack-title = Pack by buyer
packing-weigh-first = Something is not weighed yet
packing-do = Packed
packing-open = Open, something is missing
packing-open-anothers = Look at it, take over
packing-slip = Slip for the box
packing-out = taken out
packing-by = { $who } has been packing this since { $at }
packing-by-me = I am packing this
packing-what-weigh = Weigh { $name } for { $who }
packing-what-pack = Packed for { $who }

## One order
packing-of = Packing for { $who }
packing-hand = Who packs this
packing-anothers-note = If you take over it is yours and the other sees it at once. Else leave it to them.
packing-take-over = I take over
packing-leave-it = Leave it to them
packing-take-up = I pack this
packing-leave = Leave it to somebody else
packing-to-day = To the packing page
packing-lacks = This is missing

## Asked back
packing-ask-two = { $name }: there are two figures
packing-two-there = Put down: { $weight }
packing-two-mine = This phone: { $weight }
packing-two-keep = Keep { $weight }
packing-two-take = Take { $weight }
packing-ask-times-off = { $name }: that is a strange figure
packing-ask-over = { $name }: heavier than was promised
packing-ask-under = { $name }: lighter than was promised
packing-ask-said = You put down { $weight }, ordered were { $ordered }
packing-meant = It is { $weight }
packing-over-note = The buyer pays for { $most } at most. The rest: give it, ask the buyer, or take it out and weigh again.
packing-give = Give the rest, the buyer pays { $amount }
packing-ask-buyer = Ask the buyer to take all for { $amount }
packing-under-note = At least { $least } were promised. Add some and weigh again, or tell the buyer.
packing-less = There is only { $weight }, tell the buyer
packing-or-again = Or weigh again:

## Missing
packing-missing = { $name } is missing
packing-call-words = Hello, the cooperative calls about your order: { $name } has run out. Would you take { $other } at no more cost, or leave it out and get the money back?
packing-call-words-none = Hello, the cooperative calls about your order: { $name } has run out and there is nothing like it. May we leave it out and give the money back?
packing-said-replace = The buyer takes instead:
packing-replace-by = Something of the same kind that costs no more:
packing-replace-note = The buyer pays nothing more; what is cheaper is given back, and the buyer is told at once.
packing-no-other = There is nothing of the same kind in stock that costs no more.
packing-drop = Take it out of the order
packing-said-drop = The buyer leaves it out
packing-drop-note = The order is { $amount } ₫ less; what was paid is owed back, and the buyer is told at once.
packing-last = This is the last of the order and cannot be taken out.
packing-last-do = The order cannot be done, give the money back
packing-back = No, it is there after all

## Correction
packing-correct = Correct the weight
packing-correct-note = The old figure stays in the books; the new one stands beside it with name and reason. Of goods handed over the buyer pays nothing more.
packing-correct-weight = The right weight
packing-correct-reason = Why it is corrected
packing-correct-do = Put the correction down

## Done
packing-done-can = The weight is put down.
packing-done-hoi = The buyer is asked. The answer changes the order by itself.
packing-done-dong = The order is packed.
packing-done-cam = You are packing this order.
packing-done-tha = The order is left to somebody else.
packing-done-bo = It is out of the order and the buyer is told.
packing-done-doi = It is replaced and the buyer is told.
packing-done-dinh-chinh = The correction is put down.
packing-done-luu = Saved.

## Waiting to be sent
packing-queue-title = On this phone
packing-queue-again = Send again ({ $count } waiting)
packing-queue-waits = waiting to be sent
packing-queue-offline = There is no connection. Go on weighing and packing; the phone sends it later. Closing the page loses nothing.
packing-queue-sign-in = Sign in again to send this. It is still on this phone.
packing-queue-others = Somebody else put something down on this phone. It is sent when they sign in.
packing-queue-choose = Look and choose
packing-queue-drop = Drop this
packing-queue-gone = This order is not there any more, or not yours.
packing-queue-done = Put down
packing-queue-packed = Packed
packing-queue-after = waits for what comes before it

## On paper
packing-sheet = Pick list
packing-sheet-note = One sheet of A4 for whoever has no phone at hand. Put the weights down afterwards.
packing-sheet-at = printed at { $at }
packing-col-name = Goods
packing-col-lot = Lot
packing-col-amount = How much
packing-col-orders = Orders
packing-col-done = Done
packing-col-who = Buyer
packing-col-weight = True weight
packing-slip-note = Print it and put it into the box. For a gift without prices it says nothing of money.
packing-slip-to = To
packing-slip-true = by true weight
packing-slip-lot = Lot { $code }
packing-slip-day = Harvested on { $day }
packing-slip-qr = See where it is from
packing-slip-call = Call the cooperative: { $phone }

## Small differences
packing-rule = Small differences of weight
packing-rule-note = A few thousand over or short of what was paid before
packing-rule-lead = Paid before, and the true weight is a few thousand off: small sums are not sent back and forth by bank.
packing-rule-most = Up to what amount is it small
packing-rule-most-hint = Usually 10,000 ₫
packing-rule-lets-go = What the buyer still owes up to that is let go
packing-rule-back = What the cooperative owes the buyer up to that is given back in cash, not by bank.
packing-rule-save = Save the rule
packing-rule-is = Up to { $amount } counts as small here.
packing-back-by-hand = Give { $amount } back in cash
