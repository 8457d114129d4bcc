-- Windows of a delivery day, each with room for so many orders. How many are taken is counted from the orders themselves.
CREATE TABLE delivery_slot (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    delivery_way_id TEXT NOT NULL REFERENCES delivery_way (id),
    from_min INTEGER NOT NULL CHECK (from_min BETWEEN 0 AND 1440), -- minutes of the day
    to_min INTEGER NOT NULL CHECK (to_min BETWEEN 0 AND 1440),
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 10000), -- orders a day
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    CHECK (from_min < to_min)
) STRICT;
CREATE INDEX delivery_slot_by_delivery_way_id ON delivery_slot (delivery_way_id);
ALTER TABLE order_delivery ADD COLUMN delivery_slot_id TEXT; -- of delivery_slot
CREATE INDEX order_delivery_by_delivery_slot_id_deliver_on ON order_delivery (delivery_slot_id, deliver_on);
