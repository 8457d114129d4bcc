### Why something cannot be done; the keys that the domain and the services name.

refusal-too-large = That number is too large. Enter a smaller one.
refusal-phone = That is not a phone number of Vietnam. Enter one like 0912 345 678.
refusal-phone-taken = This phone number has an account already. Sign in, or get a 6-digit code.
refusal-sign-in = Phone number or password is not right. Try again, or get a 6-digit code.
refusal-code = The code is not right or has run out. Enter it again, or get another.
refusal-card = This card has been used or has run out. Ask the cooperative for a new one, or get a 6-digit code.
refusal-old-password = The current password is not right. Enter it again.
refusal-password-short = The password is too short. Use at least 8 letters or digits.
refusal-password-long = The password is too long. Use at most 256 letters.
refusal-password-known = Everybody guesses this password. Choose another.

## The basket and the checkout
refusal-basket-empty = The basket is empty. Choose something first.
refusal-too-many-lines = One purchase holds at most { $most } lines. Take some out and order the rest next time.
refusal-text-too-long = This is too long: at most { $most } letters. Make it shorter.
refusal-name = There is no name. Enter one, so that the cooperative knows whom to call.
refusal-email = That is not a mail address. Enter one like name@example.vn, or leave it empty.
refusal-address = There is no house number or street. Enter it, so that the driver finds the house.
refusal-commune = It is not known which commune this goes to. Type its old or new name and choose it.
refusal-fulfilment-kind = Choose how you get the goods: delivery, pick-up or by coach.
refusal-pickup-point = This pick-up point is gone. Choose another.
refusal-payment-kind = Choose how to pay: by transfer or on delivery.
refusal-if-short = Say what happens when something runs out: replace, drop or call.
refusal-tax-code = A tax code has 10 or 13 digits (12 for a person). Check it against the registration.
refusal-invoice-name = There is no name for the invoice. Enter it as registered.
refusal-invoice-address = There is no address for the invoice. Enter it as registered.
refusal-quantity = That is not a quantity. Enter a number like 1 or 1.5.
refusal-quantity-not-whole = “{ $name }” is sold by the { $unit } and cannot be divided so. Order { $below } or { $above } { $unit }.
refusal-quantity-least = “{ $name }” is sold from { $least } { $unit } up. Order { $least } { $unit }, or leave it out?
refusal-quantity-step = “{ $name }” is sold in steps of { $step } { $unit }. Choose the nearest quantity.
refusal-product-unknown = This product is not on the market. Take it out and order the rest.
refusal-product-hidden = “{ $name }” is no longer on sale. Take it out and order the rest.
refusal-offer-unknown = There is no such pack. Choose one on the product's page.
refusal-offer-gone = “{ $name }” is no longer sold in this pack. Take it out, or choose another pack on its page.
refusal-short = Only { $available } of “{ $name }” left. Order { $available }, or leave it out?
refusal-sold-out = “{ $name }” has just sold out. Leave it out, or look for something like it.
refusal-total-changed = The total has changed from { $expected } to { $total }. Look at it again and order if you agree.
refusal-cooperative-closed = { $cooperative } is not selling now. Take its goods out, or order later.
refusal-no-account = { $cooperative } takes no transfers yet. Choose to pay on delivery.
refusal-no-way = { $cooperative } does not bring its goods there that way. Choose another way, or take its goods out.
refusal-minimum = { $cooperative } delivers from { $least } of goods on. Add { $missing } more, or choose another way.
refusal-idempotency-key = The header Idempotency-Key is needed, at most 255 characters. Nothing was ordered.
refusal-idempotency-reused = This key was used for another request. The purchase made then stands as it was.
refusal-still-running = The first request with this key is still at work. Wait a second and send the same again.
refusal-json = The body cannot be read: { $reason }
refusal-order-state = The order has moved on, so this can no longer be done. Reload to see where it stands.
refusal-order-moved = Somebody has just handled order { $code }. Reload to see.
refusal-order-ended = Order { $code } has ended. Money that comes later stands in the list of money without an order.
refusal-order-unknown = The cooperative has no order { $code }. Check the code.

## Handling orders and money
refusal-short-to-confirm = Only { $available } of “{ $name }” left, not enough for this order. Call the buyer, or decline it.
refusal-reason = There is no reason. Write a few words for the buyer.
refusal-weigh-state = This order is no longer being weighed. Reload to see where it stands.
refusal-weigh-first = “{ $name }” is charged by true weight. Weigh it before packing.
refusal-weight = There is no weight for “{ $name }”. Enter what the scale says, like 1.46.
refusal-weight-ten-times = “{ $name }”: { $ordered } were ordered, { $weighed } weighed. Check the decimal point.
refusal-weight-tolerance = “{ $name }” weighs { $weighed }, more than was agreed (at most { $most } for { $ordered }). Take some out and weigh again.
refusal-already-paid = Order { $code } is paid already. Nothing was written.
refusal-more-than-due = Only { $due } is still due. Enter no more than that.
refusal-nothing-owed = Nothing is owed back on order { $code }.
refusal-undone-already = This entry has been undone already.
refusal-undo-too-late = More than an hour has passed. Write a correction instead.
refusal-case-needs-decision = This money needs a decision. Open it and choose one.
refusal-case-resolved = Somebody has settled this already.
refusal-case-not-assignable = This money cannot be put to an order. Choose another way.

