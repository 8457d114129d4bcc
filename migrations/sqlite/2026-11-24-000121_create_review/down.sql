DROP TABLE review_sum;
DROP TABLE review_lot;
DROP TABLE review;
DROP TABLE review_state;
