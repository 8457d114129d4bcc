DROP INDEX order_delivery_by_commune_code_address;
DELETE FROM setting WHERE name IN ('unpaid_most', 'unpaid_address_most', 'door_open_most', 'door_first_most_vnd', 'door_refused_most');
DROP TABLE buyer_lock;
DROP TABLE coach_leg;
DROP TABLE refused_delivery;
DROP TABLE delivery_attempt;
DROP TABLE attempt_reason;
DELETE FROM order_move WHERE event IN ('undelivered', 'returned');
DELETE FROM order_event WHERE name IN ('undelivered', 'returned');
