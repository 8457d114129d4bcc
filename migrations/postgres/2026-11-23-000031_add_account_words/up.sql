-- What a transfer to the account needs beside its number: a word that the bank or the provider wants in the memo, and the virtual
-- number that the code shows instead of the account's own.
ALTER TABLE bank_account ADD COLUMN memo_prefix TEXT CHECK (length(memo_prefix) BETWEEN 1 AND 15);
ALTER TABLE bank_account ADD COLUMN virtual_account TEXT CHECK (length(virtual_account) BETWEEN 1 AND 19);
