-- Windows of a delivery day, each with room for so many orders. How many are taken is counted from the orders themselves.
CREATE TABLE delivery_slot (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    delivery_way_id TEXT NOT NULL REFERENCES delivery_way (id),
    from_min BIGINT NOT NULL CHECK (from_min BETWEEN 0 AND 1440), -- minutes of the day
    to_min BIGINT NOT NULL CHECK (to_min BETWEEN 0 AND 1440),
    capacity BIGINT NOT NULL CHECK (capacity BETWEEN 1 AND 10000), -- orders a day
    is_active BOOLEAN NOT NULL,
    CHECK (from_min < to_min)
);
CREATE INDEX delivery_slot_by_delivery_way_id ON delivery_slot (delivery_way_id);
ALTER TABLE order_delivery ADD COLUMN delivery_slot_id TEXT REFERENCES delivery_slot (id);
CREATE INDEX order_delivery_by_delivery_slot_id_deliver_on ON order_delivery (delivery_slot_id, deliver_on);
