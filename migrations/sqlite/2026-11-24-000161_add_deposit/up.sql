-- A window may ask for a part before it takes an order; the rest is due when the goods come.
ALTER TABLE sales_window ADD COLUMN deposit_bps INTEGER NOT NULL DEFAULT 0 CHECK (deposit_bps BETWEEN 0 AND 10000);
ALTER TABLE sale_order ADD COLUMN deposit_vnd INTEGER NOT NULL DEFAULT 0 CHECK (deposit_vnd BETWEEN 0 AND 1000000000000); -- asked for before it stands; 0: all of it

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('deposit_cancel_after_close', '2026-01-01', '1', 'the market''s rule, said before anybody orders: 1, a buyer may take an order with a deposit back until its harvest; 0, only until its window closes');
