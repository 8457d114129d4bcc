-- What webhooks miss: the same money told by several ways, balances as banks say them, statements that people bring.

-- A later telling of money that stands here already. The first is the one that is booked.
CREATE TABLE same_money (
    bank_event_id TEXT NOT NULL PRIMARY KEY REFERENCES bank_event (id), -- the later telling
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    first_event_id TEXT NOT NULL REFERENCES bank_event (id),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX same_money_by_first_event_id ON same_money (first_event_id);

-- What the account held right after a movement, as its bank says.
CREATE TABLE bank_balance (
    bank_event_id TEXT NOT NULL PRIMARY KEY REFERENCES bank_event (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    bank_account_id TEXT NOT NULL REFERENCES bank_account (id),
    balance_vnd INTEGER NOT NULL
) STRICT;
CREATE INDEX bank_balance_by_bank_account_id ON bank_balance (bank_account_id);

-- A statement that somebody uploaded: looked at first, taken in by one more press.
CREATE TABLE statement (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    bank_account_id TEXT NOT NULL REFERENCES bank_account (id),
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    content TEXT NOT NULL, -- what was read of it, JSON
    made_at TEXT NOT NULL,
    made_by TEXT REFERENCES account (id), -- absent: from the command line
    taken_at TEXT,
    taken_by TEXT REFERENCES account (id),
    UNIQUE (bank_account_id, file_hash)
) STRICT;
CREATE INDEX statement_by_cooperative_id_made_at ON statement (cooperative_id, made_at);

CREATE INDEX bank_event_by_bank_account_id_amount_vnd ON bank_event (bank_account_id, amount_vnd, booked_at);
