DELETE FROM setting WHERE name IN ('weight_tolerance_bps', 'small_difference_vnd');
DROP TABLE order_proposal_weight;
DROP TABLE line_weight;
DROP TABLE order_packer;
DROP TABLE packing_act;
