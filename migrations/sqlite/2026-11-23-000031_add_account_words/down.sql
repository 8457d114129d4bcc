ALTER TABLE bank_account DROP COLUMN virtual_account;
ALTER TABLE bank_account DROP COLUMN memo_prefix;
