-- Goods that nobody took at the door: each try, what became of the order, and what is counted against a number until a person clears it.
-- And the coach that carries what goes by coach.
INSERT INTO order_event (name) VALUES ('undelivered'), ('returned');

CREATE TABLE attempt_reason (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO attempt_reason (name) VALUES ('nobody_home'), ('no_answer'), ('asked_later'), ('wrong_address'), ('road_closed'), ('refused');

CREATE TABLE delivery_attempt (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    carrier_id TEXT NOT NULL REFERENCES account (id),
    reason TEXT NOT NULL REFERENCES attempt_reason (name),
    note TEXT,
    next_on TEXT CHECK (length(next_on) = 10),
    at TIMESTAMP NOT NULL
);
CREATE INDEX delivery_attempt_by_order_id ON delivery_attempt (order_id);

CREATE TABLE refused_delivery (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES sale_order (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    phone TEXT NOT NULL,
    reason TEXT NOT NULL REFERENCES attempt_reason (name),
    at TIMESTAMP NOT NULL,
    cleared_at TIMESTAMP,
    cleared_by TEXT REFERENCES account (id),
    cleared_why TEXT,
    CHECK ((cleared_at IS NULL) = (cleared_by IS NULL))
);
CREATE INDEX refused_delivery_by_phone_at ON refused_delivery (phone, at);

CREATE TABLE coach_leg (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES sale_order (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    plate TEXT NOT NULL,
    leaves_at TIMESTAMP NOT NULL,
    stop TEXT NOT NULL, -- where the buyer fetches it
    phone TEXT, -- of the coach, E.164
    said_by TEXT NOT NULL REFERENCES account (id),
    said_at TIMESTAMP NOT NULL
);

-- One row a number, under a keyed hash: whoever orders locks it, so that limits are counted by one at a time.
CREATE TABLE buyer_lock (phone_hash TEXT NOT NULL PRIMARY KEY);

CREATE INDEX order_delivery_by_commune_code_address ON order_delivery (commune_code, address);

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('unpaid_most', '2026-01-01', '5', 'the market''s rule: unpaid transfers that may stand on one number or account at a time'),
    ('unpaid_address_most', '2026-01-01', '0', 'the market''s rule: the same at one address of delivery; 0: no limit, a dormitory is one address'),
    ('door_open_most', '2026-01-01', '3', 'the market''s rule: orders to be paid at the door that may be under way for one number'),
    ('door_first_most_vnd', '2026-01-01', '2000000', 'the market''s rule: the most that a number which has never taken a delivery may owe at the door'),
    ('door_refused_most', '2026-01-01', '2', 'the market''s rule: so many deliveries not taken within a year, and a number pays beforehand');
