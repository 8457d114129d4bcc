DELETE FROM setting WHERE name = 'refund_within_h' OR name LIKE 'refund_second_from_vnd:%';
DROP TABLE refund;
DROP TABLE refund_state;
