-- A refund that a person paid from the till: no movement of the bank can prove it.
ALTER TABLE refund ADD COLUMN in_cash INTEGER NOT NULL DEFAULT 0 CHECK (in_cash IN (0, 1));
