-- Accounts whose provider makes payment links: what opens its API, and what it answered last.
CREATE TABLE link_key (
    bank_account_id TEXT NOT NULL PRIMARY KEY REFERENCES bank_account (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    client_id_sealed TEXT NOT NULL, -- encrypted; names its key
    api_key_sealed TEXT NOT NULL,
    set_at TEXT NOT NULL,
    set_by TEXT REFERENCES account (id),
    answered_at TEXT,
    answer TEXT -- ok, or why not
) STRICT;
CREATE INDEX link_key_by_cooperative_id ON link_key (cooperative_id);

CREATE TABLE payment_link_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO payment_link_state (name) VALUES ('asked'), ('open'), ('ending'), ('ended');

-- A link that a provider was asked to make for what an order owed at a time.
CREATE TABLE payment_link (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    bank_account_id TEXT NOT NULL REFERENCES bank_account (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    number INTEGER NOT NULL CHECK (number BETWEEN 1000 AND 9007199254740991), -- the provider's order code; ours begin at 1000
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd BETWEEN 1 AND 499999999),
    state TEXT NOT NULL REFERENCES payment_link_state (name),
    link_id TEXT, -- the provider's own id
    qr_payload TEXT, -- its code, verified
    account_number TEXT, -- the one in its code
    holder_name TEXT,
    expires_at TEXT, -- none: it is cancelled when nothing is due any more
    made_at TEXT NOT NULL,
    ended_at TEXT,
    poll_at TEXT, -- when to ask what came through it; none: never again
    UNIQUE (bank_account_id, number)
) STRICT;
CREATE UNIQUE INDEX payment_link_standing ON payment_link (order_id) WHERE state IN ('asked', 'open');
CREATE INDEX payment_link_by_order_id ON payment_link (order_id);
CREATE INDEX payment_link_by_poll_at ON payment_link (poll_at);
CREATE INDEX payment_link_by_account_number ON payment_link (bank_account_id, account_number);
