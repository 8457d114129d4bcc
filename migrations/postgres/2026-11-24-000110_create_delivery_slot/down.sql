DROP INDEX order_delivery_by_delivery_slot_id_deliver_on;
ALTER TABLE order_delivery DROP COLUMN delivery_slot_id;
DROP TABLE delivery_slot;
