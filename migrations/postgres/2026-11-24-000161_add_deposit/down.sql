DELETE FROM setting WHERE name = 'deposit_cancel_after_close';
ALTER TABLE sale_order DROP COLUMN deposit_vnd;
ALTER TABLE sales_window DROP COLUMN deposit_bps;
