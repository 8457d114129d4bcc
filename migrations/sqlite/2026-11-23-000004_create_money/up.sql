-- Bank accounts, what banks say, the people's list, the ledger.

CREATE TABLE bank_provider (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO bank_provider (name) VALUES ('sepay'), ('casso'), ('casso-v1'), ('payos'), ('vietqr'), ('generic'), ('none');

CREATE TABLE bank_account_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO bank_account_state (name) VALUES ('active'), ('pending'), ('retired');

CREATE TABLE bank_direction (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO bank_direction (name) VALUES ('in'), ('out');

CREATE TABLE proof_grade (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO proof_grade (name) VALUES ('bank_message'), ('statement'), ('by_hand');

CREATE TABLE bank_event_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO bank_event_state (name) VALUES ('booked'), ('waiting'), ('other_money'), ('ignored');

CREATE TABLE money_case_reason (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO money_case_reason (name) VALUES ('unmatched'), ('two_hits'), ('partial'), ('late'), ('over'), ('duplicate'), ('short_stock'), ('wrong_account'), ('refund');

CREATE TABLE money_case_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO money_case_state (name) VALUES ('open'), ('resolved');

CREATE TABLE ledger_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO ledger_kind (name) VALUES ('bank'), ('cash'), ('unmatched'), ('prepayments'), ('receivable'), ('revenue'), ('shipping'), ('refunds_due');

CREATE TABLE journal_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO journal_kind (name) VALUES ('money_in'), ('money_out'), ('assignment'), ('hand_over'), ('refund'), ('correction');

-- Where a cooperative is paid.
CREATE TABLE bank_account (
    id TEXT NOT NULL PRIMARY KEY,
    path_id TEXT NOT NULL UNIQUE, -- the opaque id in the webhook's address
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    provider TEXT NOT NULL REFERENCES bank_provider (name),
    bin TEXT NOT NULL,
    account_number TEXT NOT NULL,
    holder_name TEXT NOT NULL,
    secret_sealed TEXT, -- webhook secret, encrypted; names its key
    secret_before_sealed TEXT, -- the one before, while both are live
    secret_before_until TEXT,
    state TEXT NOT NULL REFERENCES bank_account_state (name),
    first_message_at TEXT,
    last_message_at TEXT,
    made_at TEXT NOT NULL,
    made_by TEXT REFERENCES account (id),
    approved_by TEXT REFERENCES account (id),
    active_from TEXT
) STRICT;
CREATE INDEX bank_account_by_cooperative_id_state ON bank_account (cooperative_id, state);

-- Every movement that a bank, a statement or a person told of.
CREATE TABLE bank_event (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    bank_account_id TEXT NOT NULL REFERENCES bank_account (id),
    provider TEXT NOT NULL REFERENCES bank_provider (name),
    provider_event_id TEXT NOT NULL,
    direction TEXT NOT NULL REFERENCES bank_direction (name),
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd BETWEEN 0 AND 1000000000000000),
    memo TEXT NOT NULL,
    description TEXT NOT NULL,
    reference_code TEXT NOT NULL,
    counter_name TEXT,
    counter_account TEXT,
    booked_at TEXT NOT NULL, -- as the bank says
    received_at TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10),
    grade TEXT NOT NULL REFERENCES proof_grade (name),
    is_stale INTEGER NOT NULL CHECK (is_stale IN (0, 1)), -- right signature, old timestamp
    natural_key TEXT, -- account, bank reference, amount, direction, day
    state TEXT NOT NULL REFERENCES bank_event_state (name),
    order_id TEXT REFERENCES sale_order (id),
    said_by TEXT REFERENCES account (id), -- of a by_hand event
    undone_at TEXT,
    confirmed_by_event TEXT, -- a later, better proof of the same money
    raw_body TEXT,
    UNIQUE (bank_account_id, provider, provider_event_id)
) STRICT;
CREATE INDEX bank_event_by_natural_key ON bank_event (natural_key);
CREATE INDEX bank_event_by_cooperative_id_state ON bank_event (cooperative_id, state);
CREATE INDEX bank_event_by_order_id ON bank_event (order_id);

-- The people's list: money that waits for a person.
CREATE TABLE money_case (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    bank_event_id TEXT REFERENCES bank_event (id),
    order_id TEXT REFERENCES sale_order (id),
    reason TEXT NOT NULL REFERENCES money_case_reason (name),
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd BETWEEN 0 AND 1000000000000000),
    candidates TEXT NOT NULL, -- order codes, a space between
    state TEXT NOT NULL REFERENCES money_case_state (name),
    made_at TEXT NOT NULL,
    resolved_at TEXT,
    resolved_by TEXT REFERENCES account (id),
    resolution TEXT
) STRICT;
CREATE INDEX money_case_by_cooperative_id_state ON money_case (cooperative_id, state);
CREATE INDEX money_case_by_order_id ON money_case (order_id);

CREATE TABLE ledger_account (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    kind TEXT NOT NULL REFERENCES ledger_kind (name),
    UNIQUE (cooperative_id, kind)
) STRICT;

-- One balanced entry.
CREATE TABLE journal (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    kind TEXT NOT NULL REFERENCES journal_kind (name),
    order_id TEXT REFERENCES sale_order (id),
    bank_event_id TEXT REFERENCES bank_event (id),
    reverses TEXT REFERENCES journal (id),
    by_account_id TEXT REFERENCES account (id),
    note TEXT,
    at TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10)
) STRICT;
CREATE INDEX journal_by_cooperative_id_day ON journal (cooperative_id, day);
CREATE INDEX journal_by_order_id ON journal (order_id);
CREATE INDEX journal_by_bank_event_id ON journal (bank_event_id);

-- Debit is positive; the postings of a journal add up to nothing.
CREATE TABLE posting (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    journal_id TEXT NOT NULL REFERENCES journal (id),
    ledger_account_id TEXT NOT NULL REFERENCES ledger_account (id),
    kind TEXT NOT NULL REFERENCES ledger_kind (name), -- of its account, for sums without a join
    order_id TEXT REFERENCES sale_order (id),
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd <> 0)
) STRICT;
CREATE INDEX posting_by_journal_id ON posting (journal_id);
CREATE INDEX posting_by_order_id_kind ON posting (order_id, kind);
CREATE INDEX posting_by_ledger_account_id ON posting (ledger_account_id);
