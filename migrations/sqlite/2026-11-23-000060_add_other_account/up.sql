-- One webhook may tell of several accounts of its owner: the number that a message named when it is not the account's own.
ALTER TABLE bank_event ADD COLUMN other_account TEXT;
