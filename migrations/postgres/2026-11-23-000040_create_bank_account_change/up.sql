-- Changing where a cooperative is paid: proposed by one person, agreed by another, in force a day later. And who has looked at a
-- holder's name that is not the cooperative's.

INSERT INTO bank_account_state (name) VALUES ('dropped');

CREATE TABLE account_change_state (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO account_change_state (name) VALUES ('proposed'), ('agreed'), ('in_force'), ('taken_back'), ('refused'), ('stopped');

CREATE TABLE account_change_second (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO account_change_second (name) VALUES ('manager'), ('operator');

CREATE TABLE bank_account_change (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    old_account_id TEXT NOT NULL REFERENCES bank_account (id),
    new_account_id TEXT NOT NULL UNIQUE REFERENCES bank_account (id),
    state TEXT NOT NULL REFERENCES account_change_state (name),
    proposed_by TEXT NOT NULL REFERENCES account (id),
    proposed_at TIMESTAMP NOT NULL,
    agreed_by TEXT REFERENCES account (id),
    agreed_as TEXT REFERENCES account_change_second (name),
    agreed_at TIMESTAMP,
    in_force_from TIMESTAMP, -- a day after the agreement, or later
    ended_by TEXT REFERENCES account (id), -- who took it back, refused it or stopped it
    ended_at TIMESTAMP,
    reason TEXT, -- of a refusal
    CHECK (old_account_id <> new_account_id),
    CHECK (agreed_by IS NULL OR agreed_by <> proposed_by),
    CHECK (state NOT IN ('agreed', 'in_force', 'stopped') OR (agreed_by IS NOT NULL AND in_force_from > agreed_at))
);
CREATE INDEX bank_account_change_by_cooperative_id ON bank_account_change (cooperative_id, proposed_at);
CREATE INDEX bank_account_change_by_state ON bank_account_change (state, in_force_from);
-- One under way at a time, and one account in force at a time: whoever comes second in a race is told so by the table.
CREATE UNIQUE INDEX bank_account_change_under_way ON bank_account_change (cooperative_id) WHERE state IN ('proposed', 'agreed');
CREATE UNIQUE INDEX bank_account_in_force ON bank_account (cooperative_id) WHERE state = 'active';

CREATE TABLE holder_check (
    bank_account_id TEXT NOT NULL PRIMARY KEY REFERENCES bank_account (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    checked_by TEXT NOT NULL REFERENCES account (id),
    checked_at TIMESTAMP NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) >= 3) -- how it was made sure of
);
CREATE INDEX holder_check_by_cooperative_id ON holder_check (cooperative_id);

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('account_change_wait_hours', '2026-01-01', '24', 'a day in which every member can see and stop it; never less');
