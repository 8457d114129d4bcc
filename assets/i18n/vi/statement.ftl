# Sao kê ngân hàng và đối soát.
statement-title = Sao kê ngân hàng
statement-lead = Tải sao kê từ trang của ngân hàng rồi đưa vào đây. Khoản nào chưa được báo sẽ được ghi; khoản đã có không bị ghi lần nữa.
statement-no-account = Chưa có tài khoản nhận tiền
statement-account = Tài khoản
statement-file = Tệp sao kê
statement-file-hint = CSV hoặc Excel (.xlsx), tối đa 5 MB. Tệp .xls cũ hay PDF thì mở ra và lưu lại thành .xlsx.
statement-look = Xem trước sao kê
statement-nothing-yet = Xem trước chưa ghi gì vào sổ.
statement-brought = Sao kê đã đưa vào
statement-is-taken = đã nhập
statement-not-taken = chưa nhập
statement-look-title = Xem trước sao kê
statement-days = { $from } – { $until }
statement-done = Đã nhập lúc { $at }
statement-done-text = Khoản có mã đơn đã vào đơn; khoản cần người quyết định nằm trong sổ tiền.
statement-came = Tiền vào
statement-went = Tiền ra
statement-opening = Số dư đầu
statement-closing = Số dư cuối
statement-sums-good = Khớp: số dư đầu + tiền vào − tiền ra = số dư cuối.
statement-sums-bad = Không khớp: số dư đầu + tiền vào − tiền ra khác số dư cuối. Có thể thiếu dòng; hãy tải lại sao kê cho đủ ngày. Vẫn nhập được, không mất gì.
statement-sums-calm = Sao kê không ghi số dư nên không kiểm tra được có thiếu dòng hay không.
statement-breaks = Số dư ở dòng { $line } không nối tiếp dòng trước nó.
statement-take = { $count ->
   *[other] Nhập { $count } khoản vào sổ
}
statement-harmless = Bấm hai lần hay nhập lại tệp này cũng không ghi trùng.
statement-nothing-new = Mọi khoản trong sao kê này đều đã có trong sổ.
statement-fresh = Chưa ai báo: { $count } khoản
statement-same = Đã được báo, sao kê xác nhận: { $count } khoản
statement-seen = Đã nhập từ sao kê trước: { $count } khoản
statement-unreadable = Không đọc được: { $count } dòng
statement-unreadable-do = Những dòng này chưa được ghi. Sửa trong tệp rồi đưa vào lại, hoặc ghi tay ở đơn.
statement-line = Dòng { $line }:
statement-why-no-day = không có ngày
statement-why-bad-day = ngày không đọc được, cần dạng 23/11/2026
statement-why-bad-amount = số tiền không đọc được
statement-why-no-amount = không có số tiền
statement-why-two-amounts = vừa ghi nợ vừa ghi có
statement-in = tiền vào
statement-out = tiền ra
statement-link = Nhập sao kê ngân hàng
