-- Who is who: accounts, cooperatives, members, grants, sign-ins, consent.

CREATE TABLE cooperative_kind (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO cooperative_kind (name) VALUES ('cooperative'), ('household'), ('company');

CREATE TABLE cooperative_state (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO cooperative_state (name) VALUES ('awaiting_approval'), ('open'), ('paused'), ('closed');

CREATE TABLE member_role_name (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO member_role_name (name) VALUES ('manager'), ('lister'), ('packer'), ('accountant');

CREATE TABLE grant_kind (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO grant_kind (name) VALUES ('helper'), ('official'), ('operator');

CREATE TABLE sign_in_kind (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO sign_in_kind (name) VALUES ('password'), ('card'), ('code');

CREATE TABLE code_purpose (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO code_purpose (name) VALUES ('sign_in'), ('new_password'), ('consent');

-- Facts about this database itself: whether it is a demonstration, which key sealed it.
CREATE TABLE market_info (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- The tenant: any selling party.
CREATE TABLE cooperative (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL REFERENCES cooperative_kind (name),
    legal_name TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL, -- sort key in Vietnamese order
    tax_code TEXT,
    registration_no TEXT,
    commune_code TEXT NOT NULL,
    address TEXT NOT NULL,
    latitude_e6 BIGINT, -- millionths of a degree
    longitude_e6 BIGINT,
    phone TEXT NOT NULL, -- E.164
    email TEXT,
    about TEXT NOT NULL,
    cover TEXT, -- asset or media key of the picture on top
    state TEXT NOT NULL REFERENCES cooperative_state (name),
    opens_min BIGINT NOT NULL CHECK (opens_min BETWEEN 0 AND 1440), -- minutes since midnight: the hours its clocks run in
    closes_min BIGINT NOT NULL CHECK (closes_min BETWEEN 0 AND 1440),
    confirm_within_min BIGINT NOT NULL CHECK (confirm_within_min BETWEEN 1 AND 10080),
    confirms_first BOOLEAN NOT NULL, -- orders are paid only after the cooperative has said yes
    created_at TIMESTAMP NOT NULL,
    approved_at TIMESTAMP
);

-- A person who signs in, one per phone.
CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL UNIQUE, -- E.164
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    email TEXT,
    password_hash TEXT, -- argon2id PHC string; none: card or code only
    language TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Account x cooperative.
CREATE TABLE member (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    number TEXT NOT NULL, -- the cooperative's own number of the member
    joined_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    UNIQUE (cooperative_id, account_id)
);
CREATE INDEX member_by_account_id ON member (account_id);

CREATE TABLE member_role (
    member_id TEXT NOT NULL REFERENCES member (id),
    role TEXT NOT NULL REFERENCES member_role_name (name),
    PRIMARY KEY (member_id, role)
);

-- Helper, official, operator: with territory and validity.
CREATE TABLE role_grant (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL REFERENCES grant_kind (name),
    territory TEXT NOT NULL, -- commune code, province code as p:33, or * for all
    basis TEXT NOT NULL, -- the paper it rests on: decision number, or the consent
    office TEXT, -- of an official: the authority's name
    valid_from TIMESTAMP NOT NULL,
    valid_until TIMESTAMP,
    revoked_at TIMESTAMP,
    granted_by TEXT REFERENCES account (id)
);
CREATE INDEX role_grant_by_account_id ON role_grant (account_id);

-- A sign-in; the token itself is never stored.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL REFERENCES sign_in_kind (name),
    cooperative_id TEXT REFERENCES cooperative (id), -- the one now worked for
    device TEXT NOT NULL, -- browser and system in a few words, for the person's own list
    made_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX session_by_account_id ON session (account_id);

-- A printed card from the cooperative, single use.
CREATE TABLE sign_in_card (
    id TEXT NOT NULL PRIMARY KEY,
    cooperative_id TEXT NOT NULL REFERENCES cooperative (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    token_hash TEXT NOT NULL UNIQUE,
    made_by TEXT NOT NULL REFERENCES account (id),
    made_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    revoked_at TIMESTAMP
);
CREATE INDEX sign_in_card_by_account_id ON sign_in_card (account_id);

-- Six digits, ten minutes, five tries.
CREATE TABLE sign_in_code (
    id TEXT NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    purpose TEXT NOT NULL REFERENCES code_purpose (name),
    code_hash TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    tries BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 100),
    used_at TIMESTAMP,
    told_by TEXT REFERENCES account (id) -- who read it aloud or handed it over
);
CREATE INDEX sign_in_code_by_phone ON sign_in_code (phone);

-- Failed tries, for limits that do not lock anybody out.
CREATE TABLE sign_in_try (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    subject TEXT NOT NULL, -- keyed hash of phone or address
    at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_try_by_subject_at ON sign_in_try (subject, at);

-- Append-only: who agreed to which text, when, by which way.
CREATE TABLE consent (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT REFERENCES account (id),
    purchase_id TEXT,
    purpose TEXT NOT NULL,
    text_version TEXT NOT NULL,
    channel TEXT NOT NULL,
    given_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP,
    by_account_id TEXT REFERENCES account (id)
);
CREATE INDEX consent_by_account_id ON consent (account_id);
