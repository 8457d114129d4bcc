# Cách giao và khung giờ của HTX
delivery-title = Cách giao, khung giờ
delivery-note = Khách chọn ngày và giờ còn chỗ khi đặt hàng.
delivery-none = HTX chưa có cách giao nào
delivery-none-do = Gọi người vận hành chợ để mở cách giao đầu tiên.
delivery-fee = Phí giao
delivery-order-by = { $days ->
    [0] chốt đơn lúc { $time } trong ngày
    [1] chốt đơn lúc { $time } hôm trước
   *[other] chốt đơn lúc { $time } trước { $days } ngày
}
delivery-windows = Khung giờ
delivery-no-windows = Chưa chia khung giờ: ngày nào giao thì nhận bao nhiêu đơn cũng được.
delivery-capacity = nhận { $count } đơn mỗi ngày
delivery-change = Sửa khung giờ này
delivery-how-many = Nhận bao nhiêu đơn mỗi ngày
delivery-save = Lưu số đơn
delivery-close = Bỏ khung giờ này
delivery-next = Những chuyến sắp tới
delivery-full = Hết chỗ
delivery-left = còn { $count } chỗ
delivery-add = Thêm khung giờ
delivery-from = Từ mấy giờ
delivery-to = Đến mấy giờ
delivery-add-do = Thêm khung giờ
