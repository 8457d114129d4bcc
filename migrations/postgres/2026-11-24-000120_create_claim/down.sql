DELETE FROM setting WHERE name IN ('claim_within_h', 'claim_answer_min', 'claim_again_permille', 'claim_photo_h', 'claim_settle_h', 'claim_solve_h');
DROP TABLE claim_step;
DROP TABLE claim_photo;
DROP TABLE claim_lot;
DROP TABLE claim;
DROP TABLE claim_event;
DROP TABLE claim_state;
DROP TABLE claim_kind;
