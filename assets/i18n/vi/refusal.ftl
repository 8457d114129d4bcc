### Why something cannot be done; the keys that the domain and the services name.

refusal-too-large = Con số lớn quá. Nhập số nhỏ hơn.
refusal-phone = Số điện thoại chưa đúng. Nhập số như 0912 345 678.
refusal-phone-taken = Số điện thoại này đã có tài khoản. Đăng nhập, hoặc lấy mã 6 số.
refusal-sign-in = Số điện thoại hoặc mật khẩu chưa đúng. Thử lại, hoặc lấy mã 6 số.
refusal-code = Mã chưa đúng hoặc đã hết hạn. Nhập lại, hoặc lấy mã khác.
refusal-card = Thẻ này đã dùng hoặc đã hết hạn. Xin HTX thẻ mới, hoặc lấy mã 6 số.
refusal-old-password = Mật khẩu đang dùng chưa đúng. Nhập lại.
refusal-password-short = Mật khẩu ngắn quá. Dùng ít nhất 8 chữ hoặc số.
refusal-password-long = Mật khẩu dài quá. Dùng nhiều nhất 256 chữ.
refusal-password-known = Mật khẩu này ai cũng đoán được. Chọn mật khẩu khác.
