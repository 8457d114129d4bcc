-- A refund that a person paid from the till: no movement of the bank can prove it.
ALTER TABLE refund ADD COLUMN in_cash BOOLEAN NOT NULL DEFAULT FALSE;
