-- Links that act without a sign-in, how far the clock of an order's answer has gone, and what a cooperative proposes instead.

CREATE TABLE act_link (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    account_id TEXT NOT NULL REFERENCES account (id), -- the member for whom it acts
    acts TEXT NOT NULL, -- what it opens
    token_hash TEXT NOT NULL, -- keyed; the token itself stands nowhere
    until TIMESTAMP NOT NULL,
    made_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP -- a final act was done by it
);
CREATE INDEX act_link_by_order_id ON act_link (order_id);

-- Stages of the clock that are done; what is due next, none when nothing is.
ALTER TABLE sale_order ADD COLUMN answer_stage BIGINT NOT NULL DEFAULT 0 CHECK (answer_stage BETWEEN 0 AND 9);
ALTER TABLE sale_order ADD COLUMN answer_due_at TIMESTAMP;
UPDATE sale_order SET answer_due_at = confirm_by WHERE state = 'placed';
CREATE INDEX sale_order_by_answer_due_at ON sale_order (answer_due_at) WHERE answer_due_at IS NOT NULL;

-- Orders whose lines are all lots in stock are accepted at once.
ALTER TABLE cooperative ADD COLUMN accepts_stock BOOLEAN NOT NULL DEFAULT FALSE;

-- Words that were no longer needed before anybody had passed them on.
INSERT INTO message_state (name) VALUES ('dropped');

CREATE TABLE proposal_state (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO proposal_state (name) VALUES ('open'), ('agreed'), ('void');

CREATE TABLE order_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    by_account_id TEXT NOT NULL REFERENCES account (id),
    state TEXT NOT NULL REFERENCES proposal_state (name),
    deliver_on TEXT CHECK (length(deliver_on) = 10), -- another day; none: the day stays
    made_at TIMESTAMP NOT NULL,
    until TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
-- A buyer is asked one thing at a time.
CREATE UNIQUE INDEX order_proposal_open ON order_proposal (order_id) WHERE state = 'open';
CREATE INDEX order_proposal_by_order_id ON order_proposal (order_id);

CREATE TABLE order_proposal_line (
    order_proposal_id TEXT NOT NULL REFERENCES order_proposal (id),
    order_line_id TEXT NOT NULL REFERENCES order_line (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    quantity BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000000), -- thousandths of the sale unit
    PRIMARY KEY (order_proposal_id, order_line_id)
);

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('answer_again_permille', '2026-01-01', '333', 'the market''s rule: after a third of the promised time the same person is asked again'),
    ('answer_next_permille', '2026-01-01', '667', 'the market''s rule: after two thirds the others who answer for the cooperative are asked'),
    ('answer_call_permille', '2026-01-01', '833', 'the market''s rule: then somebody of the cooperative calls'),
    ('answer_help_permille', '2026-01-01', '1000', 'the market''s rule: when the promise is over, the helper of the commune and the operator call'),
    ('answer_grace_min', '2026-01-01', '60', 'the market''s rule: an hour of the cooperative''s own hours after its promise the order is declined'),
    ('proposal_within_min', '2026-01-01', '720', 'the market''s rule: a buyer has so long to agree to a change');
