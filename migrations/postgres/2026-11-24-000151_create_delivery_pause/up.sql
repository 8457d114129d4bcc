-- No delivery to some communes for some days: a storm, a flood, a feast. The operator's (no cooperative) also stops the clocks of the
-- cooperatives there. Whoever had an order for those days is told once.
CREATE TABLE delivery_pause (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT REFERENCES cooperative (id),
    scope TEXT NOT NULL, -- as of delivery_way
    from_on TEXT NOT NULL CHECK (length(from_on) = 10),
    until_on TEXT CHECK (length(until_on) = 10), -- the last day; none: until somebody ends it
    message TEXT NOT NULL,
    stops_clocks BOOLEAN NOT NULL,
    made_by TEXT NOT NULL REFERENCES account (id),
    made_at TIMESTAMP NOT NULL,
    ended_by TEXT REFERENCES account (id),
    ended_at TIMESTAMP,
    CHECK (until_on IS NULL OR until_on >= from_on),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE TABLE pause_told (
    delivery_pause_id TEXT NOT NULL REFERENCES delivery_pause (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (delivery_pause_id, order_id)
);
CREATE INDEX order_delivery_by_deliver_on ON order_delivery (deliver_on);
