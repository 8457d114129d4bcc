# Khung trang và các mảnh dùng chung. Từ ngữ theo bảng từ của Gánh.
ui-brand-line = Chợ nông sản của các hợp tác xã Hưng Yên
ui-description = Mua thẳng của hợp tác xã Hưng Yên: biết ai trồng, hái ngày nào, giao ngày nào. Tiền chuyển thẳng cho hợp tác xã.
ui-skip = Tới phần chính
ui-demo-seal = Mẫu
ui-demo-line = Dữ liệu minh họa, tên hợp tác xã là giả định. Không chuyển tiền theo mã nào trong trang này.

ui-search-label = Tìm nông sản, hợp tác xã
ui-search-placeholder = Tìm nhãn, gạo, rau…
ui-search-do = Tìm
ui-nav-label = Lối đi chính
ui-nav-basket = Giỏ hàng
ui-nav-account = Tài khoản
ui-nav-help = Hỗ trợ
ui-nav-market = Ra chợ
ui-areas-label = Nơi làm việc
ui-area-farm = Bán hàng
ui-area-office = Cổng cơ quan
ui-area-operator = Ban quản lý chợ
ui-area-account = Tài khoản
ui-sign-out = Đăng xuất

ui-farm-label = Việc của hợp tác xã
ui-tab-work = Hôm nay
ui-farm-work = Việc hôm nay
ui-farm-orders = Đơn hàng
ui-farm-goods = Mặt hàng
ui-farm-money = Sổ tiền
ui-farm-more = Thêm

ui-help-title = Cần giúp? Gọi cho chợ
ui-help-hours = 7–20 giờ mỗi ngày, cả Chủ nhật
ui-help-seller = Hỏi về hàng, về ngày giao: gọi thẳng hợp tác xã, số ghi ở trang mặt hàng và trang đơn.
ui-footer-label = Về chợ
ui-footer-help = Hỗ trợ và cách mua
ui-footer-find-order = Tìm lại đơn hàng
ui-footer-rules = Quy chế của chợ
ui-footer-sell = Bán hàng trên Gánh
ui-language-label = Ngôn ngữ

ui-breadcrumb-label = Đang ở đâu
ui-pager-label = Các trang
ui-pager-previous = Trang trước
ui-pager-next = Trang sau
ui-pager-where = Trang { $page } trên { $pages }
ui-live-changed = Vừa có tin mới, trang đã cập nhật.
ui-live-reload = Tải lại trang để xem tin mới

ui-optional = không bắt buộc
ui-busy = Đang gửi, chờ một chút…
ui-problems =
    { $count ->
        [1] Còn một chỗ cần xem lại. Những gì đã ghi vẫn còn nguyên.
       *[other] Còn { $count } chỗ cần xem lại. Những gì đã ghi vẫn còn nguyên.
    }
ui-commune-hint = Gõ tên xã, phường mới hoặc cũ
ui-commune-none = Không thấy xã, phường này. Thử gõ tên cũ, hoặc chọn trong danh sách.
ui-less = Bớt
ui-add = Thêm
ui-photo-shrunk = Ảnh đã thu gọn cho nhẹ: { $size }
ui-photo-alt = Ảnh vừa chọn
ui-copy = Chép
ui-copied = Đã chép
ui-copied-what = Đã chép: { $what }
ui-about = khoảng
ui-minutes-left = còn { $minutes } phút
ui-time-over = đã hết giờ
ui-until = tới { $at }

ui-stock-few = Còn ít
ui-stock-out = Hết hàng
ui-stock-season = Hết vụ
ui-stock-next = Vụ tới { $when }
ui-product-deliver = Giao { $day }
ui-order-code = Đơn
ui-order-deliver = giao { $day }
ui-order-total = Cộng

ui-message-zalo = Gửi qua Zalo
ui-message-sms = Nhắn tin
ui-message-call = Gọi điện
ui-message-told = Đã nhắn
ui-message-copied = Đã chép lời nhắn. Mở Zalo rồi dán vào.
ui-message-told-by = { $who } đã nhắn, { $at }

ui-step-done = Xong
ui-step-stopped = Dừng
ui-progress-label = Các bước

