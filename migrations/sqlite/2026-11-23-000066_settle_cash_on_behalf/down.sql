-- What was settled with nothing found cannot be told in the table as it was: such cash is in its carrier's hands again.
UPDATE posting SET
    ledger_account_id = (
        SELECT held.id FROM ledger_account AS held
        WHERE held.cooperative_id = posting.cooperative_id AND held.kind = 'cash_with_carrier'
    ),
    kind = 'cash_with_carrier'
WHERE kind = 'cash_difference' AND journal_id IN (SELECT journal_id FROM cash_hand_over WHERE counted_vnd = 0 UNION ALL SELECT undo_journal_id FROM cash_hand_over WHERE counted_vnd = 0);
DELETE FROM carrier_cash WHERE hand_over_id IN (SELECT id FROM cash_hand_over WHERE counted_vnd = 0) AND undoes IS NOT NULL;
DELETE FROM carrier_cash WHERE hand_over_id IN (SELECT id FROM cash_hand_over WHERE counted_vnd = 0);
DELETE FROM cash_hand_over WHERE counted_vnd = 0;
CREATE TABLE carrier_cash_kept AS SELECT * FROM carrier_cash;
DROP TABLE carrier_cash;
CREATE TABLE cash_hand_over_kept AS SELECT * FROM cash_hand_over;
DROP TABLE cash_hand_over;
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
INSERT INTO cash_hand_over (id, cooperative_id, carrier_id, state, covers_vnd, kept_vnd, said_vnd, notes, remark, said_at, counted_vnd, cashier_id, counted_at, reason, is_same_person, journal_id, ended_at, undo_journal_id)
    SELECT id, cooperative_id, carrier_id, state, covers_vnd, kept_vnd, said_vnd, notes, remark, said_at, counted_vnd, cashier_id, counted_at, reason, is_same_person, journal_id, ended_at, undo_journal_id FROM cash_hand_over_kept;
DROP TABLE cash_hand_over_kept;
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
INSERT INTO carrier_cash (id, cooperative_id, carrier_id, journal_id, order_id, hand_over_id, undoes, amount_vnd, at, day)
    SELECT id, cooperative_id, carrier_id, journal_id, order_id, hand_over_id, undoes, amount_vnd, at, day FROM carrier_cash_kept;
DROP TABLE carrier_cash_kept;
