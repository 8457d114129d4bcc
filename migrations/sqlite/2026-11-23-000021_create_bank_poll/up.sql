-- Accounts whose provider can be asked for what its webhooks did not tell.
CREATE TABLE bank_poll (
    bank_account_id TEXT NOT NULL PRIMARY KEY REFERENCES bank_account (id),
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    key_sealed TEXT NOT NULL, -- the key at the provider, encrypted; names its key
    set_at TEXT NOT NULL,
    set_by TEXT REFERENCES account (id),
    asked_at TEXT, -- begun; whoever moves it asks
    swept_on TEXT CHECK (swept_on IS NULL OR length(swept_on) = 10), -- the day of the last look at a whole week
    answered_at TEXT,
    answer TEXT -- ok, or why not
) STRICT;
CREATE INDEX bank_poll_by_cooperative_id ON bank_poll (cooperative_id);
