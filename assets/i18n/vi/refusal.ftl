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

## The basket and the checkout
refusal-basket-empty = Giỏ hàng đang trống. Chọn món rồi đặt.
refusal-too-many-lines = Một lần đặt được nhiều nhất { $most } món. Bớt món rồi đặt, phần còn lại đặt lần sau.
refusal-text-too-long = Chỗ này dài quá, nhiều nhất { $most } chữ. Viết ngắn lại.
refusal-name = Chưa có tên. Nhập họ tên để HTX biết gọi ai.
refusal-email = Địa chỉ thư điện tử chưa đúng. Nhập như ten@vidu.vn, hoặc để trống.
refusal-address = Chưa có số nhà, ngõ. Nhập để người giao tìm được nhà.
refusal-commune = Chưa biết giao tới xã, phường nào. Gõ tên cũ hay mới rồi chọn.
refusal-fulfilment-kind = Chưa chọn cách nhận hàng. Chọn giao tận nhà, lấy ở điểm nhận hoặc gửi xe khách.
refusal-pickup-point = Điểm nhận này không còn. Chọn điểm nhận khác.
refusal-payment-kind = Chưa chọn cách trả tiền. Chọn chuyển khoản hoặc trả khi nhận.
refusal-if-short = Chưa rõ khi hết hàng thì làm gì. Chọn đổi món khác, bỏ món, hoặc gọi cho bạn.
refusal-tax-code = Mã số thuế có 10 hoặc 13 chữ số, cá nhân dùng 12 số căn cước. Xem lại mã trên giấy đăng ký.
refusal-invoice-name = Chưa có tên ghi trên hóa đơn. Nhập tên đơn vị như trên giấy đăng ký.
refusal-invoice-address = Chưa có địa chỉ ghi trên hóa đơn. Nhập địa chỉ như trên giấy đăng ký.
refusal-quantity = Số lượng chưa đúng. Nhập số như 1 hoặc 1,5.
refusal-quantity-not-whole = «{ $name }» bán theo { $unit }, không chia được như vậy. Đặt { $below } hoặc { $above } { $unit }.
refusal-quantity-least = «{ $name }» bán từ { $least } { $unit } trở lên. Đặt { $least } { $unit }, hay bỏ món này?
refusal-quantity-step = «{ $name }» bán từng { $step } { $unit } một. Chọn số lượng gần nhất bên dưới.
refusal-product-unknown = Món này không có ở chợ. Bỏ khỏi giỏ rồi đặt những món còn lại.
refusal-product-hidden = «{ $name }» vừa ngừng bán. Bỏ món này rồi đặt những món còn lại.
refusal-offer-unknown = Quy cách này không có. Chọn lại quy cách ở trang mặt hàng.
refusal-offer-gone = «{ $name }» không còn bán theo quy cách này. Bỏ món này, hoặc chọn quy cách khác ở trang mặt hàng.
refusal-short = «{ $name }» chỉ còn { $available }. Đặt { $available }, hay bỏ món này?
refusal-sold-out = «{ $name }» vừa hết hàng. Bỏ món này, hoặc xem món tương tự.
refusal-total-changed = Tổng tiền đã đổi từ { $expected } thành { $total }. Xem lại rồi đặt nếu đồng ý.
refusal-cooperative-closed = { $cooperative } đang nghỉ bán. Bỏ món của HTX này, hoặc đặt lại sau.
refusal-no-account = { $cooperative } chưa nhận chuyển khoản. Chọn trả khi nhận.
refusal-no-way = { $cooperative } chưa giao tới nơi này theo cách ấy. Chọn cách nhận khác, hoặc bỏ món của HTX này.
refusal-minimum = { $cooperative } giao từ { $least } tiền hàng. Thêm { $missing } nữa ở HTX này, hoặc chọn cách nhận khác.
refusal-idempotency-key = Yêu cầu thiếu mã chống gửi trùng (Idempotency-Key, nhiều nhất 255 chữ). Chưa có gì được đặt.
refusal-idempotency-reused = Lần gửi này trùng mã với một đơn đã đặt nhưng nội dung khác. Đơn đã đặt vẫn giữ nguyên.
refusal-still-running = Yêu cầu trước cùng mã còn đang làm. Chờ một giây rồi gửi lại y nguyên.
refusal-json = Máy chủ không đọc được nội dung gửi lên: { $reason }
refusal-order-state = Đơn đã sang bước khác nên không làm được việc này nữa. Tải lại trang để xem đơn đang ở đâu.
refusal-order-moved = Đơn { $code } vừa có người khác xử lý. Tải lại trang để xem.
refusal-order-ended = Đơn { $code } đã kết thúc. Tiền về sau nằm ở mục tiền chưa rõ của đơn nào.
refusal-order-unknown = Không có đơn { $code } ở HTX này. Xem lại mã đơn.

