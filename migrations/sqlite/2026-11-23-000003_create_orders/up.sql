-- Purchase, order, line, hold, history; the idempotency key of a checkout.

CREATE TABLE order_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO order_state (name) VALUES ('awaiting_payment'), ('placed'), ('confirmed'), ('packed'), ('on_the_way'), ('delivered'), ('closed'), ('expired'), ('cancelled'), ('declined');

CREATE TABLE order_event (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO order_event (name) VALUES ('checked_out'), ('paid'), ('confirmed'), ('packed'), ('sent'), ('delivered'), ('closed'), ('expired'), ('cancelled'), ('declined'), ('reopened');

CREATE TABLE payment_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO payment_kind (name) VALUES ('vietqr'), ('cod');

CREATE TABLE if_short (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO if_short (name) VALUES ('replace'), ('drop'), ('call');

CREATE TABLE hold_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO hold_state (name) VALUES ('standing'), ('taken'), ('released');

CREATE TABLE actor_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO actor_kind (name) VALUES ('shopper'), ('cooperative'), ('helper'), ('operator'), ('official'), ('bank'), ('clock');

-- One checkout.
CREATE TABLE purchase (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    account_id TEXT REFERENCES account (id),
    buyer_name TEXT NOT NULL,
    buyer_phone TEXT NOT NULL,
    buyer_email TEXT,
    language TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    total_vnd INTEGER NOT NULL CHECK (total_vnd BETWEEN 0 AND 1000000000000),
    made_at TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10)
) STRICT;
CREATE INDEX purchase_by_buyer_phone ON purchase (buyer_phone);
CREATE INDEX purchase_by_account_id ON purchase (account_id);

-- One row a key; inserted first, in the purchase's own transaction.
CREATE TABLE idempotency (
    key TEXT NOT NULL PRIMARY KEY,
    request_hash TEXT NOT NULL,
    purchase_id TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX idempotency_by_expires_at ON idempotency (expires_at);

-- The buyer's wish for an e-invoice.
CREATE TABLE invoice_request (
    purchase_id TEXT NOT NULL PRIMARY KEY REFERENCES purchase (id),
    tax_code TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    email TEXT NOT NULL
) STRICT;

-- One per cooperative in a purchase.
CREATE TABLE sale_order (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE, -- is the payment reference too
    purchase_id TEXT NOT NULL REFERENCES purchase (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    state TEXT NOT NULL REFERENCES order_state (name),
    payment TEXT NOT NULL REFERENCES payment_kind (name),
    bank_account_id TEXT, -- the account its QR was printed with
    goods_vnd INTEGER NOT NULL CHECK (goods_vnd BETWEEN 0 AND 1000000000000), -- as ordered; by true weight after weighing
    shipping_vnd INTEGER NOT NULL CHECK (shipping_vnd BETWEEN 0 AND 1000000000),
    total_vnd INTEGER NOT NULL CHECK (total_vnd BETWEEN 0 AND 1000000000000),
    trace_ref TEXT NOT NULL UNIQUE, -- a random id: how the order stands in trace events
    placed_at TEXT,
    expires_at TEXT, -- end of the hold while payment is awaited
    confirm_by TEXT,
    renewed_until TEXT, -- how far holds may still be renewed
    is_late INTEGER NOT NULL CHECK (is_late IN (0, 1)), -- money came after the hold had ended
    short_stock INTEGER NOT NULL CHECK (short_stock IN (0, 1)), -- paid, but the goods were gone
    reason TEXT, -- of a decline or cancellation
    made_at TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10),
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX sale_order_by_purchase_id ON sale_order (purchase_id);
CREATE INDEX sale_order_by_cooperative_id_state ON sale_order (cooperative_id, state);
CREATE INDEX sale_order_by_state_expires_at ON sale_order (state, expires_at);

-- Where an order goes.
CREATE TABLE order_delivery (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES sale_order (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    kind TEXT NOT NULL REFERENCES delivery_kind (name),
    delivery_way_id TEXT REFERENCES delivery_way (id),
    pickup_point_id TEXT REFERENCES pickup_point (id),
    deliver_on TEXT CHECK (length(deliver_on) = 10),
    slot TEXT,
    recipient_name TEXT NOT NULL,
    recipient_phone TEXT NOT NULL,
    gift_message TEXT,
    hide_prices INTEGER NOT NULL CHECK (hide_prices IN (0, 1)),
    commune_code TEXT,
    commune_name TEXT, -- as it was called then
    address TEXT,
    note TEXT
) STRICT;

CREATE TABLE order_line (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    product_id TEXT NOT NULL REFERENCES product (id),
    offer_id TEXT NOT NULL REFERENCES offer (id),
    product_name TEXT NOT NULL, -- as it stood on the page
    offer_label TEXT NOT NULL,
    unit TEXT NOT NULL,
    base_unit TEXT NOT NULL REFERENCES base_unit (name),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000000), -- thousandths of the sale unit
    base_per_unit INTEGER NOT NULL CHECK (base_per_unit BETWEEN 1 AND 1000000000),
    base_quantity INTEGER NOT NULL CHECK (base_quantity BETWEEN 1 AND 1000000000000),
    about INTEGER NOT NULL CHECK (about IN (0, 1)),
    price_vnd INTEGER NOT NULL CHECK (price_vnd BETWEEN 0 AND 1000000000),
    line_vnd INTEGER NOT NULL CHECK (line_vnd BETWEEN 0 AND 1000000000000),
    weighed_base INTEGER CHECK (weighed_base BETWEEN 0 AND 1000000000000), -- true weight, when weighed
    weighed_vnd INTEGER CHECK (weighed_vnd BETWEEN 0 AND 1000000000000),
    weighed_at TEXT,
    if_short TEXT NOT NULL REFERENCES if_short (name),
    tax_line TEXT,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 1000)
) STRICT;
CREATE INDEX order_line_by_order_id ON order_line (order_id);

-- Which lot stands on which line; standing holds are summed in lot.held.
CREATE TABLE stock_hold (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    lot_id TEXT NOT NULL REFERENCES lot (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    order_line_id TEXT NOT NULL REFERENCES order_line (id),
    base_quantity INTEGER NOT NULL CHECK (base_quantity BETWEEN 1 AND 1000000000000),
    state TEXT NOT NULL REFERENCES hold_state (name),
    expires_at TEXT, -- none: stands until the order moves
    made_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX stock_hold_by_lot_id_state ON stock_hold (lot_id, state);
CREATE INDEX stock_hold_by_order_id ON stock_hold (order_id);

-- The history of every move.
CREATE TABLE order_move (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    event TEXT NOT NULL REFERENCES order_event (name),
    from_state TEXT NOT NULL REFERENCES order_state (name),
    to_state TEXT NOT NULL REFERENCES order_state (name),
    by_kind TEXT NOT NULL REFERENCES actor_kind (name),
    by_account_id TEXT REFERENCES account (id),
    on_behalf_of TEXT REFERENCES account (id),
    reason TEXT,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX order_move_by_order_id_at ON order_move (order_id, at);
