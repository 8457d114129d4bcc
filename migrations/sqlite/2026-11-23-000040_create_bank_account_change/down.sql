DELETE FROM setting WHERE name = 'account_change_wait_hours';
DROP TABLE holder_check;
DROP INDEX bank_account_in_force;
DROP TABLE bank_account_change;
DROP TABLE account_change_second;
DROP TABLE account_change_state;
UPDATE bank_account SET state = 'retired' WHERE state IN ('pending', 'dropped');
DELETE FROM bank_account_state WHERE name = 'dropped';
