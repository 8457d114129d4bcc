-- Sales windows: what will be harvested when, until when it is ordered. Each bears a lot that is only planned; its goods are sold by
-- offers of its own, which stand beside the usual ones.
INSERT INTO lot_kind (name) VALUES ('window');
INSERT INTO movement_kind (name) VALUES ('plan');
INSERT INTO if_short (name) VALUES ('less'), ('whole'), ('next');

CREATE TABLE window_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO window_state (name) VALUES ('open'), ('paused'), ('closed'), ('harvested'), ('failed');
CREATE TABLE sharing_rule (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO sharing_rule (name) VALUES ('first'), ('equal');

CREATE TABLE sales_window (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    product_id TEXT NOT NULL REFERENCES product (id),
    lot_id TEXT NOT NULL UNIQUE REFERENCES lot (id), -- born of the plan
    harvest_from TEXT NOT NULL CHECK (length(harvest_from) = 10),
    harvest_to TEXT NOT NULL CHECK (length(harvest_to) = 10),
    planned INTEGER NOT NULL CHECK (planned BETWEEN 1 AND 1000000000000), -- base units
    closes_at TEXT NOT NULL, -- orders that begin before it
    weekdays TEXT NOT NULL, -- it opens again for these, Monday is 1; empty: once
    state TEXT NOT NULL REFERENCES window_state (name),
    sharing TEXT NOT NULL REFERENCES sharing_rule (name), -- who gets how much when there is less
    previous_id TEXT UNIQUE REFERENCES sales_window (id), -- the round before it
    opened_by TEXT NOT NULL REFERENCES account (id),
    made_at TEXT NOT NULL,
    closed_at TEXT, -- said to the cooperative
    harvested INTEGER CHECK (harvested BETWEEN 0 AND 1000000000000), -- base units
    harvested_on TEXT CHECK (length(harvested_on) = 10),
    harvested_at TEXT,
    harvested_by TEXT REFERENCES account (id),
    CHECK (harvest_from <= harvest_to)
) STRICT;
CREATE INDEX sales_window_by_product_id_state ON sales_window (product_id, state);
CREATE INDEX sales_window_by_cooperative_id ON sales_window (cooperative_id, made_at);
CREATE INDEX sales_window_by_closes_at ON sales_window (closes_at) WHERE closed_at IS NULL;

-- Offers of a window: as the usual ones stood when it opened.
CREATE TABLE window_offer (
    offer_id TEXT NOT NULL PRIMARY KEY REFERENCES offer (id),
    sales_window_id TEXT NOT NULL REFERENCES sales_window (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id)
) STRICT;
CREATE INDEX window_offer_by_sales_window_id ON window_offer (sales_window_id);

-- What was ordered of a window, and what became of it.
CREATE TABLE window_line (
    order_line_id TEXT NOT NULL PRIMARY KEY REFERENCES order_line (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    sales_window_id TEXT NOT NULL REFERENCES sales_window (id),
    ordered INTEGER NOT NULL CHECK (ordered BETWEEN 1 AND 1000000000000), -- base units
    granted INTEGER CHECK (granted BETWEEN 0 AND 1000000000000), -- base units, once it is harvested
    settled_at TEXT -- the order has been brought to it
) STRICT;
CREATE INDEX window_line_by_sales_window_id ON window_line (sales_window_id);
CREATE INDEX window_line_by_order_id ON window_line (order_id);
CREATE INDEX window_line_unsettled ON window_line (order_id) WHERE granted IS NOT NULL AND settled_at IS NULL;
