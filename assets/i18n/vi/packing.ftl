### Đóng hàng: soạn, cân, đóng, trên điện thoại và trên giấy; kể cả lúc mất mạng.

packing-title = Đóng hàng
packing-today = Đóng hàng: soạn, cân, đóng
packing-today-note = { $count } đơn cần cân, cần đóng
packing-from-order = Mở trang đóng hàng của đơn này
packing-days = Ngày giao
packing-no-day = Không hẹn ngày
packing-late = quá hẹn
packing-none = Không có đơn nào cần đóng
packing-none-do = Nhận đơn xong, đơn sẽ hiện ở đây theo ngày giao.
packing-packed = Đã đóng xong { $count } đơn, chờ đi giao.
packing-steps = Ba bước đóng hàng
packing-pick = Soạn
packing-weigh = Cân
packing-pack = Đóng
packing-pick-title = Soạn theo sản phẩm
packing-orders = { $count } đơn
packing-from-lot = Đợt { $day }
packing-print = In phiếu soạn hàng
packing-weigh-title = Cân từng món
packing-weigh-note = Ghi như trên cân: 1,38 hay 1.38 kg. Mất mạng vẫn cân được, có mạng máy tự gửi.
packing-weight-of = Cân { $name } của { $who }
packing-ordered = Khách đặt khoảng { $ordered }, nhiều nhất { $most }
packing-weigh-do = Cân xong
packing-weigh-again = Ghi lại số cân
packing-weighed-by = { $who } cân lúc { $at }
packing-weighed-agreed = Khách đồng ý lúc { $at }
packing-asked = Đã hỏi khách có lấy cả { $weight } không, chờ tới { $at }
packing-pack-title = Đóng theo khách
packing-weigh-first = Còn món chưa cân
packing-do = Đóng xong
packing-open = Mở đơn, báo thiếu
packing-open-anothers = Xem đơn, đóng thay
packing-slip = Phiếu bỏ trong thùng
packing-out = đã bỏ
packing-by = { $who } đang đóng đơn này từ { $at }
packing-by-me = Tôi đang đóng đơn này
packing-what-weigh = Cân { $name } của { $who }
packing-what-pack = Đóng xong đơn của { $who }

## Một đơn
packing-of = Đóng hàng cho { $who }
packing-hand = Ai đóng đơn này
packing-anothers-note = Đóng thay thì đơn về tay mình, người kia thấy ngay. Không thì để người ấy đóng.
packing-take-over = Tôi đóng thay
packing-leave-it = Để người ấy đóng
packing-take-up = Tôi đóng đơn này
packing-leave = Để người khác đóng
packing-to-day = Về trang đóng hàng
packing-lacks = Thiếu món này

## Hỏi lại
packing-ask-two = { $name }: có hai số cân
packing-two-there = Đang ghi: { $weight }
packing-two-mine = Máy này ghi: { $weight }
packing-two-keep = Giữ { $weight }
packing-two-take = Lấy { $weight }
packing-ask-times-off = { $name }: số này lạ quá
packing-ask-over = { $name }: nặng quá mức đã hẹn
packing-ask-under = { $name }: nhẹ hơn mức đã hẹn
packing-ask-said = Vừa ghi { $weight }, khách đặt { $ordered }
packing-meant = Đúng ra là { $weight }
packing-over-note = Khách chỉ trả tới { $most }. Phần dư: cho khách, hỏi khách, hay bớt ra cân lại.
packing-give = Cho phần dư, khách trả { $amount }
packing-ask-buyer = Hỏi khách: lấy cả, trả { $amount }
packing-under-note = Đã hẹn ít nhất { $least }. Thêm vào rồi cân lại, hay báo khách.
packing-less = Chỉ có { $weight }, báo khách
packing-or-again = Hay cân lại:

