-- A period of the books that was closed: what stood then, so that yesterday's report stays yesterday's.
CREATE TABLE books_closing (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    first_day TEXT NOT NULL CHECK (length(first_day) = 10),
    last_day TEXT NOT NULL CHECK (length(last_day) = 10 AND last_day >= first_day),
    at TEXT NOT NULL,
    by_account_id TEXT NOT NULL REFERENCES account (id),
    UNIQUE (cooperative_id, last_day)
) STRICT;

-- What each ledger account moved in it and held at its end.
CREATE TABLE books_closing_line (
    books_closing_id TEXT NOT NULL REFERENCES books_closing (id),
    kind TEXT NOT NULL REFERENCES ledger_kind (name),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    debit_vnd INTEGER NOT NULL CHECK (debit_vnd >= 0),
    credit_vnd INTEGER NOT NULL CHECK (credit_vnd >= 0),
    closing_vnd INTEGER NOT NULL,
    PRIMARY KEY (books_closing_id, kind)
) STRICT;
CREATE INDEX books_closing_line_by_cooperative_id ON books_closing_line (cooperative_id);

-- The account of the cooperative's own chart that a ledger account is written to.
CREATE TABLE chart_code (
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    kind TEXT NOT NULL REFERENCES ledger_kind (name),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 20),
    set_at TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES account (id),
    PRIMARY KEY (cooperative_id, kind)
) STRICT;
