# Bank statements and reconciling.
statement-title = Bank statement
statement-lead = Download the statement from your bank's site and bring it here. What nobody has told of is booked; what stands here already is not booked again.
statement-no-account = No receiving account yet
statement-account = Account
statement-file = Statement file
statement-file-hint = CSV or Excel (.xlsx), 5 MB at most. An old .xls or a PDF: open it and save it as .xlsx.
statement-look = Look at the statement
statement-nothing-yet = Looking books nothing.
statement-brought = Statements brought here
statement-is-taken = taken in
statement-not-taken = not taken in
statement-look-title = Look at the statement
statement-days = { $from } – { $until }
statement-done = Taken in at { $at }
statement-done-text = What carries an order's code has gone to its order; what a person has to decide stands in the book of money.
statement-came = Money in
statement-went = Money out
statement-opening = Opening balance
statement-closing = Closing balance
statement-sums-good = It adds up: opening + in − out = closing.
statement-sums-bad = It does not add up: opening + in − out is not the closing balance. Rows may be missing; download the statement again for all days. It can be taken in all the same, nothing is lost.
statement-sums-calm = The statement has no balances, so nobody can tell whether rows are missing.
statement-breaks = The balance in line { $line } does not follow from the line before.
statement-take = { $count ->
    [one] Take { $count } movement into the book
   *[other] Take { $count } movements into the book
}
statement-harmless = Pressing twice or bringing this file again books nothing twice.
statement-nothing-new = Every movement of this statement stands in the book already.
statement-fresh = Nobody has told of: { $count }
statement-same = Told already, the statement confirms: { $count }
statement-seen = Taken in from an earlier statement: { $count }
statement-unreadable = Cannot be read: { $count } rows
statement-unreadable-do = These rows are not booked. Mend them in the file and bring it again, or write the money down at its order.
statement-line = Line { $line }:
statement-why-no-day = has no day
statement-why-bad-day = the day cannot be read, write it like 23/11/2026
statement-why-bad-amount = the amount cannot be read
statement-why-no-amount = has no amount
statement-why-two-amounts = both debit and credit
statement-in = money in
statement-out = money out
statement-link = Bring a bank statement
