DROP INDEX bank_event_by_bank_account_id_amount_vnd;
DROP TABLE statement;
DROP TABLE bank_balance;
DROP TABLE same_money;
