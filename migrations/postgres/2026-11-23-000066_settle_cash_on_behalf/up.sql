-- Cash of a member who cannot hand it in any more is settled by a manager, also when nothing of it was found. The embedded
-- engine cannot alter a CHECK, so the table is made anew on both sides, and the one that refers to it.
CREATE TABLE carrier_cash_kept AS SELECT * FROM carrier_cash;
DROP TABLE carrier_cash;
CREATE TABLE cash_hand_over_kept AS SELECT * FROM cash_hand_over;
DROP TABLE cash_hand_over;
CREATE TABLE cash_hand_over (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    carrier_id TEXT NOT NULL REFERENCES account (id),
    state TEXT NOT NULL REFERENCES cash_hand_over_state (name),
    covers_vnd BIGINT NOT NULL CHECK (covers_vnd > 0), -- what the books say of this money
    kept_vnd BIGINT NOT NULL CHECK (kept_vnd >= 0), -- stays with the carrier, as change
    said_vnd BIGINT NOT NULL CHECK (said_vnd > 0), -- what the carrier counted
    notes TEXT NOT NULL, -- 500000x2 20000x3, or nothing
    remark TEXT NOT NULL, -- of the carrier
    said_at TIMESTAMP NOT NULL,
    counted_vnd BIGINT CHECK (counted_vnd >= 0), -- what the cashier counted
    cashier_id TEXT REFERENCES account (id),
    counted_at TIMESTAMP,
    reason TEXT NOT NULL, -- of a difference
    is_same_person BOOLEAN NOT NULL, -- nobody else could count
    journal_id TEXT REFERENCES journal (id),
    ended_at TIMESTAMP, -- withdrawn or undone
    undo_journal_id TEXT REFERENCES journal (id),
    is_on_behalf BOOLEAN NOT NULL, -- the carrier said nothing: a manager settled it
    CHECK ((counted_vnd IS NULL) = (cashier_id IS NULL)),
    CHECK ((state IN ('confirmed', 'undone')) = (counted_vnd IS NOT NULL)),
    CHECK (counted_vnd > 0 OR is_on_behalf),
    CHECK (NOT is_on_behalf OR length(reason) >= 3)
);
CREATE UNIQUE INDEX cash_hand_over_said_once ON cash_hand_over (cooperative_id, carrier_id) WHERE state = 'said';
CREATE INDEX cash_hand_over_by_cooperative_id_said_at ON cash_hand_over (cooperative_id, said_at);
INSERT INTO cash_hand_over (id, cooperative_id, carrier_id, state, covers_vnd, kept_vnd, said_vnd, notes, remark, said_at, counted_vnd, cashier_id, counted_at, reason, is_same_person, journal_id, ended_at, undo_journal_id, is_on_behalf)
    SELECT id, cooperative_id, carrier_id, state, covers_vnd, kept_vnd, said_vnd, notes, remark, said_at, counted_vnd, cashier_id, counted_at, reason, is_same_person, journal_id, ended_at, undo_journal_id, FALSE FROM cash_hand_over_kept;
DROP TABLE cash_hand_over_kept;
CREATE TABLE carrier_cash (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    carrier_id TEXT NOT NULL REFERENCES account (id),
    journal_id TEXT NOT NULL UNIQUE REFERENCES journal (id),
    order_id TEXT REFERENCES sale_order (id),
    hand_over_id TEXT REFERENCES cash_hand_over (id),
    undoes TEXT UNIQUE REFERENCES carrier_cash (id),
    amount_vnd BIGINT NOT NULL CHECK (amount_vnd <> 0), -- taken is positive
    at TIMESTAMP NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10),
    CHECK ((order_id IS NULL) <> (hand_over_id IS NULL))
);
CREATE INDEX carrier_cash_by_cooperative_id_carrier_id ON carrier_cash (cooperative_id, carrier_id);
CREATE INDEX carrier_cash_by_order_id ON carrier_cash (order_id);
CREATE INDEX carrier_cash_by_hand_over_id ON carrier_cash (hand_over_id);
INSERT INTO carrier_cash (id, cooperative_id, carrier_id, journal_id, order_id, hand_over_id, undoes, amount_vnd, at, day)
    SELECT id, cooperative_id, carrier_id, journal_id, order_id, hand_over_id, undoes, amount_vnd, at, day FROM carrier_cash_kept;
DROP TABLE carrier_cash_kept;
