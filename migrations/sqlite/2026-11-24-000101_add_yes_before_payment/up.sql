-- A VietQR order whose goods are not a lot in stock waits for the cooperative's yes, and is paid after it.
INSERT INTO order_event (name) VALUES ('agreed');

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('pay_after_yes_min', '2026-01-01', '720', 'the market''s rule: after the cooperative''s yes an order is held for its payment this long');
