-- What buyers say is wrong with goods they received: by line, with pictures, what became of it, step by step.

CREATE TABLE claim_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO claim_kind (name) VALUES ('spoiled'), ('short'), ('wrong'), ('missing'), ('other');
CREATE TABLE claim_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO claim_state (name) VALUES ('open'), ('asked'), ('accepted'), ('declined'), ('escalated'), ('found'), ('unmet'), ('closed');
CREATE TABLE claim_event (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO claim_event (name) VALUES ('made'), ('asked_photo'), ('sent_photo'), ('accepted'), ('declined'), ('satisfied'), ('escalated'), ('found'), ('cleared'), ('unmet'), ('ran_out');

CREATE TABLE claim (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    order_line_id TEXT NOT NULL REFERENCES order_line (id),
    kind TEXT NOT NULL REFERENCES claim_kind (name),
    state TEXT NOT NULL REFERENCES claim_state (name),
    quantity INTEGER CHECK (quantity BETWEEN 1 AND 1000000000000), -- thousandths of the sale unit; none: the whole line
    base_quantity INTEGER NOT NULL CHECK (base_quantity BETWEEN 1 AND 1000000000000000), -- base units that it is about
    words TEXT NOT NULL,
    accepted_vnd INTEGER NOT NULL DEFAULT 0 CHECK (accepted_vnd BETWEEN 0 AND 1000000000000000), -- Σ of its accepting steps
    press TEXT NOT NULL, -- the form that made it: pressed twice, it is made once
    waits_since TEXT NOT NULL, -- when its state began
    stage INTEGER NOT NULL DEFAULT 0 CHECK (stage BETWEEN 0 AND 9), -- how often its state's clock has asked
    due_at TEXT, -- when that clock has something to do next
    solve_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
-- A line has one claim under way at most.
CREATE UNIQUE INDEX claim_under_way ON claim (order_line_id) WHERE state <> 'closed';
CREATE UNIQUE INDEX claim_by_press ON claim (order_line_id, press);
CREATE INDEX claim_by_order_id ON claim (order_id);
CREATE INDEX claim_by_cooperative_id_state ON claim (cooperative_id, state);
CREATE INDEX claim_by_due_at ON claim (due_at) WHERE due_at IS NOT NULL;

-- The lots that the line came from, so that claims can be counted by lot.
CREATE TABLE claim_lot (
    claim_id TEXT NOT NULL REFERENCES claim (id),
    lot_id TEXT NOT NULL REFERENCES lot (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    base_quantity INTEGER NOT NULL CHECK (base_quantity BETWEEN 0 AND 1000000000000000), -- what the line took from it
    PRIMARY KEY (claim_id, lot_id)
) STRICT;
CREATE INDEX claim_lot_by_lot_id ON claim_lot (lot_id);

-- Pictures of a claim; never served on the public path.
CREATE TABLE claim_photo (
    id TEXT NOT NULL PRIMARY KEY,
    claim_id TEXT NOT NULL REFERENCES claim (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    media_key TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX claim_photo_once ON claim_photo (claim_id, media_key);

CREATE TABLE claim_step (
    id TEXT NOT NULL PRIMARY KEY,
    claim_id TEXT NOT NULL REFERENCES claim (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    event TEXT NOT NULL REFERENCES claim_event (name),
    by_kind TEXT NOT NULL REFERENCES actor_kind (name),
    by_account_id TEXT REFERENCES account (id),
    words TEXT NOT NULL,
    amount_vnd INTEGER CHECK (amount_vnd BETWEEN 1 AND 1000000000000000), -- given back, or found to be due
    journal_id TEXT REFERENCES journal (id), -- the entry that gives it back
    at TEXT NOT NULL
) STRICT;
CREATE INDEX claim_step_by_claim_id ON claim_step (claim_id);
CREATE UNIQUE INDEX claim_step_by_journal_id ON claim_step (journal_id) WHERE journal_id IS NOT NULL;

-- Decree 248/2026/NĐ-CP Art. 7 asks a platform to state deadlines of the first answer and of the solution.
INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('claim_within_h', '2026-01-01', '24', 'the market''s rule: fresh goods are looked at within a day of receiving them'),
    ('claim_answer_min', '2026-01-01', '480', 'the market''s rule for the first answer that NĐ 248/2026 Art. 7 asks for: eight hours of the cooperative''s own hours'),
    ('claim_again_permille', '2026-01-01', '500', 'the market''s rule: after half of that time everybody who answers for the cooperative is asked'),
    ('claim_photo_h', '2026-01-01', '24', 'the market''s rule: a buyer has a day for one more picture'),
    ('claim_settle_h', '2026-01-01', '72', 'the market''s rule: three days after an answer a claim that nobody took further is closed'),
    ('claim_solve_h', '2026-01-01', '168', 'the market''s rule for the solution that NĐ 248/2026 Art. 7 asks for: a week');
