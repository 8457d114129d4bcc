DROP INDEX order_delivery_by_deliver_on;
DROP TABLE pause_told;
DROP TABLE delivery_pause;
