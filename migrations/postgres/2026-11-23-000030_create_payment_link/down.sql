DROP TABLE payment_link;
DROP TABLE payment_link_state;
DROP TABLE link_key;
