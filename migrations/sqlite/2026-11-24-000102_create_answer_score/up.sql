-- How cooperatives answered the orders of the last thirty days, as it was counted last.
CREATE TABLE answer_score (
    cooperative_id TEXT NOT NULL PRIMARY KEY REFERENCES cooperative (id),
    orders INTEGER NOT NULL CHECK (orders >= 0), -- answered, or past their promise
    in_time INTEGER NOT NULL CHECK (in_time >= 0),
    median_min INTEGER CHECK (median_min >= 0), -- minutes of its hours; none when more than half were never answered
    counted_at TEXT NOT NULL
) STRICT;
CREATE INDEX sale_order_by_cooperative_id_placed_at ON sale_order (cooperative_id, placed_at);
