DROP TABLE carrier_cash;
DROP TABLE cash_hand_over;
DROP TABLE cash_hand_over_state;
DROP TABLE order_carrier;
-- What was in hands or missing stands in the till again: journals still add up to nothing.
UPDATE posting SET
    ledger_account_id = (
        SELECT till.id FROM ledger_account AS till
        WHERE till.cooperative_id = posting.cooperative_id AND till.kind = 'cash'
    ),
    kind = 'cash'
WHERE kind IN ('cash_with_carrier', 'cash_difference');
UPDATE journal SET kind = 'correction' WHERE kind = 'cash_hand_over';
DELETE FROM ledger_account WHERE kind IN ('cash_with_carrier', 'cash_difference');
DELETE FROM journal_kind WHERE name = 'cash_hand_over';
DELETE FROM ledger_kind WHERE name IN ('cash_with_carrier', 'cash_difference');