ui-qr-demo = MẪU – KHÔNG CHUYỂN TIỀN
ui-qr-alt = Mã QR chuyển khoản tới { $holder }, { $bank }. Các dòng bên cạnh ghi đủ để chuyển không cần quét.
ui-qr-save = Lưu ảnh mã QR
ui-qr-saved = Đã lưu ảnh. Mở app ngân hàng, chọn quét mã từ ảnh.
ui-qr-failed = Máy không lưu được ảnh. Chép số tài khoản và nội dung ở bên, rồi chuyển như thường.
ui-qr-memo = Nội dung chuyển khoản
ui-qr-keep = Giữ nguyên nội dung: nhờ dòng này mà tiền về đúng đơn.
ui-qr-amount = Số tiền
ui-qr-account = Số tài khoản
ui-qr-bank = Ngân hàng
ui-qr-holder = Chủ tài khoản
ui-qr-same-phone = Trả ngay trên máy này: lưu ảnh mã QR, mở app ngân hàng, chọn ảnh vừa lưu. Hoặc chép từng dòng.

ui-word-grower = bà con ghi
ui-word-cooperative = HTX đã xem
ui-word-authority = cơ quan đã kiểm tra
ui-word-instrument = máy đo

ui-state-shopper-awaiting_payment = Chờ chuyển khoản
ui-state-shopper-placed = Chờ HTX nhận đơn
ui-state-shopper-confirmed = HTX đã nhận đơn
ui-state-shopper-packed = Đã đóng hàng
ui-state-shopper-on_the_way = Đang giao
ui-state-shopper-delivered = Đã nhận hàng
ui-state-shopper-closed = Đã xong
ui-state-shopper-expired = Hết giờ giữ hàng
ui-state-shopper-cancelled = Đã hủy theo ý bạn
ui-state-shopper-declined = HTX không làm được đơn này
ui-state-shopper-unpaid = Chưa chuyển khoản
ui-state-shopper-partial = Còn thiếu tiền
ui-state-shopper-settled = Tiền đã về
ui-state-shopper-over = Chuyển thừa
ui-state-shopper-refund_due = HTX còn phải trả lại tiền
ui-state-shopper-refunded = Đã trả lại tiền
ui-state-shopper-late = Tiền về muộn
ui-state-shopper-short_stock = Tiền đã về nhưng hết hàng
ui-state-seller-awaiting_payment = Khách chưa chuyển khoản
ui-state-seller-placed = Cần nhận đơn
ui-state-seller-confirmed = Cần đóng hàng
ui-state-seller-packed = Chờ giao
ui-state-seller-on_the_way = Đang giao
ui-state-seller-delivered = Đã giao
ui-state-seller-closed = Đã xong
ui-state-seller-expired = Khách không chuyển khoản
ui-state-seller-cancelled = Khách hủy
ui-state-seller-declined = Đã từ chối
ui-state-seller-unpaid = Chưa có tiền
ui-state-seller-partial = Khách trả thiếu
ui-state-seller-settled = Tiền đã về
ui-state-seller-over = Khách trả thừa
ui-state-seller-refund_due = Cần trả lại tiền
ui-state-seller-refunded = Đã trả lại tiền
ui-state-seller-late = Tiền về muộn
ui-state-seller-short_stock = Đã nhận tiền, thiếu hàng
ui-change-old = Tài khoản cũ
ui-change-new = Tài khoản mới
ui-change-proposed = Người đề nghị
ui-change-agreed = Người đồng ý
ui-change-as-manager = quản lý HTX
ui-change-as-operator = ban quản lý chợ
ui-change-from = Dùng từ
ui-change-ended-taken_back = Người rút lại
ui-change-ended-refused = Người không đồng ý
ui-change-ended-stopped = Người dừng lại
ui-change-reason = Lý do
ui-change-state-proposed = Chờ người thứ hai
ui-change-state-agreed = Chờ tới giờ
ui-change-state-in_force = Đã đổi
ui-change-state-taken_back = Đã rút lại
ui-change-state-refused = Không được đồng ý
ui-change-state-stopped = Đã dừng lại
ui-change-holder-differs = Tên chủ tài khoản mới «{ $holder }» không trùng tên pháp lý «{ $legal }». Hỏi cho rõ trước khi đồng ý.
ui-change-decide = Đồng ý rồi, một ngày sau đơn mới mới dùng tài khoản mới. Trong một ngày ấy quản lý nào cũng dừng lại được.
ui-change-password = Mật khẩu của người đồng ý
ui-change-agree = Đồng ý đổi tài khoản
ui-change-refuse = Không đồng ý
ui-change-refuse-why = Vì sao không đồng ý
ui-change-refuse-do = Không đồng ý đổi
ui-change-stop = Dừng đổi tài khoản
