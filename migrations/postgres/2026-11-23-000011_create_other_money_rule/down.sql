DELETE FROM setting WHERE name = 'other_money_raw_days';
DROP INDEX money_case_by_bank_event_id;
DROP TABLE other_money_rule;
DROP TABLE other_money_rule_kind;
UPDATE bank_event SET state = 'other_money' WHERE state = 'dismissed';
DELETE FROM money_case WHERE reason IN ('other_money', 'small_difference');
DELETE FROM money_case_reason WHERE name IN ('other_money', 'small_difference');
DELETE FROM bank_event_state WHERE name = 'dismissed';
