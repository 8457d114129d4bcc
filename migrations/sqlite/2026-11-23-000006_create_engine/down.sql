DROP TABLE setting;
DROP TABLE lease;
DROP TABLE change;
DROP TABLE message;
DROP TABLE outbox;
DROP TABLE message_state;
DROP TABLE outbox_state;
