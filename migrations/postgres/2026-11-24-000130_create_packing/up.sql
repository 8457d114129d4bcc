-- Weighing and packing: taps that a phone sends until they are answered, who packs an order, every weighing of a line, and a
-- weight that the buyer is asked about.

-- One row a tap: the same key with the same request is answered the same way.
CREATE TABLE packing_act (
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 200), -- made by the phone
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    request_hash TEXT NOT NULL,
    refused TEXT, -- JSON of why not; none: done
    made_at TIMESTAMP NOT NULL,
    PRIMARY KEY (cooperative_id, key)
);
CREATE INDEX packing_act_by_made_at ON packing_act (made_at);

-- Who packs an order, since when.
CREATE TABLE order_packer (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES sale_order (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    since TIMESTAMP NOT NULL,
    taken_from TEXT REFERENCES account (id)
);

-- Every weighing of a line, the newest is the line's; corrections have a reason.
CREATE TABLE line_weight (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    order_line_id TEXT NOT NULL REFERENCES order_line (id),
    by_account_id TEXT REFERENCES account (id), -- none: the buyer agreed
    weighed_base BIGINT NOT NULL CHECK (weighed_base BETWEEN 0 AND 1000000000000),
    weighed_vnd BIGINT NOT NULL CHECK (weighed_vnd BETWEEN 0 AND 1000000000000),
    reason TEXT,
    at TIMESTAMP NOT NULL
);
CREATE INDEX line_weight_by_order_line_id ON line_weight (order_line_id);

-- More of a line than was promised, which the buyer may take at its price.
CREATE TABLE order_proposal_weight (
    order_proposal_id TEXT NOT NULL PRIMARY KEY REFERENCES order_proposal (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_line_id TEXT NOT NULL REFERENCES order_line (id),
    weighed_base BIGINT NOT NULL CHECK (weighed_base BETWEEN 1 AND 1000000000000),
    weighed_vnd BIGINT NOT NULL CHECK (weighed_vnd BETWEEN 0 AND 1000000000000)
);

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('weight_tolerance_bps', '2026-01-01', '1000', 'the market''s rule: where a product states no tolerance, a true weight may be a tenth off'),
    ('small_difference_vnd', '2026-01-01', '10000', 'the market''s rule: what a true weight leaves over or short of a payment up to this is not moved by bank');
