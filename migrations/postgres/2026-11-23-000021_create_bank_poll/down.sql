DROP TABLE bank_poll;
