DELETE FROM setting WHERE name = 'pay_after_yes_min';
UPDATE order_move SET event = 'confirmed' WHERE event = 'agreed';
DELETE FROM order_event WHERE name = 'agreed';
