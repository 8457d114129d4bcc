# How the cooperative delivers, and its windows
delivery-title = Delivery and time windows
delivery-note = Buyers choose a day and a time that still has room.
delivery-none = The cooperative has no way of delivery yet
delivery-none-do = Call the market's operator to open the first one.
delivery-fee = Delivery fee
delivery-order-by = { $days ->
    [0] order by { $time } the same day
    [1] order by { $time } the day before
   *[other] order by { $time }, { $days } days before
}
delivery-windows = Time windows
delivery-no-windows = No windows: a delivery day takes as many orders as come.
delivery-capacity = { $count } orders a day
delivery-change = Change this window
delivery-how-many = How many orders a day
delivery-save = Save the number
delivery-close = Close this window
delivery-next = The next runs
delivery-full = Full
delivery-left = room for { $count }
delivery-add = Add a window
delivery-from = From what time
delivery-to = To what time
delivery-add-do = Add the window