## Thiếu hàng
packing-missing = Thiếu { $name }
packing-call-words = Chào bạn, HTX gọi về đơn hàng: món { $name } hết rồi. Đổi sang { $other }, tiền không tăng, hay bỏ món này và HTX trả lại tiền?
packing-call-words-none = Chào bạn, HTX gọi về đơn hàng: món { $name } hết rồi và không có món đổi. Xin bỏ món này và HTX trả lại tiền nhé?
packing-said-replace = Khách bảo đổi sang:
packing-replace-by = Đổi sang món cùng loại, không đắt hơn:
packing-replace-note = Khách không trả thêm; rẻ hơn thì được trả lại phần chênh, và được báo ngay.
packing-no-other = HTX không có món cùng loại, không đắt hơn, còn đủ hàng.
packing-drop = Bỏ món này khỏi đơn
packing-said-drop = Khách bảo bỏ món này
packing-drop-note = Đơn bớt { $amount } ₫; khách đã trả thì HTX phải trả lại, và được báo ngay.
packing-last = Đây là món cuối của đơn, không bỏ được.
packing-last-do = Không làm được đơn này, trả lại tiền
packing-back = Thôi, vẫn đủ hàng

## Đính chính
packing-correct = Đính chính cân
packing-correct-note = Số cũ vẫn còn trong sổ; số mới đứng cạnh, kèm tên và lý do. Hàng đã giao thì khách không phải trả thêm.
packing-correct-weight = Cân đúng là
packing-correct-reason = Vì sao đính chính
packing-correct-do = Ghi đính chính

## Đã làm
packing-done-can = Đã ghi số cân.
packing-done-hoi = Đã hỏi khách. Khách trả lời thì đơn tự đổi.
packing-done-dong = Đã đóng xong đơn.
packing-done-cam = Đơn này bạn đang đóng.
packing-done-tha = Đã để đơn lại cho người khác.
packing-done-bo = Đã bỏ món khỏi đơn và báo khách.
packing-done-doi = Đã đổi món và báo khách.
packing-done-dinh-chinh = Đã ghi đính chính.
packing-done-luu = Đã lưu.

## Chờ gửi
packing-queue-title = Việc trên máy này
packing-queue-again = Gửi lại ({ $count } việc chờ)
packing-queue-waits = chờ gửi
packing-queue-offline = Đang mất mạng. Cứ cân, cứ đóng; có mạng máy tự gửi. Đóng trang cũng không mất.
packing-queue-sign-in = Cần đăng nhập lại để gửi. Việc vẫn còn trên máy này.
packing-queue-others = Có việc người khác ghi trên máy này. Người ấy đăng nhập thì máy gửi tiếp.
packing-queue-choose = Xem và chọn
packing-queue-drop = Bỏ việc này
packing-queue-gone = Đơn này không còn, hoặc không phải của HTX.
packing-queue-done = Đã ghi
packing-queue-packed = Đã đóng xong
packing-queue-after = chờ việc trước của đơn này

## Trên giấy
packing-sheet = Phiếu soạn hàng
packing-sheet-note = In ra một tờ A4 cho người soạn không cầm điện thoại. Cân xong ghi lại vào máy.
packing-sheet-at = in lúc { $at }
packing-col-name = Món
packing-col-lot = Đợt hàng
packing-col-amount = Bao nhiêu
packing-col-orders = Số đơn
packing-col-done = Xong
packing-col-who = Khách
packing-col-weight = Cân thật
packing-slip-note = In rồi bỏ vào thùng. Quà tặng không in giá thì phiếu không có tiền.
packing-slip-to = Gửi
packing-slip-true = theo cân thật
packing-slip-lot = Đợt { $code }
packing-slip-day = Thu ngày { $day }
packing-slip-qr = Xem nguồn gốc
packing-slip-call = Cần gì gọi HTX: { $phone }

## Tiền chênh cân
packing-rule = Tiền chênh cân
packing-rule-note = Vài nghìn thừa thiếu khi khách đã trả trước
packing-rule-lead = Khách trả trước, cân thật lệch vài nghìn: không chuyển khoản qua lại số nhỏ.
packing-rule-most = Nhiều nhất bao nhiêu thì coi là nhỏ
packing-rule-most-hint = Thường là 10.000 ₫
packing-rule-lets-go = Khách còn thiếu trong mức ấy thì bỏ qua, không thu
packing-rule-back = HTX còn phải trả khách trong mức ấy thì trả tiền mặt, không chuyển khoản.
packing-rule-save = Lưu cách tính
packing-rule-is = HTX đang coi tới { $amount } là nhỏ.
packing-back-by-hand = Trả khách { $amount } tiền mặt
