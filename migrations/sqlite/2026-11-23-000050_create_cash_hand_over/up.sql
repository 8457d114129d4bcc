-- At the door: who carries an order, cash in a carrier's hands, and its hand-over to the cashier.

INSERT INTO ledger_kind (name) VALUES ('cash_with_carrier'), ('cash_difference');
INSERT INTO journal_kind (name) VALUES ('cash_hand_over');
-- Cooperatives that were there before have the two new accounts too.
INSERT INTO ledger_account (id, cooperative_id, kind)
    SELECT '018f0000-0000-7000-8' || substr(lower(hex(randomblob(2))), 1, 3) || '-' || lower(hex(randomblob(6))), cooperative.id, ledger_kind.name
    FROM cooperative CROSS JOIN ledger_kind
    WHERE ledger_kind.name IN ('cash_with_carrier', 'cash_difference');

-- Whoever set out with an order carries it, until another member takes it over.
CREATE TABLE order_carrier (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES sale_order (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    since TEXT NOT NULL,
    taken_from TEXT REFERENCES account (id) -- who carried it before
) STRICT;
CREATE INDEX order_carrier_by_cooperative_id_account_id ON order_carrier (cooperative_id, account_id);
INSERT INTO order_carrier (order_id, cooperative_id, account_id, since)
    SELECT sale_order.id, sale_order.cooperative_id, MIN(order_move.by_account_id), MIN(order_move.at)
    FROM sale_order JOIN order_move ON order_move.order_id = sale_order.id
    WHERE sale_order.state = 'on_the_way' AND order_move.event = 'sent' AND order_move.by_account_id IS NOT NULL
    GROUP BY sale_order.id, sale_order.cooperative_id;

CREATE TABLE cash_hand_over_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO cash_hand_over_state (name) VALUES ('said'), ('confirmed'), ('withdrawn'), ('undone');

-- A carrier says what is handed in, a cashier says what was counted; until then the money stays with the carrier.
CREATE TABLE cash_hand_over (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    carrier_id TEXT NOT NULL REFERENCES account (id),
    state TEXT NOT NULL REFERENCES cash_hand_over_state (name),
    covers_vnd INTEGER NOT NULL CHECK (covers_vnd > 0), -- what the books say of this money
    kept_vnd INTEGER NOT NULL CHECK (kept_vnd >= 0), -- stays with the carrier, as change
    said_vnd INTEGER NOT NULL CHECK (said_vnd > 0), -- what the carrier counted
    notes TEXT NOT NULL, -- 500000x2 20000x3, or nothing
    remark TEXT NOT NULL, -- of the carrier
    said_at TEXT NOT NULL,
    counted_vnd INTEGER CHECK (counted_vnd > 0), -- what the cashier counted
    cashier_id TEXT REFERENCES account (id),
    counted_at TEXT,
    reason TEXT NOT NULL, -- of a difference
    is_same_person INTEGER NOT NULL CHECK (is_same_person IN (0, 1)), -- nobody else could count
    journal_id TEXT REFERENCES journal (id),
    ended_at TEXT, -- withdrawn or undone
    undo_journal_id TEXT REFERENCES journal (id),
    CHECK ((counted_vnd IS NULL) = (cashier_id IS NULL)),
    CHECK ((state IN ('confirmed', 'undone')) = (counted_vnd IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX cash_hand_over_said_once ON cash_hand_over (cooperative_id, carrier_id) WHERE state = 'said';
CREATE INDEX cash_hand_over_by_cooperative_id_said_at ON cash_hand_over (cooperative_id, said_at);

-- Whose hands the postings on cash_with_carrier stand for: one row beside each such posting.
CREATE TABLE carrier_cash (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    carrier_id TEXT NOT NULL REFERENCES account (id),
    journal_id TEXT NOT NULL UNIQUE REFERENCES journal (id),
    order_id TEXT REFERENCES sale_order (id),
    hand_over_id TEXT REFERENCES cash_hand_over (id),
    undoes TEXT UNIQUE REFERENCES carrier_cash (id),
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd <> 0), -- taken is positive
    at TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10),
    CHECK ((order_id IS NULL) <> (hand_over_id IS NULL))
) STRICT;
CREATE INDEX carrier_cash_by_cooperative_id_carrier_id ON carrier_cash (cooperative_id, carrier_id);
CREATE INDEX carrier_cash_by_order_id ON carrier_cash (order_id);
CREATE INDEX carrier_cash_by_hand_over_id ON carrier_cash (hand_over_id);
