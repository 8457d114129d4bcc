-- What buyers say of goods that they received, tied to the lots they came from; answered once, hidden with a reason.

CREATE TABLE review_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO review_state (name) VALUES ('shown'), ('hidden');

CREATE TABLE review (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    product_id TEXT NOT NULL REFERENCES product (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    order_line_id TEXT NOT NULL REFERENCES order_line (id),
    state TEXT NOT NULL REFERENCES review_state (name),
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    words TEXT NOT NULL,
    given_name TEXT NOT NULL, -- all of the buyer's name that anybody sees
    received_on TEXT NOT NULL CHECK (length(received_on) = 10),
    made_at TEXT NOT NULL,
    answer TEXT,
    answered_by TEXT REFERENCES account (id),
    answered_at TEXT,
    hidden_reason TEXT,
    hidden_by TEXT REFERENCES account (id),
    hidden_at TEXT
) STRICT;
-- One review a line.
CREATE UNIQUE INDEX review_by_order_line_id ON review (order_line_id);
CREATE INDEX review_by_product_id ON review (product_id, state, made_at);
CREATE INDEX review_by_cooperative_id ON review (cooperative_id, made_at);
CREATE INDEX review_by_order_id ON review (order_id);

CREATE TABLE review_lot (
    review_id TEXT NOT NULL REFERENCES review (id),
    lot_id TEXT NOT NULL REFERENCES lot (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    PRIMARY KEY (review_id, lot_id)
) STRICT;

-- Of the reviews that are shown; written with each of them.
CREATE TABLE review_sum (
    product_id TEXT NOT NULL PRIMARY KEY REFERENCES product (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    reviews INTEGER NOT NULL CHECK (reviews >= 0),
    stars INTEGER NOT NULL CHECK (stars >= 0)
) STRICT;
