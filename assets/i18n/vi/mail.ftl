### Thư gửi đi: tiêu đề, lời, chữ trên đường dẫn.

mail-hello = Gửi { $name },
mail-foot = Thư tự động của Gánh, chợ của các hợp tác xã Hưng Yên. Không cần trả lời thư này.

mail-purchase_made-subject = Đơn hàng { $code } trên Gánh
mail-purchase_made-text = Đã đặt xong, tổng cộng { $total }. Mở trang này để chuyển khoản và xem đơn đi tới đâu.
mail-purchase_made-link = Xem đơn hàng
mail-order_to_confirm-subject = { $stage ->
    [asked] Đơn mới { $code }, cần nhận đơn
   *[other] Đơn { $code } vẫn chờ HTX trả lời
}
mail-order_to_confirm-text = Có đơn { $code }, { $total }. Đã hẹn khách trả lời trước { $by }. Mở đường dẫn này để nhận đơn hoặc báo không làm được, không cần đăng nhập.
mail-order_to_confirm-link = Trả lời đơn
mail-order_unanswered-subject = Đơn { $code } chưa có ai trả lời
mail-order_unanswered-text = { $stage ->
    [call_list] Đơn { $code } của { $who } còn chờ trả lời, đã hẹn khách trước { $by }. Mở trang bán hàng để nhận đơn hoặc báo không làm được.
   *[other] { $who } chưa trả lời đơn { $code }, đã hẹn khách trước { $by }. Gọi giúp số { $phone } để HTX mở Gánh trả lời.
}
mail-order_unanswered-link = Mở đơn hàng
mail-claim_made-subject = { $stage ->
    [asked] Khách báo hàng hỏng, đơn { $code }: { $who }
    [again] Đơn { $code } vẫn chờ trả lời việc báo hàng hỏng: { $who }
    [found] Chợ đề nghị trả lại tiền, đơn { $code }: { $who }
   *[other] Đơn { $code }: ban quản lý chợ đang xem việc báo { $who }
}
mail-claim_made-text = { $stage ->
    [asked] Khách báo { $who } hỏng, thiếu hoặc sai, đơn { $code }. Mở trang này để xem ảnh và trả lời trước { $by }.
    [again] Việc khách báo { $who }, đơn { $code }, vẫn chờ HTX trả lời trước { $by }. Quá giờ ấy ban quản lý chợ xem.
    [found] Ban quản lý chợ đã xem việc khách báo { $who }, đơn { $code }, và đề nghị HTX trả lại tiền. Trả lời trước { $by }.
   *[other] Việc khách báo { $who }, đơn { $code }, đã chuyển lên ban quản lý chợ.
}
mail-claim_made-link = Xem và trả lời
mail-claim_answered-subject = { $step ->
    [accepted] HTX nhận trả lại tiền { $who }, đơn { $code }
    [declined] HTX đã trả lời việc báo { $who }, đơn { $code }
    [asked_photo] HTX xin thêm ảnh { $who }, đơn { $code }
   *[other] Việc báo { $who }, đơn { $code }
}
mail-claim_answered-text = { $step ->
    [accepted] HTX nhận trả lại { $total } cho { $who }, đơn { $code }. { $reason }
    [declined] HTX không nhận trả lại tiền { $who }, đơn { $code }: { $reason }. Chưa đồng ý thì nhờ ban quản lý chợ trong 3 ngày.
    [asked_photo] HTX xin thêm ảnh của { $who }, đơn { $code }: { $reason }
    [escalated] HTX chưa trả lời việc báo { $who }, đơn { $code }, nên ban quản lý chợ đang xem.
    [found] Ban quản lý chợ đề nghị HTX trả lại { $total } cho { $who }, đơn { $code }. { $reason }
    [cleared] Ban quản lý chợ đã xem việc báo { $who }, đơn { $code }: { $reason }
   *[other] HTX chưa trả lại như chợ đề nghị cho { $who }, đơn { $code }. Ban quản lý chợ đang theo việc này.
}
mail-claim_answered-link = Xem ở trang đơn hàng
mail-change_proposed-subject = HTX đề nghị đổi đơn { $code }
mail-change_proposed-text = HTX chưa làm được đơn { $code } như đã đặt và đề nghị đổi. Mở trang này để đồng ý hoặc hủy. Chưa đồng ý thì đơn chưa đổi gì.
mail-change_proposed-link = Xem đề nghị
mail-order_payable-subject = HTX đã nhận đơn { $code }, mời chuyển khoản
mail-order_payable-text = HTX đã nhận đơn { $code }, { $total }. Mở trang này để chuyển khoản trước { $by }. Quá giờ thì hàng trở lại chợ, chưa trả gì thì không mất gì.
mail-order_payable-link = Chuyển khoản
mail-order_paid-subject = Tiền đã về cho đơn { $code }
mail-order_paid-text = Tiền đã về cho đơn { $code }, { $total }. Chờ HTX nhận đơn.
mail-order_paid-link = Xem đơn hàng
mail-order_confirmed-subject = HTX đã nhận đơn { $code }
mail-order_confirmed-text = HTX đã nhận đơn { $code } và sẽ soạn hàng cho bạn.
mail-order_confirmed-link = Xem đơn hàng
mail-order_packed-subject = Đơn { $code } đã đóng hàng
mail-order_packed-text = Đơn { $code } đã đóng hàng, chờ giao.
mail-order_packed-link = Xem đơn hàng
mail-order_changed-subject = Đơn { $code } có món khác lúc đặt
mail-order_changed-text = Khi đóng đơn { $code }, HTX ghi: { $reason }. Đơn còn { $total }. Mở trang này để xem.
mail-order_changed-link = Xem đơn hàng
mail-weight_asked-subject = Đơn { $code }: nặng hơn lúc đặt, lấy cả không?
mail-weight_asked-text = HTX cân đơn { $code } được { $reason }. Mở trang này và bấm đồng ý nếu lấy cả. Không trả lời thì HTX bớt ra, bạn không phải trả thêm.
mail-weight_asked-link = Xem và trả lời
mail-order_sent-subject = Đơn { $code } đang giao
mail-order_sent-text = Đơn { $code } đang giao.
mail-order_sent-link = Xem đơn hàng
mail-order_delivered-subject = Đơn { $code } đã giao
mail-order_delivered-text = Đơn { $code } đã giao. Hàng hỏng, thiếu hay sai thì gọi cho HTX, số điện thoại có trên trang này.
mail-order_delivered-link = Xem đơn hàng
mail-order_declined-subject = HTX không làm được đơn { $code }
mail-order_declined-text = HTX không làm được đơn { $code }: { $reason }. Tiền đã chuyển thì HTX trả lại đủ.
mail-order_declined-link = Xem đơn hàng
mail-order_expired-subject = Hết giờ giữ hàng cho đơn { $code }
mail-order_expired-text = Chưa thấy tiền về nên hàng của đơn { $code } không giữ nữa. Đã chuyển khoản rồi thì tiền không mất: về muộn vẫn được ghi vào đơn này.
mail-order_expired-link = Xem đơn hàng
mail-sign_in_code-subject = Mã 6 số để đăng nhập Gánh
mail-sign_in_code-text = Mã 6 số: { $code }. Dùng được trong { $minutes } phút. Không đọc mã này cho người gọi đến.
mail-sign_in_code-link = Đăng nhập
mail-money_waits-subject = Có tiền cần xem: { $total }
mail-money_waits-text = Có { $total } cần người của HTX xem và quyết định.
mail-money_waits-link = Xem tiền
mail-reason-unmatched = Tiền chưa rõ của đơn nào.
mail-reason-two_hits = Nội dung chuyển tiền ghi hai đơn.
mail-reason-partial = Khách trả thiếu.
mail-reason-late = Tiền về sau khi đơn đã kết thúc.
mail-reason-over = Khách trả thừa.
mail-reason-duplicate = Đơn này đã trả đủ tiền trước đó.
mail-reason-short_stock = Tiền đã về nhưng hết hàng.
mail-reason-wrong_account = Tiền về tài khoản khác tài khoản in trên đơn.
mail-reason-refund = Còn phải trả lại cho khách.
mail-reason-order = Đơn { $code }.
mail-account_change-subject = { $step ->
    [proposed] Có người đề nghị đổi tài khoản nhận tiền của HTX
    [agreed] Tài khoản nhận tiền của HTX sắp đổi
    [in_force] HTX đã đổi tài khoản nhận tiền
   *[other] Tài khoản nhận tiền của HTX không đổi nữa
}
mail-account_change-text = { $step ->
    [proposed] { $who } đề nghị khách chuyển tiền vào tài khoản khác: { $account }. Chưa có gì thay đổi: còn chờ người thứ hai đồng ý, rồi chờ thêm một ngày.
    [agreed] { $who } đã đồng ý đổi tài khoản nhận tiền sang { $account }. Đơn mới dùng tài khoản này từ { $from }.
    [in_force] Từ { $from }, đơn mới của HTX ghi tài khoản { $account }. Đơn đã đặt trước vẫn theo tài khoản in trên đơn.
    [refused] { $who } không đồng ý đổi sang { $account }: { $reason }. Tài khoản cũ vẫn dùng.
   *[other] { $who } đã cho dừng việc đổi sang { $account }. Tài khoản cũ vẫn dùng.
}
mail-account_change-do = { $step ->
    [proposed] Thấy lạ thì gọi ngay cho quản lý HTX hoặc ban quản lý chợ.
    [agreed] Thấy không đúng thì báo ngay: quản lý nào của HTX cũng bấm dừng được trước giờ ấy.
    [in_force] Thấy không đúng thì gọi ngay ban quản lý chợ.
   *[other] Không phải làm gì thêm.
}
mail-account_change-link = Mở trang bán hàng
mail-order_on_coach-subject = Đơn { $code } đã lên xe khách
mail-order_on_coach-text = Đơn { $code } đã lên xe { $plate }, chạy lúc { $leaves }. Nhận ở { $stop }.
mail-order_on_coach-link = Xem đơn hàng
mail-order_undelivered-subject = Đơn { $code } chưa giao được
mail-order_undelivered-text = HTX mang đơn { $code } tới mà chưa trao được. Ngày giao lại và số điện thoại của HTX có trên trang này.
mail-order_undelivered-link = Xem đơn hàng
mail-order_returned-subject = Đơn { $code } không giao nữa
mail-order_returned-text = Đơn { $code } không giao nữa: { $reason }. Đã trả tiền rồi thì HTX chuyển lại; trang này hỏi chuyển về đâu.
mail-order_returned-link = Xem đơn hàng
mail-delivery_paused-subject = Đơn { $code } tạm chưa giao được
mail-delivery_paused-text = Đơn { $code } tạm chưa giao được: { $reason }. Đơn vẫn còn nguyên, HTX sẽ hẹn lại ngày giao.
mail-delivery_paused-link = Xem đơn hàng
mail-window_closed-subject = { $who }: đợt hái { $by } đã chốt
mail-window_closed-text = { $who }, hái { $by }: { $orders } đơn, cần hái { $amount }. Hái xong mở đường dẫn này để ghi số hái được, máy chia và báo người mua.
mail-window_closed-link = Mở đợt mở bán
mail-preorder_less-subject = Đơn { $code }: hái được ít hơn
mail-preorder_less-text = Đợt này hái được ít hơn số đã đặt. Đơn { $code } được: { $amount }. Tiền bớt theo, đã trả thừa thì được trả lại.
mail-preorder_less-link = Xem đơn hàng
mail-preorder_moved-subject = Đơn { $code } chờ đợt hái { $by }
mail-preorder_moved-text = Đợt này hái không đủ. Theo ý bạn, đơn { $code } chờ đợt hái { $by }. Không mất gì.
mail-preorder_moved-link = Xem đơn hàng