## Handling orders and money
refusal-short-to-confirm = «{ $name }» chỉ còn { $available }, không đủ cho đơn này. Gọi khách để bớt hoặc đổi món, hoặc không làm đơn.
refusal-reason = Chưa có lý do. Viết vài chữ để khách hiểu.
refusal-weigh-state = Đơn này không còn ở bước cân. Tải lại trang để xem đơn đang ở đâu.
refusal-weigh-first = «{ $name }» tính tiền theo cân thật. Cân xong rồi mới đóng hàng.
refusal-weight = Chưa có cân nặng của «{ $name }». Nhập số cân được, như 1,46.
refusal-weight-ten-times = «{ $name }» đặt { $ordered } mà cân { $weighed }. Xem lại dấu phẩy rồi nhập lại.
refusal-weight-tolerance = «{ $name }» nặng { $weighed }, quá mức đã hẹn với khách (nhiều nhất { $most } khi đặt { $ordered }). Bớt ra rồi cân lại.
refusal-already-paid = Đơn { $code } đã đủ tiền rồi. Không ghi thêm.
refusal-more-than-due = Đơn này chỉ còn thiếu { $due }. Ghi nhiều nhất bằng số đó.
refusal-nothing-owed = Đơn { $code } không còn khoản nào phải trả lại.
refusal-undone-already = Lần ghi này đã được thôi rồi.
refusal-undo-too-late = Quá một giờ nên không thôi được nữa. Ghi đính chính thay vào.
refusal-case-needs-decision = Khoản này cần người chọn cách xử lý. Mở ra và chọn một cách.
refusal-case-resolved = Khoản này đã có người xử lý xong.
refusal-case-not-assignable = Khoản này không ghi vào đơn được. Chọn cách khác.

## Products, lots and pictures
refusal-product-name = Chưa có tên mặt hàng. Nhập tên như bà con vẫn gọi.
refusal-keeps-days = Số ngày để được chưa đúng. Nhập từ 0 đến 3650.
refusal-tolerance = Mức chênh cân từ 0 đến 50 phần trăm. Nhập lại.
refusal-publish-needs-offer = «{ $name }» chưa có giá bán. Thêm giá rồi đăng bán.
refusal-taken-down = «{ $name }» đã bị gỡ bài bán. Gọi ban quản lý chợ để biết lý do.
refusal-offer-label = Chưa có tên quy cách, nhiều nhất 80 chữ. Nhập như «túi 1 kg».
refusal-offer-unit = Chưa có đơn vị bán, nhiều nhất 20 chữ. Nhập như kg, túi, chục.
refusal-offer-base = Chưa rõ một đơn vị bán nặng bao nhiêu hay có mấy cái. Nhập số lớn hơn 0.
refusal-offer-step = Mức đặt ít nhất và mỗi lần thêm phải lớn hơn 0.
refusal-offer-step-whole = Mỗi lần thêm phải chia được trọn gam, mililít hoặc cái. Nhập số tròn hơn.
refusal-price = Giá chưa đúng. Nhập số đồng lớn hơn 0, như 35.000.
refusal-lot-quantity = Số lượng chưa đúng. Nhập số lớn hơn 0.
refusal-lot-day = Ngày hái, ngày làm không thể ở ngày mai. Chọn hôm nay hoặc trước đó.
refusal-lot-has-less = Đợt hàng này chỉ còn { $there }. Nhập nhiều nhất bằng số đó.
refusal-lot-too-small = Đợt hàng này không đủ. Chọn đợt khác hoặc nhập số nhỏ hơn.
refusal-picture-kind = Không đọc được kiểu ảnh này. Chọn ảnh JPEG, PNG hoặc WebP.
refusal-picture-damaged = Ảnh bị hỏng, không mở được. Chụp lại hoặc chọn ảnh khác.
refusal-picture-too-many-bytes = Ảnh nặng quá { $limit_mb } MB. Chọn ảnh nhẹ hơn.
refusal-picture-too-many-pixels = Ảnh to quá, mỗi cạnh nhiều nhất { $side_px } điểm ảnh. Chọn ảnh nhỏ hơn.

