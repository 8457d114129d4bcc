-- Products with their offers, lots with their owner, stock movements, ways of delivery.

CREATE TABLE base_unit (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO base_unit (name) VALUES ('g'), ('ml'), ('piece');

CREATE TABLE product_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO product_state (name) VALUES ('draft'), ('published'), ('hidden'), ('taken_down');

CREATE TABLE product_category (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO product_category (name) VALUES ('fruit'), ('vegetable'), ('rice_grain'), ('egg_meat'), ('seafood'), ('honey_dried'), ('sauce_spice'), ('cake_gift'), ('tea_herb');

CREATE TABLE tax_treatment (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO tax_treatment (name) VALUES ('not_subject'), ('exempt'), ('rate_0'), ('rate_5'), ('rate_8'), ('rate_10'), ('unset');

CREATE TABLE lot_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO lot_kind (name) VALUES ('harvest'), ('batch'), ('received'), ('transformed'), ('planned');

CREATE TABLE lot_state (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO lot_state (name) VALUES ('open'), ('stopped'), ('closed');

CREATE TABLE movement_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO movement_kind (name) VALUES ('harvest'), ('intake'), ('sale'), ('outside_sale'), ('loss'), ('return'), ('count'), ('transform_in'), ('transform_out');

CREATE TABLE delivery_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO delivery_kind (name) VALUES ('delivery'), ('pickup'), ('coach');

CREATE TABLE picture_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO picture_kind (name) VALUES ('photo'), ('drawing');

CREATE TABLE certificate_kind (name TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO certificate_kind (name) VALUES ('vietgap'), ('globalgap'), ('organic'), ('ocop'), ('food_safety'), ('commitment'), ('self_declaration'), ('geographical_indication'), ('trademark'), ('growing_area'), ('harvest_area'), ('veterinary'), ('test_report');

CREATE TABLE picture (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    kind TEXT NOT NULL REFERENCES picture_kind (name),
    media_key TEXT NOT NULL, -- content hash, or the name of an embedded drawing
    width_px INTEGER NOT NULL CHECK (width_px BETWEEN 1 AND 20000),
    height_px INTEGER NOT NULL CHECK (height_px BETWEEN 1 AND 20000),
    alt TEXT NOT NULL,
    credit TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
CREATE INDEX picture_by_cooperative_id ON picture (cooperative_id);

-- Thửa: ruộng, vườn, ao, bãi.
CREATE TABLE plot (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    member_id TEXT REFERENCES member (id),
    name TEXT NOT NULL,
    commune_code TEXT NOT NULL,
    area_m2 INTEGER CHECK (area_m2 BETWEEN 1 AND 100000000),
    growing_area_code TEXT,
    made_at TEXT NOT NULL
) STRICT;
CREATE INDEX plot_by_cooperative_id ON plot (cooperative_id);

CREATE TABLE product (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    also_called TEXT NOT NULL, -- what people also type, one per line
    category TEXT NOT NULL REFERENCES product_category (name),
    base_unit TEXT NOT NULL REFERENCES base_unit (name),
    description TEXT NOT NULL,
    picture_id TEXT REFERENCES picture (id),
    state TEXT NOT NULL REFERENCES product_state (name),
    state_reason TEXT,
    gtin TEXT,
    keeps_days INTEGER CHECK (keeps_days BETWEEN 0 AND 3650),
    season TEXT, -- month-day ranges, MM-DD/MM-DD, comma between
    next_harvest_day TEXT CHECK (length(next_harvest_day) = 10),
    charged_by_true_weight INTEGER NOT NULL CHECK (charged_by_true_weight IN (0, 1)),
    tolerance_bps INTEGER NOT NULL CHECK (tolerance_bps BETWEEN 0 AND 10000),
    tax_treatment TEXT NOT NULL REFERENCES tax_treatment (name),
    standards TEXT NOT NULL, -- standards and regulations applied, one per line
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX product_by_cooperative_id_state ON product (cooperative_id, state);
CREATE INDEX product_by_category ON product (category);

-- A sale unit, pack or grade of a product.
CREATE TABLE offer (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    product_id TEXT NOT NULL REFERENCES product (id),
    label TEXT NOT NULL,
    unit TEXT NOT NULL, -- the word of the sale unit: kg, túi, mớ, khay …
    base_quantity INTEGER NOT NULL CHECK (base_quantity BETWEEN 1 AND 1000000000), -- base units in one sale unit
    about INTEGER NOT NULL CHECK (about IN (0, 1)), -- the base quantity is «khoảng»
    price_vnd INTEGER NOT NULL CHECK (price_vnd BETWEEN 1 AND 1000000000),
    min_quantity INTEGER NOT NULL CHECK (min_quantity BETWEEN 1 AND 1000000000), -- thousandths of the sale unit
    step_quantity INTEGER NOT NULL CHECK (step_quantity BETWEEN 1 AND 1000000000),
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 1000),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1))
) STRICT;
CREATE INDEX offer_by_product_id ON offer (product_id);

-- A lower price from a quantity on.
CREATE TABLE offer_step (
    offer_id TEXT NOT NULL REFERENCES offer (id),
    from_quantity INTEGER NOT NULL CHECK (from_quantity BETWEEN 1 AND 1000000000), -- thousandths of the sale unit
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    price_vnd INTEGER NOT NULL CHECK (price_vnd BETWEEN 1 AND 1000000000),
    PRIMARY KEY (offer_id, from_quantity)
) STRICT;

CREATE TABLE certificate (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    product_id TEXT REFERENCES product (id), -- none: the whole cooperative
    kind TEXT NOT NULL REFERENCES certificate_kind (name),
    number TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    grade INTEGER, -- OCOP stars
    valid_from TEXT NOT NULL CHECK (length(valid_from) = 10),
    valid_until TEXT CHECK (length(valid_until) = 10),
    suspended_at TEXT
) STRICT;
CREATE INDEX certificate_by_cooperative_id ON certificate (cooperative_id);
CREATE INDEX certificate_by_product_id ON certificate (product_id);

CREATE TABLE lot (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE, -- readable aloud, with a check character
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id), -- who sells it here
    owner_cooperative_id TEXT NOT NULL REFERENCES cooperative (id), -- whose goods they are; another one when a gatherer sells with leave
    product_id TEXT NOT NULL REFERENCES product (id),
    plot_id TEXT REFERENCES plot (id),
    grower_member_id TEXT REFERENCES member (id),
    kind TEXT NOT NULL REFERENCES lot_kind (name),
    made_on TEXT NOT NULL CHECK (length(made_on) = 10), -- harvest, batch or reception day
    best_before TEXT CHECK (length(best_before) = 10),
    place TEXT NOT NULL, -- where, in words
    commune_code TEXT NOT NULL,
    state TEXT NOT NULL REFERENCES lot_state (name),
    state_reason TEXT,
    on_hand INTEGER NOT NULL CHECK (on_hand BETWEEN 0 AND 1000000000000), -- base units; the checked sum of its movements
    held INTEGER NOT NULL CHECK (held BETWEEN 0 AND 1000000000000), -- base units in standing holds
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX lot_by_product_id_state_made_on ON lot (product_id, state, made_on);
CREATE INDEX lot_by_cooperative_id ON lot (cooperative_id);

-- Append-only; a correction is a movement.
CREATE TABLE stock_movement (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    lot_id TEXT NOT NULL REFERENCES lot (id),
    kind TEXT NOT NULL REFERENCES movement_kind (name),
    base_quantity INTEGER NOT NULL, -- signed
    order_id TEXT,
    order_line_id TEXT,
    to_whom TEXT, -- next holder of an outside sale
    reason TEXT,
    by_account_id TEXT REFERENCES account (id),
    corrects TEXT,
    at TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10)
) STRICT;
CREATE INDEX stock_movement_by_lot_id ON stock_movement (lot_id);
CREATE INDEX stock_movement_by_order_id ON stock_movement (order_id);

-- How a cooperative brings its goods, and what that costs.
CREATE TABLE delivery_way (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    kind TEXT NOT NULL REFERENCES delivery_kind (name),
    label TEXT NOT NULL,
    scope TEXT NOT NULL, -- «p:33» a province, «c:11977,11980» communes, «*» the country
    fee_vnd INTEGER NOT NULL CHECK (fee_vnd BETWEEN 0 AND 100000000),
    free_from_vnd INTEGER CHECK (free_from_vnd BETWEEN 0 AND 1000000000),
    minimum_vnd INTEGER NOT NULL CHECK (minimum_vnd BETWEEN 0 AND 1000000000),
    weekdays TEXT NOT NULL, -- of 1234567, Monday is 1
    cutoff_min INTEGER NOT NULL CHECK (cutoff_min BETWEEN 0 AND 1440), -- minutes of the day …
    cutoff_days INTEGER NOT NULL CHECK (cutoff_days BETWEEN 0 AND 30), -- … that many days before
    from_min INTEGER NOT NULL CHECK (from_min BETWEEN 0 AND 1440),
    to_min INTEGER NOT NULL CHECK (to_min BETWEEN 0 AND 1440),
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 1000),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1))
) STRICT;
CREATE INDEX delivery_way_by_cooperative_id ON delivery_way (cooperative_id);

CREATE TABLE pickup_point (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    delivery_way_id TEXT NOT NULL REFERENCES delivery_way (id),
    name TEXT NOT NULL,
    commune_code TEXT NOT NULL,
    address TEXT NOT NULL,
    hours TEXT NOT NULL
) STRICT;
CREATE INDEX pickup_point_by_cooperative_id ON pickup_point (cooperative_id);
