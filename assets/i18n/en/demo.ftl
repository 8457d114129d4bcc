# The bank's part, for a demonstration alone.
demo-bank-title = Play the bank
demo-bank-lead = A demonstration takes no real money. Press a button and the market gets the signed message that a bank sends when money arrives.
demo-bank-link = Pay as the bank would tell it
demo-bank-told = Told of { $amount } with the words “{ $memo }”
demo-bank-answer = The market answered the bank: { $status }
demo-bank-all = See every order that awaits money
demo-bank-none = No order awaits money
demo-bank-none-note = Place an order by transfer and come back here.
demo-bank-silent = This cooperative’s bank sends no messages. The cooperative opens the order and presses “Money received”.
demo-pay-exact = Pay the exact amount
demo-pay-less = Pay 10,000 ₫ too little
demo-pay-more = Pay 10,000 ₫ too much
demo-pay-no_reference = Pay without the order code
demo-pay-twice = Pay twice
