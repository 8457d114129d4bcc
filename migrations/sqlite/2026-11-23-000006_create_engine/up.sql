-- What the program owes, what has changed, leases and dated settings.

CREATE TABLE outbox_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO outbox_state (name) VALUES ('owed'), ('leased'), ('done'), ('parked');

CREATE TABLE message_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO message_state (name) VALUES ('open'), ('told'), ('sent'), ('parked');

-- Work owed to the world outside, in order per key.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL, -- JSON
    state TEXT NOT NULL REFERENCES outbox_state (name),
    due_at TEXT NOT NULL,
    tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 1000),
    lease_until TEXT,
    lease_by TEXT,
    last_error TEXT,
    made_at TEXT NOT NULL,
    done_at TEXT
) STRICT;
CREATE INDEX outbox_by_state_due_at ON outbox (state, due_at);
CREATE INDEX outbox_by_key_made_at ON outbox (key, made_at);

-- Words owed to a person; the card with Zalo, SMS and call buttons.
CREATE TABLE message (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT REFERENCES cooperative (id),
    order_id TEXT REFERENCES sale_order (id),
    account_id TEXT REFERENCES account (id),
    to_name TEXT NOT NULL,
    to_phone TEXT NOT NULL,
    to_email TEXT,
    language TEXT NOT NULL,
    kind TEXT NOT NULL, -- names the Fluent text and templates/mail/<kind>
    args TEXT NOT NULL, -- JSON
    state TEXT NOT NULL REFERENCES message_state (name),
    made_at TEXT NOT NULL,
    told_at TEXT,
    told_by TEXT REFERENCES account (id),
    told_how TEXT
) STRICT;
CREATE INDEX message_by_cooperative_id_state ON message (cooperative_id, state);
CREATE INDEX message_by_order_id ON message (order_id);
CREATE INDEX message_by_account_id ON message (account_id);

-- What the public sees has changed; followed by every serving process.
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

-- One holder at a time of a named duty.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;

-- Dated: the newest row that has begun is in force.
CREATE TABLE setting (
    name TEXT NOT NULL,
    valid_from TEXT NOT NULL CHECK (length(valid_from) = 10),
    value TEXT NOT NULL,
    basis TEXT NOT NULL,
    PRIMARY KEY (name, valid_from)
) STRICT;
