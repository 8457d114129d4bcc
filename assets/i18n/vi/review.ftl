## Đánh giá hàng đã nhận
review-title = Đánh giá hàng đã nhận
review-do = Đánh giá hàng
review-not-yet = Nhận hàng rồi mới đánh giá được
review-not-yet-do = Khi đơn ghi đã giao, trang này mở ra để đánh giá từng món.
review-how = Món này thế nào?
review-stars-5 = 5 sao: rất ngon, rất ưng
review-stars-4 = 4 sao: ưng
review-stars-3 = 3 sao: tạm được
review-stars-2 = 2 sao: chưa ưng
review-stars-1 = 1 sao: không ưng
review-stars-said = { $stars } trên 5 sao
review-words = Kể thêm
review-words-hint = Người khác chỉ thấy tên gọi, không thấy họ và số điện thoại.
review-send = Gửi đánh giá
review-answered = { $who } trả lời: { $answer }
review-hidden = Đánh giá này đang ẩn
review-hidden-why = Ban quản lý chợ ẩn vì: { $reason }
review-title-public = Người mua đánh giá
review-mean = { $mean } trên 5 sao, { $count } lượt
review-by-whom = Chỉ người đã nhận hàng mới đánh giá được, mỗi món trong đơn một lần.
review-who = { $name }, nhận hàng { $day }

## HTX trả lời
review-list = Khách đánh giá
review-list-none = Chưa có đánh giá nào
review-list-none-do = Khách nhận hàng rồi thì đánh giá được từng món.
review-answer = Trả lời khách
review-answer-once = Mỗi đánh giá trả lời một lần, ai xem mặt hàng cũng đọc được.
review-answer-words = Lời trả lời
review-typed = Lời vừa viết, chưa gửi: { $words }
review-answer-do = Gửi trả lời

## Ban quản lý chợ
review-all = Đánh giá của khách
review-all-note = Đánh giá được hiện đủ. Chỉ ẩn lời trái luật, kèm lý do mà người viết đọc được.
review-hide = Ẩn đánh giá
review-hide-why = Vì sao ẩn?
review-show = Hiện lại đánh giá
