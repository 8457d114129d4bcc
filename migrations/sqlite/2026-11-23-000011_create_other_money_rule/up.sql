-- Money on the account that is no order's: dismissed by a person or by a rule; what a cooperative has laid down for its money.

INSERT INTO bank_event_state (name) VALUES ('dismissed');
INSERT INTO money_case_reason (name) VALUES ('other_money'), ('small_difference');

CREATE TABLE other_money_rule_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO other_money_rule_kind (name) VALUES ('payer'), ('words');

-- «người gửi …», «nội dung có …». A rule that was taken away stays, as the reason of what it dismissed.
CREATE TABLE other_money_rule (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    kind TEXT NOT NULL REFERENCES other_money_rule_kind (name),
    said TEXT NOT NULL, -- as it was typed
    plain TEXT NOT NULL CHECK (length(plain) >= 4), -- as it is compared
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL REFERENCES account (id),
    removed_at TEXT,
    removed_by TEXT REFERENCES account (id)
) STRICT;
CREATE INDEX other_money_rule_by_cooperative_id ON other_money_rule (cooperative_id);
CREATE INDEX money_case_by_bank_event_id ON money_case (bank_event_id);

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('other_money_raw_days', '2026-01-01', '30', 'the market keeps no more of a cooperative''s other business than it needs');
