## Reviews of goods that were received
review-title = Review what you received
review-do = Review the goods
review-not-yet = Reviews open once the goods are there
review-not-yet-do = When the order says delivered, this page lets you review each of the goods.
review-how = How was it?
review-stars-5 = 5 stars: very good
review-stars-4 = 4 stars: good
review-stars-3 = 3 stars: passable
review-stars-2 = 2 stars: not good
review-stars-1 = 1 star: bad
review-stars-said = { $stars } of 5 stars
review-words = Tell more
review-words-hint = Others see your given name only, not your family name or telephone.
review-send = Send the review
review-answered = { $who } answers: { $answer }
review-hidden = This review is hidden
review-hidden-why = The operator hid it because: { $reason }
review-title-public = What buyers say
review-mean = { $mean } of 5 stars, { $count } reviews
review-by-whom = Only who received the goods can review them, each of the goods of an order once.
review-who = { $name }, received { $day }

## The cooperative answers
review-list = What buyers say
review-list-none = No reviews yet
review-list-none-do = Once buyers have the goods they can review each of them.
review-answer = Answer the buyer
review-answer-once = Each review is answered once, and everybody who looks at the goods reads it.
review-answer-words = Your answer
review-typed = What you wrote, not sent: { $words }
review-answer-do = Send the answer

## The operator
review-all = What buyers say
review-all-note = Reviews are shown in full. Only what is unlawful is hidden, with a reason that its author reads.
review-hide = Hide the review
review-hide-why = Why is it hidden?
review-show = Show the review again
