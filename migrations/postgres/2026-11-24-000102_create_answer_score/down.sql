DROP INDEX sale_order_by_cooperative_id_placed_at;
DROP TABLE answer_score;
