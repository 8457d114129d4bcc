# The frame of the pages and the shared pieces. Words follow Gánh's glossary.
ui-brand-line = The market of Hưng Yên's farm cooperatives
ui-description = Buy straight from the cooperatives of Hưng Yên: who grew it, when it was picked, when it comes. Your money goes straight to the cooperative.
ui-skip = Skip to the main part
ui-demo-seal = Sample
ui-demo-line = Illustrative data; the cooperatives' names are invented. Do not transfer money to any code on this site.

ui-search-label = Search produce and cooperatives
ui-search-placeholder = Longan, rice, greens…
ui-search-do = Search
ui-nav-label = Main
ui-nav-basket = Basket
ui-nav-account = Account
ui-nav-help = Help
ui-nav-market = To the market
ui-areas-label = Places of work
ui-area-farm = Selling
ui-area-office = Officials' office
ui-area-operator = Operator
ui-area-account = Account
ui-sign-out = Sign out

ui-farm-label = The cooperative's work
ui-tab-work = Today
ui-farm-work = Today's work
ui-farm-orders = Orders
ui-farm-goods = Products
ui-farm-money = Money
ui-farm-more = More

ui-help-title = Need help? Call the market
ui-help-hours = 7 am – 8 pm every day
ui-help-seller = About goods and delivery days: call the cooperative, its number stands on the product and order pages.
ui-footer-label = About the market
ui-footer-help = Help and how to buy
ui-footer-find-order = Find an order
ui-footer-rules = Rules of the market
ui-footer-sell = Sell on Gánh
ui-language-label = Language

ui-breadcrumb-label = Where you are
ui-pager-label = Pages
ui-pager-previous = Previous page
ui-pager-next = Next page
ui-pager-where = Page { $page } of { $pages }
ui-live-changed = Something new came in; the page is up to date.
ui-live-reload = Reload the page to see news

ui-optional = optional
ui-busy = Sending, one moment…
ui-problems =
    { $count ->
        [1] One place needs another look. What you wrote is still here.
       *[other] { $count } places need another look. What you wrote is still here.
    }
ui-commune-hint = Type a new or an old commune or ward name
ui-commune-none = No such commune or ward. Try its old name, or choose from the list.
ui-less = Less
ui-add = More
ui-photo-shrunk = Picture made smaller: { $size }
ui-photo-alt = The picture just chosen
ui-copy = Copy
ui-copied = Copied
ui-copied-what = Copied: { $what }
ui-about = about
ui-minutes-left = { $minutes } min left
ui-time-over = time is up
ui-until = until { $at }

ui-stock-few = Few left
ui-stock-out = Sold out
ui-stock-season = Season over
ui-stock-next = Next season { $when }
ui-product-deliver = Delivered { $day }
ui-order-code = Order
ui-order-deliver = delivered { $day }
ui-order-total = Total

ui-message-zalo = Send by Zalo
ui-message-sms = Send a text
ui-message-call = Call
ui-message-told = Told
ui-message-copied = Message copied. Open Zalo and paste it.
ui-message-told-by = { $who } told them, { $at }

ui-step-done = Done
ui-step-stopped = Stopped
ui-progress-label = Steps

ui-qr-demo = SAMPLE – DO NOT TRANSFER
ui-qr-alt = Payment QR for { $holder }, { $bank }. The lines beside it hold all that is needed without scanning.
ui-qr-save = Save the QR picture
ui-qr-saved = Picture saved. Open your bank app and scan from pictures.
ui-qr-failed = This phone cannot save the picture. Copy the account and memo beside it and transfer as usual.
ui-qr-memo = Transfer memo
ui-qr-keep = Keep the memo as it is: it brings the money to the right order.
ui-qr-amount = Amount
ui-qr-account = Account number
ui-qr-bank = Bank
ui-qr-holder = Account holder
ui-qr-same-phone = Paying on this phone: save the QR picture, open the bank app, choose the picture. Or copy line by line.

ui-word-grower = the grower says
ui-word-cooperative = the cooperative checked
ui-word-authority = an authority inspected
ui-word-instrument = measured

ui-state-shopper-awaiting_payment = Waiting for your transfer
ui-state-shopper-placed = Waiting for the cooperative
ui-state-shopper-confirmed = Confirmed by the cooperative
ui-state-shopper-packed = Packed
ui-state-shopper-on_the_way = On the way
ui-state-shopper-delivered = Received
ui-state-shopper-closed = Closed
ui-state-shopper-expired = Hold ended
ui-state-shopper-cancelled = Cancelled as you wished
ui-state-shopper-declined = Declined by the cooperative
ui-state-shopper-unpaid = Not paid yet
ui-state-shopper-partial = Partly paid
ui-state-shopper-settled = Paid
ui-state-shopper-over = Paid too much
ui-state-shopper-refund_due = Refund due
ui-state-shopper-refunded = Refunded
ui-state-shopper-late = Money came late
ui-state-shopper-short_stock = Paid, but goods are gone
ui-state-seller-awaiting_payment = Buyer has not paid
ui-state-seller-placed = To confirm
ui-state-seller-confirmed = To pack
ui-state-seller-packed = Waiting for delivery
ui-state-seller-on_the_way = On the way
ui-state-seller-delivered = Delivered
ui-state-seller-closed = Closed
ui-state-seller-expired = Buyer did not pay
ui-state-seller-cancelled = Cancelled by the buyer
ui-state-seller-declined = Declined
ui-state-seller-unpaid = No money yet
ui-state-seller-partial = Partly paid
ui-state-seller-settled = Paid
ui-state-seller-over = Paid too much
ui-state-seller-refund_due = To refund
ui-state-seller-refunded = Refunded
ui-state-seller-late = Money came late
ui-state-seller-short_stock = Paid, goods short
ui-change-old = Old account
ui-change-new = New account
ui-change-proposed = Proposed by
ui-change-agreed = Agreed by
ui-change-as-manager = manager
ui-change-as-operator = the market
ui-change-from = In use from
ui-change-ended-taken_back = Taken back by
ui-change-ended-refused = Not agreed by
ui-change-ended-stopped = Stopped by
ui-change-reason = Reason
ui-change-state-proposed = Waits for a second person
ui-change-state-agreed = Waits for its hour
ui-change-state-in_force = Changed
ui-change-state-taken_back = Taken back
ui-change-state-refused = Not agreed
ui-change-state-stopped = Stopped
ui-change-holder-differs = The new account's holder “{ $holder }” is not the legal name “{ $legal }”. Make sure before you agree.
ui-change-decide = A day after you agree, new orders use the new account. In that day any manager can stop it.
ui-change-password = Your password
ui-change-agree = Agree to the change
ui-change-refuse = Do not agree
ui-change-refuse-why = Why not
ui-change-refuse-do = Do not agree to the change
ui-change-stop = Stop the change
