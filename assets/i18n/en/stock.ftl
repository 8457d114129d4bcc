# A lot that holds less than was promised, and another lot chosen
stock-short-title = Who gets all, who has to wait
stock-short-rule = Whoever paid or was accepted first is served first. Orders not paid yet come last.
stock-cover = Take { $amount } from other lots
stock-missing = With all other lots { $amount } are still missing. Open the orders below and call the buyers: less, something else, or not at all.
stock-keeps = Gets { $amount } of this lot
stock-moves = { $amount } from the lot of { $day }
stock-lacks = { $amount } missing
stock-other-lot = Take another lot for this item
stock-take-lot = Take the lot of { $day }
