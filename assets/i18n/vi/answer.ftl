### Trả lời đơn hàng: qua đường dẫn không cần đăng nhập, theo giờ HTX mở, và lời khách đọc trong lúc chờ.

answer-title = Đơn { $code } chờ HTX trả lời
answer-head = { $who } đặt hàng
answer-until = Đã hẹn khách trả lời trước { $at }
answer-what = Khách đặt
answer-paid = Khách đã trả { $amount }
answer-cod = Trả khi nhận hàng
answer-pays-after = HTX nhận đơn rồi khách mới chuyển khoản
answer-accept = Nhận đơn
answer-change = Đổi bớt hay đổi ngày
answer-decline = Không làm được đơn này
answer-for = Đường dẫn này của riêng { $name }, bấm là ghi tên { $name }. Không đưa cho người khác.
answer-why = Vì sao không làm được?
answer-why-sold = Hết hàng
answer-why-day = Không giao được ngày ấy
answer-why-weather = Mưa bão, không hái được
answer-why-other = Lý do khác, ghi ở ô dưới
answer-why-words = Lý do khác
answer-decline-next = Xem lại rồi từ chối
answer-sure = Từ chối đơn này?
answer-sure-reason = Khách sẽ đọc: «{ $reason }»
answer-decline-do = Từ chối đơn
answer-back = Quay lại đơn
answer-change-title = HTX làm được bao nhiêu, ngày nào?
answer-change-note = Ghi số làm được. Khách xem rồi đồng ý hoặc hủy; chưa đồng ý thì đơn chưa đổi gì.
answer-change-ordered = Khách đặt { $quantity }
answer-change-day = Ngày giao
answer-change-do = Hỏi khách
answer-done = Đơn này đã trả lời xong
answer-asked-buyer = Đã hỏi khách, chờ khách trả lời
answer-asked-buyer-note = Khách trả lời trước { $at }. Không phải làm gì thêm.
answer-renewed = Đường dẫn này đã dùng rồi
answer-renewed-note = Đường dẫn mới, nếu đã xin, nằm trong tin nhắn gửi { $name }.
answer-role = Đường dẫn này không còn dùng được
answer-role-note = Người nhận đường dẫn không còn trả lời đơn cho HTX. Người khác của HTX đăng nhập để trả lời.
answer-late = Đường dẫn này đã hết hạn
answer-late-note = Đơn vẫn chờ trả lời. Xin đường dẫn mới thì chợ gửi lại cho { $name }.
answer-renew = Xin đường dẫn mới
answer-sign-in = Mở đơn ở trang bán hàng
answer-reason-late = HTX không kịp trả lời trong giờ đã hẹn.
answer-reason-silent = HTX đề nghị đổi đơn mà chưa thấy bạn trả lời trong giờ đã hẹn.

## Khách đọc
answer-note-closed = HTX mở lại lúc { $opens }. HTX trả lời trước { $at }.
answer-your-turn = HTX hỏi lại, chờ bạn trả lời
answer-proposed = HTX đề nghị đổi đơn
answer-proposed-note = Đồng ý thì đơn theo như dưới đây. Không đồng ý thì hủy đơn, tiền đã trả HTX trả lại đủ. Trả lời trước { $at }.
answer-proposed-line = { $name }: { $now } thay vì { $before }
answer-proposed-day = Giao { $day } thay vì { $before }
answer-proposed-day-new = Giao { $day }
answer-proposed-total = Cộng lại còn { $total } thay vì { $before }
answer-proposed-back = HTX trả lại bạn { $amount }.
answer-weight-asked = Cân được nặng hơn lúc đặt. Bạn lấy cả không?
answer-weight-note = Không lấy thì không phải làm gì: HTX bớt ra cho đúng mức đã hẹn và bạn không trả thêm. Trả lời trước { $at }.
answer-weight-agree = Lấy cả
answer-proposed-weight = { $name }: { $weight } thay vì khoảng { $ordered }, thành { $amount }
answer-agree = Đồng ý đổi
answer-look-elsewhere = Tìm «{ $name }» ở HTX khác

## Cách trả lời đơn
answer-rules = Cách nhận đơn
answer-rules-note = Hẹn khách bao lâu, đơn nào nhận luôn
answer-rules-hours = HTX mở từ { $opens } đến { $closes }. Ngoài giờ ấy đồng hồ không chạy, không ai bị nhắc.
answer-rules-within = Hẹn khách trả lời trong
answer-rules-minutes = { $minutes } phút
answer-rules-hour = { $hours } giờ
answer-rules-stock = Nhận luôn đơn có sẵn hàng
answer-rules-stock-note = Mọi món đều còn trong đợt hàng thì chợ nhận đơn thay HTX ngay lúc khách đặt.
answer-rules-first = HTX nhận đơn rồi khách mới chuyển khoản
answer-rules-first-note = Khách thấy mã QR sau khi HTX nhận đơn. Hợp với hàng chưa hái, chưa chắc đủ.
answer-rules-save = Lưu cách nhận đơn
answer-rules-saved = Đã lưu. Đơn đặt từ giờ theo cách này.
answer-rules-manager = Việc này do quản lý HTX làm.

## Nhận đơn rồi mới chuyển khoản
answer-first-note = Chưa phải chuyển khoản. HTX nhận đơn rồi mã QR hiện ở trang này.
answer-pay-until = HTX đã nhận đơn. Chuyển khoản trước { $at }

## Nhận đơn trong … phút
answer-score = Trả lời đơn
answer-score-minutes = Nhận đơn trong khoảng { $minutes } phút, { $percent }% đơn đúng hẹn (30 ngày qua)
answer-score-hours = Nhận đơn trong khoảng { $hours } giờ, { $percent }% đơn đúng hẹn (30 ngày qua)
answer-score-share = { $percent }% đơn được trả lời đúng hẹn (30 ngày qua)
answer-score-own = { $orders } đơn trong 30 ngày qua, { $percent }% đúng hẹn. Khách thấy con số này khi có từ { $least } đơn.
answer-score-own-median = Thường trả lời trong { $minutes } phút mở cửa.
answer-score-own-none = Chưa đủ đơn để tính. Có từ { $least } đơn trong 30 ngày thì khách thấy HTX nhận đơn nhanh hay chậm.
answer-send-link = Nhắn người trả lời đơn