## Founding a cooperative
refusal-cooperative-moved = Tình trạng của HTX vừa đổi. Tải lại trang để xem.
refusal-scope = Chưa rõ giao tới những đâu. Chọn cả nước, tỉnh hoặc các xã.
refusal-account-number = Số tài khoản chưa đúng. Chép lại số trong app ngân hàng.
refusal-bank = Không có ngân hàng này trong danh sách. Chọn lại ngân hàng.
refusal-account-there = HTX đã có tài khoản nhận tiền. Đổi tài khoản là việc riêng, cần người thứ hai đồng ý.
refusal-lot-code-is-order = Đây là mã đơn hàng, không phải mã đợt hàng. Mã đợt hàng bắt đầu bằng NG, in trên tem.
refusal-lot-code-length = Mã đợt hàng có 9 chữ và số, mã vừa gõ có { $found }. Nhìn lại tem rồi gõ lại.
refusal-lot-code-prefix = Mã đợt hàng bắt đầu bằng NG. Nhìn lại tem rồi gõ lại.
refusal-lot-code-letter = Mã không bao giờ có «{ $letter }». Nhìn lại tem: chữ ấy giống một chữ hoặc số khác. Mã không dùng I, L, O, số 0, số 1.
refusal-lot-code-check = Mã gõ sai một chữ, hoặc đổi chỗ hai chữ. So từng nhóm với tem rồi gõ lại.
refusal-lot-code-unknown = Mã { $code } gõ đúng cách nhưng chợ không có đợt hàng này. So lại với tem. Tem lạ thì gọi cho chợ.
refusal-not-parked = Việc này không còn kẹt nữa, có người đã cho làm lại. Tải lại trang để xem.
refusal-grant-kind = Chọn làm gì: cán bộ, người giúp hay ban quản lý chợ.
refusal-territory = Chọn địa bàn trong danh sách.
refusal-grant-basis = Ghi số giấy mà quyền này dựa vào.
refusal-grant-office = Cán bộ thì ghi tên cơ quan.
refusal-grant-days = Số ngày từ 1 đến 3.660, hoặc để trống.
refusal-grant-name = Số này chưa có tài khoản. Ghi họ tên để mở tài khoản.
refusal-last-operator = Đây là người cuối cùng trong ban quản lý chợ. Cho người khác quyền trước, rồi hãy thôi quyền này.

## The sellers' door
refusal-amount = Không đọc được «{ $typed }». Ghi số như 1,86 hoặc 1860 g.
refusal-day = Ngày chưa đúng. Chọn lại ngày.
refusal-season = Mùa vụ chưa đúng. Ghi ngày và tháng, như 20/7.
refusal-category = Chưa chọn nhóm hàng. Chọn một nhóm.
refusal-base-unit = Chưa chọn bán theo cân, lít hay cái.
refusal-lot-act = Chưa rõ ghi việc gì. Chọn thêm, hao hỏng, bán ngoài hoặc đếm lại.
refusal-provider = Chưa chọn ai báo khi tiền về. Chọn một cách.
refusal-person-name = Chưa có họ tên. Nhập tên người ấy.
refusal-roles = Chưa chọn vai trò. Chọn ít nhất một.
refusal-member-there = Người có số điện thoại này đã ở trong HTX. Xem danh sách ở trên.
refusal-last-manager = HTX phải còn ít nhất một người quản lý. Cho người khác làm quản lý trước.
refusal-told-already = Lời nhắn này đã có người nhắn rồi.
refusal-nothing-due = Đơn { $code } không còn chờ tiền. Hãy xem lại mã đơn trong danh sách.
refusal-bank-silent = Ngân hàng của { $cooperative } không gửi báo tự động. Hãy nhờ HTX bấm «Đã nhận tiền» ở đơn này.
