ALTER TABLE refund DROP COLUMN in_cash;
