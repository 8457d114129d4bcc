# Đợt hàng không đủ số đã hứa, và chọn đợt khác
stock-short-title = Ai được đủ, ai phải chờ
stock-short-rule = Ai đặt và trả tiền, hoặc được nhận đơn trước thì được đủ trước. Đơn chưa trả tiền đứng sau cùng.
stock-cover = Lấy đợt khác bù { $amount }
stock-missing = Lấy hết các đợt khác vẫn còn thiếu { $amount }. Mở từng đơn dưới đây, gọi khách để bớt, đổi, hoặc không làm đơn ấy.
stock-keeps = Được { $amount } của đợt này
stock-moves = { $amount } lấy từ đợt { $day }
stock-lacks = Còn thiếu { $amount }
stock-other-lot = Lấy đợt khác cho món này
stock-take-lot = Lấy đợt { $day }
