-- Money owed back to a buyer, from the moment the books owe it until it has gone.

CREATE TABLE refund_state (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO refund_state (name) VALUES ('asked_account'), ('waits_for_goods'), ('ready'), ('approved'), ('sent'), ('closed'), ('kept'), ('void'), ('undone'), ('moved');

CREATE TABLE refund (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    order_id TEXT NOT NULL REFERENCES sale_order (id),
    amount_vnd BIGINT NOT NULL CHECK (amount_vnd BETWEEN 1 AND 1000000000000000),
    state TEXT NOT NULL REFERENCES refund_state (name),
    bin TEXT,
    account_number TEXT,
    holder_name TEXT,
    account_from_event TEXT REFERENCES bank_event (id), -- the buyer took the account that the money had come from
    account_at TIMESTAMP,
    asked_by TEXT REFERENCES account (id), -- who asked for a second person
    approver TEXT REFERENCES account (id), -- who was asked, by link
    link_hash TEXT, -- of the token in that link
    link_until TIMESTAMP,
    approved_by TEXT REFERENCES account (id),
    approved_at TIMESTAMP,
    sent_by TEXT REFERENCES account (id), -- who said that it was sent
    sent_at TIMESTAMP,
    closed_by_event TEXT REFERENCES bank_event (id), -- the movement that proves it
    moved_to TEXT REFERENCES sale_order (id), -- the order that was paid with it instead
    made_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX refund_by_order_id ON refund (order_id);
CREATE INDEX refund_by_cooperative_id_state ON refund (cooperative_id, state);
-- An outgoing movement without our words is known by account and sum.
CREATE INDEX refund_by_account_number ON refund (account_number) WHERE account_number IS NOT NULL;
-- An order has one refund under way at most.
CREATE UNIQUE INDEX refund_under_way ON refund (order_id) WHERE state IN ('asked_account', 'waits_for_goods', 'ready', 'approved');

-- What is owed already. The order's id serves as the row's: no order has two here.
INSERT INTO refund (id, cooperative_id, order_id, amount_vnd, state, made_at)
SELECT posting.order_id, posting.cooperative_id, posting.order_id, -SUM(posting.amount_vnd),
    CASE
        WHEN EXISTS (SELECT 1 FROM money_case WHERE money_case.order_id = posting.order_id AND money_case.state = 'open') THEN 'asked_account'
        WHEN EXISTS (SELECT 1 FROM money_case WHERE money_case.order_id = posting.order_id AND money_case.resolution = 'seen') THEN 'kept'
        ELSE 'asked_account'
    END,
    MAX(journal.at)
FROM posting JOIN journal ON journal.id = posting.journal_id
WHERE posting.kind = 'refunds_due' AND posting.order_id IS NOT NULL
GROUP BY posting.order_id, posting.cooperative_id
HAVING SUM(posting.amount_vnd) < 0;

INSERT INTO setting (name, valid_from, value, basis) VALUES
    ('refund_within_h', '2026-01-01', '24', 'the market''s rule: money owed back goes within a day of knowing where to');
