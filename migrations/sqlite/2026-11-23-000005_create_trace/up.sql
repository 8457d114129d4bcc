-- Trace events in EPCIS's shape and the entries of the public log.

CREATE TABLE trace_event_type (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO trace_event_type (name) VALUES ('ObjectEvent'), ('AggregationEvent'), ('TransactionEvent'), ('TransformationEvent'), ('AssociationEvent');

CREATE TABLE trace_action (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO trace_action (name) VALUES ('ADD'), ('OBSERVE'), ('DELETE');

CREATE TABLE lot_role (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO lot_role (name) VALUES ('input'), ('output'), ('observed');

CREATE TABLE word_of (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO word_of (name) VALUES ('grower'), ('cooperative'), ('authority'), ('instrument');

CREATE TABLE log_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO log_kind (name) VALUES ('event'), ('certificate'), ('inspection'), ('recall'), ('correction');

-- One row a fact; a correction is a new fact.
CREATE TABLE trace_event (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    event_type TEXT NOT NULL REFERENCES trace_event_type (name),
    action TEXT REFERENCES trace_action (name), -- none for a TransformationEvent
    biz_step TEXT NOT NULL, -- CBV 2.0
    disposition TEXT, -- CBV 2.0
    at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10),
    place TEXT NOT NULL, -- readPoint in words
    commune_code TEXT,
    party TEXT NOT NULL, -- who did it: a role and a cooperative, never a shopper
    word_of TEXT NOT NULL REFERENCES word_of (name), -- who says so
    by_account_id TEXT REFERENCES account (id),
    trace_ref TEXT, -- the order's random id
    bank_event_id TEXT,
    body TEXT NOT NULL, -- canonical JSON (RFC 8785)
    salt TEXT NOT NULL, -- hex; blank once erased
    corrects TEXT REFERENCES trace_event (id)
) STRICT;
CREATE INDEX trace_event_by_trace_ref ON trace_event (trace_ref);
CREATE INDEX trace_event_by_cooperative_id_at ON trace_event (cooperative_id, at);

CREATE TABLE trace_event_lot (
    trace_event_id TEXT NOT NULL REFERENCES trace_event (id),
    lot_id TEXT NOT NULL REFERENCES lot (id),
    role TEXT NOT NULL REFERENCES lot_role (name),
    base_quantity INTEGER NOT NULL,
    PRIMARY KEY (trace_event_id, lot_id, role)
) STRICT;
CREATE INDEX trace_event_lot_by_lot_id ON trace_event_lot (lot_id);

-- Waits without an index until the sequencer gives it one.
CREATE TABLE log_entry (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL REFERENCES log_kind (name),
    trace_event_id TEXT REFERENCES trace_event (id),
    leaf TEXT NOT NULL, -- canonical JSON of the envelope, no personal data
    salt TEXT,
    made_at TEXT NOT NULL,
    position INTEGER CHECK (position BETWEEN 0 AND 1000000000000), -- index in the log
    leaf_hash TEXT, -- hex
    sealed_at TEXT,
    UNIQUE (position)
) STRICT;
CREATE INDEX log_entry_by_trace_event_id ON log_entry (trace_event_id);

-- Hashes of whole subtrees (RFC 6962).
CREATE TABLE log_node (
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 62),
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 1000000000000),
    hash TEXT NOT NULL,
    PRIMARY KEY (level, position)
) STRICT;

-- Signed tree heads.
CREATE TABLE log_checkpoint (
    size INTEGER NOT NULL PRIMARY KEY CHECK (size BETWEEN 0 AND 1000000000000),
    root TEXT NOT NULL,
    note TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
