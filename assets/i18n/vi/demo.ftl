# The bank's part, for a demonstration alone.
demo-bank-title = Đóng vai ngân hàng
demo-bank-lead = Chợ mẫu không nhận tiền thật. Bấm một nút, chợ sẽ nhận đúng lời báo có chữ ký mà ngân hàng gửi khi tiền vào tài khoản.
demo-bank-link = Trả như ngân hàng sẽ báo
demo-bank-told = Đã báo { $amount } với nội dung «{ $memo }»
demo-bank-answer = Chợ trả lời ngân hàng: { $status }
demo-bank-all = Xem mọi đơn đang chờ tiền
demo-bank-none = Không có đơn nào đang chờ tiền
demo-bank-none-note = Đặt một đơn chuyển khoản rồi quay lại đây.
demo-bank-silent = Ngân hàng của HTX này không gửi báo tự động. HTX mở đơn và bấm «Đã nhận tiền».
demo-pay-exact = Trả đúng số tiền
demo-pay-less = Trả thiếu 10.000 ₫
demo-pay-more = Trả thừa 10.000 ₫
demo-pay-no_reference = Trả không ghi mã đơn
demo-pay-twice = Trả hai lần