## Products, lots and pictures
refusal-product-name = There is no name. Enter what people call it.
refusal-keeps-days = That is not a number of days. Enter 0 to 3650.
refusal-tolerance = The tolerance lies between 0 and 50 percent. Enter it again.
refusal-publish-needs-offer = “{ $name }” has no price yet. Add one and publish it.
refusal-taken-down = “{ $name }” was taken down. Call the operator to learn why.
refusal-offer-label = Name the pack in at most 80 letters, like “bag of 1 kg”.
refusal-offer-unit = Say the sale unit in at most 20 letters, like kg, bag.
refusal-offer-base = Say how much one sale unit holds: more than 0.
refusal-offer-step = The least quantity and the step must be more than 0.
refusal-offer-step-whole = The step must be a whole number of grams, millilitres or pieces.
refusal-price = That is not a price. Enter whole đồng above 0, like 35,000.
refusal-lot-quantity = That is not a quantity. Enter more than 0.
refusal-lot-day = The day it was made cannot lie ahead. Choose today or before.
refusal-lot-has-less = Only { $there } of this lot is left. Enter no more than that.
refusal-lot-too-small = There is not enough of this lot. Choose another, or enter less.
refusal-picture-kind = This kind of picture cannot be read. Choose a JPEG, PNG or WebP.
refusal-picture-damaged = The picture is damaged. Take it again, or choose another.
refusal-picture-too-many-bytes = The picture is over { $limit_mb } MB. Choose a smaller one.
refusal-picture-too-many-pixels = The picture is too large: at most { $side_px } pixels a side. Choose a smaller one.

## Founding a cooperative
refusal-cooperative-moved = The cooperative's state has just changed. Reload to see.
refusal-scope = It is not clear where this way goes. Choose the country, a province or communes.
refusal-account-number = That is not an account number. Copy it from the bank app.
refusal-bank = This bank is not in the list. Choose again.
refusal-account-there = The cooperative has a receiving account already. Changing it needs a second person.
refusal-lot-code-is-order = This is an order code, not a lot code. A lot code begins with NG and is printed on the label.
refusal-lot-code-length = A lot code has 9 letters and digits, this one has { $found }. Look at the label and type it again.
refusal-lot-code-prefix = A lot code begins with NG. Look at the label and type it again.
refusal-lot-code-letter = No code has «{ $letter }». Look at the label again: it resembles another letter or digit. Codes never use I, L, O, 0 or 1.
refusal-lot-code-check = One character is wrong or two are swapped. Compare group by group with the label and type it again.
refusal-lot-code-unknown = The code { $code } is well formed, but the market has no such lot. Compare it with the label. If the label looks strange, call the market.
refusal-not-parked = This work is no longer parked, somebody has let it try again. Load the page again to see.
refusal-grant-kind = Choose as what: official, helper or operator.
refusal-territory = Choose a territory from the list.
refusal-grant-basis = Write the paper that this grant rests on.
refusal-grant-office = An official needs the name of the office.
refusal-grant-days = Between 1 and 3,660 days, or empty.
refusal-grant-name = This phone has no account. Write the full name to open one.
refusal-last-operator = This is the last operator. Give the right to somebody else first, then take this one back.

## The sellers' door
refusal-amount = “{ $typed }” cannot be read. Write a figure like 1.86 or 1860 g.
refusal-day = That is no day. Choose it again.
refusal-season = That is no season. Write day and month, like 20/7.
refusal-category = No group is chosen. Choose one.
refusal-base-unit = Choose whether it is sold by weight, litre or piece.
refusal-lot-act = Choose what to write: more, loss, sold elsewhere or a count.
refusal-provider = Choose who tells when money comes.
refusal-person-name = The name is missing. Write it.
refusal-roles = No role is chosen. Choose at least one.
refusal-member-there = Somebody with this phone is in the cooperative already. See the list above.
refusal-last-manager = The cooperative needs at least one manager. Make somebody else manager first.
refusal-told-already = Somebody has passed this on already.
refusal-nothing-due = Order { $code } awaits no money any more. Look for its code in the list.
refusal-bank-silent = The bank of { $cooperative } sends no messages. Ask the cooperative to press “Money received” on this order.
