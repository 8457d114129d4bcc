ALTER TABLE bank_event DROP COLUMN other_account;
