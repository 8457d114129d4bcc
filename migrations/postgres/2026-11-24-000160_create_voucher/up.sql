-- Codes of a cooperative that take something off: a percentage of the goods, or what the delivery costs. What an order took is kept with
-- the terms it was taken at: changed or stopped afterwards, the code alters no order.
CREATE TABLE voucher_kind (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO voucher_kind (name) VALUES ('percent'), ('free_shipping');

CREATE TABLE voucher (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    code TEXT NOT NULL, -- capital letters and digits
    kind TEXT NOT NULL REFERENCES voucher_kind (name),
    percent_bps BIGINT NOT NULL CHECK (percent_bps BETWEEN 0 AND 10000),
    most_off_vnd BIGINT NOT NULL CHECK (most_off_vnd >= 0), -- 0: no bound
    least_goods_vnd BIGINT NOT NULL CHECK (least_goods_vnd >= 0),
    from_day TEXT NOT NULL CHECK (length(from_day) = 10),
    to_day TEXT NOT NULL CHECK (length(to_day) = 10),
    uses_most BIGINT NOT NULL CHECK (uses_most >= 0), -- orders; 0: no bound
    phone_most BIGINT NOT NULL CHECK (phone_most >= 0), -- orders of one number; 0: no bound
    made_by TEXT NOT NULL REFERENCES account (id),
    made_at TIMESTAMP NOT NULL,
    stopped_by TEXT REFERENCES account (id),
    stopped_at TIMESTAMP,
    CHECK (from_day <= to_day),
    CHECK ((stopped_at IS NULL) = (stopped_by IS NULL))
);
CREATE UNIQUE INDEX voucher_by_cooperative_id_code ON voucher (cooperative_id, code);

CREATE TABLE order_voucher (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES sale_order (id),
    voucher_id TEXT NOT NULL REFERENCES voucher (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    percent_bps BIGINT NOT NULL CHECK (percent_bps BETWEEN 0 AND 10000),
    most_off_vnd BIGINT NOT NULL CHECK (most_off_vnd >= 0),
    gross_vnd BIGINT NOT NULL CHECK (gross_vnd >= 0), -- of the goods, before it
    off_vnd BIGINT NOT NULL CHECK (off_vnd >= 0), -- of the goods
    shipping_off_vnd BIGINT NOT NULL CHECK (shipping_off_vnd >= 0),
    at TIMESTAMP NOT NULL,
    CHECK (off_vnd <= gross_vnd)
);
CREATE INDEX order_voucher_by_voucher_id ON order_voucher (voucher_id);
