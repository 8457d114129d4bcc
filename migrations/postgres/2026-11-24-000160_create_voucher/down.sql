DROP TABLE order_voucher;
DROP TABLE voucher;
DROP TABLE voucher_kind;
